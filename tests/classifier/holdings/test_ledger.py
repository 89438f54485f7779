"""Each file stands in the ledger once, with all its papers or none."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute, Route
from classifier.core.errors import BadLedger
from classifier.holdings.ledger import Entry, FileState, Ledger, Maker, Paper, Row

MAKER = Maker("1", "r", "m", "s")


def _paper(part: int = 0, **words) -> Paper:
    told = {
        "part": part, "sha256": b"\1" * 32, "format": "txt", "pages": None, "chars": 10, "attribute": Attribute.ACTIVE,
        "route": Route.REVIEW, "confidence": 0.5, "in_scope": True, "kind": "通知", "issued": "2024-01-02", "level": None,
        "period": None, "declared": None, "problems": (), "counts": "{}", "number_key": None, "title_key": None,
        "carried_key": None, "label": None, "verdict": b"v", "sketch": None, "bloom": None, "vault": None,
    }  # fmt: skip
    return Paper(**{**told, **words})


def _row(path: bytes, *papers: Paper, state: FileState = FileState.DONE, size: int = 1) -> Row:
    return Row(Entry(path, size, 2), state, papers)


@pytest.fixture
def ledger(tmp_path: Path):
    with closing(Ledger.create(tmp_path / "ledger.sqlite")) as made:
        yield made


@pytest.fixture
def numbers(ledger: Ledger) -> tuple[int, int]:
    maker = ledger.maker(MAKER)
    return maker, ledger.begin_run("2026-11-24T10:00:00+08:00", "[]", 1, maker)


def test_papers_come_back_as_they_were(ledger: Ledger, numbers: tuple[int, int]) -> None:
    """Every column, and nothing where nothing was."""
    odd = _paper(
        1, attribute=None, route=Route.BLOCKED, level="secret", problems=("damaged", "image"), label=b"\0\1", sketch=b"x" * 512
    )
    ledger.write([_row(b"/a", _paper(), odd)], *numbers)
    assert [paper for _, paper in ledger.papers()] == [_paper(), odd]


def test_a_file_is_replaced_with_all_its_papers(ledger: Ledger, numbers: tuple[int, int]) -> None:
    """Never two rows of one path, never papers of an old reading."""
    ledger.write([_row(b"/a", _paper(), _paper(1))], *numbers)
    ledger.write([_row(b"/a", _paper(chars=11))], *numbers)
    assert [paper.chars for _, paper in ledger.papers()] == [11]
    assert ledger.read("SELECT count(*) FROM file").fetchone() == (1,)


def test_rows_are_written_together_or_not_at_all(ledger: Ledger, numbers: tuple[int, int]) -> None:
    """A fault in the second leaves nothing of the first."""
    with pytest.raises(sqlite3.Error):
        ledger.write([_row(b"/a", _paper()), _row(b"/b", _paper(), _paper())], *numbers)
    assert ledger.read("SELECT count(*) FROM file").fetchone() == (0,)


def test_known_files_and_those_that_wait(ledger: Ledger, numbers: tuple[int, int]) -> None:
    """What a run asks before it reads."""
    ledger.write([_row(b"/a", _paper()), _row(b"/b", state=FileState.AGAIN)], *numbers)
    assert ledger.known(b"/a") == (1, 2, numbers[0], FileState.DONE)
    assert ledger.known(b"/c") is None
    assert list(ledger.waiting()) == [(Entry(b"/b", 1, 2), 1)]


def test_one_maker_has_one_number(ledger: Ledger) -> None:
    """Whoever asks, whenever."""
    assert ledger.maker(MAKER) == ledger.maker(MAKER) != ledger.maker(Maker("2", "r", "m", "s"))


def test_a_note_is_replaced(ledger: Ledger) -> None:
    """One word under one name."""
    assert ledger.noted("x") is None
    ledger.note("x", "1")
    ledger.note("x", "2")
    assert ledger.noted("x") == "2"


def test_paths_that_led_nowhere_are_forgotten_when_they_do_no_more(ledger: Ledger, numbers: tuple[int, int]) -> None:
    """A folder that can be read by now is no failure any more; real files stay."""
    ledger.write([_row(b"/folder", _paper(), state=FileState.FAILED, size=-1), _row(b"/a", _paper())], *numbers)
    ledger.forget_unreached(numbers[1])
    assert ledger.known(b"/folder") is not None
    ledger.forget_unreached(numbers[1] + 1)
    assert ledger.known(b"/folder") is None
    assert ledger.known(b"/a") is not None


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """Missing, of another kind, of another version."""
    with pytest.raises(BadLedger, match="没有批次账本"):
        Ledger.open(tmp_path / "none")
    (tmp_path / "text").write_bytes(b"no database at all " * 100)
    with pytest.raises(BadLedger):
        Ledger.open(tmp_path / "text")
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(BadLedger, match="另一个版本"):
        Ledger.open(tmp_path / "other")


def test_a_value_no_ledger_writes_is_refused(ledger: Ledger, numbers: tuple[int, int]) -> None:
    """A row that was changed by hand is no verdict."""
    ledger.write([_row(b"/a", _paper())], *numbers)
    ledger.read("UPDATE paper SET route = 'publish'")
    with pytest.raises(BadLedger):
        list(ledger.papers())
