"""The list of what became different between two runs: whose verdict changed, from what to what, and what made the difference.

In: the ledger of a difference run and the one it started from. Out: one Change a paper, streamed; the list as a file of JSON lines
(rule ids, steps and counts, no word of a paper); and what it costs to look at.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import Any

from classifier.core.assessment import Assessment, Attribute, Route
from classifier.core.errors import BadLedger, BadSettings
from classifier.holdings import verdicts
from classifier.holdings.drafts import draft
from classifier.holdings.ledger import Ledger
from classifier.holdings.listing import show_path
from classifier.holdings.order import LEDGER
from classifier.holdings.order import LEFT as LEFT
from classifier.holdings.schema import is_shell
from classifier.holdings.signing import SHOWN

FILE = "changes.jsonl"
ORIGIN = "origin"
"""The name under which the ledger of a difference run holds where it started from and what was different."""
MINUTES: Mapping[str, float] = {"suggest": 1, "review": 6, "manual": 15, "blocked": 10, "findings": 1}
"""Assumed minutes of a person for one changed paper, by the route it now has; `findings`: only the passages changed."""
_DIFFERENT = (
    "SELECT file.id, file.path, paper.part, paper.attribute, paper.route, paper.confidence, paper.counts, paper.verdict,"  # noqa: S608 - our own words
    " past.attribute, past.route, past.confidence, past.counts, past.verdict"
    " FROM paper JOIN file ON file.id = paper.file"
    " JOIN old.file AS former ON former.path = file.path"
    " LEFT JOIN old.paper AS past ON past.file = former.id AND past.part = paper.part"
    " WHERE (paper.attribute IS NOT past.attribute OR paper.route IS NOT past.route OR paper.counts IS NOT past.counts)"
    # what only holds other files is no paper: it is told where its own name says something else, not where a paper in it does
    f" AND NOT ({is_shell()} AND {is_shell('past', 'former')} AND paper.counts IS past.counts)"
    " ORDER BY file.path, paper.part"
)


class ChangeKind(StrEnum):
    """What changed of a paper, the gravest first."""

    ATTRIBUTE = "attribute"
    ROUTE = "route"
    FINDINGS = "findings"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"attribute": "属性", "route": "处理方式", "findings": "命中内容"}[self.value]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one run said of a paper."""

    attribute: Attribute | None
    route: Route
    confidence: float


@dataclass(frozen=True, slots=True)
class Changed:
    """One paper of which the two runs say different things."""

    path: bytes
    """Empty where the paper is or was blocked: its very name may be marked."""
    file: int
    """The number of its file in the new ledger."""
    part: int
    kind: ChangeKind
    old: Verdict | None
    """None for a paper the earlier run did not show (the file was blocked, or could not be read)."""
    new: Verdict
    rules: Mapping[str, tuple[int, int]]
    """Rules that find more or less: how many before, how many now."""
    gone: tuple[str, ...]
    come: tuple[str, ...]
    """Steps of the ladder that spoke for an attribute before, or do now: `S5 withheld`."""


def attach(ledger: Ledger, old: Path) -> None:
    """Lay the earlier ledger beside an open one, for `find_changes`.

    Raises:
        BadSettings: there is none at `old`.
    """
    if not old.is_file():
        raise BadSettings("找不到原来那次运行的账本。请用 --old 指明它的输出目录。")
    if all(name != "old" for _, name, _ in ledger.read("PRAGMA database_list")):
        ledger.read("ATTACH DATABASE ? AS old", (str(old),))


def find_changes(ledger: Ledger) -> Iterator[Changed]:
    """Every paper that the earlier ledger (laid beside by `attach`) tells otherwise, by path.

    Raises:
        BadLedger: a row or a verdict that no ledger writes.
    """
    for row in ledger.read(_DIFFERENT):
        yield _changed(row)


def check_whole(ledger: Ledger) -> None:
    """A list of changes says nothing while files of the earlier run are missing from this one.

    Raises:
        BadSettings: some are.
    """
    question = "SELECT count(*) FROM old.file AS former WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.path = former.path)"
    [missing] = ledger.read(question).fetchone()
    if missing:
        raise BadSettings(
            f"原来那次运行里还有 {missing} 个文件没有比对。请再运行同一条 mishen batch again，做完后再列变动、签认。"
        )


def _changed(row: tuple[Any, ...]) -> Changed:
    file, path, part, attribute, route, confidence, counts, verdict, *past = row
    try:
        new = _verdict(attribute, route, confidence)
        old = None if past[1] is None else _verdict(*past[:3])
        after = {rule: int(told[0]) for rule, told in json.loads(counts).items()}
        before = {rule: int(told[0]) for rule, told in json.loads(past[3]).items()} if old else {}
    except (ValueError, TypeError, LookupError) as error:
        raise BadLedger("批次账本里有无法辨认的记录，可能被改动过。请用备份的账本。") from error
    kind = ChangeKind.FINDINGS
    if old is None or old.attribute is not new.attribute:
        kind = ChangeKind.ATTRIBUTE
    elif old.route is not new.route:
        kind = ChangeKind.ROUTE
    moved = {
        r: (before.get(r, 0), after.get(r, 0)) for r in sorted(before.keys() | after.keys()) if before.get(r) != after.get(r)
    }
    said, says = _steps(past[4]) if old else (), _steps(verdict)
    is_secret = new.route is Route.BLOCKED or (old is not None and old.route is Route.BLOCKED)
    gone, come = tuple(s for s in said if s not in says), tuple(s for s in says if s not in said)
    return Changed(b"" if is_secret else bytes(path), file, part, kind, old, new, moved, gone, come)


