"""Receiving files: into the incoming folder, a number, a place in the queue. Nothing is looked at here."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from classifier.contract import to_json
from classifier.core.assessment import Assessment, Provenance, Route
from classifier.core.document import Problem
from classifier.core.problems import PROBLEMS
from review_ui.flow.case import Stage
from review_ui.store import audit, cases, files, jobs, landing
from review_ui.store.tables import Job, ReviewCase
from review_ui.web import phrases
from review_ui.web.office import me, office

blueprint = Blueprint("intake", __name__)

RECENT = 12
_JOB_STATES = {"queued": "排队", "running": "读取判定", "failed": "失败", "dead": "失败"}


@blueprint.get("/upload")
def upload_page() -> ResponseReturnValue:
    """The upload page, with the state of the latest uploads (works without scripts too)."""
    with office().database.reading() as session:
        query = select(ReviewCase).where(ReviewCase.uploader_id == me().id)
        rows = session.scalars(query.order_by(ReviewCase.created_at.desc(), ReviewCase.no).limit(RECENT)).all()
        recent = [(row, _state(session, row)) for row in rows]
    return render_template("upload.html", recent=recent, limit=office().settings.most_bytes // (1024 * 1024))


@blueprint.post("/upload")
def upload() -> ResponseReturnValue:
    """Take one or several files."""
    uploads = [f for f in request.files.getlist("files") if f.filename]
    numbers = [_receive(item) for item in uploads]
    taken = [number for number in numbers if number]
    refused = len(numbers) - len(taken)
    if request.accept_mimetypes.best == "application/json":
        return {"cases": taken, "refused": refused}, 201 if taken else 400
    if not uploads:
        flash("请先选择文件。")
    else:
        flash(f"已接收 {len(taken)} 个文件。" + (f"有 {refused} 个文件名过长或无效，没有接收。" if refused else ""))
    return redirect(url_for("intake.upload_page"))


def _receive(item: FileStorage) -> str | None:
    """One file into the incoming folder and the queue; its case number, or None when its name cannot be kept whole."""
    try:
        name = files.clean_name(item.filename or "")
    except files.BadName:
        return None
    token = files.receive(office().place, item.stream, name)
    now = office().now()
    with office().database.writing() as session:
        row = cases.create(session, me(), now)
        jobs.enqueue(session, row.no, "assess", now, incoming=token)
        session.commit()
    return row.no


@blueprint.get("/upload/states")
def states() -> ResponseReturnValue:
    """The state of one's own uploads, for polling."""
    wanted = request.args.getlist("no")[:50]
    with office().database.reading() as session:
        query = select(ReviewCase).where(ReviewCase.no.in_(wanted), ReviewCase.uploader_id == me().id)
        return {row.no: _state(session, row) for row in session.scalars(query)}


def _state(session: Session, row: ReviewCase) -> dict[str, object]:
    """One visible state: 排队 → 读取判定 → 待审 / 失败 / 停止."""
    stage = Stage(row.stage)
    link = url_for("review.show", no=row.no)
    if stage is Stage.BLOCKED:
        detail = "疑似涉密，已停止处理。请立即查看处置要求。"
        return {"state": "停止", "kind": "stop", "done": True, "detail": detail, "link": link}
    if stage is not Stage.INCOMING:
        said = f"{phrases.route_label(row.route)}：{phrases.attribute_label(row.machine)}" if row.machine else ""
        return {"state": phrases.stage_of(row), "kind": "good", "done": True, "detail": said, "link": link}
    job = jobs.latest(session, row.no, "assess")
    if job is None or job.state in jobs.FAILED_STATES:
        detail = phrases.failure(job.reason if job else None)
        return {"state": "失败", "kind": "bad", "done": True, "detail": detail, "link": link}
    return {"state": _JOB_STATES.get(job.state, "排队"), "kind": "wait", "done": False, "detail": "", "link": link}


@blueprint.post("/case/<no>/retry")
def retry(no: str) -> ResponseReturnValue:
    """Put a failed upload back into the queue."""
    with office().database.writing() as session:
        _, job = _failed(session, no)
        jobs.retry(session, job)
        audit.append(session, office().now(), me().id, "retry", no)
        session.commit()
    flash("已重新排队。")
    return redirect(url_for("intake.upload_page"))


@blueprint.post("/case/<no>/manual")
def to_manual(no: str) -> ResponseReturnValue:
    """A file the machine could not read goes to people, on the uploader's word that it carries no secrecy mark."""
    if request.form.get("declared") != "on":
        flash("请先核对并勾选声明。")
        return redirect(url_for("review.show", no=no))
    now = office().now()
    with office().database.writing() as session:
        row, job = _failed(session, no)
        token = job.incoming
        source = files.waiting(office().place, token) if token else None
        if source is None or token is None:
            flash(phrases.failure("lost"))
            return redirect(url_for("review.show", no=no))
        with source.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        body = _unread(source.name, digest, job.reason or "internal")
        landing.land(session, row, landing.Landing(source.name, files.adopt(office().place, token), body, ""), now)
        job.state, job.incoming = "done", None
        audit.append(session, now, me().id, "manual", no)
        session.commit()
    files.destroy(office().place, token)
    flash("已转人工审查。")
    return redirect(url_for("review.show", no=no))


def _failed(session: Session, no: str) -> tuple[ReviewCase, Job]:
    row = session.get(ReviewCase, no)
    job = jobs.latest(session, no, "assess")
    if row is None or row.uploader_id != me().id or job is None or job.state not in jobs.FAILED_STATES:
        abort(404)
    return row, job


def _unread(name: str, digest: str, reason: str) -> dict[str, Any]:
    """The assessment of a file nobody could read: no suggestion, one problem, a person decides."""
    unread = Assessment(
        source=name,
        sha256=digest,
        format="unknown",
        attribute=None,
        in_scope=True,
        confidence=0.0,
        route=Route.MANUAL,
        reasons=(),
        findings=(),
        provenance=Provenance("", "", ""),
        problems=(Problem(reason if reason in PROBLEMS else "internal"),),
    )
    return to_json(unread)
