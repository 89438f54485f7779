"""The loop: claim a job, hand its file to a child, remember what came back, commit, next.

kill -9 at any moment is safe: the lease runs out and the job is queued again; a result that comes late is refused.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from review_ui.store import files, jobs
from review_ui.store.engine import Database
from review_ui.store.place import Place
from review_ui.store.tables import Job
from review_ui.worker.look import Sight
from review_ui.worker.results import Built, build_draft, keep_assessment, keep_package

LEASE = dt.timedelta(seconds=150)
"""Longer than the time limit of a file plus a slow commit."""

PAUSE = 0.5
"""Seconds between two looks into an empty queue."""

_YOUNG = 60.0
"""Seconds an unknown upload is spared: the web process may be about to queue it."""

log = logging.getLogger("review_ui.worker")


class Outcome(Protocol):
    """What the engine gives back for one file."""

    @property
    def value(self) -> Sight | None:
        """What was seen."""

    @property
    def error(self) -> str | None:
        """`crashed`, `timeout`, `internal`."""


Engine = Callable[[Iterable[Path]], Iterator[Outcome]]
"""Looks at files one by one; `classifier.batch.run` in life, a fake in tests."""


@dataclass(frozen=True, slots=True)
class Held:
    """The job at hand; for a package also what was built."""

    job: Job
    built: Built | None = None


class Worker:
    """One worker process' life."""

    def __init__(
        self,
        place: Place,
        database: Database,
        engine: Engine,
        clock: Callable[[], dt.datetime],
        alive: Callable[[], bool],
    ) -> None:
        self.place = place
        self.database = database
        self.engine = engine
        self.clock = clock
        self.alive = alive
        self.owner = secrets.token_hex(8)
        self._held: Held | None = None

    def run(self) -> None:
        """Work until `alive` says no."""
        self.sweep()
        for outcome in self.engine(self._paths()):
            assert self._held is not None
            self._remember(self._held, outcome)

    def sweep(self) -> None:
        """Destroy what a crash left in the incoming folder."""
        with self.database.reading() as session:
            known = jobs.open_tokens(session)
        files.sweep(self.place, known, time.time() - _YOUNG)

    def _paths(self) -> Iterator[Path]:
        """Files to look at, as they come; blocks while the queue is empty."""
        while self.alive():
            with self.database.writing() as session:
                job = jobs.claim(session, self.owner, self.clock(), LEASE)
                session.commit()
            if job is None:
                time.sleep(PAUSE)
                continue
            path = self._open(job)
            if path is not None:
                yield path

    def _open(self, job: Job) -> Path | None:
        """The file of a job, or None when the job could be closed without looking."""
        if job.kind == "package":
            return self._open_package(job)
        path = files.waiting(self.place, job.incoming) if job.incoming else None
        if path is None:
            self._close(job, "dead", "lost")
            return None
        self._held = Held(job)
        return path

    def _open_package(self, job: Job) -> Path | None:
        with self.database.reading() as session:
            built = build_draft(session, self.place, job.case_no, self.clock())
        if isinstance(built, str):
            self._close(job, "failed", built)
            return None
        self._held = Held(job, built)
        return files.waiting(self.place, built.token)

    def _remember(self, held: Held, outcome: Outcome) -> None:
        job, token = held.job, held.built.token if held.built else held.job.incoming
        done = False
        if outcome.value is None:
            self._close(job, "failed", outcome.error or "internal")
            done = held.built is not None  # a failed upload waits for 重试 or 转人工; a failed draft is rebuilt
        else:
            done = self._commit(held, outcome.value)
        if done and token:
            files.destroy(self.place, token)
        log.info("job %s %s case %s closed", job.id, job.kind, job.case_no)

    def _commit(self, held: Held, sight: Sight) -> bool:
        """Store a result, unless the lease was lost; says whether the incoming file is done with."""
        with self.database.writing() as session:
            try:
                if held.built:
                    reason = keep_package(session, self.place, held.built, sight, self.clock())
                    jobs.finish(session, held.job.id, self.owner, "failed" if reason else "done", reason)
                else:
                    keep_assessment(session, self.place, held.job, sight, self.clock())
                    jobs.finish(session, held.job.id, self.owner, "done")
            except jobs.LostLease:
                session.rollback()
                return held.built is not None
            session.commit()
            return True

    def _close(self, job: Job, state: str, reason: str) -> None:
        with self.database.writing() as session:
            try:
                jobs.finish(session, job.id, self.owner, state, reason)
            except jobs.LostLease:
                session.rollback()
            session.commit()
