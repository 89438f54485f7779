"""Many items through killable children, in the order they finish.

A child is started from a fork server that has already imported the work's module, so a new one costs milliseconds.
The parent never touches the items' bytes. Why not joblib/loky here: a killed loky worker raises for the whole pool
(measured, design/LEARNING §4); here one pipe per child tells exactly which item died.
"""

from __future__ import annotations

import ctypes
import multiprocessing as mp
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Generic, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Value]):
    """What became of one item: a value, or an error code (`crashed`, `timeout`, `internal`)."""

    item: Item
    value: Value | None
    error: str | None = None


def _die_with_parent() -> None:
    """Linux: the child gets SIGKILL when its parent goes (orphans outlived a killed parent by an hour, LEARNING §4)."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return


def _serve(pipe: Connection, work: Callable[[Item], Value]) -> None:
    """The child: items in, (ok, value) out, until the pipe closes."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        try:
            answer: tuple[bool, Value | str] = (True, work(item))
        except Exception as error:  # noqa: BLE001 - the engine guard: one item may fail, the run goes on
            answer = (False, type(error).__name__)
        pipe.send(answer)


class _Child(Generic[Item, Value]):
    """One child process and the item it holds."""

    def __init__(self, work: Callable[[Item], Value]) -> None:
        context = mp.get_context("forkserver")
        context.set_forkserver_preload([work.__module__])
        self.pipe, far = context.Pipe()
        self.process: ForkServerProcess = context.Process(target=_serve, args=(far, work), daemon=True)
        self.process.start()
        far.close()
        self.item: Item | None = None
        self.deadline = float("inf")

    def give(self, item: Item, seconds: float) -> None:
        """Start on an item; `seconds` is its time limit."""
        self.item = item
        self.deadline = time.monotonic() + seconds
        self.pipe.send(item)

    def end(self) -> None:
        """Kill and reap."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _collect(child: _Child[Item, Value], item: Item) -> tuple[Outcome[Item, Value], bool]:
    """The outcome a ready child holds, and whether the child lives on."""
    try:
        good, answer = child.pipe.recv()
    except (EOFError, OSError):
        return Outcome(item, None, "crashed"), False
    return (Outcome(item, answer) if good else Outcome(item, None, "internal")), True


def run(
    work: Callable[[Item], Value], items: Iterable[Item], *, jobs: int = 1, seconds: float = 60.0
) -> Iterator[Outcome[Item, Value]]:
    """Work every item in `jobs` children; yields one Outcome per item, exactly once, in the order they finish.

    Args:
        work: a module-level function (children import its module).
        items: read lazily, at most `jobs` ahead.
        jobs: how many children.
        seconds: wall time for one item; past it the child is killed and the outcome says `timeout`.
    """
    source = iter(items)
    idle: list[_Child[Item, Value]] = []
    busy: list[_Child[Item, Value]] = []
    try:
        for item in source:
            child = idle.pop() if idle else _Child(work)
            child.give(item, seconds)
            busy.append(child)
            while len(busy) >= jobs:
                yield from _next_outcomes(busy, idle)
        while busy:
            yield from _next_outcomes(busy, idle)
    finally:
        for child in [*idle, *busy]:
            child.end()


def _next_outcomes(busy: list[_Child[Item, Value]], idle: list[_Child[Item, Value]]) -> Iterator[Outcome[Item, Value]]:
    """Wait until at least one busy child is done, dead or late; move it out of `busy`."""
    nearest = min(child.deadline for child in busy)
    ready = set(wait([child.pipe for child in busy], timeout=max(0.0, nearest - time.monotonic())))
    for child in list(busy):
        item = child.item
        assert item is not None
        if child.pipe in ready:
            outcome, alive = _collect(child, item)
        elif time.monotonic() >= child.deadline:
            outcome, alive = Outcome(item, None, "timeout"), False
        else:
            continue
        busy.remove(child)
        if alive:
            child.item, child.deadline = None, float("inf")
            idle.append(child)
        else:
            child.end()
        yield outcome
