"""The walk through one story of a binary Word file: paragraphs, cells and fields in reading order.

In: a stretch of character positions and its place. Out: passages on the Draft. As in `word_flow`, what a reader sees stays in
one line, tracked insertions included; what he does not see (hidden runs, deletions, field codes) follows its paragraph.
Source: [MS-DOC] 2.4.2, 2.4.3 (cells end with 0x07), 2.8.25 (fields are 0x13 code 0x14 result 0x15).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from classifier.core.document import Cell, Where
from classifier.parse.draft import Draft, Passage
from classifier.parse.oldword_file import WordFile, joined
from classifier.parse.oldword_looks import Mark, Para, Paragraphs, Run, read_runs
from classifier.parse.oldword_styles import Sheet, read_styles
from classifier.parse.word_codes import is_plain_code, symbol

_END = re.compile("[\r\x07\x0c\x0e]")
_FIELD = re.compile("([\x13\x14\x15])")
_PLAIN_CODE = re.compile(
    r"\s*(?:EMBED|TITLE|AUTHOR|SUBJECT|XE|TA|TOA|CONTROL|FILESIZE|USERNAME|SHAPE)\b[^:\\/]*(?:\\[\w*].*)?", re.I | re.S
)
"""What also stands in every paper with an object: the field that holds it (the object itself is attached)."""
_FAR = 20_000
"""Characters a row may have before its end is no longer looked for."""
_SEEN_AS = {0x1E: "-", 0x1F: None, 0x0B: "\n", 0xA0: " "}


@dataclass(slots=True)
class _Line:
    """One paragraph while it is walked."""

    inline: list[tuple[Where, str]] = field(default_factory=list)
    aside: list[tuple[Where, str, str]] = field(default_factory=list)
    """(place, origin, text); an empty text keeps apart what stood apart."""

    def say(self, place: Where, text: str) -> None:
        if self.inline and self.inline[-1][0] is place:
            self.inline[-1] = (place, self.inline[-1][1] + text)
        else:
            self.inline.append((place, text))
        if self.aside and self.aside[-1][2]:
            self.aside.append((place, "", ""))

    def hide(self, place: Where, origin: str, text: str) -> None:
        if self.aside and self.aside[-1][:2] == (place, origin) and self.aside[-1][2]:
            text = self.aside.pop()[2] + text
        self.aside.append((place, origin, text))


class Stories:
    """Walks stories. State that outlives a call: the number of tables, the open row."""

    def __init__(self, word: WordFile, draft: Draft) -> None:
        self._word = word
        self._draft = draft
        self._runs: list[Run] = read_runs(word)
        self._starts = [run.start for run in self._runs]
        self._paragraphs = Paragraphs(word)
        self.sheet: Sheet = read_styles(word)
        self._tables = 0
        self._row, self._column = 0, 0
        self._in_table = False
        self._row_known = (-1, False)

    def tell(self, start: int, end: int, place: Where, origin: str | None = None) -> None:
        """The paragraphs of [start, end), as passages of one place."""
        text = self._word.text
        end = min(end, len(text))
        self._leave_table()
        fields: list[list[str]] = []
        while start < end:
            found = _END.search(text, start, end)
            stop = found.start() if found else end
            mark = found.group() if found else "\r"
            self._paragraph(start, stop, mark, place, origin, fields)
            start = stop + 1
        self._leave_table()

    def _paragraph(self, start: int, stop: int, mark: str, place: Where, origin: str | None, fields: list[list[str]]) -> None:
        para = self._paragraphs.at(stop)
        if mark == "\x07" and not self._paragraphs.are_known:
            is_first = not self._in_table
            para = Para(in_table=True, is_row_end=start == stop and not is_first and self._column > 0)
        in_cell = para.in_table or mark == "\x07"
        if in_cell and not self._in_table:
            self._in_table, self._row, self._column = True, 0, 0
        elif not in_cell:
            self._leave_table()
        line = _Line()
        for piece, run in self._pieces(start, stop):
            self._say(line, piece, run, para, place, fields, stop)
        self._settle(line, Cell(self._tables, self._row, self._column) if in_cell and not para.is_row_end else None, origin)
        if mark == "\x07":
            if para.is_row_end:
                self._row, self._column = self._row + 1, 0
            else:
                self._column += 1

    def _leave_table(self) -> None:
        if self._in_table:
            self._tables += 1
            self._in_table = False

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[str, Mark]]:
        """The text of a paragraph, cut where its look changes."""
        text, runs = self._word.text, self._runs
        index = max(0, bisect_right(self._starts, start) - 1)
        at = start
        while index < len(runs) and runs[index].start < stop:
            run = runs[index]
            index += 1
            if run.end <= at:
                continue
            if run.start > at:
                yield text[at : run.start], Mark()
                at = run.start
            yield text[at : min(run.end, stop)], run.mark
            at = min(run.end, stop)
        if at < stop:
            yield text[at:stop], Mark()

    def _say(self, line: _Line, piece: str, mark: Mark, para: Para, place: Where, fields: list[list[str]], stop: int) -> None:
        if mark.symbol:
            piece = "".join(char if char in "\x13\x14\x15" else symbol("wingdings", f"{ord(mark.symbol):X}") for char in piece)
        for part in _FIELD.split(piece) if _FIELD.search(piece) else (piece,):
            if part == "\x13":
                fields.append([""])
            elif part in ("\x14", "\x15"):
                self._end_code(line, fields, part)
            elif fields and len(fields[-1]) == 1:
                fields[-1][0] += part
            elif part:
                self._place(line, part.translate(_SEEN_AS), mark, para, place, stop)

    def _end_code(self, line: _Line, fields: list[list[str]], part: str) -> None:
        """A field's code is complete: told aside unless every paper has it. A field of two entries shows its result."""
        if not fields:
            return
        current = fields[-1]
        if len(current) == 1:
            current.append("")
            code = current[0].translate({0x01: None})
            if not (is_plain_code(code) or _PLAIN_CODE.fullmatch(code)):
                line.hide(Where.HIDDEN, "field_code", code.strip())
                line.aside.append((Where.HIDDEN, "", ""))
        if part == "\x15":
            fields.pop()

    def _place(self, line: _Line, text: str, mark: Mark, para: Para, place: Where, stop: int) -> None:
        look = mark.look
        looks = self.sheet.looks
        if looks:
            for style in (mark.style, para.style):
                if style in looks:
                    look = look.over(looks[style])
        if mark.is_deleted:
            line.hide(Where.REVISION, "deleted_text", text)
        elif look.vanish:
            line.hide(Where.HIDDEN, "hidden_text", text)
        elif (
            look.white
            and place is not Where.TEXTBOX
            and not (mark.is_shaded or para.is_shaded or (para.in_table and self._is_shaded_row(stop)))
        ):
            line.hide(Where.HIDDEN, "white_text", text)
        elif look.tiny and text.strip():
            line.hide(Where.HIDDEN, "tiny_text", text)
        elif mark.is_inserted and place is Where.BODY:
            line.say(Where.REVISION, text)
        else:
            line.say(place, text)

    def _is_shaded_row(self, position: int) -> bool:
        """Whether the row of a cell has a coloured ground somewhere; its properties stand at its end."""
        end, answer = self._row_known
        if position <= end:
            return answer
        at = position
        for _ in range(200):
            at = self._word.text.find("\x07", at, at + _FAR)
            if at < 0:
                break
            para = self._paragraphs.at(at)
            if para.is_row_end:
                self._row_known = (at, para.shades_cells)
                return para.shades_cells
            at += 1
        return False

    def _settle(self, line: _Line, cell: Cell | None, origin: str | None) -> None:
        gap = "\t" if cell and cell.column and cell != self._last_cell() else "\n"
        pieces = tuple((place, joined(text)) for place, text in line.inline)
        inserted = "inserted_text" if any(place is Where.REVISION for place, _ in pieces) else None
        self._draft.add_passage(Passage(pieces, cell, gap, origin or inserted))
        for place, why, text in line.aside:
            if text:
                self._draft.add(joined(text), place, cell=cell, origin=why)

    def _last_cell(self) -> Cell | None:
        blocks = self._draft.blocks
        return blocks[-1].cell if blocks else None
