"""The engine returns one Outcome per item, whatever dies on the way."""

import os
import signal
from multiprocessing import forkserver

import pytest

from classifier.batch import Cage, Outcome, run
from tests.classifier.batch.work import work

ITEMS = ["a", "die-1", "b", "hang-1", "c", "raise-1", "d", "die-2", "e"]


@pytest.mark.parametrize(("jobs", "ahead"), [(1, 0), (2, 0), (1, 1), (2, 3)])
def test_every_item_once_with_deaths_hangs_and_exceptions(jobs: int, ahead: int) -> None:
    """A killed child, a hung child and an exception cost exactly their own item, not those that lay ready behind it."""
    outcomes = list(run(work, ITEMS, jobs=jobs, ahead=ahead, seconds=1.0))
    assert sorted(o.item for o in outcomes) == sorted(ITEMS)
    told = {o.item: o.error or o.value for o in outcomes}
    assert told == {
        "a": "A", "b": "B", "c": "C", "d": "D", "e": "E",
        "die-1": "crashed", "die-2": "crashed", "hang-1": "timeout", "raise-1": "internal",
    }  # fmt: skip


def test_an_exception_brings_no_words_of_the_document() -> None:
    """Only a code crosses the process border."""
    [outcome] = run(work, ["raise-1"])
    assert outcome == Outcome("raise-1", None, "internal")


def test_no_items_no_children() -> None:
    """An empty run starts nothing and ends."""
    assert list(run(work, [])) == []


def test_items_are_read_lazily() -> None:
    """A million names need not be in memory: at most `jobs` items are read ahead."""
    read: list[str] = []

    def names():
        for number in range(6):
            read.append(str(number))
            yield str(number)

    results = run(work, names(), jobs=1)
    next(results)
    assert len(read) <= 2
    results.close()


def test_a_killed_fork_server_is_replaced() -> None:
    """It is killed between two runs, and again while a run is on: what was in hand may crash, the rest is done."""
    list(run(work, ["a"]))
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    assert [o.value for o in run(work, ["b"])] == ["B"]
    outcomes = run(work, [f"x{n}" for n in range(12)], jobs=2, cage=Cage(items=1))
    told = [next(outcomes)]
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    told += outcomes
    assert sorted(o.item for o in told) == sorted(f"x{n}" for n in range(12))
    assert {o.error for o in told} <= {None, "crashed"}
    assert sum(o.error is None for o in told) >= 9
