"""The ledger of a batch: which files were found, what became of each, and what was said of every paper in them.

One SQLite file. A file and its papers are written in one transaction, so each file stands in it exactly once, whatever is killed.
No words of a paper stand here in the clear: titles, document numbers and issuers are sealed with the key (seal.py), equal numbers and
titles are found by keyed hashes. Paths are the archive's own names and stand as they are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from pathlib import Path

from classifier.core.assessment import Attribute, Route
from classifier.core.errors import BadLedger
from classifier.holdings.order import LEDGER
from classifier.holdings.schema import SCHEMA, TABLES


class FileState(StrEnum):
    """What became of a file."""

    DONE = "done"
    AGAIN = "again"
    """Its worker died, hung or ran out of memory; it will be tried once more, alone."""
    FAILED = "failed"
    """It failed alone too: nothing is known of it, and a person has to look (its paper row says so)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that was found: its path as the file system writes it, bytes, and modification time in nanoseconds."""

    path: bytes
    size: int
    mtime: int

    def __reduce__(self) -> tuple[type[Entry], tuple[bytes, int, int]]:
        """Quickly to a child: what dataclasses do by themselves takes ten times as long."""
        return Entry, (self.path, self.size, self.mtime)


@dataclass(frozen=True, slots=True)
class Maker:
    """What makes a verdict: provenance, and a hash of all else that may move it (recipes.key_of)."""

    code: str
    rules: str
    model: str
    settings: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a file: the file itself (part 0) or one of the files inside it, in reading order."""

    part: int
    sha256: bytes
    format: str
    pages: int | None
    chars: int
    attribute: Attribute | None
    route: Route
    confidence: float
    in_scope: bool
    kind: str | None
    """文种, one of the names the structure room knows."""
    issued: str | None
    """ISO date printed on the paper."""
    level: str | None
    period: str | None
    """Secrecy level and period of a state-secret marking, the only words of a blocked paper that are kept."""
    declared: str | None
    problems: tuple[str, ...]
    """Codes of what was not read."""
    counts: str
    """JSON: findings by rule, {"rule id": [count, highest grade, highest severity]}; hints of models left out."""
    number_key: bytes | None
    title_key: bytes | None
    carried_key: bytes | None
    """Keyed hashes of the document number, the title, and the title of a paper that is passed on (keys.py)."""
    label: bytes | None
    """Sealed words for people: title, number, issuer, member name (seal.Label); None when blocked."""
    verdict: bytes
    """The contract object without words, deflated (verdicts.unpack)."""
    sketch: bytes | None
    """MinHash sketch (learn.likeness) of 128 values, each by its keyed stand-in (seal.Seal.blind); None when blocked or empty."""
    bloom: bytes | None
    """Which pairs of characters occur (blooms.py), sealed: tells in microseconds that a new rule cannot find anything here."""
    vault: bytes | None
    """Key of the text and findings in the vault; None when nothing was kept."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is written of one file, all at once."""

    entry: Entry
    state: FileState
    papers: tuple[Paper, ...]
    sha256: bytes | None = None
    error: str | None = None
    attempts: int = 1
    seconds: float = 0.0


_PAPER_COLUMNS = tuple(Paper.__dataclass_fields__)
_paper_values = attrgetter(*_PAPER_COLUMNS)
_PROBLEMS = _PAPER_COLUMNS.index("problems")
_PUT_PAPER = f"INSERT INTO paper (file, {', '.join(_PAPER_COLUMNS)}) VALUES ({', '.join('?' * (len(_PAPER_COLUMNS) + 1))})"  # noqa: S608 - names of our own fields
_GET_PAPERS = f"SELECT file, {', '.join('paper.' + name for name in _PAPER_COLUMNS)} FROM paper"  # noqa: S608 - as above


