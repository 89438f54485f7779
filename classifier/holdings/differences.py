"""A difference run: an earlier run judged again with the rules, law, model and lines of now, recomputing only what can have changed.

In: the folder of an earlier run and a new one. Out: in the new folder a ledger as a full run would write it, a vault, and the list of
changes. What can be left out follows from what is different (recipes.py, planning.py); texts come from the vault, and only what is
not there is read from the files again, by the ordinary run in its cage. The earlier folder is not touched.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from classifier import batch, pipeline
from classifier.core.errors import BadLedger, BadSettings
from classifier.holdings import piece, recipe_notes, recipes
from classifier.holdings.catalogue import find_sources
from classifier.holdings.changes import LEFT, ORIGIN, Listed, list_changes
from classifier.holdings.control import Control, Wish
from classifier.holdings.ledger import Entry, FileState, Ledger, Row
from classifier.holdings.moments import tell_now
from classifier.holdings.order import LEDGER, VAULT, Ending, Order
from classifier.holdings.piece import Accepted
from classifier.holdings.planning import OldFile, Work, plan, read_files
from classifier.holdings.progress import Show, duration
from classifier.holdings.recipes import CAUSES, Change, Recipe
from classifier.holdings.rejudging import Shelf, Task, is_there, rejudge
from classifier.holdings.run import run_batch
from classifier.holdings.seal import Seal
from classifier.holdings.vault import Vault

_EQUAL = "equal"
"""The name under which a ledger holds the findings keys that are as good as its own: of rules that could find nothing more."""
_ROWS = 200
_AHEAD = 8
_RESTED = 0.3
_PARTS = 2_000
"""Papers of one file that a task can name."""


@dataclass(frozen=True, slots=True)
class Again:
    """What is asked of a difference run."""

    old: Path
    new: Path
    key: Path
    """The key file, which the children open too."""
    jobs: int = 1
    from_files: bool = False
    """Read every file again instead of taking texts from the vault."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a difference run came to."""

    ending: Ending
    works: Mapping[str, int]
    """Files by `planning.Work`."""
    causes: tuple[str, ...]
    """Keys of `recipes.CAUSES`."""
    rules: tuple[str, ...]
    """Rules that differ."""
    listed: Listed | None
    """None when it was stopped before its end."""


def run_again(order: Again, seal: Seal, show: Show) -> Difference:
    """Judge an earlier run again. The same order goes on where it was stopped.

    Raises:
        BadSettings: the folders are one, or the new one belongs to another run.
        BadLedger: a ledger or vault is damaged or sealed with another key.
        BadKnowledge, BadModel: data that cannot be trusted.
    """
    if order.old.resolve() == order.new.resolve():
        raise BadSettings("新的输出目录不能就是原来的目录：原来的结论要留着比对。请换一个目录。")
    tools = pipeline.default_tools()
    with ExitStack() as stack:
        old = stack.enter_context(closing(Ledger.open(order.old / LEDGER)))
        _check_old(old, seal)
        order.new.mkdir(parents=True, exist_ok=True, mode=0o700)
        control = stack.enter_context(closing(Control(order.new)))
        new = stack.enter_context(closing(Ledger.create(order.new / LEDGER)))
        vault = stack.enter_context(closing(Vault.open(order.new / VAULT, seal)))
        try:
            left, again = _Again(order, seal, show, control, old, new, vault, tools).work()
        except sqlite3.Error as error:
            raise BadLedger(
                "账本写不进去（磁盘满，或者没有写的权限）。腾出空间后再运行同一条命令，会从停下的地方继续。"
            ) from error
    if again.ending is Ending.DONE:
        show.say(f"需要重新读的文件 {left} 个。")
        ending, _ = run_batch(Order((str(order.new / LEFT),), order.new, order.jobs), seal, show)
        listed = list_changes(order.new, order.old) if ending is Ending.DONE else None
        again = Difference(ending, again.works, again.causes, again.rules, listed)
    return again


def _check_old(old: Ledger, seal: Seal) -> None:
    if old.noted("seal") not in (None, seal.fingerprint()):
        raise BadLedger("原来那次运行是用另一个密钥封存的。请换回原来的密钥文件（环境变量 MISHEN_BATCH_KEY）。")


