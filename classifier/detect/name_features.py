"""What speaks for or against a candidate: its characters, the characters and words beside it; hashed into buckets.

Everything is an array operation over all candidates of a text at once: a row of places for every offset that matters, one look-up of
all of them, then one row of values per column. A table of templates says which columns make a feature together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.detect.candidates import COMPOUND, FOREIGN, HAN_NAME, Candidates
from classifier.detect.name_hashes import Hashes, Places, make_plan
from classifier.detect.name_pairs import CLASS, HALF, LEVEL, USUAL
from classifier.detect.name_shapes import LONGEST_NEIGHBOUR, STRONG, WEAK, Shapes
from classifier.detect.name_signs import (
    COLUMNS,
    GIVEN_RANK,
    INVERSE,
    KIND,
    MARKS,
    PAIRS,
    SIDE,
    SIGN_CLASS,
    SUMS,
    SURNAME_RANK,
    Signs,
)

VERSION = 4
"""Raised whenever a feature changes: a model of another version is refused."""
_COMMA = ord("、")


@dataclass(frozen=True, slots=True)
class _Reading:
    """Columns that are read at places: fields of characters and pairs, and hashes of the characters between two places.

    Every number of `Signs.table` that matters is looked up once, then copied to the rows of the columns made of it.
    """

    edges: Places
    """Which edge of a candidate the place of every number is counted from."""
    offsets: Places
    """Where every number stands in the table, counted from the first number of that edge."""
    copies: Places
    """Of which number every row is made: first those of the fields, then the sums at the ends of the windows, those at their starts,
    and what these are divided by."""
    shifts: Hashes
    masks: Hashes

    def read(self, signs: Signs, edges: Places) -> Hashes:
        """One row of values per column, fields first; rows that are of no further use follow."""
        fields = len(self.masks)
        windows = (len(self.copies) - fields) // 3
        places = (edges * COLUMNS).take(self.edges, axis=0)
        places += self.offsets
        values = signs.table.ravel().take(places).take(self.copies, axis=0)
        known = values[:fields]
        known >>= self.shifts
        known &= self.masks
        ends, starts, inverse = values[fields:].reshape(3, windows, -1)
        ends -= starts
        ends *= inverse
        return values


_Field = tuple[str, int, str, tuple[int, int]]


def _plan_reading(edges: str, fields: tuple[_Field, ...], windows: tuple[tuple[str, str, str], ...]) -> _Reading:
    """A place is written as the letter of an edge and an offset from it: s+1."""
    wanted = [(column, place) for _, column, place, _ in fields] + [(SUMS, end) for _, _, end in windows]
    wanted += [(column, start) for column in (SUMS, INVERSE) for _, start, _ in windows]
    numbers = sorted(set(wanted))
    return _Reading(
        np.array([edges.index(place[0]) for _, place in numbers], dtype=np.int64),
        np.array([[int(place[1:]) * COLUMNS + column] for column, place in numbers], dtype=np.int64),
        np.array([numbers.index(number) for number in wanted], dtype=np.int64),
        np.array([[field[0]] for *_, field in fields], dtype=np.uint32),
        np.array([[field[1]] for *_, field in fields], dtype=np.uint32),
    )


# where a name may begin -----------------------------------------------------------------------------------------------------------

_OPENING_FIELDS: tuple[_Field, ...] = (
    ("level_-2", PAIRS, "s-2", LEVEL), ("level_-1", PAIRS, "s-1", LEVEL), ("level_0", PAIRS, "s+0", LEVEL),
    ("level_1", PAIRS, "s+1", LEVEL), ("level_2", PAIRS, "s+2", LEVEL), ("usual_-1", PAIRS, "s-1", USUAL),
    ("usual_0", PAIRS, "s+0", USUAL), ("usual_1", PAIRS, "s+1", USUAL), ("rank_s", MARKS, "s+0", SURNAME_RANK),
    ("rank_1", MARKS, "s+1", GIVEN_RANK), ("rank_2", MARKS, "s+2", GIVEN_RANK), ("kind", MARKS, "s-1", KIND),
)  # fmt: skip
_OPENING_WINDOWS = tuple(
    (f"{start}:{end}", f"s{start:+d}", f"s{end:+d}")
    for start, end in (
        (-2, -1),
        (-1, 0),
        (0, 1),
        (1, 2),
        (2, 3),
        (-3, -1),
        (-2, 0),
        (-1, 1),
        (0, 2),
        (1, 3),
        (2, 4),
        (-3, 0),
        (0, 3),
    )
)
_OPENING_NAMES = (*(field[0] for field in _OPENING_FIELDS), *(window[0] for window in _OPENING_WINDOWS))
_OPENING = _plan_reading("s", _OPENING_FIELDS, _OPENING_WINDOWS)
OPENING = make_plan(
    (
        *(window[0] for window in _OPENING_WINDOWS),
        "level_-1 level_0 level_1 level_2", "level_-1 level_0 level_1 rank_s rank_1 rank_2", "level_-2 level_-1 level_0 rank_s",
        "level_0 level_1 rank_s rank_1 rank_2", "usual_0 usual_1", "usual_-1 usual_0", "usual_0 rank_s rank_1 rank_2",
        "kind level_0 level_1 rank_s",
    ),
    _OPENING_NAMES,
    700,
    16,
)  # fmt: skip
"""A place at which a name may begin, with what stands around it."""


def describe_places(signs: Signs, at: Places) -> Hashes:
    """One row of values for each of the columns of OPENING."""
    return _OPENING.read(signs, at[None])


# a candidate ----------------------------------------------------------------------------------------------------------------------

_INSIDE: tuple[_Field, ...] = (
    ("rank_2", MARKS, "s+2", GIVEN_RANK), ("level_1", PAIRS, "s+1", LEVEL), ("half_1", PAIRS, "s+1", HALF), ("usual_1", PAIRS, "s+1", USUAL),
)  # fmt: skip
"""Nothing for a candidate of two characters."""
_CLASSES = ("class_l", "s-2", "s-1"), ("class_0", "s+0", "s+0"), ("class_r", "e+0", "e+0"), ("class_l2", "l-2", "l-1"), ("class_r2", "r+0", "r+0")  # fmt: skip
"""Classes of words, with the place of the word of two characters and that of the single character."""
_FIELDS: tuple[_Field, ...] = (
    *_INSIDE,
    *((name, PAIRS, pair, CLASS) for name, pair, _ in _CLASSES),
    *((f"{name}_single", MARKS, single, SIGN_CLASS) for name, _, single in _CLASSES),
    *((f"{name}_usual", PAIRS, pair, USUAL) for name, pair, _ in _CLASSES),
    ("kind_l", MARKS, "s-1", KIND), ("kind_r", MARKS, "e+0", KIND), ("side_l", MARKS, "s-1", SIDE), ("side_r", MARKS, "e+0", SIDE),
    ("rank_s", MARKS, "s+0", SURNAME_RANK), ("rank_1", MARKS, "s+1", GIVEN_RANK), ("after", MARKS, "e+0", GIVEN_RANK),
    ("level_ll", PAIRS, "s-2", LEVEL), ("level_l", PAIRS, "s-1", LEVEL), ("level_0", PAIRS, "s+0", LEVEL),
    ("level_r", PAIRS, "e-1", LEVEL), ("level_rr", PAIRS, "e+0", LEVEL),
    ("half_l", PAIRS, "s-1", HALF), ("half_0", PAIRS, "s+0", HALF), ("half_r", PAIRS, "e-1", HALF), ("half_rr", PAIRS, "e+0", HALF),
    ("usual_l", PAIRS, "s-1", USUAL), ("usual_0", PAIRS, "s+0", USUAL), ("usual_r", PAIRS, "e-1", USUAL),
)  # fmt: skip
_WINDOWS = (
    ("third", "s+2", "s+3"), ("l1", "s-1", "s+0"), ("l2", "s-2", "s+0"), ("l3", "s-3", "s+0"), ("l4", "s-4", "s+0"),
    ("l5", "s-5", "s+0"), ("r1", "e+0", "e+1"), ("r2", "e+0", "e+2"), ("r3", "e+0", "e+3"), ("r4", "e+0", "e+4"),
    ("r5", "e+0", "e+5"), ("first", "s+0", "s+1"),
    ("second", "s+1", "s+2"), ("two", "s+0", "s+2"), ("word_l", "l+0", "s+0"), ("word_r", "e+0", "r+0"),
    ("far_l", "s-2", "s-1"), ("far_r", "e+1", "e+2"), ("itself", "s+0", "e+0"),
)  # fmt: skip
_EDGES = "selr"
"""The start and the end of a candidate, and the far edges of the words on its left and on its right."""
_OUTWARD, _BESIDE_ENDS, _PAIRS_BESIDE = np.array([[-1], [1]]), np.array([[-1], [0]]), np.array([[-2], [0]])
"""From the start and the end of a candidate: one step away from it, the character beside it, the word of two characters beside it."""
_READING = _plan_reading(_EDGES, _FIELDS, _WINDOWS)
_OWN = "length kind foreign surname used usual usual_2 usual_4 given_sum listed_l listed_r strong before behind"
_MADE = "pattern", "shape", "fits"
_NAMES = (*(f[0] for f in _FIELDS), *(w[0] for w in _WINDOWS), *_OWN.split(), *_MADE)
_ROW = {name: row for row, name in enumerate(_NAMES)}
_READ = len(_FIELDS) + len(_WINDOWS)
_IN_WORD = slice(0, len(_INSIDE)), _ROW["third"]
_CLASS_ROWS, _SINGLE_ROWS, _USUAL_ROWS = (slice(len(_INSIDE) + 5 * part, len(_INSIDE) + 5 * part + 5) for part in range(3))
_NEIGHBOURS = slice(_ROW["l1"], _ROW["l1"] + 2 * LONGEST_NEIGHBOUR)
"""The characters before and behind a candidate: one, two, three …"""
_PLACES = (
    "word_l", "l1", "l2", "l3", "l4", "word_r", "r1", "r2", "r3", "r4", "class_l class_r", "class_l2 class_l", "class_r class_r2",
    "l1 class_r", "r1 class_l", "word_l word_r", "kind_l kind_r", "before behind", "before class_r kind_r",
    "before listed_l listed_r", "l1 r1",
)  # fmt: skip
_CANDIDATES = (
    "kind length", "pattern", "surname kind", "shape", "second length kind", "third length kind", "two kind", "itself",
    "word_l fits", "word_r fits", "l1 fits", "r1 fits", "l2 fits", "r2 fits", "pattern class_l class_r",
    "kind_l kind_r kind length level_r", "given_sum rank_s fits length", "foreign strong length", "foreign side_l side_r length",
    "foreign level_l level_r length", "l1 shape", "r1 shape", "after level_r class_r length kind", "after level_r length",
    "rank_2 after kind_r level_r", "given_sum class_l class_r", "given_sum kind_l kind_r pattern", "usual kind length",
    "usual class_0 length", "usual given_sum rank_s length", "used class_l class_r length kind", "usual kind_l kind_r",
    "word_l used length", "word_r used length", "before behind usual length kind", "before behind fits",
    "before kind_r usual_2 length", "behind kind_l usual_2 length", "listed_l listed_r usual_2 kind length",
    "before behind given_sum", "before pattern", "behind pattern", "before behind class_0 length", "usual_4 l1", "usual_4 r1",
    "shape fits", "shape before", "shape behind", "shape kind_l kind_r", "shape class_l", "shape class_r",
    "usual rank_s rank_1 rank_2 length", "usual_1 rank_s kind length", "usual_0 kind length", "usual_1 pattern",
    "usual_0 usual_1 length", "usual_l usual_0 length", "usual_r half_rr length", "usual_l level_ll length",
    "usual_1 class_l class_r length", "usual_1 before behind length", "usual_0 usual_1 surname",
    "half_l half_0 half_1 half_r length", "level_l level_0 length rank_s", "level_r level_rr length rank_2", "usual_l length kind",
    "usual_r length kind", "usual_r usual_1 length", "level_rr level_ll half_l half_r length", "surname l1 length",
    "third r1 length", "second r1 length", "far_r half_r length", "far_l half_l length",
)  # fmt: skip
_BOTH = tuple(f"{place} kind" + (" length" if number < 10 else "") for number, place in enumerate(_PLACES))
WHOLE = make_plan(_CANDIDATES + _BOTH, _NAMES, 100)
"""A candidate with its surroundings."""
PLACE = make_plan(_PLACES, _NAMES, 300)
"""The surroundings alone, for the capacity."""
_GROUPS = make_plan(
    ("kind length half_l half_0 half_1 half_r", "kind length rank_s rank_1 rank_2", "half_l half_r length"),
    _NAMES[: -len(_MADE)],
    500,
)
CARRIED = ("length", "kind", "foreign", "side_l", "side_r", "usual")
"""Columns that the second look takes over."""
CARRIED_ROWS = np.array([_NAMES.index(name) for name in CARRIED], dtype=np.int64)


def _count_strong(signs: Signs, found: Candidates) -> Hashes:
    """How many characters of each candidate are strong signs of a transliteration, up to four."""
    running = np.zeros(len(signs.codes) + 1, dtype=np.uint32)
    np.cumsum(signs.marks & (STRONG | WEAK) == STRONG, out=running[1:])
    counted: Hashes = np.minimum(running[found.end] - running[found.start], 4)
    return counted


def describe(signs: Signs, found: Candidates, shapes: Shapes) -> Hashes:
    """One row of values for each of the columns that the templates name."""
    start, end, kind, usual = found.rows
    ends = found.rows[:2]
    worded = signs.pairs.take(ends + _PAIRS_BESIDE) & USUAL[1] != 0
    edges = np.concatenate((ends, ends + _OUTWARD))
    edges[2:] += worded * _OUTWARD
    values = _READING.read(signs, edges)[: len(_NAMES)]  # what is of no further use makes room for the columns below
    length = np.minimum(end - start, 8)
    long = length > 2
    for rows in _IN_WORD:
        values[rows] *= long
    np.copyto(values[_CLASS_ROWS], values[_SINGLE_ROWS], where=values[_USUAL_ROWS] == 0)
    foreign = kind == FOREIGN
    rank_1, rank_2 = values[_ROW["rank_1"]], values[_ROW["rank_2"]]
    before, behind = shapes.neighbours.find(values[_NEIGHBOURS].reshape(2, LONGEST_NEIGHBOUR, -1))
    own = values[_READ:]
    own[0], own[1], own[2] = length, kind, foreign
    own[3] = np.where(kind == COMPOUND, values[_ROW["two"]], values[_ROW["first"]])
    own[4], own[5], own[6], own[7] = usual > 0, usual, usual >> 1, usual >> 2
    own[8] = np.where(kind == HAN_NAME, rank_1 + np.where(long, rank_2, rank_1), 20)
    own[9:11] = signs.codes.take(ends + _BESIDE_ENDS) == _COMMA
    own[11] = _count_strong(signs, found) if foreign.any() else 0
    own[12], own[13] = before & 7, behind >> 3
    own[14:] = _GROUPS.join(values)
    return values