class Ledger:
    """An open ledger. One writer at a time; readers see whole transactions (WAL)."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @staticmethod
    def create(path: Path) -> Ledger:
        """Open the ledger at `path`, making it when there is none.

        Raises:
            BadLedger: the file is no ledger, or one of another version.
        """
        return _open(path, may_make=True)

    @staticmethod
    def of(out: Path) -> Ledger:
        """The ledger in the out folder of a batch.

        Raises:
            BadLedger: as `open`.
        """
        return Ledger.open(out / LEDGER)

    @staticmethod
    def open(path: Path) -> Ledger:
        """Open an existing ledger.

        Raises:
            BadLedger: there is none, or it is damaged or of another version.
        """
        return _open(path, may_make=False)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_told: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it; the write-ahead log is folded in."""
        self._connection.close()

    def read(self, question: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Ask a question in SQL (the questions of a report are named where they are asked)."""
        return self._connection.execute(question, values)

    def maker(self, maker: Maker) -> int:
        """The number of a maker, entered when it is new."""
        values = (maker.code, maker.rules, maker.model, maker.settings)
        with self._connection:
            self._connection.execute("INSERT OR IGNORE INTO maker (code, rules, model, settings) VALUES (?, ?, ?, ?)", values)
        found = self.read("SELECT id FROM maker WHERE code = ? AND rules = ? AND model = ? AND settings = ?", values).fetchone()
        return int(found[0])

    def begin_run(self, began: str, sources: str, jobs: int, maker: int) -> int:
        """Enter a run (state `running`); its number."""
        with self._connection:
            cursor = self._connection.execute(
                "INSERT INTO run (began, state, sources, jobs, maker) VALUES (?, 'running', ?, ?, ?)",
                (began, sources, jobs, maker),
            )
        return int(cursor.lastrowid or 0)

    def note_run(
        self, run: int, *, state: str, found: int | None, skipped: int, seconds: float, ended: str | None = None
    ) -> None:
        """What is known of a run now; `seconds` of wall time so far."""
        with self._connection:
            self._connection.execute(
                "UPDATE run SET state = ?, found = ?, skipped = ?, seconds = ?, ended = ? WHERE id = ?",
                (state, found, skipped, seconds, ended, run),
            )

    def note(self, name: str, value: str) -> None:
        """Keep one word about the whole ledger under a name, in place of what stood there."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str | None:
        """What was noted under a name."""
        found = self.read("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def known(self, path: bytes) -> tuple[int, int, int, FileState] | None:
        """Size, modification time, maker and state of a file that stands in the ledger."""
        found = self.read("SELECT size, mtime, maker, state FROM file WHERE path = ?", (path,)).fetchone()
        return None if found is None else (found[0], found[1], found[2], FileState(found[3]))

    def waiting(self) -> Iterator[tuple[Entry, int]]:
        """Files that have to be tried again alone, with the attempts they had, in the order they failed."""
        question = "SELECT path, size, mtime, attempts FROM file WHERE state = 'again' ORDER BY id"
        for path, size, mtime, attempts in self.read(question).fetchall():
            yield Entry(path, size, mtime), attempts

    def write(self, rows: Iterable[Row], maker: int, run: int) -> list[bytes]:
        """Write rows in one transaction; a file that stood there is replaced with all its papers.

        Gives the vault ids that no paper names any more: of files that changed, or are blocked now.
        """
        rows = list(rows)
        now = {paper.vault for row in rows for paper in row.papers}
        with self._connection:
            left = {name for row in rows for name in self._vaults(row.entry.path)} - now
            for row in rows:
                self._write(row, maker, run)
            return [n for n in left if not self.read("SELECT 1 FROM paper WHERE vault = ? LIMIT 1", (n,)).fetchone()]

    def _vaults(self, path: bytes) -> list[bytes]:
        held = "SELECT vault FROM paper JOIN file ON file.id = paper.file WHERE path = ? AND vault IS NOT NULL"
        return [bytes(name) for (name,) in self.read(held, (path,))]

    def forget_unreached(self, run: int) -> None:
        """Forget paths that led to no file (size -1) and that this run, which looked everywhere, did not meet."""
        with self._connection:
            self._connection.execute("DELETE FROM file WHERE size = -1 AND state = 'failed' AND run != ?", (run,))

    def _write(self, row: Row, maker: int, run: int) -> None:
        entry = row.entry
        self._connection.execute("DELETE FROM file WHERE path = ?", (entry.path,))
        cursor = self._connection.execute(
            "INSERT INTO file (path, size, mtime, sha256, state, error, attempts, seconds, maker, run)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.path, entry.size, entry.mtime, row.sha256, row.state.value, row.error, row.attempts, row.seconds, maker, run),
        )
        for paper in row.papers:
            self._connection.execute(_PUT_PAPER, (cursor.lastrowid, *_columns(paper)))

    def papers(self, where: str = "", values: Sequence[object] = ()) -> Iterator[tuple[int, Paper]]:
        """File number and paper, in file order, streamed; `where` is an SQL condition on paper."""
        clause = f" WHERE {where}" if where else ""
        for row in self.read(f"{_GET_PAPERS}{clause} ORDER BY paper.file, paper.part", values):
            yield int(row[0]), _paper(row[1:])

    def path_of(self, file: int) -> bytes:
        """The path of a file by its number."""
        return bytes(self.read("SELECT path FROM file WHERE id = ?", (file,)).fetchone()[0])


def _columns(paper: Paper) -> tuple[object, ...]:
    """The values of a paper as SQLite stores them."""
    values = _paper_values(paper)  # StrEnums are text to SQLite
    return (*values[:_PROBLEMS], " ".join(paper.problems), *values[_PROBLEMS + 1 :])


def _paper(row: Sequence[object]) -> Paper:
    """A paper from the values of its row.

    Raises:
        BadLedger: the row holds what no ledger writes.
    """
    values = dict(zip(_PAPER_COLUMNS, row, strict=True))
    try:
        values["attribute"] = Attribute(str(values["attribute"])) if values["attribute"] is not None else None
        values["route"] = Route(str(values["route"]))
        values["problems"] = tuple(str(values["problems"]).split())
        values["in_scope"] = bool(values["in_scope"])
    except ValueError as error:
        raise BadLedger("批次账本里有无法辨认的记录，可能被改动过。请用备份的账本，或删除输出目录后重新运行。") from error
    return Paper(**values)  # type: ignore[arg-type]  # column types are SQLite's


def _open(path: Path, *, may_make: bool) -> Ledger:
    if not may_make and not path.is_file():
        raise BadLedger("这个目录里没有批次账本（ledger.sqlite）。请检查目录，或先运行 mishen batch run。")
    try:
        connection = sqlite3.connect(path, timeout=30.0)
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
            version = SCHEMA
    except sqlite3.Error as error:
        raise BadLedger("批次账本打不开：文件损坏，或者不是账本。请用备份的账本，或换一个输出目录。") from error
    if version != SCHEMA:
        connection.close()
        raise BadLedger("批次账本是另一个版本的密审写的。请用写它的版本打开，或换一个输出目录重新运行。")
    return Ledger(connection, path)
