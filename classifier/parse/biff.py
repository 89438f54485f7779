"""Spreadsheets of Excel 2 to 2003 and of WPS (xls, et): every record that holds words, with its place.

In: untrusted bytes of an OLE container (or of a bare stream of Excel 2 to 5). Out: passages on the Draft: sheets in tab order, then
names, links, cached values of pivots, strings no cell shows, properties; embedded files as children. Unread is a Problem.
"""

from __future__ import annotations

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.biff_book import Book, Tab
from classifier.parse.biff_records import Dialect, Record, split
from classifier.parse.biff_sheet import read_sheet
from classifier.parse.draft import Draft
from classifier.parse.olebox import MAGIC, Box
from classifier.parse.olebox_objects import find_macros, read_object
from classifier.parse.olebox_properties import read_properties
from classifier.parse.sheet_objects import wide_words
from classifier.parse.sheet_page import Page
from classifier.parse.sheet_parts import words
from classifier.parse.xmltree import read_tree

_BEGINS = (0x0009, 0x0209, 0x0409, 0x0809)
_END = 0x000A


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything an old workbook says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb` when there is nothing (more) to read.
    """
    if not untrusted.startswith(MAGIC):
        draft.problem("part_unread", "workbook")  # Excel 2 to 4: cells and comments only
        read_stream(untrusted, draft)
        return
    box = Box(untrusted)
    try:
        if box.kind == "encrypted":
            raise Unreadable("encrypted")
        stream = next((name for name in ("Workbook", "Book") if box.has(name)), None)
        if stream is None:
            raise Unreadable("damaged")
        if box.is_flawed:
            draft.problem("damaged")
        if stream == "Workbook" and box.has("Book"):
            draft.problem("part_unread", "Book")  # the same workbook again, for Excel 95
        read_stream(box.take(stream, draft), draft)
        _read_around(box, draft)
    finally:
        box.close()


def read_stream(stream: bytes, draft: Draft) -> None:
    """Adds the sheets and names of a Workbook stream."""
    records: list[Record] = []
    try:
        for record in split(stream):
            records.append(record)  # noqa: PERF402 - what came before a break must stay
    except ValueError:
        draft.problem("damaged", "Workbook")
    if not records:
        raise Unreadable("damaged")
    book = Book(draft)
    sheets = _group(records, book)
    book.dress()
    tabs = book.tabs or [Tab(offset, "", "visible", 0) for offset in sheets]
    names = frozenset(tab.name for tab in tabs)
    for number, tab in enumerate(tabs):
        page = Page(draft, number, tab.name, tab.state, names)
        page.open()
        if tab.kind in (1, 6):
            draft.problem("macro", f"sheet {number + 1}")
        own = sheets.pop(tab.offset, None)
        if own is None:
            draft.tally("sheets", 1, 0)
            draft.problem("part_unread", f"sheet {number + 1}")
        else:
            read_sheet(own, book, page)
    for number, own in enumerate(sheets.values(), len(tabs)):  # sheets the workbook does not name
        read_sheet(own, book, Page(draft, number, "", "unused", names))
    for text, where, origin in dict.fromkeys(book.later):
        draft.add(text, where, origin=origin)
    for index, text in enumerate(book.strings):
        if index not in book.used:
            draft.add(text, Where.HIDDEN, origin="unused_part")


def _group(records: list[Record], book: Book) -> dict[int, list[Record]]:
    """Reads the records of the workbook; returns those of each sheet by the place of its first record."""
    sheets: dict[int, list[Record]] = {}
    depth, current = 0, 0
    book.dialect = Dialect()
    first = True
    for record in records:
        if record.kind in _BEGINS:
            depth += 1
            if depth == 1 and first:
                book.read(record)
                first = False
                if book.dialect.version < 5 and record.data[2:4] != b"\0\1":  # Excel 2 to 4: the file is one sheet
                    current = -1
                    sheets[record.offset] = []
            elif depth == 1:
                current = record.offset
                sheets[current] = []
        is_global = current == 0 or record.kind in (0x5A, 0x002F) or book.dialect.version < 5
        if is_global and record.kind not in _BEGINS:
            book.read(record)
        if current:
            next(reversed(sheets.values())).append(record)
        if record.kind == _END:
            depth = max(0, depth - 1)
    return sheets


def _read_around(box: Box, draft: Draft) -> None:
    """The other streams: embedded files, pivot caches, controls, custom XML, logs, macros, properties."""
    for storage in box.storages():
        if storage.upper().startswith(("MBD", "LNK")):
            read_object(box, storage, draft)
    for stream in box.streams():
        low = stream.lower()
        if low.startswith("_sx_db_cur/"):
            _read_pivot(box.take(stream, draft), draft)
        elif low == "ctls":
            draft.problem("form", "Ctls")
            for text in wide_words(box.take(stream, draft)):
                draft.add(text, Where.HIDDEN, origin="form_value")
        elif low in ("revision log", "user names"):
            draft.problem("part_unread", stream)
            for text in wide_words(box.take(stream, draft)):
                draft.add(text, Where.REVISION, origin="old_revision")
        elif low.startswith("msodatastore/") and low.endswith("/item"):
            root = read_tree(box.take(stream, draft), "MsoDataStore", draft)
            for piece in words(root) if root is not None else ():
                draft.add(piece.text, piece.where, origin=piece.origin)
    find_macros(box, draft)
    read_properties(box, draft)


def _read_pivot(stream: bytes, draft: Draft) -> None:
    """The names and words a pivot table keeps of its source."""
    said: dict[str, None] = {}
    dialect = Dialect()
    try:
        for record in split(stream):
            if record.kind in (0x00CD, 0x00C7):
                said[dialect.string(record, 0 if record.kind == 0x00CD else 14)] = None
    except ValueError:
        draft.problem("part_unread", "SX_DB_CUR")
    for text in said:
        draft.add(text, Where.HIDDEN, origin="cached_value")
