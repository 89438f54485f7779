"""One sheet of an old Excel stream: cells, hidden rows and columns, comments, text boxes, print margins, validations.

In: the records from a sheet's start to its end. Out: cells on a Page, the rest on the Draft. Source: [MS-XLS] 2.1.7.20.5, 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from classifier.core.document import Cell, Where
from classifier.parse.biff_book import Book
from classifier.parse.biff_records import Characters, Record, literals, unpack_rk
from classifier.parse.olebox_drawing import add_shape_words
from classifier.parse.sheet_looks import PLAIN, Look
from classifier.parse.sheet_numbers import exact, hides_text, show
from classifier.parse.sheet_objects import wide_words
from classifier.parse.sheet_page import Page, margin_words

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_EVERY_ROW = 1 << 24
_NOTE_OBJECT = 0x19
_WIDE = {
    0x0800: "defined_name",
    0x0872: "defined_name",
    0x0878: "defined_name",
    0x00AF: "cached_value",
    0x01AA: "defined_name",
    0x01A9: "defined_name",
}
"""Records whose words are taken as they come: tips of links, tables, scenarios, views."""


@dataclass(slots=True)
class Sheet:
    """The state of one sheet while its records pass."""

    book: Book
    page: Page
    depth: int = 0
    row: int = -1
    hidden_rows: set[int] = field(default_factory=set)
    waiting: tuple[int, int] | None = None
    """Column and style of a formula whose text follows."""
    object: tuple[int, int] = (0, 0)
    """Kind and number of the last drawing object."""
    boxes: dict[int, str] = field(default_factory=dict)
    drawing: list[bytes] = field(default_factory=list)
    later: list[tuple[str, Where, str | None, Cell | None]] = field(default_factory=list)

    def keep(self, text: str, where: Where, origin: str | None = None, cell: Cell | None = None) -> None:
        """Words that stand behind the cells; what a hidden sheet shows is as hidden as its cells."""
        if self.page.origin and where in (Where.TEXTBOX, Where.HEADER, Where.FOOTER):
            where, origin = Where.HIDDEN, self.page.origin
        if text.strip():
            self.later.append((text, where, origin, cell))

    def to_row(self, row: int) -> None:
        """Opens a row when it is another one."""
        if row != self.row:
            self.row = row
            self.page.start_row(row, row in self.hidden_rows)

    def look(self, style: int) -> Look:
        """The look of a cell."""
        return self.book.looks[style] if style < len(self.book.looks) else PLAIN

    def words(self, column: int, style: int, text: str) -> None:
        """A cell of words."""
        look = self.look(style)
        self.page.say(column, text, "hidden_text" if hides_text(look.code) else look.unseen)

    def number(self, column: int, style: int, value: float) -> None:
        """A cell with a number."""
        look = self.look(style)
        stored = repr(value)
        shown = show(stored, look.code, self.book.is_1904)
        self.page.say(column, exact(stored) if shown is None else shown, "hidden_text" if shown is None else look.unseen)


def read_sheet(records: Sequence[Record], book: Book, page: Page) -> None:
    """Adds one sheet. A record that breaks is a Problem and costs only itself."""
    sheet = Sheet(book, page)
    _survey(records, sheet)
    for record in records:
        handler = _HANDLERS.get(record.kind)
        try:
            if handler is not None:
                handler(sheet, record)
            elif record.kind in _WIDE:
                for text in wide_words(b"".join(record.parts)):
                    sheet.keep(text, Where.HIDDEN, _WIDE[record.kind])
        except (ValueError, LookupError, struct.error, OverflowError):
            book.draft.problem("part_unread", f"record {record.kind:04x}")
    page.close()
    for text in sheet.boxes.values():
        sheet.keep(text, Where.COMMENT, "comment")
    for text, where, origin, cell in sheet.later:
        book.draft.add(text, where, origin=origin, cell=cell)
    add_shape_words(b"".join(sheet.drawing), book.draft)


def _survey(records: Sequence[Record], sheet: Sheet) -> None:
    """What must be known before the first cell: hidden rows and columns, merged cells, filters."""
    for record in records:
        data = record.data
        if record.kind == 0x0208 and len(data) >= 16:
            row, height, options = struct.unpack_from("<H4xH4xI", data)
            if options & 0x20 or 0 < height & 0x7FFF < 16:
                sheet.hidden_rows.add(row)
        elif record.kind == 0x007D and len(data) >= 10:
            first, last, width, _, options = struct.unpack_from("<HHHHH", data)
            if options & 1 or width < 50:
                sheet.page.hidden_columns.append((first, last))
        elif record.kind == 0x009B:
            sheet.page.filtered = (0, _EVERY_ROW)
        elif record.kind == 0x00E5:
            for at in range(2, len(data) - 7, 8):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, at)
                for row in range(top, bottom + 1):
                    sheet.page.covered.setdefault(row, []).append((left + 1 if row == top else left, right))


def _begin(sheet: Sheet, _: Record) -> None:
    sheet.depth += 1


def _end(sheet: Sheet, _: Record) -> None:
    sheet.depth -= 1


def _shared_string(sheet: Sheet, record: Record) -> None:
    row, column, style, index = struct.unpack_from("<HHHI", record.data)
    if index >= len(sheet.book.strings):
        raise LookupError("no such string")
    sheet.book.used.add(index)
    sheet.to_row(row)
    sheet.words(column, style, sheet.book.strings[index])


def _label(sheet: Sheet, record: Record) -> None:
    row, column, style = struct.unpack_from("<HHH", record.data)
    old = sheet.book.dialect.version == 2 and record.kind == 0x0004
    text = sheet.book.dialect.string(record, 7 if old else 6, 1 if old else 2)
    if sheet.depth > 1:  # a chart's copy of its words
        sheet.keep(text, Where.TEXTBOX)
    else:
        sheet.to_row(row)
        sheet.words(column, 0 if old else style, text)


def _number(sheet: Sheet, record: Record) -> None:
    if sheet.depth > 1:
        return
    row, column, style = struct.unpack_from("<HHH", record.data)
    sheet.to_row(row)
    if record.kind == 0x0002:
        sheet.number(column, 0, struct.unpack_from("<H", record.data, 7)[0])
    else:
        sheet.number(
            column, 0 if record.kind == 3 else style, struct.unpack_from("<d", record.data, 7 if record.kind == 3 else 6)[0]
        )


def _short_number(sheet: Sheet, record: Record) -> None:
    row, column, style, raw = struct.unpack_from("<HHHI", record.data)
    sheet.to_row(row)
    sheet.number(column, style, unpack_rk(raw))


def _short_numbers(sheet: Sheet, record: Record) -> None:
    row, first = struct.unpack_from("<HH", record.data)
    sheet.to_row(row)
    for number, at in enumerate(range(4, len(record.data) - 7, 6)):
        style, raw = struct.unpack_from("<HI", record.data, at)
        sheet.number(first + number, style, unpack_rk(raw))


def _truth(sheet: Sheet, record: Record) -> None:
    row, column, style, value, is_error = struct.unpack_from("<HHHBB", record.data)
    sheet.to_row(row)
    sheet.words(column, style, _ERRORS.get(value, "#") if is_error else ("FALSE", "TRUE")[value != 0])


def _formula(sheet: Sheet, record: Record) -> None:
    row, column, style = struct.unpack_from("<HHH", record.data)
    sheet.to_row(row)
    result = record.data[6:14]
    sheet.waiting = None
    if result[6:8] != b"\xff\xff":
        sheet.number(column, style, struct.unpack("<d", result)[0])
    elif result[0] == 0:
        sheet.waiting = (column, style)
    elif result[0] == 1:
        sheet.words(column, style, ("FALSE", "TRUE")[result[2] != 0])
    elif result[0] == 2:
        sheet.words(column, style, _ERRORS.get(result[2], "#"))
    words = literals(record.data[22:])
    sheet.page.formula(column, "&".join(f'"{word}"' for word in words if word.strip(" ,.-/:%")))


def _formula_text(sheet: Sheet, record: Record) -> None:
    if sheet.waiting is not None:
        sheet.words(*sheet.waiting, sheet.book.dialect.string(record, 0, 1 if record.kind == 7 else 2))
        sheet.waiting = None


def _object(sheet: Sheet, record: Record) -> None:
    if len(record.data) >= 8 and record.data[:2] == b"\x15\0":
        sheet.object = struct.unpack_from("<HH", record.data, 4)


def _box(sheet: Sheet, record: Record) -> None:
    """The text of a drawing object; the one of a comment waits for its note."""
    (count,) = struct.unpack_from("<H", record.data, 10)
    if not count or len(record.parts) < 2 or not record.parts[1]:
        return
    text = Characters(record.parts[1:], 1).characters(count, record.parts[1][0])
    kind, number = sheet.object
    if kind == _NOTE_OBJECT:
        sheet.boxes[number] = text
    else:
        sheet.keep(text, Where.TEXTBOX)


def _note(sheet: Sheet, record: Record) -> None:
    """A comment: its cell, its author, and the box that holds its words."""
    row, column = struct.unpack_from("<HH", record.data)
    cell = Cell(sheet.page.number, row, column)
    if sheet.book.dialect.version < 8:
        text = record.data[6:].decode(sheet.book.dialect.codec, "replace")
        sheet.keep(text, Where.COMMENT, "comment", cell)
        return
    (number,) = struct.unpack_from("<H", record.data, 6)
    author = sheet.book.dialect.string(record, 8)
    text = sheet.boxes.pop(number, "")
    sheet.keep(text if not author or text.startswith(author) else f"{author}：{text}", Where.COMMENT, "comment", cell)


def _margin(sheet: Sheet, record: Record) -> None:
    where = Where.HEADER if record.kind == 0x0014 else Where.FOOTER
    text = sheet.book.dialect.string(record, 0, 2 if sheet.book.dialect.version >= 8 else 1)
    sheet.keep(margin_words(text), where)


def _other_margins(sheet: Sheet, record: Record) -> None:
    """Headers and footers of even and first pages."""
    sizes = struct.unpack_from("<4H", record.data, 30)
    reader = Characters(record.parts, 38)
    for size, where in zip(sizes, (Where.HEADER, Where.FOOTER, Where.HEADER, Where.FOOTER), strict=True):
        if size:
            sheet.keep(margin_words(reader.string()), where)


def _validation(sheet: Sheet, record: Record) -> None:
    """A validation: its prompts, and the words of its list."""
    reader = Characters(record.parts, 4)
    for _ in range(4):
        sheet.keep(reader.string().strip("\0"), Where.HIDDEN, "defined_name")
    for _ in range(2):
        size = struct.unpack("<H2x", reader.take(4))[0]
        for word in literals(reader.take(size)):
            sheet.keep(word, Where.HIDDEN, "defined_name")


def _condition(sheet: Sheet, record: Record) -> None:
    for word in literals(record.data):
        if len(word) > 1:
            sheet.keep(word, Where.HIDDEN, "defined_name")


def _link(sheet: Sheet, record: Record) -> None:
    for text in wide_words(b"".join(record.parts)):
        sheet.keep(text, Where.PROPERTY)


def _series(sheet: Sheet, record: Record) -> None:
    sheet.keep(sheet.book.dialect.string(record, 2, 1), Where.TEXTBOX)


def _pivot(sheet: Sheet, record: Record) -> None:
    sheet.keep(sheet.book.dialect.string(record, 0), Where.HIDDEN, "cached_value")


def _drawing(sheet: Sheet, record: Record) -> None:
    sheet.drawing += record.parts


_HANDLERS: dict[int, Callable[[Sheet, Record], None]] = {
    0x0009: _begin, 0x0209: _begin, 0x0409: _begin, 0x0809: _begin, 0x000A: _end, 0x00FD: _shared_string, 0x0204: _label,
    0x0004: _label, 0x00D6: _label, 0x0203: _number, 0x0003: _number, 0x0002: _number, 0x027E: _short_number, 0x00BD: _short_numbers,
    0x0205: _truth, 0x0006: _formula, 0x0206: _formula, 0x0406: _formula, 0x0207: _formula_text, 0x0007: _formula_text,
    0x005D: _object, 0x01B6: _box, 0x001C: _note, 0x0014: _margin, 0x0015: _margin, 0x089C: _other_margins, 0x01BE: _validation,
    0x01B1: _condition, 0x087A: _condition, 0x01B8: _link, 0x100D: _series, 0x00CD: _pivot, 0x00EC: _drawing,
}  # fmt: skip
