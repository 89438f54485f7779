"""The child's side: read one file and say what was seen, as plain values that travel through a pipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.contract import to_json
from classifier.core.assessment import Assessment, Route
from classifier.core.finding import Severity
from classifier.pipeline import assess


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a file gave. A blocked file leaves rules, level and places, and not one word."""

    blocked: bool
    rules: tuple[str, ...] = ()
    level: str = "unknown"
    where: tuple[str, ...] = ()
    assessment: dict[str, Any] | None = None
    text: str = ""


def look(path: Path) -> Sight:
    """Read and assess a file; its name is the name it had for its owner."""
    assessment = assess(path, name=path.name)
    if assessment.route is Route.BLOCKED:
        return blocked_sight(assessment)
    places = [[span.start, span.end, where.value] for span, where in assessment.places]
    return seen(assessment, assessment.text, places)


def blocked_sight(assessment: Assessment) -> Sight:
    """The little that may be kept of a blocked file（domain/02 §6.3）."""
    stops = [f for f in assessment.findings if f.severity is Severity.BLOCK]
    mark = assessment.elements.secret_marking
    return Sight(
        blocked=True,
        rules=tuple(f.rule for f in stops),
        level=mark.level if mark else "unknown",
        where=tuple(f.where.value for f in stops) or ((mark.where.value,) if mark else ()),
    )


def seen(assessment: Assessment, text: str, places: list[list[Any]]) -> Sight:
    """What is stored of a readable file: the contract object without the words of findings, and the text beside it."""
    body = to_json(assessment, with_text=True)
    for finding in body["findings"]:
        finding.pop("text", None)
    body["places"] = places
    return Sight(blocked=False, assessment=body, text=text)
