"""What click says is said in Chinese, whichever command it is about."""

import re
import sys

import click
import pytest
from click.testing import CliRunner

from classifier import cli as command_line
from classifier.cli import cli, main

ENGLISH = re.compile(
    r"Usage|Options|Commands|Missing|Invalid|does not|Try |Show |required|default|Error|No such|unexpected|INTEGER|DIRECTORY|PATH|TEXT"
)


def _commands(command: click.Command, path: tuple[str, ...] = ()):
    yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, (*path, name))


@pytest.mark.parametrize("path", list(_commands(cli)), ids=" ".join)
def test_no_help_page_holds_english(path: tuple[str, ...]) -> None:
    """Usage line, headings, placeholders, notes."""
    told = CliRunner().invoke(cli, [*path, "--help"]).output
    assert told.startswith("用法: ")
    assert "显示这份说明" in told
    assert not ENGLISH.search(told)


def _told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setattr(sys, "argv", ["mishen", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert not ENGLISH.search(told)
    return told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("batch", "run", "x"), "错误：少了 --out（输出目录）。\n看说明：mishen batch run --help\n"),
        (("batch", "status"), "错误：少了输出目录。\n看说明：mishen batch status --help\n"),
        (("batch", "run"), "错误：少了文件夹或清单。\n看说明：mishen batch run --help\n"),
        (("batch", "run", "x", "--out"), "错误：--out 后面少了值。\n"),
        (("batch", "run", "x", "--out", "y", "--jobs", "0"), "错误：--jobs：0 不在范围内（1<=x<=256）。"),
        (("batch", "run", "x", "--out", "y", "--jobs", "两"), "错误：--jobs：两 不是整数。"),
        (("batch", "report", "/no/such"), "错误：输出目录：找不到文件夹 /no/such。"),
        (("assess", "--format", "xml", "x"), "错误：--format：不能是 xml，可以是"),
        (("batch", "status", "--jsn", "x"), "错误：没有 --jsn 这个选项。"),
        (("bacth",), "错误：没有 bacth 这个命令。"),
        (("users", "a", "b"), "错误：多了几个参数：a b"),
    ],
)
def test_a_wrong_argument_is_told_in_one_sentence(
    words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the way to the help page, exit code 2."""
    assert _told(monkeypatch, capsys, *words).startswith(sentence)


def test_a_group_without_a_command_shows_its_help(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is no fault."""
    told = _told(monkeypatch, capsys, "batch")
    assert told.startswith("用法: ")
    assert "错误" not in told


def test_sentences_of_our_own_pass(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """As they were written."""
    assert _told(monkeypatch, capsys, "rules", "dry-run").startswith("错误：请用 --rule 或 --pack 指明演练什么（只选一个）。\n")


@pytest.mark.parametrize("name", ["run", "status", "pause", "resume", "cancel", "export"])
def test_the_list_of_batch_commands_cuts_nothing_off(name: str) -> None:
    """One clause each."""
    [line] = [line for line in CliRunner().invoke(cli, ["batch", "--help"]).output.splitlines() if line.startswith(f"  {name} ")]
    assert line.endswith("。")
    assert len(line.split()[1]) <= 40


def test_the_version_is_told() -> None:
    """`mishen --version`."""
    assert CliRunner().invoke(command_line.cli, ["--version"]).output.startswith("mishen ")