def _verdict(attribute: str | None, route: str, confidence: float) -> Verdict:
    return Verdict(Attribute(attribute) if attribute is not None else None, Route(route), float(confidence))


def _steps(packed: bytes) -> tuple[str, ...]:
    """The steps that spoke, each with what it spoke for."""
    told: Assessment = verdicts.unpack(packed)
    return tuple(dict.fromkeys(f"{r.step} {r.attribute.value}" if r.attribute else r.step for r in told.reasons if r.step))


# --- the list as a file


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that was written: its hash, and the papers in it by kind and by the route they now have."""

    hash: str
    kinds: Mapping[str, int]
    routes: Mapping[str, int]
    """Of the papers whose attribute or route changed."""

    @property
    def verdicts(self) -> int:
        """Papers whose attribute or route changed."""
        return sum(self.routes.values())

    def hours(self, minutes: Mapping[str, float] = MINUTES) -> float:
        """What a person needs to look at all of them, in hours."""
        told = sum(count * minutes[route] for route, count in self.routes.items())
        return (told + self.kinds.get(ChangeKind.FINDINGS.value, 0) * minutes[ChangeKind.FINDINGS.value]) / 60


def write_list(changes: Iterable[Changed], path: Path) -> Listed:
    """Write the list, whole or not at all, for its owner alone.

    Raises:
        BadLedger: the file cannot be written.
    """
    digest = hashlib.sha256()
    kinds: dict[str, int] = {}
    routes: dict[str, int] = {}
    try:
        with draft(path) as beside, beside.open("wb") as file:
            for change in changes:
                line = (json.dumps(to_json(change), sort_keys=True) + "\n").encode("ascii")
                digest.update(line)
                file.write(line)
                kinds[change.kind.value] = kinds.get(change.kind.value, 0) + 1
                if change.kind is not ChangeKind.FINDINGS:
                    routes[change.new.route.value] = routes.get(change.new.route.value, 0) + 1
    except OSError as error:
        raise BadLedger("变动清单写不进去（磁盘满，或者没有写的权限）。账本是完整的；腾出空间后再运行同一条命令。") from error
    return Listed(digest.hexdigest(), kinds, routes)


def to_json(change: Changed) -> dict[str, Any]:
    """One line of the list. Paths that are no text are told as the file system writes them."""
    old, new = change.old, change.new
    return {
        "file": change.file,
        "part": change.part,
        "path": os.fsdecode(change.path) if change.path else None,
        "kind": change.kind.value,
        "attribute": [old.attribute if old else None, new.attribute],
        "route": [old.route if old else None, new.route],
        "confidence": [old.confidence if old else None, new.confidence],
        "rules": {rule: list(counts) for rule, counts in change.rules.items()},
        "gone": list(change.gone),
        "come": list(change.come),
    }


# --- the list of a folder


def list_changes(new: Path, old: Path | None = None) -> Listed:
    """Write the list of changes of a difference run anew and remember it as the one last shown.

    Raises:
        BadSettings: no difference run, or the earlier run is not where it was.
        BadLedger: one of the ledgers is damaged.
    """
    with closing(Ledger.open(new / LEDGER)) as ledger:
        listed = look_at_changes(ledger, new, old)
        ledger.note(SHOWN, listed.hash)
        return listed


def look_at_changes(ledger: Ledger, new: Path, old: Path | None = None) -> Listed:
    """As `list_changes`, for an open ledger, without remembering that it was shown."""
    origin = origin_of(ledger)
    attach(ledger, (old or Path(str(origin["old"]))) / LEDGER)
    try:
        check_whole(ledger)
        return write_list(find_changes(ledger), new / FILE)
    finally:
        ledger.read("DETACH DATABASE old")


def origin_of(ledger: Ledger) -> dict[str, Any]:
    """Where a difference run started from and what was different: `old`, `sources`, `causes`, `rules`.

    Raises:
        BadSettings: the ledger is not of a difference run.
    """
    held = ledger.noted(ORIGIN)
    if held is None:
        raise BadSettings("这个目录不是比对运行（mishen batch again）的输出目录。")
    told: dict[str, Any] = json.loads(held)
    return told


def refuse_to_resume(ledger: Ledger, sources: Sequence[str], out: Path) -> None:
    """Refuse to go on with a difference run as with an ordinary one: the list of what it reads may be half written.

    Args:
        ledger: the batch.
        sources: of its last run.
        out: its folder.

    Raises:
        BadSettings: the last run was a difference run; the message says which command goes on with it.
    """
    if ledger.noted(ORIGIN) is not None and [Path(source).name for source in sources] == [LEFT]:
        old = show_path(os.fsencode(str(origin_of(ledger)["old"])))
        command = f"mishen batch again {quote(old)} --out {quote(str(out))}"
        raise BadSettings(f"这是比对运行的目录，不能用 resume。请再运行原来的命令，从停下的地方继续：{command}")
