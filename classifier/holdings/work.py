"""The errand of one child, wherever it runs: a file in, answers out; and the parent's side of it."""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import asdict
from typing import Any

from classifier import pipeline
from classifier.holdings import piece
from classifier.holdings.ledger import Entry
from classifier.holdings.piece import Accepted
from classifier.holdings.seal import Seal


def settings_key(tools: pipeline.Tools) -> str:
    """A hash of the settings that may move a verdict: confidence lines and reading limits."""
    told = [asdict(tools.settings.thresholds), asdict(tools.settings.limits)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


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
