"""The cells of one worksheet of an xlsx, row by row, so that a sheet of a million cells is never a tree.

In: the bytes of a worksheet part. Out: cells on a Page, and the root with everything that is not cells. Source: ECMA-376 part 1,
18.3.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache

from lxml import etree

from classifier.parse.sheet_looks import PLAIN, Look
from classifier.parse.sheet_numbers import exact, hides_text, show
from classifier.parse.sheet_page import Page
from classifier.parse.sheet_strings import Words, read_words, unescape
from classifier.parse.xmltree import local

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["\']([A-Z$]+\d+:[A-Z$]+\d+)["\']')
_FILTER = re.compile(rb'<(?:\w+:)?autoFilter\s[^>]*?\bref\s*=\s*["\']([A-Z$\d:]+)["\'][^>]*>\s*<(?:\w+:)?filterColumn')
_MOST_COVERED = 200_000
_ON = ("1", "true", "on")


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def area(ref: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row, last column of `A1:B2`, from 0."""
    found = _REF.findall(ref)
    if not found:
        return None
    (left, top), (right, bottom) = found[0], found[-1]
    return int(top) - 1, column_number(left), int(bottom) - 1, column_number(right)


def covered_cells(untrusted: bytes) -> dict[int, list[tuple[int, int]]]:
    """Per row, the columns that a merged cell lies over: what stands there is stored and never shown."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for found in _MERGE.finditer(untrusted):
        place = area(found[1].decode("ascii"))
        if place is None or len(covered) + place[2] - place[0] > _MOST_COVERED:
            continue
        top, left, bottom, right = place
        for row in range(top, bottom + 1):
            covered.setdefault(row, []).append((left + 1 if row == top else left, right))
    return covered


class CellReader:
    """Reads worksheets of one workbook. State that outlives a call: its strings and looks."""

    def __init__(self, strings: list[Words], looks: list[Look], is_1904: bool) -> None:
        self.strings = strings
        self._looks = looks
        self._hides_text = [hides_text(look.code) for look in looks]
        self._is_1904 = is_1904
        self._shown: dict[tuple[str, int], str | None] = {}

    def read(self, untrusted: bytes, page: Page) -> tuple[etree._Element | None, bool]:
        """Adds all cells; returns the root without its rows, and whether the part was whole."""
        page.covered = covered_cells(untrusted)
        if found := _FILTER.search(untrusted):
            place = area(found[1].decode("ascii"))
            page.filtered = (place[0], place[2]) if place else None
        # the hardening of xmltree; recover gives the rows before a break, its log says that there was one
        events = etree.iterparse(
            io.BytesIO(untrusted),
            events=("end",),
            tag="{*}row",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=True,
        )
        expected = 0
        try:
            for _, row in events:
                parent = row.getparent()
                if parent is None or local(parent.tag) != "sheetData":
                    continue
                if not expected:
                    page.hidden_columns = _hidden_columns(parent.getparent())
                expected = self._read_row(row, expected, page) + 1
                row.clear()
                while row.getprevious() is not None:
                    del parent[0]
        except (etree.LxmlError, ValueError):
            return None, False
        root = events.root
        is_whole = not events.error_log and root is not None and not root.getroottree().docinfo.doctype
        return root, bool(is_whole)

    def _read_row(self, row: etree._Element, expected: int, page: Page) -> int:
        said = row.get("r", "")
        number = int(said) - 1 if said.isdecimal() and 0 < len(said) < 8 else expected
        page.start_row(number, row.get("hidden") in _ON or _is_flat(row.get("ht")))
        column = -1
        namespace = row.tag[:-3]
        tags = (namespace + "v", namespace + "f", namespace + "is")
        for cell in row:
            found = _REF.fullmatch(cell.get("r", ""))
            column = column_number(found[1]) if found else column + 1
            if len(cell):
                self._read_cell(cell, column, page, tags)
        return number

    def _read_cell(self, cell: etree._Element, column: int, page: Page, tags: tuple[str, str, str]) -> None:
        value: str | None = None
        formula = ""
        words: Words | None = None
        for child in cell:
            if child.tag == tags[0]:
                value = child.text
            elif child.tag == tags[1]:
                formula = child.text or ""
            elif child.tag == tags[2]:
                words = read_words(child)
        kind = cell.get("t", "n")
        style = cell.get("s", "0")
        number = int(style) if style.isdecimal() and len(style) < 7 else 0
        look = self._looks[number] if number < len(self._looks) else PLAIN
        if words is None and kind == "s" and value is not None:
            words = self._shared(value, page)
            value = None
        if words is not None or value is not None:
            self._say(words, value, kind, number, look, column, page)
        if formula:
            page.formula(column, formula)

    def _shared(self, value: str, page: Page) -> Words | None:
        index = int(value) if value.strip().isdecimal() and len(value) < 10 else -1
        if not 0 <= index < len(self.strings):
            page.draft.problem("part_unread", "xl/sharedStrings.xml")
            return None
        words = self.strings[index]
        words.used = True
        return words

    def _say(self, words: Words | None, value: str | None, kind: str, number: int, look: Look, column: int, page: Page) -> None:
        unseen = look.unseen
        if words is not None:
            if number < len(self._hides_text) and self._hides_text[number]:
                unseen = "hidden_text"
            page.say(column, words.text, unseen, None if look.shaded else words.pieces)
        elif value is not None and kind == "n":
            key = (value, number)
            shown = self._shown[key] if key in self._shown else show(value, look.code, self._is_1904)
            if len(self._shown) < 50_000:
                self._shown[key] = shown
            page.say(column, exact(value) if shown is None else shown, "hidden_text" if shown is None else unseen)
        elif value is not None:
            text = ("FALSE", "TRUE")[value.strip() in _ON] if kind == "b" else unescape(value)
            page.say(column, text, unseen)


def _hidden_columns(sheet: etree._Element | None) -> list[tuple[int, int]]:
    hidden = []
    for column in sheet.iterfind("{*}cols/{*}col") if sheet is not None else ():
        first, last = column.get("min", ""), column.get("max", "")
        if not (first.isdecimal() and last.isdecimal() and len(first) < 7 and len(last) < 7):
            continue
        if column.get("hidden") in _ON or _is_flat(column.get("width"), 0.2):
            hidden.append((int(first) - 1, int(last) - 1))
    return hidden


def _is_flat(size: str | None, limit: float = 0.8) -> bool:
    """Whether a row height or column width is too small to show anything."""
    if size is None:
        return False
    try:
        return float(size) <= limit
    except ValueError:
        return False
