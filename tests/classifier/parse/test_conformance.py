"""What every format must keep: no exception for any bytes, spans in order and inside the text, the same text for the same bytes."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import FORMATS, read
from tests.classifier.parse.test_sheet_conformance import SAMPLES as SHEETS

WORDS = "关于做好信访工作的通知，联系电话13800138000。"
FORMS = ("docx", "pdf", "html", "csv", "md", "txt", "pptx", "odt", "odp", "ods", "rtf", *SHEETS)

OPEN = ("pptx", "odt", "odp", "ods", "rtf")


@pytest.fixture(scope="session")
def sample(docx, pdf, open_samples):
    """One sound file of each format, all with the same words."""

    @functools.cache
    def make(form: str) -> bytes:
        paragraph = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
        header = f"<w:hdr NS>{paragraph}</w:hdr>"
        if form in SHEETS:
            return SHEETS[form]
        if form in OPEN:
            return open_samples(form, WORDS)
        return {
            "docx": lambda: docx(paragraph * 30, {"word/header1.xml": header}),
            "pdf": lambda: pdf([WORDS] * 10, [WORDS] * 10, title="题目", header="页眉", numbers=True),
            "html": lambda: (
                f"<html><head><title>题</title></head><body><p>{WORDS}</p><table><tr><td>a</td></tr></table></body></html>".encode()
            ),
            "csv": lambda: f"姓名,电话\n张三,{WORDS}\n".encode("gb18030"),
            "md": lambda: f"# 题\n\n{WORDS}\n".encode(),
            "txt": lambda: f"{WORDS}\n\n{WORDS}\n".encode("gb18030"),
        }[form]()

    return make


def check(document) -> None:
    """The promises of a Document."""
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        end = block.span.end
    assert all(problem.code in PROBLEMS for problem in document.problems)
    assert "\r" not in document.text
    assert "\0" not in document.text
    document.text.encode("utf-8")


OWN_SUITES = {
    "ofd": "test_ofd.py",
    "image": "test_picture.py",
    "doc": "test_oldword.py",
    "ppt": "test_oldslides.py",
    "wordml": "test_oldword_xml.py",
    **dict.fromkeys(("eml", "mhtml", "msg"), "test_mail.py"),
    **dict.fromkeys(("zip", "tar", "gz", "bz2", "xz", "7z", "rar"), "test_archive.py"),
}
"""Formats whose samples need a writer of their own: the same claims stand in these files."""


def test_every_format_of_the_room_has_a_conformance_suite():
    """A new format does not land without one."""
    assert {form.name for form in FORMATS} == set(FORMS) | set(OWN_SUITES)
    assert all((Path(__file__).parent / suite).is_file() for suite in OWN_SUITES.values())


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_file_is_read_in_full(form, sample, read_bytes):
    document = read_bytes(sample(form), f"文件.{form}")
    check(document)
    assert document.format == form
    assert document.problems == ()
    assert WORDS in document.text
    assert document.text.endswith(f"文件.{form}")
    assert document.blocks[-1].where.value == "name"


@pytest.mark.parametrize("form", FORMS)
def test_the_same_bytes_give_the_same_document(form, sample, read_bytes):
    assert read_bytes(sample(form), f"a.{form}") == read_bytes(sample(form), f"a.{form}")


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_file_says_so(form, read_bytes, codes):
    document = read_bytes(b"", f"a.{form}")
    check(document)
    assert codes(document) == {"empty"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_cut_file_never_passes_as_whole(form, tenths, sample, read_bytes):
    """A cut docx or PDF always has a Problem; a cut text is a shorter text."""
    whole = sample(form)
    document = read_bytes(whole[: len(whole) * tenths // 10], f"a.{form}")
    check(document)
    if form in ("docx", "pdf", *OPEN, *SHEETS):
        assert document.problems


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_extension_is_read_by_content_and_reported(form, sample, read_bytes, codes):
    wrong = "a.pdf" if form != "pdf" else "a.docx"
    document = read_bytes(sample(form), wrong)
    check(document)
    assert document.format == (form if form in ("docx", "pdf", "html", *OPEN, *SHEETS) else "txt")
    assert codes(document) == {"mismatch"}
    assert "13800138000" in document.text


@pytest.mark.parametrize("form", FORMS)
def test_an_upper_case_extension_is_no_mismatch(form, sample, read_bytes):
    assert read_bytes(sample(form), f"A.{form.upper()}").problems == ()


@pytest.mark.parametrize("form", FORMS)
def test_flipped_bits_never_raise(form, sample, tmp_path):
    whole = sample(form)
    path = tmp_path / f"a.{form}"
    for step in range(24):
        data = bytearray(whole)
        place = len(data) * step // 24
        data[place] ^= 1 << (step % 8)
        path.write_bytes(data)
        check(read(path, Limits()))


@pytest.mark.parametrize("form", FORMS)
def test_changed_copies_never_raise(form, sample, tmp_path_factory):
    """Hypothesis cuts, overwrites and repeats stretches of a sound file."""
    whole = sample(form)
    path = tmp_path_factory.mktemp("changed") / f"a.{form}"
    changes = st.lists(st.tuples(st.integers(0, len(whole)), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def go(edits):
        data = whole
        for place, cut, put in edits:
            data = data[:place] + put + data[place + cut :]
        path.write_bytes(data)
        check(read(path, Limits()))

    go()


def test_changed_xml_in_a_sound_package_never_raises(docx, tmp_path_factory):
    """The zip and its checksums hold; what is inside has been tampered with."""
    cell = "<w:tbl><w:tr><w:tc><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>甲</w:t><w:sym w:char='F0AB'/></w:r></w:p></w:tc></w:tr></w:tbl>"
    body = cell + f"<w:p><w:ins w:author='A'><w:r><w:t>{WORDS}</w:t></w:r></w:ins><w:fldSimple w:instr='PAGE'/></w:p>"
    path = tmp_path_factory.mktemp("xml") / "a.docx"
    pieces = [
        "<w:p>",
        "</w:p>",
        "<w:tc>",
        "<w:tr>",
        "<w:r>",
        "<!--",
        "&amp;",
        "w:val='9'",
        "<w:txbxContent>",
        "<mc:AlternateContent>",
        "x",
        "",
    ]

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(0, len(body)), st.integers(0, 30), st.sampled_from(pieces)), min_size=1, max_size=5))
    def go(edits):
        inner = body
        for place, cut, put in edits:
            inner = inner[:place] + put + inner[place + cut :]
        path.write_bytes(docx(inner))
        check(read(path, Limits()))

    go()


@pytest.mark.parametrize("form", FORMS)
def test_any_bytes_under_any_name_never_raise(form, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / f"a.{form}"

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html>", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
        st.binary(max_size=300),
    )
    def go(head, rest):
        path.write_bytes(head + rest)
        check(read(path, Limits()))

    go()


@pytest.mark.parametrize("form", FORMS)
def test_the_limit_of_characters_cuts_and_says_so(form, sample, read_bytes, codes):
    document = read_bytes(sample(form), f"a.{form}", Limits(chars=10))
    check(document)
    assert "too_long" in codes(document)
    assert len(document.text) <= 10 + 1 + len(f"a.{form}")


@pytest.mark.parametrize("form", FORMS)
def test_the_limit_of_bytes_reads_nothing(form, sample, read_bytes, codes):
    document = read_bytes(sample(form), f"a.{form}", Limits(bytes=5))
    assert codes(document) == {"too_large"}
    assert document.sha256 == ""


def test_the_door_is_light():
    """Importing the room loads neither lxml nor pypdfium2 nor zipfile."""
    code = "import sys, classifier.parse; print([m for m in ('lxml', 'pypdfium2', 'csv', 'numpy') if m in sys.modules])"
    root = Path(__file__).parents[3]
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert out.stdout.strip() == "[]"
