"""The matching engine for rules that are data: patterns and term lists, with context for and against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from classifier.core.finding import Finding, Grade
from classifier.detect.anchors import awake, matches, term_places, unanchored
from classifier.detect.masks import mask_for
from classifier.detect.validators import VALIDATORS
from classifier.detect.view import View
from classifier.knowledge.rules import Method, Rule, RuleBook

__all__ = ["detect", "sentence_around", "unanchored"]

_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
_REACH = 60


@lru_cache(maxsize=4)
def _patterns(book: RuleBook) -> tuple[Rule, ...]:
    return tuple(rule for rule in book.active() if rule.method is Method.PATTERN)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds [start, end), cut at sentence ends and line ends, at most 60 characters either side."""
    left = start
    for match in _SENTENCE_END.finditer(text, max(0, start - _REACH), start):
        left = match.end()
    if left == start:
        left = max(0, start - _REACH)
    found = _SENTENCE_END.search(text, end, min(len(text), end + _REACH))
    right = found.start() if found else min(len(text), end + _REACH)
    return left, right


def _fits(rule: Rule, view: View, start: int, end: int) -> bool:
    """Place, context for and context against."""
    if rule.places is not None and view.document.where_at(start) not in rule.places:
        return False
    if rule.near is None and rule.not_near is None:
        return True
    left, right = sentence_around(view.folded, start, end)
    context = view.folded[left:right]
    if rule.near is not None and not rule.near.search(context):
        return False
    return rule.not_near is None or not rule.not_near.search(context)


def make_finding(rule: Rule, view: View, start: int, end: int) -> Finding | None:
    if start >= end or not _fits(rule, view, start, end):
        return None
    value = view.folded[start:end]
    grade = rule.grade
    if rule.validator is not None:
        verdict = VALIDATORS[rule.validator](value)
        if verdict is False:
            return None
        grade = Grade.CONFIRMED if verdict else Grade.SUSPECTED
    return view.finding(rule, start, end, grade=grade, mask=mask_for(rule.mask, value))


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Findings of every enabled PATTERN and TERMS rule."""
    for rule in awake(view, book, _patterns(book)):
        named = rule.pattern is not None and "hit" in rule.pattern.groupindex
        for match in matches(view, book, rule):
            start, end = match.span("hit") if named else match.span()
            if finding := make_finding(rule, view, start, end):
                yield finding
    for rule, start, end in term_places(view, book):
        if finding := make_finding(rule, view, start, end):
            yield finding
