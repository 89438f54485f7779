"""`mishen batch rehearse`: what a rule or a pack would change in a whole archive, from the vault, in seconds.

In: the folder of a run and what is tried out. Out: for every paper that may be touched both verdicts, as `mishen rules dry-run` tells
them, without a word of it. The blooms in the ledger rule out nearly every paper in one pass; only the others are opened, most of
those show at once that the words are not there after all, and what is left is judged twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from classifier import batch, pipeline, rehearsal
from classifier.core.document import Document
from classifier.core.text import fold
from classifier.detect import pattern
from classifier.detect.view import View
from classifier.holdings.blooms import Need, may_hold
from classifier.holdings.figures import count_papers
from classifier.holdings.keeping import UnreadableKept
from classifier.holdings.ledger import Ledger
from classifier.holdings.order import LEDGER, VAULT
from classifier.holdings.recipes import compare_rules, prints_of
from classifier.holdings.rejudging import Shelf, fetch
from classifier.holdings.schema import is_shell
from classifier.holdings.seal import Seal
from classifier.knowledge.rules import Method, RuleBook
from classifier.rehearsal import Target

_HEAP = 4_096
_TASK = 64
"""Papers opened for one item of a child."""
_QUESTION = (
    "SELECT file.path, paper.part, paper.vault, paper.bloom,"  # noqa: S608 - our own words
    f" {is_shell()} FROM paper JOIN file ON file.id = paper.file"
    " WHERE paper.route != 'blocked' ORDER BY paper.file, paper.part"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Papers that may be touched: (path, part, id in the vault) each."""

    shelf: Shelf
    target: Target
    papers: tuple[tuple[bytes, int, bytes], ...]


@dataclass(slots=True)
class Rehearsal:
    """How far a rehearsal is; `rows` runs it."""

    all: int = 0
    """Papers of the run as they are counted everywhere: without containers that only hold other files, with those that are stopped."""
    stopped: int = 0
    """Papers with a state-secret marking: nothing of them was kept, and nothing is tried out on them."""
    containers: int = 0
    """Containers that only hold other files: their names are looked at too, but they are no papers."""
    papers: int = 0
    """Papers looked through, by their blooms or their texts."""
    unkept: int = 0
    """Papers whose text is not in the vault, and files of which nothing is known yet: nothing is known of them."""
    opened: int = 0
    """Papers that the blooms could not rule out."""
    judged: int = 0
    """Papers in which the rules do find something, judged twice."""
    failed: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Papers whose findings, attribute or route would change, in no order."""


def rehearse(out: Path, key: Path, target: Target, jobs: int = 1) -> Rehearsal:
    """Try out a rule or a pack on every paper of a run.

    Raises:
        BadKnowledge: there is no such rule, or the pack cannot be trusted.
        BadLedger: ledger or vault are damaged or sealed with another key.
    """
    needs = _probe(target).needs
    told = Rehearsal()
    shelf = Shelf(str(out / VAULT), str(key))
    shelf.open()
    with closing(Ledger.open(out / LEDGER)) as ledger:
        openings = _openings(ledger, shelf, target, needs, told, Seal.load(key).open)
        if jobs == 1:
            for opening in openings:
                _count(told, open_and_compare(opening))
            return _sum_up(told, ledger)
        seconds = pipeline.default_tools().settings.limits.seconds * _TASK
        for outcome in batch.run(
            open_and_compare, openings, jobs=jobs, ahead=1, seconds=seconds, accept=_accept, warm=pipeline.warm, cage=None
        ):
            if outcome.value is None:
                told.failed += len(outcome.item.papers)
            else:
                _count(told, outcome.value)
        return _sum_up(told, ledger)


def _sum_up(told: Rehearsal, ledger: Ledger) -> Rehearsal:
    """With what the ledger counts, so that every paper is either looked through, stopped, or missing from the vault."""
    counts = count_papers(ledger)
    told.all, told.stopped, told.containers = counts.papers, counts.blocked, counts.containers
    told.unkept = told.all - told.stopped - told.papers
    return told


def _count(told: Rehearsal, answer: dict[str, Any]) -> None:
    told.judged += answer["judged"]
    told.failed += answer["failed"]
    told.rows += answer["rows"]


def _accept(opening: Opening, told: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a child sent
    paths = {os.fsdecode(path) for path, _, _ in opening.papers}
    if not all(type(told[name]) is int for name in ("judged", "failed")) or any(
        row["source"] not in paths for row in told["rows"]
    ):
        raise ValueError("not an answer to what was asked")
    for row in told["rows"]:
        rehearsal.accept((row["source"], opening.target), [row])
    return dict(told)


@dataclass(frozen=True, slots=True)
class _Probe:
    """What tells that a paper cannot be touched, cheapest first."""

    needs: tuple[Need, ...]
    books: tuple[RuleBook, ...]
    """The rules that differ and nothing else, before and after; none where one of them is no pattern."""

    def may_touch(self, document: Document) -> bool:
        """Whether the rules that differ hold their words, and find something, in a paper."""
        folded = fold(document.text)
        if not any(all(any(word in folded for word in words) for words in need.sets) for need in self.needs):
            return False
        view = View(document, folded)
        return not self.books or any(next(pattern.detect(view, book), None) is not None for book in self.books)


@lru_cache(maxsize=4)
def _probe(target: Target) -> _Probe:
    plan = rehearsal.plan(target)
    before, after = plan.before.book, plan.after.book
    needs, names = compare_rules(prints_of(before), prints_of(after))
    own = [tuple(rule for rule in book.rules if rule.id in names) for book in (before, after)]
    if any(rule.method is not Method.PATTERN for rules in own for rule in rules):
        return _Probe(needs, ())
    return _Probe(needs, tuple(RuleBook(rules, book.version) for rules, book in zip(own, (before, after), strict=True)))


def _openings(
    ledger: Ledger, shelf: Shelf, target: Target, needs: Sequence[Need], told: Rehearsal, unseal: Callable[[bytes], bytes]
) -> Iterator[Opening]:
    """Heaps of papers that the blooms cannot rule out."""
    rows = ledger.read(_QUESTION)
    left: list[tuple[bytes, int, bytes]] = []
    while heap := list(islice(rows, _HEAP)):
        for (path, part, vault, _, is_container), may in zip(
            heap, may_hold([row[3] and unseal(row[3]) for row in heap], needs).tolist(), strict=True
        ):
            if vault is None:
                continue
            told.papers += not is_container
            if may:
                told.opened += 1
                left.append((path, part, vault))
        while len(left) >= _TASK:
            yield Opening(shelf, target, tuple(left[:_TASK]))
            del left[:_TASK]
    if left:
        yield Opening(shelf, target, tuple(left))


def open_and_compare(opening: Opening) -> dict[str, Any]:
    """The work of one child: papers opened, and those that hold the words judged twice."""
    probe, books = _probe(opening.target), rehearsal.plan(opening.target)
    rows, judged, failed = [], 0, 0
    for path, part, vault in opening.papers:
        try:
            [kept] = fetch(opening.shelf, (vault,))
        except (LookupError, UnreadableKept):
            failed += 1
            continue
        if not probe.may_touch(kept.document):
            continue
        judged += 1
        row = {**rehearsal.compare(kept.document, books, os.fsdecode(path)), "part": part}
        if rehearsal.is_changed(row):
            rows.append(row)
    return {"judged": judged, "failed": failed, "rows": rows}
