"""What a detector sees: the document, its folded text, and its lines. Made once per document."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from classifier.core.document import Document, Span, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.text import fold
from classifier.detect.islands import Island, find_islands
from classifier.knowledge.rules import Rule, RuleBook


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass of `detect.anchors` found in a document: where each pattern has to be run, and the terms."""

    windows: dict[str, list[tuple[int, int]]]
    """Rule id to the stretches of the text that can hold a match; a rule that is not here is run over the whole text."""
    terms: list[tuple[int, int, int]]
    """(start, end, number of the word)."""


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
        return Finding(
            category=Category(rule.category),
            type=type_ or rule.type,
            rule=rule.citation,
            span=Span(start, end),
            grade=grade or rule.grade,
            severity=severity or rule.severity,
            law=rule.law,
            why=rule.why,
            where=block.where if block else Where.BODY,
            page=block.page if block else None,
            mask=mask,
        )


def look(document: Document) -> View:
    """The View of a document."""
    return View(document, fold(document.text))
