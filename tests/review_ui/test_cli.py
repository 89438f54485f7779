"""The commands: a first start makes accounts without passwords, the log can be verified from the shell."""

from __future__ import annotations

import os
import shutil
import socket

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from classifier.cli import cli as mishen
from classifier.core.errors import BadSettings
from review_ui import cli
from review_ui.store import accounts, files
from review_ui.store.place import prepare
from review_ui.store.tables import Job

from .conftest import Clock


@pytest.fixture
def data(tmp_path):
    """A data folder whose incoming folder on tmpfs is removed afterwards."""
    yield tmp_path / "data"
    place = prepare(tmp_path / "data")
    files.sweep(place, set(), before=float("inf"))
    shutil.rmtree(place.incoming)


def test_first_start_makes_the_officers_once(data) -> None:
    """Three officers with one-time codes and no password; a second start makes nobody."""
    place, database = cli.open_store(data)
    made = cli.first_start(place, database, Clock()(), demo=False)
    assert [login for login, _, _ in made] == ["sysadmin", "secadmin", "auditor"]
    with database.reading() as session:
        assert all(user.password is None for user in accounts.everyone(session))
    assert cli.first_start(place, database, Clock()(), demo=True) == []
    database.engine.dispose()


def test_demonstration_adds_every_desk_and_the_papers(data, tmp_path) -> None:
    """One account per desk, and the papers of corpus/demo are queued."""
    place, database = cli.open_store(data)
    made = cli.first_start(place, database, Clock()(), demo=True)
    assert len(made) == 9
    assert len({code for _, _, code in made}) == 9
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "甲.txt").write_text("甲", encoding="utf-8")
    (tmp_path / "papers" / "乙.exe").write_text("乙", encoding="utf-8")
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Job))
    assert cli.queue_demo(place, database, tmp_path / "papers", Clock()()) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == before + 1
    database.engine.dispose()


def test_users_and_verify_log_speak_chinese(data) -> None:
    """Listing shows no secrets; verifying prints the link to copy, takes it back later, and fails loudly when it is gone."""
    place, database = cli.open_store(data)
    codes = [code for _, _, code in cli.first_start(place, database, Clock()(), demo=False)]
    database.engine.dispose()
    runner = CliRunner()
    listed = runner.invoke(mishen, ["users", "--data", str(data)])
    assert "安全审计员" in listed.output
    assert "待激活" in listed.output
    assert not any(code in listed.output for code in codes)
    said = runner.invoke(mishen, ["verify-log", "--data", str(data)])
    assert said.exit_code == 0
    known = said.output.strip().rsplit("：", 1)[1]
    assert runner.invoke(mishen, ["verify-log", "--data", str(data), "--known", known]).exit_code == 0
    assert runner.invoke(mishen, ["verify-log", "--data", str(data), "--known", "9:" + "0" * 16]).exit_code == 5
    assert runner.invoke(mishen, ["verify-log", "--data", str(data), "--known", "x"]).exit_code == 2


def test_a_taken_port_is_told_before_anything_is_set_up(data) -> None:
    """The one-time codes are not wasted on a start that cannot listen; the message names a way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BadSettings, match="--port"):
            cli.serve("127.0.0.1", taken.getsockname()[1], data, open_demo=False)
    assert not (data / "mishen.sqlite3").exists()
    cli.open_store(data)[1].engine.dispose()


@pytest.fixture
def stocked(bureau):
    """An office whose incoming folder on tmpfs, made by the command, is removed afterwards."""
    yield bureau
    shutil.rmtree(prepare(bureau.place.data).incoming)


def test_stored_papers_are_told_to_the_rehearsal_of_rules(stocked) -> None:
    """Number, text and places of what was received; a blocked paper has no text to tell."""
    number = stocked.assessed("关于绿化的通知\n联系人手机13857801234。\n")
    stocked.assessed("机密★1年\n关于绿化的通知\n")
    told = list(cli.stored_papers(stocked.place.data))
    assert [(n, text) for n, text, _ in told] == [(number, "关于绿化的通知\n联系人手机13857801234。\n")]


def test_rules_are_rehearsed_over_the_store(stocked) -> None:
    """`mishen rules dry-run --store` reaches the desk through its one door."""
    number = stocked.assessed("关于绿化的通知\n联系人手机13857801234。\n")
    args = ["rules", "dry-run", "--rule", "personal.mobile", "--store", "--data", str(stocked.place.data)]
    done = CliRunner().invoke(mishen, args)
    assert done.exit_code == 0, done.output
    assert f"{number}\tpersonal.mobile@1 +1" in done.output
    assert "1385780" not in done.output


def test_a_wrong_data_folder_is_told(tmp_path) -> None:
    """No empty store is made by looking."""
    with pytest.raises(BadSettings, match="数据目录"):
        next(cli.stored_papers(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_packs_of_the_data_folder_are_used_and_faults_told(tmp_path, monkeypatch, capsys) -> None:
    """rules/ of the data folder is where a bureau's packs lie; an environment variable goes first."""
    monkeypatch.setenv("MISHEN_RULES", "")
    monkeypatch.delenv("MISHEN_RULES")
    (tmp_path / "rules" / "bad").mkdir(parents=True)
    (tmp_path / "rules" / "bad" / "pack.toml").write_text("[pack", encoding="utf-8")
    cli.use_packs(tmp_path)
    assert os.environ["MISHEN_RULES"] == str(tmp_path / "rules")
    assert "规则包 bad 没有装入" in capsys.readouterr().err
