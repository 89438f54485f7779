"""`mishen batch …` as people type it."""

import gzip
import json
import os
import re
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
    assert "文件：完成 3 个，失败 0 个\n共 3 件：" in told.output
    assert re.search(r"开始于 \d{4}-\d\d-\d\d \d\d:\d\d（北京时间）", told.output)
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
    assert "已写 3 行" in _mishen("export", tmp_path / "out", "--to", tmp_path / "r.jsonl").output
    assert (tmp_path / "r.jsonl").read_bytes() == (tmp_path / "out" / RESULTS).read_bytes()


def test_an_export_is_for_its_owner_alone(archive: Path, tmp_path: Path) -> None:
    """Paths of the archive stand in it, wherever it lies."""
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    os.umask(0o022)
    _mishen("export", tmp_path / "out", "--to", tmp_path / "r.jsonl")
    assert (tmp_path / "r.jsonl").stat().st_mode & 0o777 == 0o600


def test_an_export_can_be_compressed(archive: Path, tmp_path: Path) -> None:
    """By its name."""
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    _mishen("export", tmp_path / "out", "--to", tmp_path / "r.jsonl.gz")
    assert gzip.decompress((tmp_path / "r.jsonl.gz").read_bytes()) == (tmp_path / "out" / RESULTS).read_bytes()


def test_an_export_into_no_folder_is_told_as_that(archive: Path, tmp_path: Path) -> None:
    """The disk is not full."""
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    told = _mishen("export", tmp_path / "out", "--to", tmp_path / "no" / "r.jsonl").exception
    assert isinstance(told, BadSettings)
    assert "文件夹不存在" in told.message


def test_the_results_can_be_left_out(archive: Path, tmp_path: Path) -> None:
    """Ten kilobytes a paper are much for a million papers."""
    told = _mishen("run", archive, "--out", tmp_path / "out", "--no-results")
    assert told.exit_code == 0
    assert not (tmp_path / "out" / RESULTS).exists()
    assert RESULTS not in told.output


def test_a_paper_given_as_a_list_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    """Its lines are not paths, and reach neither the ledger nor the screen."""
    (tmp_path / "x.txt").write_text(MARKED, encoding="utf-8")
    told = _mishen("run", tmp_path / "x.txt", "--out", tmp_path / "out")
    assert isinstance(told.exception, BadSettings)
    assert "机密" not in told.exception.message + told.output
    assert not (tmp_path / "out").exists()


def test_no_file_at_all_is_no_success(archive: Path, tmp_path: Path) -> None:
    """A wrong path or a share that is not mounted."""
    (tmp_path / "empty").mkdir()
    told = _mishen("run", tmp_path / "empty", "--out", tmp_path / "out")
    assert told.exit_code == ExitCode.UNREAD
    assert "没有找到文件，请检查路径。" in told.output


def test_the_output_of_other_batches_is_left_out_and_told(archive: Path, tmp_path: Path) -> None:
    """An archive in which earlier batches lie."""
    _mishen("run", archive, "--out", archive / "batch", "--quiet")
    told = _mishen("run", archive, "--out", tmp_path / "out")
    assert "跳过了 1 个文件夹" in told.output
    assert "3/3 个文件" in told.output


def test_status_sets_the_unread_apart(archive: Path, tmp_path: Path) -> None:
    """Nothing read is no 不予公开."""
    (archive / "x.txt").touch()
    _mishen("run", archive, "--out", tmp_path / "out", "--quiet")
    counts = json.loads(_mishen("status", tmp_path / "out", "--json").output)
    assert counts["verdicts"]["unread"] == 1
    assert counts["papers"] == 4
    assert "没有读到 1" in _mishen("status", tmp_path / "out").output


def test_a_pipe_in_the_archive_does_not_hold_the_run(archive: Path, tmp_path: Path) -> None:
    """It is told as a failure."""
    os.mkfifo(archive / "pipe")
    assert _mishen("run", archive, "--out", tmp_path / "out", "--quiet").exit_code == ExitCode.UNREAD
    assert json.loads(_mishen("status", tmp_path / "out", "--json").output)["files"]["failed"] == 1


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
    assert told.count("正在停下") == 1
    assert "还需 0 秒" not in told
    assert f"还有 {1500 - counts['files']['done']} 个没有处理" in _mishen("status", out).output
    assert subprocess.run([*command, "--quiet"], env=environment, check=False, timeout=120).returncode == 0
    assert len((out / RESULTS).read_text().splitlines()) == 1500
