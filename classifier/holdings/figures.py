"""The figures of a batch, as values: what the summary counts and the report, its charts and its workbook lay out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from classifier.core.assessment import Route
from classifier.holdings.clocks import Clock, Due
from classifier.holdings.ledger import FileState
from classifier.holdings.listing import Item

NO_DATE = "年份不明"


@dataclass(frozen=True, slots=True)
class Group:
    """Papers of one year, unit or kind by verdict, and how many of them need only a confirming click."""

    name: str
    verdicts: tuple[int, ...]
    """In the order of `Verdict`."""
    suggested: int

    @property
    def papers(self) -> int:
        """How many there are."""
        return sum(self.verdicts)


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """What one rule found."""

    rule: str
    category: str
    why: str
    papers: int
    passages: int
    grades: tuple[int, ...]
    """Papers by the highest grade, in the order of `Grade`."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One way of not having been read, and what to do about it."""

    code: str
    advice: str
    papers: int
    is_beside: bool
    """Whether the text itself was read in full."""


@dataclass(frozen=True, slots=True)
class ClockFigure:
    """How many papers a clock rings for, and the first of them."""

    clock: Clock
    papers: int
    verdicts: tuple[int, ...]
    first: tuple[tuple[Item, Due], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the ledger tells it."""

    number: int
    began: str
    ended: str | None
    state: str
    sources: tuple[str, ...]
    jobs: int
    found: int | None
    skipped: int
    seconds: float
    code: str
    rules: str
    model: str
    files: int
    """Files whose standing verdict comes from this run."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report counts."""

    files: int
    states: dict[FileState, int]
    papers: Group
    routes: dict[Route, int]
    outside: int
    """Papers that are no government information（不属于政府信息）."""
    unread: int
    """Papers of which some text was not read, those of which nothing was read included."""
    wrappers: int
    """Archives and the like that hold nothing of their own; the papers in them are counted one by one."""
    years: tuple[Group, ...]
    units: tuple[Group, ...]
    kinds: tuple[Group, ...]
    formats: tuple[tuple[str, int], ...]
    rules: tuple[RuleFigure, ...]
    categories: tuple[tuple[str, int, int], ...]
    """Category, papers, passages."""
    causes: tuple[Cause, ...]
    clocks: tuple[ClockFigure, ...]
    stopped: tuple[Item, ...]
    """The first papers with a state-secret marking."""
    failed: tuple[Item, ...]
    """The first papers of which nothing was read."""


@dataclass(frozen=True, slots=True)
class SampleState:
    """How far a sample is: labels that are in, misses among them, and the bound once all are in."""

    number: int
    drawn: str
    asked: str
    size: int
    pile: int
    labelled: int
    misses: int
    bound: float | None
    has_changed: bool
    """Whether the pile is another one since the draw."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Papers that contradict or repeat one another, as the report shows them."""

    kind: str
    papers: tuple[str, ...]
    """Each by its number and, where words may be shown, its name."""
    advice: str


@dataclass(frozen=True, slots=True)
class Saving:
    """What confirming instead of reading saves - by the caller's own assumption, which is told with it."""

    read_minutes: float
    confirm_minutes: float
    papers: int

    @property
    def hours(self) -> float:
        """Hours of work."""
        return self.papers * (self.read_minutes - self.confirm_minutes) / 60


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows."""

    name: str
    """The name of the out folder."""
    made: dt.datetime
    words: bool
    runs: tuple[Run, ...]
    figures: Figures
    samples: tuple[SampleState, ...]
    conflicts: tuple[Conflict, ...] | None
    """None where they were not looked for."""
    conflict_count: int
    saving: Saving | None
