"""A batch over a cluster: a real Dask scheduler and two worker processes, one of which is killed."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier import pipeline
from classifier.core.errors import BadSettings
from classifier.holdings import cluster
from classifier.holdings.cluster import Cluster
from classifier.holdings.ledger import Entry, Maker
from classifier.holdings.recipes import maker_of, recipe_of

distributed = pytest.importorskip("distributed", reason="NO CLUSTER TESTS: distributed is not installed")

# Dask leaves sockets of workers that died to the collector; they are collected here, where the warning is known
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")

DASK = Path(sys.executable).with_name("dask")
SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(*words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    return subprocess.Popen([str(DASK), *words, "--no-dashboard"], env=environment, stderr=subprocess.DEVNULL)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def dask() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address and its two workers, as the guide starts them."""
    address = f"tcp://127.0.0.1:{free_port()}"
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
    workers = [start("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    try:
        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def ours() -> Maker:
    tools = pipeline.default_tools()
    return maker_of(tools, recipe_of(tools))


def entries(folder: Path, count: int) -> list[Entry]:
    made = []
    for number in range(count):
        path = folder / f"{number}.txt"
        path.write_text(f"关于第{number}号绿化工程的通知\n各单位：\n　　请收悉。\n2026年4月2日\n", encoding="utf-8")
        made.append(Entry(os.fsencode(path), path.stat().st_size, path.stat().st_mtime_ns))
    return made


def sources(_entry: Entry, told: dict[str, list[dict[str, object]]]) -> int:
    return len(told["papers"])


def test_a_worker_of_another_version_is_refused(dask, tmp_path) -> None:
    """Verdicts of two rule books must not stand in one ledger as if they were of one."""
    other = Maker("0", "other", "none", "")
    with pytest.raises(BadSettings, match="统一版本"):
        list(cluster.run(Cluster(dask[0], other, SECONDS), entries(tmp_path, 2), sources))


def test_an_answer_that_is_none_costs_its_file(dask, tmp_path) -> None:
    """What the parent does not accept counts as a crash; the others stand."""

    def picky(entry: Entry, told: object) -> int:
        if entry.path.endswith(b"/1.txt"):
            raise ValueError("forged")
        return 1

    found = {
        o.item.path[-5:]: (o.value, o.error) for o in cluster.run(Cluster(dask[0], ours(), SECONDS), entries(tmp_path, 3), picky)
    }
    assert found == {b"0.txt"[-5:]: (1, None), b"1.txt"[-5:]: (None, "crashed"), b"2.txt"[-5:]: (1, None)}


def test_a_killed_worker_loses_nothing(dask, tmp_path, monkeypatch) -> None:
    """Every file has one outcome, and all of them were read: the other worker did the rest."""
    monkeypatch.setattr(cluster, "_CHUNK", 8)
    address, workers = dask
    wanted = entries(tmp_path, 160)
    outcomes = []
    for outcome in cluster.run(Cluster(address, ours(), SECONDS), iter(wanted), sources):
        outcomes.append(outcome)
        if len(outcomes) == 20:
            workers[0].send_signal(signal.SIGKILL)
            time.sleep(0.2)
    assert sorted(o.item.path for o in outcomes) == sorted(e.path for e in wanted)
    assert [o.error for o in outcomes if o.error] == []


def test_a_scheduler_that_is_not_there_is_told(monkeypatch, tmp_path) -> None:
    """With what to do next."""
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(BadSettings, match="dask scheduler"):
        list(cluster.run(Cluster(f"tcp://127.0.0.1:{free_port()}", ours(), SECONDS), entries(tmp_path, 1), sources))
