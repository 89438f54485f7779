"""What speaks for or against a candidate: its characters, the words beside it, how the word cut fits; hashed into buckets.

Everything is an array operation over all candidates of a text at once: first one row of values per column (`describe`), then a
table of templates says which columns make a feature together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier.detect.candidates import COMPOUND, FOREIGN, HAN_NAME, Candidates
from classifier.detect.name_hashes import Hashes, Places, Sums, make_plan, sum_up
from classifier.detect.name_shapes import DIGIT, GAP, HAN, LATIN, MARK, STRONG, SURNAME, WEAK, Shapes
from classifier.detect.name_words import Words, bits_of

VERSION = 3
"""Raised whenever a feature changes: a model of another version is refused."""
Column = npt.NDArray[np.generic]
_COMMA = ord("、")
_SIDE = SURNAME | STRONG | WEAK
_PAD = 2
"""Empty characters before the text; eight more stand behind it."""


def _table_of_classes() -> npt.NDArray[np.uint8]:
    """Han, digit, letter, gap, sign, or nothing known, for every set of bits."""
    table, sets = np.zeros(1 << 11, dtype=np.uint8), np.arange(1 << 11)
    for number, bit in enumerate((HAN, DIGIT, LATIN, GAP, MARK), start=1):
        table[(sets & bit) != 0] = number
    return table


_CLASS = _table_of_classes()


def _see_signs(codes: npt.NDArray[np.uint32], found: Candidates, shapes: Shapes) -> dict[str, Column]:
    """The characters of a candidate and those beside it."""
    start, end, length = found.start + _PAD, found.end + _PAD, np.minimum(found.end - found.start, 8)
    long = length >= 3
    char, second, third = codes[start], codes[start + 1], np.where(long, codes[start + 2], 0)
    char_l, char_r = codes[start - 1], codes[end]
    point_l, point_r = np.minimum(char_l, 0xFFFF), np.minimum(char_r, 0xFFFF)
    bits_l, bits_r = shapes.bits[point_l], shapes.bits[point_r]
    rank_1 = shapes.given_rank[np.minimum(second, 0xFFFF)]
    rank_2 = np.where(long, shapes.given_rank[np.minimum(third, 0xFFFF)], 9)
    return {
        "length": length,
        "char": char,
        "second": second,
        "third": third,
        "char_l": char_l,
        "char_ll": codes[start - 2],
        "char_r": char_r,
        "char_rr": codes[end + 1],
        "class_l": _CLASS[bits_l],
        "class_r": _CLASS[bits_r],
        "side_l": bits_l & _SIDE,
        "side_r": bits_r & _SIDE,
        "rank_s": shapes.surname_rank[np.minimum(char, 0xFFFF)],
        "rank_1": rank_1,
        "rank_2": rank_2,
        "after": shapes.given_rank[point_r],
        "given_sum": np.where(found.kind == HAN_NAME, rank_1 + np.where(long, rank_2, rank_1), 20),
        "listed_l": char_l == _COMMA,
        "listed_r": char_r == _COMMA,
        "strong": _count_strong(codes, found, shapes),
    }


def _count_strong(codes: npt.NDArray[np.uint32], found: Candidates, shapes: Shapes) -> Column:
    """How many characters of a candidate are strong signs of a transliteration."""
    running = np.zeros(len(codes) + 1, dtype=np.int32)
    np.cumsum((shapes.bits[np.minimum(codes, 0xFFFF)] & (STRONG | WEAK)) == STRONG, out=running[1:])
    counted: Column = np.minimum(running[found.end + _PAD] - running[found.start + _PAD], 4)
    return counted


def _see_words(words: Words, found: Candidates, sums: Sums, shapes: Shapes) -> dict[str, Column]:
    """The words a candidate begins and ends in, and those beside it; a name that begins inside a word has the rest of it beside it."""
    count = len(words.tags)
    begins = np.zeros(len(words.codes) + 8, dtype=bool)
    begins[words.starts] = True
    tags = np.zeros(count + 3, dtype=np.uint8)
    tags[:count] = words.tags
    start, end = found.start, found.end
    first, last = words.owner[start], words.owner[end - 1]
    opens, closes = begins[start], begins[end]
    left, right = np.where(opens, first - 1, first), np.where(closes, last + 1, last)
    left_start = np.where(left >= 0, words.starts[np.maximum(left, 0)], 0)
    return {
        "opens": opens,
        "closes": closes,
        "begin_1": begins[start + 1],
        "begin_2": begins[start + 2] & (end - start > 2),
        "pieces": np.minimum(last - first, 5),
        "tag_l": tags[np.where(left >= 0, left, count)],
        "tag_l2": tags[np.where(left >= 1, left - 1, count)],
        "tag_r": tags[np.minimum(right, count)],
        "tag_r2": tags[np.minimum(right + 1, count)],
        "tag_a": tags[first],
        "tag_z": tags[last],
        "word_l": sums.of(left_start, start),
        "word_l2": sums.of(words.starts[np.maximum(left - 1, 0)], start),
        "word_r": sums.of(end, words.starts[np.minimum(right + 1, count)]),
        "word_r2": sums.of(end, words.starts[np.minimum(right + 2, count)]),
        "before": shapes.before.find_before(sums, start),
        "behind": shapes.after.find_after(sums, end),
    }


def _count_inner(text: str, start: Places, end: Places, at: npt.NDArray[np.int64]) -> Column:
    """How usual a word the part of each of some candidates is; 0 for the others."""
    usual = np.zeros(len(start), dtype=np.uint8)
    spans = (text[a:b] for a, b in zip(start[at].tolist(), end[at].tolist(), strict=True))
    usual[at] = np.fromiter(map(bits_of, spans), dtype=np.uint8, count=len(at))
    return usual


def _see_whole(words: Words, found: Candidates, sums: Sums, char: Column) -> dict[str, Column]:
    """The candidate as one string, and how usual a word it is."""
    start, usual = found.start, found.usual
    three = np.flatnonzero(found.end - start == 3)  # 应|发生, 解放|思
    pair = sums.of(start, np.minimum(start + 2, len(words.codes)))
    return {
        "kind": found.kind,
        "foreign": found.kind == FOREIGN,
        "itself": sums.of(start, found.end),
        "surname": np.where(found.kind == COMPOUND, pair, char.astype(np.uint64)),
        "usual": usual,
        "used": usual > 0,
        "usual_2": usual >> 1,
        "usual_4": usual >> 2,
        "head": _count_inner(words.text, start, start + 2, three),
        "rest": _count_inner(words.text, start + 1, found.end, three),
    }


_SIGNS = (
    "length char second third char_l char_ll char_r char_rr class_l class_r side_l side_r rank_s rank_1 rank_2 after given_sum "
    "listed_l listed_r strong"
)
_WORDS = "opens closes begin_1 begin_2 pieces tag_l tag_l2 tag_r tag_r2 tag_a tag_z word_l word_l2 word_r word_r2 before behind"
_WHOLE = "kind foreign itself surname usual used usual_2 usual_4 head rest"
_NAMES = tuple(f"{_SIGNS} {_WORDS} {_WHOLE} pattern shape fits".split())
_PLACES = (
    "word_l", "word_l2", "word_r", "word_r2", "char_l", "char_r", "char_ll char_l", "char_r char_rr", "tag_l tag_r", "tag_l2 tag_l",
    "tag_r tag_r2", "char_l tag_r", "word_l word_r", "class_l class_r", "before behind", "before tag_r class_r",
    "before listed_l listed_r",
)  # fmt: skip
_CANDIDATES = (
    "kind length", "pattern", "pattern tag_a tag_z", "surname kind", "shape", "second length kind", "third length kind",
    "char second kind", "itself", "word_l fits", "word_r fits", "pattern tag_l tag_r", "class_l class_r kind length closes",
    "given_sum rank_s fits length", "foreign strong pieces length", "foreign tag_a tag_z pieces side_l side_r", "char_l shape",
    "after closes tag_r length kind", "rank_2 after class_r closes", "given_sum tag_l tag_r", "given_sum class_l class_r pattern",
    "tag_a tag_z given_sum fits", "usual kind length", "usual tag_a length pieces", "usual given_sum rank_s length",
    "used tag_l tag_r length kind", "usual class_l class_r", "word_l used length", "word_r used length",
    "before behind usual length kind", "before behind fits", "before class_r usual_2 length", "behind class_l usual_2 length",
    "listed_l listed_r usual_2 kind length", "before behind given_sum", "before pattern", "behind pattern",
    "before behind tag_a tag_z length", "usual_4 char_l", "usual_4 char_r",
    "shape fits", "shape tag_a tag_z", "shape before", "shape behind", "shape class_l class_r", "shape tag_l", "shape tag_r",
    "usual rank_s rank_1 rank_2 length", "rest rank_s kind length", "head kind length", "rest pattern", "head pattern",
    "rest tag_l tag_r", "rest class_l class_r", "rest before behind", "rest head surname",
)  # fmt: skip
_BOTH = tuple(f"{place} kind" + (" length" if 4 <= number < 8 else "") for number, place in enumerate(_PLACES))
WHOLE = make_plan(_CANDIDATES + _BOTH, _NAMES, 100)
"""A candidate with its surroundings."""
PLACE = make_plan(_PLACES, _NAMES, 300)
"""The surroundings alone, for the capacity."""
_GROUPS = make_plan(
    ("kind length opens begin_1 begin_2 closes", "kind length rank_s rank_1 rank_2", "opens closes pieces"), _NAMES, 500
)


def describe(words: Words, found: Candidates, shapes: Shapes) -> Hashes:
    """One row of values for each of the columns that the templates name."""
    codes = np.zeros(len(words.codes) + 8 + _PAD, dtype=np.uint32)
    codes[_PAD : len(words.codes) + _PAD] = words.codes
    sums = sum_up(words.codes)
    seen = _see_signs(codes, found, shapes) | _see_words(words, found, sums, shapes)
    seen |= _see_whole(words, found, sums, seen["char"])
    values = np.zeros((len(_NAMES), len(found.start)), dtype=np.uint64)
    for row, name in enumerate(_NAMES[:-3]):
        values[row] = seen[name]
    values[-3:] = _GROUPS.join(values)
    return values
