"""A token in the places where a binary spreadsheet (xlsb) can hold words."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from classifier.core.document import Where
from tests.classifier.parse.test_sheet_places import rels


def rec(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(data), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def row(number: int = 0, hidden: bool = False) -> bytes:
    return rec(0, struct.pack("<IIHBB", number, 0, 300, 0, 0x10 if hidden else 0) + bytes(5))


def shared(column: int = 0, look: int = 0) -> bytes:
    return rec(7, struct.pack("<III", column, look, 0))


def xlsb(
    cells: bytes = b"", state: int = 0, strings: tuple[str, ...] = ("TOKEN",), names: bytes = b"", parts=None, links=()
) -> bytes:
    white = struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 0, 0) + bytes([2 << 1 | 1, 0xFF, 0, 0, 255, 255, 255, 255])
    plain = struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 0, 0) + bytes(8)
    tiny = struct.pack("<HHHHBBBB", 20, 0, 400, 0, 0, 0, 0, 0) + bytes(8)
    styles = rec(44, struct.pack("<H", 200) + wide(";;;")) + rec(43, plain) + rec(43, white) + rec(43, tiny) + rec(45, bytes(20))
    styles += (
        rec(617)
        + b"".join(rec(47, struct.pack("<4H", 0, code, font, 0) + bytes(8)) for code, font in ((0, 0), (0, 1), (0, 2), (200, 0)))
        + rec(618)
    )
    members: dict[str, bytes | str] = {
        "_rels/.rels": rels(("officeDocument", "xl/workbook.bin", False)),
        "xl/workbook.bin": rec(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("首页"))
        + rec(156, struct.pack("<II", state, 2) + wide("rId2") + wide("名册"))
        + names,
        "xl/_rels/workbook.bin.rels": rels(
            ("worksheet", "worksheets/sheet1.bin", False), ("worksheet", "worksheets/sheet2.bin", False)
        ),
        "xl/sharedStrings.bin": b"".join(rec(19, b"\0" + wide(text)) for text in strings),
        "xl/styles.bin": styles,
        "xl/worksheets/sheet1.bin": row() + rec(6, struct.pack("<II", 0, 0) + wide("可见")),
        "xl/worksheets/sheet2.bin": cells,
        "xl/worksheets/_rels/sheet2.bin.rels": rels(*links),
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


X = ("x",)
H = Where.HIDDEN
NOTE = (
    rec(632, wide("甲")) + rec(635, struct.pack("<IIIII", 0, 1, 1, 1, 1) + bytes(16)) + rec(637, b"\0" + wide("TOKEN")) + rec(636)
)
PLACES = {
    "shared_string": (xlsb(row() + shared()), Where.BODY, None),
    "inline_string": (xlsb(row() + rec(6, struct.pack("<II", 0, 0) + wide("TOKEN")), strings=X), Where.BODY, None),
    "formula_result": (xlsb(row() + rec(8, struct.pack("<II", 0, 0) + wide("TOKEN") + bytes(6)), strings=X), Where.BODY, None),
    "formula": (
        xlsb(row() + rec(9, struct.pack("<IIdHI", 0, 0, 1.0, 0, 13) + b"\x17\5\0" + "TOKEN".encode("utf-16-le")), strings=X),
        H,
        "formula",
    ),
    "hidden_sheet": (xlsb(row() + shared(), 1), H, "hidden_sheet"),
    "very_hidden_sheet": (xlsb(row() + shared(), 2), H, "very_hidden_sheet"),
    "hidden_row": (xlsb(row(0, True) + shared()), H, "hidden_row_column"),
    "filtered_row": (xlsb(row(0, True) + shared() + rec(163, bytes(6))), H, "filtered_row"),
    "hidden_column": (xlsb(rec(60, struct.pack("<IIIIH", 1, 2, 2048, 0, 1)) + row() + shared(1)), H, "hidden_row_column"),
    "white_cell": (xlsb(row() + shared(look=1)), H, "white_text"),
    "tiny_cell": (xlsb(row() + shared(look=2)), H, "tiny_text"),
    "format_hides": (xlsb(row() + shared(look=3)), H, "hidden_text"),
    "unused_string": (xlsb(), H, "unused_part"),
    "header": (xlsb(rec(479, b"\0\0" + wide("&CTOKEN") + wide("") * 5), strings=X), Where.HEADER, None),
    "hidden_name": (xlsb(names=rec(39, struct.pack("<IBI", 1, 0, 0) + wide("TOKEN") + bytes(8)), strings=X), H, "defined_name"),
    "note": (
        xlsb(links=[("comments", "../comments1.bin", False)], parts={"xl/comments1.bin": NOTE}, strings=X),
        Where.COMMENT,
        "comment",
    ),
    "pivot_cache": (xlsb(parts={"xl/pivotCache/p1.bin": rec(24, wide("TOKEN"))}, strings=X), H, "cached_value"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_token_is_found_in_its_place(place, read_bytes):
    """Each place gives the token back, with the reason it was out of sight."""
    data, where, origin = PLACES[place]
    document = read_bytes(data, "a.xlsb")
    found = [block for block in document.blocks if "TOKEN" in document.text[block.span.start : block.span.end]]
    assert {(block.where, block.origin) for block in found} == {(where, origin)}
    assert document.format == "xlsb"


def test_a_part_without_a_grammar_is_a_problem(read_bytes, codes):
    """The words of a binary pivot cache are taken as they come, and that this may not be all is said."""
    assert codes(read_bytes(PLACES["pivot_cache"][0], "a.xlsb")) == {"part_unread"}
    assert codes(read_bytes(PLACES["note"][0], "a.xlsb")) == set()
