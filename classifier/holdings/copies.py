"""Copies in a whole archive: pairs of papers whose sketches are alike, found band by band, and the heaps they form.

In: the sketches of a ledger. Out: Pairs and Heaps by (file, part). Sketches and band keys lie in a scratch file while they are worked
on: of a million papers a few numbers each are in memory at a time, never all sketches.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from classifier.holdings.ledger import Ledger
from classifier.learn.likeness import BANDS, PERMUTATIONS

LIKE = 0.8
"""From this share of common 5-grams on papers are alike（很像）; digits count as alike in sketches."""
SAME = 0.95
"""From this share on they have the same content."""
_ROWS = PERMUTATIONS // BANDS
_HEAP = 8_192
_COMPARED = 65_536
_QUESTION = "SELECT file, part, sketch FROM paper WHERE sketch IS NOT NULL ORDER BY file, part"
_COUNT = "SELECT COUNT(*) FROM paper WHERE sketch IS NOT NULL"

Key = tuple[int, int]
"""File and part."""
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers that are alike. `likeness` is the estimated share of common 5-grams, 0 to 1."""

    first: Key
    second: Key
    likeness: float


@dataclass(frozen=True, slots=True)
class Heap:
    """Papers joined by pairs, directly or through others."""

    papers: tuple[Key, ...]
    pairs: tuple[Pair, ...]
    """The pairs that join them: neighbours, not all with all."""


class Copies:
    """The alike pairs of a ledger; `heaps` joins them."""

    def __init__(self, files: Numbers, parts: Numbers, pairs: npt.NDArray[np.int64], likeness: npt.NDArray[np.float32]) -> None:
        self._files, self._parts = files, parts
        self._pairs, self._likeness = pairs, likeness

    @property
    def papers(self) -> int:
        """Papers with a sketch."""
        return len(self._files)

    def heaps(self, least: float = LIKE) -> Iterator[Heap]:
        """The heaps of papers joined by pairs of at least that likeness, in the order of their first papers."""
        kept = np.flatnonzero(self._likeness >= least)
        roots = _join(len(self._files), self._pairs[kept])
        home = roots[self._pairs[kept][:, 0]] if len(kept) else np.zeros(0, dtype=np.int64)
        order = kept[np.argsort(home, kind="stable")]
        homes = np.sort(home, kind="stable")
        for own in np.split(order, np.flatnonzero(np.diff(homes)) + 1) if len(order) else ():
            members = np.unique(self._pairs[own])
            papers = tuple(self._key(int(n)) for n in members)
            pairs = tuple(self._pair(int(n)) for n in own)
            yield Heap(papers, pairs)

    def _key(self, number: int) -> Key:
        return int(self._files[number]), int(self._parts[number])

    def _pair(self, number: int) -> Pair:
        first, second = self._pairs[number].tolist()
        return Pair(self._key(first), self._key(second), float(self._likeness[number]))


def find_copies(ledger: Ledger, least: float = LIKE) -> Copies:
    """All pairs of at least that likeness, as `learn.likeness.find_near_copies` finds them: of a heap neighbours are paired."""
    count = int(ledger.read(_COUNT).fetchone()[0])
    files, parts = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    if count == 0:
        return Copies(files, parts, np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.float32))
    with _scratch(ledger.path.parent, count) as (sketches, keys):
        rows = ledger.read(_QUESTION)
        done = 0
        while heap := list(islice(rows, _HEAP)):
            many = len(heap)
            made = np.frombuffer(b"".join(row[2] for row in heap), dtype="<u4").reshape(many, PERMUTATIONS)
            files[done : done + many] = [row[0] for row in heap]
            parts[done : done + many] = [row[1] for row in heap]
            sketches[done : done + many] = made
            keys[:, done : done + many] = _band_keys(made)
            done += many
        found = _meet(sketches, keys, least)
    return Copies(files, parts, *found)


@contextmanager
def _scratch(folder: Path, count: int) -> Iterator[tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint64]]]:
    """Room on disk for sketches and band keys, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".copies", dir=folder) as place:
        sketches = np.memmap(Path(place) / "sketches", dtype=np.uint32, mode="w+", shape=(count, PERMUTATIONS))
        keys = np.memmap(Path(place) / "keys", dtype=np.uint64, mode="w+", shape=(BANDS + 1, count))
        yield sketches, keys


def _band_keys(sketches: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """One number for each band of each sketch, and a last row for the whole sketch."""
    mixed = sketches.astype(np.uint64)
    bands = np.zeros((len(sketches), BANDS), dtype=np.uint64)
    for row in range(_ROWS):
        bands = _mix(bands ^ mixed[:, row::_ROWS])
    whole = np.zeros(len(sketches), dtype=np.uint64)
    for band in range(BANDS):
        whole = _mix(whole ^ bands[:, band])
    return np.vstack([bands.T, whole[None, :]])


def _mix(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = (numbers ^ (numbers >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019)
    return cast("npt.NDArray[np.uint64]", mixed ^ (mixed >> np.uint64(29)))


def _meet(
    sketches: npt.NDArray[np.uint32], keys: npt.NDArray[np.uint64], least: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Pairs of rows and their likeness. Equal sketches are chained first and only one of each goes through the bands."""
    whole = np.array(keys[BANDS])
    order = np.argsort(whole, kind="stable")
    same = whole[order][1:] == whole[order][:-1]
    pairs = [np.stack([order[:-1][same], order[1:][same]], axis=1)]
    likeness = [np.ones(int(same.sum()), dtype=np.float32)]
    single = np.sort(order[np.concatenate([[True], ~same])])
    known = np.zeros(0, dtype=np.uint64)
    for band in range(BANDS):
        # papers of one band key lie side by side in the order of the next band: the most alike of a large heap become neighbours
        own, following = np.array(keys[band][single]), np.array(keys[(band + 1) % BANDS][single])
        placed = np.lexsort((following, own))
        met = np.flatnonzero(own[placed][1:] == own[placed][:-1])
        ends = np.sort(np.stack([single[placed[met]], single[placed[met + 1]]], axis=1), axis=1)
        named = np.unique(ends[:, 0].astype(np.uint64) << np.uint64(32) | ends[:, 1].astype(np.uint64))
        named = named[~np.isin(named, known, assume_unique=True)]
        known = np.union1d(known, named)
        for start in range(0, len(named), _COMPARED):
            part = named[start : start + _COMPARED]
            first, second = (part >> np.uint64(32)).astype(np.int64), (part & np.uint64(0xFFFFFFFF)).astype(np.int64)
            share = (sketches[first] == sketches[second]).mean(axis=1, dtype=np.float32)
            alike = share >= least
            pairs.append(np.stack([first[alike], second[alike]], axis=1))
            likeness.append(share[alike])
    return np.concatenate(pairs), np.concatenate(likeness)


def _join(count: int, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For every row the first row of its heap."""
    roots = list(range(count))

    def root(number: int) -> int:
        while roots[number] != number:
            roots[number] = roots[roots[number]]
            number = roots[number]
        return number

    for first, second in pairs.tolist():
        one, other = root(first), root(second)
        if one != other:
            roots[max(one, other)] = min(one, other)
    return np.array([root(number) for number in range(count)], dtype=np.int64)
