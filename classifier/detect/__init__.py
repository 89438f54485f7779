"""The nose. In: a Document (as read, better with roles) and the RuleBook. Out: Findings, merged, in text order.

Touches nothing. Each detector is a function `(View, RuleBook) -> Iterator[Finding]`; DETECTORS lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from classifier.core.document import Document
from classifier.core.finding import Finding, Grade, Severity
from classifier.detect import hidden, marking, passages, pattern, process, sayings, sealed
from classifier.detect.aliases import number
from classifier.detect.repeats import repeat
from classifier.detect.spans import PERSONAL, find_spans
from classifier.detect.view import View, look
from classifier.knowledge.rules import RuleBook

__all__ = ["DETECTORS", "detect", "find_spans"]

Detector = Callable[[View, RuleBook], Iterator[Finding]]

DETECTORS: tuple[Detector, ...] = (
    pattern.detect,
    sealed.detect,
    marking.detect,
    process.detect,
    hidden.detect,
    sayings.detect,
    passages.detect,
    *PERSONAL,
)

_GRADES = (Grade.HINT, Grade.SUSPECTED, Grade.CONFIRMED)
_SEVERITIES = (Severity.INFO, Severity.REVIEW, Severity.REDACT, Severity.BLOCK)


def _weight(finding: Finding) -> tuple[int, int, int, bool]:
    """Which of two overlapping findings of one category speaks: surer, then graver, then longer, then the more telling type.

    A social security number *is* the identity number; its label says more about the person (domain/04 §3).
    """
    length = finding.span.end - finding.span.start
    return (_GRADES.index(finding.grade), _SEVERITIES.index(finding.severity), length, finding.type == "social_security")


_LAYERS = frozenset(
    (
        "health",
        "family",
        "minor",
        "property",
        "religion",
        "biometric",
        "criminal_record",
        "political",
        "whereabouts",
        "narrative",
        "roster",
        "weak_mask",
    )
)
"""A table holds passages, a passage holds values, and may tell two things: findings of these types speak only for their own."""


_VALUE = "value"


def _layer(finding: Finding) -> tuple[str, str]:
    return finding.category.value, finding.type if finding.type in _LAYERS else _VALUE


def merge(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings in text order; where two of one category and layer overlap, the surer, graver, longer one stays."""
    layers: dict[tuple[str, str], list[tuple[int, int, int, Finding]]] = {}
    for place, finding in enumerate(findings):
        layers.setdefault(_layer(finding), []).append((finding.span.start, finding.span.end, place, finding))
    kept: list[tuple[int, int, str, bool, int, Finding]] = []
    for (category, layer), row in sorted(layers.items()):
        row.sort()
        last = row[0]
        for one in row[1:]:
            if one[0] < last[1] and last[0] < one[1]:  # they overlap
                last = one if _weight(one[3]) > _weight(last[3]) else last
            else:
                kept.append((last[0], last[1], category, layer != _VALUE, len(kept), last[3]))
                last = one
        kept.append((last[0], last[1], category, layer != _VALUE, len(kept), last[3]))
    kept.sort()
    return tuple([one[-1] for one in kept])


def detect(document: Document, book: RuleBook) -> tuple[Finding, ...]:
    """Every sensitive passage the enabled rules find in a document."""
    view = look(document)
    found = [finding for detector in DETECTORS for finding in detector(view, book)]
    return number(view, merge([*found, *repeat(view, found)]))
