"""What a detector sees: the document, its folded text, and its lines. Made once per document."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.core.document import Document, Span, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.text import fold
from classifier.knowledge.rules import Rule


@dataclass(frozen=True, slots=True)
class View:
    """A document ready for matching. `folded` has the same length as `document.text`: spans hold for both."""

    document: Document
    folded: str

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
