"""区分处理（条例:37）: which passages to mask so that the rest may be published."""

from __future__ import annotations

from classifier.core.assessment import Attribute
from classifier.core.document import Span
from classifier.core.finding import Grade
from classifier.judge.case import Case


def choose(case: Case) -> tuple[Span, ...]:
    """The spans to mask, in text order, merged where they touch."""
    spans = sorted(case.findings[i].span for i in case.redactable())
    merged: list[Span] = []
    for span in spans:
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def leaves_publishable(case: Case, attribute: Attribute, masks: tuple[Span, ...]) -> bool:
    """Whether the paper may go out once `masks` are applied: it is 主动公开 in itself, fully read, and not mostly mask."""
    if attribute is not Attribute.ACTIVE or case.document.problems:
        return False
    unsure = any(
        f.grade is Grade.CONFIRMED and f.category.value.endswith(("security", "stability", "ban")) for f in case.findings
    )
    covered = sum(span.end - span.start for span in masks)
    return not unsure and covered * 2 < max(1, case.document.body_length())
