"""The lists of the workbench: one query per tab, keyset paging, filters on columns only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from classifier.core.assessment import Attribute
from review_ui.flow.case import FINISHED, Person, Role, Stage
from review_ui.flow.chain import TABLE
from review_ui.flow.duty import READERS
from review_ui.flow.usefulness import Sketch, most_useful, traits_of
from review_ui.store.frozen import SAMPLE
from review_ui.store.jobs import FAILED_STATES
from review_ui.store.tables import AssessmentRow, CaseEvent, Job, ReviewCase

PAGE = 30
MOST_SKETCHED = 1_000
"""Waiting and decided papers that are compared for the order 最有用的先看: the newest, so that a page stays quick."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; all of it stands in the URL, and none of it is text of a document."""

    stage: str | None = None
    route: str | None = None
    attribute: str | None = None
    before: tuple[int, str, str] | None = None
    """Keyset: (lane, created_at, no) of the last row of the page before."""
    useful: bool = False
    """最有用的先看 instead of newest first."""
    skip: int = 0
    """Rows of the pages before, in that order."""


def _todo(person: Person) -> ColumnElement[bool]:
    """Cases at a desk where this person sits, and on which no other duty of theirs stands against it."""
    desks: list[ColumnElement[bool]] = []
    for (stage, action), (role, _) in TABLE.items():
        if role not in person.roles or action.value in ("recall", "withdraw"):
            continue
        at = ReviewCase.stage == stage.value
        if role is Role.DRAFTER:
            at = and_(at, ReviewCase.uploader_id == person.id)
        else:
            acted = and_(CaseEvent.case_no == ReviewCase.no, CaseEvent.actor == person.id)
            elsewhere = exists().where(acted, CaseEvent.role != role.value)
            at = and_(at, ReviewCase.uploader_id != person.id, ~elsewhere)
        if role is Role.PUBLISHER:
            at = and_(at, ReviewCase.attribute == Attribute.ACTIVE.value)
        desks.append(at)
    return or_(false(), *desks)


def _done(person: Person) -> ColumnElement[bool]:
    return exists().where(CaseEvent.case_no == ReviewCase.no, CaseEvent.actor == person.id)


def _mine(person: Person) -> ColumnElement[bool]:
    return ReviewCase.uploader_id == person.id


def _returned(person: Person) -> ColumnElement[bool]:
    return and_(ReviewCase.uploader_id == person.id, ReviewCase.stage == Stage.RETURNED.value)


def _failed(person: Person) -> ColumnElement[bool]:
    broken = exists().where(Job.case_no == ReviewCase.no, Job.kind == "assess", Job.state.in_(FAILED_STATES))
    condition = and_(ReviewCase.stage == Stage.INCOMING.value, broken)
    return condition if Role.OFFICE_CLERK in person.roles else and_(condition, ReviewCase.uploader_id == person.id)


def _blocked(person: Person) -> ColumnElement[bool]:
    condition = ReviewCase.stage.in_((Stage.BLOCKED.value, Stage.INCIDENT_CLOSED.value))
    return condition if Role.SECURITY_OFFICER in person.roles else and_(condition, ReviewCase.uploader_id == person.id)


def _everything(person: Person) -> ColumnElement[bool]:
    """Cases a chain role may look up: everything that was handed in and is not blocked."""
    if not person.roles & (READERS - {Role.DRAFTER}):
        return false()
    hidden = (Stage.INCOMING, Stage.RECEIVED, Stage.BLOCKED, Stage.INCIDENT_CLOSED)
    return ReviewCase.stage.not_in([s.value for s in hidden])


TABS: dict[str, tuple[str, Callable[[Person], ColumnElement[bool]]]] = {
    "todo": ("待办", _todo),
    "done": ("已办", _done),
    "mine": ("我提交的", _mine),
    "returned": ("退回给我", _returned),
    "failed": ("失败件", _failed),
    "blocked": ("疑似涉密", _blocked),
    "all": ("全部文件", _everything),
}
"""Tab → Chinese name, and which cases it shows to a person."""


