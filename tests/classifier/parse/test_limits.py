"""Hostile and impossible files: bombs, passwords, pipes, files that are not there."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from classifier.core.document import Where
from classifier.core.settings import Limits
from classifier.parse import read, read_text

PARAGRAPH = "<w:p><w:r><w:t>正文</w:t></w:r></w:p>"


def test_a_part_that_swells_is_a_bomb(docx, read_bytes, codes):
    bomb = docx(PARAGRAPH, {"word/header1.xml": " " * 30_000_000})
    assert len(bomb) < 100_000
    assert "bomb" in codes(read_bytes(bomb))


def test_a_package_over_the_unpacked_limit_is_a_bomb(docx, read_bytes, codes):
    assert "bomb" in codes(read_bytes(docx(PARAGRAPH * 500), limits=Limits(unpacked=10_000)))


def test_too_many_members_are_a_bomb(docx, read_bytes, codes):
    parts = {f"word/x{n}.xml": "<x/>" for n in range(50)}
    assert codes(read_bytes(docx(PARAGRAPH, parts), limits=Limits(members=20))) == {"bomb"}


def test_a_dense_but_small_part_is_no_bomb(docx, read_bytes):
    """Ten thousand equal paragraphs squeeze 300 times and are still a paper."""
    assert read_bytes(docx(PARAGRAPH * 10_000)).problems == ()


def test_entity_bombs_are_not_expanded(docx, read_bytes, codes):
    lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w:hdr NS><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:hdr>'
    document = read_bytes(docx(PARAGRAPH, {"word/header1.xml": lol}))
    assert "part_unread" in codes(document)
    assert "aaaa" not in document.text.replace("a.docx", "")


def test_an_office_file_under_a_password_says_so(read_bytes, codes):
    sealed = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    assert codes(read_bytes(sealed)) == {"encrypted"}


def test_a_member_under_a_password_says_so(docx, read_bytes, codes):
    data = bytearray(docx(PARAGRAPH))
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    assert "encrypted" in codes(read_bytes(bytes(data)))


def test_two_members_of_one_name_are_both_read_and_reported(docx, read_bytes, codes):
    """Readers disagree which of two equal names counts; neither may hide."""
    out = io.BytesIO(docx(PARAGRAPH))
    with pytest.warns(UserWarning), zipfile.ZipFile(out, "a") as package:
        package.writestr("word/document.xml", package.read("word/document.xml").replace("正文".encode(), "另文".encode()))
    document = read_bytes(out.getvalue())
    assert "damaged" in codes(document)
    assert "正文" in document.text
    assert "另文" in document.text


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)),
        b"\x7fELF" + bytes(600),
    ],
)
def test_unknown_formats_are_unsupported(data, read_bytes, codes):
    for name in ("a.bin", "a.txt", "a"):
        document = read_bytes(data, name)
        assert codes(document) == {"unsupported"}
        assert document.format == "unknown"


def test_a_spreadsheet_is_not_taken_for_a_paper(read_bytes, codes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    document = read_bytes(out.getvalue(), "a.docx")
    assert document.format == "xlsx"
    assert "mismatch" in codes(document)


def test_a_missing_file_is_not_found(tmp_path, codes):
    assert codes(read(tmp_path / "无.docx", Limits())) == {"not_found"}
    assert codes(read(tmp_path / "无" / "无.docx", Limits())) == {"not_found"}
    assert codes(read(Path("a\0b"), Limits())) == {"not_found"}


def test_a_folder_or_pipe_is_not_opened(tmp_path, codes):
    os.mkfifo(tmp_path / "pipe.txt")
    assert codes(read(tmp_path, Limits())) == {"unsupported"}
    assert codes(read(tmp_path / "pipe.txt", Limits())) == {"unsupported"}


def test_a_forbidden_file_says_so(tmp_path, codes, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("x")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "no", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert codes(read(path, Limits())) == {"no_permission"}


def test_a_disk_error_says_damaged(tmp_path, codes, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("x")

    def fail(*_args, **_kwargs):
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr(Path, "open", fail)
    assert codes(read(path, Limits())) == {"damaged"}


def test_blank_files_have_no_text(read_bytes, codes, docx):
    assert codes(read_bytes(b" \n\t ", "a.txt")) == {"no_text"}
    assert codes(read_bytes(docx("<w:p/>"), "a.docx")) == {"no_text"}
    assert codes(read_bytes(b"<html><body> </body></html>", "a.html")) == {"no_text"}


def test_a_file_name_in_gbk_bytes_is_readable(tmp_path):
    raw = os.fsencode(tmp_path) + b"/" + "机密.txt".encode("gb18030")
    try:
        Path(os.fsdecode(raw)).write_text("x")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    document = read(Path(os.fsdecode(raw)), Limits())
    assert document.name == "机密.txt"
    assert document.text == "x\n机密.txt"


def test_plain_strings_keep_their_offsets():
    """Spans found in the given string hold in the Document."""
    text = "  甲\n\n乙\t丙\n"
    document = read_text(text)
    assert document.text == text
    assert [text[b.span.start : b.span.end] for b in document.blocks] == ["  甲", "乙\t丙"]
    assert read_text("甲", "密.txt").text == "甲\n密.txt"
    assert read_text("甲", "密.txt").blocks[-1].where is Where.NAME
    assert [p.code for p in read_text("").problems] == ["empty"]
    assert [p.code for p in read_text(" \n").problems] == ["no_text"]
