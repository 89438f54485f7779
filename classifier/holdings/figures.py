"""The figures of a batch, as values: what the summary counts and the report, its charts and its workbook lay out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from classifier.core.assessment import Route
from classifier.holdings.clocks import Clock, Due
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.listing import Item

NO_DATE = "年份不明"


@dataclass(frozen=True, slots=True)
class Counts:
    """Papers of a batch by what is suggested, counted the one way that holds everywhere: containers are no papers, the unread have no verdict."""

    active: int
    on_request: int
    withheld: int
    blocked: int
    unread: int
    """Papers of which nothing was read, files that wait to be tried again included."""
    containers: int
    """Archives and the like that hold nothing of their own; the papers in them are counted one by one."""

    @property
    def papers(self) -> int:
        """How many there are."""
        return self.active + self.on_request + self.withheld + self.blocked + self.unread


_KINDS = (
    "CASE WHEN paper.route = 'blocked' THEN 'blocked' WHEN paper.attribute IS NULL THEN 'unread' WHEN paper.chars > 0 THEN paper.attribute"
    " WHEN paper.problems != '' THEN 'unread' ELSE 'containers' END"
)
"""What a paper of a file that was done counts as: `listing` says the same of an item."""
_UNDONE = "FROM file JOIN paper ON paper.file = file.id WHERE file.state != 'done' AND paper.route != 'blocked'"


def count_papers(ledger: Ledger) -> Counts:
    """The papers of a batch, while it runs too; answered from indexes, a million papers in about a second."""
    counts = dict.fromkeys(Counts.__dataclass_fields__, 0)
    counts.update(ledger.read(f"SELECT {_KINDS}, count(*) FROM paper GROUP BY 1"))  # noqa: S608 - our own words
    for kind, count in ledger.read(f"SELECT {_KINDS}, count(*) {_UNDONE} GROUP BY 1"):
        counts[kind] -= count  # whatever the row of a file that failed says is a caution, no verdict
        counts["unread"] += count
    alone = "SELECT count(*) FROM file WHERE state != 'done' AND NOT EXISTS (SELECT 1 FROM paper WHERE paper.file = file.id)"
    counts["unread"] += ledger.read(alone).fetchone()[0]
    return Counts(**counts)


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
    """As the ledger has it, and `killed` where nobody is running any more."""
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
class Gap:
    """What is missing of a batch that was not done to its end: files found, None while they are not all counted, and files done."""

    found: int | None
    done: int


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
    """The name of the out folder, or what stands for it where words are left out."""
    made: dt.datetime
    words: bool
    runs: tuple[Run, ...]
    gap: Gap | None
    """None where the batch was done to its end."""
    figures: Figures
    samples: tuple[SampleState, ...]
    conflicts: tuple[Conflict, ...] | None
    """None where they were not looked for."""
    conflict_count: int
    saving: Saving | None
