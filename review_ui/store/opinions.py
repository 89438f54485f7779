"""What people say before they sign: half-filled forms, and judgements of single findings."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from review_ui.flow.clock import stamp
from review_ui.store.tables import DraftOpinion, Judgement, ReviewCase


@dataclass(frozen=True, slots=True)
class Saved:
    """A half-filled form."""

    fields: dict[str, list[str]]
    at: str


def save_draft(session: Session, no: str, user: str, fields: dict[str, list[str]], now: dt.datetime) -> None:
    """Keep a form as it was typed."""
    row = session.get(DraftOpinion, (no, user)) or DraftOpinion(case_no=no, user_id=user)
    row.body, row.saved_at = json.dumps(fields, ensure_ascii=False), stamp(now)
    session.add(row)
    session.flush()


def draft(session: Session, no: str, user: str) -> Saved | None:
    """The form this person left, if any."""
    row = session.get(DraftOpinion, (no, user))
    return Saved(json.loads(row.body), row.saved_at) if row else None


def drop_draft(session: Session, no: str, user: str) -> None:
    """The form was handed in."""
    session.execute(delete(DraftOpinion).where(DraftOpinion.case_no == no, DraftOpinion.user_id == user))


def judge(session: Session, no: str, finding: int, user: str, *, real: bool, now: dt.datetime) -> None:
    """Record 属实 or 误报 for one finding; a person's newer word replaces their older one."""
    row = session.get(Judgement, (no, finding, user)) or Judgement(case_no=no, finding=finding, user_id=user)
    row.real, row.at = real, stamp(now)
    session.add(row)
    session.flush()


def judgements(session: Session, no: str) -> list[Judgement]:
    """All judgements of a case, oldest first."""
    return list(session.scalars(select(Judgement).where(Judgement.case_no == no).order_by(Judgement.at, Judgement.finding)))


def cleared(session: Session, row: ReviewCase) -> frozenset[int]:
    """Findings that are not masked: somebody other than the uploader called them false, and nobody took it back since.

    The uploader's own 误报 is shown but unmasks nothing: one person alone never opens a passage.
    """
    last: dict[int, bool] = {}
    for judgement in judgements(session, row.no):
        if judgement.real or judgement.user_id != row.uploader_id:
            last[judgement.finding] = judgement.real
    return frozenset(finding for finding, real in last.items() if not real)
