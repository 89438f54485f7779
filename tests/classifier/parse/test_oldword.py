"""Binary Word files: every place a paper can keep words in, and every way such a file can be broken. The files are written here."""

from __future__ import annotations

import csv
import json
import os
import struct
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.core.document import Cell, Where
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import read
from classifier.parse.olebox_writer import pack

STORIES = ("main", "notes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")
FIRST = 0x400
VANISH, DELETED, INSERTED = b"\x3c\x08\x01", b"\x00\x08\x01", b"\x01\x08\x01"
WHITE, TINY = b"\x70\x68\xff\xff\xff\x00", b"\x43\x4a\x04\x00"
HIGHLIGHT = b"\x0c\x2a\x07"
IN_TABLE, ROW_END = b"\x16\x24\x01", b"\x16\x24\x01\x17\x24\x01"
WORDS = "关于做好信访工作的通知，联系电话13800138000。"


def xst(text: str) -> bytes:
    return struct.pack("<H", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def sttb(*texts: str, extra: int = 0) -> bytes:
    return struct.pack("<HHH", 0xFFFF, len(texts), extra) + b"".join(xst(text) + bytes(extra) for text in texts)


def page(edges: list[int], codes: list[bytes], item: int) -> bytes:
    """A formatting page; item is the bytes an entry has beside its place (0 for characters, 12 for paragraphs)."""
    out, top = bytearray(512), 510
    out[511] = len(codes)
    out[: 4 * len(edges)] = struct.pack(f"<{len(edges)}I", *edges)
    for n, code in enumerate(codes):
        if code:
            entry = bytes([len(code)]) + code if not item else bytes([0, -(-(2 + len(code)) // 2)]) + bytes(2) + code
            top = (top - len(entry)) & ~1
            out[top : top + len(entry)] = entry
            out[4 * len(edges) + n * (1 + item)] = top // 2
    return bytes(out)


def doc(
    main="",
    *,
    looks=(),
    paragraphs=(),
    tables=None,
    narrow=False,
    gap=b"",
    flags=0,
    streams=None,
    version=0xC1,
    change=0,
    **stories,
):
    """A .doc: `looks` are (words, property changes) of characters, `paragraphs` (character number of the end, changes)."""
    texts = {name: stories.get(name, "") for name in STORIES} | {"main": main + "\r"}
    text = "".join(texts.values())
    size = 1 if narrow else 2
    raw = text.encode("cp1252") if narrow else text.encode("utf-16-le")
    count = len(raw) // size
    body = bytes(FIRST) + raw + gap
    body += bytes(-len(body) % 512)
    cuts = sorted({0, count, *(at for words, _ in looks for at in (text.index(words), text.index(words) + len(words)))})
    codes = [
        next((code for words, code in looks if text.index(words) <= a < text.index(words) + len(words)), b"") for a in cuts[:-1]
    ]
    ends = sorted(paragraphs)
    edges, kinds = [0], []
    for end, code in ends:
        if edges[-1] < end:
            edges, kinds = [*edges, end], [*kinds, b""]
        edges, kinds = [*edges, end + 1], [*kinds, code]
    edges, kinds = [*edges, count], [*kinds, b""]
    first_page = len(body) // 512
    body += page([FIRST + size * at for at in cuts], codes, 0) + page([FIRST + size * at for at in edges], kinds, 12)
    place = FIRST * 2 | 0x40000000 if narrow else FIRST
    pieces = struct.pack("<II", 0, count) + struct.pack("<HIH", 0, place, change)
    bins = {12: (FIRST, first_page), 13: (FIRST, first_page + 1)}
    parts = {33: b"\x02" + struct.pack("<I", len(pieces)) + pieces}
    parts |= {n: struct.pack("<III", at, FIRST + len(raw), where) for n, (at, where) in bins.items()} | (tables or {})
    table, head = b"\0\0", bytearray(FIRST)
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, version, 0, 0x804, 0, 0x1200 | flags)
    struct.pack_into("<II", head, 0x18, FIRST, FIRST + len(raw))
    head[0x20:0x22], head[0x3E:0x40], head[0x98:0x9A] = b"\x0e\0", b"\x16\0", b"\x6c\0"
    struct.pack_into("<8i", head, 0x4C, *(len(texts[name]) for name in STORIES))
    for number, data in parts.items():
        struct.pack_into("<II", head, 0x9A + 8 * number, len(table), len(data))
        table += data
    # the old property streams and objects come from the caller
    return pack({"WordDocument": bytes(head) + body[FIRST:], "1Table": table} | (streams or {}))


def plc(*positions: int, data: bytes = b"") -> bytes:
    return struct.pack(f"<{len(positions)}I", *positions) + data


def properties(*values: tuple[int, str], custom: dict[str, str] | None = None) -> bytes:
    """A property stream in GBK, with a section of custom properties when asked for."""

    def section(pairs: list[tuple[int, bytes]]) -> bytes:
        at, index, data = 8 + 8 * len(pairs), b"", b""
        for identity, value in pairs:
            index += struct.pack("<II", identity, at + len(data))
            data += value + bytes(-len(value) % 4)
        return struct.pack("<II", at + len(data), len(pairs)) + index + data

    def string(text: str) -> bytes:
        raw = text.encode("gbk") + b"\0"
        return struct.pack("<II", 0x1E, len(raw)) + raw

    page_number = (1, struct.pack("<II", 2, 936))
    sections = [section([page_number, *((n, string(text)) for n, text in values)])]
    if custom:
        names = struct.pack("<I", len(custom))
        for number, name in enumerate(custom, 2):
            raw = name.encode("gbk") + b"\0"
            names += struct.pack("<II", number, len(raw)) + raw
        sections.append(section([(0, names), page_number, *((n, string(text)) for n, text in enumerate(custom.values(), 2))]))
    out = b"\xfe\xff\0\0" + bytes(20) + struct.pack("<I", len(sections))
    at = 28 + 20 * len(sections)
    for part in sections:
        out += bytes(16) + struct.pack("<I", at)
        at += len(part)
    return out + b"".join(sections)


def native(name: str, data: bytes) -> bytes:
    raw, path = name.encode("gbk") + b"\0", b"D:\\\xcd\xf5\xb4\xa6\\" + name.encode("gbk") + b"\0"
    inner = struct.pack("<H", 2) + raw + path + struct.pack("<HH", 0, 3) + struct.pack("<I", len(path)) + path
    inner += struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(inner)) + inner


def shape(option: int, text: str) -> bytes:
    raw = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<HHIHI", 1 << 4 | 3, 0xF00B, 6 + len(raw), option | 0xC000, len(raw)) + raw


def blip(size: int) -> bytes:
    return struct.pack("<HHI", 0x46A << 4, 0xF01D, size) + b"\xff" * size


def says(document, text: str) -> set[tuple[Where, str | None]]:
    found, at = set(), document.text.find(text)
    while at >= 0:
        block = document.block_at(at)
        found.add((block.where, block.origin))
        at = document.text.find(text, at + 1)
    return found


def header_table(*lengths: int) -> bytes:
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    return plc(*edges, edges[-1] + 1)


AUTHOR_REF = plc(0, 5, data=bytes(20) + struct.pack("<H", 0) + bytes(8))
WMARK = "绝密水印"
PLACES = {
    "body": (lambda: doc(f"前文{WORDS}"), WORDS, (Where.BODY, None)),
    "narrow body": (lambda: doc("Call Mr. Wang at 555", narrow=True), "Mr. Wang", (Where.BODY, None)),
    "footnote": (lambda: doc("正文", notes="脚注内容\r\r"), "脚注内容", (Where.NOTE, None)),
    "endnote": (lambda: doc("正文", endnotes="尾注内容\r\r"), "尾注内容", (Where.NOTE, None)),
    "header": (
        lambda: doc("正文", headers="机密★一年\r第一页\r\r", tables={11: header_table(0, 0, 0, 0, 0, 0, 0, 6, 0, 4, 0, 0)}),
        "机密★一年",
        (Where.HEADER, None),
    ),
    "footer": (
        lambda: doc("正文", headers="机密★一年\r联系王某\r\r", tables={11: header_table(0, 0, 0, 0, 0, 0, 0, 6, 0, 5, 0, 0)}),
        "联系王某",
        (Where.FOOTER, None),
    ),
    "comment": (
        lambda: doc("正文", comments="\x05这里要删\r\r", tables={5: plc(0, 6, 7)}),
        "这里要删",
        (Where.COMMENT, "comment"),
    ),
    "comment author": (
        lambda: doc("正文", comments="\x05这里要删\r\r", tables={4: AUTHOR_REF, 5: plc(0, 6, 7), 36: xst("王副处长")}),
        "王副处长",
        (Where.COMMENT, "comment"),
    ),
    "text box": (lambda: doc("正文", boxes="框内文字\r\r"), "框内文字", (Where.TEXTBOX, None)),
    "header box": (lambda: doc("正文", header_boxes="页眉框\r\r"), "页眉框", (Where.HEADER, None)),
    "hidden": (lambda: doc("甲乙丙隐藏字丁", looks=[("隐藏字", VANISH)]), "隐藏字", (Where.HIDDEN, "hidden_text")),
    "white": (lambda: doc("甲乙白字丁", looks=[("白字", WHITE)]), "白字", (Where.HIDDEN, "white_text")),
    "tiny": (lambda: doc("甲乙小字丁", looks=[("小字", TINY)]), "小字", (Where.HIDDEN, "tiny_text")),
    "deleted": (lambda: doc("甲乙删掉丁", looks=[("删掉", DELETED)]), "删掉", (Where.REVISION, "deleted_text")),
    "inserted": (lambda: doc("甲乙加上丁", looks=[("加上", INSERTED)]), "加上", (Where.REVISION, "inserted_text")),
    "hidden piece": (lambda: doc("整段隐藏", change=0x5C << 1 | 1 << 8), "整段隐藏", (Where.HIDDEN, "hidden_text")),
    "field code": (
        lambda: doc("见\x13 INCLUDETEXT D:\\涉密\\名单.doc \x14结果\x15"),
        "D:\\涉密\\名单.doc",
        (Where.HIDDEN, "field_code"),
    ),
    "field result": (lambda: doc("见\x13 PAGE \x14结果\x15尾"), "结果", (Where.BODY, None)),
    "old text": (
        lambda: doc("正文", gap="拟给予王建国党内警告处分".encode("utf-16-le")),
        "拟给予王建国党内警告处分",
        (Where.HIDDEN, "old_revision"),
    ),
    "title": (
        lambda: doc("正文", streams={"\x05SummaryInformation": properties((2, "内部题目"), (4, "李四"))}),
        "李四",
        (Where.PROPERTY, "metadata"),
    ),
    "company": (
        lambda: doc("正文", streams={"\x05DocumentSummaryInformation": properties((15, "某某局"))}),
        "某某局",
        (Where.PROPERTY, "metadata"),
    ),
    "custom property": (
        lambda: doc("正文", streams={"\x05DocumentSummaryInformation": properties((15, "局"), custom={"密级": "秘密"})}),
        "密级：秘密",
        (Where.PROPERTY, "metadata"),
    ),
    "saved by": (
        lambda: doc("正文", tables={71: sttb("赵六", "E:\\处分\\稿.doc")}),
        "E:\\处分\\稿.doc",
        (Where.PROPERTY, "metadata"),
    ),
    "reviser": (lambda: doc("正文", tables={51: sttb("Unknown", "钱七")}), "钱七", (Where.PROPERTY, "metadata")),
    "bookmark": (lambda: doc("正文", tables={21: sttb("_Toc1", "举报人张三")}), "举报人张三", (Where.HIDDEN, "bookmark")),
    "variable": (
        lambda: doc("正文", tables={60: sttb("密码", extra=4) + xst("123abc") + b"\0\0"}),
        "密码：123abc",
        (Where.PROPERTY, "metadata"),
    ),
    "printer": (lambda: doc("正文", tables={27: b"\\\\10.1.2.3\\HP\0"}), "\\\\10.1.2.3\\HP", (Where.PROPERTY, "metadata")),
    "watermark": (lambda: doc("正文", tables={50: shape(0xC0, WMARK)}), WMARK, (Where.TEXTBOX, None)),
    "alternative text": (
        lambda: doc("正文", streams={"Data": shape(0x381, "张三的身份证照片")}),
        "张三的身份证照片",
        (Where.HIDDEN, "alt_text"),
    ),
    "custom xml": (
        lambda: doc("正文", streams={"MsoDataStore/A/Item": "<a><b>流转意见</b></a>".encode()}),
        "流转意见",
        (Where.PROPERTY, "metadata"),
    ),
    "unknown stream": (
        lambda: doc("正文", streams={"WpsCustomData": "流转单位某某派出所".encode("utf-16-le")}),
        "流转单位某某派出所",
        (Where.HIDDEN, "unused_part"),
    ),
    "embedded path": (
        lambda: doc("正文", streams={"ObjectPool/_1/\x01Ole10Native": native("附.txt", b"abc")}),
        "D:\\王处\\附.txt",
        (Where.PROPERTY, "metadata"),
    ),
}


def check(document) -> None:
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        end = block.span.end
    assert all(problem.code in PROBLEMS for problem in document.problems)
    assert "\r" not in document.text
    assert "\0" not in document.text
    document.text.encode("utf-8")


@pytest.fixture
def opened(read_bytes):
    def go(data: bytes, name: str = "a.doc"):
        document = read_bytes(data, name)
        check(document)
        return document

    return go


@pytest.mark.parametrize("name", PLACES)
def test_words_in_every_place_are_found_and_named(name, opened):
    """Each of these places of a .doc is read, with where it was and how it was out of sight."""
    make, words, place = PLACES[name]
    document = opened(make())
    assert says(document, words) == {place}
    assert document.problems == ()


def test_a_sound_paper_is_read_in_full(opened):
    """No problem, the words, and the file's name as the last block."""
    document = opened(doc(WORDS), "文件.wps")
    assert (document.format, document.problems) == ("doc", ())
    assert document.text == f"{WORDS}\n文件.wps"


def test_cells_have_addresses(opened):
    """Two rows of two cells, one of them empty, then a paragraph outside."""
    text = "甲\x07乙\x07\x07丙\x07\x07\x07外"
    ends = [(1, IN_TABLE), (3, IN_TABLE), (4, ROW_END), (6, IN_TABLE), (7, IN_TABLE), (8, ROW_END)]
    document = opened(doc(text, paragraphs=ends))
    cells = {document.text[b.span.start : b.span.end]: b.cell for b in document.blocks}
    assert (cells["甲"], cells["乙"], cells["丙"], cells["外"]) == (Cell(0, 0, 0), Cell(0, 0, 1), Cell(0, 1, 0), None)


def test_white_letters_on_a_colour_are_seen(opened):
    """White text with a highlight hides nothing."""
    assert says(opened(doc("甲乙白字丁", looks=[("白字", WHITE + HIGHLIGHT)])), "白字") == {(Where.BODY, None)}


def test_text_beyond_the_basic_plane_keeps_its_place(opened):
    """A rare surname of two units does not shift the hidden run after it."""
    document = opened(doc("𠮷某隐藏字丁", looks=[("隐藏字", VANISH)]))
    assert "𠮷" in document.text


def test_words_in_lost_sectors_are_told_and_old_tables_are_not(opened):
    """A freed sector with a sentence is old text; one with names of streams and fonts is nothing."""
    sentence = "经研究拟对举报人李某某另行处理，身份证号51032119790618223X".encode("utf-16-le")
    document = opened(doc("正文") + sentence.ljust(512, b"\0"))
    assert says(document, "拟对举报人李某某另行处理") == {(Where.HIDDEN, "old_revision")}
    names = "Root Entry\0Times New Roman\0默认段落字体\0Microsoft Office Word".encode("utf-16-le")
    assert opened(doc("正文") + names.ljust(512, b"\0")).text == "正文\na.doc"


def test_random_bytes_are_no_old_text(opened):
    """Sixty kilobytes of noise in the stream say nothing."""
    import random

    noise = random.Random(7).randbytes(60_000)
    document = opened(doc("正文", gap=noise))
    assert not any(block.origin == "old_revision" for block in document.blocks)


def test_embedded_files_are_read(opened):
    """A packed text and a .doc in a storage become children with their path."""
    inner = {"ObjectPool/_2/" + k: v for k, v in (("WordDocument", b""), ("1Table", b""))}
    import olefile

    with olefile.OleFileIO(doc("里层文件")) as ole:
        inner = {f"ObjectPool/_2/{name}": ole.openstream(name).read() for name in ("WordDocument", "1Table")}
    document = opened(doc("正文", streams={"ObjectPool/_1/\x01Ole10Native": native("附.txt", WORDS.encode())} | inner))
    first, second = document.children
    assert (first.format, WORDS in first.text) == ("txt", True)
    assert (second.format, "里层文件" in second.text) == ("doc", True)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (lambda: doc("正文", flags=0x0100), {"encrypted"}),
        (lambda: doc("正文", streams={"\x09DRMContent": b"x"}), {"encrypted"}),
        (lambda: doc("正文", streams={"Unheard": bytes(9_000)}), {"part_unread"}),
        (lambda: doc("正文", streams={"Macros/VBA/dir": b"x"}), {"macro"}),
        (lambda: doc("正文", streams={"Data": blip(20_000)}), {"image"}),
        (lambda: doc("正文", streams={"Data": blip(900)}), {"image"}),
        (lambda: doc("正文", streams={"_signatures": b"x"}), {"signature"}),
        (lambda: doc("正文", tables={33: b""}), {"damaged"}),
        (lambda: doc("正文", streams={"ObjectPool/_1/\x03LinkInfo": b"x"}), {"external"}),
        (lambda: doc("正文", streams={"ObjectPool/_1/Unheard": b"x"}), {"embedded"}),
        (lambda: doc("正文", streams={"ObjectPool/_1/\x03OCXNAME": b"x"}), {"form"}),
    ],
)
def test_what_is_not_read_is_said(data, codes, opened):
    """Passwords, macros, pictures of some size, signatures, lost pieces, links, unknown objects and controls."""
    assert {problem.code for problem in opened(data()).problems} == codes


