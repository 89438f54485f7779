"""The list of a sample: what people get, and what they may give back."""

import csv
import datetime as dt
import os
from pathlib import Path

import pytest
import xlsxwriter

from classifier.core.settings import Limits
from classifier.holdings.judgements import Label, Said, record_labels
from classifier.holdings.sample_table import COLUMNS, read_labels, write_lists
from classifier.holdings.sampling import BadSample, Sample, draw
from classifier.holdings.seal import Label as Words
from classifier.parse import read
from tests.classifier.holdings.made_ledger import SEAL, made_ledger, paper, row

NOW = dt.datetime(2026, 11, 24, 17, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
HEAD = "序号,人工判断,判断人,日期,说明\n"


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return draw(made_ledger(tmp_path, [row(f"/馆藏/{n}", paper(n)) for n in range(9)]), 4, "s", NOW - dt.timedelta(days=30), "")


def _table(folder: Path, words: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "填好.csv"
    path.write_text(words, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_filled_list_is_read_in_the_encodings_of_office_programs(tmp_path: Path, sample: Sample, encoding: str) -> None:
    table = _table(tmp_path, HEAD + "1,主动公开,王敏,2026/11/3,\n2,,,,\n3,不予公开,李强,,有身份证号\n", encoding)
    assert read_labels(table, sample, TODAY) == (
        Label(1, Said.ACTIVE, "王敏", dt.date(2026, 11, 3)),
        Label(3, Said.WITHHELD, "李强", TODAY, "有身份证号"),
    )


def test_the_xlsx_list_comes_back_as_it_was_filled_in(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "填好.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("抽样", "序号", "人工判断", "判断人", "日期"))
        sheet.write_row(1, 0, (sample.mark, 1, "依申请公开", "王敏", "2026-11-03"))
        sheet.write_row(2, 0, (sample.mark, 2))
        sheet.write_row(3, 0, (sample.mark, 4, "疑似涉密", "王敏"))
        sheet.write_datetime(3, 4, dt.datetime(2026, 11, 4), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read_labels(path, sample, TODAY) == (
        Label(1, Said.ON_REQUEST, "王敏", dt.date(2026, 11, 3)),
        Label(4, Said.SECRET, "王敏", dt.date(2026, 11, 4)),
    )


def test_the_list_we_write_can_be_read_again(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row(f"/馆藏/{n}", paper(n)) for n in range(9)])
    sample = draw(ledger, 4, "s", NOW, "")
    labels = [Label(1, Said.ACTIVE, "王敏", TODAY, "无"), Label(3, Said.WITHHELD, "李强", TODAY)]
    record_labels(ledger, sample, labels, NOW)
    for written in write_lists(tmp_path, ledger, SEAL, sample):
        assert read_labels(written, sample, TODAY) == tuple(labels)


def test_a_list_that_people_began_to_fill_in_is_not_written_over(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    sample = draw(ledger, 1, "s", NOW, "")
    _, table = write_lists(tmp_path, ledger, SEAL, sample)
    table.write_text("填了一半", encoding="utf-8")
    write_lists(tmp_path, ledger, SEAL, sample)
    assert table.read_text(encoding="utf-8") == "填了一半"


def test_titles_and_paths_become_no_formula(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x")'
    path = b"/\xff=cmd|' /C calc'!A0"
    ledger = made_ledger(tmp_path, [row(path, paper(1, words=Words(evil, "+1", "@x")))])
    book, table = write_lists(tmp_path, ledger, SEAL, draw(ledger, 1, "s", NOW, ""))
    with table.open(encoding="utf-8-sig", newline="") as handle:
        line = list(csv.reader(handle))[1]
    assert line[COLUMNS.index("标题")] == "'" + evil
    assert line[COLUMNS.index("发文字号")] == "'+1"
    assert os.fsdecode(path) not in line[-1]
    assert evil in read(book, Limits()).text


def test_without_words_the_list_holds_numbers_only(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/甲.pdf", paper(1))])
    sample = draw(ledger, 1, "s", NOW, "")
    for written in write_lists(tmp_path, ledger, SEAL, sample, words=False):
        text = read(written, Limits()).text
        assert "甲" not in text
        assert "事项" not in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("a,b\n1,2\n", "第一行"),
        ("", "第一行"),
        (HEAD + "x,主动公开,王敏,,\n", "第 2 行：序号不是数字"),
        (HEAD + "1,也许,王敏,,\n", "序号 1：人工判断只能是"),
        (HEAD + "1,公开,王敏,,\n", "序号 1：人工判断只能是"),
        (HEAD + "9,主动公开,王敏,,\n", "只有序号 1 至 4"),
        (HEAD + "2,主动公开,,,\n", "序号 2：没有写判断人"),
        (HEAD + "2,主动公开,王敏,2026-12-30,\n", "序号 2：判断日期在今天以后"),
        (HEAD + "2,主动公开,王敏,2020-01-01,\n", "序号 2：判断日期在抽样之前"),
        (HEAD + "2,主动公开,王敏,,\n2,不予公开,王敏,,\n", "序号 2：清单里有两行"),
        (HEAD + "1,,,,\n2,,,,\n", "没有填写任何一件"),
        (HEAD + "1,主动公开,王敏,昨天,\n", "日期看不懂"),
        (HEAD + "1,主动公开,王敏,2026-02-30,\n", "日期看不懂"),
        ("抽样,序号,人工判断,判断人\n9-abcdef01,1,主动公开,王敏\n", "另一次抽样"),
    ],
)
def test_a_row_that_says_nothing_clear_is_refused_with_its_line(tmp_path: Path, sample: Sample, words: str, told: str) -> None:
    with pytest.raises(BadSample, match=told):
        read_labels(_table(tmp_path, words), sample, TODAY)


def test_what_is_no_table_is_refused(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(BadSample):
        read_labels(path, sample, TODAY)


def test_every_fault_of_a_list_is_told_at_once(tmp_path: Path, sample: Sample) -> None:
    words = HEAD + "1,也许,王敏,昨天,\n2,主动公开,,,\n3,不予公开,李强,,\n"
    with pytest.raises(BadSample) as refused:
        read_labels(_table(tmp_path, words), sample, TODAY)
    assert [line[:4] for line in refused.value.message.split("\n")[1:]] == ["序号 1", "序号 1", "序号 2"]


def test_a_list_names_papers_by_the_number_of_the_report(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1, chars=0)), row("/馆藏/b", paper(2))])
    _, table = write_lists(tmp_path, ledger, SEAL, draw(ledger, 1, "s", NOW, ""))
    with table.open(encoding="utf-8-sig", newline="") as handle:
        assert next(csv.DictReader(handle))["编号"] == "2"
