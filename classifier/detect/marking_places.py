"""Where a marking may stand: head of the paper, header, footer, watermark, cover, start of an attachment, end (domain/02 §2)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from classifier.core.document import Where
from classifier.detect.anchors import Cue, finds
from classifier.detect.marking_grammar import fold_marks, has_trigger, lone_level, plain_level
from classifier.detect.view import View
from classifier.knowledge.rules import RuleBook

_HEAD_LINES = 12
"""A marking stands above the red line: copy number, level, urgency, issuer mark, number, title (GB/T 9704 §7.2)."""
OUTSIDE = frozenset({Where.HEADER, Where.FOOTER, Where.TEXTBOX, Where.PROPERTY, Where.OCR, Where.HIDDEN})
_OTHER_LEVEL = re.compile(r"^[\s（(【\[\d.、A-Da-d●·\-]{0,8}(?:内\s*部|非\s*密|公\s*开|普\s*通|一\s*般)级?[\s）)】\]]{0,4}$")
_HEADING = re.compile(r"^[\s\u3000]{0,8}[一二三四五六七八九十]{1,3}、")
_FIELD = re.compile(r"^[\s\u3000]{0,8}密\s{0,4}级[:：]?[\s\u3000]{0,8}$")
_COLOPHON = re.compile(r"^[\s\u3000（(]{0,8}(?:共印|印数|印)[:：]?\s{0,2}\d{1,5}\s?份")
_INK = re.compile(r"\S")
_ATTACHMENT = re.compile(r"^[\s\u3000]{0,8}附\s{0,4}(?:件|表|图|录)\s{0,4}[\d一二三四五六七八九十]{0,3}[:：]?[\s\u3000]{0,8}$")
_WORD = re.compile(r"^[\s\u3000]{0,8}(?!附|封|目|密)[\u4e00-\u9fff]{2}[\s\u3000]{0,8}$")


_WORKS = re.compile("影片|片单|片目|书目|剧目|电影|图书|歌曲|曲目|节目")


@dataclass(frozen=True, eq=False)
class Sheet:
    """The document as the marking rules see it: text with look-alikes made plain, its lines, and where head and end are.

    Without slots: lines, head and end are worked out when a walk first asks for them.
    """

    view: View
    book: RuleBook
    marks: View
    """The document with the look-alikes made plain; what the one pass over it finds is asked here."""
    text: str

    @cached_property
    def _rows(self) -> tuple[list[int], list[int]]:
        starts, ends = [], []
        at = 0
        for line in self.view.lines:
            if line and not line.isspace():
                starts.append(at)
                ends.append(at + len(line))
            at += len(line) + 1
        return starts, ends

    @property
    def starts(self) -> list[int]:
        """Where each non-empty line starts, in text order."""
        return self._rows[0]

    @property
    def ends(self) -> list[int]:
        """Where each of them ends."""
        return self._rows[1]

    @cached_property
    def _body(self) -> tuple[int, int]:
        seen, head_end, last = 0, len(self.text), -1
        for block in self.view.document.blocks:
            if block.where is Where.BODY and not self.text[block.span.start : block.span.end].isspace():
                seen += 1
                if seen == _HEAD_LINES:
                    head_end = block.span.end
                last = block.span.end - 1
        return head_end, last

    @property
    def head_end(self) -> int:
        """Where the head of the body ends."""
        return self._body[0]

    @property
    def last_line(self) -> int:
        """Start of the last line of the body."""
        last = self._body[1]
        return self.starts[self.number_at(last)] if last >= 0 else -1

    def line(self, number: int) -> str:
        """The words of a non-empty line; empty before the first and after the last."""
        return self.text[self.starts[number] : self.ends[number]] if 0 <= number < len(self.starts) else ""

    def level(self, line: str) -> str | None:
        """The level of a line that is nothing but a marking (`lone_level`): each wording is read once."""
        if line not in self._levels:
            self._levels[line] = lone_level(line)
        return self._levels[line]

    @cached_property
    def _levels(self) -> dict[str, str | None]:
        return {}

    def finds(self, known: Cue) -> Iterable[re.Match[str]]:
        """The matches of a pattern that is watched for."""
        return finds(self.marks, self.book, known)

    def lines_at(self, places: Iterable[int], longest: int) -> Iterator[int]:
        """Numbers of the lines of at most so many characters that hold one of the places, in order."""
        for number in sorted({self.number_at(place) for place in places}):
            if self.ends[number] - self.starts[number] <= longest:
                yield number

    def headed_lines(self, places: Iterable[int], longest: int) -> Iterator[int]:
        """Of those the lines in the head of the body, or outside the body."""
        return (number for number in self.lines_at(places, longest) if self.is_headed(number))

    def where(self, number: int) -> Where:
        """The place of a line."""
        return self.view.document.where_at(self.first_letter(number))

    def first_letter(self, number: int) -> int:
        """Position of the first character of a line that is no space."""
        ink = _INK.search(self.text, self.starts[number])
        assert ink is not None, "only lines with words are kept"
        return ink.start()

    def number_at(self, position: int) -> int:
        """The line that holds a position, by bisection."""
        return bisect_right(self.starts, position) - 1

    def is_listed(self, number: int) -> bool:
        """Whether a neighbouring line is another level: a list that explains the levels, not a marking said twice."""
        this = self.line(number)
        beside = [line for line in (self.line(number - 1), self.line(number + 1)) if line and line != this]
        own = (self.level(this) or plain_level(this)[:2]) if beside else ""
        return any(_OTHER_LEVEL.match(line) or (self.level(line) or own) != own for line in beside)

    def is_title(self, number: int) -> bool:
        """Whether 《绝密》 stands in a list of works: beside another title, or under a heading of films or books."""
        line = self.line(number)
        if "《" not in line:
            return False
        before, after = self.line(number - 1), self.line(number + 1)
        return any(re.match(r"[\s\d.、●·\-]{0,8}《", beside) for beside in (before, after)) or _WORKS.search(before) is not None

    def is_item(self, number: int) -> bool:
        """Whether the line follows a heading or a sentence of running text (so it is an item of it, not the head)."""
        before = self.line(number - 1).rstrip()
        return before.endswith(("：", ":", "，", "、", "；", "。")) or _HEADING.match(before) is not None

    def is_strip(self, number: int) -> bool:
        """Whether the line is a header, a footer or a text box: few words, where a level needs no wide spaces around it."""
        return self.where(number) in (Where.HEADER, Where.FOOTER, Where.TEXTBOX)

    def is_among_words(self, number: int) -> bool:
        """Whether the line stands in a list of short words: a vocabulary, no marking."""
        beside = [self.line(n) for n in (number - 1, number + 1) if self.line(n) and self.where(n) is Where.BODY]
        return bool(beside) and all(_WORD.match(line) for line in beside)

    def is_placed(self, number: int) -> bool:
        """Whether a level in this line is a marking by where it stands (looked at once: two walks ask)."""
        if number not in self._placed:
            self._placed[number] = self._find_placed(number)
        return self._placed[number]

    @cached_property
    def _placed(self) -> dict[int, bool]:
        return {}

    def _find_placed(self, number: int) -> bool:
        where = self.where(number)
        if where in OUTSIDE:
            return where is not Where.OCR or not self.is_listed(number)  # a scan is a whole paper
        if where is not Where.BODY or self.is_listed(number):
            return False
        if self.starts[number] < self.head_end:
            return not self.is_item(number)
        if _ATTACHMENT.match(self.line(number - 1)) or _FIELD.match(self.line(number - 1)):
            return True
        ends = self.starts[number] == self.last_line or _COLOPHON.match(self.line(number + 1)) is not None
        return ends and not self.is_among_words(number)

    def is_headed(self, number: int) -> bool:
        """Whether the line stands in the head of the body, or outside the body."""
        where = self.where(number)
        return where in OUTSIDE or (where is Where.BODY and self.starts[number] < self.head_end)


def lay_out(view: View, book: RuleBook) -> Sheet | None:
    """The Sheet of a document; None when no word of a marking is in it, as in most papers."""
    if not has_trigger(view.folded, view.latin):
        return None
    text = fold_marks(view.folded)
    return Sheet(view, book, view if text == view.folded else View(view.document, text), text)