def test_a_paper_with_a_password_gives_no_text(opened):
    assert opened(doc(WORDS, flags=0x0100)).body_length() == 0


def test_word_95_is_read_as_gbk_and_said_to_be_incomplete(opened):
    """The text of a Word 95 file, in a container or bare."""
    head = bytearray(0x200)
    raw = WORDS.encode("gbk") + b"\r"
    struct.pack_into("<HH", head, 0, 0xA5DC, 0x68)
    struct.pack_into("<II", head, 0x18, 0x200, 0x200 + len(raw))
    document = opened(pack({"WordDocument": bytes(head) + raw + bytes(2000)}))
    assert says(document, WORDS) == {(Where.BODY, None)}
    assert {problem.code for problem in document.problems} == {"part_unread"}


def test_works_is_read_and_said_to_be_incomplete(opened):
    """MS Works: the TEXT chunk of CONTENTS."""
    raw = "某县工作总结".encode("utf-16-le")
    contents = b"CHNKWKS " + bytes(16) + b"\x18\0TEXT" + bytes(6) + b"TEXT" + struct.pack("<II", 0x100, len(raw))
    document = opened(pack({"CONTENTS": contents.ljust(0x100, b"\0") + raw}), "a.wps")
    assert says(document, "某县工作总结") == {(Where.BODY, None)}
    assert {problem.code for problem in document.problems} == {"part_unread"}


