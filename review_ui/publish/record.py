"""The metadata record of a package: what was published, on which basis, and who stands behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from classifier.knowledge import Law
from review_ui.flow.clock import beijing, stamp
from review_ui.publish.material import Material


def words(material: Material) -> tuple[str | None, ...]:
    """The document's own words that stand in the record, masked like the text."""
    elements = material.assessment.elements
    return tuple(material.masked.cover(w) for w in (elements.title, elements.doc_no, elements.issuer))


def describe(material: Material, law: Law, names: Mapping[str, str], now: dt.datetime) -> dict[str, object]:
    """The record as JSON-ready values."""
    title, doc_no, issuer = words(material)
    final = material.case.signatures[-1].decision
    made_by = material.assessment.provenance
    return {
        "schema": "mishen.publication/1",
        "case": material.row.no,
        "title": title,
        "doc_no": doc_no,
        "issuer": issuer,
        "issue_date": material.assessment.elements.issue_date,
        "attribute": final.attribute.value if final.attribute else None,
        "basis": [{"id": article, "citation": law.article(article).citation} for article in final.basis],
        "masked_passages": material.masked.count,
        "content_sha256": material.content,
        "original_sha256": material.row.sha256,
        "approvals": [
            {
                "step": event.role.label,
                "person": names.get(event.actor, ""),
                "attribute": event.decision.attribute.label if event.decision.attribute else "",
                "at": event.at,
                "at_beijing": beijing(event.at),
                "content_sha256": event.content,
            }
            for event in material.case.signatures
        ],
        "built_at": stamp(now),
        "provenance": {"code": made_by.code, "rules": made_by.rules, "model": made_by.model},
    }
