"""The elusion sample: papers drawn by chance from the pile "suggested 主动公开", frozen in the ledger, and what people say of them.

The pile is every paper that was read, suggested 主动公开 and needs only a confirming click; equal contents count once. Papers are drawn in
the order of SHA-256(seed, content hash, part): the same seed draws the same papers from the same pile, in whatever order files were
found. A sample that was drawn is never changed; labels are only added. They come from the list and from the review desk (judgements.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import heapq
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from classifier.core.errors import BadLedger, ClassifierError, ExitCode
from classifier.holdings.ledger import Ledger

_TABLES = """
CREATE TABLE IF NOT EXISTS sample (
    id INTEGER PRIMARY KEY, drawn TEXT NOT NULL, seed TEXT NOT NULL, asked TEXT NOT NULL, size INTEGER NOT NULL,
    pile INTEGER NOT NULL, copies INTEGER NOT NULL, digest TEXT NOT NULL, list_digest TEXT NOT NULL, makers TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sample_item (
    sample INTEGER NOT NULL REFERENCES sample, number INTEGER NOT NULL, sha256 BLOB NOT NULL, part INTEGER NOT NULL, path BLOB NOT NULL,
    PRIMARY KEY (sample, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sample_label (
    id INTEGER PRIMARY KEY, sample INTEGER NOT NULL REFERENCES sample, number INTEGER NOT NULL, said TEXT NOT NULL,
    who TEXT NOT NULL, day TEXT NOT NULL, note TEXT NOT NULL, entered TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT 'list', at TEXT NOT NULL DEFAULT '');
"""
_PILE = (
    " FROM paper JOIN file ON file.id = paper.file"
    " WHERE paper.attribute = 'active' AND paper.route = 'suggest' AND paper.chars > 0 AND file.state = 'done'"
)


class BadSample(ClassifierError):
    """A sample that cannot be drawn, labelled or certified; the message says what to do."""

    code = "bad_sample"
    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Pile:
    """The pile as it is: distinct papers, papers with their copies, and one hash that names exactly this list of (sha256, part)."""

    papers: int
    copies: int
    digest: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was drawn. `pile` is the pile of that moment."""

    number: int
    drawn: str
    seed: str
    asked: str
    """What was asked for, in Chinese."""
    size: int
    pile: Pile
    list_digest: str
    makers: tuple[tuple[str, str, str], ...]
    """Code, rules and model of the verdicts in the pile."""

    @property
    def mark(self) -> str:
        """What stands on its lists, so that a list is not taken for that of another sample."""
        return f"{self.number}-{self.list_digest[:8]}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One paper of a sample, and one of the files that hold it."""

    number: int
    sha256: bytes
    part: int
    path: bytes


def order_key(seed: str, sha256: bytes, part: int) -> bytes:
    """Where a paper stands in the order of drawing."""
    return hashlib.sha256(seed.encode() + b"\0" + sha256 + part.to_bytes(4, "big")).digest()


def pile_of(ledger: Ledger) -> Pile:
    """The pile as the ledger has it now."""
    named, papers = hashlib.sha256(), 0
    for sha256, part in _distinct(ledger):
        named.update(sha256 + part.to_bytes(4, "big"))
        papers += 1
    copies = ledger.read("SELECT count(*)" + _PILE).fetchone()[0]
    return Pile(papers, copies, named.hexdigest())


def draw(ledger: Ledger, size: int, seed: str, now: dt.datetime, asked: str) -> Sample:
    """Draw and freeze a sample; all of the pile where it is no larger.

    Args:
        ledger: the batch.
        size: papers to draw.
        seed: names the draw; chosen before anybody looks at a paper.
        now: the moment, for the record.
        asked: what was asked for, in Chinese.

    Raises:
        BadSample: nothing is suggested 主动公开, or a run is changing the pile.
        BadLedger: the ledger cannot be written.
    """
    pile = pile_of(ledger)
    if not pile.papers:
        raise BadSample("这个批次没有“建议主动公开、只需确认”的文件，没有可以抽样的对象。")
    chosen = heapq.nsmallest(size, ((order_key(seed, sha256, part), sha256, part) for sha256, part in _distinct(ledger)))
    if pile_of(ledger) != pile:
        raise BadSample("这个批次正在运行，要抽样的那一堆还在变。请等它结束或先暂停，再抽样。")
    listed = hashlib.sha256(b"".join(sha256 + part.to_bytes(4, "big") for _, sha256, part in chosen)).hexdigest()
    makers = ledger.read(
        "SELECT DISTINCT code, rules, model" + _PILE.replace(" WHERE", " JOIN maker ON maker.id = file.maker WHERE")
    )
    row = (now.isoformat(timespec="seconds"), seed, asked, len(chosen), pile.papers, pile.copies, pile.digest, listed)
    with writing(ledger) as connection:
        cursor = connection.execute(
            "INSERT INTO sample (drawn, seed, asked, size, pile, copies, digest, list_digest, makers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, json.dumps(sorted(makers.fetchall()))),
        )
        number = int(cursor.lastrowid or 0)
        rows = (
            (number, place, sha256, part, _path_of(ledger, sha256, part)) for place, (_, sha256, part) in enumerate(chosen, 1)
        )
        connection.executemany("INSERT INTO sample_item VALUES (?, ?, ?, ?, ?)", rows)
    return read_samples(ledger)[-1]


def read_samples(ledger: Ledger) -> tuple[Sample, ...]:
    """The samples of a batch, oldest first."""
    if not has_tables(ledger):
        return ()
    question = "SELECT id, drawn, seed, asked, size, pile, copies, digest, list_digest, makers FROM sample ORDER BY id"
    return tuple(
        Sample(number, drawn, seed, asked, size, Pile(pile, copies, digest), listed, tuple(tuple(m) for m in json.loads(makers)))
        for number, drawn, seed, asked, size, pile, copies, digest, listed, makers in ledger.read(question)
    )


def find_sample(ledger: Ledger, number: int | None = None) -> Sample:
    """The sample with this number, else the last one.

    Raises:
        BadSample: there is none.
    """
    found = [sample for sample in read_samples(ledger) if number is None or sample.number == number]
    if not found:
        told = "这个批次还没有抽样。请先运行 mishen batch sample。" if number is None else f"这个批次没有第 {number} 次抽样。"
        raise BadSample(told)
    return found[-1]


def is_whole(ledger: Ledger, sample: Sample) -> bool:
    """Whether the list is the one that was drawn: the first of the pile in the order of its seed, as many as were taken."""
    drawn = read_drawn(ledger, sample)
    listed = hashlib.sha256(b"".join(d.sha256 + d.part.to_bytes(4, "big") for d in drawn)).hexdigest()
    keys = [order_key(sample.seed, d.sha256, d.part) for d in drawn]
    return len(drawn) == sample.size and listed == sample.list_digest and keys == sorted(keys)


def read_drawn(ledger: Ledger, sample: Sample) -> tuple[Drawn, ...]:
    """The papers of a sample by number."""
    question = "SELECT number, sha256, part, path FROM sample_item WHERE sample = ? ORDER BY number"
    return tuple(Drawn(n, bytes(s), p, bytes(path)) for n, s, p, path in ledger.read(question, (sample.number,)))


def label_of(ledger: Ledger, drawn: Drawn) -> tuple[bytes | None, bool]:
    """The sealed words of a drawn paper, and whether it may be named: its file may have been stopped by a later run."""
    found = ledger.read("SELECT label FROM paper WHERE sha256 = ? AND part = ? LIMIT 1", (drawn.sha256, drawn.part)).fetchone()
    question = "SELECT 1 FROM paper JOIN file ON file.id = paper.file WHERE file.path = ? AND paper.route = 'blocked'"
    may_be_named = ledger.read(question, (drawn.path,)).fetchone() is None
    return (found[0] if found and may_be_named else None), may_be_named


def number_of(ledger: Ledger, drawn: Drawn) -> str:
    """The number a drawn paper has in the report, as it stands now; empty where a later run found it no more."""
    question = (
        "SELECT file.id FROM file JOIN paper ON paper.file = file.id WHERE file.path = ? AND paper.sha256 = ? AND paper.part = ?"
    )
    found = ledger.read(question, (drawn.path, drawn.sha256, drawn.part)).fetchone()
    return "" if found is None else f"{found[0]}-{drawn.part}" if drawn.part else f"{found[0]}"


def _distinct(ledger: Ledger) -> Iterator[tuple[bytes, int]]:
    for sha256, part in ledger.read("SELECT DISTINCT paper.sha256, paper.part" + _PILE + " ORDER BY paper.sha256, paper.part"):
        yield bytes(sha256), int(part)


def _path_of(ledger: Ledger, sha256: bytes, part: int) -> bytes:
    question = "SELECT min(file.path)" + _PILE + " AND paper.sha256 = ? AND paper.part = ?"
    return bytes(ledger.read(question, (sha256, part)).fetchone()[0])


def has_tables(ledger: Ledger, column: str = "") -> bool:
    """Whether anything was ever drawn; with `column`, whether its labels have it."""
    found = ledger.read("SELECT sql FROM sqlite_master WHERE name = 'sample_label'").fetchone()
    return found is not None and column in str(found[0])


@contextmanager
def writing(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """A connection of our own for one transaction, with our tables in place.

    Raises:
        BadLedger: it is locked or may not be written.
    """
    try:
        with closing(sqlite3.connect(ledger.path, timeout=30.0)) as connection:
            connection.executescript(_TABLES)
            columns = {str(row[1]) for row in connection.execute("PRAGMA table_info(sample_label)")}
            for name, value in (("source", "'list'"), ("at", "''")):  # a ledger sampled before labels came from the desk
                if name not in columns:
                    connection.execute(f"ALTER TABLE sample_label ADD COLUMN {name} TEXT NOT NULL DEFAULT {value}")
            with connection:
                yield connection
    except sqlite3.Error as error:
        raise BadLedger("批次账本现在写不进去：可能正有别的程序在写，或者没有权限。请稍后再试。") from error
