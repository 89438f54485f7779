"""A synthetic store of finished cases, and a small data home to train in. All names, places and numbers are invented."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from classifier.contract import to_json
from classifier.core.assessment import Attribute, Provenance
from classifier.core.settings import read_settings
from review_ui.flow.case import Action, Decision, Person, Role
from review_ui.flow.chain import CHAIN, step
from review_ui.store import cases
from review_ui.store.landing import Landing, land
from review_ui.store.tables import ReviewCase, User

from .conftest import assess

PLACES = ("青溪", "云岭", "石门", "桃源", "白马", "双桥", "东湖", "西山", "南浦", "北关", "临江", "望海")
TEXTS = {
    Attribute.ACTIVE: "云溪市水利局\n关于开展{place}节水宣传活动的公告（第{n}号）\n\n　　为提高公众节水意识，现予公告，欢迎广大市民参加{place}站的宣传活动。\n\n云溪市水利局\n{year}年5月{day}日\n",
    Attribute.ON_REQUEST: "云溪市水利局\n关于{place}水库第{n}号取水申请延期的复函\n\n{place}供水有限公司：\n　　你公司申请收悉。经研究，同意延期，请按批复内容办理。\n\n云溪市水利局\n{year}年5月{day}日\n",
    Attribute.WITHHELD: "云溪市水利局\n关于追加{place}泵站第{n}期经费的请示\n\n市人民政府：\n　　拟追加{place}泵站经费，方案尚在讨论，拟从预备费安排。妥否，请批示。\n\n云溪市水利局\n{year}年5月{day}日\n",
}
BASIS = {Attribute.ACTIVE: (), Attribute.ON_REQUEST: ("条例:13",), Attribute.WITHHELD: ("条例:16.2",)}
DESKS = ((Role.DRAFTER, Action.SUBMIT), *((role, Action.SIGN) for _, role, _ in CHAIN))


def words(kind: Attribute, number: int) -> str:
    """An invented paper of a kind; no two numbers give the same text."""
    place = PLACES[number % len(PLACES)]
    return TEXTS[kind].format(place=place, n=number + 1, year=2023 + number % 3, day=number % 28 + 1)


def finish(
    bureau,
    text: str,
    attribute: Attribute,
    *,
    machine: Attribute | None = None,
    uploader: User | None = None,
    folder: Path,
    basis: Sequence[str] | None = None,
    partial: bool = False,
    problem: str | None = None,
) -> str:
    """A case from upload to the last signature, as people would walk it; returns its number."""
    path = folder / "文件.txt"
    path.write_text(text, encoding="utf-8")
    assessment, _ = assess(path)
    assessment = replace(
        assessment,
        attribute=machine or attribute,
        provenance=Provenance("1", "r1", "attribute/1"),
        elements=replace(assessment.elements, title=text.split("\n")[1], issue_date="2024-05-01"),
    )
    body = {**to_json(assessment, with_text=True), "places": []}
    if partial:
        body["partial"] = {"attribute": "active", "spans": [{"start": 0, "end": 2}]}
    if problem:
        body["problems"] = [{"code": problem, "where": ""}]
    owner = uploader or bureau.users[Role.DRAFTER]
    bureau.clock.move(minutes=1)
    with bureau.database.writing() as session:
        row = cases.create(session, session.get_one(User, owner.id), bureau.clock())
        land(session, row, Landing("文件.txt", "0" * 36, body, text), bureau.clock())
        chosen = tuple(BASIS[attribute] if basis is None else basis)
        decision = Decision(attribute, chosen, "按本单位一贯做法办理", checked=True, confirms=True, declared=True)
        for role, action in DESKS:
            person = Person(owner.id if role is Role.DRAFTER else bureau.users[role].id, frozenset({role}))
            case, event = step(cases.to_flow(session, row), action, person, decision, bureau.clock(), "0" * 64)
            cases.save_step(session, row, case, event, bureau.clock())
        session.commit()
        return row.no


def fill(bureau, folder: Path, each: int = 20) -> dict[str, Attribute]:
    """`each` finished cases of every attribute, mixed in time; number → attribute."""
    made = {}
    for number in range(each):
        for attribute in Attribute:
            made[finish(bureau, words(attribute, number), attribute, folder=folder)] = attribute
    return made


def small_home(tmp_path: Path, samples: str = "w[14]a.txt") -> Path:
    """A data home with all rules, the models, and few training papers, so that a training takes seconds."""
    ours, home = read_settings().data_home, tmp_path / "home"
    (home / "corpus" / "samples").mkdir(parents=True)
    for part in (ours / "corpus").iterdir():
        if part.name != "samples":
            (home / "corpus" / part.name).symlink_to(part)
    for path in (ours / "corpus" / "samples").glob(samples):
        shutil.copy(path, home / "corpus" / "samples")
    (home / "models").mkdir()
    for task in (ours / "models").iterdir():
        if task.name != "attribute":
            (home / "models" / task.name).symlink_to(task)
    shutil.copytree(ours / "models" / "attribute" / "1", home / "models" / "attribute" / "1")
    (home / "models" / "attribute" / "ACTIVE").write_text("1\n")
    return home


def take_back(bureau, number: str) -> None:
    """The publisher sends an approved case back."""
    with bureau.database.writing() as session:
        row = session.get_one(ReviewCase, number)
        person = Person(bureau.users[Role.PUBLISHER].id, frozenset({Role.PUBLISHER}))
        note = Decision(note="属性签错，请重新办理")
        case, event = step(cases.to_flow(session, row), Action.RETURN, person, note, bureau.clock(), "")
        cases.save_step(session, row, case, event, bureau.clock())
        session.commit()
