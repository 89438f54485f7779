"""The errand of one child, wherever it runs: a file in, answers out; and the parent's side of it."""

from __future__ import annotations

import os
import time
from typing import Any

from classifier.holdings import piece
from classifier.holdings.ledger import Entry
from classifier.holdings.piece import Accepted
from classifier.holdings.seal import Seal


def work_one(entry: Entry) -> dict[str, Any]:
    """The work of one child: an entry in, the answers for its papers and the seconds they took out."""
    began = time.perf_counter()
    papers = piece.look(os.fsdecode(entry.path))
    return {"papers": papers, "seconds": round(time.perf_counter() - began, 4)}


def accept(seal: Seal, _entry: Entry, told: Any) -> tuple[Accepted, float]:  # noqa: ANN401 - whatever a child sent
    """What a child's answer comes to.

    Raises:
        ValueError and the like: as `piece.accept`.
    """
    seconds = float(told["seconds"])
    if not 0 <= seconds < 1e6:
        raise ValueError("no time")
    return piece.accept(told["papers"], seal), seconds
