"""What a cold review made go wrong, held down: stale verdicts, texts of stopped papers, words that could be tried out, forged answers."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from classifier.core.assessment import Route
from classifier.core.errors import BadSettings
from classifier.holdings import control, piece
from classifier.holdings.blooms import Need, bloom, may_hold
from classifier.holdings.changes import list_changes
from classifier.holdings.control import Wish
from classifier.holdings.differences import Again, run_again
from classifier.holdings.discovery import find_files
from classifier.holdings.ledger import Entry, Ledger
from classifier.holdings.order import LEDGER, VAULT, Ending, Order
from classifier.holdings.progress import Show
from classifier.holdings.results import write_results
from classifier.holdings.run import run_batch
from classifier.holdings.seal import Seal, find_key
from classifier.holdings.vault import Vault
from classifier.learn.likeness import sketch

OPEN = "青溪县人民政府公告\n　　为方便群众办事，现将政务服务大厅窗口的办理条件公布如下。\n青溪县人民政府\n2024年3月1日\n"
MARKED = "机密★10年\n" + OPEN


@pytest.fixture
def seal(tmp_path, monkeypatch) -> Seal:
    monkeypatch.setenv("MISHEN_BATCH_KEY", str(tmp_path / "batch.key"))
    return Seal.load(find_key(os.environ))


@pytest.fixture
def papers(tmp_path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(OPEN + str(number), encoding="utf-8")
    return folder


def run(folder: Path, out: Path, seal: Seal) -> Ending:
    with Show(quiet=True) as show:
        return run_batch(Order((str(folder),), out), seal, show)[0]


def again(old: Path, new: Path, seal: Seal) -> None:
    with Show(quiet=True) as show:
        run_again(Again(old, new, find_key(os.environ)), seal, show)


def routes(out: Path) -> dict[str, Route]:
    with closing(Ledger.open(out / LEDGER)) as ledger:
        return {os.path.basename(os.fsdecode(ledger.path_of(file))): paper.route for file, paper in ledger.papers()}  # noqa: PTH119


def test_a_pause_that_is_over_at_once_loses_nothing(papers, tmp_path, seal, monkeypatch) -> None:
    """Paused and resumed while a file is in hand: the search goes on and does not count as finished."""
    out, wishes = tmp_path / "out", iter([Wish.GO, Wish.PAUSE])
    monkeypatch.setattr(control.Control, "wish", lambda _self: next(wishes, Wish.GO))
    assert run(papers, out, seal) is Ending.DONE
    assert len(routes(out)) == 3


def test_a_run_that_did_not_find_everything_is_not_done(papers, tmp_path, seal, monkeypatch) -> None:
    """Cancelled in the middle: the ledger says so."""
    wishes = iter([Wish.GO])
    monkeypatch.setattr(control.Control, "wish", lambda _self: next(wishes, Wish.CANCEL))
    assert run(papers, tmp_path / "out", seal) is Ending.CANCELLED


def test_a_file_that_changed_is_read_again_by_a_difference_run(papers, tmp_path, seal) -> None:
    """A verdict on other bytes says nothing of it: what is marked now is stopped now."""
    old, new = tmp_path / "out", tmp_path / "new"
    run(papers, old, seal)
    (papers / "1.txt").write_text(MARKED, encoding="utf-8")
    again(old, new, seal)
    assert routes(new)["1.txt"] is Route.BLOCKED


def test_a_difference_run_that_goes_on_sees_what_changed_since(papers, tmp_path, seal) -> None:
    """The new folder held a verdict already; the old one was run again in between."""
    old, new = tmp_path / "out", tmp_path / "new"
    run(papers, old, seal)
    again(old, new, seal)
    (papers / "1.txt").write_text(MARKED, encoding="utf-8")
    run(papers, old, seal)
    again(old, new, seal)
    assert routes(new)["1.txt"] is Route.BLOCKED


def test_the_text_of_a_paper_that_is_stopped_now_is_forgotten(papers, tmp_path, seal) -> None:
    """Its earlier text leaves the vault with the row that named it; the others stay."""
    out = tmp_path / "out"
    run(papers, out, seal)
    (papers / "1.txt").write_text(MARKED, encoding="utf-8")
    run(papers, out, seal)
    with closing(Ledger.open(out / LEDGER)) as ledger:
        named = {paper.vault for _, paper in ledger.papers() if paper.vault}
    with closing(Vault.open(out / VAULT, seal)) as vault:
        [held] = vault._connection.execute("SELECT count(*) FROM kept").fetchone()
    assert len(named) == held == 2


def test_words_cannot_be_tried_out_without_the_key(papers, tmp_path, seal) -> None:
    """Neither the bloom nor the sketch in the ledger answers to what anybody can compute."""
    out = tmp_path / "out"
    run(papers, out, seal)
    with closing(Ledger.open(out / LEDGER)) as ledger:
        [(_, paper)] = list(ledger.papers("paper.file = 1"))
    need = (Need((frozenset({"政务服务大厅"}),)),)
    assert may_hold([bloom(OPEN)], need).tolist() == [True]
    assert paper.bloom is not None
    assert seal.open(paper.bloom) != paper.bloom
    theirs = np.frombuffer(sketch([OPEN + "0"]).astype("<u4").tobytes(), dtype="<u4")
    assert (np.frombuffer(paper.sketch or b"", dtype="<u4") == theirs).mean() < 0.05


def test_equal_sketches_stay_equal_and_others_as_far_apart() -> None:
    """Copies are found as before."""
    seal, made = Seal(b"k" * 32), sketch([OPEN, OPEN + "此件公开发布。", "另一份文件，说的是别的事情。"])
    blind = [np.frombuffer(seal.blind(row.astype("<u4").tobytes()), dtype="<u4") for row in made]
    for first in range(3):
        for second in range(3):
            assert (blind[first] == blind[second]).mean() == (made[first] == made[second]).mean()


def answer(path: Path) -> list[dict[str, object]]:
    told: list[dict[str, object]] = json.loads(json.dumps(piece.look(str(path))))
    return told


@pytest.mark.parametrize(
    "forged",
    [
        {"verdict": "AAAA"},
        {"attribute": "on_request"},
        {"kind": "\ud800"},
        {"period": "\ud800"},
        {"route": "blocked", "attribute": None},
    ],
)
def test_an_answer_that_contradicts_its_verdict_is_none(papers, seal, forged) -> None:
    """It costs its own file a second look and the archive nothing."""
    [told] = answer(papers / "0.txt")
    with pytest.raises((ValueError, TypeError, LookupError)):
        piece.accept([{**told, **forged}], seal)


def test_one_verdict_that_cannot_be_opened_costs_one_line(papers, tmp_path, seal) -> None:
    """The results of all others are written."""
    out = tmp_path / "out"
    run(papers, out, seal)
    with closing(sqlite3.connect(out / LEDGER)) as connection, connection:
        connection.execute("UPDATE paper SET verdict = x'00' WHERE file = 2")
    with closing(Ledger.open(out / LEDGER)) as ledger:
        assert write_results(ledger, tmp_path / "r.jsonl") == 3
    told = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum("error" in line for line in told) == 1


def test_the_code_of_a_verdict_is_the_code_as_it_lies_here() -> None:
    """A release number alone would hide every change between two releases."""
    from classifier import pipeline

    release, _, programs = pipeline.default_tools().provenance.code.partition("+")
    assert release
    assert len(programs) == 8


def test_reading_again_replaces_what_the_vault_kept(tmp_path) -> None:
    """An earlier reader may have seen less of the same bytes."""
    seal = Seal(b"k" * 32)
    with closing(Vault.open(tmp_path / "v", seal)) as vault:
        vault.put([(b"id", b"less")])
        vault.put([(b"id", b"all of it")], anew=True)
        assert vault.get(b"id") == b"all of it"


@pytest.fixture
def deep(tmp_path) -> Iterator[Path]:
    """1,200 folders in one another, with a file in the 700th; taken away from the bottom, for pytest itself cannot reach that deep."""
    start = os.getcwd()  # noqa: PTH109
    os.chdir(tmp_path)
    for number in range(1_200):
        os.mkdir("d")  # noqa: PTH102
        os.chdir("d")
        if number == 700:
            Path("a.txt").write_text("文", encoding="utf-8")
    os.chdir(start)
    yield tmp_path
    os.chdir(tmp_path)
    for _ in range(1_200):
        os.chdir("d")
    for _ in range(1_200):
        Path("a.txt").unlink(missing_ok=True)
        os.chdir("..")
        os.rmdir("d")  # noqa: PTH106
    os.chdir(start)


def test_folders_may_lie_as_deep_as_they_like(deep) -> None:
    """Deeper than Python's own stack, and than the longest path the system opens: what can be looked at is."""
    found = list(find_files([str(deep)]))
    assert sum(isinstance(one, Entry) for one in found) == 1


