"""One pass over the text for the words of all rules and detectors; then each pattern is run only where a word of its own stands.

The result is the one of running every pattern over the whole text (tests/classifier/detect/test_anchors.py compares them): a match
holds a word of its pattern, and behind the word what the pattern goes on with. Where that fails (the probe), nothing is run. Where
every match begins a known number of signs before its word, the pattern is tried there and nowhere else; else it is run in the window
of the word: windows that touch are run as one, and each is wide enough that its edges decide nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from classifier.detect.cues import Cue, Engine, Wake, Woken, cue, engine, watch
from classifier.detect.literals import ENDLESS, Anchor
from classifier.detect.reaches import Reach, reach_of
from classifier.detect.view import Scan, View
from classifier.knowledge.rules import Rule, RuleBook

__all__ = [
    "Cue",
    "awake",
    "cue",
    "find_all",
    "finds",
    "heard",
    "matches",
    "places",
    "scan",
    "term_places",
    "unanchored",
    "watch",
    "windows",
]

_FEW_WORDS = 40
"""Each is one scan of the text; more go through an automaton."""
_MOST_PROBES = 40
"""Places of one pattern that are probed; where its words stand more often, as in hostile texts, windows alone decide."""
_DENSE = 24
"""Where a word of a pattern stands in every so many signs, as in hostile texts, the whole text is one window."""
_LINE = re.compile(r"[^\n]*\S[^\n]*")


def unanchored(book: RuleBook) -> tuple[Rule, ...]:
    """The enabled rules whose pattern has no word it cannot do without (or may reach any distance): run over the whole text."""
    known = engine(book).reaches
    return tuple(rule for rule in book.active() if rule.pattern is not None and rule.id not in known)


def scan(view: View, book: RuleBook) -> Scan:
    """What the one pass over a document finds: the words of patterns and the places of terms. Made once per view and book."""
    known = view.scans.get(book)
    if known is None:
        known = view.scans[book] = _scan(view.folded, engine(book))
    return known


def _scan(text: str, made: Engine) -> Scan:
    found: defaultdict[int, list[int]] = defaultdict(list)
    if made.automaton is not None:
        for index, start, _end in made.automaton.find_matches_as_indexes(text, overlapping=True):
            found[index].append(start)
    woken: defaultdict[object, Woken] = defaultdict(list)
    terms: list[tuple[int, int, int]] = []
    for index, places in found.items():
        wakes, size = made.words[index]
        for wake in wakes:
            woken[wake.key].append((wake, places))
        if size:
            terms += [(start, -start - size, index) for start in places]
    return Scan(dict(woken), _longest(terms) if terms else [], made.reaches)


def _longest(terms: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Leftmost longest terms without overlaps, as (start, end, word)."""
    kept: list[tuple[int, int, int]] = []
    last = 0
    for start, minus_end, index in sorted(terms):
        if start >= last:
            last = -minus_end
            kept.append((start, last, index))
    return kept


