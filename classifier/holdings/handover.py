"""Papers of a batch that go to the review desk: which, in what order, with the hash their file had.

A file that carries a state-secret marking anywhere never goes: it must not be copied into another system（domain/02 §6）.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from classifier.core.assessment import Attribute
from classifier.holdings import sampling
from classifier.holdings.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Handed:
    """One file of a list. `number` counts from 1, or is that of a sample."""

    number: int
    path: bytes
    sha256: str
    attribute: Attribute | None


_FILES = (
    "SELECT file.path, file.sha256, paper.attribute FROM file JOIN paper ON paper.file = file.id AND paper.part = 0"
    " WHERE file.sha256 IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM paper AS member WHERE member.file = file.id AND member.route = 'blocked')"
)


@dataclass(frozen=True, slots=True)
class Pick:
    """The files of a list, and how many more there are of the kind."""

    handed: tuple[Handed, ...]
    left: int


def doubtful(ledger: Ledger, most: int, skip: Set[str]) -> Pick:
    """Files that ask for more than a click, by path, without those whose hash is in `skip`: at most `most`."""
    found = ledger.read(_FILES + " AND paper.route IN ('review', 'manual') ORDER BY file.path")
    return _pick(found, most, skip)


def count_blocked(ledger: Ledger) -> int:
    """Files that may not be handed over."""
    return int(ledger.read("SELECT count(DISTINCT file) FROM paper WHERE route = 'blocked'").fetchone()[0])


def sampled(ledger: Ledger, sample: sampling.Sample) -> tuple[tuple[Handed, ...], int]:
    """The papers of a sample that are files of their own, under their sample numbers; and how many others there are.

    A paper inside a container cannot be labelled by looking at the container: it stays on the printed list.
    """
    own = [drawn for drawn in sampling.read_drawn(ledger, sample) if drawn.part == 0]
    handed = tuple(Handed(drawn.number, drawn.path, drawn.sha256.hex(), Attribute.ACTIVE) for drawn in own)
    return handed, sample.size - len(own)


def listed(ledger: Ledger, files: Iterable[int], most: int, skip: Set[str]) -> Pick:
    """Files by their numbers in the ledger (those of a difference run whose verdict changed), as `doubtful`."""
    found = (ledger.read(_FILES + " AND file.id = ?", (file,)).fetchone() for file in files)
    return _pick((row for row in found if row is not None), most, skip)


def _pick(rows: Iterable[tuple[bytes, bytes, str | None]], most: int, skip: Set[str]) -> Pick:
    """Files with equal bytes go once."""
    seen, left = set(skip), 0
    chosen: list[Handed] = []
    for path, digest, attribute in rows:
        sha256 = bytes(digest).hex()
        if sha256 in seen:
            continue
        seen.add(sha256)
        if len(chosen) < most:
            chosen.append(Handed(len(chosen) + 1, bytes(path), sha256, Attribute(attribute) if attribute else None))
        else:
            left += 1
    return Pick(tuple(chosen), left)
