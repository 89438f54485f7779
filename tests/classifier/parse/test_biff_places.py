"""A token in every place where an old workbook (xls, et) can hold words: each is found, in the right place, with its reason."""

from __future__ import annotations

import struct

import pytest

from classifier.core.document import Cell, Where
from classifier.parse.olebox_writer import pack


def rec(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def ustr(text: str, width: str = "H") -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack(f"<{width}B", len(raw) // 2, 1) + raw


BEGIN = rec(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
SHEET = rec(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
END = rec(0x000A)


def font(ink: int = 0x7FFF, height: int = 220) -> bytes:
    return rec(0x31, struct.pack("<HHHHHBBBB", height, 0, ink, 400, 0, 0, 0, 134, 0) + ustr("宋体", "B"))


def style(number: int, code: int = 0) -> bytes:
    return rec(0xE0, struct.pack("<HHHBBBBHII", number, code, 0, 0, 0, 0, 0, 0, 0, 0)[:18] + struct.pack("<H", 0x20C0))


def workbook(
    cells: bytes = b"",
    globals_: bytes = b"",
    state: int = 0,
    strings: tuple[str, ...] = ("TOKEN",),
    name: str = "名册",
    kind: int = 0,
) -> bytes:
    """The stream of a workbook with one visible sheet and a second one that holds `cells`."""
    looks = font() + font(9) + font(0x7FFF, 20) + font()
    looks += rec(0x041E, struct.pack("<H", 200) + ustr(";;;")) + style(0) + style(1) + style(2) + style(0, 200) + style(0, 14)
    sst = rec(0xFC, struct.pack("<II", len(strings), len(strings)) + b"".join(ustr(s) for s in strings))
    first = SHEET + rec(0x0204, struct.pack("<HHH", 0, 0, 0) + ustr("可见")) + END
    second = SHEET + cells + END

    def head(one: int, two: int) -> bytes:
        tabs = rec(0x85, struct.pack("<IBB", one, 0, 0) + ustr("首页", "B")) + rec(
            0x85, struct.pack("<IBB", two, state, kind) + ustr(name, "B")
        )
        return BEGIN + looks + tabs + globals_ + sst + END

    size = len(head(0, 0))
    return head(size, size + len(first)) + first + second


def xls(cells: bytes = b"", globals_: bytes = b"", streams: dict[str, bytes] | None = None, **others) -> bytes:
    return pack({"Workbook": workbook(cells, globals_, **others), **(streams or {})})


def shared(row: int = 0, column: int = 0, look: int = 0) -> bytes:
    return rec(0xFD, struct.pack("<HHHI", row, column, look, 0))


def line(row: int, options: int) -> bytes:
    return rec(0x208, struct.pack("<HHHHHHI", row, 0, 9, 300, 0, 0, options))


def box(text: str, kind: int, number: int = 7) -> bytes:
    thing = rec(0x5D, struct.pack("<HHHHH12x", 0x15, 18, kind, number, 0) + bytes(4))
    return (
        thing
        + rec(0x1B6, struct.pack("<HHHHHHHH2x", 0x212, 0, 0, 0, 0, len(text), 16, 0))
        + rec(0x3C, b"\1" + text.encode("utf-16-le"))
        + rec(0x3C, bytes(16))
    )


def named(name: str, tokens: bytes = b"", options: int = 0) -> bytes:
    return rec(
        0x18,
        struct.pack("<HBBHHHBBBB", options, 0, len(name), len(tokens), 0, 0, 0, 0, 0, 0)
        + b"\1"
        + name.encode("utf-16-le")
        + tokens,
    )


def quoted(text: str) -> bytes:
    return b"\x17" + ustr(text, "B")


H, B, C, T, P = Where.HIDDEN, Where.BODY, Where.COMMENT, Where.TEXTBOX, Where.PROPERTY
X = ("x",)
PLACES = {
    "shared_string": (lambda: xls(shared()), B, None),
    "label": (lambda: xls(rec(0x204, struct.pack("<HHH", 0, 0, 0) + ustr("TOKEN")), strings=X), B, None),
    "formula_result": (
        lambda: xls(
            rec(6, struct.pack("<HHH8sHIH", 0, 0, 0, b"\0\0\0\0\0\0\xff\xff", 0, 0, 0)) + rec(0x207, ustr("TOKEN")), strings=X
        ),
        B,
        None,
    ),
    "formula": (lambda: xls(rec(6, struct.pack("<HHHdHIH", 0, 0, 0, 1.0, 0, 0, 8) + quoted("TOKEN")), strings=X), H, "formula"),
    "unused_string": (lambda: xls(), H, "unused_part"),
    "hidden_sheet": (lambda: xls(shared(), state=1), H, "hidden_sheet"),
    "very_hidden_sheet": (lambda: xls(shared(), state=2), H, "very_hidden_sheet"),
    "hidden_row": (lambda: xls(line(0, 0x20) + shared()), H, "hidden_row_column"),
    "filtered_row": (lambda: xls(rec(0x9B) + line(0, 0x20) + shared()), H, "filtered_row"),
    "hidden_column": (lambda: xls(rec(0x7D, struct.pack("<HHHHHH", 0, 2, 2048, 0, 1, 0)) + shared(0, 1)), H, "hidden_row_column"),
    "white_cell": (lambda: xls(shared(look=1)), H, "white_text"),
    "tiny_cell": (lambda: xls(shared(look=2)), H, "tiny_text"),
    "format_hides": (lambda: xls(shared(look=3)), H, "hidden_text"),
    "under_merge": (lambda: xls(shared(0, 1) + rec(0xE5, struct.pack("<5H", 1, 0, 0, 0, 2))), H, "hidden_text"),
    "note": (lambda: xls(box("TOKEN", 0x19) + rec(0x1C, struct.pack("<HHHH", 1, 1, 0, 7) + ustr("甲")), strings=X), C, "comment"),
    "note_author": (
        lambda: xls(box("x", 0x19) + rec(0x1C, struct.pack("<HHHH", 1, 1, 0, 7) + ustr("TOKEN")), strings=X),
        C,
        "comment",
    ),
    "text_box": (lambda: xls(box("TOKEN", 6), strings=X), T, None),
    "text_box_on_hidden_sheet": (lambda: xls(box("TOKEN", 6), strings=X, state=1), H, "hidden_sheet"),
    "header": (lambda: xls(rec(0x14, ustr('&C&"宋体"TOKEN&P')), strings=X), Where.HEADER, None),
    "footer": (lambda: xls(rec(0x15, ustr("TOKEN")), strings=X), Where.FOOTER, None),
    "defined_name": (lambda: xls(globals_=named("TOKEN"), strings=X), H, "defined_name"),
    "hidden_name": (lambda: xls(globals_=named("n", quoted("TOKEN"), 1), strings=X), H, "defined_name"),
    "validation_list": (
        lambda: xls(
            rec(
                0x1BE,
                struct.pack("<I", 0) + ustr("\0") * 4 + struct.pack("<HH", 13, 0) + quoted("TOKEN") + struct.pack("<HH", 0, 0),
            ),
            strings=X,
        ),
        H,
        "defined_name",
    ),
    "validation_prompt": (
        lambda: xls(rec(0x1BE, struct.pack("<I", 0) + ustr("TOKEN") + ustr("\0") * 3 + bytes(8)), strings=X),
        H,
        "defined_name",
    ),
    "external_book": (
        lambda: xls(globals_=rec(0x1AE, struct.pack("<H", 1) + ustr("\1TOKEN.xls") + ustr("表")), strings=X),
        H,
        "external_link",
    ),
    "external_value": (
        lambda: xls(globals_=rec(0x5A, struct.pack("<BBH", 0, 0, 0) + b"\2" + ustr("TOKEN")), strings=X),
        H,
        "external_link",
    ),
    "last_writer": (lambda: xls(globals_=rec(0x5C, ustr("TOKEN").ljust(112, b" ")), strings=X), P, "metadata"),
    "link": (lambda: xls(rec(0x1B8, bytes(8) + "http://TOKEN/".encode("utf-16-le")), strings=X), P, None),
    "chart_series": (lambda: xls(SHEET + rec(0x100D, b"\0\0" + ustr("TOKEN", "B")) + END, strings=X), T, None),
    "pivot_cache": (lambda: xls(strings=X, streams={"_SX_DB_CUR/0001": rec(0xCD, ustr("TOKEN")) + END}), H, "cached_value"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_token_is_found_in_its_place(place, read_bytes):
    """Each hiding place of an xls gives the token back, with the place and the reason."""
    build, where, origin = PLACES[place]
    document = read_bytes(build(), "a.xls")
    found = [block for block in document.blocks if "TOKEN" in document.text[block.span.start : block.span.end]]
    assert {(block.where, block.origin) for block in found} == {(where, origin)}
    assert document.format == "xls"


@pytest.mark.parametrize("name", ["a.xls", "A.ET"])
def test_a_roster_keeps_its_grid(name, read_bytes):
    """Cells have addresses, identity numbers all their digits, dates their form; et is the same format."""
    cells = (
        shared()
        + rec(0x203, struct.pack("<HHHd", 0, 2, 0, 110101199001011000.0))
        + rec(0x203, struct.pack("<HHHd", 1, 0, 4, 45000.0))
    )
    cells += rec(0xBD, struct.pack("<HHHIHIH", 2, 0, 0, (5 << 2) | 2, 0, (1234 << 2) | 3, 1))
    document = read_bytes(xls(cells), name)
    assert "名册\nTOKEN\t\t110101199001011000\n2023/3/15\n5\t12.34" in document.text
    assert [b.cell for b in document.blocks if b.cell and b.cell.table == 1][1] == Cell(1, 0, 2)
    assert document.problems == ()


def test_a_string_runs_over_into_the_next_record(read_bytes):
    """A string cut by a record's end goes on after a new width byte."""
    text = "甲乙丙丁" * 10
    whole = workbook(shared(), strings=(text,))
    start = whole.index(ustr(text))
    raw = text.encode("utf-16-le")
    cut = start + 3 + 20
    sst = whole.rindex(rec(0xFC, b"")[:2], 0, start)
    first = whole[sst + 4 : cut]
    changed = rec(0xFC, first) + rec(0x3C, b"\1" + raw[20:])
    stream = whole[:sst] + changed + whole[start + 3 + len(raw) :]
    shift = 5
    at = stream.index(rec(0x85, b"")[:2] + struct.pack("<H", 6 + 2 + 4))
    for _ in range(2):  # the sheets have moved
        (offset,) = struct.unpack_from("<I", stream, at + 4)
        stream = stream[: at + 4] + struct.pack("<I", offset + shift) + stream[at + 8 :]
        at += 4 + struct.unpack_from("<H", stream, at + 2)[0]
    document = read_bytes(pack({"Workbook": stream}), "a.xls")
    assert text in document.text
    assert document.problems == ()


def test_an_encrypted_workbook_is_named_so(read_bytes, codes):
    """FILEPASS: nothing is read, the problem is `encrypted`."""
    document = read_bytes(xls(shared(), globals_=rec(0x2F, b"\1\0" + bytes(52))), "a.xls")
    assert codes(document) == {"encrypted"}
    assert document.body_length() == 0


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm", "a.xlsb"])
def test_an_encrypted_package_is_named_so(name, read_bytes, codes):
    """An OLE container with EncryptedPackage under a spreadsheet's name is an encrypted spreadsheet."""
    assert codes(read_bytes(pack({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(5000)}), name)) == {"encrypted"}


def test_macros_and_macro_sheets_are_reported(read_bytes, codes):
    """A VBA storage and a macro sheet are Problems."""
    assert "macro" in codes(read_bytes(xls(shared(), streams={"_VBA_PROJECT_CUR/VBA/dir": b"x" * 5000}), "a.xls"))
    assert "macro" in codes(read_bytes(xls(shared(), kind=1), "a.xls"))


def test_a_book_inside_a_book_is_a_child(read_bytes):
    """An embedded workbook (MBD storage) goes through the same door."""
    document = read_bytes(xls(shared(), strings=X, streams={"MBD0001/Workbook": workbook(shared())}), "a.xls")
    assert ["TOKEN" in child.text for child in document.children] == [True]


def test_a_bare_sheet_of_excel_4_is_read_and_reported(read_bytes, codes):
    """Excel 2 to 4 wrote one sheet without a container: cells are read, and that this is not all is said."""
    stream = rec(0x0409, struct.pack("<HHH", 0, 0x10, 0)) + rec(0x42, struct.pack("<H", 936))
    stream += rec(0x204, struct.pack("<HHHH", 0, 0, 0, 6) + "请示件".encode("gb18030")) + END
    document = read_bytes(stream, "a.xls")
    assert "请示件" in document.text
    assert codes(document) == {"part_unread"}
