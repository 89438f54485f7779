"""A run over a folder: every file once, what is known is not read again, what fails is tried alone and then told."""

import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from classifier import batch
from classifier.batch import Outcome
from classifier.core.errors import BadLedger, BadSettings
from classifier.holdings import piece, recipes
from classifier.holdings import run as running
from classifier.holdings.control import Wish, tell
from classifier.holdings.ledger import Ledger
from classifier.holdings.order import LEDGER, RESULTS, VAULT, Ending, Order
from classifier.holdings.progress import Show
from classifier.holdings.run import run_batch
from classifier.holdings.seal import Seal

NOTICE = "关于第{}号事项的通知\n各单位：\n　　请认真组织。\n2024年3月1日\n"


@pytest.fixture
def seal() -> Seal:
    return Seal(b"k" * 32)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(NOTICE.format(number), encoding="utf-8")
    return folder


class _Here:
    """The engine without processes: remembers what was asked, and lets items die whose name says so."""

    def __init__(self, deadly: dict[str, list[str]] | None = None) -> None:
        self.asked: list[str] = []
        self.deadly = deadly or {}

    def __call__(self, work, items, *, accept, **_options):
        for item in items:
            name = Path(os.fsdecode(item.path)).name
            self.asked.append(name)
            if self.deadly.get(name):
                yield Outcome(item, None, self.deadly[name].pop(0))
            else:
                yield Outcome(item, accept(item, work(item)))


def _run(monkeypatch: pytest.MonkeyPatch, order: Order, seal: Seal, deadly: dict[str, list[str]] | None = None):
    here = _Here(deadly)
    monkeypatch.setattr(batch, "run", here)
    with Show(quiet=True) as show:
        ending, tally = run_batch(order, seal, show)
    return here.asked, ending, tally


def _order(archive: Path, **words) -> Order:
    return Order((str(archive),), archive.parent / "out", **words)


def _sources(out: Path) -> list[str]:
    return [Path(json.loads(line)["source"]).name for line in (out / RESULTS).read_text(encoding="utf-8").splitlines()]


def _states(out: Path) -> dict[str, tuple[str, str | None, int]]:
    with closing(Ledger.open(out / LEDGER)) as ledger:
        rows = ledger.read("SELECT path, state, error, attempts FROM file").fetchall()
    return {Path(os.fsdecode(path)).name: (state, error, attempts) for path, state, error, attempts in rows}


