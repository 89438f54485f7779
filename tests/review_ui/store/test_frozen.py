"""Frozen sets: a list that never changes, people's work first, and what a changed file becomes."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
import sqlalchemy as sa
from sqlalchemy import text as sql

from classifier.core.assessment import Attribute
from classifier.core.errors import BadSettings
from review_ui import cli_sets
from review_ui.flow.case import Role
from review_ui.store import frozen, jobs
from review_ui.store.frozen import Wanted
from review_ui.store.tables import FrozenSet, User

from ..conftest import LOGINS, SECRET, fake_engine

LEASE = dt.timedelta(seconds=60)


def papers(folder, *texts: str) -> tuple[Wanted, ...]:
    """Files 1.txt, 2.txt … and the list of them."""
    found = []
    for number, words in enumerate(texts, 1):
        (folder / f"{number}.txt").write_text(words, encoding="utf-8")
        found.append(Wanted(number, hashlib.sha256(words.encode()).hexdigest(), Attribute.ACTIVE))
    return tuple(found)


def send(bureau, folder, wanted, purpose: str = "doubtful", login: str = LOGINS[Role.DRAFTER]) -> list[tuple[int, int]]:
    listed = cli_sets.Listed(login, "一九九八年卷", purpose, wanted)
    return list(cli_sets.receive(bureau.place, bureau.database, listed, lambda n: folder / f"{n}.txt", bureau.clock))


def the_set(bureau) -> FrozenSet:
    with bureau.database.reading() as session:
        [(held, _)] = frozen.sets(session)
    return held


def test_files_of_a_set_become_cases(bureau, tmp_path) -> None:
    """Each with its number, and the worker reads them as any other."""
    send(bureau, tmp_path, papers(tmp_path, "关于甲的通知\n全文。\n", "关于乙的通知\n全文。\n"))
    bureau.work()
    held = the_set(bureau)
    with bureau.database.reading() as session:
        rows = frozen.rows(session, held.id)
        assert [(item.number, case.title) for item, case, _ in rows] == [(1, "关于甲的通知"), (2, "关于乙的通知")]
        assert frozen.progress(session, held) == frozen.Progress(2, 0, 0, 0)


def test_the_same_list_is_the_same_set(bureau, tmp_path) -> None:
    """Sent twice, or broken off and sent again: no paper comes twice."""
    wanted = papers(tmp_path, "甲\n", "乙\n", "丙\n")
    listed = cli_sets.Listed(LOGINS[Role.DRAFTER], "卷", "doubtful", wanted)
    sending = cli_sets.receive(bureau.place, bureau.database, listed, lambda n: tmp_path / f"{n}.txt", bureau.clock)
    next(sending), next(sending)
    sending.close()
    assert send(bureau, tmp_path, wanted)[0] == (1, 3)
    assert send(bureau, tmp_path, wanted) == [(3, 3)]
    with bureau.database.reading() as session:
        assert jobs.waiting(session, frozen.BATCH) == 3


def test_a_file_that_changed_or_went_is_left_out_and_said_so(bureau, tmp_path) -> None:
    """What the batch judged is not what would be reviewed."""
    wanted = papers(tmp_path, "甲\n", "乙\n", "丙\n")
    (tmp_path / "1.txt").write_text("另一份\n", encoding="utf-8")
    (tmp_path / "2.txt").unlink()
    send(bureau, tmp_path, wanted)
    with bureau.database.reading() as session:
        assert [i.left_out for i in frozen.items(session, the_set(bureau).id)] == ["changed", "gone", None]
    assert len([f for f in bureau.place.incoming.iterdir() if f != bureau.place.spool]) == 1


def test_people_come_before_batches(bureau, tmp_path) -> None:
    """A later upload is read before an earlier set, and stands above it in every list."""
    send(bureau, tmp_path, papers(tmp_path, "关于旧档的通知\n"))
    bureau.clock.move(minutes=-5)
    no = bureau.upload("关于新事的通知\n")
    with bureau.database.writing() as session:
        job = jobs.claim(session, "w", bureau.clock(), LEASE)
        assert job is not None
        assert job.case_no == no
    bureau.work()
    page = bureau.visit(Role.DRAFTER).get("/queue?tab=mine").get_data(as_text=True)
    assert page.index("关于新事的通知") < page.index("关于旧档的通知")


def test_lists_page_over_both_lanes_without_gaps(bureau, tmp_path, monkeypatch) -> None:
    """Uploads first, then the set; each paper once."""
    from review_ui.store import queues

    monkeypatch.setattr(queues, "PAGE", 2)
    send(bureau, tmp_path, papers(tmp_path, *(f"关于旧档{n}的通知\n" for n in "甲乙丙")))
    bureau.upload("关于新事的通知\n")
    bureau.work()
    seen, address, visitor = [], "/queue?tab=mine", bureau.visit(Role.DRAFTER)
    import re

    for _ in range(4):
        page = visitor.get(address).get_data(as_text=True)
        seen += dict.fromkeys(re.findall(r"关于(?:旧档.|新事)的通知", page))
        following = re.search(r'href="([^"]+)">下一页', page)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert seen[0] == "关于新事的通知"
    assert len(seen) == len(set(seen)) == 4


def test_a_sample_lies_on_no_desk(bureau, tmp_path) -> None:
    """It is labelled on its own page; nobody is shown what the machine says of it."""
    send(bureau, tmp_path, papers(tmp_path, "关于旧档的通知\n"), "sample")
    bureau.work()
    for role in (Role.DRAFTER, Role.OFFICE_CLERK):
        for tab in ("todo", "mine", "all"):
            assert "关于旧档的通知" not in bureau.visit(role).get(f"/queue?tab={tab}").get_data(as_text=True)


def test_a_marked_paper_is_stopped_like_any_other(bureau, tmp_path) -> None:
    """The second look blocks it; the set counts it."""
    send(bureau, tmp_path, papers(tmp_path, f"{SECRET}\n关于甲的通知\n"), "sample")
    bureau.work(fake_engine)
    held = the_set(bureau)
    with bureau.database.reading() as session:
        assert frozen.progress(session, held).stopped == 1
        assert frozen.rows(session, held.id)[0][1].title is None


def test_a_set_that_was_altered_is_told(bureau, tmp_path) -> None:
    """The digest is of the items."""
    send(bureau, tmp_path, papers(tmp_path, "甲\n", "乙\n"))
    held = the_set(bureau)
    with bureau.database.writing() as session:
        assert frozen.holds(session, held)
        session.execute(sql("DELETE FROM frozen_item WHERE number = 2"))
        session.commit()
    with bureau.database.reading() as session:
        assert not frozen.holds(session, held)
    assert "可能被改动过" in bureau.visit(Role.OFFICE_CLERK).get(f"/sets/{held.id}").get_data(as_text=True)


def test_labels_are_kept_for_good_and_the_later_counts(bureau, tmp_path) -> None:
    """No label can be changed or removed, not even with SQL."""
    wanted = papers(tmp_path, "甲\n")
    send(bureau, tmp_path, wanted, "sample")
    held = the_set(bureau)
    with bureau.database.writing() as session:
        user = session.get_one(User, bureau.users[Role.OFFICE_CLERK].id)
        for said in ("active", "withheld"):
            frozen.put_label(session, held, 1, user, said, "", bureau.clock())
        session.commit()
    for statement in ("UPDATE frozen_label SET said = 'active'", "DELETE FROM frozen_label"):
        with bureau.database.writing() as session, pytest.raises(sa.exc.IntegrityError):
            session.execute(sql(statement))
    [answer] = cli_sets.sample_labels(bureau.database, wanted)
    assert (answer.number, answer.said) == (1, "withheld")
    assert answer.who


def test_only_a_section_clerk_hands_in(bureau, tmp_path) -> None:
    """And the message says who has to do what."""
    for login, words in (("nobody", "可用的账号"), (LOGINS[Role.OFFICE_CLERK], "没有科室经办角色")):
        with pytest.raises(BadSettings, match=words):
            send(bureau, tmp_path, papers(tmp_path, "甲\n"), login=login)


def test_what_was_sent_is_known_once_the_set_is_whole(bureau, tmp_path) -> None:
    """A set that was broken off is sent again first."""
    wanted = papers(tmp_path, "甲\n", "乙\n")
    listed = cli_sets.Listed(LOGINS[Role.DRAFTER], "卷", "doubtful", wanted)
    sending = cli_sets.receive(bureau.place, bureau.database, listed, lambda n: tmp_path / f"{n}.txt", bureau.clock)
    next(sending), next(sending)
    sending.close()
    with bureau.database.reading() as session:
        assert frozen.sent(session, "doubtful") == (set(), 0)
    send(bureau, tmp_path, wanted)
    with bureau.database.reading() as session:
        assert frozen.sent(session, "doubtful") == ({w.sha256 for w in wanted}, 1)
        assert frozen.sent(session, "changed") == (set(), 0)


def test_no_more_files_wait_in_memory_than_the_worker_keeps_up_with(bureau, tmp_path, monkeypatch) -> None:
    """The incoming folder is memory."""
    monkeypatch.setattr(cli_sets, "_AHEAD", 2)
    monkeypatch.setattr(cli_sets, "_LOOK_AGAIN", 0.0)
    most = 0
    listed = cli_sets.Listed(LOGINS[Role.DRAFTER], "卷", "doubtful", papers(tmp_path, *"甲乙丙丁戊"))
    for _ in cli_sets.receive(bureau.place, bureau.database, listed, lambda n: tmp_path / f"{n}.txt", bureau.clock):
        with bureau.database.reading() as session:
            waiting = jobs.waiting(session, frozen.BATCH)
        most = max(most, waiting)
        if waiting == 2:
            bureau.work()
    assert most == 2
