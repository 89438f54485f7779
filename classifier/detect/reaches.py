"""How far a match can reach from a word of its pattern: in signs, or in line ends where no number of signs bounds it.

Read off the parse tree of the standard library, as the words are (literals.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import _constants as sre  # type: ignore[attr-defined] # the only reader of patterns there is; typeshed hides it
from re import _parser as parser  # type: ignore[attr-defined] # same

from classifier.detect.literals import ENDLESS, REPEATS, Anchor, Tree, find_anchors, price_of

_WIDEST = 120
"""Matches up to this wide are looked for in a window of that width; wider ones in whole lines."""
_WIDEST_ACROSS = 600
_MOST_BREAKS = 32
_MOST_WORK = 24.0
"""Price of the words times the lines they call up: beyond this the whole text is cheaper."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a pattern is run: only near its words, at most `width` signs (None: any number) and `breaks` line ends either side.

    Line ends count only where `width` is None or `breaks` is 0: then the edge of the window is the edge of the line.
    """

    anchors: tuple[Anchor, ...]
    width: int | None
    breaks: int

    @property
    def words(self) -> frozenset[str]:
        """The words alone."""
        return frozenset(anchor.word for anchor in self.anchors)


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
    """The most line ends a match can run over (a stretch of white space counts once); `ENDLESS` when there is no bound."""
    return min(ENDLESS, sum(_count_node(kind, value, flags) for kind, value in tree))


def _count_node(kind: object, value: Tree, flags: int) -> int:
    if kind in _ATOMS:
        return int(_crosses(kind, value, flags)[0])
    if kind is sre.BRANCH:
        return max(_count_breaks(branch, flags) for branch in value[1])
    if kind is sre.SUBPATTERN:
        return _count_breaks(value[3], (flags | value[1]) & ~value[2])
    if kind is sre.ATOMIC_GROUP:
        return _count_breaks(value, flags)
    if kind in REPEATS:
        _low, high, inner = value
        atoms = list(inner)
        if len(atoms) == 1 and atoms[0][0] in _ATOMS and _crosses(atoms[0][0], atoms[0][1], flags) == (True, True):
            return 1
        return min(ENDLESS, int(high) * _count_breaks(inner, flags))
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return _count_breaks(value[1], flags) if value[0] > 0 else 0  # what stands before is always in sight
    return 0 if kind is sre.AT else ENDLESS


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
        elif kind in REPEATS:
            total += _lookahead(value[2])
        elif kind in (sre.ASSERT, sre.ASSERT_NOT) and value[0] > 0:
            total += int(value[1].getwidth()[1]) + _lookahead(value[1])
        elif kind is sre.GROUPREF_EXISTS:
            return ENDLESS
    return min(ENDLESS, total)


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
    if kind in REPEATS:
        return [value[2]]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    return [tree for tree in value[1:] if tree is not None] if kind is sre.GROUPREF_EXISTS else []


def reach_of(pattern: re.Pattern[str]) -> Reach | None:
    """The words and the reach of a pattern, or None when it has to be run over the whole text."""
    flags = int(pattern.flags)
    tree = parser.parse(pattern.pattern, flags)
    anchors = find_anchors(tree, flags)
    price = price_of(frozenset(anchors))
    if price > _MOST_WORK or _names_the_end(tree, flags):
        return None
    width = min(ENDLESS, int(tree.getwidth()[1]) + _lookahead(tree))
    breaks = _count_breaks(tree, flags)
    if width <= _WIDEST or (width <= _WIDEST_ACROSS and breaks != 0):
        return Reach(anchors, width, breaks)
    return Reach(anchors, None, breaks) if breaks <= _MOST_BREAKS and price * breaks <= _MOST_WORK else None
