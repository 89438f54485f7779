"""What a pattern cannot do without: words of which every match holds at least one, and what must follow each of them.

Read off the parse tree of the standard library, so a rule is written as a plain pattern and nobody has to name its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from re import _compiler as compiler  # type: ignore[attr-defined] # the only compiler of trees there is; typeshed hides it
from re import _constants as sre  # type: ignore[attr-defined] # same
from re import _parser as parser  # type: ignore[attr-defined] # same
from typing import Any

Tree = Any  # the parse tree of `re._parser`, which carries no types
Words = frozenset[str]

_MOST_WORDS = 400
_MOST_EXACT = 60
_MOST_SIGNS = 32
_WHITE = frozenset(chr(code) for code in range(0x3001) if chr(code).isspace())
_COMMON = (
    "的人一不年公月有日三工市在个元政行用业上局二中理第分以报法定会为时要县出方万于区关发水管办是对部地由建条我和保单员位下查务机本收同作期事到处"
    "开件合十应后内成四生请全名可意家长主资经次安议民通实小号设前大了电证案项提点信每五自学改费两现过规当得复问计场补户告制与门里间车其入组面记按产"
    "动核审府责村调标加任级能明体来见口交度未表已情说数结施监检天外据目老程没支平六金镇备量司省委供至社接路科批等及取书所重进米院起系道国高申房签采"
)
"""The Han characters that stand in every official paper, most frequent first (counted in corpus/samples and corpus/law)."""
ENDLESS = int(sre.MAXREPEAT)
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place within a pattern: what follows there, and how many signs of a match can stand before it."""

    tree: Tree
    """The pieces in a row among which it lies; None where what follows is not told."""
    at: int
    after: Place | None
    """Where the pattern goes on behind `tree`."""
    least: int
    most: int

    def _follow(self) -> list[Any]:
        if self.tree is None:
            return []
        return [*self.tree[self.at :], *(self.after._follow() if self.after else ())]

    def compile(self, pattern: re.Pattern[str]) -> re.Pattern[str] | None:
        """The rest of its pattern from here on, which must match where the word stands; None when nothing is told."""
        rest = self._follow()
        if not rest:
            return None
        tree = parser.parse(pattern.pattern, int(pattern.flags))
        made: re.Pattern[str] = compiler.compile(parser.SubPattern(tree.state, rest), int(pattern.flags))
        return made


@dataclass(frozen=True, slots=True)
class Anchor:
    """A word, and the place of the pattern at which it begins."""

    word: str
    place: Place


