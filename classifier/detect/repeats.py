"""Later mentions: once a private person is named, the same name anywhere else in the paper is the same person.

Without this a mask on `当事人：王某某` would leave the name standing three lines below, and the cleaned copy would leak it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
_KEPT = re.compile(f"[^{_APART}]+")
_WIDEST = 4
"""Characters that may stand between two of a value."""
_FULL_NAME = re.compile("[\u4e00-\u9fff]{3}")
_GIVEN_MASK = "某某"


def _given(value: str) -> str | None:
    """The two characters by which 李秀英 is called later; None for a word that means something by itself (国庆, 和平)."""
    if not _FULL_NAME.fullmatch(value):
        return None
    given = value[1:]
    return None if is_common(given) else given


@dataclass(frozen=True, slots=True)
class _Squeezed:
    """The text without what may stand between the characters of a value, and where each character stood."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> Span:
        """The stretch of the whole text that holds [start, end) of the squeezed one."""
        return Span(self.places[start], self.places[end - 1] + 1)


def _squeeze(text: str) -> _Squeezed:
    places = [at for piece in _KEPT.finditer(text) for at in range(*piece.span())]
    return _Squeezed(_SPACER.sub("", text), places)


def _again(view: View, finding: Finding, span: Span, mask: str | None) -> Finding:
    block = view.document.block_at(span.start)
    where, page = (block.where, block.page) if block else (finding.where, finding.page)
    return replace(finding, span=span, grade=Grade.SUSPECTED, where=where, page=page, mask=mask)


def _cover(findings: Sequence[Finding], length: int) -> bytearray:
    """One byte per character: whether a finding stands there."""
    covered = bytearray(length)
    for finding in findings:
        covered[finding.span.start : finding.span.end] = b"\x01" * (finding.span.end - finding.span.start)
    return covered


def _find_given(view: View, finding: Finding, given: str, covered: bytearray, told: set[Span]) -> Iterator[Finding]:
    """Later mentions by the given name alone, told as harmless or not told at all; 王秀英 is another person."""
    text, at = view.folded, finding.span.end
    for _ in range(_MOST):
        at = text.find(given, at)
        if at < 0:
            return
        span = Span(at, at + len(given))
        if (span in told or not any(covered[span.start : span.end])) and not begins_name(text, at):
            again = _again(view, finding, span, _GIVEN_MASK)
            yield replace(again, grade=Grade.CONFIRMED) if span in told else again  # the graver stays
        at = span.end


def _values(view: View, findings: Sequence[Finding]) -> dict[str, Finding]:
    """The values that must be masked wherever they stand, squeezed, with their first finding."""
    values: dict[str, Finding] = {}
    for finding in findings:
        if finding.category is Category.PERSONAL_INFO and finding.type in _TYPES and finding.severity is Severity.REDACT:
            value = _SPACER.sub("", view.folded[finding.span.start : finding.span.end])
            if len(value) >= 2:
                values.setdefault(value, finding)
    return values


def repeat(view: View, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings for every further occurrence of a value that must be masked, in any spelling, with the mask of the first.

    One pass for all values: a roster has thousands.
    """
    values = _values(view, findings)
    if not values:
        return
    import ahocorasick_rs

    masked = {f.span for f in findings if f.severity is Severity.REDACT}
    known = {f.span for f in findings}
    covered = _cover(findings, len(view.folded))
    squeezed = _squeeze(view.folded)
    names, count = list(values), [0] * len(values)
    for index, start, end in ahocorasick_rs.AhoCorasick(names).find_matches_as_indexes(squeezed.text, overlapping=True):
        span, value = squeezed.span(start, end), names[index]
        near = span.end - span.start <= len(value) + _WIDEST * (len(value) - 1)
        if near and count[index] < _MOST:
            count[index] += 1
            if span not in masked:  # a mention told as harmless is the masked person all the same, and the graver stays
                again = _again(view, values[value], span, values[value].mask)
                yield replace(again, grade=Grade.CONFIRMED) if span in known else again
    for value, finding in values.items():
        given = _given(value) if finding.type == "person_name" else None
        if given and view.folded.count(given) > view.folded.count(value):
            yield from _find_given(view, finding, given, covered, known - masked)
