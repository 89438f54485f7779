"""The worker: results land once, crashes cost one file, kill -9 costs nothing."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import time

from review_ui.flow import Role
from review_ui.store import cases, files, jobs
from review_ui.store.engine import open_database
from review_ui.worker.loop import LEASE, Worker

from ..conftest import Clock, fake_engine


def test_an_upload_lands_with_its_assessment(bureau) -> None:
    """Title, text and original are stored, and the incoming copy is destroyed."""
    no = bureau.assessed("关于绿化的通知\n正文。\n")
    row = bureau.row(no)
    assert (row.stage, row.title, row.file_name, row.machine) == ("received", "关于绿化的通知", "通知.txt", "active")
    with bureau.database.reading() as session:
        assert cases.text(session, no).startswith("关于绿化")
        assert "text" not in cases.assessment(session, no)["findings"][0] if cases.assessment(session, no)["findings"] else True
    assert files.original(bureau.place, row.original).read_text() == "关于绿化的通知\n正文。\n"
    assert files.uploads(bureau.place) == []


def test_a_crash_costs_one_file_which_can_be_retried_or_handed_to_people(bureau) -> None:
    """The other file is assessed; the crashed one is a 失败件 and keeps its upload until somebody decides."""
    bad, good = bureau.upload("甲\n", name="崩溃.txt"), bureau.upload("乙\n")
    bureau.work()
    assert bureau.row(good).stage == "received"
    drafter = bureau.visit(Role.DRAFTER)
    page = drafter.get(f"/case/{bad}").get_data(as_text=True)
    assert "程序异常退出" in page
    assert "重试" in page
    assert drafter.post(f"/case/{bad}/manual", {"declared": "on"}).status_code == 302
    row = bureau.row(bad)
    assert (row.stage, row.route, row.machine, row.file_name) == ("received", "manual", None, "崩溃.txt")
    assert files.uploads(bureau.place) == []


def test_an_upload_lost_from_memory_says_so(bureau) -> None:
    """Memory is empty after a restart: the job is dead with advice, not silently gone."""
    no = bureau.upload("甲\n")
    with bureau.database.reading() as session:
        token = jobs.latest(session, no, "assess").incoming
    files.destroy(bureau.place, token)
    bureau.work()
    assert "请重新上传" in bureau.visit(Role.DRAFTER).get(f"/case/{no}").get_data(as_text=True)


def _hang(place, started) -> None:
    """A worker process whose engine takes a file and never comes back."""

    def engine(paths):
        for _ in paths:
            started.set()
            time.sleep(60)
        return
        yield

    Worker(place, open_database(place), engine, Clock(), lambda: True).run()


def test_kill_9_gives_the_job_back(bureau) -> None:
    """A worker killed in the middle loses its lease, and the next one finishes the file exactly once."""
    no = bureau.upload("关于绿化的通知\n")
    context = mp.get_context("fork")
    started = context.Event()
    process = context.Process(target=_hang, args=(bureau.place, started))
    process.start()
    assert started.wait(10)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    bureau.work()
    assert bureau.row(no).stage == "incoming"
    bureau.clock.move(seconds=LEASE.total_seconds() + 1)
    bureau.work(fake_engine)
    assert bureau.row(no).stage == "received"
    with bureau.database.reading() as session:
        assert jobs.latest(session, no, "assess").tries == 2
