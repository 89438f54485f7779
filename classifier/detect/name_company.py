"""A second look at the few candidates that the first one left: rivals that overlap it, names beside it, how the words fall.

王成 loses to 王成喜 when both are possible; a word between two sure names of a list is a name too; 对叶长生 is cut 对叶|长生. Words are
cut only here, and only in the clauses that still hold a candidate: that is most of what finding names costs.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from classifier.detect.candidates import Candidates
from classifier.detect.name_features import CARRIED
from classifier.detect.name_hashes import Hashes, make_plan
from classifier.detect.name_signs import CLOSES, FRONT, Signs
from classifier.detect.name_words import class_of, cut

_LEVELS = 15
_NOBODY = 0
_SEPARATORS = frozenset("、，, \u3000和与及\n·")
_HALF = re.compile("[\ud800-\udfff]")
_COMPANY = "own shorter longer right left apart_r apart_l"
_WORDS = "opens closes begin_1 begin_2 pieces class_l class_l2 class_r class_r2 class_a class_z"
_NAMES = (*CARRIED, *_COMPANY.split(), *_WORDS.split())
LOOK = make_plan(
    (
        "own shorter", "own longer", "own right apart_r", "own left apart_l", "kind length own", "opens closes kind length",
        "own opens closes kind length", "own pieces kind", "class_l class_r kind length", "class_a class_z kind length",
        "class_a class_z opens closes pieces length", "class_l opens kind", "class_r closes kind", "class_l2 class_l kind",
        "class_r class_r2 kind", "opens begin_1 begin_2 closes kind length", "own class_a class_z opens closes",
        "foreign class_a class_z pieces side_l side_r", "foreign pieces opens closes length", "class_l own", "class_r own",
        "usual opens closes class_a length", "class_a class_z opens begin_1 begin_2 closes length", "class_a pieces class_r length",
        "class_l opens class_a length",
    ),
    _NAMES,
    900,
)  # fmt: skip
Scores = npt.NDArray[np.float32]


def _level(score: float) -> int:
    """Log odds as one of 15 levels, finest about zero; the lowest also stands for nobody."""
    return min(max(round(math.copysign(math.sqrt(abs(score)), score) * 2.4) + 7, 0), _LEVELS - 1)


def _see_company(signs: Signs, spans: list[tuple[int, int]], levels: list[int]) -> list[tuple[int, ...]]:
    """The columns of _COMPANY, one row per candidate."""
    opening, closing = dict[int, int](), dict[int, int]()
    shorter, longer = [_NOBODY] * len(levels), [_NOBODY] * len(levels)
    for one, (start, end) in enumerate(spans):
        opening[start] = max(opening.get(start, _NOBODY), levels[one])
        closing[end] = max(closing.get(end, _NOBODY), levels[one])
        for other in range(one + 1, len(spans)):
            if spans[other][0] >= end:
                break
            gain = spans[other][1] - spans[other][0] - (end - start)
            for own, rival, more in ((one, other, gain), (other, one, -gain)):
                best = longer if more > 0 else shorter  # a rival as long counts among the shorter
                best[own] = max(best[own], levels[rival])
    text, seen = signs.text, list[tuple[int, ...]]()
    for one, (start, end) in enumerate(spans):
        apart_r = text[end - FRONT : end - FRONT + 1] in _SEPARATORS
        apart_l = start > FRONT and text[start - FRONT - 1] in _SEPARATORS
        right, left = opening.get(end + apart_r, _NOBODY), closing.get(start - apart_l, _NOBODY)
        seen.append((levels[one], shorter[one], longer[one], right, left, apart_r, apart_l))
    return seen


def _gather_clauses(signs: Signs, spans: list[tuple[int, int]]) -> tuple[str, list[int]]:
    """The clauses that hold candidates, joined, and how far each candidate was moved by that."""
    limit = len(signs.text) + FRONT
    ends = [*np.flatnonzero(signs.roles & CLOSES).tolist(), limit]
    clauses, moved, end, size = [], [], FRONT, 0
    for first, last in spans:
        if last > end:
            number = bisect_left(ends, first)
            start = max(ends[number - 1] + 1, end) if number else end
            end = min(ends[bisect_left(ends, last, number)] + 1, limit)
            clauses.append(signs.word(start, end))
            shift = start - size
            size += end - start
        moved.append(shift)
    return "".join(clauses), moved


def _see_words(signs: Signs, spans: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The columns of _WORDS, one row per candidate: the words it begins and ends in, and those beside it."""
    text, moved = _gather_clauses(signs, spans)
    words = ["", "", *cut(_HALF.sub("\ufffd", text)), "", ""]
    ends = list(accumulate(map(len, words)))
    seen = []
    for (start, end), shift in zip(spans, moved, strict=True):
        begin, stop = start - shift, end - shift
        first = bisect_right(ends, begin)
        last = bisect_left(ends, stop, first)
        opens, closes = ends[first - 1] == begin, ends[last] == stop
        left, right = first - opens, last + closes
        begins = ends[first : last + 1]
        around = (words[left], words[left - 1], words[right], words[right + 1], words[first], words[last])
        within = (begin + 1 in begins, begin + 2 in begins and stop - begin > 2)
        seen.append((opens, closes, *within, min(last - first, 5), *map(class_of, around)))
    return seen


def look_again(signs: Signs, found: Candidates, carried: Hashes, scores: Scores) -> Hashes:
    """One row of values for each of the columns of LOOK; `carried` are the rows of CARRIED, `scores` those of the first look."""
    spans = list(zip(*found.rows[:2].tolist(), strict=True))
    company = _see_company(signs, spans, list(map(_level, scores.tolist())))
    seen = [(*beside, *words) for beside, words in zip(company, _see_words(signs, spans), strict=True)]
    return np.concatenate([carried, np.array(seen, dtype=np.uint32).T])
