"""What is looked for in the one pass over a text: the words of all rules of a book, and the cues of the detectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from classifier.detect.literals import ENDLESS, Anchor, Place
from classifier.detect.reaches import Reach, reach_of
from classifier.knowledge.rules import Method, Rule, RuleBook

_ALWAYS = re.compile("")
_ANYWHERE = Place(None, 0, None, 0, ENDLESS)


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """Words a detector waits for, or a pattern of its own; looked for in the one pass, with those of the rules."""

    pattern: re.Pattern[str] | None
    reach: Reach | None
    """None: no words are known, the pattern is run over the whole text."""


CUES: list[Cue] = []
"""Every cue of every detector, as they are declared when their modules are loaded."""


def watch(pattern: re.Pattern[str], words: Sequence[str] = ()) -> Cue:
    """A pattern that is code. `words` names those of which every match holds one, where a reader knows better than its parse tree."""
    reach = reach_of(pattern)
    if words and reach is not None:
        reach = Reach(tuple(Anchor(word, _ANYWHERE) for word in words), reach.width, reach.breaks)
    cue = Cue(pattern, reach)
    CUES.append(cue)
    return cue


def cue(*words: str) -> Cue:
    """Words alone: asked whether and where they stand."""
    made = Cue(None, Reach(tuple(Anchor(word, _ANYWHERE) for word in words), None, 0))
    CUES.append(made)
    return made


class Wake:
    """A word that wakes a pattern, and the probe that must match beside it, made when it is first asked."""

    __slots__ = ("_probe", "anchor", "back", "is_fixed", "key", "pattern")

    def __init__(self, key: object, anchor: Anchor, pattern: re.Pattern[str] | None) -> None:
        self.key, self.anchor, self.pattern = key, anchor, pattern
        self.is_fixed = pattern is not None and anchor.place.least == anchor.place.most
        """Whether every match begins just `back` signs before the word."""
        self.back = anchor.place.least if self.is_fixed else 0
        self._probe = pattern if self.is_fixed else None

    @property
    def probe(self) -> re.Pattern[str]:
        """What must match `back` signs before the word: the whole pattern, or its rest from the word on."""
        if self._probe is None:
            self._probe = (self.pattern and self.anchor.place.compile(self.pattern)) or _ALWAYS
        return self._probe


Woken = list[tuple[Wake, list[int]]]
"""The words of one pattern that were found, each with its places."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The automaton of a book. Word i wakes the patterns of `words[i]` and is a term of `owners[i]`."""

    automaton: Any
    words: tuple[tuple[tuple[Wake, ...], int], ...]
    """For each word what it wakes, and its length if it is a term."""
    owners: tuple[tuple[Rule, ...], ...]
    reaches: dict[object, Reach]
    """Rule id, or cue, to the reach of its pattern."""


@lru_cache(maxsize=4)
def _build(book: RuleBook, _cues: int) -> Engine:
    import ahocorasick_rs

    words: dict[str, tuple[list[Wake], list[Rule]]] = {}
    reaches: dict[object, Reach] = {}

    def wake(key: object, pattern: re.Pattern[str] | None, reach: Reach) -> None:
        reaches[key] = reach
        for anchor in sorted(reach.anchors, key=lambda a: a.word):
            words.setdefault(anchor.word, ([], []))[0].append(Wake(key, anchor, pattern))

    for rule in book.active():
        if rule.pattern is not None and (reach := reach_of(rule.pattern)):
            wake(rule.id, rule.pattern, reach)
        if rule.method is Method.TERMS:
            for term in rule.terms:
                words.setdefault(term, ([], []))[1].append(rule)
    for known in CUES:
        if known.reach is not None:
            wake(known, known.pattern, known.reach)
    automaton = ahocorasick_rs.AhoCorasick(list(words), implementation=ahocorasick_rs.Implementation.DFA) if words else None
    known_words = tuple((tuple(wakes), len(word) if owners else 0) for word, (wakes, owners) in words.items())
    return Engine(automaton, known_words, tuple(tuple(owners) for _, owners in words.values()), reaches)


def engine(book: RuleBook) -> Engine:
    """The automaton of a book and of all cues, made once."""
    return _build(book, len(CUES))
