"""The command line, as a new user and as a program meet it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifier.cli import cli

PAPER = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好宣传工作。\n云溪市水利局\n2026年4月2日"


def _run(*args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from classifier.cli import main; main()", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=env, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "通知.txt").write_text(PAPER, encoding="utf-8")
    (tmp_path / "坏\n名.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "空.pdf").write_bytes(b"")
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    return tmp_path


def test_help_is_chinese_and_names_the_commands() -> None:
    """A new user sees what there is."""
    output = CliRunner().invoke(cli, ["--help"]).output
    for word in ("密审", "assess", "serve", "rules", "models"):
        assert word in output


def test_help_imports_nothing_heavy() -> None:
    """`--help` stays well under a second because numpy, lxml and flask are not loaded."""
    code = "import sys; from click.testing import CliRunner; from classifier.cli import cli; CliRunner().invoke(cli, ['--help']); print([m for m in ('numpy','lxml','flask','sklearn','pypdfium2') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_jsonl_one_object_per_file_and_the_batch_goes_on(folder: Path) -> None:
    """Bad files become objects with problems; the good one is judged; exit code 3 says something was unread."""
    done = _run("assess", str(folder), "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 3
    assert done.returncode == 3
    assert sum(bool(r["problems"]) for r in rows) == 2


def test_all_read_is_exit_zero(folder: Path) -> None:
    """A folder that was read in full ends with 0."""
    assert _run("assess", str(folder / "通知.txt"), "--format", "jsonl").returncode == 0


def test_marking_is_exit_four_and_shows_no_name(tmp_path: Path) -> None:
    """A state-secret marking has its own exit code; the table shows neither name nor words."""
    path = tmp_path / "某地驻军情况.txt"
    path.write_text("机密★5年\n" + PAPER, encoding="utf-8")
    done = _run("assess", str(path), "--format", "table")
    assert done.returncode == 4
    assert "某地驻军" not in done.stdout
    assert "节水" not in done.stdout
    assert "保密工作机构" in done.stdout.replace("\n", "")


def test_no_text(folder: Path) -> None:
    """`--no-text` prints no word of the paper."""
    assert "节水" not in _run("assess", str(folder / "通知.txt"), "--format", "jsonl", "--no-text").stdout


def test_missing_file_is_told_in_chinese(tmp_path: Path) -> None:
    """A wrong path says what to do."""
    done = _run("assess", str(tmp_path / "没有.docx"), "--format", "table")
    assert "找不到这个文件" in done.stdout.replace("\n", "")
    assert done.returncode == 3


def test_no_argument_is_a_usage_error() -> None:
    """Exit code 2, as shells expect."""
    assert _run("assess").returncode == 2


def test_rules_are_listed_and_explained() -> None:
    """Each rule shows its law and its examples."""
    assert "marking.full@1" in _run("rules").stdout
    explained = _run("rules", "marking.full").stdout
    assert "《保守国家秘密法》" in explained
    assert "机密★10年" in explained


def test_unknown_rule_is_told(tmp_path: Path) -> None:
    """A wrong id gets one Chinese line and the data exit code."""
    done = _run("rules", "no.such")
    assert done.returncode == 5
    assert "没有规则" in done.stderr
    assert "Traceback" not in done.stderr


def test_models_are_listed_and_verified() -> None:
    """The active model is named and its checksum checked."""
    done = _run("models")
    assert "启用" in done.stdout
    assert "校验和正确" in done.stdout


def test_read_shows_every_piece_with_its_place_and_the_receipt(tmp_path: Path) -> None:
    """A person sees what the machine saw: header and body apart, and that nothing was left out."""
    import docx

    document = docx.Document()
    document.add_paragraph("关于开展节水宣传的通知")
    document.sections[0].header.paragraphs[0].text = "云溪市水利局文件"
    document.save(str(tmp_path / "通知.docx"))
    done = _run("read", str(tmp_path / "通知.docx"))
    assert "［页眉］云溪市水利局文件" in done.stdout
    assert "［正文］关于开展节水宣传的通知" in done.stdout
    assert "阅读回执" in done.stdout
    rows = [json.loads(line) for line in _run("read", str(tmp_path / "通知.docx"), "--format", "json").stdout.splitlines()]
    assert rows[0]["schema"] == "mishen.reading/1"
    assert {p["where"] for p in rows[0]["pieces"]} >= {"header", "body", "name"}


def test_read_shows_no_word_of_a_marked_file(tmp_path: Path) -> None:
    """A state-secret marking stops reading aloud too."""
    (tmp_path / "a.txt").write_text("机密★5年\n" + PAPER, encoding="utf-8")
    done = _run("read", str(tmp_path / "a.txt"))
    assert done.returncode == 4
    assert "节水" not in done.stdout + done.stderr


def test_read_names_what_was_not_read(tmp_path: Path) -> None:
    """Unread is told with its reason and exit code 3."""
    (tmp_path / "空.pdf").write_bytes(b"")
    done = _run("read", str(tmp_path / "空.pdf"))
    assert done.returncode == 3
    assert "没有可读的内容" in done.stdout
