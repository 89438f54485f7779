"""The decision form: read it, keep it while it is half filled, hand it to the flow, and lose nothing when somebody was faster."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from classifier.core.assessment import Attribute
from review_ui.flow.case import Action, Case, Decision, NotAllowed, Stage
from review_ui.flow.chain import TABLE, step
from review_ui.publish.material import Material, gather
from review_ui.store import accounts, cases, opinions, queues
from review_ui.store.tables import ReviewCase
from review_ui.web.office import as_person, me, office
from review_ui.web.release import note_publication
from review_ui.web.review import readable

blueprint = Blueprint("opinion", __name__)

FIELDS = ("choice", "basis", "note", "checked", "confirms", "declared", "viewed")
LONGEST_NOTE = 2_000
REFER_UP = "refer_up"
"""The fourth choice: 待上报确定."""

_OTHER = {a.value: a for a in Action if not a.signs and a is not Action.REFER_UP}
"""Buttons that name their action; everything else follows from the choice."""


class Stale(Exception):
    """Somebody was faster."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came in."""

    do: str
    version: str
    content: str
    decision: Decision
    refers: bool


def read_form(form: MultiDict[str, str]) -> Filled:
    """Take only known fields and known values; an unknown attribute counts as none."""
    choice = form.get("choice", "")
    return Filled(
        do=form.get("do", ""),
        version=form.get("version", ""),
        content=form.get("content", ""),
        refers=choice == REFER_UP,
        decision=Decision(
            attribute=Attribute(choice) if choice in set(Attribute) else None,
            basis=tuple(b for b in form.getlist("basis") if b in office().law.articles),
            note=form.get("note", "").strip()[:LONGEST_NOTE],
            checked=form.get("checked") == "on",
            confirms=form.get("confirms") == "on",
            declared=form.get("declared") == "on",
        ),
    )


def chosen_action(stage: Stage, filled: Filled) -> Action:
    """Which action a form asks for."""
    if filled.do in _OTHER:
        return _OTHER[filled.do]
    if filled.refers:
        return Action.REFER_UP
    return Action.SUBMIT if (stage, Action.SUBMIT) in TABLE else Action.SIGN


@blueprint.post("/case/<no>/act")
def act(no: str) -> ResponseReturnValue:
    """Walk one step."""
    filled = read_form(request.form)
    try:
        with office().database.writing() as session:
            case, action = _walk(session, no, filled)
            session.commit()
    except NotAllowed as refused:
        _keep(no)
        flash(refused.message, "error")
        return redirect(_back(no, filled))
    except (Stale, StaleDataError):
        _keep(no)
        return _conflict(no)
    flash(f"{case.no}：已{action.label}，现在“{case.stage.label}”。")
    return redirect(_onward(no, action))


def _walk(session: Session, no: str, filled: Filled) -> tuple[Case, Action]:
    row = readable(session, no)
    if str(row.version) != filled.version:
        raise Stale
    try:
        material = gather(session, row)
    except LookupError:
        material = None
    content = material.content if material else ""
    if filled.content and filled.content != content:
        raise Stale  # somebody judged a finding: what would be signed is not what was on the screen
    action = chosen_action(Stage(row.stage), filled)
    if material and action is Action.SIGN and Stage(row.stage) is Stage.OFFICE_COLLECTED:
        _check_judged(material, filled.decision)
    now = office().now()
    if action is Action.PUBLISH:
        note_publication(session, no, now)
    case, event = step(cases.to_flow(session, row), action, as_person(), filled.decision, now, content)
    cases.save_step(session, row, case, event, now)
    opinions.drop_draft(session, no, me().id)
    return case, action


def _check_judged(material: Material, decision: Decision) -> None:
    """The secrecy review is the last desk that may judge findings: none that could be masked may stay open behind it."""
    left = material.undecided
    if decision.attribute is Attribute.ACTIVE and left:
        raise NotAllowed("undecided", f"还有 {len(left)} 处可遮蔽的命中没有判断。请逐处选择属实、误报或遮蔽，再签署主动公开。")


def _onward(no: str, action: Action) -> str:
    """After a decision the next paper on the desk, else the workbench."""
    if not action.signs:
        return url_for("desk.queue")
    with office().database.reading() as session:
        following = queues.following(session, as_person(), no)
    return url_for("review.show", no=following) if following else url_for("desk.queue")


def _back(no: str, filled: Filled) -> str:
    return url_for("release.show" if filled.do == Action.PUBLISH.value else "review.show", no=no)


def _keep(no: str) -> None:
    """Store what was typed, so that a refusal or a conflict costs nothing."""
    fields = {name: request.form.getlist(name) for name in FIELDS if request.form.getlist(name)}
    with office().database.writing() as session:
        if session.get(ReviewCase, no) is not None and fields:
            fields["note"] = [note[:LONGEST_NOTE] for note in fields.get("note", [])]
            opinions.save_draft(session, no, me().id, fields, office().now())
            session.commit()


def _conflict(no: str) -> ResponseReturnValue:
    with office().database.reading() as session:
        row = readable(session, no)
        events = cases.events(session, no)
        names = accounts.names(session)
    return render_template("conflict.html", row=row, last=events[-1] if events else None, names=names, form=request.form), 409


@blueprint.post("/case/<no>/draft")
def save_draft(no: str) -> ResponseReturnValue:
    """Autosave: the server keeps the half-filled form; the browser keeps nothing."""
    with office().database.reading() as session:
        row = readable(session, no)
        if Stage(row.stage) in (Stage.BLOCKED, Stage.INCIDENT_CLOSED):
            abort(404)
    _keep(no)
    return {"saved": office().now().astimezone().isoformat()}
