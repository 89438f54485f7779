"""What the judge has before it, and what a step of the ladder may say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from classifier.core.assessment import Attribute, Reason, Route, Scores
from classifier.core.document import Document, Span
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.problems import BESIDE_THE_TEXT
from classifier.core.settings import Thresholds
from classifier.knowledge.law import Law

_READ = BESIDE_THE_TEXT - {"image"}
"""Problems that leave the text read in full; a picture is beside the text only where there is a text."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the scorer learned about this document: probabilities, and on being asked what an attribute would rest on.

    The two questions cost a second look at the text, so they are put for the attribute that is decided and no other.
    """

    scores: Scores
    basis: Callable[[Attribute], str]
    """The likeliest article id for an attribute."""
    telling: Callable[[Attribute], Span | None]
    """The sentence that speaks most for an attribute (None when the text is empty)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document before the judge."""

    document: Document
    findings: tuple[Finding, ...]
    lesson: Lesson | None
    """None when there is no model: then nothing is suggested."""
    law: Law
    thresholds: Thresholds = Thresholds()

    _places: Mapping[Category, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    """Indices of the findings by category: every step asks for some."""

    def __post_init__(self) -> None:
        places: dict[Category, list[int]] = {}
        for i, finding in enumerate(self.findings):
            places.setdefault(finding.category, []).append(i)
        object.__setattr__(self, "_places", {category: tuple(found) for category, found in places.items()})

    @property
    def is_unread(self) -> bool:
        """Whether nothing was read of what the paper says; its name, and marks in that, may still be known.

        A container that was read in full holds nothing of its own and is not meant; the papers in it have their own say.
        """
        return not self.document.body_length() and any(p.code not in _READ for p in self.document.problems)

    def of(self, category: Category) -> tuple[int, ...]:
        """Indices of the findings of a category."""
        return self._places.get(category, ())

    def told(self, category: Category) -> tuple[int, ...]:
        """Indices of the findings of a category that are more than a hint: a hint is shown, and moves nothing."""
        return tuple([i for i in self.of(category) if self.findings[i].grade is not Grade.HINT])

    def redactable(self) -> tuple[int, ...]:
        """Indices of the findings that only need a mask."""
        return tuple([i for i, f in enumerate(self.findings) if f.severity is Severity.REDACT])

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
