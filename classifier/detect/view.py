"""What a detector sees: the document, its folded text, and its lines. Made once per document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from classifier.core.document import Block, Document, Span, Where
from classifier.core.finding import Finding, Grade, Severity
from classifier.core.text import fold
from classifier.detect.islands import Island, find_islands
from classifier.knowledge.rules import Rule, RuleBook

_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass of `detect.anchors` found in a document."""

    woken: dict[object, Any]
    """Rule id, or cue of a detector, to those of its words that stand in the text, with their places."""
    terms: list[tuple[int, int, int]]
    """(start, end, number of the word)."""
    reaches: Mapping[object, Any]
    """All rules and cues whose words were looked for: of those that are not woken there is no match."""


@dataclass(frozen=True, eq=False)
class View:
    """A document ready for matching. `folded` has the same length as `document.text`: spans hold for both.

    Without slots: what several detectors need (islands, scans) is worked out once and kept here, for as long as the view lives.
    """

    document: Document
    folded: str
    scans: dict[RuleBook, Scan] = field(default_factory=dict, repr=False)
    """Filled by `detect.anchors`, once per rule book."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The folded lines, blank ones and all."""
        return tuple(self.folded.split("\n"))

    @cached_property
    def unusual(self) -> tuple[Block, ...]:
        """The blocks that are no plain words of the body: name, properties, headers, notes, whatever was out of sight."""
        return tuple([b for b in self.document.blocks if b.where is not Where.BODY or b.origin is not None])

    @cached_property
    def latin(self) -> bytes:
        """The Latin letters, upper case, without all that stands between them: a quick look for a word that is not there."""
        return self.folded.encode("ascii", "ignore").translate(None, _NO_LETTERS).upper()

    @cached_property
    def cells(self) -> tuple[Block, ...]:
        """The blocks that are cells of tables."""
        return tuple([block for block in self.document.blocks if block.cell is not None])

    @cached_property
    def islands(self) -> tuple[Island, ...]:
        """The stretches of digits and Latin letters, in order."""
        return tuple(find_islands(self.folded))

    def line_of(self, start: int, end: int) -> str:
        """The folded line (or lines) that hold [start, end)."""
        left = self.folded.rfind("\n", 0, start) + 1
        right = self.folded.find("\n", end)
        return self.folded[left : right if right >= 0 else len(self.folded)]

    def around(self, start: int, end: int, reach: int = 40) -> str:
        """The folded text from `reach` characters before to `reach` after."""
        return self.folded[max(0, start - reach) : end + reach]

    def finding(
        self,
        rule: Rule,
        start: int,
        end: int,
        *,
        grade: Grade | None = None,
        severity: Severity | None = None,
        type_: str | None = None,
        mask: str | None = None,
    ) -> Finding:
        """A Finding of `rule` at [start, end), with place and page looked up."""
        block = self.document.block_at(start)
        where, page = (block.where, block.page) if block else (Where.BODY, None)
        grade, severity = grade or rule.grade, severity or rule.severity
        span = Span(start, end)
        return Finding(
            rule.category, type_ or rule.type, rule.citation, span, grade, severity, rule.law, rule.why, where, page, mask
        )


def look(document: Document) -> View:
    """The View of a document."""
    return View(document, fold(document.text))
