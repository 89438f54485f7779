"""`mishen batch report | sample | label | certify | locate` as an archivist types them."""

import csv
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from classifier import cli_holdings
from classifier.core.errors import BadLedger
from classifier.holdings.elusion import Unfinished
from classifier.holdings.ledger import Ledger
from classifier.holdings.sampling import BadSample
from classifier.holdings.seal import Label as Words
from tests.classifier.holdings.made_ledger import KEY, add_run, blocked, made_ledger, paper, row


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An out folder with 50 papers to sample and a blocked one, and its key."""
    (tmp_path / "key").write_bytes(KEY)
    monkeypatch.setenv("MISHEN_BATCH_KEY", str(tmp_path / "key"))
    folder = tmp_path / "out"
    folder.mkdir()
    rows = [row(f"/馆藏/水利局/{n}.docx", paper(n)) for n in range(50)]
    made_ledger(folder, [*rows, row("/馆藏/机要/青鸾.pdf", blocked(99))]).close()
    return folder


def _do(command: str, *args: object) -> Result:
    return CliRunner().invoke(getattr(cli_holdings, command), [str(arg) for arg in args])


def _done(command: str, *args: object) -> str:
    result = _do(command, *args)
    assert result.exit_code == 0, result.output
    return result.output


def _fill(out: Path, said: str = "主动公开", leave: int = 0) -> Path:
    with (out / "sample-1.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))
    for line in rows[1 : len(rows) - leave]:
        line[2:4] = said, "王敏"
    table = out / "填好.csv"
    with table.open("w", encoding="gb18030", newline="") as handle:
        csv.writer(handle).writerows(rows)
    return table


def test_report_writes_both_files_and_says_where(out: Path) -> None:
    told = _done("report", out)
    assert "51 个文件" in told
    assert (out / "report.html").is_file()
    assert (out / "report.xlsx").is_file()


def test_without_the_key_a_report_needs_no_words(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISHEN_BATCH_KEY", str(out / "no key"))
    refused = _do("report", out)
    assert isinstance(refused.exception, BadLedger)
    assert "--no-words" in refused.exception.message
    _done("report", out, "--no-words")
    assert not (out / "no key").exists()


def test_from_the_sample_to_the_signed_certificate(out: Path) -> None:
    told = _done("sample", out, "--size", 30, "--seed", "abc")
    assert "抽取 30 件" in told
    assert "已判断 28 件，还差 2 件" in _done("label", out, _fill(out, leave=2))
    unfinished = _do("certify", out)
    assert isinstance(unfinished.exception, Unfinished)
    assert "还有 2 件" in unfinished.exception.message
    assert "已全部判断" in _done("label", out, _fill(out))
    assert "不超过 9.50%" in _done("certify", out)
    page = (out / "certificate-1.html").read_text(encoding="utf-8")
    assert "单位（盖章）" in page
    assert "不超过 <b>9.50%</b>" in page
    assert "不超过 9.50%" in (out / "certificate-1.txt").read_text(encoding="utf-8")


def test_a_bound_is_turned_into_papers(out: Path) -> None:
    assert "抽取 29 件" in _done("sample", out, "--bound", 0.1, "--no-words")


def test_a_sample_that_stands_is_not_drawn_again_unless_asked(out: Path) -> None:
    _done("sample", out, "--size", 5, "--seed", "a")
    assert "（指定抽取 5 件，种子由操作人指定，不是系统随机产生，抽了 5 件），抽定的样本不会改变，没有另抽" in _done(
        "sample", out, "--size", 5
    )
    assert "已有第 1 次抽样" in _done("sample", out)
    for other in (("--size", 9), ("--bound", 0.1), ("--size", 5, "--seed", "b")):
        refused = _do("sample", out, *other)
        assert isinstance(refused.exception, BadSample)
        assert "没有照办；要另抽一次请加 --new" in refused.exception.message
    assert "第 2 次抽样" in _done("sample", out, "--size", 9, "--seed", "b", "--new")


@pytest.mark.parametrize("args", [(), ("--size", "5", "--bound", "0.01")])
def test_a_sample_needs_a_size_or_a_bound(out: Path, args: tuple[str, ...]) -> None:
    result = _do("sample", out, *args)
    assert result.exit_code == 2
    assert "二者选一" in result.output


def test_labels_of_a_batch_without_a_sample_are_refused(out: Path) -> None:
    table = out / "x.csv"
    table.write_text("序号,人工判断,判断人\n1,主动公开,王敏\n", encoding="utf-8")
    assert isinstance(_do("label", out, table).exception, BadSample)


def test_locate_tells_the_path_of_a_number_and_of_no_other(out: Path) -> None:
    assert _done("locate", out, "51") == "51\t/馆藏/机要/青鸾.pdf\n"
    assert _done("locate", out, "1") == "1\t/馆藏/水利局/0.docx\n"
    lost = _do("locate", out, "77", "x", "1-2", "1-")
    assert lost.exit_code == 2
    assert lost.output.count("没有这个编号") == 4


def test_locate_names_the_member_but_never_that_of_a_blocked_paper(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_members = row(
        "/馆藏/a.zip", paper(1, chars=0), paper(2, part=1, words=Words(member="正文.docx")), replace(blocked(3), part=2)
    )
    ledger = Ledger.open(out / "ledger.sqlite")
    add_run(ledger, [with_members])
    ledger.close()
    assert _done("locate", out, "52-1") == "52-1\t/馆藏/a.zip → 正文.docx\n"
    assert _done("locate", out, "52-2") == "52-2\t/馆藏/a.zip → 内含的第 2 件（疑似涉密，不记名称）\n"
    monkeypatch.setenv("MISHEN_BATCH_KEY", str(out / "no key"))
    assert "没有密钥" in _done("locate", out, "52-1")


def test_a_sample_larger_than_the_pile_says_so(out: Path) -> None:
    assert "这一堆只有 50 件，全部抽取。" in _done("sample", out, "--size", 80)


def _stop(out: Path) -> None:
    """Let the last run be one that was stopped with 51 of 400 files done."""
    with sqlite3.connect(out / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE run SET state = 'stopped', found = 400")


def test_a_batch_that_is_not_done_is_sampled_only_when_that_is_asked_for(out: Path) -> None:
    _stop(out)
    refused = _do("sample", out, "--size", 5)
    assert isinstance(refused.exception, BadSample)
    assert "400 个文件里完成了 51 个" in refused.exception.message
    _done("sample", out, "--size", 5, "--partial")
    assert "没有另抽" in _done("sample", out, "--size", 5)
    _done("label", out, _fill(out))
    assert "批次没有做完，只代表抽样时做完的部分" in _done("certify", out)


def test_a_report_on_a_batch_that_is_not_done_says_so(out: Path) -> None:
    assert "批次没有做完" not in _done("report", out)
    _stop(out)
    told = "批次没有做完：400 个文件里完成了 51 个，以下数字不是全部。"
    assert told in _done("report", out)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f'<div class="alarm"><p>{told}' in page
    assert "中途停下" in page
    assert "stopped" not in page


def test_an_empty_list_is_refused(out: Path) -> None:
    _done("sample", out, "--size", 5)
    refused = _do("label", out, out / "sample-1.csv")
    assert isinstance(refused.exception, BadSample)
    assert refused.exception.message.startswith("没有填写任何一件。")


def test_a_certificate_without_words_names_no_folder(out: Path) -> None:
    _done("sample", out, "--size", 5)
    _done("label", out, _fill(out))
    _done("certify", out, "--no-words")
    for ending in ("html", "txt"):
        told = (out / f"certificate-1.{ending}").read_text(encoding="utf-8")
        assert "批次 （不显示）" in told
        assert f"批次 {out.name}" not in told


@pytest.mark.parametrize("name", ["report", "sample", "label", "certify", "locate"])
def test_every_command_says_in_a_clause_what_it_does(name: str) -> None:
    assert 0 < len(getattr(cli_holdings, name).short_help or "") <= 40


def test_a_folder_without_a_ledger_is_no_batch(tmp_path: Path) -> None:
    assert isinstance(_do("report", tmp_path, "--no-words").exception, BadLedger)
