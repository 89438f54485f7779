"""Cases: making, loading for the flow, saving a step together with its audit link."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.core.assessment import Attribute
from review_ui.flow.case import Action, Case, Decision, Event, Role, Stage
from review_ui.flow.clock import stamp
from review_ui.store import audit
from review_ui.store.accounts import random_code
from review_ui.store.tables import AssessmentRow, CaseEvent, DocumentText, ReviewCase, User


def create(session: Session, uploader: User, now: dt.datetime, lane: int = 0) -> ReviewCase:
    """An empty case with a random number; name and text come only after the scan."""
    row = ReviewCase(
        no=random_code(2),
        uploader_id=uploader.id,
        created_at=stamp(now),
        changed_at=stamp(now),
        stage=Stage.INCOMING.value,
        lane=lane,
    )
    session.add(row)
    session.flush()
    audit.append(session, now, uploader.id, "upload", row.no)
    return row


def events(session: Session, no: str) -> tuple[Event, ...]:
    """What people did to a case, oldest first."""
    rows = session.scalars(select(CaseEvent).where(CaseEvent.case_no == no).order_by(CaseEvent.id))
    return tuple(_read_event(json.loads(row.body)) for row in rows)


def to_flow(session: Session, row: ReviewCase) -> Case:
    """The flow's view of a case."""
    return Case(
        no=row.no,
        stage=Stage(row.stage),
        uploader=row.uploader_id,
        machine=Attribute(row.machine) if row.machine else None,
        unread=bool(assessment(session, row.no).get("problems")),
        events=events(session, row.no),
    )


def save_step(session: Session, row: ReviewCase, case: Case, event: Event, now: dt.datetime) -> None:
    """Store a walked step: the row, the event, and the link that vouches for it, in one transaction."""
    row.stage, row.changed_at = case.stage.value, stamp(now)
    row.attribute = case.attribute.value if case.attribute else None
    body = audit.canonical(_write_event(row.no, len(case.events), event))
    session.add(CaseEvent(case_no=row.no, actor=event.actor, role=event.role.value, body=body, digest=audit.digest(body)))
    session.flush()
    detail = {"role": event.role.value, "before": event.before.value, "after": event.after.value, "event": audit.digest(body)}
    if event.decision.attribute:
        detail["attribute"] = event.decision.attribute.value
    audit.append(session, now, event.actor, event.action.value, row.no, detail)


def assessment(session: Session, no: str) -> dict[str, Any]:
    """The newest assessment of a case as JSON, or an empty dict."""
    row = session.scalars(
        select(AssessmentRow).where(AssessmentRow.case_no == no).order_by(AssessmentRow.id.desc()).limit(1)
    ).first()
    body: dict[str, Any] = json.loads(row.body) if row else {}
    return body


def snippets(session: Session, no: str) -> list[tuple[int | None, int | None]]:
    """Page and number of the inner file of each picture of what was not read surely, in their order."""
    return [(page, member) for page, member in assessment(session, no).get("snippets", [])]


def numbers_with_text(session: Session) -> list[str]:
    """The cases whose text is in the store, in a stable order."""
    return list(session.scalars(select(DocumentText.case_no).order_by(DocumentText.case_no)))


def text(session: Session, no: str) -> str:
    """The text of a document; empty when none was read."""
    row = session.get(DocumentText, no)
    return row.text if row else ""


def _write_event(no: str, seq: int, event: Event) -> dict[str, str | int]:
    choice = event.decision
    return {
        "case": no,
        "seq": seq,
        "action": event.action.value,
        "role": event.role.value,
        "actor": event.actor,
        "at": event.at,
        "before": event.before.value,
        "after": event.after.value,
        "content": event.content,
        "attribute": choice.attribute.value if choice.attribute else "",
        "basis": " ".join(choice.basis),
        "note": choice.note,
        "checked": int(choice.checked),
        "confirms": int(choice.confirms),
        "declared": int(choice.declared),
    }


def _read_event(body: dict[str, str]) -> Event:
    return Event(
        action=Action(body["action"]),
        role=Role(body["role"]),
        actor=body["actor"],
        at=body["at"],
        before=Stage(body["before"]),
        after=Stage(body["after"]),
        content=body["content"],
        decision=Decision(
            attribute=Attribute(body["attribute"]) if body["attribute"] else None,
            basis=tuple(body["basis"].split()),
            note=body["note"],
            checked=bool(body["checked"]),
            confirms=bool(body["confirms"]),
            declared=bool(body["declared"]),
        ),
    )
