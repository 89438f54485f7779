"""An archive of our own sample papers on disk, and batches over it that need no children: what the tests of difference runs stand on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from classifier import batch, pipeline
from classifier.batch import Outcome
from classifier.core.settings import read_settings
from classifier.holdings import verdicts
from classifier.holdings.ledger import Ledger
from classifier.holdings.order import LEDGER, Order
from classifier.holdings.progress import Show
from classifier.holdings.run import run_batch
from classifier.holdings.seal import Seal
from classifier.learn.dataset import load_samples
from classifier.pipeline import Tools

Verdicts = dict[tuple[str, int], dict[str, Any]]


def run_here(
    work: Callable[[Any], Any], items: Iterable[Any], *, accept: Any = None, **_options: Any
) -> Iterator[Outcome[Any, Any]]:
    """As `batch.run`, in this process."""
    for item in items:
        try:
            value = work(item)
        except Exception:  # noqa: BLE001 - as the engine does
            yield Outcome(item, None, "internal")
            continue
        yield Outcome(item, accept(item, value) if accept else value)


def stay_here(patch: pytest.MonkeyPatch) -> None:
    """No children from now on."""
    patch.setattr(batch, "run", run_here)


def use(patch: pytest.MonkeyPatch, tools: Tools) -> None:
    """Judge with these tools from now on."""
    patch.setattr(pipeline, "default_tools", lambda: tools)


def write_papers(folder: Path, every: int = 1) -> None:
    """Each n-th of the sample papers as a text file of its own."""
    folder.mkdir()
    for sample in load_samples(read_settings().data_home / "corpus" / "samples")[::every]:
        (folder / f"{sample.id}.txt").write_text(sample.text, encoding="utf-8")


def run_all(folder: Path, out: Path, seal: Seal) -> None:
    """A full run."""
    with Show(quiet=True) as show:
        run_batch(Order((str(folder),), out), seal, show)


def read_verdicts(out: Path) -> Verdicts:
    """What a ledger says of every paper, without who says it, when, and how often it was tried."""
    with closing(Ledger.open(out / LEDGER)) as ledger:
        told: Verdicts = {}
        for file, paper in ledger.papers():
            path = os.fsdecode(ledger.path_of(file))
            verdict = verdicts.to_contract(paper.verdict, path, paper.sha256.hex())
            del verdict["provenance"]
            row = (
                paper.attribute,
                paper.route,
                paper.confidence,
                paper.counts,
                paper.number_key,
                paper.title_key,
                paper.problems,
            )
            told[path, paper.part] = {**verdict, "row": row}
        return told
