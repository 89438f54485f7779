"""The work queue: a table and leases. A worker that dies loses its lease; its late result is refused."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from review_ui.flow.clock import stamp
from review_ui.store.tables import Job

MOST_TRIES = 3
OPEN_STATES = ("queued", "running")
FAILED_STATES = ("failed", "dead")


class LostLease(Exception):
    """Somebody else owns the job now: throw the result away."""


def enqueue(session: Session, case_no: str, kind: str, now: dt.datetime, incoming: str | None = None, lane: int = 0) -> Job:
    """Queue one piece of work; in a higher lane it waits until every lower one is empty."""
    job = Job(case_no=case_no, kind=kind, created_at=stamp(now), incoming=incoming, lane=lane)
    session.add(job)
    session.flush()
    return job


def claim(session: Session, owner: str, now: dt.datetime, lease: dt.timedelta) -> Job | None:
    """The oldest free job of the lowest lane, under a new lease; jobs that killed their worker too often become dead."""
    while True:
        free = (Job.state == "queued") | ((Job.state == "running") & (Job.lease_until < stamp(now)))
        job = session.scalars(select(Job).where(free).order_by(Job.lane, Job.id).limit(1)).first()
        if job is None:
            return None
        if job.tries >= MOST_TRIES:
            job.state, job.reason, job.owner, job.lease_until = "dead", "crashed", None, None
            session.flush()
            continue
        job.state, job.owner, job.lease_until = "running", owner, stamp(now + lease)
        job.tries += 1
        session.flush()
        return job


def finish(session: Session, job_id: int, owner: str, state: str, reason: str | None = None) -> None:
    """Close a job that this owner still holds.

    Raises:
        LostLease: when the lease went to another worker in the meantime.
    """
    done = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.owner == owner, Job.state == "running")
        .values(state=state, reason=reason, owner=None, lease_until=None, incoming=None if state == "done" else Job.incoming)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise LostLease


def waiting(session: Session, lane: int) -> int:
    """How many jobs of a lane are not done: whoever brings in files by the thousand brings no more than the worker keeps up with."""
    query = select(func.count()).select_from(Job).where(Job.lane == lane, Job.state.in_(OPEN_STATES))
    return session.scalar(query) or 0


def latest(session: Session, case_no: str, kind: str) -> Job | None:
    """The newest job of a case."""
    return session.scalars(select(Job).where(Job.case_no == case_no, Job.kind == kind).order_by(Job.id.desc()).limit(1)).first()


def retry(session: Session, job: Job) -> None:
    """Put a failed job back into the queue, with a clean count."""
    job.state, job.tries, job.reason, job.owner, job.lease_until = "queued", 0, None, None, None
    session.flush()


def open_tokens(session: Session) -> set[str]:
    """Incoming uploads that still belong to a job (failed ones wait for 重试 or 转人工)."""
    held = select(Job.incoming).where(Job.incoming.is_not(None), Job.state != "done")
    return {token for token in session.scalars(held) if token}
