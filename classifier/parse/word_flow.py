"""The walk through one Word part: paragraphs and cells in reading order, each character with its place.

In: the root of document.xml, a header, the notes, the comments. Out: passages for the Draft. What a reader sees stays in one
line, tracked insertions included, so that a number is found whole; what he does not see (hidden runs, deletions, field codes)
follows its paragraph.

    <w:p>  机密 <w:del>秘</w:del> ★ <w:ins>5</w:ins> 年 <textbox>甲</textbox>  </w:p>
      ->   机密★|5|年      BODY, REVISION, BODY: three blocks that touch
           秘              REVISION
           甲              TEXTBOX
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from classifier.core.document import Cell, Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Passage, shows
from classifier.parse.word_codes import is_plain_code
from classifier.parse.word_line import Line, Pieces, Run
from classifier.parse.word_looks import PLAIN, Look, Styles, is_shaded, read_look, value
from classifier.parse.word_tags import CHARACTERS, find_handler, note_bookmark, say_text, skip
from classifier.parse.xmltree import local


@dataclass(slots=True)
class _Table:
    number: int
    row: int = -1
    column: int = 0


class Flow:
    """Walks one part. State that outlives a call: the open paragraph, table and cell."""

    def __init__(self, styles: Styles, *, looks: bool, tables: int = 0, origin: str | None = None) -> None:
        self.passages: list[Passage] = []
        self.properties: dict[str, str] = {}
        """Names, authors and other words that belong to no paragraph, each once, in order, with their origin."""
        self.origin = origin
        """How what is walked now is out of sight: a comment, a deletion, a hidden run."""
        self.tables = tables
        self._styles = styles
        self._looks = looks
        self._line: Line | None = None
        self._table: _Table | None = None
        self._cell: Cell | None = None
        self._gap = ""
        self._style = ""
        self._shaded = 0
        self._known: dict[tuple[str, str], Look] = {}

    def walk(self, parent: Iterable[etree._Element], place: Where, aside: bool = False) -> None:
        """Everything below `parent`. `aside` text follows the paragraph instead of standing in its line."""
        for child in parent:
            handler = find_handler(child.tag)
            if handler is None:
                self.walk(child, place, aside)
            else:
                handler(self, child, place, aside)

    def say(self, text: str | None, place: Where, aside: bool) -> None:
        """One piece of text. Outside any paragraph it becomes a passage of its own."""
        if not text:
            return
        if self._line is None:
            self._emit(((place, text),), self.origin)
        else:
            self._end_code()
            self._line.runs.append(Run(place, aside, text, self.origin))

    def note(self, text: str, origin: str = "metadata") -> None:
        """Words that belong to no paragraph."""
        if text.strip():
            self.properties.setdefault(text, origin)

    def within(self, origin: str, element: Iterable[etree._Element], place: Where, aside: bool) -> None:
        """Walks what is out of sight in its own way: a deletion, an insertion."""
        outer, self.origin = self.origin, origin
        self.walk(element, place, aside)
        self.origin = outer

    def _emit(self, pieces: Pieces, origin: str | None) -> None:
        if not shows(pieces):
            return
        passage = Passage(pieces, self._cell, self._gap or "\n", origin)
        self._gap = ""
        (self.passages if self._line is None else self._line.after).append(passage)

    def paragraph(self, element: Iterable[etree._Element], place: Where, aside: bool) -> None:
        """One paragraph, also one inside a text box inside another paragraph (it then follows the outer one)."""
        outer, style, gap, shaded = self._line, self._style, self._gap, self._shaded
        if self._looks:
            self._read_paragraph_look(element)
        if outer is None and not aside and (text := self._read_plain(element, place)) is not None:
            self._style, self._shaded = style, shaded
            self._emit(((place, text),), None if place is Where.BODY else self.origin)
            return
        line = Line()
        self._line, self._gap = line, ""
        self.walk(element, place, aside)
        self._end_code()
        self._line, self._style, self._shaded = outer, style, shaded
        first = len(self.passages) if outer is None else len(outer.after)
        inner, self._gap = self._gap, gap
        for pieces, origin in line.settle():
            self._emit(pieces, origin)
        target = self.passages if outer is None else outer.after
        target.extend(line.after)
        if len(target) == first:
            self._gap = gap + inner

    def _read_plain(self, element: Iterable[etree._Element], place: Where) -> str | None:
        """The text of a paragraph in which nothing but text stands, as in most: what the walk would make of it, sooner.

        None for any other, which is then walked; a bookmark noted before that is noted once.
        """
        texts: list[str] = []
        for child in element:
            handler = find_handler(child.tag)
            if handler is Flow.run:
                if self._looks and self._unseen(child) is not None:
                    return None
                for piece in child:
                    handler = find_handler(piece.tag)
                    if handler is say_text and not len(piece):
                        texts.append(piece.text or "")
                    elif handler in CHARACTERS:
                        texts.append(CHARACTERS[handler])
                    elif handler is not skip and (handler is not None or len(piece)):
                        return None
            elif handler is note_bookmark:
                note_bookmark(self, child, place, False)
            elif handler is not skip and (handler is not None or len(child)):
                return None
        return "".join(texts)

    def _read_paragraph_look(self, element: Iterable[etree._Element]) -> None:
        self._style = self._styles.paragraph
        properties = _child(element, "pPr")
        if properties is not None:
            style = _child(properties, "pStyle")
            if style is not None:
                self._style = value(style)
            self._shaded += is_shaded(properties)

    def run(self, element: etree._Element, place: Where, aside: bool) -> None:
        """One run: hidden, white or tiny text stands aside as HIDDEN (a deletion stays a deletion)."""
        unseen = self._unseen(element) if self._looks and not aside else None
        if unseen is None:
            self.walk(element, place, aside)
        else:
            self.within(unseen, element, Where.HIDDEN, True)

    def _unseen(self, element: etree._Element) -> str | None:
        """How a run is kept from its reader, or None."""
        properties = _child(element, "rPr")
        direct, style = PLAIN, ""
        if properties is not None:
            direct = read_look(properties)
            named = _child(properties, "rStyle")
            style = value(named) if named is not None else ""
        known = self._known.get((style, self._style))
        if known is None:
            known = self._known[style, self._style] = self._styles.of(style, self._style)
        if not (direct.hides or known.hides):
            return None
        look = direct.over(known)
        if look.vanish:
            return "hidden_text"
        if look.white and not self._shaded and not is_shaded(properties):
            return "white_text"
        return "tiny_text" if look.tiny else None

    def table(self, element: etree._Element, place: Where, aside: bool) -> None:
        """One table; a nested one gets the next number and its cells follow the text before it."""
        outer, cell = self._table, self._cell
        self._table = _Table(self.tables)
        self.tables += 1
        self.walk(element, place, aside)
        self._table, self._cell, self._gap = outer, cell, ""

    def row(self, element: etree._Element, place: Where, aside: bool) -> None:
        """One row; an inserted or deleted one is a revision."""
        if self._table is not None:
            self._table.row += 1
            self._table.column = 0
            self._gap = "\n"
        change = {local(c.tag) for p in element if local(p.tag) == "trPr" for c in p}
        if change & {"ins", "del"}:
            gone = "del" in change
            self.within("deleted_text" if gone else "inserted_text", element, Where.REVISION, aside or gone)
        else:
            self.walk(element, place, aside)

    def cell(self, element: etree._Element, place: Where, aside: bool) -> None:
        """One cell, at the column its left edge has in the grid."""
        table, outer, shaded = self._table, self._cell, self._shaded
        if table is None:
            self.walk(element, place, aside)
            return
        self._cell = Cell(table.number, max(0, table.row), table.column)
        if table.column:
            self._gap += "\t"
        properties = _child(element, "tcPr")
        wide = _child(properties, "gridSpan") if properties is not None else None
        span = value(wide) if wide is not None else "1"
        if self._looks:
            self._shaded += is_shaded(properties)
        self.walk(element, place, aside)
        self._cell, self._shaded = outer, shaded
        table.column += min(max(1, int(span)), 100) if span.isdecimal() and span.isascii() and len(span) < 4 else 1

    def box(self, element: etree._Element, place: Where, aside: bool) -> None:
        """The text inside a shape: TEXTBOX in the body, else the place of its part (a box in a header is header)."""
        cell, table, shaded = self._cell, self._table, self._shaded
        self._cell = self._table = None
        self._shaded += 1  # the shape may well be filled: white letters in it show
        self.walk(element, Where.TEXTBOX if place is Where.BODY else place, aside)
        self._cell, self._table, self._shaded = cell, table, shaded

    def alternate(self, element: etree._Element, place: Where, aside: bool) -> None:
        """Two versions of one thing (modern and old shape): the first in full, of the others only what it lacks."""
        if self._line is None:
            self.paragraph([element], place, aside)
            return
        line, tables = self._line, self.tables
        said = ""
        for number, branch in enumerate(child for child in element if local(child.tag) in ("Choice", "Fallback")):
            self._line = other = Line()
            self.walk(branch, place, aside)
            self._end_code()
            self._line = line
            if number == 0:
                tables = self.tables
            line.runs += [run for run in other.runs if number == 0 or squeeze(run.text) not in said]
            line.after += [passage for passage in other.after if number == 0 or squeeze(passage.text) not in said]
            said += squeeze("".join(run.text for run in other.runs)) + "".join(squeeze(p.text) for p in other.after)
        self.tables = tables

    def code_piece(self, text: str) -> None:
        """A piece of a field code; pieces are judged together when the code ends."""
        if self._line is None:
            if not is_plain_code(text):
                self._emit(((Where.HIDDEN, text),), "field_code")
        else:
            self._line.code.append(text)

    def _end_code(self) -> None:
        line = self._line
        if line is not None and line.code:
            code = "".join(line.code)
            line.code.clear()
            if not is_plain_code(code):
                line.runs.append(Run(Where.HIDDEN, True, code, "field_code"))

    def end_code(self) -> None:
        """A field character: the code before it is complete."""
        self._end_code()

    def loose(self, text: str, place: Where, origin: str | None = None) -> None:
        """Words of an attribute: they follow the paragraph, never inside its line."""
        if not text.strip():
            return
        if self._line is None:
            self._emit(((place, text),), origin or self.origin)
        else:
            self._line.after.append(Passage(((place, text),), self._cell, origin=origin or self.origin))


def _child(element: Iterable[etree._Element], name: str) -> etree._Element | None:
    """The first child of this local name."""
    for child in element:
        if local(child.tag) == name:
            return child
    return None
