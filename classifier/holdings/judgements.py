"""What people say of the papers of a sample: on the list they fill in, and on the review desk.

Of each source the last judgement of a paper counts. Where list and desk differ, the stricter one stands, whichever came later, until
people mend the one that is wrong where it was given; it is told each time.
"""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from classifier.holdings.ledger import Ledger
from classifier.holdings.moments import BEIJING
from classifier.holdings.sampling import BadSample, Sample, has_tables, read_drawn, read_samples, writing

SHOWN = 10
"""Faults of a list that are told at once."""


class Said(StrEnum):
    """What a person says of a paper of the sample, the most open first."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"
    SECRET = "secret"  # noqa: S105 - a verdict, not a password

    @property
    def label(self) -> str:
        """The Chinese name shown on screen and written in tables."""
        return {"active": "主动公开", "on_request": "依申请公开", "withheld": "不予公开", "secret": "疑似涉密"}[self.value]


_STRICT = {said: place for place, said in enumerate(Said)}


class Source(StrEnum):
    """Where a judgement was given."""

    LIST = "list"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says of one paper of the sample."""

    number: int
    said: Said
    who: str
    day: dt.date
    note: str = ""


class Judged(Protocol):
    """One judgement as the review desk tells it (`review_ui.cli_sets.Answer`)."""

    @property
    def number(self) -> int:
        """Of the paper in the sample."""

    @property
    def said(self) -> str:
        """A value of `Said`."""

    @property
    def who(self) -> str:
        """The name of the person."""

    @property
    def at(self) -> str:
        """The ISO moment of the judgement."""

    @property
    def note(self) -> str:
        """What was written beside it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came from the desk: judgements that were new, and papers of which list and desk say different things, in words."""

    new: int
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """One paper of which list and desk say different things."""

    listed: Label
    desk: Label

    @property
    def stands(self) -> Label:
        """The stricter one."""
        return max(self.listed, self.desk, key=lambda label: _STRICT[label.said])

    @property
    def words(self) -> str:
        """What a person has to know of it; no word of the paper."""
        return (
            f"序号 {self.listed.number}：清单上是“{self.listed.said.label}”（{self.listed.who}），"
            f"审查台上是“{self.desk.said.label}”（{self.desk.who}），已按从严的记。请核对。"
        )


def record_labels(ledger: Ledger, sample: Sample, labels: Iterable[Label], now: dt.datetime) -> int:
    """Add labels of a list; how many were new or other than what the list said before. All or none.

    Raises:
        BadSample: a number the sample does not have, a label without a name, or one of a day to come; the message tells all of them.
        BadLedger: the ledger cannot be written.
    """
    given = tuple(labels)
    refuse_all([fault for label in given for fault in find_faults(label, sample, now.date())])
    standing = _read_sources(ledger, sample).get(Source.LIST, {})
    added = []
    for label in given:
        if standing.get(label.number) != label:
            standing[label.number] = label
            added.append((label, Source.LIST, now.isoformat(timespec="seconds")))
    with writing(ledger) as connection:
        _insert(connection, sample, added, now)
    return len(added)


def take_from_desk(ledger: Ledger, sample: Sample, labels: Iterable[Judged], now: dt.datetime) -> Taken:
    """Take the judgements of the desk that were not taken before.

    Args:
        ledger: the batch.
        sample: the one that was sent to the desk.
        labels: the standing judgements of the desk.
        now: the moment, for the record.

    Raises:
        BadSample: a number the sample does not have, or a judgement without a name.
        BadLedger: the ledger cannot be written.
    """
    given = [(Label(j.number, Said(j.said), j.who, _day(j.at), j.note), Source.DESK, j.at) for j in labels]
    refuse_all([fault for label, _, _ in given for fault in find_faults(label, sample, label.day)])
    with writing(ledger) as connection:
        question = "SELECT number, at, said, who FROM sample_label WHERE sample = ? AND source = 'desk'"
        taken = set(connection.execute(question, (sample.number,)))
        added = [one for one in given if (one[0].number, one[2], one[0].said.value, one[0].who.strip()) not in taken]
        _insert(connection, sample, added, now)
    return Taken(len(added), tuple(dispute.words for dispute in find_disputes(ledger, sample)))


