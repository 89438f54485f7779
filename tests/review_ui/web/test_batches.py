"""档案批次: who sees which set, and that a sample is labelled blind."""

from __future__ import annotations

import pytest

from review_ui.flow import Role
from review_ui.store import frozen
from review_ui.web import batches

from ..store.test_frozen import papers, send, the_set


@pytest.fixture
def sample(bureau, tmp_path) -> str:
    """A sample of two papers, read by the worker."""
    send(bureau, tmp_path, papers(tmp_path, "关于旧档甲的通知\n全文。\n", "关于旧档乙的通知\n未读\n"), "sample")
    bureau.work()
    return the_set(bureau).id


def test_the_list_tells_how_far_each_set_is(bureau, sample) -> None:
    """Name, purpose, size, received."""
    page = bureau.visit(Role.SECRECY_REVIEWER).get("/sets").get_data(as_text=True)
    for words in ("一九九八年卷", "抽样核验", sample):
        assert words in page


def test_the_auditor_sees_numbers_and_opens_nothing(bureau, sample) -> None:
    """三员 never see a document."""
    auditor = bureau.visit(Role.AUDIT_ADMIN)
    assert f"/sets/{sample}" not in auditor.get("/sets").get_data(as_text=True)
    assert auditor.get(f"/sets/{sample}").status_code == 404


def test_a_sample_is_labelled_blind(bureau, sample) -> None:
    """The text and the question; no word of what the machine says."""
    page = bureau.visit(Role.OFFICE_CLERK).get(f"/sets/{sample}/1").get_data(as_text=True)
    assert "关于旧档甲的通知" in page
    for words in ("系统建议", "规范性文件一般应当主动公开", "把握"):
        assert words not in page


def test_file_properties_stand_apart_from_the_paper(bureau, sample) -> None:
    """They are no words of the paper, and may still matter."""
    from sqlalchemy import text as sql

    with bureau.database.writing() as session:
        session.execute(sql("""UPDATE assessment SET body = json_set(body, '$.places', json('[[0, 8, "property"]]'))"""))
        session.commit()
    page = bureau.visit(Role.OFFICE_CLERK).get(f"/sets/{sample}/1").get_data(as_text=True)
    assert "文件名和文件属性" in page
    assert page.index("全文。") < page.index("<li>关于旧档甲的通知</li>")


def test_what_was_not_read_is_told_and_the_original_is_at_hand(bureau, sample) -> None:
    """A label on half a paper would make a false certificate."""
    clerk = bureau.visit(Role.OFFICE_CLERK)
    assert "请打开原件核对" in clerk.get(f"/sets/{sample}/2").get_data(as_text=True)
    with clerk.get(f"/sets/{sample}/2/original") as answer:
        assert "未读".encode() in answer.get_data()


def test_answering_leads_to_the_next_paper_and_then_back(bureau, sample) -> None:
    """Until none is left."""
    clerk = bureau.visit(Role.OFFICE_CLERK)
    first = clerk.post(f"/sets/{sample}/1", {"said": "active"})
    assert first.headers["Location"].endswith(f"/sets/{sample}/2")
    second = clerk.post(f"/sets/{sample}/2", {"said": "withheld", "note": "含姓名"})
    assert second.headers["Location"].endswith(f"/sets/{sample}")
    with bureau.database.reading() as session:
        assert {n: label.said for n, label in frozen.labels(session, sample).items()} == {1: "active", 2: "withheld"}


def test_whoever_suspects_a_secret_is_told_what_to_do(bureau, sample) -> None:
    """And the label says so to the certificate."""
    page = bureau.visit(Role.OFFICE_CLERK).post(f"/sets/{sample}/1", {"said": "secret"}, follow_redirects=True)
    assert "报告本单位保密工作机构" in page.get_data(as_text=True)


def test_no_answer_is_no_label(bureau, sample) -> None:
    """A form without a choice, or with one that does not exist, comes back with a word."""
    clerk = bureau.visit(Role.OFFICE_CLERK)
    for data in ({}, {"said": "anything"}):
        page = clerk.post(f"/sets/{sample}/1", data, follow_redirects=True).get_data(as_text=True)
        assert "请先选定" in page
    with bureau.database.reading() as session:
        assert frozen.labels(session, sample) == {}


def test_whoever_handed_in_does_not_label(bureau, sample) -> None:
    """The drafter sees the set and no paper of it."""
    drafter = bureau.visit(Role.DRAFTER)
    assert f"/sets/{sample}/1" not in drafter.get(f"/sets/{sample}").get_data(as_text=True)
    assert drafter.get(f"/sets/{sample}/1").status_code == 404


def test_a_long_set_comes_in_pages(bureau, sample, monkeypatch) -> None:
    """And the last page has no next one."""
    monkeypatch.setattr(batches, "PAGE", 1)
    clerk = bureau.visit(Role.OFFICE_CLERK)
    first = clerk.get(f"/sets/{sample}").get_data(as_text=True)
    assert f"/sets/{sample}?from=2" in first
    assert f"/sets/{sample}/2" not in first
    last = clerk.get(f"/sets/{sample}?from=2").get_data(as_text=True)
    assert f"/sets/{sample}/2" in last
    assert "下一页" not in last


def test_papers_of_other_sets_open_for_review(bureau, tmp_path) -> None:
    """To those who may see them: the one who handed in, until it is submitted."""
    send(bureau, tmp_path, papers(tmp_path, "关于旧档的通知\n全文。\n"))
    bureau.work()
    held = the_set(bureau)
    assert 'href="/case/' in bureau.visit(Role.DRAFTER).get(f"/sets/{held.id}").get_data(as_text=True)
    assert 'href="/case/' not in bureau.visit(Role.OFFICE_CLERK).get(f"/sets/{held.id}").get_data(as_text=True)
    assert bureau.visit(Role.OFFICE_CLERK).get(f"/sets/{held.id}/1").status_code == 404


def test_an_empty_page_says_how_it_fills(bureau) -> None:
    """Not a blank page."""
    assert "mishen batch send" in bureau.visit(Role.OFFICE_CLERK).get("/sets").get_data(as_text=True)
