"""One sheet on its way into the text: every spreadsheet reader of this room hands its cells to a Page.

In: cells in reading order. Out: passages with the cell's address, HIDDEN with an origin where a reader of the sheet does not see
them. Formulas follow the cells of their sheet, so that a row reads as a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from classifier.core.document import Cell, Where
from classifier.parse.draft import Draft, Passage

SHEET_ORIGINS = {"hidden": "hidden_sheet", "veryhidden": "very_hidden_sheet", "unused": "unused_part"}
DEFAULT_NAME = re.compile(r"(?:sheet|工作表|chart|图表|macro|宏表|dialog|table|表)\s?\d*", re.I)
"""Names a program gives by itself: they say nothing."""
_WORDLESS = re.compile(
    r"'(?:[^']|'')*'!|\$?[A-Za-z]{1,3}\$?\d{1,7}|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|[A-Za-z_][A-Za-z0-9_.]*\(|TRUE|FALSE|#[A-Z/0]+[!?]?|R\[?-?\d*\]?C\[?-?\d*\]?|\d{1,2}(?![0-9])(?:\.\d{1,2}(?![0-9]))?|[-+*/^&=<>(),;:%$\s{}@.!]",
    re.I,
)
"""What a formula may hold without saying a word: references, functions, operators, numbers of one or two digits."""


def is_plain_formula(formula: str, sheet_names: frozenset[str] = frozenset()) -> bool:
    """Whether a formula only computes: no words in quotes, no large number, no name, no other file, no unknown sheet."""
    if '"' in formula.replace('""', "") or "[" in formula:
        return False
    for name in re.findall(r"'((?:[^']|'')*)'!|([^\s'!=+*/^&<>(),;:-]+)!", formula):
        if (name[0].replace("''", "'") or name[1]) not in sheet_names:
            return False
    rest = formula.replace('""', "")
    for name in sorted(sheet_names, key=len, reverse=True):
        rest = rest.replace(f"{name}!", "")
    return not _WORDLESS.sub("", rest)


@dataclass(slots=True)
class Page:
    """The state of one sheet while its cells are read. `state` is `visible`, `hidden`, `veryhidden` or `unused`."""

    draft: Draft
    number: int
    name: str
    state: str = "visible"
    sheet_names: frozenset[str] = frozenset()
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    covered: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Per row the columns that a merged cell lies over."""
    filtered: tuple[int, int] | None = None
    """First and last row under a filter that hides rows."""
    cells: int = 0
    _row: int = -1
    _column: int = 0
    _row_origin: str | None = None
    _later: list[Passage] = field(default_factory=list)

    @property
    def origin(self) -> str | None:
        """Why the whole sheet is out of sight, or None."""
        return SHEET_ORIGINS.get(self.state)

    def open(self) -> None:
        """Says the sheet's name, unless a program chose it."""
        if not DEFAULT_NAME.fullmatch(self.name.strip()):
            self.draft.add(self.name, Where.HIDDEN if self.origin else Where.BODY, origin=self.origin)

    def start_row(self, row: int, is_hidden: bool = False) -> None:
        """The next row; `is_hidden` when the sheet does not show it."""
        self._row, self._column = row, -1
        self._row_origin = None
        if is_hidden:
            under = self.filtered is not None and self.filtered[0] <= row <= self.filtered[1]
            self._row_origin = "filtered_row" if under else "hidden_row_column"

    def say(self, column: int, text: str, unseen: str | None = None, pieces: list[tuple[str | None, str]] | None = None) -> None:
        """One cell of the current row. `pieces` are its runs when some of them are out of sight: (origin or None, text)."""
        origin = self.origin or self._row_origin or self._hidden_by_place(column) or unseen
        gap = "\n" if self._column < 0 else "\t" * min(max(1, column - self._column), 8)
        self._column = column
        cell = Cell(self.number, self._row, column)
        self.cells += 1
        if pieces and origin is None:
            why = next((o for o, _ in pieces if o), None)
            parts = tuple((Where.HIDDEN if o else Where.BODY, t) for o, t in pieces)
            self.draft.add_passage(Passage(parts, cell, gap, why))
            return
        self.draft.add_passage(Passage(((Where.HIDDEN if origin else Where.BODY, text),), cell, gap, origin))

    def formula(self, column: int, formula: str) -> None:
        """A formula of the current row; kept when it says more than how to compute."""
        self.draft.tally("formulas")
        if not is_plain_formula(formula, self.sheet_names):
            self._later.append(Passage(((Where.HIDDEN, formula),), Cell(self.number, self._row, column), "\n", "formula"))

    def close(self) -> None:
        """Adds what stands behind the cells."""
        self.draft.add_all(self._later)
        self._later.clear()
        self.draft.tally("sheets")

    def aside(self, text: str, origin: str) -> None:
        """Words behind the sheet: validations, scenarios, names."""
        self.draft.add(text, Where.HIDDEN, origin=origin)

    def _hidden_by_place(self, column: int) -> str | None:
        if self.hidden_columns and any(first <= column <= last for first, last in self.hidden_columns):
            return "hidden_row_column"
        if self.covered and any(first <= column <= last for first, last in self.covered.get(self._row, ())):
            return "hidden_text"
        return None


_CODE = re.compile(r'&(?:([LCR])|"[^"]*"|K(?:[0-9A-F]{6}|[0-9]{2}[+-]?[0-9]{0,3})|\d+|([A-Z])|(&))', re.I)


def margin_words(text: str) -> str:
    """The words of a print header or footer without its codes for font, page number, date and file name."""

    def word(found: re.Match[str]) -> str:
        return "\t" if found[1] else "&" if found[3] else ""

    return _CODE.sub(word, text).strip()
