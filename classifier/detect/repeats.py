"""Later mentions: once a private person is named, the same name anywhere else in the paper is the same person.

Without this a mask on `当事人：王某某` would leave the name standing three lines below, and the cleaned copy would leak it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from classifier.core.document import Span
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.detect.mentions import begins_name
from classifier.detect.name_words import is_common
from classifier.detect.view import View

_TYPES = {"person_name", "address", "wechat_qq", "bank_account"}
"""Values that are found by their label; numbers with a shape of their own are found everywhere anyway."""
_MOST = 500
"""Mentions followed per value: a name in a table of thousands is a roster, not a mention."""
_APART = r"\s·•‧∙⋅・"
"""What may stand between the characters of one value: `刘 小 明`, a line break, the middle dot of `买买提·艾力`."""
_SPACER = re.compile(f"[{_APART}]+")
_FULL_NAME = re.compile("[\u4e00-\u9fff]{3}")
_GIVEN_MASK = "某某"


def _given(value: str) -> str | None:
    """The two characters by which 李秀英 is called later; None for a word that means something by itself (国庆, 和平)."""
    if not _FULL_NAME.fullmatch(value):
        return None
    given = value[1:]
    return None if is_common(given) else given


def _find_given(view: View, finding: Finding, given: str, told: set[Span]) -> Iterator[Finding]:
    """Later mentions by the given name alone; 王秀英 is another person."""
    text, at = view.folded, finding.span.end
    for _ in range(_MOST):
        at = text.find(given, at)
        if at < 0:
            return
        span = Span(at, at + len(given))
        if not any(span.overlaps(t) for t in told) and not begins_name(text, at):
            block = view.document.block_at(at)
            where = block.where if block else finding.where
            page = block.page if block else None
            yield replace(finding, span=span, grade=Grade.SUSPECTED, where=where, page=page, mask=_GIVEN_MASK)
        at = span.end


def repeat(view: View, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings for every further occurrence of a value that must be masked, in any spelling, with the mask of the first."""
    told = {f.span for f in findings}
    seen: set[str] = set()
    for finding in findings:
        value = _SPACER.sub("", view.folded[finding.span.start : finding.span.end])
        fits = finding.category is Category.PERSONAL_INFO and finding.type in _TYPES and finding.severity is Severity.REDACT
        if not fits or len(value) < 2 or value in seen:
            continue
        seen.add(value)
        given = _given(value) if finding.type == "person_name" else None
        if given and view.folded.count(given) > view.folded.count(value):
            yield from _find_given(view, finding, given, told)
        spelled = re.compile(f"[{_APART}]{{0,4}}".join(map(re.escape, value)))
        for found in islice(spelled.finditer(view.folded), _MOST):
            span = Span(*found.span())
            if span not in told:
                block = view.document.block_at(span.start)
                yield replace(
                    finding,
                    span=span,
                    grade=Grade.SUSPECTED,
                    where=block.where if block else finding.where,
                    page=block.page if block else None,
                )
