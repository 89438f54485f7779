"""What a pattern cannot do without: words of which every match holds at least one, and how far a match can reach from them.

Read off the parse tree of the standard library, so a rule is written as a plain pattern and nobody has to name its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined] # the only reader of patterns there is; typeshed hides it
from re import _parser as parser  # type: ignore[attr-defined] # same
from typing import Any

Tree = Any  # the parse tree of `re._parser`, which carries no types
Words = frozenset[str]

_MOST_WORDS = 400
_MOST_EXACT = 60
_MOST_SIGNS = 24
_WIDEST = 120
"""Matches up to this wide are looked for in a window of that width; wider ones in whole lines."""
_WIDEST_ACROSS = 600
_MOST_BREAKS = 32
_MOST_WORK = 24.0
"""Price of the words times the lines they call up: beyond this the whole text is cheaper."""
_COMMON = (
    "的人一不年公月有日三工市在个元政行用业上局二中理第分以报法定会为时要县出方万于区关发水管办是对部地由建条我和保单员位下查务机本收同作期事到处"
    "开件合十应后内成四生请全名可意家长主资经次安议民通实小号设前大了电证案项提点信每五自学改费两现过规当得复问计场补户告制与门里间车其入组面记按产"
    "动核审府责村调标加任级能明体来见口交度未表已情说数结施监检天外据目老程没支平六金镇备量司省委供至社接路科批等及取书所重进米院起系道国高申房签采"
)
"""The Han characters that stand in every official paper, most frequent first (counted in corpus/samples and corpus/law)."""
_ENDLESS = int(sre.MAXREPEAT)
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


@dataclass(frozen=True, slots=True)
class Reach:
    """How a pattern is run: only near its words, at most `width` signs (None: any number) and `breaks` line ends either side.

    Line ends count only where `width` is None or `breaks` is 0: then the edge of the window is the edge of the line.
    """

    words: Words
    width: int | None
    breaks: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern: all strings it can be (None: too many), and the best set of words it cannot do without."""

    exact: Words | None
    needed: Words | None


_EMPTY = _Part(frozenset([""]), None)
_ANYTHING = _Part(None, None)


@lru_cache(maxsize=4096)
def _price(words: Words | None) -> float:
    """How often a set of words stands in running text, roughly: one sign often, two seldom, three rarely."""
    if not words or "" in words or len(words) > _MOST_WORDS:
        return float("inf")
    return sum(_price_of(word) for word in words)


@lru_cache(maxsize=4096)
def _price_of(word: str) -> float:
    if not word.strip() or "\n" in word:
        return float("inf")
    if len(word) > 1:
        return 0.2 if word.isascii() and len(word) < 4 else 0.05 if len(word) == 2 else 0.01
    if word.isascii() and word.isalnum():
        return float("inf")
    if "\u4e00" <= word <= "\u9fff":
        place = _COMMON.find(word)
        return 0.3 if place < 0 else 2.0 if place < 40 else 1.0
    return 3.0 if word in "，。、：:；（()）,." else 0.5


def _cheaper(one: Words | None, other: Words | None) -> Words | None:
    return one if _price(one) <= _price(other) else other


def _has_case(sign: str) -> bool:
    return sign.lower() != sign or sign.upper() != sign


def _signs(items: Tree, flags: int) -> Words | None:
    """The signs a character class stands for, when they are few and named."""
    found: set[str] = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            found.add(chr(value))
        elif kind is sre.RANGE and value[1] - value[0] < _MOST_SIGNS:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    if len(found) > _MOST_SIGNS or (flags & re.I and any(map(_has_case, found))):
        return None
    return frozenset(found)


def _sum_up(parts: Iterable[_Part]) -> _Part:
    """Pieces one after the other: neighbouring exact pieces are joined to longer words."""
    run: Words = frozenset([""])
    whole: Words | None = run
    needed: Words | None = None
    for part in parts:
        joined = None
        if part.exact is not None and len(run) * len(part.exact) <= _MOST_EXACT:
            joined = frozenset(a + b for a, b in product(run, part.exact))
        if joined is None:
            needed = _cheaper(_cheaper(needed, run), part.needed)
            whole = None
            run = part.exact if part.exact is not None and len(part.exact) <= _MOST_EXACT else frozenset([""])
        else:
            if part.exact is None or len(part.exact) > 1:  # one more sign only makes the words longer, so rarer
                needed = _cheaper(needed, part.needed)
            run = joined
    needed = _cheaper(needed, run)
    return _Part(run if whole is not None else None, needed if _price(needed) < float("inf") else None)


def _choose(parts: list[_Part]) -> _Part:
    """Alternatives: a match holds a word of the one it took."""
    exact = [part.exact for part in parts]
    every = frozenset().union(*(e for e in exact if e is not None)) if None not in exact else None
    if every is not None and len(every) > _MOST_WORDS:
        every = None
    needs = [part.needed for part in parts]
    needed = frozenset().union(*(n for n in needs if n is not None)) if None not in needs else None
    return _Part(every, _cheaper(needed, every) if _price(_cheaper(needed, every)) < float("inf") else None)


def _repeat(low: int, high: int, part: _Part) -> _Part:
    if high == 0:
        return _EMPTY
    if low == 0:
        return _Part(part.exact | {""}, None) if high == 1 and part.exact is not None else _ANYTHING
    if low == high and low <= 4:
        return _sum_up([part] * low)
    return _Part(None, _cheaper(part.needed, part.exact) if _price(_cheaper(part.needed, part.exact)) < float("inf") else None)


def _read(tree: Tree, flags: int) -> _Part:
    return _sum_up(_read_node(kind, value, flags) for kind, value in tree)


