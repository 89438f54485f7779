"""Masks that other people put there and that hide too little, and one number masked in two ways (domain/04 §5).

Of an identity number masked to its first six and last four, one birth date in eleven of a century passes the check digit;
two different masks of one number laid over each other give it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.labels import enabled
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_STARS = "*＊×●•"
_MASKED = re.compile(
    rf"(?<![0-9A-Za-z{_STARS}])(?=[0-9]*[{_STARS}])(?:[0-9{_STARS}]{{17}}[0-9Xx{_STARS}]|[0-9{_STARS}]{{11}}|[0-9{_STARS}]{{16}}|[0-9{_STARS}]{{19}})(?![0-9A-Za-z{_STARS}])"
)
_HIDDEN = re.compile(f"[{_STARS}]")
_ONE_RUN = re.compile(rf"[0-9]*(?:[*＊]+|[{_STARS}]{{2,}})[0-9]*[Xx]?")
"""A mask is one run; 1200×800×16 is a size."""
_FEWEST = {11: 4, 16: 8, 18: 9, 19: 8}
"""Hidden digits from which a mask is enough: mobile 138****1234, cards, identity numbers (more than the eight of the birth date)."""
_LEAKING = {11: 3, 16: 5, 18: 7, 19: 5}
"""Up to here the number is as good as written out: it is masked anew."""
_NAMES = {11: "手机号", 16: "银行卡号", 18: "身份证号", 19: "银行卡号"}
_MOBILE = re.compile(rf"1[3-9{_STARS}]")
_MOST = 300


@dataclass(frozen=True, slots=True)
class _Masked:
    start: int
    words: str

    @property
    def hidden(self) -> int:
        return len(_HIDDEN.findall(self.words))


def _find(text: str) -> list[_Masked]:
    if not any(sign in text for sign in _STARS):
        return []
    found = (_Masked(m.start(), m.group()) for m in islice(_MASKED.finditer(text), _MOST))
    shaped = (m for m in found if (len(m.words) == 18 or _ONE_RUN.fullmatch(m.words)) and sum(c.isdigit() for c in m.words) >= 5)
    return [m for m in shaped if len(m.words) != 11 or _MOBILE.match(m.words)]


def _remask(words: str) -> str:
    """What should stand there instead."""
    if len(words) == 18:
        return "〔身份证号已隐去〕"
    return f"{words[:3]}****{words[-4:]}" if len(words) == 11 else f"**** **** **** {words[-4:]}"


def _is_same(one: str, other: str) -> tuple[bool, int]:
    """Whether two masked numbers can be one (four visible digits agree, none differs), and how many digits both together show."""
    agree = shown = 0
    for a, b in zip(one, other, strict=True):
        seen_a, seen_b = a not in _STARS, b not in _STARS
        if seen_a and seen_b and a != b:
            return False, 0
        agree += seen_a and seen_b
        shown += seen_a or seen_b
    return agree >= 4, shown


def _give(view: View, rule: Rule, masked: _Masked, why: str, severity: Severity) -> Finding:
    mask = _remask(masked.words) if severity is Severity.REDACT else None
    finding = view.finding(
        rule, masked.start, masked.start + len(masked.words), grade=Grade.CONFIRMED, severity=severity, mask=mask
    )
    return replace(finding, why=why)


def _find_weak(view: View, rule: Rule, found: list[_Masked]) -> Iterator[Finding]:
    for masked in found:
        size = len(masked.words)
        if masked.hidden >= _FEWEST[size]:
            continue
        leaking = masked.hidden <= _LEAKING[size]
        advice = "等于没有遮，公开前应当重新遮盖" if leaking else "结合年龄、校验位可能复原，建议整号隐去"
        why = f"这个{_NAMES[size]}只遮了 {masked.hidden} 位，{advice}"
        yield _give(view, rule, masked, why, Severity.REDACT if leaking else Severity.INFO)


def _find_uneven(view: View, rule: Rule, found: list[_Masked]) -> Iterator[Finding]:
    """The second of two masks that together show more than either alone."""
    by_size: dict[int, dict[str, _Masked]] = {}  # each mask once: the same mask again shows nothing more
    for masked in found:
        for other in by_size.get(len(masked.words), {}).values():
            same, shown = _is_same(other.words, masked.words)
            alone = len(masked.words) - min(masked.hidden, other.hidden)
            if same and shown > alone:
                why = f"同一个{_NAMES[len(masked.words)]}用了不同的遮法，拼起来露出 {shown} 位，公开前应当统一"
                yield _give(view, rule, masked, why, Severity.REDACT)
                break
        by_size.setdefault(len(masked.words), {}).setdefault(masked.words, masked)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Masks that hide too little."""
    rule = enabled(book, "personal.weak_mask")
    found = _find(view.folded) if rule else []
    if rule and found:
        yield from _find_weak(view, rule, found)
        yield from _find_uneven(view, rule, found)
