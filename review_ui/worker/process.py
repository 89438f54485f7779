"""The worker as a process of its own, started by `serve`."""

from __future__ import annotations

import datetime as dt
import os
import signal
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from review_ui.store import files
from review_ui.store.engine import open_database
from review_ui.store.place import prepare
from review_ui.worker.loop import Outcome, Worker

SECONDS = 60.0
"""Wall time one file may take."""


def now() -> dt.datetime:
    """The wall clock, asked only here and at the web's edge."""
    return dt.datetime.now(dt.UTC)


def engine(paths: Iterable[Path]) -> Iterator[Outcome]:
    """The real engine: one killable child that looks at one file after another."""
    from classifier.batch import run  # heavy: only the worker process pays for it
    from classifier.pipeline import warm
    from review_ui.worker.look import accept, look_as_json

    return run(look_as_json, paths, jobs=1, seconds=SECONDS, accept=accept, warm=warm)


def main(data: str) -> None:
    """Work until the parent goes away or SIGTERM comes."""
    parent = os.getppid()
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(5)  # people at their screens come first
    place = prepare(Path(data))
    # Whatever a parser spills goes to memory, and children inherit it.
    tempfile.tempdir = os.environ["TMPDIR"] = str(place.spool)
    files.clear_spool(place)
    database = open_database(place)
    Worker(place, database, engine, now, lambda: not stopping and os.getppid() == parent).run()
