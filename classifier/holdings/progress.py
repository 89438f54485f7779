"""How far a batch is: counts, rate and time left, for a terminal, for a log, and for another terminal through the ledger.

Counts only: no name of a file and no word of a paper is ever shown here.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from classifier.core.assessment import Attribute, Route
from classifier.holdings.ledger import FileState, Paper

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_WINDOW = 30.0
"""Seconds of the recent past that the rate is taken from."""
_SHOWN = 0.5
_LINE = 10.0
"""Seconds between two pictures on a terminal, and between two lines of a log."""
UNREAD = "unread"
"""Papers of which nothing was read, among the verdicts: whatever is said of them is a caution."""


@dataclass(slots=True)
class Tally:
    """What happened so far in one run."""

    total: int | None = None
    """How many files there are; None until they are counted."""
    skipped: int = 0
    """Files that the ledger knew already."""
    done: int = 0
    again: int = 0
    """Files that will be tried once more, alone."""
    failed: int = 0
    batches: int = 0
    """Out folders of other batches that were left out."""
    papers: int = 0
    """Papers of the files done in this run, counted as `figures.count_papers` does: containers are none."""
    verdicts: dict[str, int] = field(default_factory=lambda: dict.fromkeys([*Attribute, Route.BLOCKED, UNREAD], 0))
    """They by attribute, the blocked ones, and those nobody read."""
    suggested: int = 0
    """Papers that only ask for a confirming click."""
    rate: float = 0.0
    """Files a second over the last half minute."""
    seconds: float = 0.0
    over: bool = False
    """No more files are begun: all are done, or the run is to stop."""

    @property
    def passed(self) -> int:
        """Files that need no first look any more."""
        return self.skipped + self.done + self.again + self.failed

    @property
    def waiting(self) -> int:
        """Files nobody has looked at yet, as far as that is known."""
        return max(0, self.total - self.passed) if self.total is not None else 0

    @property
    def left(self) -> float | None:
        """Seconds still to go, as far as that is known."""
        return self.waiting / self.rate if self.total is not None and self.rate > 0 else None

    def to_json(self) -> str:
        """The tally for the ledger."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @staticmethod
    def of(told: str | None) -> Tally:
        """The tally the ledger holds; an empty one where it holds none."""
        known = json.loads(told) if told else {}
        return Tally(**{key: value for key, value in known.items() if key in Tally.__dataclass_fields__})


class Counter:
    """Counts what the run tells it, and keeps the rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.tally = Tally()
        self._clock = clock
        self._began = clock()
        self._marks: deque[tuple[float, int]] = deque([(self._began, 0)])
        self._resting = 0.0

    def count(self, state: FileState, papers: tuple[Paper, ...]) -> None:
        """One file has its outcome."""
        tally = self.tally
        if not self._worked():  # loading rules and skipping known files is no work: the rate begins here
            self._marks = deque([(self._clock(), 1)])
        if state is FileState.AGAIN:
            tally.again += 1
            return
        if state is FileState.DONE:
            tally.done += 1
        else:
            tally.failed += 1
        for paper in papers:
            if counted := _counts_as(state, paper):
                tally.papers += 1
                tally.verdicts[counted] += 1
                tally.suggested += paper.route is Route.SUGGEST

    def look(self) -> Tally:
        """The tally with rate and time as they are now."""
        now, worked = self._clock(), self._worked()
        marks = self._marks
        if now - marks[-1][0] >= 1.0:
            marks.append((now, worked))
        while len(marks) > 1 and now - marks[0][0] > _WINDOW:
            marks.popleft()
        since, then = marks[0]
        self.tally.rate = (worked - then) / (now - since) if now > since else 0.0
        self.tally.seconds = now - self._began
        return self.tally

    def rest(self) -> None:
        """The run went on after a pause: the rate begins anew."""
        self._marks = deque([(self._clock(), self._worked())])

    def _worked(self) -> int:
        return self.tally.done + self.tally.failed + self.tally.again


def _counts_as(state: FileState, paper: Paper) -> str | None:
    """What a paper counts as; None for a container that holds nothing of its own (`figures.count_papers` says the same in SQL)."""
    if paper.attribute is None or paper.route is Route.BLOCKED:
        return Route.BLOCKED.value
    if state is FileState.DONE and paper.chars:
        return paper.attribute.value
    return UNREAD if state is not FileState.DONE or paper.problems else None


def sentence(tally: Tally) -> str:
    """The tally in one line for people."""
    of = f"/{tally.total}" if tally.total is not None else ""
    parts = [f"{tally.passed}{of} 个文件"]
    if tally.skipped:
        parts.append(f"以前已完成 {tally.skipped}，本次 {tally.passed - tally.skipped}")
    if tally.rate > 0:
        parts.append(f"每秒 {tally.rate:.1f}")
    if tally.over and tally.waiting:
        parts.append(f"还有 {tally.waiting} 个没有处理")
    elif not tally.over and tally.left is not None and tally.left >= 1:
        parts.append(f"还需 {duration(tally.left)}")
    parts.append(f"失败 {tally.failed}" + (f"（待单独重试 {tally.again}）" if tally.again else ""))
    return "，".join(parts) + ("；本次：" if tally.skipped else "；") + verdict_words(tally.verdicts)


def verdict_words(verdicts: Mapping[str, int]) -> str:
    """Papers by attribute, in words."""
    words = [f"{attribute.label} {verdicts.get(attribute.value, 0)}" for attribute in Attribute]
    return " · ".join(
        [*words, f"{Route.BLOCKED.label} {verdicts.get(Route.BLOCKED.value, 0)}", f"没有读到 {verdicts.get(UNREAD, 0)}"]
    )


def duration(seconds: float) -> str:
    """A length of time in words: 2 小时 05 分."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} 秒"
    minutes, hours = whole // 60 % 60, whole // 3600
    return f"{hours} 小时 {minutes:02d} 分" if hours else f"{minutes} 分 {whole % 60:02d} 秒"


class Show(AbstractContextManager["Show"]):
    """Shows a tally now and then: a live picture on a terminal, else a line every ten seconds."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._clock = clock
        self._live: Progress | None = None
        self._task: TaskID | None = None
        self._next = clock() + (_SHOWN if self._stream.isatty() else _LINE)

    def __enter__(self) -> Show:
        if self._stream.isatty() and not self._quiet:
            self._live, self._task = _live(self._stream)
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()

    def update(self, tally: Tally, *, now: bool = False) -> None:
        """Show it, when it is time or `now`."""
        if self._quiet or (not now and self._clock() < self._next):
            return
        self._next = self._clock() + (_LINE if self._live is None else _SHOWN)
        if self._live is None or self._task is None:
            self._stream.write(sentence(tally) + "\n")
            self._stream.flush()
        else:
            self._live.update(self._task, total=tally.total, completed=tally.passed, words=sentence(tally))

    def say(self, words: str) -> None:
        """One line beside the picture."""
        if self._quiet:
            return
        if self._live is not None:
            self._live.console.print(words, highlight=False)
        else:
            self._stream.write(words + "\n")
            self._stream.flush()


def _live(stream: TextIO) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.table import Column

    share = TaskProgressColumn(table_column=Column(min_width=4, no_wrap=True))
    words = TextColumn("{task.fields[words]}", table_column=Column(ratio=1, overflow="fold"))  # a narrow terminal gets more lines
    columns: Any = (BarColumn(bar_width=12), share, words)
    live = Progress(*columns, console=Console(file=stream), transient=False, refresh_per_second=2)
    return live, live.add_task("", total=None, words="正在查找文件")
