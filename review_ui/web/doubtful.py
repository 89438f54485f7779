"""决定复看: signed attributes that may be errors, as the last training saw them. People may open a case; nothing changes by itself."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from classifier.core.assessment import Attribute
from review_ui.flow.duty import OFFICERS
from review_ui.store import accounts, doubts
from review_ui.store.tables import LabelSuspect
from review_ui.web.access import may_read
from review_ui.web.office import me, office

blueprint = Blueprint("doubtful", __name__)


@blueprint.get("/doubtful")
def show() -> ResponseReturnValue:
    """The list. The auditor sees numbers and attributes and opens nothing; others see the cases they may read."""
    user = me()
    auditing = bool(accounts.roles(user) & OFFICERS)
    with office().database.reading() as session:
        found = [(suspect, row) for suspect, row in doubts.listed(session) if auditing or may_read(user, row)]
    shown = [(row, Attribute(suspect.given), Attribute(suspect.suggested), why(suspect)) for suspect, row in found]
    return render_template("doubtful.html", shown=shown, auditing=auditing, found_at=found[0][0].found_at if found else None)


def why(suspect: LabelSuspect) -> str:
    """Why this one is listed, in one sentence with its numbers."""
    given, suggested = Attribute(suspect.given).label, Attribute(suspect.suggested).label
    return (
        f"只按其他文件来看，这一件像“{given}”的程度为 {suspect.given_share:.0%}，低于同类平均 {suspect.given_mean:.0%}；"
        f"像“{suggested}”的程度为 {suspect.suggested_share:.0%}，不低于那一类平均 {suspect.suggested_mean:.0%}。"
    )
