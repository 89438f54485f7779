"""A pattern of many alternatives, told at a glance where none of them can begin.

The engine of the standard library tries every alternative at every character unless each begins with a plain sign; one that begins
with a look behind or a repetition is enough to lose that. The signs a match can begin with are read off the parse tree, so that an
alternative added later is never forgotten.
"""

from __future__ import annotations

import re
from re import _constants as sre  # type: ignore[attr-defined] # the only reader of patterns there is; typeshed hides it
from re import _parser as parser  # type: ignore[attr-defined] # same

from classifier.detect.literals import REPEATS, Tree

Ranges = set[tuple[int, int]]
_WIDTHLESS = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)


def _of_class(items: Tree) -> Ranges | None:
    """The signs of a character class; None where they are not named one by one or as ranges."""
    found: Ranges = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            found.add((value, value))
        elif kind is sre.RANGE:
            found.add((value[0], value[1]))
        else:
            return None
    return found


def _of_row(tree: Tree) -> tuple[Ranges, bool] | None:
    """What a row of pieces can begin with, and whether it can be empty; None when that is not known."""
    found: Ranges = set()
    for kind, value in tree:
        part = _of_piece(kind, value)
        if part is None:
            return None
        found |= part[0]
        if not part[1]:
            return found, False
    return found, True


def _of_piece(kind: object, value: Tree) -> tuple[Ranges, bool] | None:
    if kind is sre.LITERAL:
        return {(value, value)}, False
    if kind is sre.IN:
        signs = _of_class(value)
        return None if signs is None else (signs, False)
    if kind in _WIDTHLESS:
        return set(), True
    if kind is sre.BRANCH:
        rows = [_of_row(branch) for branch in value[1]]
        known = [row for row in rows if row is not None]
        whole = set().union(*(signs for signs, _ in known)), any(empty for _, empty in known)
        return whole if len(known) == len(rows) else None
    if kind is sre.SUBPATTERN:
        _group, add, remove, inner = value
        return None if add or remove else _of_row(inner)
    if kind in REPEATS:
        low, _high, inner = value
        row = _of_row(inner)
        return None if row is None else (row[0], row[1] or low == 0)
    return None


def _as_class(signs: Ranges) -> str:
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in sorted(signs))


def glance(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """A pattern with the same matches and groups, which looks first whether the sign before it can begin one.

    Raises:
        ValueError: a pattern that can begin with any sign, or be empty, or does not tell capitals from small letters.
    """
    row = None if pattern.flags & re.I else _of_row(parser.parse(pattern.pattern, int(pattern.flags)))
    if row is None or row[1]:
        raise ValueError("pattern without signs it begins with")
    return re.compile(f"(?=[{_as_class(row[0])}])(?:{pattern.pattern})", pattern.flags)
