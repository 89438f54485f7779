"""Tables have a heading for every column, sheets named in Chinese, and are for their owner alone."""

import csv
import os
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from classifier.core.assessment import Attribute, Route
from classifier.holdings.catalogue import HIDDEN, Catalogue
from classifier.holdings.changes import Changed, ChangeKind, Verdict
from classifier.holdings.contradictions import find_contradictions
from classifier.holdings.copies import find_copies
from classifier.holdings.duplicates import find_duplicates
from classifier.holdings.ledger import Ledger
from classifier.holdings.tables import write_changes, write_copies
from tests.classifier.holdings.made_ledger import SEAL, blocked, made_ledger, paper, row

CHANGED = Changed(
    path="/馆藏/=1.pdf".encode(),
    file=1,
    part=0,
    kind=ChangeKind.ATTRIBUTE,
    old=Verdict(Attribute.ACTIVE, Route.SUGGEST, 0.97),
    new=Verdict(Attribute.WITHHELD, Route.REVIEW, 0.8),
    rules={"hidden.comment@1": (0, 2)},
    gone=("S7 active",),
    come=("S4 withheld",),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    before = os.umask(0o022)
    rows = [
        row("=1.pdf", paper(1)),
        row("/馆藏/2.pdf", paper(1, attribute=Attribute.WITHHELD)),
        row("/馆藏/机密.pdf", blocked(3)),
    ]
    with closing(made_ledger(tmp_path, rows)) as made:
        yield made
    os.umask(before)


def _read(folder: Path, name: str) -> list[list[str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _open(book: Path, part: str) -> etree._Element:
    with zipfile.ZipFile(book) as archive:
        return etree.fromstring(archive.read(f"xl/{part}.xml"))


def _sheets(book: Path) -> list[str]:
    return [str(sheet.get("name")) for sheet in _open(book, "workbook").iter("{*}sheet")]


def _head(book: Path, number: int) -> list[str]:
    first = next(_open(book, f"worksheets/sheet{number}").iter("{*}row"))
    return ["".join(str(word) for word in cell.itertext()) for cell in first]


def _tables(ledger: Ledger, folder: Path) -> dict[str, list[list[str]]]:
    catalogue, copies = Catalogue(ledger, SEAL), find_copies(ledger)
    write_copies(catalogue, find_contradictions(ledger, SEAL, copies), find_duplicates(ledger, copies), folder)
    write_changes(catalogue, [CHANGED, replace(CHANGED, old=None)], {"hidden.comment": "文件里有批注"}, folder)
    return {name: _read(folder, name) for name in ("changes", "contradictions", "duplicates")}


def test_every_row_has_a_cell_for_every_heading(ledger: Ledger, tmp_path: Path) -> None:
    """In each csv, and the same in its sheet."""
    for name, told in _tables(ledger, tmp_path).items():
        assert len(told) > 1, name
        assert {len(line) for line in told} == {len(told[0])}, name
    for book, names in (("changes", ("changes",)), ("contradictions", ("contradictions", "duplicates"))):
        for number, name in enumerate(names, 1):
            assert _head(tmp_path / f"{book}.xlsx", number) == _read(tmp_path, name)[0]


def test_a_change_stands_under_its_headings(ledger: Ledger, tmp_path: Path) -> None:
    """How sure before and now, rules by name and number, steps in words, the title."""
    head, first, second = _tables(ledger, tmp_path)["changes"]
    told = dict(zip(head, first, strict=True))
    assert told["新处理方式"] == Route.REVIEW.label
    assert told["把握（原→新）"] == "97%→80%"
    assert told["规则（原→新）"] == "文件里有批注（hidden.comment@1） 0→2"
    assert (told["不再主张"], told["新主张"]) == ("同类文件的做法：主动公开", "法律禁止公开、公共安全：不予公开")
    assert told["标题"] == "关于第1号事项的通知"
    assert told["路径"] == "'=1.pdf"  # no formula
    assert second[head.index("原属性")] == "（原来没有）"


def test_sheets_are_named_in_chinese(ledger: Ledger, tmp_path: Path) -> None:
    """For people who read no English."""
    _tables(ledger, tmp_path)
    books = [_sheets(tmp_path / f"{name}.xlsx") for name in ("changes", "contradictions")]
    assert books == [["变动清单"], ["矛盾", "重复件"]]


def test_tables_are_for_their_owner_alone(ledger: Ledger, tmp_path: Path) -> None:
    """Whatever the umask; and nothing is left beside them."""
    _tables(ledger, tmp_path)
    written = [path for path in tmp_path.iterdir() if not path.name.startswith("ledger")]
    assert {path.name for path in written} == {
        "changes.csv",
        "changes.xlsx",
        "contradictions.csv",
        "contradictions.xlsx",
        "duplicates.csv",
    }
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}


def test_duplicates_name_each_paper(ledger: Ledger, tmp_path: Path) -> None:
    """Group, how much they have in common, number, attribute, route, title, path."""
    assert _tables(ledger, tmp_path)["duplicates"][1:] == [
        ["1", "逐字节相同", "1", "主动公开", Route.SUGGEST.label, "关于第1号事项的通知", "'=1.pdf"],
        ["1", "逐字节相同", "2", "不予公开", Route.SUGGEST.label, "关于第1号事项的通知", "/馆藏/2.pdf"],
    ]


def test_a_paper_that_was_stopped_shows_no_word(ledger: Ledger, tmp_path: Path) -> None:
    """Neither title nor path, where either run stopped it; and no figure of how sure."""
    now = replace(CHANGED, path=b"", file=3, new=Verdict(None, Route.BLOCKED, 1.0))
    before = replace(CHANGED, path=b"", old=Verdict(None, Route.BLOCKED, 1.0))
    write_changes(Catalogue(ledger, SEAL), [now, before], {}, tmp_path)
    head, *rows = _read(tmp_path, "changes")
    assert {line[head.index(name)] for line in rows for name in ("标题", "路径")} == {HIDDEN}
    assert [line[head.index("把握（原→新）")] for line in rows] == ["97%→—", "—→80%"]
