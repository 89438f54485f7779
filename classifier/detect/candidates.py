"""Where a name may stand: every span of a text that has the shape of one, from its words and characters, in numpy arrays.

Nothing is decided here. Words come from rjieba (dictionary inside the wheel); a name must begin where a word begins, unless the
word is one that the dictionary does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.detect.name_hashes import Places
from classifier.detect.name_shapes import COMMON, DOTS, GIVEN, HAN, PAIR, STRONG, SURNAME, WEAK, Shapes
from classifier.detect.name_words import TAG_CODE, UNKNOWN, Words, bits_of

HAN_NAME, COMPOUND, FOREIGN, WORD = range(4)
"""Kinds of candidates: surname and given name, surname of two characters (Japanese too), transliteration, a word called a name."""
_PROPER = [TAG_CODE[tag] for tag in ("nr", "nrt", "nrfg", "ns", "nz", "ng")]
_LOOSE_CODES = [TAG_CODE[tag] for tag in ("nr", "nrt", "nrfg", "nrx")]
_JOINED_AFTER = [ord(sign) for sign in "长员人记者官师生士任手主兵工民由对经请找把被让替给问向随与和因"]
"""Last signs of titles, and prepositions: the word cut joins them to the surname that follows (副省长江淑琴)."""
_TAILS = [ord(sign) for sign in "说于在和与等是将对"]
"""Signs that the word cut glues to the end of a foreign name: 皮勒说."""


def _table(codes: Iterable[int], size: int) -> npt.NDArray[np.bool_]:
    made = np.zeros(size, dtype=bool)
    made[list(codes)] = True
    return made


_NAMED_TAG = _table([code + more for code in _LOOSE_CODES for more in (0, UNKNOWN)], 256)
_LOOSE_TAG = _NAMED_TAG | (np.arange(256) >= UNKNOWN)
_PROPER_TAG = _table([code + more for code in _PROPER for more in (0, UNKNOWN)], 256)
_JOINING = _table(_JOINED_AFTER, 0x10000)
_TAIL_SIGN, _DOT_SIGN = _table(_TAILS, 0x10000), _table(DOTS, 0x10000)
_SETS = np.arange(1 << 11)
_GIVEN_BITS = ((_SETS & HAN) != 0) & (((_SETS & COMMON) == 0) | ((_SETS & GIVEN) != 0))
"""Sets of bits that a character of a given name may have."""
_MASK_SIGN = _table(map(ord, "某×*＊✕〇XxＸ"), 0x10000)
_FIGURE = 40
_COMMON_BITS = 10, 7
"""From so many bits of dictionary count a span of two (of three) characters is a word and no name."""
_MOST_FOREIGN = 16
_LONGEST_PIECE = 7
_MOST_WORDS = 9


@dataclass(frozen=True, slots=True)
class Candidates:
    """Spans that may be names."""

    start: Places
    end: Places
    kind: npt.NDArray[np.uint8]
    usual: npt.NDArray[np.uint8]
    """How often the span is met as a word of the dictionary (log2 of its count); 0 when the dictionary does not hold it,
    and _FIGURE for a public figure."""


def _count_as_words(text: str, start: Places, end: Places, figures: frozenset[str]) -> npt.NDArray[np.uint8]:
    """`Candidates.usual` of spans."""
    spans = [text[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    usual = np.fromiter(map(bits_of, spans), dtype=np.uint8, count=len(spans))
    usual[np.fromiter(map(figures.__contains__, spans), dtype=bool, count=len(spans))] = _FIGURE
    return usual


def _spans(start: Places, length: int, kind: int) -> tuple[Places, Places, int]:
    return start, start + length, kind


def _see_given(bits: npt.NDArray[np.uint16]) -> npt.NDArray[np.bool_]:
    """Where a sign of a given name may stand; five places more than the text has."""
    usable = np.zeros(len(bits) + 5, dtype=bool)
    usable[: len(bits)] = _GIVEN_BITS[bits]
    return usable


def _find_han(words: Words, bits: npt.NDArray[np.uint16], usable: npt.NDArray[np.bool_]) -> list[tuple[Places, Places, int]]:
    """Surname and one or two characters."""
    at = np.flatnonzero((bits & SURNAME) != 0)
    at = at[usable[at + 1]]
    own = words.owner[at]
    opens = words.starts[own] == at
    # or the surname is the last sign of a word that a title or a preposition begins
    joined = (words.starts[own + 1] == at + 1) & _JOINING[np.minimum(words.codes[at - 1], 0xFFFF)]
    two = at[opens | joined | _LOOSE_TAG[words.tags[own]]]
    three = two[usable[two + 2]]
    return [_spans(two, 2, HAN_NAME), _spans(three, 3, HAN_NAME)]


def _find_compound(
    words: Words, shapes: Shapes, bits: npt.NDArray[np.uint16], usable: npt.NDArray[np.bool_]
) -> list[tuple[Places, Places, int]]:
    """Surname of two characters and one to three more: 欧阳敏, 尉迟光, 桥本龙太郎."""
    at = words.starts[:-1]
    at = at[(bits[at] & PAIR) != 0]
    at = at[usable[at + 2]]
    pair = words.codes[at].astype(np.int64) << 16 | words.codes[at + 1]
    at = at[shapes.pairs[np.minimum(np.searchsorted(shapes.pairs, pair), len(shapes.pairs) - 1)] == pair]
    found = []
    for length in (3, 4, 5):
        at = at[usable[at + length - 1]]
        found.append((at, at + length, COMPOUND))
    return found


def _find_dots(bits: npt.NDArray[np.uint16], codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Where a middle dot or a hyphen joins two Han characters."""
    han = np.zeros(len(bits) + 2, dtype=bool)
    han[1:-1] = (bits & HAN) != 0
    joints: npt.NDArray[np.bool_] = _DOT_SIGN[np.minimum(codes, 0xFFFF)] & han[:-2] & han[2:]
    return joints