def _read_node(kind: object, value: Tree, flags: int) -> _Part:
    if kind is sre.LITERAL:
        sign = chr(value)
        return _ANYTHING if flags & re.I and _has_case(sign) else _Part(frozenset([sign]), frozenset([sign]))
    if kind is sre.IN:
        signs = _signs(value, flags)
        return _Part(signs, signs)
    if kind is sre.BRANCH:
        return _choose([_read(branch, flags) for branch in value[1]])
    if kind is sre.SUBPATTERN:
        _group, add, remove, tree = value
        return _read(tree, (flags | add) & ~remove)
    if kind is sre.ATOMIC_GROUP:
        return _read(value, flags)
    if kind in _REPEATS:
        low, high, tree = value
        return _repeat(int(low), int(high), _read(tree, flags))
    if kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return _EMPTY
    return _ANYTHING


_SPACES = frozenset(" \t\n\r\f\v\u3000\u00a0")


def _crosses(kind: object, value: Tree, flags: int) -> tuple[bool, bool]:
    """Whether an atom can be a line end, and whether it can be nothing but white space."""
    if kind is sre.LITERAL:
        return value == 10, chr(value) in _SPACES
    if kind is sre.NOT_LITERAL:
        return value != 10, False
    if kind is sre.ANY:
        return bool(flags & re.S), False
    negated = any(item[0] is sre.NEGATE for item in value)
    within, blank = False, not negated
    for item, what in value:
        if item is sre.LITERAL:
            within |= what == 10
            blank &= chr(what) in _SPACES
        elif item is sre.RANGE:
            within |= what[0] <= 10 <= what[1]
            blank = False
        elif item is sre.CATEGORY:
            within |= what in (sre.CATEGORY_SPACE, sre.CATEGORY_NOT_DIGIT, sre.CATEGORY_NOT_WORD)
            blank &= what is sre.CATEGORY_SPACE
    return within is not negated, blank


_ATOMS = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)


def _count_breaks(tree: Tree, flags: int) -> int:
    """The most line ends a match can run over (a stretch of white space counts once); `_ENDLESS` when there is no bound."""
    return min(_ENDLESS, sum(_count_node(kind, value, flags) for kind, value in tree))


def _count_node(kind: object, value: Tree, flags: int) -> int:
    if kind in _ATOMS:
        return int(_crosses(kind, value, flags)[0])
    if kind is sre.BRANCH:
        return max(_count_breaks(branch, flags) for branch in value[1])
    if kind is sre.SUBPATTERN:
        return _count_breaks(value[3], (flags | value[1]) & ~value[2])
    if kind is sre.ATOMIC_GROUP:
        return _count_breaks(value, flags)
    if kind in _REPEATS:
        _low, high, inner = value
        atoms = list(inner)
        if len(atoms) == 1 and atoms[0][0] in _ATOMS and _crosses(atoms[0][0], atoms[0][1], flags) == (True, True):
            return 1
        return min(_ENDLESS, int(high) * _count_breaks(inner, flags))
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return _count_breaks(value[1], flags) if value[0] > 0 else 0  # what stands before is always in sight
    return 0 if kind is sre.AT else _ENDLESS


def _lookahead(tree: Tree) -> int:
    """The most signs that assertions read behind a match, and one for `$`."""
    total = 1
    for kind, value in tree:
        if kind is sre.BRANCH:
            total += max(_lookahead(branch) for branch in value[1])
        elif kind is sre.SUBPATTERN:
            total += _lookahead(value[3])
        elif kind is sre.ATOMIC_GROUP:
            total += _lookahead(value)
        elif kind in _REPEATS:
            total += _lookahead(value[2])
        elif kind in (sre.ASSERT, sre.ASSERT_NOT) and value[0] > 0:
            total += int(value[1].getwidth()[1]) + _lookahead(value[1])
        elif kind is sre.GROUPREF_EXISTS:
            return _ENDLESS
    return min(_ENDLESS, total)


def _names_the_end(tree: Tree, flags: int) -> bool:
    r"""Whether `\Z`, or `$` that is not the end of a line, stands in the pattern: a window has another end than the text."""
    for kind, value in tree:
        if kind is sre.AT and (value is sre.AT_END_STRING or (value is sre.AT_END and not flags & re.M)):
            return True
        if any(_names_the_end(inner, flags) for inner in _inner(kind, value)):
            return True
    return False


def _inner(kind: object, value: Tree) -> list[Tree]:
    """The trees within a node."""
    if kind is sre.BRANCH:
        return list(value[1])
    if kind is sre.SUBPATTERN:
        return [value[3]]
    if kind is sre.ATOMIC_GROUP:
        return [value]
    if kind in _REPEATS:
        return [value[2]]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    return [tree for tree in value[1:] if tree is not None] if kind is sre.GROUPREF_EXISTS else []


def _thin(words: Words) -> Words:
    """The words without those that hold a shorter one of them."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(short in word for short in kept):
            kept.append(word)
    return frozenset(kept)


def reach_of(pattern: re.Pattern[str]) -> Reach | None:
    """The words and the reach of a pattern, or None when it has to be run over the whole text."""
    flags = int(pattern.flags)
    tree = parser.parse(pattern.pattern, flags)
    part = _read(tree, flags)
    words = _cheaper(part.needed, part.exact)
    price = _price(words)
    if words is None or price > _MOST_WORK or _names_the_end(tree, flags):
        return None
    words = _thin(words)
    width = min(_ENDLESS, int(tree.getwidth()[1]) + _lookahead(tree))
    breaks = _count_breaks(tree, flags)
    if width <= _WIDEST or (width <= _WIDEST_ACROSS and breaks != 0):
        return Reach(words, width, breaks)
    return Reach(words, None, breaks) if breaks <= _MOST_BREAKS and price * breaks <= _MOST_WORK else None
