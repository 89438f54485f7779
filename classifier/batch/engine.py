"""Many items through killable, caged children, in the order they finish.

A child is forked from a server that has already loaded what the work needs, so a new one costs milliseconds. The parent never
touches the items' bytes, and takes answers only as JSON of limited size. Why not joblib/loky here: a killed loky worker raises
for the whole pool (measured, design/LEARNING §4); here one line per child tells exactly which item died.
"""

from __future__ import annotations

import select
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from classifier.batch import cage as cages
from classifier.batch import wire
from classifier.batch.cage import Cage
from classifier.batch.child import Child, Warm

Item = TypeVar("Item")
Value = TypeVar("Value")

_CLOSED = Cage()
_LONGEST = 60.0
"""Seconds to wait for a sign of life at a time."""
_CODES = {"internal", "limits", "crashed"}
"""What a child may say about itself; `timeout` is the parent's word."""
_BAD_VALUE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Value]):
    """What became of one item: a value, or an error code.

    `crashed`: died, or its answer was none. `timeout`: wall time. `limits`: memory or CPU seconds. `internal`: an exception.
    """

    item: Item
    value: Value | None
    error: str | None = None


def _as_it_is(_item: object, value: object) -> object:
    return value


@overload
def run(
    work: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    jobs: int = ...,
    ahead: int = ...,
    seconds: float = ...,
    warm: Warm | None = ...,
    cage: Cage | None = ...,
) -> Iterator[Outcome[Item, Value]]: ...


@overload
def run(
    work: Callable[[Item], Any],
    items: Iterable[Item],
    *,
    accept: Callable[[Item, Any], Value],
    jobs: int = ...,
    ahead: int = ...,
    seconds: float = ...,
    warm: Warm | None = ...,
    cage: Cage | None = ...,
) -> Iterator[Outcome[Item, Value]]: ...


def run(
    work: Callable[[Any], Any],
    items: Iterable[Any],
    *,
    accept: Callable[[Any, Any], Any] = _as_it_is,
    jobs: int = 1,
    ahead: int = 0,
    seconds: float = 60.0,
    warm: Warm | None = None,
    cage: Cage | None = _CLOSED,
) -> Iterator[Outcome[Any, Any]]:
    """Work every item in `jobs` children; yields one Outcome per item, exactly once, in the order they finish.

    Args:
        work: a module-level function (children import its module) that answers with what JSON can say.
        items: names or small values, read lazily, at most `jobs * (1 + ahead)` before their outcome.
        jobs: how many children.
        ahead: items that lie ready in a child while it works on another: it never waits for the parent, which is what the cage
            costs on small files. They wait behind a slow one; when their child dies they go to the next and nothing is lost.
        seconds: wall time for one item; past it the child is killed and the outcome says `timeout`.
        accept: the parent's look at an answer, which may be forged: gives the value, or raises ValueError (or another error of
            a wrong shape), and the item counts as `crashed`.
        warm: a module-level function that loads what the work needs, called before the cage closes (it may be called twice).
        cage: the limits of a child; None for work that reads nothing untrusted.
    """
    bench = _Bench(lambda: Child(work, warm, cage), jobs, ahead, seconds, accept)
    try:
        for item in items:
            bench.take(item)
            while bench.held() >= jobs * (1 + ahead):
                yield from bench.outcomes()
        while bench.held():
            yield from bench.outcomes()
    finally:
        bench.clear()


def layers() -> tuple[str, ...]:
    """The layers of the cage that are on for children on this machine, as one of them found out."""
    [outcome] = run(_layers, [None])
    return tuple(outcome.value or ())


def _layers(_nothing: None) -> list[str]:
    return list(cages.layers())


