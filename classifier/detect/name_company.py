"""A candidate among its neighbours: rivals that overlap it, names beside it in a list; small numbers for a second look.

王成 loses to 王成喜 when both are possible; a word between two sure names of a list is a name too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier.detect.candidates import Candidates
from classifier.detect.name_words import Words

_LEVELS = 15
_MOST_RIVALS = 40
_SEPARATOR = np.zeros(0x10000, dtype=bool)
_SEPARATOR[[ord(sign) for sign in "、，, \u3000和与及\n·"]] = True
_BLOCK = _LEVELS * _LEVELS
SIZE = 1 + 2 * _BLOCK + 4 * _BLOCK + 4 * 9 * _LEVELS
"""Columns of the second look: the first score as it is, then boxes."""
Scores = npt.NDArray[np.float32]


def _level(scores: Scores) -> npt.NDArray[np.int64]:
    """Log odds as one of 15 levels, finest about zero; the lowest also stands for nobody."""
    levels: npt.NDArray[np.int64] = np.clip(np.round(np.sign(scores) * np.sqrt(np.abs(scores)) * 2.4) + 7, 0, _LEVELS - 1).astype(
        np.int64
    )
    return levels


def _best_rivals(found: Candidates, scores: Scores) -> tuple[Scores, Scores]:
    """The best score among shorter and among longer overlapping candidates."""
    count = len(scores)
    shorter, longer = np.full(count, -99, dtype=np.float32), np.full(count, -99, dtype=np.float32)
    length = found.end - found.start
    for step in range(1, min(_MOST_RIVALS, count)):
        first, second = np.arange(count - step), np.arange(step, count)
        touching = found.start[second] < found.end[first]
        if not touching.any():
            break
        first, second = first[touching], second[touching]
        for own, other in ((first, second), (second, first)):
            is_longer = length[other] > length[own]
            np.maximum.at(longer, own[is_longer], scores[other[is_longer]])
            np.maximum.at(shorter, own[~is_longer], scores[other[~is_longer]])
    return shorter, longer


def look_again(words: Words, found: Candidates, scores: Scores) -> tuple[npt.NDArray[np.int64], Scores]:
    """Column numbers (one row of boxes per candidate) and the first score, for a second linear model."""
    size = len(words.codes)
    opening, closing = np.full(size + 2, -99, dtype=np.float32), np.full(size + 2, -99, dtype=np.float32)
    np.maximum.at(opening, found.start, scores)
    np.maximum.at(closing, found.end, scores)
    apart = _SEPARATOR[np.minimum(np.append(words.codes, [0, 0]), 0xFFFF)]
    apart_r, apart_l = apart[found.end], apart[np.maximum(found.start - 1, 0)] & (found.start > 0)
    right = opening[np.where(apart_r, found.end + 1, found.end)]
    left = closing[np.where(apart_l, found.start - 1, found.start)]
    shorter, longer = _best_rivals(found, scores)
    own, level_s, level_l, level_right, level_left = _level(np.stack([scores, shorter, longer, right, left]))
    length = np.minimum(found.end - found.start, 8)
    row = own * _LEVELS
    boxes = [
        row + level_s,
        _BLOCK + row + level_l,
        (2 + apart_r) * _BLOCK + row + level_right,
        (4 + apart_l) * _BLOCK + row + level_left,
        6 * _BLOCK + (found.kind.astype(np.int64) * 9 + length) * _LEVELS + own,
    ]
    return 1 + np.stack(boxes, axis=1), scores
