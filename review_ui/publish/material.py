"""Everything known about one case, gathered once: what the pages show and what a signature signs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from classifier.contract import from_json
from classifier.core.assessment import Assessment
from classifier.core.document import Span, Where
from review_ui.flow.case import Case
from review_ui.publish.masking import Masked, Place, mask, undecided
from review_ui.store import cases, opinions
from review_ui.store.opinions import Rulings
from review_ui.store.tables import ReviewCase


@dataclass(frozen=True, slots=True)
class Material:
    """One case with what the machine said and what people judged."""

    row: ReviewCase
    case: Case
    assessment: Assessment
    text: str
    places: tuple[Place, ...]
    rulings: Rulings
    masked: Masked

    @property
    def undecided(self) -> tuple[int, ...]:
        """Findings that wait for a person's word before the paper may become 主动公开."""
        return undecided(self.assessment, self.rulings)

    @property
    def content(self) -> str:
        """SHA-256 of what would be published now."""
        return self.masked.content


def gather(session: Session, row: ReviewCase) -> Material:
    """Read a case that has been assessed.

    Raises:
        LookupError: when there is no assessment (still queued, failed, or blocked).
    """
    body = cases.assessment(session, row.no)
    if not body:
        raise LookupError(row.no)
    text = cases.text(session, row.no)
    places = tuple(Place(Span(start, end), Where(where)) for start, end, where in body.get("places", []))
    assessment = from_json(body)
    rulings = opinions.rulings(session, row)
    return Material(
        row=row,
        case=cases.to_flow(session, row),
        assessment=assessment,
        text=text,
        places=places,
        rulings=rulings,
        masked=mask(text, assessment, places, rulings),
    )
