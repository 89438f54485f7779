"""Which papers of an archive are there more than once: group by group, byte for byte, by content, or much alike.

In: a ledger and its alike pairs (copies.py). Out: Groups, streamed. Two empty files are no copy of one another, and an archive that
only holds other files is none: the papers in it are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from classifier.holdings.copies import LIKE, SAME, Copies, Key
from classifier.holdings.ledger import Ledger
from classifier.holdings.schema import is_shell

NOTHING = hashlib.sha256(b"").digest()
"""The hash of an empty file."""
_EXACT = (
    "SELECT paper.sha256, paper.file, paper.part FROM paper JOIN file ON file.id = paper.file"  # noqa: S608 - our own words
    " WHERE paper.sha256 IN (SELECT sha256 FROM paper WHERE length(sha256) > 0 AND sha256 != ? GROUP BY sha256 HAVING COUNT(*) > 1)"
    f" AND NOT {is_shell()}"
    " ORDER BY paper.sha256, paper.file, paper.part"
)


class Sameness(StrEnum):
    """How much the papers of a group have in common, the most first."""

    EXACT = "exact"
    CONTENT = "content"
    ALIKE = "alike"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"exact": "逐字节相同", "content": "内容相同（数字以外）", "alike": "内容很像"}[self.value]


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that are copies of one another, directly or through others."""

    sameness: Sameness
    papers: tuple[Key, ...]


def find_duplicates(ledger: Ledger, copies: Copies) -> Iterator[Group]:
    """Every group, the surest kind first; one whose papers all stand together in a surer group is not told again."""
    for papers in _exact(ledger):
        yield Group(Sameness.EXACT, papers)
    for heap in copies.heaps(SAME):
        if len(_contents(ledger, heap.papers)) > 1:
            yield Group(Sameness.CONTENT, heap.papers)
    for heap in copies.heaps(LIKE):
        if any(pair.likeness < SAME for pair in heap.pairs):
            yield Group(Sameness.ALIKE, heap.papers)


def _exact(ledger: Ledger) -> Iterator[tuple[Key, ...]]:
    last, papers = b"", list[Key]()
    for digest, file, part in ledger.read(_EXACT, (NOTHING,)):
        if digest != last:
            if len(papers) > 1:
                yield tuple(papers)
            last, papers = digest, []
        papers.append((int(file), int(part)))
    if len(papers) > 1:
        yield tuple(papers)


def _contents(ledger: Ledger, papers: tuple[Key, ...]) -> set[bytes]:
    """The different files among papers."""
    question = "SELECT sha256 FROM paper WHERE file = ? AND part = ?"
    return {bytes(ledger.read(question, key).fetchone()[0]) for key in papers}
