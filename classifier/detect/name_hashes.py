"""Strings and groups of values as numbers: what the name model's features are hashed with, in arrays.

A substring is hashed by a difference of running sums; a feature is a weighted sum of a few columns, mixed and cut to a bucket.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
_MASK = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_CHUNK = 2048
"""So many candidates at once: their hashes then stay in the processor's cache."""
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


def _powers(base: int, count: int) -> Hashes:
    factors = np.full(count, base, dtype=np.uint64)
    factors[0] = 1
    made: Hashes = np.cumprod(factors, dtype=np.uint64)
    return made


@dataclass(frozen=True, slots=True)
class Sums:
    """Running sums of a text: the hash of any substring is two look-ups; one digit hashes like another."""

    sums: Hashes
    inverse: Hashes

    def of(self, start: Places, end: Places) -> Hashes:
        """Hashes of text[start:end] for all pairs; the same words hash alike wherever they stand."""
        found: Hashes = (self.sums[end] - self.sums[start]) * self.inverse[start]
        return found


def sum_up(codes: npt.NDArray[np.uint32]) -> Sums:
    """The running sums of a text's code points."""
    count = len(codes) + 1
    folded = np.where((codes >= 48) & (codes <= 57), np.uint64(48), codes.astype(np.uint64))
    sums = np.zeros(count, dtype=np.uint64)
    np.cumsum(folded * _powers(_BASE, count)[:-1], out=sums[1:])
    return Sums(sums, _powers(_INVERSE, count))


def hash_word(word: str) -> int:
    """The hash that `Sums.of` gives a word; for words without digits."""
    return sum(ord(sign) * pow(_BASE, place, 1 << 64) for place, sign in enumerate(word)) & _MASK


def _odd(number: int) -> int:
    """A large odd number for each small one (splitmix64)."""
    mixed = (number * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed | 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Templates as arrays: which columns each takes, and by what they are multiplied; the widest templates first."""

    columns: npt.NDArray[np.int64]
    factors: Hashes
    salts: Hashes
    reach: tuple[int, ...]
    """How many templates have a first, a second, a third … column."""

    def join(self, values: Hashes) -> Hashes:
        """One row of joined values per template, for one row of values per column."""
        made = np.repeat(self.salts[:, None], values.shape[1], axis=1)
        for place, count in enumerate(self.reach):
            made[:count] += self.factors[:count, place, None] * values[self.columns[:count, place]]
        return made

    def buckets(self, values: Hashes) -> npt.NDArray[np.int64]:
        """The same, mixed and cut to a bucket."""
        made = self.join(values)
        made ^= made >> np.uint64(29)
        made *= np.uint64(0xBF58476D1CE4E5B9)
        made ^= made >> np.uint64(32)
        made *= np.uint64(0x94D049BB133111EB)
        return (made >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)

    def score(self, values: Hashes, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The summed weights of every candidate's buckets."""
        total = np.zeros(values.shape[1], dtype=np.float32)
        for start in range(0, values.shape[1], _CHUNK):
            part = slice(start, start + _CHUNK)
            total[part] = weights[self.buckets(values[:, part])].sum(axis=0)
        return total


def make_plan(templates: tuple[str, ...], names: tuple[str, ...], salt: int) -> Plan:
    """Templates are column names with spaces between them."""
    split = sorted((template.split() for template in templates), key=len, reverse=True)
    widest = len(split[0])
    columns = np.zeros((len(split), widest), dtype=np.int64)
    factors = np.zeros((len(split), widest), dtype=np.uint64)
    for row, parts in enumerate(split):
        for place, name in enumerate(parts):
            columns[row, place] = names.index(name)
            factors[row, place] = _odd((salt + row) * 16 + place)
    salts = np.array([_odd((salt + row) * 16 + 15) for row in range(len(split))], dtype=np.uint64)
    return Plan(columns, factors, salts, tuple(sum(len(parts) > place for parts in split) for place in range(widest)))
