"""The contract: one JSON object per document, schema `mishen.assessment/1`. Stable: keys are added, never changed.

CONTRACT.md tells every key; `tests/classifier/test_contract.py` holds this module to it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict
from typing import Any

from classifier.core.assessment import Assessment, Attribute, Partial, Provenance, Reason, Route, Scores, Turn, Voice
from classifier.core.document import Document, Elements, Forwarded, Problem, Receipt, SecretMarking, Span, Tally, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.knowledge.law import Law

SCHEMA = "mishen.assessment/1"
READING_SCHEMA = "mishen.reading/1"


def _elements(elements: Elements) -> dict[str, Any]:
    mark = elements.secret_marking
    return {
        "title": elements.title,
        "doc_no": elements.doc_no,
        "issuer": elements.issuer,
        "recipients": elements.recipients,
        "issue_date": elements.issue_date,
        "doc_kind": elements.doc_kind,
        "urgency": elements.urgency,
        "annotation": elements.annotation,
        "declared_attribute": elements.declared_attribute,
        "secret_marking": {"level": mark.level, "period": mark.period, "where": mark.where.value} if mark else None,
        "forwarded": asdict(elements.forwarded) if elements.forwarded else None,
    }


def _finding(number: int, finding: Finding, text: str, with_text: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": number,
        "category": finding.category.value,
        "type": finding.type,
        "rule": finding.rule,
        "start": finding.span.start,
        "end": finding.span.end,
        "where": finding.where.value,
        "page": finding.page,
        "grade": finding.grade.value,
        "severity": finding.severity.value,
        "law": list(finding.law),
        "why": finding.why,
    }
    if with_text:
        entry["text"] = text[finding.span.start : finding.span.end]
        entry["mask"] = finding.mask
    return entry


def _anonymous(member: str | None) -> str | None:
    """A member's name can itself be words that must not travel: its hash tells members apart without them."""
    return None if member is None else "#" + hashlib.sha256(member.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def to_json(
    assessment: Assessment, *, with_text: bool = True, law: Law | None = None, today: dt.date | None = None
) -> dict[str, Any]:
    """The contract object. Without text: no title, no words of the document, no masks (which show parts of numbers).

    With `law`, each article is also cited, as it stood on the date of the paper or, where that is unknown, `today`.
    """
    keep = with_text and assessment.route is not Route.BLOCKED
    elements = assessment.elements
    if not keep:
        elements = Elements(
            issue_date=elements.issue_date,
            doc_kind=elements.doc_kind,
            urgency=elements.urgency,
            declared_attribute=elements.declared_attribute,
            secret_marking=elements.secret_marking,
        )
    scores = assessment.scores
    return {
        "schema": SCHEMA,
        "source": assessment.source,
        "member": assessment.member if keep else _anonymous(assessment.member),
        "sha256": assessment.sha256,
        "format": assessment.format,
        "pages": assessment.pages,
        "chars": assessment.chars,
        "elements": _elements(elements),
        "attribute": assessment.attribute.value if assessment.attribute else None,
        "in_scope": assessment.in_scope,
        "confidence": assessment.confidence,
        "scores": {a.value: scores.of(a) for a in Attribute} if scores else None,
        "route": assessment.route.value,
        "needs_human": assessment.needs_human,
        "reasons": [
            {
                "attribute": r.attribute.value if r.attribute else None,
                "law": list(r.law),
                "text": r.text,
                "findings": list(r.findings),
                "step": r.step,
            }
            for r in assessment.reasons
        ],
        "findings": [_finding(i, f, assessment.text, keep) for i, f in enumerate(assessment.findings)],
        "redactions": [{"start": s.start, "end": s.end} for s in assessment.redactions],
        "publishable_after_redaction": assessment.publishable_after_redaction,
        "partial": _partial(assessment.partial),
        "voices": {v.name: v.attribute.value if v.attribute else None for v in assessment.voices},
        "turns": [{"reason": t.reason, "attribute": t.attribute.value} for t in assessment.turns],
        "shadow": [_finding(i, f, assessment.text, keep) for i, f in enumerate(assessment.shadow)],
        "citations": _citations(assessment, law, today),
        "problems": [{"code": p.code, "where": p.where} for p in assessment.problems],
        "receipt": _receipt(assessment.receipt),
        "provenance": {
            "code": assessment.provenance.code,
            "rules": assessment.provenance.rules,
            "model": assessment.provenance.model,
        },
    }


def _citations(assessment: Assessment, law: Law | None, today: dt.date | None) -> dict[str, str]:
    """How each article is cited: as it stood on the date of the paper, else today."""
    if law is None:
        return {}
    said = [r.law for r in assessment.reasons] + [f.law for f in assessment.findings]
    return law.labels((i for law_of_one in said for i in law_of_one), assessment.elements.issue_date or today)


def _partial(partial: Partial | None) -> dict[str, Any] | None:
    if partial is None:
        return None
    return {"attribute": partial.attribute.value, "spans": [{"start": s.start, "end": s.end} for s in partial.spans]}


def _receipt(receipt: Receipt) -> dict[str, Any]:
    counts = [{"kind": t.kind, "found": t.found, "read": t.read} for t in receipt.tallies]
    return {"bytes": receipt.bytes, "counts": counts}


def to_reading(document: Document, source: str) -> dict[str, Any]:
    """What was read of one document, piece by piece, schema `mishen.reading/1` (the output of `mishen read`)."""
    return {
        "schema": READING_SCHEMA,
        "source": source,
        "member": document.member,
        "sha256": document.sha256,
        "format": document.format,
        "pages": document.pages,
        "pieces": [
            {
                "where": b.where.value,
                "origin": b.origin,
                "page": b.page,
                "cell": [b.cell.table, b.cell.row, b.cell.column] if b.cell else None,
                "start": b.span.start,
                "end": b.span.end,
                "text": document.text[b.span.start : b.span.end],
            }
            for b in document.blocks
        ],
        "receipt": _receipt(document.receipt),
        "problems": [{"code": p.code, "where": p.where} for p in document.problems],
    }


def _read_elements(data: dict[str, Any]) -> Elements:
    mark = data["secret_marking"]
    plain = {key: value for key, value in data.items() if key not in ("secret_marking", "forwarded")}
    carried = data.get("forwarded")
    marking = SecretMarking(mark["level"], mark["period"], Where(mark["where"])) if mark else None
    return Elements(**plain, secret_marking=marking, forwarded=Forwarded(**carried) if carried else None)


def _read_partial(data: dict[str, Any] | None) -> Partial | None:
    if data is None:
        return None
    return Partial(tuple(Span(s["start"], s["end"]) for s in data["spans"]), Attribute(data["attribute"]))


def _read_finding(data: dict[str, Any]) -> Finding:
    return Finding(
        category=Category(data["category"]),
        type=data["type"],
        rule=data["rule"],
        span=Span(data["start"], data["end"]),
        grade=Grade(data["grade"]),
        severity=Severity(data["severity"]),
        law=tuple(data["law"]),
        why=data["why"],
        where=Where(data["where"]),
        page=data["page"],
        mask=data.get("mask"),
    )


def _read_receipt(data: dict[str, Any] | None) -> Receipt:
    """The receipt; objects written before it existed have none."""
    if data is None:
        return Receipt()
    return Receipt(data["bytes"], tuple(Tally(t["kind"], t["found"], t["read"]) for t in data["counts"]))


def from_json(data: dict[str, Any]) -> Assessment:
    """The Assessment that `to_json` wrote (its text, which the contract does not carry whole, stays empty).

    Raises:
        ValueError: another schema, or a value outside the contract.
        KeyError: a key the contract promises is missing.
    """
    if data.get("schema") != SCHEMA:
        raise ValueError(f"unknown schema {data.get('schema')!r}")
    scores = data["scores"]
    return Assessment(
        source=data["source"],
        sha256=data["sha256"],
        format=data["format"],
        attribute=Attribute(data["attribute"]) if data["attribute"] else None,
        in_scope=data["in_scope"],
        confidence=data["confidence"],
        route=Route(data["route"]),
        reasons=tuple(
            Reason(
                Attribute(r["attribute"]) if r["attribute"] else None, tuple(r["law"]), r["text"], tuple(r["findings"]), r["step"]
            )
            for r in data["reasons"]
        ),
        findings=tuple(_read_finding(f) for f in data["findings"]),
        provenance=Provenance(**data["provenance"]),
        elements=_read_elements(data["elements"]),
        scores=Scores(**scores) if scores else None,
        problems=tuple(Problem(p["code"], p["where"]) for p in data["problems"]),
        receipt=_read_receipt(data.get("receipt")),
        redactions=tuple(Span(s["start"], s["end"]) for s in data["redactions"]),
        publishable_after_redaction=data["publishable_after_redaction"],
        partial=_read_partial(data.get("partial")),
        shadow=tuple(_read_finding(f) for f in data.get("shadow", ())),
        voices=tuple(Voice(name, Attribute(said) if said else None) for name, said in data.get("voices", {}).items()),
        turns=tuple(Turn(t["reason"], Attribute(t["attribute"])) for t in data.get("turns", ())),
        member=data["member"],
        pages=data["pages"],
        chars=data["chars"],
    )
