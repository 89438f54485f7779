"""`mishen batch again | changes | sign | rehearse | copies`, with real children over a handful of papers."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from classifier.cli import cli
from classifier.cli_differences import COMMANDS
from classifier.core.errors import BadSettings
from classifier.holdings.changes import refuse_to_resume
from classifier.holdings.ledger import Ledger

NOTICE = "关于做好{0}工作的通知\n各县（市、区）人民政府：\n　　为做好{0}工作，现将有关事项通知如下。\n　　一、落实责任，及时报送进展情况。\n　　二、加强检查。\n云溪市人民政府办公室\n2024年3月1日\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "papers").mkdir()
    for number, words in enumerate(("防汛抗旱", "森林防火", "公共机构节能", "会议服务")):
        (folder / "papers" / f"{number}.txt").write_text(NOTICE.format(words) * 3, encoding="utf-8")
    (folder / "papers" / "二科").mkdir()
    (folder / "papers" / "二科" / "0.txt").write_text(NOTICE.format("防汛抗旱") * 3, encoding="utf-8")
    (folder / "papers" / "内部资料 注意保存.txt").write_text(NOTICE.format("防汛抗旱") * 3, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MISHEN_BATCH_KEY", str(folder / "batch.key"))
        assert _call("run", folder / "papers", "--out", folder / "old", "--jobs", "1", "--quiet").exit_code == 0
        yield folder


def _call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["batch", *map(str, arguments)])


def test_again_then_changes_then_sign(place: Path) -> None:
    """The whole way; nothing differs, so nothing is read and the list is empty."""
    told = _call("again", place / "old", "--out", place / "new", "--jobs", "1", "--quiet")
    assert told.exit_code == 0, told.output
    assert "不受影响 6 个文件，只重新判断 0 个文件" in told.output
    assert "假定" in told.output
    shown = _call("changes", place / "new")
    assert "还没有签认" in shown.output
    signed = _call("sign", place / "new", "--name", "王清", "--duty", "档案科科长")
    assert re.search(
        r"已签认：王清（档案科科长），\d{4}-\d\d-\d\d \d\d:\d\d（北京时间），清单 [0-9a-f]{12}，0 件。", signed.output
    )
    assert "有效" in _call("changes", place / "new").output
    assert (place / "new" / "changes.csv").read_text(encoding="utf-8-sig").startswith("编号,变动,原属性")
    assert {(place / "new" / f"changes.{form}").stat().st_mode & 0o777 for form in ("csv", "xlsx", "jsonl")} == {0o600}


def test_a_new_pack_changes_verdicts_and_the_list_says_why(place: Path, tmp_path: Path) -> None:
    """A child takes the papers from the vault; the rehearsal said the same before."""
    pack = tmp_path / "rules" / "yunxi"
    pack.mkdir(parents=True)
    (pack / "pack.toml").write_text(
        '[pack]\nprefix = "yunxi"\nname = "云溪"\nversion = "1"\npublisher = "办"\ndescription = "试"\n', encoding="utf-8"
    )
    (pack / "r.toml").write_text(
        '[[rule]]\nid = "yunxi.forest"\nversion = 1\nmethod = "pattern"\ncategory = "public_security"\ntype = "public_detail"\n'
        'severity = "review"\nlaw = ["条例:14"]\nwhy = "试"\npattern = "森林防火"\nhits = ["森林防火"]\n',
        encoding="utf-8",
    )
    tried = _call("rehearse", place / "old", "--pack", pack, "--jobs", "1")
    assert "命中有变 1 件" in tried.output, tried.output
    assert "第 2 号　1.txt\t试（yunxi.forest@1） +" in tried.output
    environment = {**os.environ, "MISHEN_RULES": str(tmp_path / "rules")}
    told = _run_apart(environment, "again", place / "old", "--out", tmp_path / "new", "--jobs", "1", "--quiet")
    assert "规则改了" in told
    assert "yunxi.forest" in told
    assert "重新查找再判断 1 个文件" in told
    shown = _call("changes", tmp_path / "new").output
    assert "命中（处） yunxi.forest@1 0→" in shown, shown  # this process does not know the pack
    assert "命中（处） 试（yunxi.forest@1） 0→" in _run_apart(environment, "changes", tmp_path / "new")
    assert "《关于做好森林防火工作的通知》" in shown
    assert not re.search(r"\bS\d", shown)


def test_a_difference_run_is_gone_on_with_by_its_own_command(place: Path, tmp_path: Path) -> None:
    """The list of what it reads may be half written: `resume` refuses and names the command."""
    assert _call("again", place / "old", "--out", tmp_path / "new", "--jobs", "1", "--quiet").exit_code == 0
    with closing(Ledger.open(tmp_path / "new" / "ledger.sqlite")) as ledger:
        [told] = ledger.read("SELECT sources FROM run ORDER BY id DESC LIMIT 1").fetchone()
        with pytest.raises(BadSettings, match=f"mishen batch again {place / 'old'} --out {tmp_path / 'new'}"):
            refuse_to_resume(ledger, json.loads(told), tmp_path / "new")
    with closing(Ledger.open(place / "old" / "ledger.sqlite")) as ledger:
        refuse_to_resume(ledger, [str(place / "papers")], place / "old")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_short_helps_are_one_clause_and_not_cut_off(command: click.Command) -> None:
    """Forty characters at most, as `mishen batch --help` shows them."""
    assert command.short_help is not None
    assert len(command.short_help) <= 40
    assert command.short_help in "".join(_call("--help").output.split())


@pytest.mark.parametrize("command", ["again", "rehearse"])
def test_exit_codes_are_told(command: str) -> None:
    """In the help of what does not simply give 0."""
    assert "退出码：0 " in _call(command, "--help").output.replace("\n  ", "")


def _run_apart(environment: dict[str, str], *arguments: object) -> str:
    """In a process of its own: tools are loaded once in each, and so is the server its children come from."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "classifier.cli", "batch", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_copies_are_counted_and_contradictions_written(place: Path) -> None:
    """Two equal files agree; the one whose name carries a mark does not."""
    told = _call("copies", place / "old")
    assert told.exit_code == 0, told.output
    assert "逐字节相同的 1 组，共 3 件" in told.output
    assert "第 1 组　逐字节相同　第 " in told.output
    assert "二科/0.txt" in told.output
    assert (place / "old" / "duplicates.csv").is_file()
    table = (place / "old" / "contradictions.csv").read_text(encoding="utf-8-sig")
    assert "同一文件" in table
    assert (place / "old" / "contradictions.xlsx").is_file()
    assert _call("copies", place / "old", "--no-words").exit_code == 0


@pytest.mark.parametrize("minutes", ["review", "review=x", "nothing=3", "review=-1"])
def test_minutes_are_named_and_numbers(minutes: str, place: Path) -> None:
    """A slip of the pen is told before anything is done."""
    assert _call("changes", place / "old", "--minutes", minutes).exit_code == 2


def test_what_cannot_be_is_told(place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No difference run, both targets, no key."""
    assert _call("changes", place / "old").exception is not None
    assert _call("rehearse", place / "old").exit_code == 2
    assert _call("rehearse", place / "old", "--rule", "a.b", "--pack", "c").exit_code == 2
    monkeypatch.setenv("MISHEN_BATCH_KEY", str(tmp_path / "none"))
    assert _call("copies", place / "old").exception is not None
    assert not (tmp_path / "none").exists()
