"""The run: files are found, known ones skipped, the others read by caged children, and what is said of them written down.

A file and all its papers are one transaction; whatever dies between two of them has changed nothing. A file whose child died, hung
or ran out of memory is tried once more at the end, in a child of its own with nothing beside it; if that fails too, the ledger says so.
Memory does not grow with the number of files: paths are found as they are needed, answers leave with the next transaction.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial

from classifier import batch, pipeline
from classifier.core.errors import BadLedger, BadSettings
from classifier.holdings import piece, recipe_notes, recipes
from classifier.holdings.control import Control, Signals, Wish
from classifier.holdings.discovery import Found, OtherBatch, Unreachable, check_source, count_files, find_files
from classifier.holdings.ledger import Entry, FileState, Ledger, Row
from classifier.holdings.moments import tell_now
from classifier.holdings.order import LEDGER, PROGRESS, RESULTS, VAULT, Ending, Order
from classifier.holdings.piece import Accepted
from classifier.holdings.progress import Counter, Show, Tally
from classifier.holdings.results import write_results
from classifier.holdings.seal import Seal
from classifier.holdings.vault import Vault
from classifier.holdings.work import accept, work_one

_ROWS = 200
"""Files written in one transaction, at most; after a power cut so many are read again."""
_SECONDS = 1.0
_AHEAD = 3
"""Files that lie ready in a child while it works: it never waits for the parent."""
_CHECKED = 500
"""Known files skipped between two looks at the clock."""
_RESTED = 0.3
_DEATHS = 100
"""Children that may die one after another, without one answer between them."""
_DYING = "连续 100 个文件的处理进程都异常退出，多半是机器的问题（内存不足、安装不全）。已停下；排除问题后再运行同一条命令继续。"
_STOPPING = "正在停下：手上的文件做完、写入账本后结束。再按一次 Ctrl-C 立即停下。"
_ALONE = batch.Cage(items=1)
_FULL = "账本写不进去（磁盘满，或者没有写的权限）。已写入的都在；腾出空间后再运行同一条命令，会从停下的地方继续。"


def run_batch(order: Order, seal: Seal, show: Show) -> tuple[Ending, Tally]:
    """Work through the sources until everything is done, or people want it to stop.

    Raises:
        BadSettings: a source does not exist, or the out folder cannot be used or is in use.
        BadLedger: ledger or vault are damaged or sealed with another key, or cannot be written.
        BadKnowledge, BadModel: data that cannot be trusted.
    """
    for source in order.sources:
        check_source(source, order.out)
    files = find_files(order.sources, order.out)
    tools = pipeline.default_tools()
    try:
        order.out.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSettings("输出目录建不了。请换一个位置或检查权限。") from error
    with ExitStack() as stack:
        stack.enter_context(closing(files))
        control = stack.enter_context(closing(Control(order.out)))
        ledger = stack.enter_context(closing(Ledger.create(order.out / LEDGER)))
        _check_seal(ledger, seal)
        vault = stack.enter_context(closing(Vault.open(order.out / VAULT, seal)))
        try:
            return _Run(order, seal, show, control, ledger, vault, tools).work(files)
        except sqlite3.Error as error:
            raise BadLedger(_FULL) from error


def _check_seal(ledger: Ledger, seal: Seal) -> None:
    """The words in a ledger are sealed with one key; the vault beside it may have been deleted, so the ledger remembers it too."""
    known = ledger.noted("seal")
    if known is None:
        ledger.note("seal", seal.fingerprint())
    elif known != seal.fingerprint():
        raise BadLedger("这个批次是用另一个密钥封存的。请换回原来的密钥文件（环境变量 MISHEN_BATCH_KEY），或换一个输出目录。")


class _Run:
    """One run over one ledger."""

    def __init__(
        self, order: Order, seal: Seal, show: Show, control: Control, ledger: Ledger, vault: Vault, tools: pipeline.Tools
    ) -> None:
        self.order, self.seal, self.show, self.control, self.ledger, self.vault = order, seal, show, control, ledger, vault
        self.seconds = tools.settings.limits.seconds
        recipe = recipes.recipe_of(tools)
        self.made_by = recipes.maker_of(tools, recipe)
        self.maker = ledger.maker(self.made_by)
        recipe_notes.remember(ledger, seal, self.maker, recipe)
        self.counter = Counter()
        self.run = ledger.begin_run(tell_now(), json.dumps(order.sources), order.jobs, self.maker)
        self.files: Iterator[Found] = iter(())
        self.found_all = False
        self.signals = Signals()
        self._deaths = 0
        self._rows: list[Row] = []
        self._kept: list[tuple[bytes, bytes]] = []
        self._written = time.monotonic()

    def work(self, files: Iterator[Found]) -> tuple[Ending, Tally]:
        """Everything, then what failed alone, then the results."""
        self.files = files
        threading.Thread(target=self._count, daemon=True).start()
        with self.signals.heeded():
            self._first_look()
            if self.found_all:
                self.ledger.forget_unreached(self.run)
                self._second_look()
            ending = self._ending()
            self.counter.tally.over = True
            if ending is Ending.DONE and self.order.results:
                self.show.say("正在写结果文件。")
                write_results(self.ledger, self.order.out / RESULTS)
            self._note(ending.value, ended=tell_now())
        return ending, self.counter.look()

    def _ending(self) -> Ending:
        if self.control.wish() is Wish.CANCEL:
            return Ending.CANCELLED
        return Ending.STOPPED if self.signals.heard or not self.found_all else Ending.DONE

    def _is_over(self) -> bool:
        return self.signals.heard or self.control.wish() is Wish.CANCEL

    def _stops(self) -> bool:
        """Whether no more files are to be begun; told once, because what is in hand may take a while."""
        if self._is_over() and not self.counter.tally.over:
            self.counter.tally.over = True
            self.show.say(_STOPPING)
        return self.counter.tally.over

    # --- every file once

    def _first_look(self) -> None:
        """All files in as many children as there are jobs; a pause ends the children and begins new ones."""
        while True:
            with closing(self._outcomes()) as outcomes:
                for outcome in outcomes:
                    self._heed(outcome.error)
                    if outcome.value is None:
                        self._add(Row(outcome.item, FileState.AGAIN, (), error=outcome.error))
                    else:
                        accepted, seconds = outcome.value
                        self._add(_done(outcome.item, accepted, 1, seconds), accepted)
            self._write()
            if self.found_all or self._is_over():
                return
            self._rest()  # a pause stopped the search, even if it is over by now

    def _outcomes(self) -> Generator[batch.Outcome[Entry, tuple[Accepted, float]], None, None]:
        """What becomes of every unknown file, from children here or from the cluster."""
        look = partial(accept, self.seal)
        if self.order.cluster is not None:
            from classifier.holdings import cluster

            yield from cluster.run(cluster.Cluster(self.order.cluster, self.made_by, self.seconds), self._unknown(), look)
            return
        yield from batch.run(
            work_one, self._unknown(), jobs=self.order.jobs, ahead=_AHEAD, seconds=self.seconds, accept=look, warm=piece.warm
        )

    def _heed(self, error: str | None) -> None:
        """Stop when nothing but deaths is heard: then the machine is at fault, and not a hundred files one after another.

        Raises:
            BadSettings: so many children died in a row.
        """
        self._deaths = self._deaths + 1 if error in ("crashed", "internal") else 0
        if self._deaths >= _DEATHS:
            self._write()
            raise BadSettings(_DYING)

    def _unknown(self) -> Iterator[Entry]:
        """Files the ledger knows nothing of, until all are found or the run is to stop or to rest."""
        while not self._stops() and self.control.wish() is Wish.GO:
            found = next(self.files, None)
            if found is None:
                self.found_all = True
                return
            if isinstance(found, OtherBatch):
                self.counter.tally.batches += 1
                continue
            if isinstance(found, Unreachable):
                self._fail(Entry(found.path, -1, -1), found.code, 1)
                continue
            known = self._known(found)
            if known is None:
                yield found
            elif known is FileState.AGAIN:  # from an earlier run; it has its second look in this one
                self.counter.tally.again += 1
            else:
                self.counter.tally.skipped += 1
                if self.counter.tally.skipped % _CHECKED == 0:
                    self._tick()

    def _known(self, entry: Entry) -> FileState | None:
        """What the ledger holds of this very file by this very maker; None when it is to be looked at."""
        known = self.ledger.known(entry.path)
        if known is None or known[:3] != (entry.size, entry.mtime, self.maker):
            return None
        state = known[3]
        if state is FileState.FAILED:
            return None if self.order.failed_again else state
        return None if state is FileState.DONE and self.order.verify and not self._is_unchanged(entry) else state

    def _is_unchanged(self, entry: Entry) -> bool:
        held = self.ledger.read("SELECT sha256 FROM file WHERE path = ?", (entry.path,)).fetchone()
        try:
            with open(entry.path, "rb") as file:  # noqa: PTH123 - bytes
                return bool(hashlib.file_digest(file, "sha256").digest() == held[0])
        except OSError:
            return False

    # --- what failed, alone

    def _second_look(self) -> None:
        for entry, attempts in self.ledger.waiting():
            if not self._rest() and (self.signals.heard or self.control.wish() is Wish.CANCEL):
                break
            [outcome] = batch.run(
                work_one, [entry], seconds=self.seconds, accept=partial(accept, self.seal), warm=piece.warm, cage=_ALONE
            )
            self.counter.tally.again = max(0, self.counter.tally.again - 1)
            if outcome.value is None:
                self._fail(entry, outcome.error or "internal", attempts + 1)
            else:
                accepted, seconds = outcome.value
                self._add(_done(entry, accepted, attempts + 1, seconds), accepted)
        self._write()

    def _fail(self, entry: Entry, code: str, attempts: int) -> None:
        accepted = piece.accept(piece.look_unread(os.fsdecode(entry.path), code), self.seal)
        self._add(Row(entry, FileState.FAILED, accepted.papers, accepted.papers[0].sha256, code, attempts))

    # --- writing down

    def _add(self, row: Row, accepted: Accepted | None = None) -> None:
        self._rows.append(row)
        if accepted is not None:
            self._kept += accepted.kept
        self.counter.count(row.state, row.papers)
        self._tick()

    def _tick(self) -> None:
        if len(self._rows) >= _ROWS or time.monotonic() - self._written >= _SECONDS:
            self._write()
            self.show.update(self.counter.look())

    def _write(self) -> None:
        # the vault first: a ledger that points at nothing would be worse than a text nobody points at
        self.vault.put(self._kept, anew=True)  # an earlier reading of the same bytes may have been a poorer one
        left = self.ledger.write(self._rows, self.maker, self.run)
        self.vault.drop(left)
        self._rows, self._kept = [], []
        self._written = time.monotonic()
        self._note("running")

    def _note(self, state: str, ended: str | None = None) -> None:
        tally = self.counter.look()
        self.ledger.note_run(
            self.run, state=state, found=tally.total, skipped=tally.skipped, seconds=round(tally.seconds, 1), ended=ended
        )
        self.ledger.note(PROGRESS, tally.to_json())

    # --- what people want

    def _rest(self) -> bool:
        """Wait while a pause is wanted; True when there was one and the run goes on."""
        if self.control.wish() is not Wish.PAUSE or self.signals.heard:
            return False
        self._write()
        self._note("paused")
        self.show.say("已暂停。继续：mishen batch resume；取消：mishen batch cancel。")
        while self.control.wish() is Wish.PAUSE and not self.signals.heard:
            time.sleep(_RESTED)
        self.counter.rest()
        return not self.signals.heard and self.control.wish() is Wish.GO

    def _count(self) -> None:
        with suppress(OSError, BadSettings):
            self.counter.tally.total = count_files(self.order.sources, self.order.out)


def _done(entry: Entry, accepted: Accepted, attempts: int, seconds: float) -> Row:
    return Row(entry, FileState.DONE, accepted.papers, accepted.papers[0].sha256, None, attempts, seconds)
