"""Binary slide shows: every place words can be, and broken files. The files are written here."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.core.document import Where
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import read
from classifier.parse.olebox_writer import pack

WORDS = "信访工作培训，联系电话13800138000。"


def record(kind: int, data: bytes = b"", instance: int = 0, container: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (15 if container else 0), kind, len(data)) + data


def box(kind: int, *inner: bytes, instance: int = 0) -> bytes:
    return record(kind, b"".join(inner), instance, container=True)


def chars(text: str) -> bytes:
    return record(4000, text.encode("utf-16-le"))


def string(text: str, instance: int = 0) -> bytes:
    return record(4026, text.encode("utf-16-le"), instance)


def drawn(*texts: bytes) -> bytes:
    return box(1036, box(0xF002, *(box(0xF004, record(0xF00D, text)) for text in texts)))


def ppt(
    slides=(WORDS,), *, hidden=(), drawings=None, notes=None, document=b"", old=b"", extra=(), streams=None, seal=False
) -> bytes:
    """A .ppt: outline texts of the slides, what is drawn on them and spoken to them (by number from 0), more of the document."""
    drawings, notes = drawings or {}, notes or {}
    objects: list[bytes] = []
    listing, noted = b"", b""
    for n, text in enumerate(slides):
        listing += record(1011, struct.pack("<IIIII", 2 + n, 0, 1, 256 + n, 0)) + record(3999, bytes(4)) + chars(text)
        atom = record(1007, bytes(12) + struct.pack("<III", 0x80000000, 300 + n if n in notes else 0, 0))
        show = record(1017, bytes(10) + bytes([4 if n in hidden else 0, 0]) + bytes(4))
        objects.append(box(1006, atom, show, drawings.get(n, b"")))
    for n, text in notes.items():
        noted += record(1011, struct.pack("<IIIII", 2 + len(objects), 0, 0, 300 + n, 0))
        objects.append(box(1008, record(1009, struct.pack("<II", 256 + n, 0)), drawn(chars(text))))
    objects += extra
    first = box(1000, document, box(4080, listing, instance=0), box(4080, noted, instance=2))
    data, places = old, []
    for item in (first, *objects):
        places.append(len(data))
        data += item
    directory = len(data)
    data += record(6002, struct.pack(f"<I{len(places)}I", len(places) << 20 | 1, *places))
    edit = len(data)
    data += record(4085, struct.pack("<IIIIIII", 256, 0x03000000, 0, directory, 1, 9, 0))
    user = record(4086, struct.pack("<III", 20, 0xF3D1C4DF if seal else 0xE391C05F, edit) + bytes(8))
    return pack({"PowerPoint Document": data, "Current User": user} | (streams or {}))


OLE_DOC = pack({"\x01Ole10Native": struct.pack("<I", 3) + b"\0\0\0", "x": bytes(900)})
PLACES = {
    "outline": (lambda: ppt(), WORDS, (Where.BODY, None)),
    "shape": (lambda: ppt(drawings={0: drawn(chars("图形里的字"))}), "图形里的字", (Where.BODY, None)),
    "byte text": (lambda: ppt(drawings={0: drawn(record(4008, b"plain words"))}), "plain words", (Where.BODY, None)),
    "hidden slide": (lambda: ppt((WORDS, "内部数字"), hidden={1}), "内部数字", (Where.HIDDEN, "hidden_slide")),
    "notes": (lambda: ppt(notes={0: "口头说明"}), "口头说明", (Where.NOTE, "speaker_notes")),
    "comment": (
        lambda: ppt(drawings={0: box(12000, string("李处", 0), string("这页撤下", 1))}),
        "这页撤下",
        (Where.COMMENT, "comment"),
    ),
    "comment author": (
        lambda: ppt(drawings={0: box(12000, string("李处", 0), string("这页撤下", 1))}),
        "李处",
        (Where.COMMENT, "comment"),
    ),
    "footer": (lambda: ppt(document=box(4057, string("某局内部", 2))), "某局内部", (Where.FOOTER, None)),
    "header": (lambda: ppt(document=box(4057, string("某局页眉", 1))), "某局页眉", (Where.HEADER, None)),
    "link": (
        lambda: ppt(document=box(1033, box(4055, string("名", 0), string("http://10.1.2.3/oa", 1)))),
        "http://10.1.2.3/oa",
        (Where.PROPERTY, "external_link"),
    ),
    "master": (lambda: ppt(extra=(box(1016, drawn(chars("机密★一年"))),)), "机密★一年", (Where.HEADER, None)),
    "old version": (lambda: ppt(old=box(1006, drawn(chars("上一版的名单")))), "上一版的名单", (Where.HIDDEN, "old_revision")),
}


def check(document) -> None:
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        end = block.span.end
    assert all(problem.code in PROBLEMS for problem in document.problems)
    assert "\r" not in document.text
    assert "\0" not in document.text


@pytest.fixture
def opened(read_bytes):
    def go(data: bytes, name: str = "a.ppt"):
        document = read_bytes(data, name)
        check(document)
        return document

    return go


@pytest.mark.parametrize("name", PLACES)
def test_words_in_every_place_are_found_and_named(name, opened):
    """Each of these places of a .ppt is read, with where it was and how it was out of sight."""
    make, words, place = PLACES[name]
    document = opened(make())
    block = document.block_at(document.text.index(words))
    assert (block.where, block.origin) == place
    assert document.problems == ()


def test_slides_have_pages_in_order(opened):
    """Two slides: page numbers from 1, both on the receipt."""
    document = opened(ppt(("第一", "第二")), "文件.dps")
    assert document.text == "第一\n第二\n文件.dps"
    assert [block.page for block in document.blocks] == [1, 2, None]
    assert (document.pages, document.format) == (2, "ppt")
    assert [(t.kind, t.found, t.read) for t in document.receipt.tallies] == [("slides", 2, 2)]


def test_prompts_of_a_master_are_not_words(opened):
    """ "Click to edit" stands on no slide."""
    document = opened(ppt(extra=(box(1016, drawn(chars("单击此处编辑母版标题样式"))),)))
    assert "母版" not in document.text


def test_an_embedded_object_is_read(opened):
    """A deflated container in the stream becomes a child."""
    raw = WORDS.encode()
    data = struct.pack("<I", len(raw)) + zlib.compress(raw)
    (child,) = opened(ppt(extra=(record(4113, data, instance=1),))).children
    assert WORDS in child.text


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: ppt(seal=True), "encrypted"),
        (lambda: ppt(document=box(1023, record(1024, struct.pack("<III", 5, 1, 2), 0))), "macro"),
        (lambda: ppt(extra=(record(4113, struct.pack("<I", 1 << 31) + zlib.compress(b"x"), instance=1),)), "bomb"),
        (lambda: pack({"PowerPoint Document": b"", "Current User": b"x" * 2000}), "damaged"),
        (lambda: pack({"PP40": b"x" * 2000}), "unsupported"),
    ],
)
def test_what_is_not_read_is_said(make, code, opened):
    """Passwords, macros, swollen objects, lost streams, PowerPoint 95."""
    assert code in {problem.code for problem in opened(make()).problems}


@pytest.mark.parametrize("tenths", range(10))
def test_a_cut_file_never_passes_as_whole(tenths, opened):
    """A container cut at any tenth has a problem."""
    whole = ppt((WORDS,) * 30, notes={0: WORDS})
    assert opened(whole[: len(whole) * tenths // 10]).problems


def test_flipped_bits_never_raise(tmp_path):
    path, whole = tmp_path / "a.ppt", ppt(notes={0: "说明"}, old=box(1006, drawn(chars("旧"))))
    for step in range(60):
        data = bytearray(whole)
        data[len(data) * step // 60] ^= 1 << step % 8
        path.write_bytes(data)
        check(read(path, Limits()))


def test_changed_copies_never_raise(tmp_path_factory):
    """Hypothesis cuts, overwrites and repeats stretches."""
    whole = ppt((WORDS, WORDS), notes={0: "说明"}, document=box(4057, string("页脚", 2)))
    path = tmp_path_factory.mktemp("changed") / "a.ppt"
    edits = st.lists(st.tuples(st.integers(0, len(whole)), st.integers(0, 40), st.binary(max_size=30)), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(edits)
    def go(changes):
        data = whole
        for place, cut, put in changes:
            data = data[:place] + put + data[place + cut :]
        path.write_bytes(data)
        check(read(path, Limits()))

    go()


def test_deep_records_end(opened):
    """A thousand boxes in each other cost neither the stack nor the file."""
    deep = b""
    for _ in range(1000):
        deep = box(1036, deep)
    assert WORDS in opened(ppt(drawings={0: deep})).text
