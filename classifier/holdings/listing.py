"""The papers of a ledger as a report shows them: what may be said of each, and not a word more.

A paper with a state-secret marking shows the number of its file, level and period: neither path nor words. Without words (no seal)
every paper shows its number only. Whatever stands in the clear is made harmless first: control characters, broken bytes and characters
that turn the line around are shown as �.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from classifier.core.assessment import Attribute, Route
from classifier.core.errors import BadLedger
from classifier.holdings import clocks
from classifier.holdings.clocks import Due, Formed
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.seal import Label, Seal

STOPPED = "疑似涉密（停止处理）"
"""The one name of papers with a state-secret marking."""
_AT_ROOT = "（来源根目录）"
_NO_UNIT = "疑似涉密，不列单位"
_LONGEST = 500
"""Characters of a title or path that are shown: a cell of a workbook holds 32,767, a reader far less."""


class Verdict(StrEnum):
    """What a reader of the report wants to know of a paper."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"
    STOPPED = "stopped"
    UNREAD = "unread"
    """Nothing was read: whatever the ledger says is a caution, no verdict."""

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"stopped": STOPPED, "unread": "没有读到"}.get(self.value) or Attribute(self.value).label


@dataclass(frozen=True, slots=True)
class Item:
    """One paper. `path` and `label` are None where they may not be shown."""

    file: int
    part: int
    path: str | None
    label: Label | None
    unit: str | None
    """Issuer, else the top folder below the source, marked as such; None when words are left out."""
    state: FileState
    error: str | None
    verdict: Verdict
    route: Route
    confidence: float
    in_scope: bool
    format: str
    pages: int | None
    chars: int
    kind: str | None
    formed: Formed | None
    level: str | None
    period: str | None
    declared: Attribute | None
    problems: tuple[str, ...]
    counts: dict[str, tuple[int, str, str]]
    """Findings by rule: how many, highest grade, highest severity."""
    due: tuple[Due, ...]

    @property
    def is_wrapper(self) -> bool:
        """Whether it is nothing but a container read in full: the papers in it are counted, not the container."""
        return self.chars == 0 and not self.problems and self.state is FileState.DONE and self.verdict is not Verdict.STOPPED

    @property
    def number(self) -> str:
        """The number by which the paper is found in this ledger: file, and part where it lies inside one."""
        return f"{self.file}" if self.part == 0 else f"{self.file}-{self.part}"

    @property
    def name(self) -> str:
        """How people know it: its title, else its path, else its number."""
        title = self.label.title if self.label else None
        return title or self.path or f"第 {self.number} 号"


def plain(words: str | None) -> str:
    """Words that can be shown anywhere: one line, nothing unprintable, of bounded length."""
    shown = "".join(c if c.isprintable() else " " if c in "\n\t\r" else "�" for c in words or "")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def show_path(path: bytes) -> str:
    """A path for people; bytes that are no text become �."""
    return plain(os.fsdecode(path))


def top_folder(path: bytes, sources: Sequence[bytes]) -> str:
    """The first folder below the first of the sources that holds the file, else the folder it lies in."""
    for source in sources:
        root = source.rstrip(b"/") + b"/"
        if path.startswith(root):
            first, parted, _ = path[len(root) :].partition(b"/")
            return show_path(first) if parted else _AT_ROOT
    folder = path.rpartition(b"/")[0].rpartition(b"/")[2]
    return show_path(folder) or _AT_ROOT


def sources_of(ledger: Ledger) -> tuple[bytes, ...]:
    """The folders and lists the runs were given, those of earlier runs first, the longest of each run first.

    The first run that found a file names its folder: a later run over a part of the archive, or over more, changes no unit.
    """
    named: dict[bytes, None] = {}
    if (origin := ledger.noted("origin")) is not None:  # a run that judged another one's files again was given a list of them
        for source in sorted(json.loads(origin).get("sources", ()), key=len, reverse=True):
            named[os.fsencode(source)] = None
    for (told,) in ledger.read("SELECT sources FROM run ORDER BY id"):
        for source in sorted(read_sources(str(told)), key=len, reverse=True):
            named[os.fsencode(source)] = None
    return tuple(named)


