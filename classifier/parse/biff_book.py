"""What the first part of an old Excel stream says: sheets, strings, fonts, formats, names, links, users.

In: the records before the first sheet. Out: a Book that the sheets are read with. Source: [MS-XLS] 2.1.7.20.1, 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.biff_records import Characters, Dialect, Record, codec, literals
from classifier.parse.draft import Draft
from classifier.parse.olebox_drawing import see_pictures
from classifier.parse.sheet_looks import Look
from classifier.parse.sheet_numbers import BUILT_IN

_STATES = ("visible", "hidden", "veryhidden", "veryhidden")
_WHITE = {1, 9, 65}
_TINY = 60
"""Twentieths of a point."""
_SELF = (0x0401, 0x3A01)


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet of the workbook: where its records start, its name, state and kind (0 sheet, 1 macro, 2 chart)."""

    offset: int
    name: str
    state: str
    kind: int


@dataclass(slots=True)
class Book:
    """Everything sheets need."""

    draft: Draft
    dialect: Dialect = field(default_factory=Dialect)
    tabs: list[Tab] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    fonts: list[tuple[int, int]] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=lambda: dict(BUILT_IN))
    looks: list[Look] = field(default_factory=list)
    styles: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_1904: bool = False
    later: list[tuple[str, Where, str | None]] = field(default_factory=list)
    """What is said after the sheets."""

    def keep(self, text: str, where: Where, origin: str | None) -> None:
        """Words that stand behind the sheets."""
        if text.strip():
            self.later.append((text, where, origin))

    def read(self, record: Record) -> None:
        """One record of the first part; one that breaks is a Problem and costs only itself.

        Raises:
            Unreadable: `encrypted`.
        """
        handler = _HANDLERS.get(record.kind)
        if handler is None:
            return
        try:
            handler(self, record)
        except (ValueError, LookupError, struct.error):
            self.draft.problem("part_unread", f"record {record.kind:04x}")

    def dress(self) -> None:
        """Makes the looks, when all fonts and formats are known."""
        for font, number, pattern, behind in self.styles:
            index = font - 1 if font > 4 else font  # number 4 does not exist
            height, ink = self.fonts[index] if index < len(self.fonts) else (220, 0x7FFF)
            white = (ink in _WHITE and (pattern == 0 or (pattern == 1 and behind in _WHITE))) or (pattern == 1 and ink == behind)
            unseen = "white_text" if white else "tiny_text" if 0 < height <= _TINY else None
            self.looks.append(Look(self.codes.get(number, "General"), unseen))


def _begin(book: Book, record: Record) -> None:
    version = {0x0009: 2, 0x0209: 3, 0x0409: 4}.get(record.kind, 0)
    if not version:
        version = 8 if struct.unpack_from("<H", record.data)[0] >= 0x0600 else 5
    book.dialect = Dialect(version, book.dialect.codec)


def _code_page(book: Book, record: Record) -> None:
    book.dialect = Dialect(book.dialect.version, codec(struct.unpack_from("<H", record.data)[0]))


def _sealed(_book: Book, _record: Record) -> None:
    raise Unreadable("encrypted")


def _tab(book: Book, record: Record) -> None:
    offset, state, kind = struct.unpack_from("<IBB", record.data)
    book.tabs.append(Tab(offset, book.dialect.string(record, 6, 1), _STATES[state & 3], kind))


def _strings(book: Book, record: Record) -> None:
    reader = Characters(record.parts, 8)
    (count,) = struct.unpack_from("<I", record.data, 4)
    while len(book.strings) < count and not reader.is_done:
        book.strings.append(reader.string())
    if len(book.strings) < count:
        book.draft.problem("part_unread", "SST")


def _font(book: Book, record: Record) -> None:
    height, _, ink = struct.unpack_from("<HHH", record.data)
    book.fonts.append((height, ink))


def _format(book: Book, record: Record) -> None:
    (number,) = struct.unpack_from("<H", record.data)
    book.codes[number] = book.dialect.string(record, 2, 2 if book.dialect.version >= 8 else 1)


def _style(book: Book, record: Record) -> None:
    font, number = struct.unpack_from("<HH", record.data)
    pattern = behind = 0
    if book.dialect.version >= 8:
        border, fill = struct.unpack_from("<IH", record.data, 14)
        pattern, behind = border >> 26, fill & 0x7F
    elif len(record.data) >= 12:
        area = struct.unpack_from("<I", record.data, 8)[0]
        pattern, behind = (area >> 16) & 0x3F, area & 0x7F
    book.styles.append((font, number, pattern, behind))


