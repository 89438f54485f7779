"""What the judge has before it, and what a step of the ladder may say."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.core.assessment import Attribute, Reason, Route, Scores
from classifier.core.document import Document, Span
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.settings import Thresholds
from classifier.knowledge.law import Law


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the scorer learned about this document: probabilities, the likeliest article, and the telling sentence."""

    scores: Scores
    basis: dict[Attribute, str]
    """The likeliest article id for each attribute."""
    telling: dict[Attribute, Span]
    """The sentence that speaks most for each attribute (empty when the text is empty)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document before the judge."""

    document: Document
    findings: tuple[Finding, ...]
    lesson: Lesson | None
    """None when there is no model: then nothing is suggested."""
    law: Law
    thresholds: Thresholds = Thresholds()

    def of(self, *categories: Category, grade: Grade | None = None) -> tuple[int, ...]:
        """Indices of the findings of some categories (and of one grade)."""
        return tuple(i for i, f in enumerate(self.findings) if f.category in categories and (grade is None or f.grade is grade))

    def told(self, category: Category) -> tuple[int, ...]:
        """Indices of the findings of a category that are more than a hint: a hint is shown, and moves nothing."""
        return tuple(i for i in self.of(category) if self.findings[i].grade is not Grade.HINT)

    def redactable(self) -> tuple[int, ...]:
        """Indices of the findings that only need a mask."""
        return tuple(i for i, f in enumerate(self.findings) if f.severity is Severity.REDACT)

    def probability(self, attribute: Attribute) -> float:
        """What the scorer gives an attribute; one third without a model."""
        return self.lesson.scores.of(attribute) if self.lesson else 1 / 3


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one step says. `weight` 1.0 decides alone; below, it moves the scorer's probabilities."""

    reason: Reason
    weight: float = 0.0
    at_least: Route = Route.SUGGEST
    """The most hurried route this step still allows."""
    going_out: bool = False
    """Whether that matters only where the paper would go out: nothing need be masked in what stays in."""
