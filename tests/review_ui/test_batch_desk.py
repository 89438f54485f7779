"""From an archive's batch to the desk and back: send, label, collect, certify."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifier.cli import cli
from review_ui import cli as desk
from review_ui.flow.case import Role
from review_ui.store import frozen
from review_ui.store.tables import DocumentText, User

from .conftest import LOGINS

OPEN = "青溪县人民政府公告\n　　为方便群众办事，现将政务服务大厅第{n}号窗口的办理条件、材料和时限公布如下：受理时间为工作日九时至十七时。\n青溪县人民政府\n2024年3月{n}日\n"
CLOSED = "青溪县水利局\n关于追加泵站经费的请示\n县人民政府：\n　　拟追加泵站经费，方案尚在讨论。妥否，请批示。\n青溪县水利局\n2024年3月1日\n"


DOUBTFUL = "青溪县水利局\n关于张建国同志家庭情况的调查报告\n　　张建国，身份证号330102199003071234，患肝癌。\n"


PACK = """[pack]
prefix = "qx"
name = "青溪规则"
version = "1"
publisher = "青溪县水利局"
description = "代号"
"""
RULE = """[[rule]]
id = "qx.window"
version = 1
state = "enabled"
method = "terms"
category = "public_security"
type = "passage"
severity = "review"
grade = "suspected"
law = ["条例:14"]
why = "出现代号"
terms = ["第3号窗口"]
hits = ["请到第3号窗口"]
misses = ["请到第4号窗口"]
"""


@pytest.fixture
def command(bureau, tmp_path, monkeypatch):
    """`mishen batch …` on the desk of this test, with a key of its own."""
    monkeypatch.setenv("MISHEN_BATCH_KEY", str(tmp_path / "batch.key"))
    monkeypatch.setattr(desk, "_existing_office", lambda _data: (bureau.place, bureau.database))

    def call(*words: str) -> str:
        answer = CliRunner().invoke(cli, ["batch", *words], catch_exceptions=False)
        return answer.output

    return call


@pytest.fixture
def archive(command, tmp_path) -> Path:
    """A batch of six announcements and a request."""
    folder, out = tmp_path / "old", tmp_path / "out"
    folder.mkdir()
    for n in range(1, 7):
        (folder / f"{n}.txt").write_text(OPEN.format(n=n), encoding="utf-8")
    (folder / "closed.txt").write_text(CLOSED, encoding="utf-8")
    (folder / "doubtful.txt").write_text(DOUBTFUL, encoding="utf-8")
    (folder / "marked.txt").write_text("机密★10年\n" + CLOSED, encoding="utf-8")
    command("run", str(folder), "--out", str(out), "--jobs", "1", "--quiet")
    return out


def sets(bureau):
    with bureau.database.reading() as session:
        return [held for held, _ in frozen.sets(session)]


def test_what_needs_people_goes_to_the_desk(bureau, archive, command) -> None:
    """Papers that a click does not settle, and no others; what looks like a state secret is copied nowhere."""
    told = command("send", str(archive), "--as", LOGINS[Role.DRAFTER])
    bureau.work()
    [held] = sets(bureau)
    with bureau.database.reading() as session:
        [(_, case, _)] = frozen.rows(session, held.id)
        assert "调查报告" in session.get_one(DocumentText, case.no).text
    assert "1 个文件疑似涉密，按规定不送审查台" in told


def test_what_was_sent_is_not_sent_again(bureau, archive, command) -> None:
    """One at a time, then none; nobody gets a paper twice."""
    assert "本次送 1 件。" in command("send", str(archive), "--as", LOGINS[Role.DRAFTER], "--most", "1")
    assert "都送过了" in command("send", str(archive), "--as", LOGINS[Role.DRAFTER])
    assert len(sets(bureau)) == 1


def test_verdicts_that_changed_go_to_the_desk(bureau, archive, command, tmp_path, monkeypatch) -> None:
    """Those of a difference run, and only those."""
    rules = tmp_path / "rules"
    pack = rules / "local"
    pack.mkdir(parents=True)
    (pack / "pack.toml").write_text(PACK, encoding="utf-8")
    (pack / "rules.toml").write_text(RULE, encoding="utf-8")
    monkeypatch.setenv("MISHEN_RULES", str(rules))
    new = tmp_path / "new"
    # a process of its own: the fork server of this one has children with the old rules
    again = [sys.executable, "-m", "classifier.cli", "batch", "again", str(archive), "--out", str(new)]
    done = subprocess.run(again, check=False, capture_output=True, text=True)
    assert done.returncode in (0, 3, 4), done.stderr
    command("send", str(new), "--which", "changed", "--as", LOGINS[Role.DRAFTER])
    assert [held.size for held in sets(bureau)] == [1]


def test_a_sample_comes_back_with_labels_and_is_certified(bureau, archive, command) -> None:
    """Drawn, sent, labelled blind on the desk, collected; one miss among them is stated."""
    bureau.clock.now = dt.datetime.now(dt.UTC)  # a label must be of a day after the draw
    command("sample", str(archive), "--size", "4", "--seed", "7")
    command("send", str(archive), "--which", "sample", "--as", LOGINS[Role.DRAFTER])
    bureau.work()
    [held] = sets(bureau)
    with bureau.database.writing() as session:
        clerk = session.get_one(User, bureau.users[Role.OFFICE_CLERK].id)
        for number in range(1, held.size + 1):
            frozen.put_label(session, held, number, clerk, "withheld" if number == 1 else "active", "", bureau.clock())
        session.commit()
    assert f"取回 {held.size} 件" in command("collect", str(archive))
    command("certify", str(archive))
    [certificate] = archive.glob("certificate-*.txt")
    told = certificate.read_text(encoding="utf-8")
    assert "95%" in told.replace(" ", "")
    assert "不予公开" in told


def test_a_sample_that_was_never_sent_cannot_be_collected(archive, command) -> None:
    """The message says what to do first."""
    from classifier.core.errors import BadSettings

    command("sample", str(archive), "--size", "2")
    with pytest.raises(BadSettings, match="mishen batch send"):
        command("collect", str(archive))