def read_sources(told: str) -> tuple[str, ...]:
    """The sources of a run as it wrote them: a JSON list, else one a line."""
    try:
        found = json.loads(told)
    except ValueError:
        found = told.splitlines()
    return tuple(str(source) for source in found) if isinstance(found, list) else (str(found),)


_ITEMS = (
    "SELECT file.id, file.path, file.state, file.error, paper.part, paper.attribute, paper.route, paper.confidence, paper.in_scope,"
    " paper.format, paper.pages, paper.chars, paper.kind, paper.issued, paper.level, paper.period, paper.declared, paper.problems,"
    " paper.counts, paper.label FROM file LEFT JOIN paper ON paper.file = file.id ORDER BY file.id, paper.part"
)


def read_items(ledger: Ledger, seal: Seal | None, today: dt.date, *, words: bool = True) -> Iterator[Item]:
    """Every paper in file order, streamed; a file of which nothing is known yet counts as one unread paper.

    Args:
        ledger: the batch.
        seal: opens the words; without it every word and path is left out, and no year of a document number is known.
        today: the day the clocks are read.
        words: whether words and paths are shown.

    Raises:
        BadLedger: a row no ledger writes, or words sealed with another key.
    """
    sources = sources_of(ledger)
    for row in ledger.read(_ITEMS):
        try:
            yield _item(row, seal, sources, today, words=words and seal is not None)
        except (ValueError, TypeError, AttributeError) as error:
            raise BadLedger("批次账本里有无法辨认的记录，可能被改动过。请用备份的账本，或删除输出目录后重新运行。") from error


_NOT_YET = (0, None, "manual", 0.0, 1, "unknown", None, 0, None, None, None, None, None, "", "{}", None)
"""The paper of a file that waits to be tried again."""


def _item(row: Sequence[Any], seal: Seal | None, sources: Sequence[bytes], today: dt.date, *, words: bool) -> Item:
    file, path, state, error, *paper = row
    (
        part,
        attribute,
        route,
        confidence,
        in_scope,
        form,
        pages,
        chars,
        kind,
        issued,
        level,
        period,
        declared,
        problems,
        counts,
        sealed,
    ) = _NOT_YET if paper[0] is None else paper
    known, way = FileState(state), Route(route)
    verdict = _verdict(attribute, way, known, is_empty=chars == 0 and bool(problems))
    stopped = verdict is Verdict.STOPPED
    label = seal.open_label(sealed) if seal and not stopped else Label()
    formed = clocks.find_formed(issued, label.number, clocks.year_of_folders(os.fsdecode(path)) if stopped else None)
    return Item(
        file=file,
        part=part,
        path=show_path(path) if words and not stopped else None,
        label=_shown(label) if words and not stopped else None,
        unit=_unit(label, path, sources, stopped=stopped) if words else None,
        state=known,
        error=error,
        verdict=verdict,
        route=way,
        confidence=confidence,
        in_scope=bool(in_scope),
        format=form,
        pages=pages,
        chars=chars,
        kind=plain(kind) or None,
        formed=formed,
        level=level,
        period=plain(period) or None,
        declared=None if declared is None else Attribute(declared),
        problems=tuple(problems.split()) or ((error,) if error else ()),
        counts={rule: (n, grade, severity) for rule, (n, grade, severity) in json.loads(counts).items()},
        due=clocks.find_secrecy(level, period, formed, today) if stopped else clocks.find_due(formed, today),
    )


def _unit(label: Label, path: bytes, sources: Sequence[bytes], *, stopped: bool) -> str:
    """Whose paper it is; a folder is marked as one, and that of a stopped paper is not told."""
    if stopped:
        return _NO_UNIT
    if issuer := plain(label.issuer):
        return issuer
    folder = top_folder(path, sources)
    return folder if folder == _AT_ROOT else f"（文件夹）{folder}"


def _shown(label: Label) -> Label:
    return Label(*(plain(words) or None for words in (label.title, label.number, label.issuer, label.member)))


def _verdict(attribute: str | None, route: Route, state: FileState, *, is_empty: bool) -> Verdict:
    """Nothing unread has a verdict: neither a file that failed nor one of which not a character was read."""
    if route is Route.BLOCKED:
        return Verdict.STOPPED
    if attribute is None or state is not FileState.DONE or is_empty:
        return Verdict.UNREAD
    return Verdict(attribute)
