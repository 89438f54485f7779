"""A file with a secrecy mark leaves nothing behind（domain/02 §6）."""

from __future__ import annotations

import io

import pytest

from review_ui.flow import Role
from review_ui.store import files
from review_ui.store.tables import Incident

from ..conftest import SECRET

NAME = "关于某部署的方案.txt"
TEXT = f"{SECRET}\n方案内容甲乙丙\n"


def remains(bureau, words: str) -> list[str]:
    """Files in which the words stand, names included."""
    data = words.encode()
    paths = [path for root in (bureau.place.data, bureau.place.incoming) for path in root.rglob("*")]
    return [path.name for path in paths if words in path.name or (path.is_file() and data in path.read_bytes())]


@pytest.mark.parametrize(("text", "name"), [(TEXT, NAME), ("无标志\n方案内容甲乙丙\n", f"{SECRET}方案.txt")])
def test_nothing_of_a_blocked_upload_remains(bureau, caplog, text: str, name: str) -> None:
    """Mark, text and file name are in no file: data folder, database, WAL, incoming folder; nor in a log."""
    drafter = bureau.visit(Role.DRAFTER)
    answer = drafter.post("/upload", {"files": (io.BytesIO(text.encode()), name)}, headers={"Accept": "application/json"})
    no = answer.get_json()["cases"][0]
    assert remains(bureau, "方案内容甲乙丙")
    bureau.work()
    for words in ("方案内容甲乙丙", SECRET, name, name.split(".")[0], "ab" * 32):
        assert remains(bureau, words) == []
        assert words not in caplog.text
    assert files.uploads(bureau.place) == []
    assert list(bureau.place.originals.iterdir()) == []
    row = bureau.row(no)
    assert (row.stage, row.title, row.file_name, row.sha256) == ("blocked_suspected_secret", None, None, None)
    with bureau.database.reading() as session:
        incident = session.get_one(Incident, no)
    assert (incident.rules, incident.level) == ("marking.level@1", "secret")


def test_the_uploader_is_told_what_to_do_and_the_officer_sees_the_clock(bureau) -> None:
    """Fixed instructions for both; rules, level and the 24-hour clock only for the security officer; nobody else sees it."""
    no = bureau.assessed(TEXT, NAME)
    told = bureau.visit(Role.DRAFTER).get(f"/case/{no}").get_data(as_text=True)
    assert "停止传递" in told
    assert "立即报告" in told
    assert "marking.level@1" not in told
    bureau.clock.move(hours=3)
    officer = bureau.visit(Role.SECURITY_OFFICER)
    page = officer.get(f"/case/{no}").get_data(as_text=True)
    assert "还剩 21 小时 0 分" in page
    assert "marking.level@1" in page
    assert no in officer.get("/queue?tab=blocked").get_data(as_text=True)
    assert bureau.visit(Role.SECRECY_REVIEWER).get(f"/case/{no}").status_code == 404
    bureau.clock.move(hours=30)
    assert "已超过" in bureau.visit(Role.SECURITY_OFFICER).get(f"/case/{no}").get_data(as_text=True)


def test_the_officer_closes_the_incident(bureau) -> None:
    """With a conclusion, once; the uploader cannot."""
    no = bureau.assessed(TEXT, NAME)
    bureau.visit(Role.DRAFTER).act(no, "close_incident", note="误标已纠正")
    assert bureau.row(no).stage == "blocked_suspected_secret"
    officer = bureau.visit(Role.SECURITY_OFFICER)
    officer.act(no, "close_incident", note="")
    assert bureau.row(no).stage == "blocked_suspected_secret"
    officer.act(no, "close_incident", note="已报告保密办，误标已纠正")
    assert bureau.row(no).stage == "incident_closed"