def _lines_of(text: str) -> tuple[list[int], list[int]]:
    """Starts and ends of the lines that are not blank."""
    spans = [match.span() for match in _LINE.finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


def _window(text: str, reach: Reach, anchor: Anchor, start: int, lines: list[tuple[list[int], list[int]]]) -> tuple[int, int]:
    """The stretch that holds every match of which `anchor` at `start` is a word."""
    end, place = start + len(anchor.word), anchor.place
    left, right = max(0, start - place.most), len(text)
    if reach.width is not None:
        left, right = max(left, start - reach.width), min(right, max(end, start - place.least + reach.width) + 1)
    if not reach.breaks:
        stop = text.find("\n", end, right)
        return text.rfind("\n", left, start) + 1 or left, stop if stop >= 0 else right
    if reach.width is not None:
        return left, right
    if not lines:
        lines.append(_lines_of(text))
    starts, ends = lines[0]
    line = bisect_right(starts, start) - 1
    first, last = line - reach.breaks, line + reach.breaks
    return max(left, starts[first] if first > 0 else 0), ends[last] if last < len(ends) else len(text)


def _windows(text: str, reach: Reach, woken: Woken) -> list[tuple[int, int]]:
    """The windows around the words whose probe matches, in order; those that touch are one."""
    found: list[tuple[int, int]] = []
    lines: list[tuple[list[int], list[int]]] = []
    whole_line = reach.width is None and not reach.breaks
    probes, many = 0, sum(len(places) for _, places in woken)
    if many > _MOST_PROBES and many * _DENSE > len(text):
        return [(0, len(text))]
    for wake, places in woken:
        anchor, probe, back, done = wake.anchor, wake.probe, wake.back, -1
        for start in places:
            if start < done:
                continue  # the same line
            if probes < _MOST_PROBES:
                probes += 1
                if start < back or not probe.match(text, start - back):
                    continue
            window = _window(text, reach, anchor, start, lines)
            found.append(window)
            if whole_line and anchor.place.most >= ENDLESS:
                done = window[1]
    return found if len(found) < 2 else _join(found)


def _join(windows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    windows.sort()
    joined = windows[:1]
    for begin, stop in windows[1:]:
        left, right = joined[-1]
        if begin <= right:
            joined[-1] = (left, max(right, stop))
        else:
            joined.append((begin, stop))
    return joined


def windows(view: View, book: RuleBook, key: object) -> list[tuple[int, int]]:
    """Where the pattern of a rule (by its id) or of a cue has to be run."""
    made = scan(view, book)
    woken = made.woken.get(key)
    return _windows(view.folded, made.reaches[key], woken) if woken else []


def _run(text: str, pattern: re.Pattern[str], reach: Reach, woken: Woken) -> Iterable[re.Match[str]]:
    for wake, _ in woken:
        if not wake.is_fixed:
            return _search(text, pattern, _windows(text, reach, woken))
    return _try(text, pattern, woken)


def _search(text: str, pattern: re.Pattern[str], found: list[tuple[int, int]]) -> Iterable[re.Match[str]]:
    if len(found) < 2:
        return pattern.finditer(text, *found[0]) if found else ()
    return chain.from_iterable(pattern.finditer(text, start, end) for start, end in found)


def _try(text: str, pattern: re.Pattern[str], woken: Woken) -> list[re.Match[str]]:
    """Every match begins at one of the words, or a known number of signs before it."""
    found = []
    last = 0
    for at in sorted([at - wake.back for wake, places in woken for at in places]):
        if at >= last and (match := pattern.match(text, at)):
            last = match.end()
            found.append(match)
    return found


def _find(view: View, book: RuleBook, key: object, pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
    made = view.scans.get(book) or scan(view, book)
    woken = made.woken.get(key)
    if woken is not None:
        return _run(view.folded, pattern, made.reaches[key], woken)
    return () if key in made.reaches else pattern.finditer(view.folded)  # nearly every rule in nearly every paper: nothing


def matches(view: View, book: RuleBook, rule: Rule) -> Iterable[re.Match[str]]:
    """The matches of a rule's pattern, in order: the same as `rule.pattern.finditer(view.folded)`, at a fraction of the time."""
    return () if rule.pattern is None else _find(view, book, rule.id, rule.pattern)


def awake(view: View, book: RuleBook, rules: Sequence[Rule]) -> list[Rule]:
    """Those of the rules whose pattern can match: a word of theirs stands in the text, or none is known."""
    made = scan(view, book)
    found, known = made.woken, made.reaches
    return [rule for rule in rules if rule.id in found or rule.id not in known]


def finds(view: View, book: RuleBook, known: Cue) -> Iterable[re.Match[str]]:
    """The matches of a cue's pattern, in order, as `matches`."""
    return () if known.pattern is None else _find(view, book, known, known.pattern)


def heard(view: View, book: RuleBook, known: Cue) -> bool:
    """Whether a word of the cue stands in the text (for a cue without known words: perhaps)."""
    made = view.scans.get(book) or scan(view, book)
    return known in made.woken or known not in made.reaches


def places(view: View, book: RuleBook, known: Cue) -> list[tuple[int, int]]:
    """Where the words of a cue stand, in order, overlaps and all."""
    woken = scan(view, book).woken.get(known, ())
    return sorted((at, at + len(wake.anchor.word)) for wake, found in woken for at in found)


@lru_cache(maxsize=256)
def _reach_of(pattern: re.Pattern[str]) -> tuple[Reach, tuple[Wake, ...]] | None:
    reach = reach_of(pattern)
    return (reach, tuple(Wake(None, anchor, pattern) for anchor in reach.anchors)) if reach else None


def find_all(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The same as `pattern.finditer(text)` for a text that is no view: run only around the few words the pattern needs."""
    known = _reach_of(pattern)
    if known is None or len(known[1]) > _FEW_WORDS:
        yield from pattern.finditer(text)
        return
    reach, wakes = known
    woken = [(wake, places) for wake in wakes if (places := _places(text, wake.anchor.word))]
    if woken:
        yield from _run(text, pattern, reach, woken)


def _places(text: str, word: str) -> list[int]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + 1)
    return found


def term_places(view: View, book: RuleBook) -> Iterator[tuple[Rule, int, int]]:
    """Each term of the lists where it stands, leftmost and longest first, with its rules."""
    owners = engine(book).owners
    for start, end, index in scan(view, book).terms:
        for rule in owners[index]:
            yield rule, start, end
