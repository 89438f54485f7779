"""The review page and the walk through the office, without a browser."""

from __future__ import annotations

import html
import io
import json
import zipfile

import pytest

from review_ui.flow import Role
from review_ui.store.tables import ReviewCase

from ..conftest import PHONE

CHAIN = (Role.OFFICE_CLERK, Role.SECRECY_REVIEWER, Role.DEPUTY_LEADER, Role.PRINCIPAL_LEADER)
TEXT = f"关于公布联系人的通知\n联系人电话{PHONE}。\n"


def approve(bureau, no: str, **fields) -> None:
    """The whole chain up to the principal leader."""
    bureau.visit(Role.DRAFTER).act(no, **{"choice": "active", "declared": "on", **fields})
    for role in CHAIN:
        bureau.visit(role).act(no, **{"choice": "active", **fields})


def test_from_upload_to_package(bureau) -> None:
    """Upload → assess → whole chain → package → publish: the package holds the masked text and says who approved it."""
    no = bureau.assessed(TEXT)
    approve(bureau, no)
    assert bureau.row(no).stage == "leader_approved"
    publisher = bureau.visit(Role.PUBLISHER)
    assert publisher.get(f"/case/{no}/package").status_code == 404
    publisher.post(f"/case/{no}/package")
    bureau.work()
    answer = publisher.get(f"/case/{no}/package")
    archive = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    answer.close()
    text = archive.read("正文.txt").decode()
    assert text.startswith("〔已作区分处理〕\n")
    assert "138****1234" in text
    record = json.loads(archive.read("元数据.json"))
    assert [a["step"] for a in record["approvals"]] == ["科室经办", "办公室收集", "保密审查", "分管领导", "主要领导"]
    assert len({a["content_sha256"] for a in record["approvals"]}) == 1
    for name in archive.namelist():
        assert PHONE.encode() not in archive.read(name)
    word = zipfile.ZipFile(io.BytesIO(archive.read("正文.docx")))
    assert PHONE.encode() not in b"".join(word.read(n) for n in word.namelist())
    assert b"python-docx" not in word.read("docProps/core.xml")
    page = publisher.get(f"/case/{no}/release").get_data(as_text=True)
    hidden = {k: page.split(f'name="{k}" value="')[1].split('"')[0] for k in ("version", "content")}
    publisher.post(f"/case/{no}/act", {**hidden, "do": "publish", "note": "门户网站"})
    assert bureau.row(no).stage == "published"


def test_nothing_is_preselected(bureau) -> None:
    """The suggestion is shown, not filled in."""
    no = bureau.assessed()
    page = bureau.visit(Role.DRAFTER).get(f"/case/{no}").get_data(as_text=True)
    assert "系统建议：主动公开" in page
    assert " checked" not in page
    bureau.visit(Role.DRAFTER).act(no, declared="on")
    assert bureau.row(no).stage == "received"


def test_the_second_of_two_reviewers_gets_409_and_loses_nothing(bureau) -> None:
    """A stale form is answered with both versions, and what was typed is kept as a draft."""
    no = bureau.assessed()
    bureau.visit(Role.DRAFTER).act(no, choice="active", declared="on")
    clerk = bureau.visit(Role.OFFICE_CLERK)
    page = clerk.get(f"/case/{no}").get_data(as_text=True)
    version = page.split('name="version" value="')[1].split('"')[0]
    bureau.visit(Role.OFFICE_CLERK).act(no, "return", note="格式不符，请更正")
    late = clerk.post(f"/case/{no}/act", {"version": version, "do": "decide", "choice": "active", "note": "我写了很久的意见"})
    assert late.status_code == 409
    assert "格式不符" in late.get_data(as_text=True)
    assert "我写了很久的意见" in late.get_data(as_text=True)
    bureau.visit(Role.DRAFTER).act(no, choice="active", declared="on")
    assert "我写了很久的意见" in clerk.get(f"/case/{no}").get_data(as_text=True)


def test_two_writers_at_once_are_told_apart_by_the_version(bureau) -> None:
    """The ORM's version column stops what the form check could miss."""
    from sqlalchemy.orm.exc import StaleDataError

    no = bureau.assessed()
    with bureau.database.reading() as one, bureau.database.writing() as two:
        first = one.get_one(ReviewCase, no)
        second = two.get_one(ReviewCase, no)
        second.title = "乙"
        two.commit()
        one.expunge(first)
        one.rollback()
        one.add(first)
        first.title = "甲"
        with pytest.raises(StaleDataError):
            one.flush()


