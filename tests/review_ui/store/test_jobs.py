"""Leases: a dead worker loses its job, a late one loses its result, a killer job ends as a 失败件."""

from __future__ import annotations

import datetime as dt

import pytest

from review_ui.store import jobs
from review_ui.store.tables import Job

LEASE = dt.timedelta(seconds=60)


def claim(bureau, owner: str):
    with bureau.database.writing() as session:
        job = jobs.claim(session, owner, bureau.clock(), LEASE)
        session.commit()
    return job


def test_a_job_has_one_owner(bureau) -> None:
    """Nobody else gets it while the lease runs."""
    bureau.upload("甲\n")
    assert claim(bureau, "one") is not None
    assert claim(bureau, "two") is None


def test_a_dead_owner_loses_the_job_and_its_result(bureau) -> None:
    """After the lease somebody else works on it; the first owner's late result is refused."""
    bureau.upload("甲\n")
    first = claim(bureau, "one")
    bureau.clock.move(seconds=61)
    second = claim(bureau, "two")
    assert second is not None
    assert second.id == first.id
    with bureau.database.writing() as session, pytest.raises(jobs.LostLease):
        jobs.finish(session, first.id, "one", "done")
    with bureau.database.writing() as session:
        jobs.finish(session, first.id, "two", "done")
        session.commit()


def test_a_job_that_kills_three_workers_is_dead(bureau) -> None:
    """It is shown as a 失败件 with a reason and tried no more."""
    no = bureau.upload("甲\n")
    for owner in ("one", "two", "three"):
        assert claim(bureau, owner) is not None
        bureau.clock.move(seconds=61)
    assert claim(bureau, "four") is None
    with bureau.database.reading() as session:
        job = jobs.latest(session, no, "assess")
    assert (job.state, job.reason, job.tries) == ("dead", "crashed", 3)


def test_retry_starts_over(bureau) -> None:
    """重试 puts it back with a clean count."""
    no = bureau.upload("甲\n", name="崩溃.txt")
    bureau.work()
    with bureau.database.writing() as session:
        job = jobs.latest(session, no, "assess")
        assert (job.state, job.reason) == ("failed", "crashed")
        jobs.retry(session, session.get_one(Job, job.id))
        session.commit()
    assert claim(bureau, "next").tries == 1