def find_faults(label: Label, sample: Sample, today: dt.date) -> Iterator[str]:
    """What is wrong with a label, each as a sentence."""
    if not 1 <= label.number <= sample.size:
        yield f"序号 {label.number}：第 {sample.number} 次抽样只有序号 1 至 {sample.size}。"
    if not label.who.strip():
        yield f"序号 {label.number}：没有写判断人。每一件都要有人负责，请补上姓名。"
    if label.day > today:
        yield f"序号 {label.number}：判断日期在今天以后。"
    if label.day < dt.datetime.fromisoformat(sample.drawn).date():
        yield f"序号 {label.number}：判断日期在抽样之前，不是对这次抽样的核验。"


def refuse_all(faults: list[str]) -> None:
    """Refuse what has faults, telling up to ten of them.

    Raises:
        BadSample: there are any.
    """
    if not faults:
        return
    more = f"\n……另有 {len(faults) - SHOWN} 处。" if len(faults) > SHOWN else ""
    raise BadSample(f"清单有 {len(faults)} 处要改，一件也没有记下：\n" + "\n".join(faults[:SHOWN]) + more)


def read_labels(ledger: Ledger, sample: Sample) -> tuple[Label, ...]:
    """The standing labels of a sample by number."""
    standing: dict[int, Label] = {}
    for labels in _read_sources(ledger, sample).values():
        standing |= labels
    standing |= {dispute.listed.number: dispute.stands for dispute in find_disputes(ledger, sample)}
    return tuple(standing[number] for number in sorted(standing))


def find_disputes(ledger: Ledger, sample: Sample) -> tuple[Dispute, ...]:
    """The papers of which list and desk say different things, by number."""
    sources = _read_sources(ledger, sample)
    listed, desk = sources.get(Source.LIST, {}), sources.get(Source.DESK, {})
    return tuple(Dispute(listed[n], desk[n]) for n in sorted(listed.keys() & desk.keys()) if listed[n].said != desk[n].said)


def find_contradicted(ledger: Ledger, sample: Sample) -> dict[int, tuple[int, ...]]:
    """Other samples by number that say something else of a paper of this one, and the numbers those papers have in this one."""
    mine = {(d.sha256, d.part): d.number for d in read_drawn(ledger, sample)}
    said = {label.number: label.said for label in read_labels(ledger, sample)}
    found: dict[int, tuple[int, ...]] = {}
    for other in read_samples(ledger):
        theirs = {label.number: label.said for label in read_labels(ledger, other)} if other.number != sample.number else {}
        both = (
            (mine[key], theirs[d.number])
            for d in (read_drawn(ledger, other) if theirs else ())
            if (key := (d.sha256, d.part)) in mine and d.number in theirs
        )
        if numbers := sorted(number for number, word in both if said.get(number, word) != word):
            found[other.number] = tuple(numbers)
    return found


def count_corrections(ledger: Ledger, sample: Sample) -> int:
    """How many labels were replaced by a later one of the same source that says something else of the paper."""
    question = f"SELECT number, {_source(ledger)} AS source, said FROM sample_label WHERE sample = ? ORDER BY number, source, id"  # noqa: S608 - our own words
    rows = ledger.read(question, (sample.number,)).fetchall()
    return sum(before[:2] == after[:2] and before[2] != after[2] for before, after in itertools.pairwise(rows))


def _read_sources(ledger: Ledger, sample: Sample) -> dict[Source, dict[int, Label]]:
    """The last label of each paper by source; the source that spoke last comes last."""
    question = f"SELECT number, said, who, day, note, {_source(ledger)} FROM sample_label WHERE sample = ? ORDER BY id"  # noqa: S608 - as above
    found: dict[Source, dict[int, Label]] = {}
    for number, said, who, day, note, source in ledger.read(question, (sample.number,)):
        found.setdefault(Source(source), {})[number] = Label(number, Said(said), who, dt.date.fromisoformat(day), note)
    return found


def _source(ledger: Ledger) -> str:
    """The column of the source; a ledger that was sampled before the desk was asked has lists only."""
    return "source" if has_tables(ledger, "source TEXT") else "'list'"


def _insert(connection: sqlite3.Connection, sample: Sample, added: Iterable[tuple[Label, Source, str]], now: dt.datetime) -> None:
    connection.executemany(
        "INSERT INTO sample_label (sample, number, said, who, day, note, entered, source, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                sample.number,
                a.number,
                a.said.value,
                a.who.strip(),
                a.day.isoformat(),
                a.note,
                now.isoformat(timespec="seconds"),
                s,
                at,
            )
            for a, s, at in added
        ],
    )


def _day(at: str) -> dt.date:
    """The day of an ISO moment in Beijing; one without a zone was written in the machine's own."""
    return dt.datetime.fromisoformat(at).astimezone(BEIJING).date()
