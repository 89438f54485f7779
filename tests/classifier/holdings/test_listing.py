"""What a report may say of each paper."""

import datetime as dt
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute, Route
from classifier.core.errors import BadLedger
from classifier.holdings.clocks import Basis, Clock
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.listing import Item, Verdict, plain, read_items, read_sources, sources_of, top_folder
from classifier.holdings.seal import Label, Seal
from tests.classifier.holdings.made_ledger import SEAL, add_run, blocked, made_ledger, paper, row

TODAY = dt.date(2026, 11, 24)


def _items(folder: Path, *rows: object, seal: Seal | None = SEAL, words: bool = True) -> list[Item]:
    ledger = made_ledger(folder, rows)  # type: ignore[arg-type]
    return list(read_items(ledger, seal, TODAY, words=words))


def test_a_blocked_paper_shows_number_level_and_period_and_nothing_else(tmp_path: Path) -> None:
    (item,) = _items(tmp_path, row("/馆藏/1990/绝密方案.pdf", blocked(1)))
    assert (item.verdict, item.level, item.period, item.number) == (Verdict.STOPPED, "secret", "10年", "1")
    assert item.path is None
    assert item.label is None
    assert item.name == "第 1 号"


def test_a_blocked_paper_takes_its_year_from_its_folder_only(tmp_path: Path) -> None:
    old, other = _items(tmp_path, row("/馆藏/1990/a.pdf", blocked(1)), row("/馆藏/b.pdf", blocked(2)))
    assert old.formed is not None
    assert old.formed.basis is Basis.FOLDER
    assert [d.clock for d in old.due] == [Clock.SECRECY_OVER]
    assert [d.clock for d in other.due] == [Clock.UNDATED]


def test_without_words_a_paper_shows_its_number_and_the_clocks_still_know_its_year(tmp_path: Path) -> None:
    (item,) = _items(tmp_path, row("/馆藏/a.pdf", paper(1, issued=None)), words=False)
    assert (item.path, item.label, item.unit, item.name) == (None, None, None, "第 1 号")
    assert item.formed is not None
    assert item.formed.basis is Basis.NUMBER


def test_a_failed_file_and_one_without_a_character_have_no_verdict(tmp_path: Path) -> None:
    items = _items(
        tmp_path,
        row(
            "/馆藏/a",
            paper(1, attribute=Attribute.WITHHELD, route=Route.MANUAL, chars=0, problems=("timeout",)),
            state=FileState.FAILED,
        ),
        row("/馆藏/b", paper(2, attribute=Attribute.ACTIVE, route=Route.MANUAL, chars=0, problems=("no_text",))),
        row("/馆藏/c", state=FileState.AGAIN, error="crashed"),
    )
    assert [item.verdict for item in items] == [Verdict.UNREAD] * 3
    assert items[2].problems == ("crashed",)


def test_a_container_read_in_full_is_a_wrapper_and_the_paper_in_it_is_not(tmp_path: Path) -> None:
    items = _items(tmp_path, row("/馆藏/a.zip", paper(1, chars=0, format="zip"), paper(2, part=1)))
    assert [item.is_wrapper for item in items] == [True, False]
    assert items[1].number == "1-1"


def test_the_unit_is_the_issuer_else_the_top_folder(tmp_path: Path) -> None:
    items = _items(tmp_path, row("/馆藏/水利局/a", paper(1)), row("/馆藏/教育局/1990/b", paper(2, words=Label())))
    assert [item.unit for item in items] == ["云溪市水利局", "（文件夹）教育局"]


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        (b"/a/b/c.txt", "b"),
        (b"/a/c.txt", "（来源根目录）"),
        (b"/elsewhere/d/e.txt", "d"),
        (b"e.txt", "（来源根目录）"),
        (b"/a/\xff/e", "�"),
    ],
)
def test_the_top_folder_lies_below_the_source(path: bytes, folder: str) -> None:
    assert top_folder(path, (b"/a/", b"/other")) == folder


@pytest.mark.parametrize("words", ["行\n一", "零\x00点", "右\u202e左", "代\udcff理"])
def test_words_are_made_harmless(words: str) -> None:
    assert all(c.isprintable() for c in plain(words))


def test_long_words_are_cut() -> None:
    assert len(plain("长" * 9999)) == 500


def test_sources_are_read_as_a_list_or_as_lines() -> None:
    assert read_sources('["/a", "b"]') == ("/a", "b")
    assert read_sources("/a\n/b") == ("/a", "/b")


def test_words_of_another_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLedger, match="密钥"):
        _items(tmp_path, row("/馆藏/a", paper(1)), seal=Seal(bytes(32)))


def test_a_row_that_no_ledger_writes_is_refused(tmp_path: Path) -> None:
    made_ledger(tmp_path, [row("/馆藏/a", paper(1, counts='{"a": 3}'))]).close()
    with pytest.raises(BadLedger, match="改动"):
        list(read_items(Ledger.open(tmp_path / "ledger.sqlite"), SEAL, TODAY))


def test_the_unit_of_a_paper_does_not_move_with_the_sources_of_later_runs(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/库/馆藏/水利局/1990/a", paper(1, words=Label()))], source="/库/馆藏")
    for source in ("/库/馆藏/水利局/1990", "/库", "/list.txt"):
        add_run(ledger, [], source=source)
        (item,) = read_items(ledger, SEAL, TODAY)
        assert item.unit == "（文件夹）水利局"


def test_of_the_sources_of_one_run_the_longest_names_the_unit(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [], source="/库")
    assert sources_of(ledger) == ("/库".encode(),)
    ledger.begin_run("2026-11-20T09:00:00+08:00", '["/a", "/a/b"]', 1, 1)
    assert sources_of(ledger) == ("/库".encode(), b"/a/b", b"/a")


def test_the_folder_of_a_blocked_paper_is_not_told_as_its_unit(tmp_path: Path) -> None:
    (item,) = _items(tmp_path, row("/馆藏/青鸾工程/a.pdf", blocked(1)))
    assert item.unit == "疑似涉密，不列单位"