def _count_per_word(marks: npt.NDArray[np.bool_], starts: Places) -> npt.NDArray[np.int32]:
    """How many characters of every word are marked."""
    running = np.zeros(len(marks) + 1, dtype=np.int32)
    np.cumsum(marks, out=running[1:])
    return np.diff(running[starts])


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Every word as a piece of a foreign name."""

    good: npt.NDArray[np.bool_]
    """May stand within one."""
    tailed: npt.NDArray[np.bool_]
    """May end one if its last sign is left away: the cut glued the next word's first sign to it."""
    strong: npt.NDArray[np.bool_]
    dotted: npt.NDArray[np.bool_]


def _see_pieces(words: Words, bits: npt.NDArray[np.uint16]) -> _Pieces:
    """Words in transliteration characters, and beside a middle dot any short word."""
    starts, lasts = words.starts, bits[words.starts[1:] - 1]
    odd = _count_per_word((bits & (STRONG | WEAK)) == 0, starts)
    strong = _count_per_word((bits & (STRONG | WEAK)) == STRONG, starts) > 0
    dot = _find_dots(bits, words.codes)
    dotted = np.zeros(len(odd), dtype=bool)
    good = odd == 0
    if dot.any():
        dotted = _count_per_word(dot, starts) > 0
        beside = np.zeros(len(odd), dtype=bool)
        beside[:-1] |= dotted[1:]
        beside[1:] |= dotted[:-1]
        good |= dotted | (beside & (_count_per_word((bits & HAN) == 0, starts) == 0))
    unknown = words.tags >= UNKNOWN
    glued = _NAMED_TAG[words.tags] & ((lasts & COMMON) != 0)
    tail = unknown | glued | _TAIL_SIGN[np.minimum(words.codes[starts[1:] - 1], 0xFFFF)]
    fits = (odd == 0) | ((odd == 1) & unknown & ((lasts & (STRONG | WEAK)) == 0) & ((lasts & HAN) != 0))
    return _Pieces(good, (tail & fits | glued & good) & ~dotted, strong | _PROPER_TAG[words.tags], dotted)