def test_a_refused_form_is_not_emptied(bureau) -> None:
    """The reason is said, the input is back on the page."""
    no = bureau.assessed()
    drafter = bureau.visit(Role.DRAFTER)
    drafter.act(no, choice="withheld", note="因为涉及商业秘密", declared="on")
    page = drafter.get(f"/case/{no}").get_data(as_text=True)
    assert "不予公开必须选择依据" in page
    assert "因为涉及商业秘密" in page


def test_false_alarms_need_somebody_else(bureau) -> None:
    """The uploader's 误报 alone unmasks nothing; the secrecy reviewer's does; after that nobody judges any more."""
    no = bureau.assessed(TEXT)
    drafter = bureau.visit(Role.DRAFTER)
    json_headers = {"Accept": "application/json"}
    assert drafter.post(f"/case/{no}/finding/0", {"verdict": "false"}, headers=json_headers).get_json()["masked"] == [0]
    drafter.act(no, choice="active", declared="on")
    bureau.visit(Role.OFFICE_CLERK).act(no, choice="active")
    secrecy = bureau.visit(Role.SECRECY_REVIEWER)
    assert secrecy.post(f"/case/{no}/finding/0", {"verdict": "false"}, headers=json_headers).get_json()["masked"] == []
    assert PHONE in secrecy.get(f"/case/{no}/preview").get_data(as_text=True)
    secrecy.act(no, choice="active")
    assert bureau.visit(Role.DEPUTY_LEADER).post(f"/case/{no}/finding/0", {"verdict": "real"}).status_code == 404


def test_publication_waits_for_the_package(bureau) -> None:
    """登记发布 without a proven package is refused, naming the open condition."""
    no = bureau.assessed(TEXT)
    approve(bureau, no)
    publisher = bureau.visit(Role.PUBLISHER)
    page = publisher.get(f"/case/{no}/release").get_data(as_text=True)
    hidden = {k: page.split(f'name="{k}" value="')[1].split('"')[0] for k in ("version", "content")}
    publisher.post(f"/case/{no}/act", {**hidden, "do": "publish", "note": "门户网站"})
    assert bureau.row(no).stage == "leader_approved"
    assert "发布包已生成" in publisher.get(f"/case/{no}/release").get_data(as_text=True)


def test_a_maskable_finding_needs_a_word_before_the_secrecy_review_ends(bureau) -> None:
    """The last desk that may judge cannot sign 主动公开 over an open finding; with 遮蔽 it is gone from the published text."""
    no = bureau.assessed("关于表扬的通知\n表扬李建国同志。\n")
    bureau.visit(Role.DRAFTER).act(no, choice="active", declared="on")
    bureau.visit(Role.OFFICE_CLERK).act(no, choice="active")
    secrecy = bureau.visit(Role.SECRECY_REVIEWER)
    assert "须判断" in secrecy.get(f"/case/{no}").get_data(as_text=True)
    secrecy.act(no, choice="active")
    assert bureau.row(no).stage == "office_collected"
    secrecy.post(f"/case/{no}/finding/0", {"verdict": "mask"})
    secrecy.act(no, choice="active")
    assert bureau.row(no).stage == "secrecy_reviewed"
    preview = secrecy.get(f"/case/{no}/preview").get_data(as_text=True)
    assert "李建国" not in preview
    assert "表扬李某同志" in preview


def test_a_signature_stands_under_what_was_on_the_screen(bureau) -> None:
    """Somebody judged a finding meanwhile: the form is stale."""
    no = bureau.assessed(TEXT)
    drafter = bureau.visit(Role.DRAFTER)
    drafter.act(no, choice="active", declared="on")
    clerk = bureau.visit(Role.OFFICE_CLERK)
    page = clerk.get(f"/case/{no}").get_data(as_text=True)
    hidden = {k: page.split(f'name="{k}" value="')[1].split('"')[0] for k in ("version", "content")}
    bureau.visit(Role.OFFICE_CLERK).post(f"/case/{no}/finding/0", {"verdict": "false"})
    assert clerk.post(f"/case/{no}/act", {**hidden, "do": "decide", "choice": "active"}).status_code == 409


def test_unread_parts_are_shown_and_must_be_ticked(bureau) -> None:
    """The yellow bar has the Chinese sentence; 主动公开 waits for the tick."""
    no = bureau.assessed("关于未读图片的通知\n")
    drafter = bureau.visit(Role.DRAFTER)
    page = drafter.get(f"/case/{no}").get_data(as_text=True)
    assert "图片中的文字没有读取" in page
    assert "第 2 页" in page
    drafter.act(no, choice="active", declared="on")
    assert bureau.row(no).stage == "received"
    drafter.act(no, choice="active", declared="on", checked="on")
    assert bureau.row(no).stage == "draft_submitted"