def test_a_lock_file_tells_its_user_and_is_no_paper(opened):
    """`~$` files hold the name of the person who has the paper open."""
    name = "王建国"
    data = bytes([6]) + name.encode("gbk").ljust(53, b"\0") + struct.pack("<H", 3) + name.encode("utf-16-le")
    document = opened(data.ljust(162, b"\0"), "~$稿.doc")
    assert says(document, name) == {(Where.PROPERTY, "metadata")}
    assert "part_unread" in {problem.code for problem in document.problems}


def test_other_content_named_doc_is_read_as_what_it_is(opened, docx):
    """A page, a docx or a text called .doc goes to its own reader."""
    page_ = opened(f"<html><body><p>{WORDS}</p></body></html>".encode())
    assert (page_.format, WORDS in page_.text) == ("html", True)
    assert opened(docx(f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>")).format == "docx"
    assert {problem.code for problem in page_.problems} == {"mismatch"}


@pytest.fixture(scope="module")
def rich() -> bytes:
    return doc(
        f"{WORDS}\r甲\x07乙\x07\x07隐藏字\x13 QUOTE x \x14y\x15" * 1,
        looks=[("隐藏字", VANISH)],
        notes="脚注\r\r",
        comments="\x05批\r\r",
        tables={4: AUTHOR_REF, 5: plc(0, 3, 4), 36: xst("王")},
        streams={
            "\x05SummaryInformation": properties((2, "题")),
            "ObjectPool/_1/\x01Ole10Native": native("附.txt", b"abc"),
            "Data": shape(0x381, "说明") + blip(500),
        },
    )


@pytest.mark.parametrize("tenths", range(10))
def test_a_cut_file_never_passes_as_whole(tenths, rich, opened):
    """A container cut at any tenth has a problem."""
    assert opened(rich[: len(rich) * tenths // 10]).problems


def test_flipped_bits_never_raise(rich, tmp_path):
    path = tmp_path / "a.doc"
    for step in range(60):
        data = bytearray(rich)
        data[len(data) * step // 60] ^= 1 << step % 8
        path.write_bytes(data)
        check(read(path, Limits()))


def test_the_same_bytes_give_the_same_document(rich, opened):
    assert opened(rich) == opened(rich)


def test_a_wrong_extension_is_reported(rich, opened):
    document = opened(doc(WORDS), "a.pdf")
    assert ({problem.code for problem in document.problems}, WORDS in document.text) == ({"mismatch"}, True)


def test_the_limit_of_characters_cuts_and_says_so(rich, read_bytes):
    document = read_bytes(rich, "a.doc", Limits(chars=10))
    assert "too_long" in {problem.code for problem in document.problems}


@pytest.mark.parametrize("stream", ["WordDocument", "1Table"])
def test_changed_streams_in_a_sound_container_never_raise(stream, rich, tmp_path_factory):
    """The container holds; what is inside has been tampered with."""
    import olefile

    with olefile.OleFileIO(rich) as ole:
        streams = {"/".join(path): ole.openstream(path).read() for path in ole.listdir()}
    path = tmp_path_factory.mktemp("changed") / "a.doc"
    size = len(streams[stream])
    edits = st.lists(st.tuples(st.integers(0, size), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(edits)
    def go(changes):
        data = streams[stream]
        for place, cut, put in changes:
            data = data[:place] + put + data[place + cut :]
        path.write_bytes(pack(streams | {stream: data}))
        check(read(path, Limits()))

    go()


def test_changed_containers_never_raise(rich, tmp_path_factory):
    """Hypothesis cuts, overwrites and repeats stretches of a whole file."""
    path = tmp_path_factory.mktemp("box") / "a.doc"
    edits = st.lists(st.tuples(st.integers(0, len(rich)), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(edits)
    def go(changes):
        data = rich
        for place, cut, put in changes:
            data = data[:place] + put + data[place + cut :]
        path.write_bytes(data)
        check(read(path, Limits()))

    go()


def test_a_stream_larger_than_its_file_is_no_bomb(opened):
    """A directory entry that claims gigabytes costs no memory."""
    data = bytearray(doc(WORDS))
    at = data.index("1Table".encode("utf-16-le") + b"\0\0")
    data[at + 120 : at + 124] = b"\xff\xff\xff\x7f"
    assert "damaged" in {problem.code for problem in opened(bytes(data)).problems}


SHARED = Path(os.environ.get("MISHEN_SHARED") or Path(__file__).parents[4] / "shared") / "files"
KINDS = (".doc", ".dot", ".wps", ".ppt", ".pps", ".dps")
MUST_SAY = ("encrypted / cannot be read", "macro must be reported")


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "manifest.csv").exists(), reason=f"SHARED FILES ABSENT: {SHARED} (set MISHEN_SHARED)")
def test_the_shared_files_are_read_or_refused_by_name():
    """Every must_contain is found, every row that must fail says so, no file is empty in silence, none takes long."""
    with (SHARED / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["file"].lower().endswith(KINDS)]
    for row in rows:
        started = time.monotonic()
        document = read(SHARED / row["file"], Limits())
        assert time.monotonic() - started < 20, row["file"]
        check(document)
        flat = "".join(document.text.split())
        for text in json.loads(row["must_contain"] or "{}").values():
            assert "".join(text.split()) in flat, row["file"]
        if any(words in row["expected"] for words in MUST_SAY):
            assert document.problems, row["file"]
        if "embedded files must be listed" in row["expected"]:
            assert document.children or document.problems, row["file"]
        assert document.body_length() or document.problems, row["file"]
