"""What becomes of an upload after the scan: it lands in the store, or every trace of it goes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from review_ui.flow.case import Stage
from review_ui.flow.clock import stamp
from review_ui.store import audit
from review_ui.store.tables import AssessmentRow, DocumentText, Incident, ReviewCase, ShadowOpinion

SYSTEM = "system"
"""The actor of what no person did."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A scanned document on its way into the store."""

    name: str
    original: str
    assessment: Mapping[str, Any]
    """`mishen.assessment/1`, without the words of findings."""
    text: str


def land(session: Session, row: ReviewCase, landing: Landing, now: dt.datetime) -> None:
    """Attach name, text and assessment to a case that waited for them."""
    body = landing.assessment
    elements = body["elements"]
    row.stage, row.changed_at = Stage.RECEIVED.value, stamp(now)
    row.file_name, row.original, row.sha256 = landing.name, landing.original, body["sha256"]
    row.title, row.doc_no = elements["title"] or landing.name, elements["doc_no"]
    row.machine, row.route = body["attribute"], body["route"]
    session.add(AssessmentRow(case_no=row.no, made_at=stamp(now), body=json.dumps(body, ensure_ascii=False)))
    if landing.text:
        session.add(DocumentText(case_no=row.no, text=landing.text))
    session.flush()
    detail: dict[str, str | int] = {"sha256": body["sha256"], "route": body["route"], "attribute": body["attribute"] or ""}
    detail |= {f"by_{key}": value for key, value in body["provenance"].items()}
    audit.append(session, now, SYSTEM, "assessed", row.no, detail)


def block(session: Session, row: ReviewCase, rules: Sequence[str], level: str, places: Sequence[str], now: dt.datetime) -> None:
    """Keep only what domain/02 §6 allows: number, time, uploader, rules, level, places."""
    session.execute(delete(AssessmentRow).where(AssessmentRow.case_no == row.no))
    session.execute(delete(DocumentText).where(DocumentText.case_no == row.no))
    session.execute(delete(ShadowOpinion).where(ShadowOpinion.case_no == row.no))
    row.stage, row.route, row.changed_at = Stage.BLOCKED.value, "blocked", stamp(now)
    row.title = row.file_name = row.doc_no = row.original = row.sha256 = row.machine = row.attribute = None
    names, where = " ".join(sorted(set(rules))), " ".join(sorted(set(places)))
    session.add(Incident(case_no=row.no, found_at=stamp(now), rules=names, level=level, places=where))
    session.flush()
    audit.append(session, now, SYSTEM, "blocked", row.no, {"rules": names, "level": level, "places": where})
