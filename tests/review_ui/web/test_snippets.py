"""Pictures of what was not read surely: kept beside the original, shown on the review page, to readers of the case only."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from review_ui.flow import Role
from review_ui.store.tables import AuditEvent
from review_ui.worker import look

from ..conftest import PNG, SECRET, assess

TEXT = "关于绿化的通知\n这里有未读的地方。\n"


def test_the_review_page_shows_them_with_their_place(bureau) -> None:
    """A list with page, alt text and picture; a paper that was read well has none."""
    no = bureau.assessed(TEXT)
    page = bureau.visit(Role.DRAFTER).get(f"/case/{no}").get_data(as_text=True)
    assert "没读清的区域" in page
    assert f'src="/case/{no}/snippet/1" alt="没读清的区域 1，第 2 页，请人工辨认"' in page
    assert f'src="/case/{no}/snippet/2" alt="没读清的区域 2，内含文件 1的第 3 页，请人工辨认"' in page
    other = bureau.assessed()
    assert "没读清的区域" not in bureau.visit(Role.DRAFTER).get(f"/case/{other}").get_data(as_text=True)


def test_a_reader_gets_the_picture_and_reading_is_audited(bureau) -> None:
    """The PNG as it was cut out, never cached; one line in the log, as for the page."""
    no = bureau.assessed(TEXT)
    drafter = bureau.visit(Role.DRAFTER)
    for number in (1, 2):
        answer = drafter.get(f"/case/{no}/snippet/{number}")
        assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "image/png", "no-store")
        assert answer.get_data() == PNG
        answer.close()
    with bureau.database.reading() as session:
        actions = [e.action for e in session.query(AuditEvent).filter(AuditEvent.object == no, AuditEvent.actor != "system")]
    assert actions == ["upload", "read"]


def test_who_may_not_read_the_case_gets_the_page_of_a_missing_one(bureau) -> None:
    """A colleague before the hand-in, all officers, and numbers that do not exist: one and the same answer."""
    no = bureau.assessed(TEXT)
    missing = bureau.visit(Role.OFFICE_CLERK).get("/case/AAAA-AAAA/snippet/1")
    assert missing.status_code == 404
    refused = bureau.visit(Role.OFFICE_CLERK).get(f"/case/{no}/snippet/1")
    assert refused.status_code == 404
    assert plain(refused) == plain(missing)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_OFFICER):
        assert bureau.visit(role).get(f"/case/{no}/snippet/1").status_code == 404
    for number in (0, 3, 999):
        assert bureau.visit(Role.DRAFTER).get(f"/case/{no}/snippet/{number}").status_code == 404


def test_they_lie_private_beside_the_original_and_never_for_a_blocked_paper(bureau) -> None:
    """One folder under the original's random name, files of this account only; a secrecy mark leaves none."""
    no = bureau.assessed(TEXT)
    [folder] = bureau.place.snippets.iterdir()
    assert folder.name == bureau.row(no).original
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {(f.name, f.stat().st_mode & 0o777) for f in folder.iterdir()} == {("1.png", 0o600), ("2.png", 0o600)}
    blocked = bureau.assessed(f"{SECRET}\n未读\n", "方案.txt")
    assert [f.name for f in bureau.place.snippets.iterdir()] == [folder.name]
    assert bureau.visit(Role.DRAFTER).get(f"/case/{blocked}/snippet/1").status_code == 404


def plain(answer) -> str:
    """The page without its form tokens and its number, which are new each time."""
    new = r'(name="csrf" content|name="csrf_token" value)="[^"]+"|编号 [0-9a-f]+'
    return re.sub(new, "", answer.get_data(as_text=True))


def told(tmp_path: Path, monkeypatch) -> tuple[Path, dict]:
    """What a child says of a paper with two snippets, as it comes out of the pipe."""
    path = tmp_path / "通知.txt"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(look, "assess", lambda p, name: assess(p)[0])
    return path, json.loads(json.dumps(look.look_as_json(path)))


def test_they_travel_through_the_pipe(tmp_path, monkeypatch) -> None:
    """What the child cut out is what the parent keeps."""
    path, answer = told(tmp_path, monkeypatch)
    assert [(s.png, s.page, s.member) for s in look.accept(path, answer).snippets] == [(PNG, 2, None), (PNG, 3, 1)]


GIANT = PNG[:16] + (100_000).to_bytes(4) * 2 + PNG[24:]


@pytest.mark.parametrize(
    "forged",
    [
        None,
        {"a": 1},
        [[base64.b64encode(b"<svg/>").decode(), 1, None]],
        [[base64.b64encode(GIANT).decode(), 1, None]],
        [[base64.b64encode(PNG + bytes(60_000)).decode(), 1, None]],
        [[base64.b64encode(PNG).decode(), "<b>", None]],
        [[base64.b64encode(PNG).decode(), 1e300, None]],
        [[base64.b64encode(PNG).decode(), -1, None]],
        [["!", 1, None]],
        [[None, 1, None]],
        [[base64.b64encode(PNG).decode()]],
        [[base64.b64encode(PNG).decode(), 1, None]] * 241,
    ],
)
def test_a_forged_picture_is_refused(tmp_path, monkeypatch, forged) -> None:
    """Another format, a giant, too large, too many, a page that is no number: the answer counts as a crash."""
    path, answer = told(tmp_path, monkeypatch)
    with pytest.raises((ValueError, TypeError, LookupError, AttributeError)):
        look.accept(path, {**answer, "snippets": forged})


def test_a_blocked_answer_carries_none(tmp_path, monkeypatch) -> None:
    """Pictures of a blocked file are words of it."""
    path, answer = told(tmp_path, monkeypatch)
    stopped = {**answer, "blocked": True, "assessment": None, "text": ""}
    with pytest.raises(ValueError, match="blocked"):
        look.accept(path, stopped)
    assert look.accept(path, {**stopped, "snippets": []}).snippets == ()
