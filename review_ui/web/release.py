"""Publishing: the list of conditions, the package, and the record that it went out."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from classifier.core.assessment import Attribute
from review_ui.flow.case import Action, NotAllowed, Stage
from review_ui.flow.chain import open_moves
from review_ui.flow.clock import stamp
from review_ui.publish.gate import Condition, gate, missing
from review_ui.publish.material import Material
from review_ui.store import audit, files, jobs
from review_ui.store.tables import Publication
from review_ui.web.office import as_person, me, office
from review_ui.web.review import assessed

blueprint = Blueprint("release", __name__)

_SHOWN = (Stage.LEADER_APPROVED, Stage.PUBLISHED, Stage.WITHDRAWN)


def publishable(session: Session, no: str) -> Material:
    """A case that has come to the publisher's desk, or 404."""
    material = assessed(session, no)
    if Stage(material.row.stage) not in _SHOWN or material.row.attribute != Attribute.ACTIVE.value:
        abort(404)
    return material


def conditions(material: Material, publication: Publication | None) -> tuple[Condition, ...]:
    """The gate, with the package as it lies in the store."""
    return gate(
        material.case, material.content, packaged=publication.content if publication else None, undecided=len(material.undecided)
    )


def note_publication(session: Session, no: str, now: dt.datetime) -> None:
    """Mark the package as gone out.

    Raises:
        NotAllowed: when a condition of the gate does not hold.
    """
    publication = session.get(Publication, no)
    open_conditions = missing(conditions(publishable(session, no), publication))
    if publication is None or open_conditions:
        raise NotAllowed("gate", f"还不能发布，未满足：{'；'.join(open_conditions)}。")
    publication.published_at = stamp(now)


@blueprint.get("/case/<no>/release")
def show(no: str) -> ResponseReturnValue:
    """The publication page."""
    with office().database.reading() as session:
        material = publishable(session, no)
        publication = session.get(Publication, no)
        job = jobs.latest(session, no, "package")
    held = conditions(material, publication)
    return render_template(
        "release.html",
        row=material.row,
        material=material,
        conditions=held,
        open=missing(held),
        publication=publication,
        job=job,
        moves={m.value for m in open_moves(material.case, as_person())},
        ready=publication is not None and publication.content == material.content,
    )


@blueprint.post("/case/<no>/package")
def build(no: str) -> ResponseReturnValue:
    """Ask the worker for a package."""
    with office().database.writing() as session:
        material = publishable(session, no)
        if Action.PUBLISH not in open_moves(material.case, as_person()):
            abort(404)
        job = jobs.latest(session, no, "package")
        if job is None or job.state not in jobs.OPEN_STATES:
            jobs.enqueue(session, no, "package", office().now())
            session.commit()
    if request.accept_mimetypes.best != "application/json":
        flash("正在生成发布包并复核扫描，请稍候刷新。")
    return redirect(url_for("release.show", no=no))


@blueprint.get("/case/<no>/package")
def download(no: str) -> ResponseReturnValue:
    """The package, if every condition holds."""
    with office().database.writing() as session:
        material = publishable(session, no)
        publication = session.get(Publication, no)
        if publication is None or missing(conditions(material, publication)):
            abort(404)
        audit.append(session, office().now(), me().id, "download", no, {"what": "package", "content": publication.content})
        session.commit()
    path = files.package(office().place, publication.package)
    return send_file(path, "application/zip", as_attachment=True, download_name=f"发布包-{no}.zip", max_age=0)