def _find_foreign(words: Words, bits: npt.NDArray[np.uint16]) -> list[tuple[Places, Places, int]]:
    """Runs of whole words written in transliteration characters."""
    count, bounds, pieces = len(words.tags), words.starts, _see_pieces(words, bits)
    usable = pieces.good | pieces.tailed
    alive = np.flatnonzero(usable & ~pieces.dotted)
    strength, has_dot = pieces.strong[alive], np.zeros(len(alive), dtype=bool)
    starts, ends = [], []
    for reach in range(_MOST_WORDS):
        last = alive + reach
        if reach:
            last = np.minimum(last, count - 1)
            keep = (
                pieces.good[last - 1]
                & usable[last]
                & (alive + reach < count)
                & (bounds[last + 1] - bounds[alive] <= _MOST_FOREIGN)
            )
            alive, last = alive[keep], last[keep]
            if not len(alive):
                break
            strength, has_dot = strength[keep] | pieces.strong[last], has_dot[keep] | pieces.dotted[last]
        length = bounds[last + 1] - bounds[alive]
        take = (strength | has_dot) & ~pieces.dotted[last]
        whole = take & pieces.good[last] & (length >= 2) & ((length <= _LONGEST_PIECE) | has_dot)
        cut_off = take & pieces.tailed[last] & (length >= 3) & ((length <= _LONGEST_PIECE + 1) | has_dot)
        starts += [bounds[alive[whole]], bounds[alive[cut_off]]]
        ends += [bounds[last[whole] + 1], bounds[last[cut_off] + 1] - 1]
    return [(np.concatenate(starts), np.concatenate(ends), FOREIGN)]


def _find_words(words: Words, bits: npt.NDArray[np.uint16]) -> list[tuple[Places, Places, int]]:
    """Words that the dictionary calls names: 孔子, 鲁迅."""
    at = np.flatnonzero(_NAMED_TAG[words.tags])
    length = words.starts[at + 1] - words.starts[at]
    at = at[(length >= 2) & (length <= 6) & ((bits[words.starts[at]] & HAN) != 0)]
    return [(words.starts[at], words.starts[at + 1], WORD)]


def _find_figures(text: str, shapes: Shapes) -> list[tuple[Places, Places, int]]:
    """Public figures wherever they stand; the word cut may hide them in a longer word (克林顿政府)."""
    found = [(start, end) for _index, start, end in shapes.famous.find_matches_as_indexes(text)]
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return [(pairs[:, 0], pairs[:, 1], WORD)]


def find_candidates(words: Words, shapes: Shapes) -> Candidates:
    """All spans that may be names, each once, in text order (kind of the first finder)."""
    bits = shapes.bits[np.minimum(words.codes, 0xFFFF)]
    usable = _see_given(bits)
    found = [
        *_find_han(words, bits, usable),
        *_find_compound(words, shapes, bits, usable),
        *_find_foreign(words, bits),
        *_find_words(words, bits),
        *_find_figures(words.text, shapes),
    ]
    start = np.concatenate([f[0] for f in found]) if found else np.zeros(0, dtype=np.int64)
    end = np.concatenate([f[1] for f in found]) if found else np.zeros(0, dtype=np.int64)
    kind = np.concatenate([np.full(len(f[0]), f[2], dtype=np.uint8) for f in found]) if found else np.zeros(0, dtype=np.uint8)
    _, once = np.unique(start * 16 + (end - start), return_index=True)
    start, end = start[once], end[once]
    return Candidates(start, end, kind[once], _count_as_words(words.text, start, end, shapes.figures))


def drop_words(words: Words, found: Candidates) -> Candidates:
    """The candidates without the commonest words of the dictionary, which half of them are: nothing beside them makes them names.
    A word that the dictionary calls a name stays (李自成); a name that is masked already (诸葛某, 李*) goes.
    """
    length = found.end - found.start
    first = words.owner[found.start]
    named = _NAMED_TAG[words.tags[first]] & (words.starts[first] == found.start) & (words.starts[first + 1] == found.end)
    rare = found.usual < np.where(length == 2, _COMMON_BITS[0], _COMMON_BITS[1])
    signs = np.minimum(np.append(words.codes, [0]), 0xFFFF)
    masked = _MASK_SIGN[signs[found.end - 1]] | _MASK_SIGN[signs[found.end]]
    kept = (rare | (found.usual == _FIGURE) | (length > 3) | named) & ~masked
    return Candidates(found.start[kept], found.end[kept], found.kind[kept], found.usual[kept])
