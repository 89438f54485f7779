"""A text as arrays, for the name model: of every character what it is, of every two whether they make a word.

Places here count from FRONT empty characters before the text, so that what stands beside a candidate can be read without asking
whether there is anything; BACK more stand behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.detect.name_hashes import Hashes, sum_up
from classifier.detect.name_pairs import CLASS, Pairs
from classifier.detect.name_shapes import COMMON, DIGIT, DOTS, GAP, GIVEN, HAN, LATIN, MARK, STRONG, SURNAME, WEAK, Shapes
from classifier.detect.name_words import NAME_CODES

FRONT, BACK = 6, 24
GIVABLE, DOT, FAMOUS, NICK, MASKED = (1 << bit for bit in range(11, 16))
"""Bits of a character beside those of name_shapes: may stand in a given name; joins the parts of a foreign one; begins the name of a
public figure; begins a nickname (小芳); masks a name.
"""
OPENS, JOINS, FOLLOWS, CLOSES, LINKS = 1, 2, 2, 1 << 6, 1 << 7
"""Roles of a character: begins a name, is part of a transliteration; shifted by FOLLOWS, may stand after one that does. Those that end
a clause or link the parts of a foreign name are none of these bits even when they are shifted back.
"""
_CLAUSE_ENDS = "，。；！？\n"
SIDE = (0, SURNAME | STRONG | WEAK)
SURNAME_RANK, GIVEN_RANK, KIND, SIGN_CLASS = (16, 7), (19, 15), (23, 7), (26, 63)
"""(shift, mask) of the other things known of a character; KIND is Han, digit, letter, gap, sign, or nothing known."""
_MASK_SIGNS = "某×*＊✕〇XxＸ"
_NICK_SIGNS = "老小阿大"
_SIGN_CLASSES = {"，": 60, "、": 61, "。": 62, "\n": 59}
NAMED = np.zeros(1 << 16, dtype=np.uint8)
"""By what is known of a pair: 1 when the dictionary calls it a name."""
NAMED[np.isin(np.arange(1 << 16) >> CLASS[0] & CLASS[1], NAME_CODES)] = 1
COLUMNS = 4
MARKS, PAIRS, SUMS, INVERSE = range(COLUMNS)
"""Of the table of a text: what is known of the character, of the word of two that begins here, and what substrings are hashed with."""
_NOTHING_BEFORE, _NOTHING_BEHIND = bytes(4 * FRONT), bytes(4 * BACK)


@dataclass(frozen=True, slots=True, eq=False)
class Alphabet:
    """All that is known of characters and pairs before a text is read."""

    shapes: Shapes
    marks: Hashes
    """One packed number per code point (characters beyond the first plane share the last)."""
    roles: npt.NDArray[np.uint8]
    """OPENS, JOINS and what may follow them, per code point: all that it takes to find the places at which a name may begin."""
    pairs: Pairs


def make_alphabet(shapes: Shapes, pairs: Pairs) -> Alphabet:
    """The tables of the shapes and of the pairs, packed."""
    bits = shapes.bits.astype(np.uint32)
    givable = ((bits & HAN) != 0) & (((bits & COMMON) == 0) | ((bits & GIVEN) != 0))
    marks = bits | np.where(givable, np.uint32(GIVABLE), np.uint32(0))
    for signs, bit in (
        (map(chr, DOTS), DOT),
        ({word[0] for word in shapes.figures}, FAMOUS),
        (_NICK_SIGNS, NICK),
        (_MASK_SIGNS, MASKED),
    ):
        marks[[ord(sign) for sign in signs]] |= np.uint32(bit)
    kind = np.zeros(0x10000, dtype=np.uint32)
    for number, bit in enumerate((HAN, DIGIT, LATIN, GAP, MARK), start=1):
        kind[(bits & bit) != 0] = number
    classes = pairs.singles.astype(np.uint32)
    for sign, number in _SIGN_CLASSES.items():
        classes[ord(sign)] = number
    parts = ((shapes.surname_rank, SURNAME_RANK), (shapes.given_rank, GIVEN_RANK), (kind, KIND), (classes, SIGN_CLASS))
    for table, (shift, _mask) in parts:
        marks |= table.astype(np.uint32) << np.uint32(shift)
    roles = np.zeros(0x10000, dtype=np.uint8)
    for known, role in (
        (SURNAME | FAMOUS | NICK, OPENS),
        (GIVABLE | DOT, OPENS << FOLLOWS),
        (STRONG | WEAK, JOINS),
        (STRONG | WEAK | DOT, JOINS << FOLLOWS),
        (DOT, LINKS),
    ):
        roles[(marks & known) != 0] |= role
    roles[[ord(sign) for sign in _CLAUSE_ENDS]] |= CLOSES
    return Alphabet(shapes, marks, roles, pairs)


@dataclass(frozen=True, slots=True)
class Signs:
    """One text."""

    text: str
    codes: Hashes
    roles: npt.NDArray[np.uint8]
    table: Hashes
    """All that is known of every place: a column each for MARKS, PAIRS, SUMS and INVERSE."""

    @property
    def marks(self) -> Hashes:
        """What is known of each character."""
        return self.table[:, MARKS]

    @property
    def pairs(self) -> Hashes:
        """What is known of the word of two characters that begins here."""
        return self.table[:, PAIRS]

    def word(self, start: int, end: int) -> str:
        """The characters at places of these arrays."""
        return self.text[start - FRONT : end - FRONT]


def read_signs(text: str, alphabet: Alphabet) -> Signs:
    """The arrays of a text."""
    raw = text.encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(b"".join((_NOTHING_BEFORE, raw, _NOTHING_BEHIND)), dtype=np.uint32)
    table = np.empty((len(codes), COLUMNS), dtype=np.uint32)
    table[:, MARKS] = alphabet.marks.take(codes, mode="clip")
    table[:-1, PAIRS] = alphabet.pairs.look_up(codes)
    table[-1, PAIRS] = 0
    sum_up(codes, table[:, SUMS], table[:, INVERSE])
    return Signs(text, codes, alphabet.roles.take(codes, mode="clip"), table)
