"""Where a name may stand: every place of a text at which one may begin, and every span from such a place that has the shape of one.

Nothing is decided here. Places are found in one array operation; what is left of them is so little that it is walked one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.detect.name_hashes import Places
from classifier.detect.name_shapes import HAN, PAIR, STRONG, SURNAME, WEAK, Shapes
from classifier.detect.name_signs import BACK, DOT, FAMOUS, FOLLOWS, FRONT, GIVABLE, LINKS, MASKED, NAMED, NICK, Signs
from classifier.detect.name_words import bits_of

HAN_NAME, COMPOUND, FOREIGN, WORD = range(4)
"""Kinds of candidates: surname and given name, surname of two characters (Japanese too), transliteration, a word called a name."""
_NONE: tuple[tuple[int, int], ...] = ()
_SHORT, _BOTH = ((2, HAN_NAME),), ((2, HAN_NAME), (3, HAN_NAME))
"""Lengths and kinds of the spans that begin with a surname: one or two characters follow it."""
_FOREIGN_SIGN = STRONG | WEAK
_RARE = PAIR | STRONG | WEAK | NICK | FAMOUS
"""A character without these begins nothing but a surname and a given name."""
_FIGURE = 40
"""`Candidates.usual` of a public figure."""
_COMMON_BITS = {2: 10, 3: 7}
"""From so many bits of dictionary count a span of two (of three) characters is a word and no name."""
_MOST_FOREIGN = 16
_LONGEST_PIECE = 7
_BESIDE_DOT = 3
"""So many characters on either side of a middle dot may belong to the name, whatever they are: 冯·皮勒."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Spans that may be names, in text order."""

    rows: Places
    """One row each for `start`, `end`, `kind` and `usual`."""

    @property
    def start(self) -> Places:
        """Where each begins."""
        return _row(self.rows, 0)

    @property
    def end(self) -> Places:
        """Where each ends."""
        return _row(self.rows, 1)

    @property
    def kind(self) -> Places:
        """HAN_NAME, COMPOUND, FOREIGN or WORD."""
        return _row(self.rows, 2)

    @property
    def usual(self) -> Places:
        """How often the span is met as a word of the dictionary (log2 of its count); 0 when the dictionary does not hold it,
        and _FIGURE for a public figure.
        """
        return _row(self.rows, 3)

    def take(self, kept: npt.NDArray[np.generic]) -> Candidates:
        """Some of them."""
        return Candidates(self.rows[:, kept])


def _row(rows: Places, number: int) -> Places:
    row: Places = rows[number]
    return row


def find_places(signs: Signs) -> Places:
    """The places where the signs allow a name to begin."""
    here, after = slice(FRONT, -BACK), slice(FRONT + 1, 1 - BACK)
    opening = NAMED.take(signs.pairs[here])
    opening |= signs.roles[here]
    opening &= signs.roles[after] >> FOLLOWS
    return np.flatnonzero(opening != 0) + FRONT


def _loosen(signs: Signs) -> memoryview:
    """The marks with a weak sign of transliteration on every middle dot that joins two Han characters, and on the characters beside it."""
    marks = signs.marks.data
    dots = [dot for dot in np.flatnonzero(signs.roles & LINKS).tolist() if marks[dot - 1] & marks[dot + 1] & HAN]
    if not dots:
        return marks
    loose = signs.marks.copy()
    for dot in dots:
        beside = loose[dot - _BESIDE_DOT : dot + _BESIDE_DOT + 1]
        beside[(beside & HAN) != 0] |= np.uint32(WEAK)
        loose[dot] |= np.uint32(WEAK)
    return loose.data


def _find_foreign(marks: memoryview, at: int) -> Iterator[int]:
    """Lengths of the runs of transliteration characters; beside a middle dot of any Han characters."""
    strong, dotted = marks[at] & _FOREIGN_SIGN == STRONG, False
    for length in range(2, _MOST_FOREIGN + 1):
        last = marks[at + length - 1]
        if not last & _FOREIGN_SIGN:
            return
        strong = strong or last & _FOREIGN_SIGN == STRONG
        if last & DOT:
            dotted = True
        elif dotted or (strong and length <= _LONGEST_PIECE):
            yield length


def _find_rare(text: str, at: int, marks: memoryview, loose: memoryview, named: int, shapes: Shapes) -> dict[int, int]:
    """Lengths and kinds of the spans from a place that are more than a surname and a given name; of two kinds the first."""
    found = dict[int, int]()
    first, begin = marks[at], at - FRONT
    if first & PAIR and text[begin : begin + 2] in shapes.compound:  # and one to three more: 欧阳敏, 尉迟光, 桥本龙太郎
        for length in (3, 4, 5):
            if not marks[at + length - 1] & GIVABLE:
                break
            found[length] = COMPOUND
    if loose[at] & _FOREIGN_SIGN and loose[at + 1] & _FOREIGN_SIGN and not first & DOT:
        for length in _find_foreign(loose, at):
            found.setdefault(length, FOREIGN)
    if named or (first & NICK and marks[at + 1] & GIVABLE):  # nicknames, and what the dictionary calls a name (小芳, 志强)
        found.setdefault(2, WORD)
    if first & FAMOUS:
        for figure in shapes.famous.get(text[begin : begin + 2], ()):
            if text.startswith(figure, begin):
                found.setdefault(len(figure), WORD)
    return found


def find_candidates(signs: Signs, at: Places, shapes: Shapes) -> Candidates:
    """All spans from the given places that may be names, each once, in text order. The commonest words of the dictionary are left out:
    nothing beside them makes them names, but one that the dictionary calls a name stays; so is a name that is masked already
    （诸葛某, 李*）.
    """
    text, marks, loose, figures = signs.text, signs.marks.data, _loosen(signs), shapes.figures
    last = len(text) + FRONT
    found = list[int]()
    for start, named in zip(at.tolist(), NAMED.take(signs.pairs.take(at)).tolist(), strict=True):
        first = marks[start]
        spans = _NONE
        if first & SURNAME and marks[start + 1] & GIVABLE:
            spans = _BOTH if marks[start + 2] & GIVABLE else _SHORT
        if (named or (first | loose[start]) & _RARE) and (rare := _find_rare(text, start, marks, loose, named, shapes)):
            spans = tuple(sorted((rare | dict(spans)).items()))
        for length, kind in spans:
            end = start + length
            if end > last or (marks[end - 1] | marks[end]) & MASKED:
                continue
            word = text[start - FRONT : end - FRONT]
            usual = _FIGURE if word in figures else bits_of(word)
            if usual < _COMMON_BITS.get(length, _FIGURE) or usual == _FIGURE or (named and length == 2):
                found += (start, end, kind, usual)
    return Candidates(np.array(found, dtype=np.int64).reshape(-1, 4).T)
