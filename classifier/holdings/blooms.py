"""Which characters and pairs of neighbours occur in a paper, in a kilobyte or two: tells that a word cannot stand in it.

Bloom (1970) over the folded text. A word that occurs is always said to occur; a pair that does not is taken for one that does in about
one case of fifty, so a new rule's words rule out nearly every paper without opening it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.core.text import fold

_PROBES = 3
_LEAST = 256
"""Bytes of the shortest bloom. All are a power of two long, so that few lengths occur and each is asked at once."""
_MOST = 1 << 18
"""Bytes of the longest: enough for 200,000 different pairs; beyond that more is taken for present, never less."""
_FULL = 0.3
"""Share of bits that may be set: a bloom is folded in halves while it stays below, and a strange pair passes in 1 to 3 of 100 cases."""
_ROWS = 1 << 20
"""Bytes of blooms asked at a time: they stay in the processor's cache."""

_ALONE = np.uint32(0x5D5D_0000)
"""Keeps the numbers of single characters apart from those of nearly all pairs."""

Words = frozenset[str]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Need:
    """What a match cannot do without: a word of each of these sets. No set at all: nothing is known, any paper may match."""

    sets: tuple[Words, ...]


def bloom(text: str) -> bytes:
    """The bloom of a whole text (`Document.text`: whatever a rule can look at, file name and properties too).

    Folded here, as the detectors fold it.
    """
    keys = _keys(fold(text))
    size = min(_MOST * 8, max(1 << 15, 1 << (len(keys) * 4).bit_length()))
    bits: Mask = np.zeros(size, dtype=np.bool_)
    bits[_places(keys, size)] = True
    while size > _LEAST * 8:
        size //= 2
        folded: Mask = np.logical_or(bits[:size], bits[size:])
        if np.count_nonzero(folded) > _FULL * size:
            break
        bits = folded
    return np.packbits(bits, bitorder="little").tobytes()


def may_hold(blooms: Sequence[bytes | None], needs: Iterable[Need]) -> Mask:
    """Which papers may hold what one of `needs` asks for. A paper without a bloom may hold anything."""
    asked = tuple(needs)
    if any(not need.sets for need in asked):
        return np.ones(len(blooms), dtype=bool)
    found = np.zeros(len(blooms), dtype=bool)
    by_length: dict[int, list[int]] = {}
    for number, made in enumerate(blooms):
        if made:
            by_length.setdefault(len(made), []).append(number)
        else:
            found[number] = bool(asked)
    for length, numbers in by_length.items():
        _ask_all(blooms, numbers, length, asked, found)
    return found


def _ask_all(blooms: Sequence[bytes | None], numbers: list[int], length: int, needs: tuple[Need, ...], found: Mask) -> None:
    """Ask the papers whose blooms have one length."""
    # the empty word stands in every text
    questions = [[_question(words, length * 8) for words in need.sets if "" not in words] for need in needs]
    step = max(1, _ROWS // length)
    for start in range(0, len(numbers), step):
        part = numbers[start : start + step]
        table = np.frombuffer(b"".join(blooms[n] or b"" for n in part), dtype=np.uint8).reshape(len(part), length)
        for sets in questions:
            left = np.arange(len(part))
            for question in sets:
                left = left[question.ask(table[left])]
            found[np.array(part)[left]] = True


@dataclass(frozen=True, slots=True)
class _Question:
    """The places of the bits of some words, word after word: a word may occur where all of its bits are set."""

    places: npt.NDArray[np.int64]
    bits: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]

    def ask(self, table: npt.NDArray[np.uint8]) -> Mask:
        """Which rows may hold one of the words."""
        if not len(table) or not len(self.starts):
            return np.zeros(len(table), dtype=bool)
        is_set = (table.take(self.places, axis=1) & self.bits) != 0
        held: Mask = np.logical_or.reduce(np.logical_and.reduceat(is_set, self.starts, axis=1), axis=1)
        return held


def _question(words: Words, size: int) -> _Question:
    places, starts, count = [], [], 0
    for word in sorted(words):
        made = np.unique(_places(_keys(word), size))
        starts.append(count)
        count += len(made)
        places.append(made.astype(np.int64))
    joined = np.concatenate(places) if places else np.zeros(0, dtype=np.int64)
    return _Question(joined >> 3, (1 << (joined & 7)).astype(np.uint8), np.array(starts, dtype=np.int64))


def _keys(text: str) -> npt.NDArray[np.uint32]:
    """A number for every character and every pair of neighbours."""
    short = text.encode("utf-16-le", "surrogatepass")
    if len(short) == 2 * len(text):
        codes = np.frombuffer(short, dtype="<u2").astype(np.uint32)
    else:  # characters beyond the first 65,536: each gets a number below, the same everywhere
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
        codes = (codes ^ (codes >> np.uint32(16)) * np.uint32(0x9E37)) & np.uint32(0xFFFF)
    many = len(codes)
    keys = np.empty(max(0, 2 * many - 1), dtype=np.uint32)
    np.left_shift(codes[:-1], np.uint32(16), out=keys[: max(0, many - 1)])
    keys[: max(0, many - 1)] |= codes[1:]
    keys[max(0, many - 1) :] = codes ^ _ALONE
    return keys


def _places(keys: npt.NDArray[np.uint32], size: int) -> npt.NDArray[np.uint32]:
    """The bits of each key in a bloom of `size` bits, a power of two."""
    mixed = (keys ^ (keys >> np.uint32(15))) * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    step = keys * np.uint32(0x9E3779B1)
    step ^= step >> np.uint32(16)
    step |= np.uint32(1)
    probes = np.empty((_PROBES, len(keys)), dtype=np.uint32)
    for row in probes:
        np.bitwise_and(mixed, np.uint32(size - 1), out=row)
        mixed += step
    return probes.T.ravel()
