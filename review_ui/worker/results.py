"""Results into the store: an assessed upload lands or is blocked; a package is proven, packed and written."""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from classifier.contract import from_json
from classifier.core.finding import Grade, Severity
from classifier.core.settings import read_settings
from classifier.knowledge import load_knowledge
from review_ui.flow.clock import stamp
from review_ui.publish import package, record
from review_ui.publish.gate import gate, missing
from review_ui.publish.material import Material, gather
from review_ui.store import accounts, audit, files
from review_ui.store.landing import SYSTEM, Landing, block, land
from review_ui.store.place import Place
from review_ui.store.tables import Job, Publication, ReviewCase, ShadowOpinion
from review_ui.worker.beside import Opinion
from review_ui.worker.look import Sight

log = logging.getLogger("review_ui.worker")


@dataclass(frozen=True, slots=True)
class Built:
    """A package between building and re-scan; its .docx lies in the incoming folder under `token`."""

    token: str
    material: Material
    made: package.Draft


def keep_assessment(session: Session, place: Place, job: Job, sight: Sight, now: dt.datetime) -> None:
    """Land an upload, or block it and keep nothing."""
    row = session.get(ReviewCase, job.case_no)
    assert row is not None
    if sight.blocked:
        block(session, row, sight.rules, sight.level, sight.where, now)
        return
    assert sight.assessment is not None
    assert job.incoming is not None
    source = files.waiting(place, job.incoming)
    assert source is not None
    original = files.adopt(place, job.incoming)
    files.keep_snippets(place, original, [s.png for s in sight.snippets])
    body = {**sight.assessment, "snippets": [[s.page, s.member] for s in sight.snippets]}
    land(session, row, Landing(source.name, original, body, sight.text), now)
    if sight.beside is not None:
        _note_beside(session, row.no, sight.beside, now)


def _note_beside(session: Session, no: str, said: Opinion, now: dt.datetime) -> None:
    """Remember what the candidate said, or tell the log why it said nothing."""
    if said.attribute is None:
        log.warning("candidate %s said nothing of case %s: %s", said.model, no, said.fault or "none")
        return
    known = session.get(ShadowOpinion, (no, said.model)) or ShadowOpinion(case_no=no, model=said.model)
    known.attribute, known.confidence, known.made_at = said.attribute.value, round(said.confidence, 4), stamp(now)
    session.add(known)
    session.flush()


def build_draft(session: Session, place: Place, no: str, now: dt.datetime) -> Built | str:
    """Build the files of a package and lay the .docx out for the re-scan; a string says why not."""
    row = session.get(ReviewCase, no)
    assert row is not None
    material = gather(session, row)
    if missing(gate(material.case, material.content, packaged=material.content, undecided=len(material.undecided))):
        return "gate"
    ours = read_settings()
    law = load_knowledge(ours.data_home / "corpus", ours.packs).law
    try:
        made = package.draft(material.masked, record.describe(material, law, accounts.names(session), now))
    except package.Refused as refused:
        return refused.code
    token = files.receive(place, io.BytesIO(made.word), package.WORD)
    return Built(token, material, made)


def keep_package(session: Session, place: Place, built: Built, sight: Sight, now: dt.datetime) -> str | None:
    """Prove and write a package; a string says why it was refused."""
    material = built.material
    if sight.blocked or sight.assessment is None:
        return "rescan"
    try:
        package.prove(built.made, material.masked, sight.text, record.words(material))
    except package.Refused as refused:
        return refused.code
    if _new_findings(material, sight):
        return "rescan"
    name = str(uuid.uuid4())
    with os.fdopen(os.open(place.packages / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(package.pack(built.made))
        out.flush()
        os.fsync(out.fileno())
    row = session.get(Publication, material.row.no) or Publication(case_no=material.row.no)
    row.package, row.content, row.masked, row.built_at = name, material.content, material.masked.count, stamp(now)
    session.add(row)
    session.flush()
    audit.append(session, now, SYSTEM, "package", row.case_no, {"content": row.content, "masked": row.masked})
    return None


def _new_findings(material: Material, sight: Sight) -> bool:
    """Whether the re-scan still sees a certain passage to mask that no person called a false alarm."""
    assert sight.assessment is not None
    spans = (material.assessment.findings[i].span for i in material.rulings.cleared)
    allowed = {material.text[s.start : s.end] for s in spans} | material.masked.stand_ins
    for finding in from_json(sight.assessment).findings:
        asks = finding.severity is Severity.REDACT and finding.grade is Grade.CONFIRMED
        if asks and sight.text[finding.span.start : finding.span.end] not in allowed:
            return True
    return False