Anchors = frozenset[Anchor]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern: all strings it can be (None: too many), and the best set of words it cannot do without."""

    exact: Words | None
    needed: Anchors | None
    first: Words | None = None
    """Strings with one of which it begins; among them the empty one where it may be left out. None: too many."""

    @property
    def heads(self) -> Words | None:
        """What it begins with."""
        return self.exact if self.exact is not None else self.first


_NOTHING: Words = frozenset([""])
_EMPTY = _Part(_NOTHING, None)
_ANYTHING = _Part(None, None)


def _price(words: Iterable[str] | None) -> float:
    """How often a set of words stands in running text, roughly: one sign often, two seldom, three rarely."""
    known = frozenset(words or ())
    if not known or "" in known or len(known) > _MOST_WORDS:
        return float("inf")
    return sum(map(_price_of, known))


@lru_cache(maxsize=4096)
def _price_of(word: str) -> float:
    if not word.strip():
        return float("inf")
    if len(word) > 1:
        if word.isascii() and len(word) < 4:
            return 4.0 if word.isdigit() else 0.2
        if not word.isalnum():
            return 0.02 if word.isprintable() or "\u3000" in word else 0.001
        return 0.05 if len(word) == 2 else 0.01
    if word.isascii() and word.isalnum():
        return float("inf")
    if "\u4e00" <= word <= "\u9fff":
        place = _COMMON.find(word)
        return 0.3 if place < 0 else 2.0 if place < 40 else 1.0
    return 3.0 if word in "，。、：:；（()）,." else 0.5


def price_of(anchors: Anchors | None) -> float:
    """How often the words stand in running text; infinite when there are none."""
    return _price(anchor.word for anchor in anchors) if anchors else float("inf")


def _cheaper(one: Anchors | None, other: Anchors | None) -> Anchors | None:
    return one if price_of(one) <= price_of(other) else other


def _useful(anchors: Anchors | None) -> Anchors | None:
    return anchors if price_of(anchors) < float("inf") else None


def _anchor(words: Words | None, place: Place) -> Anchors | None:
    return None if words is None else frozenset(Anchor(word, place) for word in words)


def _has_case(sign: str) -> bool:
    return sign.lower() != sign or sign.upper() != sign


def _signs(items: Tree, flags: int) -> Words | None:
    """The signs a character class stands for, when they are few and named."""
    found: set[str] = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            found.add(chr(value))
        elif kind is sre.CATEGORY and value is sre.CATEGORY_SPACE and not flags & re.A:
            found |= _WHITE
        elif kind is sre.RANGE and value[1] - value[0] < _MOST_SIGNS:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    if len(found) > _MOST_SIGNS or (flags & re.I and any(map(_has_case, found))):
        return None
    return frozenset(found)


def _sum_up(parts: Sequence[_Part], places: Sequence[Place]) -> _Part:
    """Pieces one after the other, each at its place: neighbouring exact pieces are joined to longer words."""
    run: Words = frozenset([""])
    begin = 0
    whole: Words | None = run
    needed: Anchors | None = None
    first: Words | None = None
    for number, part in enumerate(parts):
        joined = None
        if part.exact is not None and len(run) * len(part.exact) <= _MOST_EXACT:
            joined = frozenset(a + b for a, b in product(run, part.exact))
        if joined is None:
            longer = _lengthen(run, parts, number)
            for words in (run, longer):
                needed = _cheaper(needed, _anchor(words, places[begin]))
            needed = _cheaper(needed, part.needed)
            if whole is not None:
                first = longer if longer is not None or "" in run else run
            whole = None
            if part.exact is not None and len(part.exact) <= _MOST_EXACT:
                run, begin = part.exact, number
            else:
                run, begin = frozenset([""]), number + 1
        else:
            if part.exact is None or len(part.exact) > 1:  # one more sign only makes the words longer, so rarer
                needed = _cheaper(needed, part.needed)
            run = joined
    if begin < len(places):
        needed = _cheaper(needed, _anchor(run, places[begin]))
    return _Part(run if whole is not None else None, _useful(needed), first)


def _lengthen(run: Words, parts: Sequence[_Part], number: int) -> Words | None:
    """The words of a run, each with all that can follow it in the piece it broke at, or behind that where it is left out."""
    following: Words = _NOTHING
    while "" in following:
        heads = parts[number].heads if number < len(parts) else None
        if heads is None:
            return None
        following = (following - _NOTHING) | heads
        number += 1
    return frozenset(a + b for a, b in product(run, following)) if len(run) * len(following) <= _MOST_WORDS else None


def _choose(parts: list[_Part], place: Place) -> _Part:
    """Alternatives: a match holds a word of the one it took."""
    exact = [part.exact for part in parts]
    every = frozenset().union(*(e for e in exact if e is not None)) if None not in exact else None
    if every is not None and len(every) > _MOST_WORDS:
        every = None
    needs = [part.needed for part in parts]
    needed = frozenset().union(*(n for n in needs if n is not None)) if None not in needs else None
    heads = [part.heads for part in parts]
    first = frozenset().union(*(h for h in heads if h is not None)) if None not in heads else None
    return _Part(every, _useful(_cheaper(needed, _anchor(every, place))), first)


def _repeat(low: int, high: int, part: _Part, place: Place) -> _Part:
    """What is said of the first time holds for all."""
    if high == 0:
        return _EMPTY
    if low == 0:
        exact = part.exact | _NOTHING if high == 1 and part.exact is not None else None
        return _Part(exact, None, None if part.heads is None else part.heads | _NOTHING)
    if low == high and low <= 4:
        return _sum_up([part] * low, [place, *[Place(None, 0, None, place.least, ENDLESS)] * (low - 1)])
    return _Part(None, _useful(_cheaper(part.needed, _anchor(part.exact, place))), part.heads)


def _read(tree: Tree, flags: int, place: Place, after: Place | None) -> _Part:
    """A row of pieces that begins at `place` and goes on `after` it."""
    places = [Place(tree if place.tree is not None else None, 0, after, place.least, place.most)]
    for number in range(len(tree)):
        low, high = tree[number : number + 1].getwidth()
        here = places[-1]
        places.append(Place(here.tree, number + 1, after, min(ENDLESS, here.least + low), min(ENDLESS, here.most + high)))
    nodes = enumerate(tree)
    parts = [_read_node(kind, value, flags, places[number], places[number + 1]) for number, (kind, value) in nodes]
    return _sum_up(parts, places)


def _read_node(kind: object, value: Tree, flags: int, place: Place, beyond: Place) -> _Part:
    if kind is sre.LITERAL:
        sign = chr(value)
        return _ANYTHING if flags & re.I and _has_case(sign) else _one_of(frozenset([sign]), place)
    if kind is sre.IN:
        return _one_of(_signs(value, flags), place)
    if kind is sre.BRANCH:
        return _choose([_read(branch, flags, place, beyond) for branch in value[1]], place)
    if kind is sre.SUBPATTERN:
        _group, add, remove, tree = value
        # within (?i:…) the rest would lose its flags
        start = Place(None, 0, None, place.least, place.most) if add or remove else place
        return _read(tree, (flags | add) & ~remove, start, beyond)
    if kind is sre.ATOMIC_GROUP:
        return _read(value, flags, place, beyond)
    if kind in REPEATS:
        low, high, tree = value
        return _repeat(int(low), int(high), _read(tree, flags, place, None), place)
    if kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return _EMPTY
    return _ANYTHING


def _one_of(signs: Words | None, place: Place) -> _Part:
    return _Part(signs, _anchor(signs, place))


def _names_groups(tree: Tree) -> bool:
    """Whether a pattern asks what a group held: no rest of it can be told without what stood before."""
    return "GROUPREF" in repr(tree)


def _thin(anchors: Anchors) -> tuple[Anchor, ...]:
    """The words without those that begin with a shorter one of the same place."""
    kept: dict[Place, list[str]] = {}
    for anchor in sorted(anchors, key=lambda a: (len(a.word), a.word)):
        shorter = kept.setdefault(anchor.place, [])
        if not anchor.word.startswith(tuple(shorter)):
            shorter.append(anchor.word)
    return tuple(Anchor(word, place) for place, words in kept.items() for word in words)


def find_anchors(tree: Tree, flags: int) -> tuple[Anchor, ...]:
    """The cheapest words of a pattern; none when it can do without each word."""
    shown = None if _names_groups(tree) else tree
    start = Place(shown, 0, None, 0, 0)
    part = _read(tree, flags, start, None)
    return _thin(_useful(_cheaper(part.needed, _anchor(part.exact, start))) or frozenset())
