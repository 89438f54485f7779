"""区分处理: the text as it would be published, with every masked passage replaced（条例 第三十七条）."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from classifier.core.assessment import Assessment
from classifier.core.document import Span, Where
from classifier.core.finding import Severity
from review_ui.publish import spelling
from review_ui.store.opinions import Rulings

FALLBACK = "＊＊＊"
"""Stands for a passage without a mask of its own; its length tells nothing about what was there."""

MARKER = "〔已作区分处理〕"

_NOT_PUBLISHED = frozenset({Where.COMMENT, Where.REVISION, Where.HIDDEN, Where.PROPERTY, Where.NAME})
"""Places a reader of the printed paper never sees; they do not travel into the published copy."""

_WORDS = frozenset({"family", "property", "religion", "political", "criminal_record", "biometric", "whereabouts"})
_FEW = 4
"""A masked field of three characters (`女儿`, `丧偶`) is an everyday word: it is masked in its place and not hunted elsewhere; names of illnesses are."""

NO_RULINGS = Rulings()


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text that is not plain body text."""

    span: Span
    where: Where


@dataclass(frozen=True, slots=True)
class Masked:
    """The text to publish and the proof material that goes with it."""

    text: str
    count: int
    """Masked passages, echoes included."""
    secrets: tuple[str, ...]
    """What was masked: must not re-appear anywhere in the package. Never stored."""
    stand_ins: frozenset[str] = frozenset()
    """What stands there instead; the re-scan may recognise these again."""

    @property
    def content(self) -> str:
        """SHA-256 of the text: what a signature signs. Empty when there is no text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest() if self.text.strip() else ""

    def cover(self, words: str | None) -> str | None:
        """Other words taken from the document (title, number), with the same passages masked."""
        return None if words is None else spelling.hide(words, self.secrets, FALLBACK)[0]


def masked_findings(assessment: Assessment, rulings: Rulings) -> frozenset[int]:
    """Findings that will be masked: those that ask for it minus the cleared, and those that people want hidden."""
    asking = {i for i, f in enumerate(assessment.findings) if f.severity is Severity.REDACT}
    return frozenset((asking - rulings.cleared) | rulings.hidden)


def undecided(assessment: Assessment, rulings: Rulings) -> tuple[int, ...]:
    """Findings that could be masked but only ask a person to look, and on which nobody has ruled."""
    asking = ((i, f) for i, f in enumerate(assessment.findings) if f.severity is Severity.REVIEW and f.mask is not None)
    return tuple(number for number, _ in asking if number not in rulings.decided)


def spans_to_mask(assessment: Assessment, rulings: Rulings) -> dict[Span, str]:
    """Which spans are masked, and by what: masked findings, and suggested redactions that no person cleared."""
    wanted: dict[Span, str] = {}
    for number in sorted(masked_findings(assessment, rulings)):
        finding = assessment.findings[number]
        wanted[finding.span] = finding.mask or FALLBACK
    for span in assessment.redactions:
        over = [i for i, f in enumerate(assessment.findings) if f.span.overlaps(span)]
        if span not in wanted and not (over and all(i in rulings.cleared for i in over)) and not _is_covered(span, wanted):
            wanted[span] = FALLBACK
    return wanted


def mask(text: str, assessment: Assessment, places: Iterable[Place], rulings: Rulings = NO_RULINGS) -> Masked:
    """The publishable text: unseen places dropped, passages masked, and every echo of a masked one, in any spelling."""
    wanted = spans_to_mask(assessment, rulings)
    dropped = sorted(p.span for p in places if p.where in _NOT_PUBLISHED)
    everyday = {f.span for f in assessment.findings if f.type in _WORDS and f.span.end - f.span.start < _FEW}
    secrets = tuple(sorted({text[s.start : s.end].strip() for s in wanted if s not in everyday} - {""}))
    pieces: list[str] = []
    position, count = 0, 0
    cuts = sorted([(s, "") for s in dropped] + list(wanted.items()), key=lambda cut: (cut[0].start, -cut[0].end))
    for span, replacement in cuts:
        if span.end <= position:
            continue
        pieces.append(text[position : max(position, span.start)])
        # Two overlapping passages: the second one's own mask could show what the first one hides.
        pieces.append(replacement if span.start >= position else FALLBACK if replacement else "")
        count += bool(replacement)
        position = span.end
    pieces.append(text[position:])
    shown = "".join(c for c in "".join(pieces) if c.isprintable() or c in "\n\t\u3000")
    joined, echoes = spelling.hide(shown, secrets, FALLBACK)
    return Masked(
        text=joined.strip() + "\n" if joined.strip() else "",
        count=count + echoes,
        secrets=secrets,
        stand_ins=frozenset(wanted.values()),
    )


def _is_covered(span: Span, wanted: Iterable[Span]) -> bool:
    position = span.start
    for other in sorted(wanted):
        if other.start <= position < other.end:
            position = other.end
    return position >= span.end
