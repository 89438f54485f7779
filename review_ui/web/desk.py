"""The workbench: tabs, filters in the URL, keyset paging."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.core.assessment import Attribute, Route
from review_ui.flow.case import Role, Stage
from review_ui.flow.clock import report_left
from review_ui.store import accounts, queues
from review_ui.store.tables import Incident, ReviewCase
from review_ui.web.office import as_person, office

blueprint = Blueprint("desk", __name__)

REVIEWERS = frozenset({Role.OFFICE_CLERK, Role.SECRECY_REVIEWER, Role.DEPUTY_LEADER, Role.PRINCIPAL_LEADER})
"""Whose word a model learns from."""

_EMPTY = {
    "todo": "没有待办的文件。",
    "done": "您还没有办理过文件。",
    "mine": "您还没有提交过文件。",
    "returned": "没有退回给您的文件。",
    "failed": "没有失败件。",
    "blocked": "没有疑似涉密停止的文件。",
    "all": "没有已提交的文件。",
}


def tabs_for(roles: frozenset[Role]) -> list[str]:
    """Tabs that can ever hold something for these roles."""
    drafter, chain = Role.DRAFTER in roles, bool(roles - {Role.DRAFTER, Role.SECURITY_OFFICER})
    shown = ["todo", "done"] if drafter or chain or Role.SECURITY_OFFICER in roles else []
    shown += ["mine", "returned"] if drafter else []
    shown += ["failed"] if drafter or Role.OFFICE_CLERK in roles else []
    shown += ["blocked"] if drafter or Role.SECURITY_OFFICER in roles else []
    return shown + (["all"] if chain else [])


@blueprint.get("/queue")
def queue() -> ResponseReturnValue:
    """One tab of the workbench."""
    person = as_person()
    shown = tabs_for(person.roles)
    tab = request.args.get("tab", shown[0])
    if tab not in shown:
        abort(404)
    filters = _filters(may_reorder=_may_reorder(tab, person.roles))
    with office().database.reading() as session:
        rows = queues.page(session, tab, person, filters)
        counts = queues.counts(session, person)
        names = accounts.names(session)
        clocks = _clocks(session, rows)
    more = rows[queues.PAGE - 1] if len(rows) > queues.PAGE else None
    return render_template(
        "queue.html",
        tab=tab,
        tabs=[(name, queues.TABS[name][0], counts[name]) for name in shown],
        rows=rows[: queues.PAGE],
        names=names,
        clocks=clocks,
        filters=filters,
        may_reorder=_may_reorder(tab, person.roles),
        is_filtered=bool(filters.stage or filters.route or filters.attribute),
        empty=_EMPTY[tab],
        total=counts[tab],
        next_page=_next_page(tab, filters, more) if more else None,
        stages=list(Stage),
        routes=list(Route),
        attributes=list(Attribute),
    )


def _may_reorder(tab: str, roles: frozenset[Role]) -> bool:
    """最有用的先看 is for reviewers' own pile only: other lists are looked up by date, and stopped files have their clocks."""
    return tab == "todo" and bool(roles & REVIEWERS)


def _clocks(session: Session, rows: list[ReviewCase]) -> dict[str, dt.timedelta]:
    """Time left to report each stopped file."""
    stopped = [row.no for row in rows if row.stage == Stage.BLOCKED.value]
    found = session.scalars(select(Incident).where(Incident.case_no.in_(stopped)))
    return {incident.case_no: report_left(incident.found_at, office().now()) for incident in found}


def _filters(*, may_reorder: bool) -> queues.Filters:
    """Filters from the URL; a value outside the lists counts as none."""
    stage, route, attribute = (request.args.get(name) for name in ("stage", "route", "attribute"))
    lane, _, rest = request.args.get("before", "").partition("~")
    before = tuple(rest.split("~"))
    return queues.Filters(
        stage=stage if stage in set(Stage) else None,
        route=route if route in set(Route) else None,
        attribute=attribute if attribute in set(Attribute) else None,
        before=(int(lane), before[0], before[1]) if len(before) == 2 and lane.isdigit() and len(lane) < 4 else None,
        useful=may_reorder and request.args.get("order") == "useful",
        skip=max(0, request.args.get("skip", 0, type=int)),
    )


def _next_page(tab: str, filters: queues.Filters, last: ReviewCase) -> str:
    return url_for(
        "desk.queue",
        tab=tab,
        stage=filters.stage,
        route=filters.route,
        attribute=filters.attribute,
        order="useful" if filters.useful else None,
        skip=filters.skip + queues.PAGE if filters.useful else None,
        before=None if filters.useful else f"{last.lane}~{last.created_at}~{last.no}",
    )