def page(session: Session, tab: str, person: Person, filters: Filters) -> list[ReviewCase]:
    """One page of a tab, newest first, papers of a batch after all others; one row more than PAGE says that there is a next page."""
    query = _narrow(select(ReviewCase).where(_on_desks(tab), TABS[tab][1](person)), filters)
    if filters.useful:
        return _useful(session, query, filters.skip)
    if filters.before:
        lane, at, no = filters.before
        older = or_(ReviewCase.created_at < at, and_(ReviewCase.created_at == at, ReviewCase.no < no))
        query = query.where(or_(ReviewCase.lane > lane, and_(ReviewCase.lane == lane, older)))
    order = (ReviewCase.lane, ReviewCase.created_at.desc(), ReviewCase.no.desc())
    return list(session.scalars(query.order_by(*order).limit(PAGE + 1)))


def _on_desks(tab: str) -> ColumnElement[bool]:
    """Papers of a sample are labelled on their set's page and decided on no desk; only a stop shows them in a list."""
    return true() if tab == "blocked" else ReviewCase.lane != SAMPLE


def _narrow(query: Select[ReviewCase], filters: Filters) -> Select[ReviewCase]:
    if filters.stage:
        query = query.where(ReviewCase.stage == filters.stage)
    if filters.route:
        query = query.where(ReviewCase.route == filters.route)
    if filters.attribute:
        query = query.where(func.coalesce(ReviewCase.attribute, ReviewCase.machine) == filters.attribute)
    return query


def _useful(session: Session, query: Select[ReviewCase], skip: int) -> list[ReviewCase]:
    """One page, most useful first. What was decided is known by its titles alone: cheap, and no text is read."""
    newest = query.order_by(ReviewCase.lane, ReviewCase.created_at.desc()).limit(MOST_SKETCHED)
    rows = {row.no: row for row in session.scalars(newest)}
    order = most_useful(_sketches(session, rows), _decided(session))
    return [rows[no] for no in order[skip : skip + PAGE + 1]]


def _decided(session: Session) -> Counter[str]:
    titles = (
        select(ReviewCase.title).where(ReviewCase.stage.in_([s.value for s in FINISHED])).order_by(ReviewCase.changed_at.desc())
    )
    return Counter(trait for title in session.scalars(titles.limit(MOST_SKETCHED)) for trait in traits_of(title or ""))


def _sketches(session: Session, rows: dict[str, ReviewCase]) -> list[Sketch]:
    """Scores and the model's own word, taken out of the assessments by SQLite: the rest of their JSON is not read."""
    body = AssessmentRow.body
    share = [func.json_extract(body, f"$.scores.{attribute.value}") for attribute in Attribute]
    learned = func.json_extract(body, "$.voices.learned")
    newest = select(func.max(AssessmentRow.id)).where(AssessmentRow.case_no.in_(rows)).group_by(AssessmentRow.case_no)
    found = session.execute(select(AssessmentRow.case_no, learned, *share).where(AssessmentRow.id.in_(newest)))
    said = {no: (word, tuple(s for s in shares if s is not None)) for no, word, *shares in found}
    return [
        Sketch(no, said.get(no, (None, ()))[1], said.get(no, (None, ()))[0], row.machine, traits_of(row.title or ""))
        for no, row in rows.items()
    ]


def counts(session: Session, person: Person) -> dict[str, int]:
    """How many cases each tab holds."""
    found: dict[str, int] = {}
    for tab, (_, condition) in TABS.items():
        shown = select(func.count()).select_from(ReviewCase).where(_on_desks(tab), condition(person))
        found[tab] = session.scalar(shown) or 0
    return found


def following(session: Session, person: Person, no: str) -> str | None:
    """The next case on this person's desk after `no`: oldest first, so that nobody's paper is left lying."""
    here = (_on_desks("todo"), _todo(person), ReviewCase.no != no)
    query = select(ReviewCase.no).where(*here).order_by(ReviewCase.lane, ReviewCase.created_at, ReviewCase.no)
    return session.scalars(query.limit(1)).first()