class _Again:
    """The part of a difference run that needs no file."""

    def __init__(
        self,
        order: Again,
        seal: Seal,
        show: Show,
        control: Control,
        old: Ledger,
        new: Ledger,
        vault: Vault,
        tools: pipeline.Tools,
    ) -> None:
        self.order, self.seal, self.show, self.control = order, seal, show, control
        self.old, self.new, self.vault, self.tools = old, new, vault, tools
        self.recipe = recipes.recipe_of(tools)
        self.maker = new.maker(recipes.maker_of(tools, self.recipe))
        self.shelf = Shelf(str(order.old / VAULT), str(order.key))
        self.recipes = {int(m): recipe_notes.recall(old, seal, int(m)) for (m,) in old.read("SELECT id FROM maker")}
        self.differences = {m: _compare(recipe, self.recipe, order) for m, recipe in self.recipes.items()}
        self.ending = Ending.DONE
        self.works: Counter[str] = Counter()
        self._rows: list[Row] = []
        self._kept: list[tuple[bytes, bytes]] = []
        self._tasks: dict[Task, tuple[OldFile, Work]] = {}

    def work(self) -> tuple[int, Difference]:
        """Everything but what must be read; how many files that is."""
        causes, rules = self._begin()
        self.run = self.new.begin_run(tell_now(), json.dumps([str(self.order.new / LEFT)]), self.order.jobs, self.maker)
        began = time.monotonic()
        with (self.order.new / LEFT).open("wb") as left:
            self._work_through(left.write)
        if any(self.works[work.value] for work in (Work.KEEP, Work.SCORE)) and Path(self.shelf.vault).is_file():
            self.vault.take_over(self.order.old / VAULT, self.order.new / LEDGER)
        ending, seconds = self.ending, time.monotonic() - began
        self.new.note_run(self.run, state=ending.value, found=self.works.total(), skipped=0, seconds=seconds, ended=tell_now())
        words = "，".join(f"{work.label} {self.works[work.value]}" for work in Work if self.works[work.value])
        self.show.say(f"{words or '没有文件'}；用时 {duration(seconds)}。")
        return self.works[Work.READ.value], Difference(ending, dict(self.works), causes, rules, None)

    def _begin(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Write down where this run starts from; refuse a folder that belongs to another."""
        used = {int(m) for (m,) in self.old.read("SELECT DISTINCT maker FROM file")}
        differences = [change for maker, change in self.differences.items() if maker in used]
        causes = tuple(name for name in CAUSES if any(name in change.causes for change in differences))
        rules = tuple(dict.fromkeys(rule for change in differences for rule in change.rules))
        old = str(self.order.old.resolve())
        held = self.new.noted(ORIGIN)
        if (json.loads(held)["old"] if held else old) != old or (held is None and self.new.read("SELECT 1 FROM file").fetchone()):
            raise BadSettings("新的输出目录里已有另一次运行的结果。请换一个目录。")
        sources = [os.fsdecode(source) for source in find_sources(self.old)]
        self.new.note(ORIGIN, json.dumps({"old": old, "sources": sources, "causes": causes, "rules": rules}))
        if self.new.noted("seal") is None:
            self.new.note("seal", self.seal.fingerprint())
        recipe_notes.remember(self.new, self.seal, self.maker, self.recipe)
        equal = {self.recipe.findings_key}
        if len(used) == 1:  # of several makers nobody could tell later which one's paper was kept
            equal |= self._trusted(used.pop())
        self.new.note(f"{_EQUAL}:{self.maker}", json.dumps(sorted(equal)))
        return causes, rules

    def _trusted(self, maker: int) -> frozenset[str]:
        """Findings keys with which the findings of a maker's papers stand, where nothing that changed touches them."""
        recipe, change = self.recipes[maker], self.differences[maker]
        if recipe is None or change.searching or change.reading:
            return frozenset()
        return frozenset({recipe.findings_key, *json.loads(self.old.noted(f"{_EQUAL}:{maker}") or "[]")})

    def _work_through(self, write: Any) -> None:  # noqa: ANN401 - a bound method of a file
        outcomes = batch.run(
            rejudge,
            self._work_list(write),
            jobs=self.order.jobs,
            ahead=_AHEAD,
            seconds=self.tools.settings.limits.seconds * 2,
            accept=partial(_accept, self.seal),
            warm=piece.warm,
            cage=None,
        )
        for outcome in outcomes:
            file, work = self._tasks.pop(outcome.item)
            if outcome.value is None:  # not all of it was in the vault, or it could not be opened
                self._leave(file, write)
            else:
                self.works[work.value] += 1
                self._kept += outcome.value.kept
                self._add(file, outcome.value.papers)
        self._write()

    def _work_list(self, write: Any) -> Iterator[Task]:  # noqa: ANN401 - as above
        """The files that are judged again from the vault; the others are dealt with on the way."""
        has_vault = is_there(self.shelf)
        today = dt.datetime.now().astimezone().date()
        for file, work in plan(self._unknown(read_files(self.old)), self.differences, today, self.seal.open):
            while self.control.wish() is Wish.PAUSE:
                time.sleep(_RESTED)
            if self.control.wish() is Wish.CANCEL:
                self.ending = Ending.CANCELLED
                return
            if not _is_as_it_was(file.entry):
                self._leave(file, write)
            elif work is Work.KEEP:
                self.works[work.value] += 1
                self._add(file, file.papers)
            elif work is Work.READ or not has_vault or len(file.papers) > _PARTS:
                self._leave(file, write)
            else:
                ids = tuple(paper.vault for paper in file.papers if paper.vault is not None)
                task = Task(self.shelf, file.entry.path, ids, self._trusted(file.maker) if work is Work.SCORE else frozenset())
                self._tasks[task] = (file, work)
                yield task

    def _unknown(self, files: Iterable[OldFile]) -> Iterator[OldFile]:
        """Files that the new ledger does not hold yet by this maker."""
        for file in files:
            entry = file.entry
            if self.new.known(entry.path) != (entry.size, entry.mtime, self.maker, FileState.DONE):
                yield file

    def _leave(self, file: OldFile, write: Any) -> None:  # noqa: ANN401 - as above
        """A file for the ordinary run."""
        if b"\n" not in file.entry.path:  # no list can name it
            write(file.entry.path + b"\n")
        else:
            self._fail(file)
        self.works[Work.READ.value] += 1

    def _fail(self, file: OldFile) -> None:
        told = piece.accept(piece.look_unread(os.fsdecode(file.entry.path), "internal"), self.seal)
        self._rows.append(Row(file.entry, FileState.FAILED, told.papers, file.sha256, "internal", file.attempts, file.seconds))

    def _add(self, file: OldFile, papers: tuple[Any, ...]) -> None:
        self._rows.append(Row(file.entry, FileState.DONE, papers, file.sha256, None, file.attempts, file.seconds))
        if len(self._rows) >= _ROWS:
            self._write()

    def _write(self) -> None:
        # the vault first: a ledger that points at nothing would be worse than a text nobody points at
        self.vault.put(self._kept, anew=True)
        self.new.write(self._rows, self.maker, self.run)
        self._rows, self._kept = [], []


def _is_as_it_was(entry: Entry) -> bool:
    """Whether the file is still the one that was read; a verdict on other bytes says nothing of it. A file that is gone keeps its verdict."""
    try:
        now = Path(os.fsdecode(entry.path)).stat()
    except OSError:
        return True
    return (now.st_size, now.st_mtime_ns) == (entry.size, entry.mtime)


def _compare(old: Recipe | None, new: Recipe, order: Again) -> Change:
    change = recipes.compare(old, new)
    return replace(change, reading=True) if order.from_files else change


def _accept(seal: Seal, task: Task, told: Any) -> Accepted:  # noqa: ANN401 - whatever a child sent
    accepted = piece.accept(told, seal)
    if len(accepted.papers) not in (1, len(task.ids)):
        raise ValueError("not the papers that were asked for")
    return accepted