def test_every_file_stands_in_the_results_once(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledger, vault and results are in the out folder."""
    order = _order(archive)
    asked, ending, tally = _run(monkeypatch, order, seal)
    assert ending is Ending.DONE
    assert tally.done == 6
    assert sorted(_sources(order.out)) == asked == [f"{n}.txt" for n in range(6)]
    assert (order.out / VAULT).exists()


def test_what_is_known_is_not_read_again(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the file that changed and the one that is new."""
    _run(monkeypatch, _order(archive), seal)
    (archive / "2.txt").write_text(NOTICE.format("二百"), encoding="utf-8")
    (archive / "9.txt").write_text(NOTICE.format(9), encoding="utf-8")
    asked, _, tally = _run(monkeypatch, _order(archive), seal)
    assert asked == ["2.txt", "9.txt"]
    assert tally.skipped == 5
    assert sorted(_sources(archive.parent / "out")) == [f"{n}.txt" for n in (0, 1, 2, 3, 4, 5, 9)]


def test_other_settings_ask_for_another_look(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict of other rules is not this maker's verdict."""
    _run(monkeypatch, _order(archive), seal)
    monkeypatch.setattr(recipes, "key_of", lambda _recipe: "other")
    assert len(_run(monkeypatch, _order(archive), seal)[0]) == 6


def test_verify_finds_a_change_that_left_size_and_time(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the file passes for known."""
    _run(monkeypatch, _order(archive), seal)
    changed = archive / "3.txt"
    before = changed.stat()
    changed.write_text(NOTICE.format(8), encoding="utf-8")
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert _run(monkeypatch, _order(archive), seal)[0] == []
    assert _run(monkeypatch, _order(archive, verify=True), seal)[0] == ["3.txt"]


def test_a_file_that_failed_once_is_tried_alone(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """After all the others."""
    asked, _, tally = _run(monkeypatch, _order(archive), seal, {"1.txt": ["crashed"]})
    assert asked == [*(f"{n}.txt" for n in range(6)), "1.txt"]
    assert _states(archive.parent / "out")["1.txt"] == ("done", None, 2)
    assert (tally.done, tally.again, tally.failed) == (6, 0, 0)


def test_a_file_that_failed_twice_is_told(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its cause, in the results too; the next run leaves it alone unless asked."""
    _, _, tally = _run(monkeypatch, _order(archive), seal, {"1.txt": ["crashed", "timeout"]})
    out = archive.parent / "out"
    assert _states(out)["1.txt"] == ("failed", "timeout", 2)
    assert tally.failed == 1
    assert _sources(out).count("1.txt") == 1
    assert _run(monkeypatch, _order(archive), seal)[0] == []
    assert _run(monkeypatch, _order(archive, failed_again=True), seal)[0] == ["1.txt"]
    assert _states(out)["1.txt"][0] == "done"


def test_a_killed_run_goes_on_where_it_was(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is not read again; what waited for its second look gets it."""
    monkeypatch.setattr(running, "_SECONDS", 0.0)
    with pytest.raises(ZeroDivisionError):
        _run(monkeypatch, _order(archive), seal, {"1.txt": ["crashed"], "4.txt": _Bomb()})
    asked, ending, tally = _run(monkeypatch, _order(archive), seal)
    assert asked == ["4.txt", "5.txt", "1.txt"]
    assert ending is Ending.DONE
    assert (tally.skipped, tally.done, tally.again, tally.passed) == (3, 3, 0, 6)
    assert sorted(_sources(archive.parent / "out")) == [f"{n}.txt" for n in range(6)]


class _Bomb(list):
    def __bool__(self) -> bool:
        raise ZeroDivisionError


def test_cancel_stops_between_two_files(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done stays; the same command does the rest."""
    order = _order(archive)
    monkeypatch.setattr("classifier.holdings.control._LOOKED", 0.0)
    look = piece.look

    def look_and_cancel(path: str):
        if path.endswith("2.txt"):
            tell(order.out, Wish.CANCEL)
        return look(path)

    monkeypatch.setattr(piece, "look", look_and_cancel)
    asked, ending, _ = _run(monkeypatch, order, seal)
    assert (asked, ending) == (["0.txt", "1.txt", "2.txt"], Ending.CANCELLED)
    monkeypatch.setattr(piece, "look", look)
    assert _run(monkeypatch, order, seal)[0] == ["3.txt", "4.txt", "5.txt"]


def test_a_pause_waits_and_goes_on(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything written down meanwhile, and nothing lost or read twice."""
    order = _order(archive)
    monkeypatch.setattr("classifier.holdings.control._LOOKED", 0.0)
    look = piece.look
    written: list[int] = []

    def look_and_pause(path: str):
        if path.endswith("2.txt"):
            tell(order.out, Wish.PAUSE)
        return look(path)

    def wake(_seconds: float) -> None:
        written.append(len(_states(order.out)))
        tell(order.out, Wish.GO)

    monkeypatch.setattr(piece, "look", look_and_pause)
    monkeypatch.setattr(running.time, "sleep", wake)
    asked, ending, _ = _run(monkeypatch, order, seal)
    assert written == [3]
    assert (asked, ending) == ([f"{n}.txt" for n in range(6)], Ending.DONE)


def test_nothing_but_deaths_stops_the_run(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that cannot start children does not fail a million files one by one."""
    monkeypatch.setattr(running, "_DEATHS", 3)
    with pytest.raises(BadSettings, match="机器的问题"):
        _run(monkeypatch, _order(archive), seal, {f"{n}.txt": ["crashed"] for n in range(6)})


def test_a_path_that_leads_nowhere_is_a_failure_until_it_does_not(
    archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the results; when it is gone from the folder, so is its row."""
    (archive / "gone.txt").symlink_to(archive / "nowhere")
    _run(monkeypatch, _order(archive), seal)
    assert _states(archive.parent / "out")["gone.txt"][:2] == ("failed", "not_found")
    (archive / "gone.txt").unlink()
    _run(monkeypatch, _order(archive), seal)
    assert "gone.txt" not in _states(archive.parent / "out")


def test_another_key_is_refused(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the vault was deleted."""
    _run(monkeypatch, _order(archive), seal)
    (archive.parent / "out" / VAULT).unlink()
    with pytest.raises(BadLedger, match="密钥"):
        _run(monkeypatch, _order(archive), Seal(b"x" * 32))


def test_a_marked_paper_leaves_no_word_anywhere(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the ledger, the vault or the results."""
    (archive / "marked.txt").write_text("机密★10年\n关于雷霆行动的请示\n", encoding="utf-8")
    order = _order(archive)
    _run(monkeypatch, order, seal)
    with closing(Ledger.open(order.out / LEDGER)) as ledger:
        [blocked] = [paper for _, paper in ledger.papers("route = 'blocked'")]
    assert (blocked.label, blocked.vault, blocked.sketch, blocked.bloom) == (None, None, None, None)
    assert not any("雷霆".encode() in path.read_bytes() for path in order.out.iterdir())


def test_real_children_give_the_same_results(archive: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """In cages, over the line, as in this process."""
    here, there = _order(archive), Order((str(archive),), archive.parent / "there", jobs=2)
    _run(monkeypatch, here, seal)
    monkeypatch.undo()
    with Show(quiet=True) as show:
        run_batch(there, seal, show)
    assert sorted((here.out / RESULTS).read_text().splitlines()) == sorted((there.out / RESULTS).read_text().splitlines())
