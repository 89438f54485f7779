"""档案批次: the frozen sets on the desk, and the page where papers of a sample are labelled blind.

Whoever labels a sample sees the paper and not what the machine says of it: the certificate measures the machine.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from classifier.core.problems import describe
from review_ui.flow.case import Stage
from review_ui.flow.duty import LABELLERS, OFFICERS
from review_ui.store import accounts, audit, cases, files, frozen
from review_ui.store.tables import FrozenItem, FrozenSet, ReviewCase
from review_ui.web.access import may_read
from review_ui.web.office import me, office

blueprint = Blueprint("batches", __name__)

_BESIDE = ("name", "property")
"""Places that are no part of the paper: its file's name and properties."""

_LONGEST_NOTE = 500
PAGE = 100
"""Papers of a set on one page."""


@blueprint.get("/sets")
def listing() -> ResponseReturnValue:
    """All sets with how far they have come. The auditor sees the numbers and opens nothing."""
    with office().database.reading() as session:
        found = frozen.sets(session)
        names = accounts.names(session)
    return render_template("sets.html", found=found, names=names, purposes=frozen.PURPOSES, auditing=_auditing())


@blueprint.get("/sets/<set_id>")
def show(set_id: str) -> ResponseReturnValue:
    """One set, paper by paper; those a person may open are links."""
    first = max(0, request.args.get("from", 0, type=int))
    with office().database.reading() as session:
        held = _held(session, set_id)
        rows = frozen.rows(session, set_id, first, PAGE + 1)
        whole, progress = frozen.holds(session, held), frozen.progress(session, held)
    following = rows[PAGE][0].number if len(rows) > PAGE else None
    rows = rows[:PAGE]
    links = {item.number: _link(held, item, case) for item, case, _ in rows}
    return render_template(
        "set.html",
        held=held,
        rows=rows,
        first=first,
        following=following,
        links=links,
        whole=whole,
        progress=progress,
        purpose=frozen.PURPOSES[held.purpose],
        answers=frozen.ANSWERS,
        left_out=frozen.LEFT_OUT,
    )


def _link(held: FrozenSet, item: FrozenItem, case: ReviewCase | None) -> str | None:
    """Where a paper opens for this person, if it does."""
    if case is None or case.stage == Stage.INCOMING.value:
        return None
    if held.purpose == "sample" and case.stage != Stage.BLOCKED.value:
        return url_for("batches.label", set_id=held.id, number=item.number) if _labels() else None
    return url_for("review.show", no=case.no) if may_read(me(), case) else None


@blueprint.get("/sets/<set_id>/<int:number>")
def label(set_id: str, number: int) -> ResponseReturnValue:
    """The paper alone, and the question."""
    with office().database.writing() as session:
        held, case = _sampled(session, set_id, number)
        text, body = cases.text(session, case.no), cases.assessment(session, case.no)
        standing = frozen.labels(session, set_id).get(number)
        numbers = [item.number for item in frozen.items(session, set_id)]
        audit.append(session, office().now(), me().id, "read", case.no, {"sample": held.id})
        session.commit()
    unseen = [(start, end) for start, end, where in body.get("places", []) if where in _BESIDE]
    problems = sorted({describe(problem["code"]) for problem in body.get("problems", [])})
    return render_template(
        "label.html",
        held=held,
        number=number,
        case=case,
        text=_without(text, unseen),
        beside=[words for start, end in unseen if (words := text[start:end].strip())],
        place=numbers.index(number) + 1,
        problems=problems,
        standing=standing,
        answers=frozen.ANSWERS,
    )


@blueprint.post("/sets/<set_id>/<int:number>")
def put(set_id: str, number: int) -> ResponseReturnValue:
    """Keep the answer and show the next paper without one."""
    given, note = request.form.get("said", ""), request.form.get("note", "").strip()[:_LONGEST_NOTE]
    with office().database.writing() as session:
        held, _ = _sampled(session, set_id, number)
        if given not in frozen.ANSWERS:
            flash("请先选定这份文件应是哪一种公开属性。", "error")
            return redirect(url_for("batches.label", set_id=set_id, number=number))
        frozen.put_label(session, held, number, me(), given, note, office().now())
        following = _following(session, set_id, number)
        session.commit()
    flash(f"已记录第 {number} 件。")
    if given == "secret":
        flash("请立即停止传看这份文件，并报告本单位保密工作机构；原件由档案人员在原处控制，不要在本系统继续办理。", "error")
    if following is None:
        return redirect(url_for("batches.show", set_id=set_id))
    return redirect(url_for("batches.label", set_id=set_id, number=following))


@blueprint.get("/sets/<set_id>/<int:number>/original")
def original(set_id: str, number: int) -> ResponseReturnValue:
    """The file as it came, as a download: what the machine did not read, a person must be able to read."""
    with office().database.writing() as session:
        _, case = _sampled(session, set_id, number)
        if case.original is None:
            abort(404)
        audit.append(session, office().now(), me().id, "download", case.no, {"what": "original"})
        session.commit()
    path = files.original(office().place, case.original)
    return send_file(path, "application/octet-stream", as_attachment=True, download_name=case.file_name, max_age=0)


def _following(session: Session, set_id: str, number: int) -> int | None:
    """The next paper that can be read and has no label, after `number` and then from the start."""
    open_ones = [
        item.number
        for item, case, standing in frozen.rows(session, set_id)
        if case is not None and case.stage == Stage.RECEIVED.value and standing is None
    ]
    return next((n for n in open_ones if n > number), open_ones[0] if open_ones else None)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without those spans."""
    kept, last = [], 0
    for start, end in sorted(spans):
        kept.append(text[last:start])
        last = max(last, end)
    return "".join([*kept, text[last:]]).strip("\n")


def _held(session: Session, set_id: str) -> FrozenSet:
    held = session.get(FrozenSet, set_id)
    if held is None:
        abort(404)
    return held


def _sampled(session: Session, set_id: str, number: int) -> tuple[FrozenSet, ReviewCase]:
    """A paper of a sample that has been read and is not stopped."""
    held = _held(session, set_id)
    item = session.get(FrozenItem, (set_id, number))
    case = session.get(ReviewCase, item.case_no) if item and item.case_no else None
    if held.purpose != "sample" or case is None or case.stage != Stage.RECEIVED.value or case.uploader_id == me().id:
        abort(404)
    return held, case


def _labels() -> bool:
    return bool(accounts.roles(me()) & LABELLERS)


def _auditing() -> bool:
    return bool(accounts.roles(me()) & OFFICERS)
