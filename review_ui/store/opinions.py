"""What people say before they sign: half-filled forms, and judgements of single findings."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from review_ui.flow.clock import stamp
from review_ui.store.tables import DraftOpinion, Judgement, ReviewCase


class Verdict(StrEnum):
    """What a person may say of a finding."""

    REAL = "real"
    FALSE = "false"
    MASK = "mask"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return {"real": "属实", "false": "误报", "mask": "遮蔽"}[self.value]


def verdict_of(judgement: Judgement) -> Verdict:
    """The word behind a stored judgement."""
    if judgement.hide:
        return Verdict.MASK
    return Verdict.REAL if judgement.real else Verdict.FALSE


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


@dataclass(frozen=True, slots=True)
class Rulings:
    """What the judgements of a case come to."""

    cleared: frozenset[int] = frozenset()
    """Not masked though the machine asks for it."""
    hidden: frozenset[int] = frozenset()
    """Masked though the machine only points at it."""
    decided: frozenset[int] = frozenset()
    """Ruled on at all, by a word that counts."""


def judge(session: Session, no: str, finding: int, user: str, verdict: Verdict, now: dt.datetime) -> None:
    """Record one judgement; a person's newer word replaces their older one."""
    row = session.get(Judgement, (no, finding, user)) or Judgement(case_no=no, finding=finding, user_id=user)
    row.real, row.hide, row.at = verdict is not Verdict.FALSE, verdict is Verdict.MASK, stamp(now)
    session.add(row)
    session.flush()


def judgements(session: Session, no: str) -> list[Judgement]:
    """All judgements of a case, oldest first."""
    return list(session.scalars(select(Judgement).where(Judgement.case_no == no).order_by(Judgement.at, Judgement.finding)))


def rulings(session: Session, row: ReviewCase) -> Rulings:
    """The last word on each finding counts, but the uploader's 误报 opens nothing: one person alone never unmasks a passage."""
    last: dict[int, Judgement] = {}
    for judgement in judgements(session, row.no):
        if judgement.real or judgement.user_id != row.uploader_id:
            last[judgement.finding] = judgement
    return Rulings(
        cleared=frozenset(number for number, word in last.items() if not word.real),
        hidden=frozenset(number for number, word in last.items() if word.hide),
        decided=frozenset(last),
    )
