"""find_spans: personal values of a plain text as (start, end, TYPE), for scoring and for one-line use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import MappingProxyType

from classifier.core.document import Block, Document, Span
from classifier.core.finding import Finding, Grade
from classifier.core.settings import data_home
from classifier.detect import (
    addresses,
    contacts,
    devices,
    health,
    mentions,
    minors,
    numbers,
    particulars,
    people,
    permits,
    private_life,
    rosters,
    vehicles,
    weak_masks,
)
from classifier.detect.view import View, look
from classifier.knowledge import RuleBook, load_law, load_rules

PERSONAL: tuple[Callable[[View, RuleBook], Iterator[Finding]], ...] = (
    numbers.detect,
    contacts.detect,
    permits.detect,
    vehicles.detect,
    devices.detect,
    particulars.detect,
    health.detect,
    private_life.detect,
    minors.detect,
    people.detect,
    rosters.detect,
    addresses.detect,
    mentions.detect,
    weak_masks.detect,
)
"""The detectors of personal data."""

TYPE_NAMES: MappingProxyType[str, str] = MappingProxyType(
    {
        "id_card": "ID_CARD",
        "mobile": "PHONE",
        "landline": "LANDLINE",
        "email": "EMAIL",
        "bank_card": "BANK_CARD",
        "bank_account": "BANK_CARD",
        "passport": "PASSPORT",
        "hmt_permit": "HK_MACAU_TW_PERMIT",
        "exit_permit": "HK_MACAU_TW_PERMIT",
        "hkid": "HK_MACAU_TW_PERMIT",
        "uscc": "USCC",
        "plate": "LICENSE_PLATE",
        "vin": "VEHICLE_VIN",
        "military_id": "MILITARY_ID",
        "ip": "IP",
        "mac": "MAC",
        "wechat_qq": "WECHAT_QQ",
        "birth_date": "BIRTH_DATE",
        "social_security": "SOCIAL_SECURITY",
        "driving_file": "OTHER",
        "person_name": "PERSON",
        "address": "ADDRESS",
        "health": "MEDICAL",
        **dict.fromkeys(
            (
                "religion",
                "biometric",
                "criminal_record",
                "political",
                "family",
                "property",
                "whereabouts",
                "minor",
                "roster",
                "weak_mask",
            ),
            "OTHER",
        ),
    }
)
"""Finding.type to the type names of the public case files."""
_WHOLE = frozenset({"family", "property", "whereabouts", "minor", "roster", "weak_mask"})
"""Passages and tables that hold values: they are findings of a paper, not values of a text."""
_RANK = {Grade.CONFIRMED: 0, Grade.SUSPECTED: 1, Grade.HINT: 2}


@lru_cache(maxsize=1)
def _book() -> RuleBook:
    home = data_home()
    law = load_law(home / "corpus" / "law")
    return load_rules(home / "corpus" / "rules", home / "corpus" / "terms", law)


def document_of(text: str) -> Document:
    """A Document of one block that holds a plain text."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(sha256=digest, name="", format="txt", text=text, blocks=(Block(Span(0, len(text))),) if text else ())


def find_personal(document: Document, book: RuleBook) -> list[Finding]:
    """All findings of the personal detectors, not merged."""
    view = look(document)
    return [finding for detect in PERSONAL for finding in detect(view, book)]


def _keep_best(findings: list[Finding]) -> list[Finding]:
    """Where findings overlap: confirmed before suspected, values before clauses, then the longer, then the earlier detector."""
    order = sorted(
        range(len(findings)),
        key=lambda i: (
            _RANK[findings[i].grade],
            private_life.is_clause(findings[i]),
            findings[i].span.start - findings[i].span.end,
            i,
        ),
    )
    taken = bytearray(max((f.span.end for f in findings), default=0))
    kept = []
    for index in order:
        span = findings[index].span
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            kept.append(findings[index])
    return sorted(kept, key=lambda finding: finding.span)


def find_spans(text: str) -> list[tuple[int, int, str]]:
    """Personal values of a plain text, in order, without overlaps, by the enabled rules of corpus/rules."""
    found = _keep_best([f for f in find_personal(document_of(text), _book()) if f.type not in _WHOLE])
    return [(f.span.start, f.span.end, TYPE_NAMES[f.type]) for f in found]
