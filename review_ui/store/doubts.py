"""Signed attributes to look at again, for the page: only those that still stand as they were when the training doubted them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from review_ui.flow.case import FINISHED
from review_ui.store.tables import LabelSuspect, ReviewCase


def listed(session: Session) -> list[tuple[LabelSuspect, ReviewCase]]:
    """Suspects with their cases, possible leaks first. A case that is on its way again is not shown."""
    query = (
        select(LabelSuspect, ReviewCase)
        .join(ReviewCase, ReviewCase.no == LabelSuspect.case_no)
        .where(ReviewCase.attribute == LabelSuspect.given, ReviewCase.stage.in_([s.value for s in FINISHED]))
        .order_by(LabelSuspect.rank)
    )
    return [(suspect, row) for suspect, row in session.execute(query)]
