"""What the office teaches: finished cases as signed decisions, what a candidate model said beside, and labels to look at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from classifier.core.assessment import Attribute
from classifier.core.problems import BESIDE_THE_TEXT
from classifier.learn.signed import SignedDecision
from classifier.learn.suspects import Suspect
from review_ui.flow.case import FINISHED
from review_ui.flow.clock import stamp
from review_ui.store import cases
from review_ui.store.tables import DocumentText, LabelSuspect, ReviewCase, ShadowOpinion


def signed_decisions(session: Session) -> Iterator[SignedDecision]:
    """Every finished case whose text is in the store.

    Two kinds are left out: a closed paper that people opened by masking passages（区分处理）, for its text as it came was not what they
    let out; and a paper of which a part was not read, for people decided on more than its text.
    """
    has_text = exists().where(DocumentText.case_no == ReviewCase.no)
    rows = session.scalars(
        select(ReviewCase).where(ReviewCase.stage.in_([s.value for s in FINISHED]), has_text).order_by(ReviewCase.no)
    )
    beside = _beside(session)
    for row in rows.all():
        signatures = cases.to_flow(session, row).signatures
        body = cases.assessment(session, row.no)
        last = signatures[-1] if signatures else None
        attribute = last.decision.attribute if last else None
        if last is None or attribute is None or (attribute is Attribute.ACTIVE and body.get("partial")):
            continue
        if any(problem["code"] not in BESIDE_THE_TEXT for problem in body.get("problems", [])):
            continue
        day = body.get("elements", {}).get("issue_date") or ""
        yield SignedDecision(
            number=row.no,
            text=cases.text(session, row.no),
            places=tuple((start, end, where) for start, end, where in body.get("places", [])),
            attribute=attribute,
            basis=last.decision.basis,
            unit=row.uploader.unit,
            year=int(day[:4]) if day[:4].isdigit() else None,
            at=last.at,
            machine=Attribute(row.machine) if row.machine else None,
            model=body.get("provenance", {}).get("model", ""),
            beside=beside.get(row.no, {}),
        )


def _beside(session: Session) -> dict[str, dict[str, Attribute]]:
    found: dict[str, dict[str, Attribute]] = {}
    for opinion in session.scalars(select(ShadowOpinion)):
        found.setdefault(opinion.case_no, {})[opinion.model] = Attribute(opinion.attribute)
    return found


def keep_suspects(session: Session, suspects: Iterable[tuple[str, Suspect]], now: dt.datetime) -> int:
    """Replace the list by that of the newest training; says how many there are."""
    session.execute(delete(LabelSuspect))
    rows = [
        LabelSuspect(
            case_no=number,
            rank=rank,
            given=found.given.value,
            suggested=found.suggested.value,
            given_share=found.given_share,
            given_mean=found.given_mean,
            suggested_share=found.suggested_share,
            suggested_mean=found.suggested_mean,
            found_at=stamp(now),
        )
        for rank, (number, found) in enumerate(suspects)
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)
