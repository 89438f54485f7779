"""The sentences of a text, their hashed characters and their cue words, for a detector that judges a sentence by what it says.

Everything is one sweep of numpy over the text: what a sentence weighs is a difference of two running sums, so the cost
grows with the characters and not with the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

VERSION = 1
"""Raise it whenever a feature changes meaning: a model names the version it was trained with."""

BUCKETS = 1 << 16
SIZES = (1, 2, 3)
"""Characters of a sentence are read one, two and three at a time; its neighbours and the whole paper in pairs."""
PAIR = 2
_OWN, _NEAR, _TITLE, _PAPER = 1, 2, 3, 4
_SENTENCE = re.compile(r"[^。！？；\n]{6,600}[。！？；]?")
_OPENING = 6_000
"""Characters of a paper that tell what sort of paper it is."""
_COUNTED = 200
"""Sentences whose cue words tell what sort of paper it is."""
CUE_SCALE = 0.28
"""What one cue word weighs beside the characters of its sentence."""
_MOST = 3
"""Cue words of one family that count in one sentence."""

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def split(text: str) -> Indices:
    """Start and end of every sentence of six characters or more, shape (sentences, 2)."""
    return np.array([m.span() for m in _SENTENCE.finditer(text)], dtype=np.int64).reshape(-1, 2)


def codes_of(text: str) -> npt.NDArray[np.uint64]:
    """Code points; every digit is one symbol, for dates and amounts carry no reason."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    return np.where((codes >= 48) & (codes <= 57), np.uint64(48), codes)


def tells(codes: npt.NDArray[np.uint64]) -> Flags:
    """Which characters are words: Han characters, letters, digits. Rules of dots, blanks and table bars tell nothing."""
    lower = codes | np.uint64(32)
    told: Flags = ((codes >= 0x3400) & (codes <= 0x9FFF)) | (codes == 48) | ((lower >= 97) & (lower <= 122))
    return told


def buckets(codes: npt.NDArray[np.uint64], size: int, salt: int) -> Indices:
    """The bucket of the n-gram that starts at each character (a 64-bit finaliser: multiply and shift)."""
    joined = codes[: max(0, len(codes) - size + 1)].copy()
    for shift in range(1, size):
        joined = joined * np.uint64(1_000_003) + codes[shift : len(codes) - size + 1 + shift]
    mixed = joined + np.uint64(((salt * 8 + size) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed & np.uint64(BUCKETS - 1)).astype(np.int64)


def neighbourhoods(spans: Indices) -> Indices:
    """Each sentence together with the one before and the one after it."""
    starts = np.concatenate([spans[:1, 0], spans[:-1, 0]])
    ends = np.concatenate([spans[1:, 1], spans[-1:, 1]])
    return np.stack([starts, ends], axis=1)


@dataclass(frozen=True, slots=True)
class Part:
    """One way of reading sentences: the bucket at each character, which characters count, the stretch of each sentence."""

    near: bool
    buckets: Indices
    told: Flags
    spans: Indices
    """Start and end (exclusive) of the n-grams of each sentence."""
    scale: Floats
    """What one n-gram of each sentence weighs: long sentences do not shout."""


def read_parts(text: str, spans: Indices) -> tuple[Part, ...]:
    """The sentences of a text as the model reads them."""
    codes = codes_of(text)
    told = tells(codes)
    sums = np.concatenate([[0], np.cumsum(told)])
    parts = []
    for size, salt, wide in (*((size, _OWN, spans) for size in SIZES), (PAIR, _NEAR, neighbourhoods(spans))):
        length = (sums[wide[:, 1]] - sums[wide[:, 0]]) * (len(SIZES) if salt == _OWN else 1)
        found = buckets(codes, size, salt)
        inner = np.stack([wide[:, 0], np.maximum(wide[:, 0], wide[:, 1] - size + 1)], axis=1)
        parts.append(Part(salt == _NEAR, found, told[: len(found)], inner, 1 / np.sqrt(np.maximum(8, length))))
    return tuple(parts)


def read_paper(text: str, title: str) -> tuple[Indices, Floats]:
    """The sparse vector of a whole paper: pairs of its opening characters and the characters of its title, each of length one."""
    titles = codes_of(title)
    heads = np.concatenate([buckets(titles, size, _TITLE) for size in (1, PAIR)])
    parts = [_bag(found) for found in (buckets(codes_of(text[:_OPENING]), PAIR, _PAPER), heads)]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def _bag(found: Indices) -> tuple[Indices, Floats]:
    if len(found) == 0:
        return found, np.zeros(0)
    ordered = np.sort(found.astype(np.uint16), kind="stable")  # by counting: a bucket is a number of sixteen bits
    first = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
    unique, counts = ordered[first], np.diff(first, append=len(ordered))
    values = 1.0 + np.log(counts)
    return unique.astype(np.int64), values / np.sqrt((values**2).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """The cue words of all families as one automaton; `owned[i]` says which families word i belongs to."""

    automaton: Any
    owned: Floats


def make_cues(families: Mapping[str, tuple[str, ...]]) -> Cues:
    """The automaton of cue words, families in the order given."""
    import ahocorasick_rs

    words = list(dict.fromkeys(word for family in families.values() for word in family))
    owned = np.array([[word in family for family in families.values()] for word in words], dtype=np.float64)
    kind = ahocorasick_rs.MatchKind.Standard
    return Cues(ahocorasick_rs.AhoCorasick(words, matchkind=kind), owned.reshape(len(words), len(families)))


def count_cues(text: str, spans: Indices, cues: Cues) -> Floats:
    """How many different cue words of each family stand in each sentence, at most three: shape (sentences, families)."""
    counts = np.zeros((len(spans), cues.owned.shape[1]))
    hits = cues.automaton.find_matches_as_indexes(text, overlapping=True)
    if not hits or not len(spans):
        return counts
    found = np.array(hits, dtype=np.int64)
    rows = np.searchsorted(spans[:, 0], found[:, 1], side="right") - 1
    inside = (rows >= 0) & (found[:, 2] <= spans[np.maximum(rows, 0), 1])
    pairs = np.sort(rows[inside] * len(cues.owned) + found[inside, 0])
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    np.add.at(counts, pairs // len(cues.owned), cues.owned[pairs % len(cues.owned)])
    return np.minimum(counts, _MOST)


def sum_cues(counts: Floats) -> Floats:
    """What the cue words say of the whole paper: how many, and how dense, for each family."""
    total = counts[:_COUNTED].sum(axis=0)
    return np.concatenate([0.7 * np.log1p(total) / 3, 0.7 * total / max(min(len(counts), _COUNTED), 5)])
