"""What is asked of a run, how it can end, and the names of what it writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

LEDGER = "ledger.sqlite"
VAULT = "vault.sqlite"
RESULTS = "results.jsonl"
LEFT = "again.list"
"""Paths that a difference run leaves to be read: the one list that is ours, and taken at its word."""
PROGRESS = "progress"
"""The name under which the ledger holds the tally of the last run."""


class Ending(StrEnum):
    """How a run ended; also the state of its row in the ledger (beside `running` and `paused`)."""

    DONE = "done"
    STOPPED = "stopped"
    """By a signal: the same command goes on."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run."""

    sources: tuple[str, ...]
    """Folders, lists of paths, or `-`."""
    out: Path
    jobs: int = 1
    verify: bool = False
    """Hash the files that are known and look again at those whose content changed under the same size and time."""
    failed_again: bool = False
    """Try the files again that failed before."""
    results: bool = True
    """Write the results as JSON lines at the end; they can be exported at any later time."""
    cluster: str | None = None
    """Address of a Dask scheduler whose workers do the first look; the second look is always here."""
