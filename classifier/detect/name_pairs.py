"""Which two characters make a word, how usual a word and of which class: the dictionary of rjieba as one table.

A text is looked up in it whole, in one array operation, where cutting words would cost ten times as much. The list is gathered when
the model is trained and stored with it; single characters stand in it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.detect.name_hashes import Hashes
from classifier.detect.name_words import NAME_CODES, bits_of, class_of

USUAL, CLASS, LEVEL, HALF = (0, 31), (5, 63), (11, 7), (14, 3)
"""(shift, mask) of what the table says of a pair: bits of its dictionary count, word class, the count on a scale of 8 and of 4."""
_SLOT_BITS = 20
_LEVELS = np.array([0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6] + [7] * 18, dtype=np.uint16)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The compiled table."""

    pairs: npt.NDArray[np.uint16]
    singles: npt.NDArray[np.uint8]
    """The word class of every single character."""

    def look_up(self, codes: Hashes) -> npt.NDArray[np.uint16]:
        """What is known of the pair that begins at each character but the last; one pair in ten is mistaken for a word in its slot."""
        found: npt.NDArray[np.uint16] = self.pairs.take(_slots(codes[:-1], codes[1:]))
        return found


def _slots(first: Hashes, second: Hashes) -> npt.NDArray[np.int64]:
    mixed = first * np.uint32(0x9E3779B1)
    mixed ^= mixed >> np.uint32(15)
    mixed += second * np.uint32(0x85EBCA6B)
    mixed *= np.uint32(0x2C1B3C6D)
    mixed >>= np.uint32(32 - _SLOT_BITS)
    return mixed.astype(np.int64)


def _in_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def gather_pairs() -> tuple[Hashes, npt.NDArray[np.uint16]]:
    """Every word of two common characters that the dictionary holds, and every single one: code points (first << 16 | second), and
    bits of the count | class << 5. Takes seconds: for training.
    """
    signs = [chr(code) for code in range(0x4E00, 0x9FA6) if _in_gb2312(chr(code))]
    words = signs + [word for first in signs for word in map(first.__add__, signs) if bits_of.__wrapped__(word)]
    keys = [ord(word[0]) << 16 | (ord(word[1]) if len(word) > 1 else 0) for word in words]
    known = [bits_of.__wrapped__(word) | class_of(word) << 5 for word in words]
    order = np.argsort(keys)
    return np.array(keys, dtype=np.uint32)[order], np.array(known, dtype=np.uint16)[order]


def make_pairs(keys: Hashes, known: npt.NDArray[np.uint16], surnames: Iterable[str]) -> Pairs:
    """The table of a gathered list; of two words in one slot the more usual one stays. Surnames of two characters are names."""
    single = keys & np.uint32(0xFFFF) == 0
    singles = np.zeros(0x10000, dtype=np.uint8)
    singles[keys[single] >> np.uint32(16)] = known[single] >> np.uint16(5)
    keys, known = keys[~single], known[~single]
    usual = known & np.uint16(31)
    level = _LEVELS[usual]
    packed = known | level << np.uint16(11) | (level + np.uint16(1) >> np.uint16(1)) << np.uint16(14)
    pairs = np.zeros(1 << _SLOT_BITS, dtype=np.uint16)
    order = np.argsort(usual, kind="stable")
    pairs[_slots(keys >> np.uint32(16), keys & np.uint32(0xFFFF))[order]] = packed[order]
    slots = _slots(*np.array([list(map(ord, surname)) for surname in surnames], dtype=np.uint32).T)
    pairs[slots] = pairs[slots] & np.uint16(~(CLASS[1] << CLASS[0]) & 0xFFFF) | np.uint16(NAME_CODES[0] << CLASS[0])
    return Pairs(pairs, singles)
