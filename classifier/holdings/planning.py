"""What each file of an earlier run needs under other rules, another model or other lines: as little as can be proved enough.

In: the earlier ledger and, for each maker in it, what has changed since. Out: for every file one of four works. Papers are asked in
heaps, so that the blooms of a heap are looked through at once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from classifier.core.assessment import Route
from classifier.holdings.blooms import may_hold
from classifier.holdings.ledger import Entry, FileState, Ledger, Paper
from classifier.holdings.recipes import Change

_HEAP = 2_000
_FILES = (
    "SELECT file.id, file.path, file.size, file.mtime, file.sha256, file.state, file.attempts, file.seconds, file.maker,"
    " run.began, run.ended FROM file JOIN run ON run.id = file.run ORDER BY file.id"
)
_EXPIRED = "marking.expired"


class Work(StrEnum):
    """What a file needs, from least to most."""

    KEEP = "keep"
    """Nothing that changed can touch it: its verdict stands."""
    SCORE = "score"
    """Its findings stand; it is scored and judged again."""
    SEARCH = "search"
    """Its text is searched again, from the vault."""
    READ = "read"
    """The file itself must be read again."""

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"keep": "不受影响", "score": "只重新判断", "search": "重新查找再判断", "read": "重新读文件"}[self.value]


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file of the earlier run, with its papers."""

    number: int
    entry: Entry
    sha256: bytes | None
    state: FileState
    attempts: int
    seconds: float
    maker: int
    day: dt.date | None
    """The day on which it was judged; None where the run went over midnight or was cut off."""
    papers: tuple[Paper, ...]


def read_files(ledger: Ledger) -> Iterator[OldFile]:
    """Every file of a ledger in order, streamed."""
    papers = ledger.papers()
    ahead = next(papers, None)
    for number, path, size, mtime, sha256, state, attempts, seconds, maker, began, ended in ledger.read(_FILES):
        own = []
        while ahead is not None and ahead[0] == number:
            own.append(ahead[1])
            ahead = next(papers, None)
        entry = Entry(bytes(path), size, mtime)
        day = _day(began, ended)
        yield OldFile(number, entry, sha256, FileState(state), attempts, seconds, maker, day, tuple(own))


def plan(
    files: Iterator[OldFile], changes: Mapping[int, Change], today: dt.date, unseal: Callable[[bytes], bytes]
) -> Iterator[tuple[OldFile, Work]]:
    """Each file with its work.

    Args:
        files: of the earlier run, in any order.
        changes: for each maker of the earlier ledger, what is different now.
        today: what the periods of secrecy marks are measured against.
        unseal: opens a bloom of the ledger.
    """
    while heap := list(islice(files, _HEAP)):
        touched = _touched(heap, changes, unseal)
        for file in heap:
            yield file, _work(file, changes[file.maker], today, touched=file.number in touched)


def _touched(heap: Sequence[OldFile], changes: Mapping[int, Change], unseal: Callable[[bytes], bytes]) -> set[int]:
    """The numbers of the files in which a rule that changed may find, or have found, something."""
    touched: set[int] = set()
    for maker in {file.maker for file in heap}:
        change = changes[maker]
        if change.reading or change.searching or not change.needs:
            continue
        own = [(file.number, paper) for file in heap if file.maker == maker for paper in file.papers]
        blooms = [paper.bloom and unseal(paper.bloom) for _, paper in own]
        held = may_hold(blooms, change.needs)
        touched.update(number for (number, _), may in zip(own, held.tolist(), strict=True) if may)
        touched.update(number for number, paper in own if _is_named(paper, change.rules))
    return touched


def _is_named(paper: Paper, rules: Sequence[str]) -> bool:
    """Whether an old finding is of a rule that changed (its words must stand there too; this asks the ledger's own count)."""
    return any(f'"{rule}@' in paper.counts for rule in rules)


def _work(file: OldFile, change: Change, today: dt.date, *, touched: bool) -> Work:
    if change.reading or file.state is not FileState.DONE or not file.papers:
        return Work.READ
    if file.papers[0].route is Route.BLOCKED:
        # nothing of it was kept, so nothing is known of its words; a period may have run out since
        timed = file.papers[0].period is not None and file.day != today
        cited = "law" in change.causes  # its verdict cites the law as it stood
        return Work.READ if change.searching or change.needs or timed or cited else Work.KEEP
    work = Work.KEEP
    if change.searching or touched or (_is_timed(file.papers) and (file.day is None or today < file.day)):
        work = Work.SEARCH
    elif change.judging:
        work = Work.SCORE
    return Work.READ if work is not Work.KEEP and any(paper.vault is None for paper in file.papers) else work


def _is_timed(papers: Sequence[Paper]) -> bool:
    """Whether a mark was taken for run out: were the clock set back, it would hold again."""
    return any(
        name.partition("@")[0] == _EXPIRED for paper in papers if _EXPIRED in paper.counts for name in json.loads(paper.counts)
    )


def _day(began: str, ended: str | None) -> dt.date | None:
    """The day by the machine's clock, which judging goes by too, whatever zone a run wrote its moments in."""
    first, *last = [dt.datetime.fromisoformat(told).astimezone().date() for told in (began, ended) if told is not None]
    return first if last == [first] else None