def test_dots_behind_a_link_lead_where_the_system_leads(tmp_path) -> None:
    """Not to another file of the same name."""
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "inner")
    (tmp_path / "real" / "x.txt").write_text("the one that is meant", encoding="utf-8")
    (tmp_path / "x.txt").write_text("another", encoding="utf-8")
    (tmp_path / "list").write_text(f"{tmp_path}/link/../x.txt\n", encoding="utf-8")
    [found] = find_files([str(tmp_path / "list")])
    assert Path(os.fsdecode(found.path)).read_text(encoding="utf-8") == "the one that is meant"


def test_a_list_of_changes_waits_for_every_file(papers, tmp_path, seal) -> None:
    """A file that is missing in the new run would be missing in the list, and a signature would stand under it."""
    old, new = tmp_path / "out", tmp_path / "new"
    run(papers, old, seal)
    again(old, new, seal)
    assert list_changes(new, old).verdicts == 0
    with closing(sqlite3.connect(new / LEDGER)) as connection, connection:
        connection.execute("DELETE FROM file WHERE id = 1")
    with pytest.raises(BadSettings, match="还有 1 个文件没有比对"):
        list_changes(new, old)


def test_an_odd_name_is_not_lost_on_the_way(papers, tmp_path, seal) -> None:
    """Line ends in names, bytes that are no text: each file stands in the difference run under its own path."""
    (papers / "a.txt\r").write_text(OPEN, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(papers) + b"/\xb5\xb5.txt")).write_text(OPEN, encoding="utf-8")
    old, new = tmp_path / "out", tmp_path / "new"
    run(papers, old, seal)
    again(old, new, seal)
    assert routes(new) == routes(old)
