"""`mishen batch …` as people type it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifier import batch
from classifier.batch import Outcome
from classifier.cli import cli
from classifier.core.errors import BadLedger, BadSettings, ExitCode
from classifier.holdings.order import LEDGER, RESULTS

NOTICE = "关于第{}号事项的通知\n各单位：\n　　请认真组织。\n2024年3月1日\n"
MARKED = "机密★10年\n关于某事项的请示\n"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three papers; the key beside it; no children."""
    monkeypatch.setenv("MISHEN_BATCH_KEY", str(tmp_path / "key"))
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(NOTICE.format(number), encoding="utf-8")

    def run_here(work, items, *, accept, **_options):
        for item in items:
            yield Outcome(item, accept(item, work(item)))

    monkeypatch.setattr(batch, "run", run_here)
    mask = os.umask(0o022)
    yield folder
    os.umask(mask)


def _mishen(*words: object):
    return CliRunner().invoke(cli, ["batch", *map(str, words)])


def test_a_run_tells_where_the_results_are(archive: Path, tmp_path: Path) -> None:
    """Exit code 0, results, and nobody else may read them."""
    told = _mishen("run", archive, "--out", tmp_path / "out", "--jobs", 1)
    assert told.exit_code == ExitCode.OK
    assert "已完成" in told.output
    assert len((tmp_path / "out" / RESULTS).read_text().splitlines()) == 3
    assert (tmp_path / "out" / LEDGER).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("text", "code"), [(MARKED, ExitCode.BLOCKED), ("", ExitCode.UNREAD)])
def test_the_exit_code_is_that_of_assess(text: str, code: ExitCode, archive: Path, tmp_path: Path) -> None:
    """Blocked and unread papers are told to the shell."""
    (archive / "x.txt").write_text(text, encoding="utf-8")
    assert _mishen("run", archive, "--out", tmp_path / "out", "--quiet").exit_code == code


def test_a_list_can_be_given(archive: Path, tmp_path: Path) -> None:
    """One path a line."""
    (tmp_path / "list").write_text(f"{archive / '1.txt'}\n")
    assert _mishen("run", tmp_path / "list", "--out", tmp_path / "out", "--quiet").exit_code == 0
    assert len((tmp_path / "out" / RESULTS).read_text().splitlines()) == 1


def test_status_tells_counts_and_no_names(archive: Path, tmp_path: Path) -> None:
    """For people and for programs."""
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    told = _mishen("status", tmp_path / "out")
    assert "已完成" in told.output
    assert "完成 3 个文件，失败 0；共 3 件" in told.output
    assert "0.txt" not in told.output
    counts = json.loads(_mishen("status", tmp_path / "out", "--json").output)
    assert counts["files"] == {"done": 3, "again": 0, "failed": 0}
    assert sum(counts["verdicts"].values()) == counts["papers"] == 3


@pytest.mark.parametrize("word", ["pause", "cancel"])
def test_what_does_not_run_cannot_be_stopped(word: str, archive: Path, tmp_path: Path) -> None:
    """A sentence, not silence."""
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    assert isinstance(_mishen(word, tmp_path / "out").exception, BadSettings)


def test_resume_begins_again_where_the_last_run_was(archive: Path, tmp_path: Path) -> None:
    """With its sources, which need not be typed again."""
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    (archive / "new.txt").write_text(NOTICE.format("新"), encoding="utf-8")
    assert _mishen("resume", tmp_path / "out", "--quiet").exit_code == 0
    assert len((tmp_path / "out" / RESULTS).read_text().splitlines()) == 4


def test_export_writes_the_results_again(archive: Path, tmp_path: Path) -> None:
    """Equal to those of the run, wherever they are wanted."""
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    assert "已写 3 件" in _mishen("export", tmp_path / "out", "--to", tmp_path / "r.jsonl").output
    assert (tmp_path / "r.jsonl").read_bytes() == (tmp_path / "out" / RESULTS).read_bytes()


def test_a_folder_without_a_ledger_is_told(tmp_path: Path) -> None:
    """What to do next."""
    assert isinstance(_mishen("status", tmp_path).exception, BadLedger)


def test_the_first_signal_lets_the_run_end_well(tmp_path: Path) -> None:
    """SIGTERM: exit code 130, a sentence, a ledger that says `stopped`; the same command does the rest."""
    folder, out = tmp_path / "archive", tmp_path / "out"
    folder.mkdir()
    for number in range(1500):
        (folder / f"{number:04d}.txt").write_text(NOTICE.format(number), encoding="utf-8")
    environment = {**os.environ, "MISHEN_BATCH_KEY": str(tmp_path / "key")}
    command = [sys.executable, "-m", "classifier.cli", "batch", "run", str(folder), "--out", str(out), "--jobs", "1"]
    first = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and first.poll() is None:
        time.sleep(0.05)
        if (out / LEDGER).exists() and _mishen("status", out, "--json").exit_code == 0:
            counts = json.loads(_mishen("status", out, "--json").output)
            if counts["files"]["done"]:
                break
    first.terminate()
    told = first.communicate(timeout=60)[1]
    assert first.returncode == 130
    assert "再运行同一条命令" in told
    counts = json.loads(_mishen("status", out, "--json").output)
    assert counts["state"] == "stopped"
    assert 0 < counts["files"]["done"] < 1500
    assert subprocess.run([*command, "--quiet"], env=environment, check=False, timeout=120).returncode == 0
    assert len((out / RESULTS).read_text().splitlines()) == 1500