def test_withheld_to_active_through_the_pages(bureau) -> None:
    """The confirming tick appears only for the second person, and without it the leader is refused."""
    no = bureau.assessed("关于某事的通知\n系统说不予公开。\n")
    note = {"note": "公共利益需要公开"}
    bureau.visit(Role.DRAFTER).act(no, choice="active", declared="on", **note)
    for role in CHAIN[:3]:
        assert 'name="confirms"' in bureau.visit(role).get(f"/case/{no}").get_data(as_text=True)
        bureau.visit(role).act(no, choice="active", **note)
    leader = bureau.visit(Role.PRINCIPAL_LEADER)
    leader.act(no, choice="active", **note)
    assert bureau.row(no).stage == "deputy_approved"
    leader.act(no, choice="active", confirms="on", **note)
    assert bureau.row(no).stage == "leader_approved"


def test_refer_up_recall_and_withdraw(bureau) -> None:
    """The other roads: 上报确定 and back, 收回 one's own opinion, 撤回 the paper."""
    no = bureau.assessed()
    drafter = bureau.visit(Role.DRAFTER)
    drafter.act(no, choice="active", declared="on")
    drafter.act(no, "recall")
    assert bureau.row(no).stage == "received"
    drafter.act(no, choice="refer_up", note="是否属于工作秘密不能确定")
    assert bureau.row(no).stage == "refer_up"
    bureau.visit(Role.SECRECY_REVIEWER).act(no, "resume", note="市保密局复函：不属于")
    assert bureau.row(no).stage == "returned"
    drafter.act(no, "withdraw", note="不再公开此件")
    assert bureau.row(no).stage == "withdrawn"


def test_hostile_text_stays_text(bureau) -> None:
    """Markup in a document, a name or an opinion is shown, never run."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    no = bureau.assessed(f"{evil}\n{evil}\n", name="<b>名.txt")
    drafter = bureau.visit(Role.DRAFTER)
    drafter.act(no, choice="on_request", note=evil, declared="on")
    for path in (f"/case/{no}", f"/case/{no}/history", f"/case/{no}/preview", "/queue?tab=mine", "/upload"):
        page = drafter.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img" not in page
    assert html.escape(evil) in drafter.get(f"/case/{no}").get_data(as_text=True).replace("&#34;", "&quot;")


def test_errors_say_nothing_of_the_document(bureau, monkeypatch, caplog) -> None:
    """A crash shows and logs an id and code places, no words."""
    no = bureau.assessed()

    def broken(*_: object) -> None:
        raise RuntimeError("关于绿化的通知")

    monkeypatch.setattr("review_ui.web.review.highlight.flatten", broken)
    answer = bureau.visit(Role.DRAFTER).get(f"/case/{no}")
    assert answer.status_code == 500
    assert "编号" in answer.get_data(as_text=True)
    assert "绿化" not in answer.get_data(as_text=True) + caplog.text


def test_too_large_is_said_in_chinese(bureau) -> None:
    """413 names the limit."""
    bureau.app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = bureau.visit(Role.DRAFTER).client.post("/upload", data={"files": (io.BytesIO(b"x" * 5000), "a.txt")})
    assert answer.status_code == 413
    assert "文件太大" in answer.get_data(as_text=True)


def test_upload_spools_in_memory_only(bureau, monkeypatch) -> None:
    """Before the scan a large file touches the incoming folder and no other place."""
    opened = []
    import tempfile

    real = tempfile.TemporaryFile
    monkeypatch.setattr("tempfile.TemporaryFile", lambda *a, **k: opened.append(k.get("dir")) or real(*a, **k))
    bureau.visit(Role.DRAFTER).post("/upload", {"files": (io.BytesIO(b"x" * 300_000), "a.txt")})
    assert opened
    assert set(opened) == {bureau.place.spool}


def test_the_queue_keeps_its_filters_in_the_address(bureau) -> None:
    """Filters narrow, the empty state says how many are hidden, unknown values are ignored, pages follow keys."""
    numbers = [bureau.upload(f"第{i}号通知\n") for i in range(35)]
    bureau.work()
    drafter = bureau.visit(Role.DRAFTER)
    first = drafter.get("/queue?tab=mine&stage=received&route=nonsense").get_data(as_text=True)
    following = html.unescape(first.split('class="more"')[1].split('href="')[1].split('"')[0])
    assert "stage=received" in following
    second = drafter.get(following).get_data(as_text=True)
    assert sum(no in first for no in numbers) == 30
    assert sum(no in second for no in numbers) == 5
    assert "共 35 件被筛掉" in drafter.get("/queue?tab=mine&stage=published").get_data(as_text=True)
