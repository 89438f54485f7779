"""Papers of the vault judged again, without their files: the work of one child of a difference run.

In: where the vault and its key lie, and the ids of one file's papers. Out: the answers `piece.tell` gives, so that the parent takes
them exactly as those of a child that read the file. What the vault holds are our own sealed bytes, so no cage is needed; a text can
still be slow to search, so a child is.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from classifier import pipeline
from classifier.core.errors import BadLedger
from classifier.holdings import keeping, piece
from classifier.holdings.keeping import Kept
from classifier.holdings.seal import Seal
from classifier.holdings.vault import Vault
from classifier.judge import raise_by_members


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a child finds kept papers."""

    vault: str
    key: str

    def open(self) -> Vault:
        """The vault, opened once in each process.

        Raises:
            BadLedger: damaged, or sealed with another key.
        """
        return _open(self.vault, self.key, os.getpid())


@lru_cache(maxsize=2)
def _open(vault: str, key: str, _process: int) -> Vault:
    return Vault.open(Path(vault), Seal.load(Path(key)))


@dataclass(frozen=True, slots=True)
class Task:
    """One file to judge again."""

    shelf: Shelf
    path: bytes
    ids: tuple[bytes, ...]
    """Its papers in the vault, in order."""
    trusted: frozenset[str] = frozenset()
    """Findings made with one of these (`recipes.findings_key`) stand; others are found again."""


def rejudge(task: Task) -> list[dict[str, Any]]:
    """The answers for one file, from the vault.

    Raises:
        LookupError, UnreadableKept, BadLedger: not all of it is there; the file has to be read again.
    """
    return judge_again(fetch(task.shelf, task.ids), os.fsdecode(task.path), pipeline.default_tools(), task.trusted)


def fetch(shelf: Shelf, ids: Sequence[bytes]) -> tuple[Kept, ...]:
    """Kept papers by their ids, in that order.

    Raises:
        LookupError, UnreadableKept, BadLedger: one of them is not there, or damaged.
    """
    held = dict(shelf.open().get_many(ids))
    return tuple(keeping.unpack(held[name]) for name in ids)


def judge_again(
    kept: Sequence[Kept], source: str, tools: pipeline.Tools, trusted: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """The answers for the papers of one file."""
    parts = tuple(k.document for k in kept)
    family = tuple(
        pipeline.assess_document(k.document, tools, source, k.findings if k.made_by in trusted else None) for k in kept
    )
    return piece.tell(parts, (raise_by_members(family), *family[1:]))


def is_there(shelf: Shelf) -> bool:
    """Whether the vault can be opened at all; without it every file is read again."""
    if not Path(shelf.vault).is_file():
        return False
    try:
        shelf.open()
    except BadLedger:
        return False
    return True
