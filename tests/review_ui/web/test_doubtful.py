"""决定复看 and the order 最有用的先看: who sees what, and that nothing changes by looking."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text as sql

from classifier.core.assessment import Attribute
from classifier.learn.suspects import Suspect
from review_ui.flow import Role
from review_ui.store import lessons

from .. import decided


@pytest.fixture
def listed(bureau, tmp_path) -> str:
    """A finished case that the last training doubts."""
    no = decided.finish(bureau, decided.words(Attribute.ACTIVE, 3), Attribute.ACTIVE, folder=tmp_path)
    found = Suspect(0, Attribute.ACTIVE, Attribute.WITHHELD, 0.08, 0.81, 0.9, 0.7)
    with bureau.database.writing() as session:
        lessons.keep_suspects(session, [(no, found)], bureau.clock())
        session.commit()
    return no


def test_reviewers_see_case_attributes_and_why(bureau, listed) -> None:
    """A link to the case, both attributes, the numbers behind it, and the mark on a possible leak."""
    page = bureau.visit(Role.SECRECY_REVIEWER).get("/doubtful").get_data(as_text=True)
    assert f'href="/case/{listed}"' in page
    for words in ("主动公开", "不予公开", "8%，低于同类平均 81%", "90%，不低于那一类平均 70%", "请先复看", "不会改动任何决定"):
        assert words in page


def test_the_auditor_sees_numbers_only(bureau, listed) -> None:
    """三员 never see a word of a document, nor a link to one."""
    page = bureau.visit(Role.AUDIT_ADMIN).get("/doubtful").get_data(as_text=True)
    assert listed in page
    assert "/case/" not in page
    assert "节水" not in page


def test_others_do_not_get_the_page(bureau, listed) -> None:
    """Drafters, publishers and the other officers: as if it did not exist, and no entry in the menu."""
    for role in (Role.DRAFTER, Role.PUBLISHER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        visitor = bureau.visit(role)
        assert visitor.get("/doubtful").status_code == 404
        assert "决定复看" not in visitor.get("/", follow_redirects=True).get_data(as_text=True)


def test_looking_changes_nothing(bureau, listed) -> None:
    """The decision, its events and the list are as before."""

    def state():
        with bureau.database.reading() as session:
            return [session.execute(sql(f"SELECT * FROM {t}")).all() for t in ("review_case", "case_event", "label_suspect")]

    before = state()
    bureau.visit(Role.OFFICE_CLERK).get("/doubtful")
    assert state() == before


def test_an_empty_list_says_when_it_fills(bureau) -> None:
    """Not a blank page."""
    page = bureau.visit(Role.DEPUTY_LEADER).get("/doubtful").get_data(as_text=True)
    assert "没有需要复看的决定" in page
    assert "自动核对" in page


def submitted(bureau, title: str) -> str:
    no = bureau.assessed(f"{title}\n全文。\n")
    bureau.clock.move(minutes=1)
    bureau.visit(Role.DRAFTER).act(no, choice="active", declared="on")
    return no


def reshare(bureau, no: str, shares: tuple[float, float, float]) -> None:
    with bureau.database.writing() as session:
        told = dict(zip(("active", "on_request", "withheld"), shares, strict=True))
        for name, share in told.items():
            session.execute(
                sql("UPDATE assessment SET body = json_set(body, :path, :share) WHERE case_no = :no"),
                {"path": f"$.scores.{name}", "share": share, "no": no},
            )
        session.commit()


def order(bureau, role: Role, query: str) -> list[str]:
    page = bureau.visit(role).get(f"/queue?tab=todo{query}").get_data(as_text=True)
    return list(dict.fromkeys(re.findall(r'href="/case/([^"/]+)"', page)))


def test_the_most_useful_come_first_only_when_asked(bureau) -> None:
    """By date unless chosen; then the least sure paper leads, however old."""
    unsure, sure = submitted(bureau, "关于绿化的通知"), submitted(bureau, "关于绿化的通知")
    reshare(bureau, unsure, (0.4, 0.35, 0.25))
    reshare(bureau, sure, (0.98, 0.01, 0.01))
    assert order(bureau, Role.OFFICE_CLERK, "") == [sure, unsure]
    assert order(bureau, Role.OFFICE_CLERK, "&order=useful") == [unsure, sure]


def test_the_order_is_offered_to_reviewers_on_their_pile_alone(bureau) -> None:
    """Not to drafters, not on lists that are looked up by date or have a clock; a hand-made address changes nothing there."""
    first, second = submitted(bureau, "甲"), submitted(bureau, "乙")
    reshare(bureau, first, (0.4, 0.35, 0.25))
    clerk = bureau.visit(Role.OFFICE_CLERK)
    assert "最有用的先看" in clerk.get("/queue?tab=todo").get_data(as_text=True)
    listed = clerk.get("/queue?tab=all&order=useful").get_data(as_text=True)
    assert "最有用的先看" not in listed
    assert listed.index(second) < listed.index(first)
    assert "最有用的先看" not in bureau.visit(Role.DRAFTER).get("/queue?tab=todo&order=useful").get_data(as_text=True)


def test_the_useful_order_pages_without_gaps(bureau, monkeypatch) -> None:
    """Every paper once, over as many pages as it takes; nonsense in the address is page one."""
    from review_ui.store import queues

    numbers = {submitted(bureau, f"关于事项{n}的通知") for n in "甲乙丙丁戊"}
    monkeypatch.setattr(queues, "PAGE", 2)
    clerk, seen, address = bureau.visit(Role.OFFICE_CLERK), [], "/queue?tab=todo&order=useful"
    for _ in range(5):
        page = clerk.get(address).get_data(as_text=True)
        seen += dict.fromkeys(re.findall(r'href="/case/([^"/]+)"', page))
        following = re.search(r'href="([^"]+)">下一页', page)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert len(seen) == 5
    assert set(seen) == numbers
    assert order(bureau, Role.OFFICE_CLERK, "&order=useful&skip=x") == seen[:2]