class _Bench:
    """The children of one run, and the items that no child has yet."""

    def __init__(
        self, birth: Callable[[], Child], jobs: int, ahead: int, seconds: float, accept: Callable[[Any, Any], Any]
    ) -> None:
        self.birth, self.jobs, self.ahead, self.seconds, self.accept = birth, jobs, ahead, seconds, accept
        self.children: list[Child] = []
        self.waiting: deque[Any] = deque()
        self.out_of_memory = _oom_kills()

    def held(self) -> int:
        """How many items are here without an outcome."""
        return len(self.waiting) + sum(len(child.items) for child in self.children)

    def take(self, item: object) -> None:
        """One more item."""
        self.waiting.append(item)
        self._deal()

    def _deal(self) -> None:
        """Waiting items to children: first to idle ones, then to new ones, then ahead to those that hold least."""
        while self.waiting:
            child = min(self.children, key=lambda c: len(c.items), default=None)
            if child is None or (child.items and len(self.children) < self.jobs):
                child = self.birth()
                self.children.append(child)
            if len(child.items) > self.ahead:
                return
            if child.give(self.waiting[0], self.seconds):
                self.waiting.popleft()
            elif child.items:  # it died at work: `outcomes` will find its line cut
                return
            elif child.ready:  # it died idle, or spoke without being asked
                self._bury(child)
            else:  # it died at birth: this item pays, or a child that cannot be born would be tried for ever
                child.items.append(self.waiting.popleft())

    def outcomes(self) -> Iterator[Outcome[Any, Any]]:
        """Wait until something happens, and tell what is done, dead or late."""
        busy = [child for child in self.children if child.items]
        nearest = min(child.deadline for child in busy)
        lines = select.poll()
        for child in busy:
            lines.register(child.channel, select.POLLIN)
        ready = {channel for channel, _ in lines.poll(min(max(0.0, nearest - time.monotonic()), _LONGEST) * 1000)}
        for child in busy:
            outcome: Outcome[Any, Any] | None = None
            alive = False
            if child.channel in ready:
                outcome, alive = self._hear(child)
            if outcome is None and time.monotonic() >= child.deadline:
                outcome = Outcome(child.items[0], None, "timeout")
            if outcome is not None:
                child.done(self.seconds)
                if not alive or child.is_worn():
                    self._bury(child)
                self._deal()
                yield outcome

    def _bury(self, child: Child) -> None:
        """End a child; what lay ready in it goes to the next."""
        self.children.remove(child)
        self.waiting.extendleft(reversed(child.items))
        child.end()

    def _hear(self, child: Child) -> tuple[Outcome[Any, Any] | None, bool]:
        """The outcome a child tells, if it has told all of it, and whether the child lives on."""
        try:
            message = child.inbox.collect(child.channel)
            if message is None:
                return None, True
            if not child.ready:
                child.greet(message)
                return None, True
            return self._judge(child.items[0], wire.decode(message))
        except EOFError:
            return Outcome(child.items[0], None, self._fate(child)), False
        except wire.Garbage:
            return Outcome(child.items[0], None, "crashed"), False

    def _judge(self, item: object, answer: dict[str, Any]) -> tuple[Outcome[Any, Any], bool]:
        """An honest-looking answer. After a failure of memory or of its answer a child is not used again."""
        if set(answer) == {"error"}:
            code = answer["error"]
            if not isinstance(code, str) or code not in _CODES:
                raise wire.Garbage
            return Outcome(item, None, code), code == "internal"
        if set(answer) != {"value"}:
            raise wire.Garbage
        try:
            return Outcome(item, self.accept(item, answer["value"])), True
        except _BAD_VALUE as error:
            raise wire.Garbage from error

    def _fate(self, child: Child) -> str:
        """Why a child died; the kernel's count of processes it ended for lack of memory tells its kills from others."""
        code = child.fate()
        killed = _oom_kills()
        if killed > self.out_of_memory and child.process.exitcode == -9:
            code = "limits"
        self.out_of_memory = killed
        return code

    def clear(self) -> None:
        """End every child."""
        for child in self.children:
            child.end()


def _oom_kills() -> int:
    """How many processes the kernel has ended for lack of memory since it started."""
    try:
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    except (OSError, ValueError):
        return 0
    return 0
