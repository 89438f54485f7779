"""Binary spreadsheets (xlsb): the same package as xlsx with records instead of XML in its sheets.

In: untrusted bytes. Out: passages on the Draft. Cells, strings, looks, names, comments and print margins are read in full; of the
other binary parts (pivots, tables, links) the words are taken as they come, with a Problem. Source: [MS-XLSB] 2.4.
"""

from __future__ import annotations

import struct
from posixpath import dirname

from classifier.core.document import Cell, Where
from classifier.core.errors import Unreadable
from classifier.parse.biff_records import unpack_rk
from classifier.parse.draft import Draft
from classifier.parse.package import Package
from classifier.parse.sheet import OLE, Book, open_book, say_linked, sweep
from classifier.parse.sheet_binary_records import literals, read_looks, records, wide
from classifier.parse.sheet_looks import PLAIN, Look
from classifier.parse.sheet_numbers import exact, hides_text, show
from classifier.parse.sheet_objects import wide_words
from classifier.parse.sheet_page import Page, margin_words

_STATES = ("visible", "hidden", "veryhidden")
_ORIGINS = {
    "pivot": "cached_value",
    "external": "external_link",
    "connection": "external_link",
    "table": "defined_name",
    "query": "cached_value",
}
_KNOWN_ELSEWHERE = ("printersettings", "customproperty", "vbaproject", "/embeddings/", "/activex/", "calcchain", "binaryindex")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a binary workbook says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb`.
    """
    if untrusted.startswith(OLE):
        raise Unreadable("encrypted")
    package = Package(untrusted, draft)
    try:
        book = open_book(package, draft)
        main = next(iter(book.linked("", "officeDocument")), "xl/workbook.bin")
        _read_sheets(book, main)
        for path in [p for p in book.left if p.endswith(".bin") and not any(k in p for k in _KNOWN_ELSEWHERE)]:
            _read_loose(book, path)
        for path in [p for p in book.left if p.endswith(".bin") and ("calcchain" in p or "binaryindex" in p)]:
            book.take(path)  # addresses only
        sweep(book)
    finally:
        package.close()


def _whole(book: Book, path: str) -> list[tuple[int, bytes]]:
    """The records of a part as far as it goes; a Problem when it breaks."""
    found: list[tuple[int, bytes]] = []
    data = book.take(path)
    if data is None:
        return found
    try:
        for record in records(data):
            found.append(record)  # noqa: PERF402 - what came before a break must stay
    except IndexError:
        book.draft.problem("part_unread", path)
    return found


def _read_sheets(book: Book, main: str) -> None:
    folder = dirname(main)
    tabs: list[tuple[str, str, str]] = []
    names: list[tuple[str, bytes, bool, str]] = []
    is_1904 = False
    for kind, data in _whole(book, main):
        if kind == 156:
            (state,) = struct.unpack_from("<I", data)
            relation, at = wide(data, 8)
            tabs.append((relation, wide(data, at)[0], _STATES[min(state & 3, 2)]))
        elif kind == 153:
            is_1904 = bool(data[0] & 1)
        elif kind == 39:
            names.append(_name(data))
    if not tabs:
        book.draft.problem("part_unread", main)
    strings = [wide(data, 1)[0] for kind, data in _whole(book, f"{folder}/sharedstrings.bin") if kind == 19]
    looks = read_looks(_whole(book, f"{folder}/styles.bin"))
    targets = {link.id: link.target for link in book.links.get(main, [])}
    sheet_names = frozenset(name for _, name, _ in tabs)
    used: set[int] = set()
    for number, (relation, name, state) in enumerate(tabs):
        path = targets.get(relation, "")
        page = Page(book.draft, number, name, state, sheet_names)
        page.open()
        if path not in book.left:
            book.draft.tally("sheets", 1, 0)
            book.draft.problem("part_unread", path or "xl/worksheets")
            continue
        if "macrosheet" in path:
            book.draft.problem("macro", path)
        _Reader(book, page, strings, looks, is_1904, used).read(_whole(book, path), path)
    for name, tokens, is_own, comment in names:
        words = literals(tokens)
        if not is_own or words:
            book.draft.add("=".join([name, *words]), Where.HIDDEN, origin="defined_name")
        book.draft.add(comment, Where.HIDDEN, origin="defined_name")
    for index, text in enumerate(strings):
        if index not in used:
            book.draft.add(text, Where.HIDDEN, origin="unused_part")


def _name(data: bytes) -> tuple[str, bytes, bool, str]:
    (flags,) = struct.unpack_from("<I", data)
    name, at = wide(data, 9)
    (size,) = struct.unpack_from("<I", data, at)
    tokens = data[at + 4 : at + 4 + size]
    try:
        (extra,) = struct.unpack_from("<I", data, at + 4 + size)
        comment = wide(data, at + 8 + size + extra)[0]
    except (struct.error, ValueError):
        comment = ""
    return name, tokens, bool(flags & 0x20), comment


class _Reader:
    """Reads one sheet. State: the row and what the workbook knows."""

    def __init__(self, book: Book, page: Page, strings: list[str], looks: list[Look], is_1904: bool, used: set[int]) -> None:
        self._book = book
        self._page = page
        self._strings = strings
        self._looks = looks
        self._is_1904 = is_1904
        self._used = used

    def read(self, parts: list[tuple[int, bytes]], path: str) -> None:
        page, draft = self._page, self._book.draft
        filtered = any(kind == 163 for kind, _ in parts)
        page.filtered = (0, 1 << 24) if filtered else None
        later: list[tuple[str, Where, str | None]] = []
        for kind, data in parts:
            try:
                if kind <= 11:
                    self._cell(kind, data)
                elif kind == 60 and len(data) >= 18 and data[16] & 1:
                    page.hidden_columns.append(struct.unpack_from("<II", data))
                elif kind == 479:
                    later += _margins(data)
                elif kind in (64, 494, 463):
                    later += [(text, Where.HIDDEN, "defined_name") for text in wide_words(data)]
            except (struct.error, ValueError, LookupError):
                draft.problem("part_unread", path)
        page.close()
        for text, where, origin in later:
            is_shown = where is not Where.HIDDEN and page.origin is None
            draft.add(text, where if is_shown else Where.HIDDEN, origin=origin if origin else page.origin)
        for target in self._book.linked(path, "comments"):
            _read_comments(self._book, target, page)
        say_linked(self._book, path, page)

    def _cell(self, kind: int, data: bytes) -> None:
        page = self._page
        if kind == 0:
            (row,) = struct.unpack_from("<I", data)
            (height,) = struct.unpack_from("<H", data, 8)
            page.start_row(row, bool(data[11] & 0x10) or 0 < height < 16)
            return
        column, style = struct.unpack_from("<II", data)
        style &= 0xFFFFFF
        look = self._looks[style] if style < len(self._looks) else PLAIN
        if kind in (2, 5, 9):
            value = unpack_rk(struct.unpack_from("<I", data, 8)[0]) if kind == 2 else struct.unpack_from("<d", data, 8)[0]
            stored = repr(value)
            shown = show(stored, look.code, self._is_1904)
            page.say(column, exact(stored) if shown is None else shown, "hidden_text" if shown is None else look.unseen)
            at = 16
        else:
            text, at = self._words(kind, data)
            if text:
                page.say(column, text, "hidden_text" if hides_text(look.code) else look.unseen)
        if kind >= 8:
            words = literals(data[at:])
            page.formula(column, "&".join(f'"{word}"' for word in words))

    def _words(self, kind: int, data: bytes) -> tuple[str, int]:
        if kind == 7:
            (index,) = struct.unpack_from("<I", data, 8)
            self._used.add(index)
            return self._strings[index], 12
        if kind in (6, 8):
            return wide(data, 8)
        if kind in (3, 11):
            return _ERRORS.get(data[8], "#"), 9
        return ("FALSE", "TRUE")[data[8] != 0] if kind in (4, 10) else "", 9


def _margins(data: bytes) -> list[tuple[str, Where, str | None]]:
    found: list[tuple[str, Where, str | None]] = []
    at = 2
    for number in range(6):
        text, at = wide(data, at)
        found.append((margin_words(text), Where.FOOTER if number % 2 else Where.HEADER, None))
    return found


def _read_comments(book: Book, path: str, page: Page) -> None:
    authors: list[str] = []
    author, cell = "", None
    for kind, data in _whole(book, path):
        if kind == 632:
            authors.append(wide(data, 0)[0])
        elif kind == 635:
            number, row, _, column = struct.unpack_from("<IIII", data)
            author = authors[number] if number < len(authors) else ""
            cell = Cell(page.number, row, column)
        elif kind == 637:
            text = wide(data, 1)[0]
            both = text if not author or text.startswith(author) else f"{author}：{text}"
            book.draft.add(both, Where.COMMENT, origin="comment", cell=cell)


def _read_loose(book: Book, path: str) -> None:
    """A binary part without a grammar here: its words as they come, and a Problem."""
    origin = next((origin for mark, origin in _ORIGINS.items() if mark in path), "unused_part")
    data = book.take(path) or b""
    book.draft.problem("external" if origin == "external_link" else "part_unread", path)
    for text in dict.fromkeys(wide_words(data)):
        book.draft.add(text, Where.HIDDEN, origin=origin)