def _name(book: Book, record: Record) -> None:
    """A defined name, hidden ones too; the program's own (print area, filter) only when words stand in its formula."""
    options, _, count, size = struct.unpack_from("<HBBH", record.data)
    if book.dialect.version >= 8:
        reader = Characters(record.parts, 14)
        name = reader.characters(count, reader.take(1)[0])
        tokens, notes = reader.take(size), record.data[10:14]
        extra = [reader.characters(length, reader.take(1)[0]) for length in notes if length]
    else:
        name = record.data[14 : 14 + count].decode(book.dialect.codec, "replace")
        tokens, extra = record.data[14 + count : 14 + count + size], []
    words = literals(tokens)
    if not options & 0x20:
        book.keep("=".join([name, *words]), Where.HIDDEN, "defined_name")
    else:
        for word in words:
            book.keep(word, Where.HIDDEN, "defined_name")
    for note in extra:
        book.keep(note, Where.HIDDEN, "defined_name")


def _outside(book: Book, record: Record) -> None:
    """Another workbook: its path (encoded: control characters stand for separators) and its sheets."""
    count, marker = struct.unpack_from("<HH", record.data)
    if marker in _SELF:
        return
    book.draft.problem("external", "SUPBOOK")
    reader = Characters(record.parts, 2)
    path = reader.string()
    for text in (
        path.replace("\1", "").replace("\3", "\\").replace("\2", "\\"),
        *(reader.string() for _ in range(min(count, 4096)) if not reader.is_done),
    ):
        book.keep(text, Where.HIDDEN, "external_link")


def _outside_old(book: Book, record: Record) -> None:
    """EXTERNSHEET of Excel 5: one encoded path; a leading 2 or 3 means this very book."""
    if book.dialect.version >= 8 or len(record.data) < 2 or record.data[1] in (2, 3, 4):
        return
    book.draft.problem("external", "EXTERNSHEET")
    text = record.data[2 : 2 + record.data[0]].decode(book.dialect.codec, "replace")
    book.keep(text.replace("\3", "\\"), Where.HIDDEN, "external_link")


def _outside_values(book: Book, record: Record) -> None:
    """Copies of cells of another workbook."""
    last, first = record.data[0], record.data[1]
    reader = Characters(record.parts, 4)
    for _ in range(max(0, last - first + 1)):
        kind = reader.take(1)
        if kind == b"\2":
            book.keep(reader.string(2 if book.dialect.version >= 8 else 1), Where.HIDDEN, "external_link")
        else:
            value = reader.take(8)
            if kind == b"\1" and len(value) == 8:
                book.keep(f"{struct.unpack('<d', value)[0]:.15g}", Where.HIDDEN, "external_link")


def _writer(book: Book, record: Record) -> None:
    """Who wrote the file last: a user or machine name, padded with blanks."""
    size = min(struct.unpack_from("<H", record.data)[0], 109)
    if book.dialect.version >= 8:
        text = Characters(record.parts, 3).characters(min(size, 54), record.data[2])
    else:
        text = record.data[1 : 1 + record.data[0]].decode(book.dialect.codec, "replace")
    book.keep(text, Where.PROPERTY, "metadata")


def _sharer(book: Book, record: Record) -> None:
    book.keep(book.dialect.string(record, 4, 2 if book.dialect.version >= 8 else 1), Where.PROPERTY, "metadata")


def _epoch(book: Book, record: Record) -> None:
    book.is_1904 = record.data[:1] == b"\1"


def _pictures(book: Book, record: Record) -> None:
    see_pictures(b"".join(record.parts), "MSODRAWINGGROUP", book.draft)


_HANDLERS: dict[int, Callable[[Book, Record], None]] = {
    0x0009: _begin, 0x0209: _begin, 0x0409: _begin, 0x0809: _begin, 0x0042: _code_page, 0x002F: _sealed, 0x0085: _tab,
    0x00FC: _strings, 0x0031: _font, 0x0231: _font, 0x041E: _format, 0x00E0: _style, 0x0018: _name, 0x01AE: _outside,
    0x0017: _outside_old, 0x005A: _outside_values, 0x005C: _writer, 0x005B: _sharer, 0x0022: _epoch, 0x00EB: _pictures,
}  # fmt: skip
