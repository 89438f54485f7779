"""One pass over the text for the words of all rules; then each pattern is run only where a word of its own stands.

The result is the one of running every pattern over the whole text (tests/classifier/detect/test_anchors.py compares them):
a match holds a word of its pattern, so it lies in the window of that word; windows that touch are run as one, and each is wide
enough that its edges decide nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from classifier.detect.literals import Reach, reach_of
from classifier.detect.view import Scan, View
from classifier.knowledge.rules import Method, Rule, RuleBook

_FEW_WORDS = 40
"""Each is one scan of the text; more go through an automaton."""
_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class _Engine:
    """The automaton of a book. Word i wakes the patterns `wakes[i]` and is a term of `owners[i]`."""

    automaton: Any
    wakes: tuple[tuple[Rule, ...], ...]
    owners: tuple[tuple[Rule, ...], ...]
    reaches: dict[str, Reach]


@lru_cache(maxsize=4)
def _build(book: RuleBook) -> _Engine:
    import ahocorasick_rs

    words: dict[str, tuple[list[Rule], list[Rule]]] = {}
    reaches: dict[str, Reach] = {}
    for rule in book.active():
        if rule.pattern is not None and (reach := reach_of(rule.pattern)):
            reaches[rule.id] = reach
            for word in sorted(reach.words):
                words.setdefault(word, ([], []))[0].append(rule)
        if rule.method is Method.TERMS:
            for term in rule.terms:
                words.setdefault(term, ([], []))[1].append(rule)
    automaton = ahocorasick_rs.AhoCorasick(list(words), implementation=ahocorasick_rs.Implementation.DFA) if words else None
    return _Engine(automaton, tuple(tuple(w) for w, _ in words.values()), tuple(tuple(o) for _, o in words.values()), reaches)


def unanchored(book: RuleBook) -> tuple[Rule, ...]:
    """The enabled rules whose pattern has no word it cannot do without (or may reach any distance): run over the whole text."""
    known = _build(book).reaches
    return tuple(rule for rule in book.active() if rule.pattern is not None and rule.id not in known)


def _lines_of(text: str) -> tuple[list[int], list[int]]:
    """Starts and ends of the lines that are not blank."""
    spans = [match.span() for match in _LINE.finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


class _Windows:
    """Collects the windows of one document, those that touch as one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: tuple[list[int], list[int]] | None = None

    def _window(self, reach: Reach, start: int, end: int) -> tuple[int, int]:
        text = self._text
        left, right = 0, len(text)
        if reach.width is not None:
            left, right = max(0, start - reach.width), min(right, end + reach.width + 1)
        if not reach.breaks:
            stop = text.find("\n", end, right)
            return text.rfind("\n", left, start) + 1 or left, stop if stop >= 0 else right
        if reach.width is not None:
            return left, right
        if self._lines is None:
            self._lines = _lines_of(text)
        starts, ends = self._lines
        line = bisect_right(starts, start) - 1
        first, last = line - reach.breaks, line + reach.breaks
        return starts[first] if first > 0 else 0, ends[last] if last < len(ends) else len(text)

    def collect(self, reach: Reach, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The windows around `places`, in order."""
        found: list[tuple[int, int]] = []
        left = right = -1
        whole_line = reach.width is None and not reach.breaks
        for start, end in places:
            if whole_line and end <= right:
                continue  # the same line
            begin, stop = self._window(reach, start, end)
            if begin <= right:
                left, right = min(left, begin), max(right, stop)
                found[-1] = (left, right)
            else:
                left, right = begin, stop
                found.append((left, right))
        return found


def scan(view: View, book: RuleBook) -> Scan:
    """What the one pass over a document finds: windows per rule, and the places of terms. Made once per view and book."""
    known = view.scans.get(book)
    if known is None:
        known = view.scans[book] = _scan(view.folded, _build(book))
    return known


def _scan(text: str, engine: _Engine) -> Scan:
    found: dict[int, list[tuple[int, int]]] = {}
    if engine.automaton is not None:
        for index, start, end in engine.automaton.find_matches_as_indexes(text, overlapping=True):
            found.setdefault(index, []).append((start, end))
    places: dict[str, list[tuple[int, int]]] = {identifier: [] for identifier in engine.reaches}
    terms: list[tuple[int, int, int]] = []
    for index, spots in found.items():
        for rule in engine.wakes[index]:
            places[rule.id] += spots
        if engine.owners[index]:
            terms += [(start, -end, index) for start, end in spots]
    windows = _Windows(text)
    reaches = engine.reaches
    collected = {name: windows.collect(reaches[name], sorted(spots)) if spots else [] for name, spots in places.items()}
    return Scan(collected, _longest(terms))


def _longest(terms: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Leftmost longest terms without overlaps, as (start, end, word)."""
    kept: list[tuple[int, int, int]] = []
    last = 0
    for start, minus_end, index in sorted(terms):
        if start >= last:
            last = -minus_end
            kept.append((start, last, index))
    return kept


def matches(view: View, book: RuleBook, rule: Rule) -> Iterator[re.Match[str]]:
    """The matches of a rule's pattern, in order: the same as `rule.pattern.finditer(view.folded)`, at a fraction of the time."""
    pattern = rule.pattern
    if pattern is None:
        return iter(())
    windows = scan(view, book).windows.get(rule.id)
    if windows is None:
        return pattern.finditer(view.folded)
    if not windows:
        return iter(())  # nearly every rule in nearly every paper
    return chain.from_iterable(pattern.finditer(view.folded, start, end) for start, end in windows)


@lru_cache(maxsize=256)
def _reach_of(pattern: re.Pattern[str]) -> Reach | None:
    return reach_of(pattern)


def find_all(pattern: re.Pattern[str], text: str, words: tuple[str, ...] = ()) -> Iterator[re.Match[str]]:
    """The same as `pattern.finditer(text)` for a pattern that is code, not a rule: run only around the few words it needs.

    `words` names them where a reader knows rarer ones than the parse tree tells; every match must hold one of them.
    """
    reach = _reach_of(pattern)
    if reach is None or (not words and len(reach.words) > _FEW_WORDS):
        yield from pattern.finditer(text)
        return
    places: list[tuple[int, int]] = []
    for word in words or reach.words:
        at = text.find(word)
        while at >= 0:
            places.append((at, at + len(word)))
            at = text.find(word, at + 1)
    if not places:
        return
    places.sort()
    for start, end in _Windows(text).collect(reach, places):
        yield from pattern.finditer(text, start, end)


def term_places(view: View, book: RuleBook) -> Iterator[tuple[Rule, int, int]]:
    """Each term of the lists where it stands, leftmost and longest first, with its rules."""
    owners = _build(book).owners
    for start, end, index in scan(view, book).terms:
        for rule in owners[index]:
            yield rule, start, end
