"""What single characters say about names: surname, given name, transliteration; compiled from corpus/terms into one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from classifier.detect.name_hashes import Hashes, Places, hash_word

SURNAME, STRONG, WEAK, HAN, DIGIT, LATIN, GAP, MARK, COMMON, GIVEN, PAIR = (1 << bit for bit in range(11))
"""Bits of a character: one-character surname, transliteration (strong, weak), Han, digit, Latin, white space, punctuation,
a grammatical word that no given name holds, a usual character of given names, the first one of a surname of two characters."""
DOTS = (0xB7, 0x30FB, 0x2022, 0x2027, 0x2D, 0x2010, 0x2011)
"""Middle dots of 买买提·艾力 as people type them, and the hyphen of 让-吕克."""
_GRAMMAR = (
    "的了在是与及或其此这那哪们你我他她它您咱谁什么怎就都也还又不没无非但而则若因故且并把被让给向从往对由至到得地着过吧吗呢啊"
    "呀哦嘛很太更最每各某等个只些几两第分秒号岁位次件条种项款届期说称曰已曾再该请做作看听谈写报访去"
)


LONGEST_NEIGHBOUR = 5
_SLOT_BITS = 18


def _slots(hashes: Hashes) -> Places:
    return (hashes * np.uint32(0x85EBCA6B) >> np.uint32(32 - _SLOT_BITS)).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Words that stand before or after names, with what they say of the person."""

    numbers: npt.NDArray[np.uint16]
    """The number of the word whose hash falls into a slot; 0 for none."""
    hashes: Hashes
    classes: Hashes
    """By number. Before a name 1 office, 2 private, 4 both or neither; after it 8 form of address, 16 action."""

    def find(self, hashes: Hashes) -> Hashes:
        """The classes of words by their hashes, joined over the last axis but one (the lengths); 0 for a word that is no neighbour."""
        number = self.numbers.take(_slots(hashes))
        told = self.classes.take(number)
        told *= self.hashes.take(number) == hashes
        joined: Hashes = np.bitwise_or.reduce(told, axis=-2)
        return joined


def _gather(lines: list[str]) -> Neighbours:
    bits, found = {"o": 1, "p": 2, "b": 4, "h": 8, "v": 16}, dict[str, int]()
    for line in lines:
        letter, _, word = line.partition(" ")
        if letter in bits and len(word) <= LONGEST_NEIGHBOUR:
            found[word] = found.get(word, 0) | bits[letter]
    hashes = np.array([0, *map(hash_word, found)], dtype=np.uint32)
    numbers = np.zeros(1 << _SLOT_BITS, dtype=np.uint16)
    numbers[_slots(hashes[1:])] = np.arange(1, len(hashes))
    return Neighbours(numbers, hashes, np.array([0, *found.values()], dtype=np.uint32))


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The compiled tables, indexed by code point (characters beyond the first plane share the last row)."""

    bits: npt.NDArray[np.uint16]
    surname_rank: npt.NDArray[np.uint8]
    """0 none, 1 the commonest … 7 the rarest surnames."""
    given_rank: npt.NDArray[np.uint8]
    """1 … 6 by how usual the character is in given names, 9 when it is in no list."""
    compound: frozenset[str]
    """Surnames of two characters, Japanese ones too."""
    stop: frozenset[str]
    """Ordinary words and places that look like names."""
    figures: frozenset[str]
    """Public figures, past and present."""
    famous: Mapping[str, tuple[str, ...]]
    """The same by their first two characters."""
    neighbours: Neighbours


def _lines(path: Path) -> list[str]:
    return [w for line in path.read_text(encoding="utf-8").splitlines() if (w := line.strip()) and not w.startswith("#")]


def _fill(table: npt.NDArray[np.uint8], words: list[str], edges: tuple[int, ...]) -> None:
    for place, word in enumerate(words):
        rank = 1 + sum(place >= edge for edge in edges)
        table[ord(word)] = table[ord(word)] or rank


def load_shapes(terms: Path) -> Shapes:
    """The tables of a corpus/terms folder."""
    surnames = _lines(terms / "surnames.txt") + _lines(terms / "surnames_more.txt")
    given = [w for w in _lines(terms / "given_name_characters.txt") + _lines(terms / "given_name_more.txt") if len(w) == 1]
    foreign = _lines(terms / "transliteration.txt")
    bits = np.zeros(0x10000, dtype=np.uint16)
    bits[0x3400:0x9FFF] |= HAN
    bits[0xFFFF] |= HAN
    for code in range(128):
        sign = chr(code)
        bits[code] |= DIGIT if sign.isdigit() else LATIN if sign.isalpha() else GAP if sign.isspace() else MARK
    bits[0x3000] |= GAP
    bits[0x2010:0x2030] |= MARK
    bits[0x3001:0x3020] |= MARK
    bits[0xFF00:0xFF10] |= MARK
    bits[0xFF1A:0xFF20] |= MARK
    for word in surnames:
        if len(word) == 1:
            bits[ord(word)] |= SURNAME
    pairs = [word for word in [*surnames, *_lines(terms / "japanese_surnames.txt")] if len(word) == 2]
    for word in pairs:
        bits[ord(word[0])] |= PAIR
    for word in foreign:
        bits[ord(word[-1])] |= WEAK if word.startswith("-") else STRONG
    for sign in _GRAMMAR:
        bits[ord(sign)] |= COMMON
    for sign in given:
        bits[ord(sign)] |= GIVEN
    surname_rank, given_rank = np.zeros(0x10000, dtype=np.uint8), np.zeros(0x10000, dtype=np.uint8)
    _fill(surname_rank, [w for w in surnames if len(w) == 1], (20, 60, 120, 200, 300, 400))
    _fill(given_rank, given, (80, 200, 400, 650, 900))
    given_rank[given_rank == 0] = 9
    figures = _lines(terms / "public_figures.txt")
    return Shapes(
        bits,
        surname_rank,
        given_rank,
        frozenset(pairs),
        frozenset([*_lines(terms / "not_names.txt"), *_lines(terms / "foreign_places.txt")]) - frozenset(figures),
        frozenset(figures),
        MappingProxyType({head: tuple(w for w in figures if w.startswith(head)) for head in {w[:2] for w in figures}}),
        _gather(_lines(terms / "name_neighbours.txt")),
    )
