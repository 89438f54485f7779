"""The review page and everything a person does on it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.core.assessment import Attribute
from classifier.core.problems import describe, tell_receipt
from review_ui.flow.case import Action, Role, Stage
from review_ui.flow.chain import open_moves
from review_ui.flow.clock import beijing, report_left
from review_ui.flow.verdict import WITHHELD_BASIS, opening
from review_ui.publish.masking import MARKER
from review_ui.publish.material import Material, gather
from review_ui.store import accounts, audit, cases, files, jobs, opinions
from review_ui.store.opinions import Verdict
from review_ui.store.tables import AuditEvent, Incident, ReviewCase
from review_ui.web import dossier, highlight
from review_ui.web.access import may_read
from review_ui.web.office import as_person, me, office
from review_ui.web.phrases import places_label, problem_place, snippet_place

blueprint = Blueprint("review", __name__)

JUDGED_AT = (Stage.RECEIVED, Stage.RETURNED, Stage.DRAFT_SUBMITTED, Stage.OFFICE_COLLECTED)
"""After the secrecy review nobody changes what is masked: the later signatures stand under the same text."""


def readable(session: Session, no: str) -> ReviewCase:
    """The case, or the page that does not tell whether there is one."""
    row = session.get(ReviewCase, no)
    if row is None or not may_read(me(), row):
        abort(404)
    return row


def assessed(session: Session, no: str) -> Material:
    """A readable case with its assessment, or 404."""
    try:
        return gather(session, readable(session, no))
    except LookupError:
        abort(404)


def can_judge(material: Material) -> bool:
    """Whether this person may judge findings now."""
    moves = open_moves(material.case, as_person())
    return Stage(material.row.stage) in JUDGED_AT and any(m.signs for m in moves)


@blueprint.get("/case/<no>")
def show(no: str) -> ResponseReturnValue:
    """The page of a case: waiting, stopped, or ready to review."""
    with office().database.reading() as session:
        row = readable(session, no)
        stage = Stage(row.stage)
        if stage is Stage.INCOMING:
            return render_template("waiting.html", row=row, job=jobs.latest(session, no, "assess"))
        if stage in (Stage.BLOCKED, Stage.INCIDENT_CLOSED):
            return _show_incident(session, row)
        material = gather(session, row)
        page = _review_page(session, material)
    _note_reading(no)
    return page


def _review_page(session: Session, material: Material) -> str:
    person, law, row = as_person(), office().law, material.row
    names = accounts.names(session)
    moves = open_moves(material.case, person)
    saved = opinions.draft(session, row.no, person.id)
    spans = {i: f.span for i, f in enumerate(material.assessment.findings)}
    shown = dossier.findings(material, law, opinions.judgements(session, row.no), names, person.id)
    return render_template(
        "review.html",
        row=row,
        material=material,
        assessment=material.assessment,
        stretches=highlight.flatten(material.text, spans, material.places),
        reasons=dossier.reasons(material, law),
        partial=dossier.partial(material),
        findings=shown,
        by_id={f.id: f for f in shown},
        problems=[(describe(p.code), problem_place(p.where)) for p in material.assessment.problems],
        snippets=[snippet_place(page, member) for page, member in cases.snippets(session, row.no)],
        receipt=tell_receipt(material.assessment.receipt),
        moves={m.value for m in moves},
        deciding=any(m.signs for m in moves),
        declares=Action.SUBMIT in moves,
        can_judge=can_judge(material),
        opening=opening(material.case),
        last=material.case.events[-1] if material.case.events else None,
        names=names,
        saved=saved.fields if saved else {},
        saved_at=beijing(saved.at) if saved else "",
        attributes=list(Attribute),
        basis=[law.article(identifier) for identifier in WITHHELD_BASIS],
    )


def _show_incident(session: Session, row: ReviewCase) -> str:
    incident = session.get_one(Incident, row.no)
    events = cases.events(session, row.no)
    return render_template(
        "incident.html",
        row=row,
        incident=incident,
        places=places_label(incident.places),
        left=report_left(incident.found_at, office().now()),
        is_officer=Role.SECURITY_OFFICER in as_person().roles,
        may_close=Action.CLOSE_INCIDENT in open_moves(cases.to_flow(session, row), as_person()),
        closing=events[-1] if events else None,
        names=accounts.names(session),
    )


def _note_reading(no: str) -> None:
    """Reading a document is audited: once, until the person does something else with it."""
    with office().database.writing() as session:
        mine = select(AuditEvent.action).where(AuditEvent.object == no, AuditEvent.actor == me().id)
        if session.scalars(mine.order_by(AuditEvent.seq.desc()).limit(1)).first() != "read":
            audit.append(session, office().now(), me().id, "read", no)
            session.commit()


@blueprint.post("/case/<no>/finding/<int:number>")
def judge(no: str, number: int) -> ResponseReturnValue:
    """属实, 误报 or 遮蔽 for one finding."""
    said = request.form.get("verdict")
    with office().database.writing() as session:
        material = assessed(session, no)
        if said not in set(Verdict) or number >= len(material.assessment.findings) or not can_judge(material):
            abort(404)
        opinions.judge(session, no, number, me().id, Verdict(said), office().now())
        detail: dict[str, str | int] = {"finding": number, "verdict": said}
        audit.append(session, office().now(), me().id, "judge", no, detail)
        after = gather(session, material.row)
        session.commit()
    if request.accept_mimetypes.best == "application/json":
        return {"content": after.content, "masked": dossier.masked(after), "undecided": list(after.undecided)}
    return redirect(url_for("review.show", no=no) + f"#f{number}")


@blueprint.get("/case/<no>/history")
def history(no: str) -> ResponseReturnValue:
    """Who did what, when and why."""
    with office().database.reading() as session:
        material = assessed(session, no)
        names = accounts.names(session)
    return render_template("history.html", row=material.row, material=material, names=names, law=office().law)


@blueprint.get("/case/<no>/preview")
def preview(no: str) -> ResponseReturnValue:
    """The text as it would be published."""
    with office().database.reading() as session:
        material = assessed(session, no)
    return render_template("preview.html", row=material.row, masked=material.masked, marker=MARKER)


@blueprint.get("/case/<no>/original")
def original(no: str) -> ResponseReturnValue:
    """The file as it was handed in, as a download: what the machine did not read, a person must be able to read."""
    with office().database.writing() as session:
        row = readable(session, no)
        if row.original is None:
            abort(404)
        audit.append(session, office().now(), me().id, "download", no, {"what": "original"})
        session.commit()
    path = files.original(office().place, row.original)
    return send_file(path, "application/octet-stream", as_attachment=True, download_name=row.file_name, max_age=0)


@blueprint.get("/case/<no>/snippet/<int:number>")
def snippet(no: str, number: int) -> ResponseReturnValue:
    """One picture of what the machine did not read surely, from 1; seeing it is reading the document."""
    with office().database.reading() as session:
        row = readable(session, no)
        if row.original is None or not 1 <= number <= len(cases.snippets(session, no)):
            abort(404)
        path = files.snippet(office().place, row.original, number)
    if not path.is_file():
        abort(404)
    _note_reading(no)
    return send_file(path, "image/png", max_age=0)
