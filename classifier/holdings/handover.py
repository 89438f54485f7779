"""Papers of a batch that go to the review desk: which, in what order, with the hash their file had.

A file that carries a state-secret marking anywhere never goes: it must not be copied into another system（domain/02 §6）.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def doubtful(ledger: Ledger, most: int) -> tuple[Handed, ...]:
    """Files that ask for more than a click, the oldest paths first, at most `most`."""
    found = ledger.read(_FILES + " AND paper.route IN ('review', 'manual') ORDER BY file.path LIMIT ?", (most,))
    return tuple(_number(found))


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


def listed(ledger: Ledger, files: Iterable[int], most: int) -> tuple[Handed, ...]:
    """Files by their numbers in the ledger (those of a difference run whose verdict changed), at most `most`."""
    found = (ledger.read(_FILES + " AND file.id = ?", (file,)).fetchone() for file in files)
    return tuple(_number(row for row in found if row is not None))[:most]


def _number(rows: Iterable[tuple[bytes, bytes, str | None]]) -> Iterator[Handed]:
    for number, (path, sha256, attribute) in enumerate(rows, 1):
        yield Handed(number, bytes(path), bytes(sha256).hex(), Attribute(attribute) if attribute else None)
