"""The child's side: read one file and say what was seen, as plain values that travel through a pipe."""

from __future__ import annotations

import base64
import struct
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from classifier.contract import from_json, to_json
from classifier.core.assessment import Assessment, Route
from classifier.core.document import SNIPPET_BYTES, SNIPPET_SIDE, SNIPPETS_OF_ALL, Snippet, Where
from classifier.core.finding import Severity
from classifier.pipeline import assess, assess_parts, default_tools
from review_ui.worker import beside
from review_ui.worker.beside import Opinion


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a file gave. A blocked file leaves rules, level and places, and not one word."""

    blocked: bool
    rules: tuple[str, ...] = ()
    level: str = "unknown"
    where: tuple[str, ...] = ()
    assessment: dict[str, Any] | None = None
    text: str = ""
    snippets: tuple[Snippet, ...] = ()
    beside: Opinion | None = None
    """What a candidate model says; None where none is on trial, or the file is blocked."""


def look(path: Path) -> Sight:
    """Read and assess a file; its name is the name it had for its owner."""
    candidate = beside.on_trial()
    if candidate is None:
        return _sight(assess(path, name=path.name))
    assessment, parts = assess_parts(path, name=path.name, tools=default_tools())
    sight = _sight(assessment)
    return sight if sight.blocked else replace(sight, beside=beside.opinion(candidate, parts, path.name))


def _sight(assessment: Assessment) -> Sight:
    if assessment.route is Route.BLOCKED:
        return blocked_sight(assessment)
    places = [[span.start, span.end, where.value] for span, where in assessment.places]
    return seen(assessment, assessment.text, places)


def look_as_json(path: Path) -> dict[str, Any]:
    """`look`, in values that JSON can say: the form in which it leaves the cage."""
    sight = look(path)
    told = asdict(sight)
    told["beside"] = beside.as_json(sight.beside)
    told["snippets"] = [[base64.b64encode(s.png).decode("ascii"), s.page, s.member] for s in sight.snippets]
    return told


def accept(path: Path, told: Any) -> Sight:  # noqa: ANN401 - whatever a child sent
    """The Sight in an answer that may be forged: the child read a stranger's file.

    Raises:
        ValueError, TypeError, LookupError, AttributeError: not what `look_as_json` answers for this path.
    """
    rules, where = _words(told["rules"]), _words(told["where"])
    body, text, blocked, level = told["assessment"], told["text"], told["blocked"], told["level"]
    if not isinstance(text, str) or not isinstance(level, str) or not isinstance(blocked, bool):
        raise TypeError("not a sight")
    if blocked:
        if body is not None or text or told["snippets"] or told["beside"]:
            raise ValueError("words of a blocked file")
        return Sight(blocked=True, rules=rules, level=level, where=tuple(Where(w).value for w in where))
    assessment = from_json(body)
    if assessment.source != path.name or any("text" in finding for finding in body["findings"]):
        raise ValueError("not an answer to what was asked")
    body["places"] = [[int(start), int(end), Where(place).value] for start, end, place in body["places"]]
    return Sight(
        blocked=False,
        rules=rules,
        level=level,
        where=where,
        assessment=body,
        text=text,
        snippets=_snippets(told["snippets"]),
        beside=beside.accept(told["beside"]),
    )


def _words(told: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever a child sent
    if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
        raise TypeError("not a list of words")
    return tuple(told)


_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_GREY = b"\x08\0\0\0\0"
"""Eight bits, grey, not interlaced: how our own snippets are coded."""


def _snippets(told: Any) -> tuple[Snippet, ...]:  # noqa: ANN401 - whatever a child sent
    """The pictures, if they are as small and as plain as ours; they are not decoded here."""
    if not isinstance(told, list) or len(told) > SNIPPETS_OF_ALL:
        raise TypeError("not a list of snippets")
    return tuple(_snippet(*entry) for entry in told)


def _snippet(coded: str, page: int | None, member: int | None) -> Snippet:
    png = base64.b64decode(coded, validate=True) if isinstance(coded, str) else b""
    if len(png) > SNIPPET_BYTES or not png.startswith(_PNG) or png[24:29] != _GREY:
        raise ValueError("not a snippet")
    if not all(1 <= side <= SNIPPET_SIDE for side in struct.unpack("!II", png[16:24])):
        raise ValueError("not a snippet")
    if not all(number is None or (type(number) is int and number > 0) for number in (page, member)):
        raise ValueError("not a snippet")
    return Snippet(png, page, member)


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
    return Sight(blocked=False, assessment=body, text=text, snippets=assessment.snippets)
