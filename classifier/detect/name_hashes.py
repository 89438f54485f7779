"""Strings and groups of values as numbers: what the name model's features are hashed with, in arrays.

A substring is hashed by a difference of running sums; a feature is a weighted sum of a few columns, mixed and cut to a bucket.
All arithmetic is modulo 2**32.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
_MASK = (1 << 32) - 1
_BASE = 0x9E3779B1
_INVERSE = pow(_BASE, -1, 1 << 32)
_MIX = np.uint32(0x2C1B3C6D)
_HALFWAY = np.uint32(15)
_ZERO = np.uint32(ord("0"))
_CHUNK = 2048
"""So many candidates at once: their hashes then stay in the processor's cache."""
Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]


@lru_cache(maxsize=64)
def _powers(base: int, bits: int) -> Hashes:
    factors = np.full(1 << bits, base, dtype=np.uint32)
    factors[0] = 1
    made: Hashes = np.cumprod(factors, dtype=np.uint32)
    made.flags.writeable = False
    return made


def sum_up(codes: Hashes, sums: Hashes, inverse: Hashes) -> None:
    """Fills the running sums of a text's code points, so that (sums[end] - sums[start]) * inverse[start] is the hash of text[start:end]:
    the same words hash alike wherever they stand, and one digit hashes like another.
    """
    bits, size = len(codes).bit_length(), len(codes)
    digits = codes - _ZERO < 10
    folded = np.where(digits, _ZERO, codes)
    folded *= _powers(_BASE, bits)[:size]
    sums[0] = 0
    np.add.accumulate(folded[:-1], dtype=np.uint32, out=sums[1:])
    inverse[:] = _powers(_INVERSE, bits)[:size]


def hash_word(word: str) -> int:
    """The hash that the sums of `sum_up` give a word; for words without digits."""
    return sum(ord(sign) * pow(_BASE, place, 1 << 32) for place, sign in enumerate(word)) & _MASK


def _odd(number: int) -> int:
    """A large odd number for each small one (splitmix64, upper half)."""
    full = (1 << 64) - 1
    mixed = (number * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & full
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & full
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & full
    return mixed >> 32 | 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Templates as arrays, the widest first: the first columns of all, then the second ones of those that have one, and so on."""

    columns: Places
    factors: Hashes
    """By what each of these columns is multiplied."""
    salts: Hashes
    later: tuple[tuple[slice, slice], ...]
    """Rows of the second, third … columns, and of the templates to which they are added."""
    bits: int
    """The buckets are 2**bits."""

    def join(self, values: Hashes) -> Hashes:
        """One row of joined values per template, for one row of values per column."""
        parts = values.take(self.columns, axis=0)
        parts *= self.factors
        made: Hashes = parts[: len(self.salts)]
        for rows, templates in self.later:
            made[templates] += parts[rows]
        made += self.salts
        return made

    def buckets(self, values: Hashes) -> Places:
        """The same, mixed and cut to a bucket."""
        made = self.join(values)
        made ^= made >> _HALFWAY
        made *= _MIX
        made >>= np.uint32(32 - self.bits)
        return made.astype(np.int64)

    def score(self, values: Hashes, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The summed weights of every candidate's buckets."""
        if values.shape[1] <= _CHUNK:
            few: npt.NDArray[np.float32] = np.add.reduce(weights.take(self.buckets(values)), axis=0)
            return few
        parts = (values[:, start : start + _CHUNK] for start in range(0, values.shape[1], _CHUNK))
        return np.concatenate([weights.take(self.buckets(part)).sum(axis=0) for part in parts])


def make_plan(templates: tuple[str, ...], names: tuple[str, ...], salt: int, bits: int = BUCKET_BITS) -> Plan:
    """Templates are column names with spaces between them."""
    split = sorted((template.split() for template in templates), key=len, reverse=True)
    widest = len(split[0])
    reach = [sum(len(parts) > place for parts in split) for place in range(widest)]
    each = [(row, place) for place, count in enumerate(reach) for row in range(count)]
    ends = list(accumulate(reach))
    return Plan(
        np.array([names.index(split[row][place]) for row, place in each], dtype=np.int64),
        np.array([[_odd((salt + row) * 16 + place)] for row, place in each], dtype=np.uint32),
        np.array([[_odd((salt + row) * 16 + 15)] for row in range(len(split))], dtype=np.uint32),
        tuple((slice(end - count, end), slice(count)) for end, count in zip(ends[1:], reach[1:], strict=True)),
        bits,
    )
