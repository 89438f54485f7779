"""What single characters say about names: surname, given name, transliteration; compiled from corpus/terms into one table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.detect.name_hashes import Places, Sums, hash_word

SURNAME, STRONG, WEAK, HAN, DIGIT, LATIN, GAP, MARK, COMMON, GIVEN, PAIR = (1 << bit for bit in range(11))
"""Bits of a character: one-character surname, transliteration (strong, weak), Han, digit, Latin, white space, punctuation,
a grammatical word that no given name holds, a usual character of given names, the first one of a surname of two characters."""
DOTS = (0xB7, 0x30FB, 0x2022, 0x2027, 0x2D, 0x2010, 0x2011)
"""Middle dots of 买买提·艾力 as people type them, and the hyphen of 让-吕克."""
_GRAMMAR = (
    "的了在是与及或其此这那哪们你我他她它您咱谁什么怎就都也还又不没无非但而则若因故且并把被让给向从往对由至到得地着过吧吗呢啊"
    "呀哦嘛很太更最每各某等个只些几两第分秒号岁位次件条种项款届期说称曰已曾再该请做作看听谈写报访去"
)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Words that stand before (or after) names, as sorted hashes, with what they say of the person."""

    hashes: npt.NDArray[np.uint64]
    classes: npt.NDArray[np.uint8]
    """1 office, 2 private, 4 both or neither; of names' right side 1 form of address, 2 action."""
    lengths: npt.NDArray[np.int64]
    likely: npt.NDArray[np.bool_]
    """Whether any hash begins with so many bits: most places are settled by it."""

    def find_before(self, sums: Sums, at: Places) -> npt.NDArray[np.uint8]:
        """The classes of the words that end at each place."""
        start = at - self.lengths[:, None]
        return self._look_up(sums.of(np.maximum(start, 0), at), start >= 0)

    def find_after(self, sums: Sums, at: Places) -> npt.NDArray[np.uint8]:
        """The classes of the words that begin at each place."""
        end, last = at + self.lengths[:, None], len(sums.sums) - 1
        return self._look_up(sums.of(at, np.minimum(end, last)), end <= last)

    def _look_up(self, seen: npt.NDArray[np.uint64], inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
        told = np.zeros(seen.shape, dtype=np.uint8)
        some = np.nonzero(self.likely[(seen >> np.uint64(48)).astype(np.int64)] & inside)
        few = seen[some]
        place = np.minimum(np.searchsorted(self.hashes, few), len(self.hashes) - 1)
        told[some] = np.where(self.hashes[place] == few, self.classes[place], 0)
        joined: npt.NDArray[np.uint8] = np.bitwise_or.reduce(told, axis=0)
        return joined


def _gather(lines: list[str], bits: dict[str, int]) -> Neighbours:
    found: dict[str, int] = {}
    for line in lines:
        letter, _, word = line.partition(" ")
        if letter in bits:
            found[word] = found.get(word, 0) | bits[letter]
    pairs = sorted((hash_word(word), kind) for word, kind in found.items())
    likely = np.zeros(1 << 16, dtype=bool)
    likely[[number >> 48 for number, _ in pairs]] = True
    return Neighbours(
        np.array([number for number, _ in pairs], dtype=np.uint64),
        np.array([kind for _, kind in pairs], dtype=np.uint8),
        np.array(sorted({len(word) for word in found}), dtype=np.int64),
        likely,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The compiled tables, indexed by code point (characters beyond the first plane share the last row)."""

    bits: npt.NDArray[np.uint16]
    surname_rank: npt.NDArray[np.uint8]
    """0 none, 1 the commonest … 7 the rarest surnames."""
    given_rank: npt.NDArray[np.uint8]
    """1 … 6 by how usual the character is in given names, 9 when it is in no list."""
    pairs: npt.NDArray[np.int64]
    """Surnames of two characters, Japanese ones too, as sorted pairs of code points."""
    stop: frozenset[str]
    """Ordinary words and places that look like names."""
    figures: frozenset[str]
    """Public figures, past and present."""
    famous: Any
    """The same as one automaton."""
    before: Neighbours
    after: Neighbours


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
    import ahocorasick_rs

    figures = _lines(terms / "public_figures.txt")
    return Shapes(
        bits,
        surname_rank,
        given_rank,
        np.array(sorted(ord(word[0]) << 16 | ord(word[1]) for word in pairs)),
        frozenset([*_lines(terms / "not_names.txt"), *_lines(terms / "foreign_places.txt")]) - frozenset(figures),
        frozenset(figures),
        ahocorasick_rs.AhoCorasick(figures, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        _gather(_lines(terms / "name_neighbours.txt"), {"o": 1, "p": 2, "b": 4}),
        _gather(_lines(terms / "name_neighbours.txt"), {"h": 1, "v": 2}),
    )
