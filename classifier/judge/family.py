"""A file with files inside it: the worst member wins, and nothing inside a blocked family is kept.

In: the Assessment of the outer file and of everything inside it, in reading order. Out: the outer Assessment raised by its
members (for the contract, one object per document), or all of them joined into one text (for a person's screen).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classifier.core.assessment import Assessment, Attribute, Reason, Route
from classifier.core.document import SNIPPETS_OF_ALL, Elements, Problem, Snippet, Span, Where
from classifier.core.finding import Finding, Severity

_CLOSED = (Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD)
_ROUTES = (Route.SUGGEST, Route.REVIEW, Route.MANUAL, Route.BLOCKED)


def _has_say(member: Assessment) -> bool:
    """A mere wrapper has no say; one with words, with something unread or with a mark on its name has."""
    return bool(member.chars or member.problems or any(f.severity is Severity.REVIEW for f in member.findings))


def _worst(family: Sequence[Assessment]) -> Assessment:
    """The member that is most closed; between equals the surest, then the first."""
    voters = [a for a in family if _has_say(a)] or list(family)
    return max(voters, key=lambda a: (_CLOSED.index(a.attribute) if a.attribute else 9, a.confidence))


def _blocked(family: Sequence[Assessment]) -> Assessment | None:
    """The outer file as blocked as its first blocked member: that member's marks, and no words of anybody."""
    outer, stopped = family[0], next((a for a in family if a.route is Route.BLOCKED), None)
    if stopped is None:
        return None
    own = replace(stopped, source=outer.source, member=outer.member, sha256=outer.sha256, format=outer.format)
    return replace(own, text="", places=(), snippets=())


def raise_by_members(family: Sequence[Assessment]) -> Assessment:
    """The outer Assessment with the attribute and route of the worst of its family; its own findings and text.

    Args:
        family: the outer file first, then everything inside it; all of one file.
    """
    outer = family[0]
    if len(family) == 1:
        return outer
    if stopped := _blocked(family):
        return stopped
    worst = _worst(family)
    route = max((a.route for a in family if _has_say(a) or a is worst), key=_ROUTES.index)
    if worst is outer:
        return replace(outer, route=route, publishable_after_redaction=_publishable(family), partial=None)
    number = next(i for i, a in enumerate(family) if a is worst)
    assert worst.attribute is not None
    law = next((r.law for r in worst.reasons if r.attribute is worst.attribute), ("条例:17",))
    text = f"内含 {len(family) - 1} 个文件，其中第 {number} 个判断为“{worst.attribute.label}”；整体按最严的一个处理。"
    evidence = tuple(range(len(outer.findings)))[:1]
    return replace(
        outer,
        attribute=worst.attribute,
        confidence=worst.confidence,
        route=route,
        reasons=(Reason(worst.attribute, law, text, evidence, "S0"), *_own_reasons(outer)),
        scores=outer.scores if outer.chars else None,
        publishable_after_redaction=_publishable(family),
        partial=None,
        turns=(),
    )


def _own_reasons(outer: Assessment) -> tuple[Reason, ...]:
    """What is said of the outer file itself; of a wrapper, which has no content to judge, only what was found or not read."""
    return outer.reasons if outer.chars else tuple([r for r in outer.reasons if r.step == "S0" or r.findings])


def _publishable(family: Sequence[Assessment]) -> bool:
    return all(a.publishable_after_redaction or not _has_say(a) for a in family)


def _shift(finding: Finding, by: int) -> Finding:
    return replace(finding, span=Span(finding.span.start + by, finding.span.end + by))


def _own_elements(family: Sequence[Assessment]) -> Elements:
    """The outer file's elements; those of its only member when it is a mere wrapper."""
    return family[1].elements if len(family) == 2 and not family[0].chars else family[0].elements


def join(family: Sequence[Assessment]) -> Assessment:
    """One Assessment with one text for a person: the outer file, then each member under a line that names its number.

    Findings, masks and places are moved along; reasons and problems say which member they speak of.
    """
    outer = raise_by_members(family)
    if len(family) == 1 or outer.route is Route.BLOCKED:
        return outer
    text = ""
    findings: list[Finding] = []
    shadow: list[Finding] = []
    reasons = [r for r in outer.reasons if r not in family[0].reasons]
    problems: list[Problem] = []
    redactions: list[Span] = []
    places: list[tuple[Span, Where]] = []
    snippets: list[Snippet] = []
    for number, member in enumerate(family):
        head = "" if number == 0 else f"\n【内含文件 {number}】\n"
        offset, first = len(text) + len(head), len(findings)
        text += head + member.text
        findings += [_shift(f, offset) for f in member.findings]
        shadow += [_shift(f, offset) for f in member.shadow]
        redactions += [Span(s.start + offset, s.end + offset) for s in member.redactions]
        places += [(Span(s.start + offset, s.end + offset), where) for s, where in member.places]
        label = "" if number == 0 else f"内含文件 {number}："
        told = (
            member.reasons if member.chars else [r for r in member.reasons if r.step == "S0"]
        )  # a wrapper has no content to judge
        reasons += [replace(r, text=label + r.text, findings=tuple(i + first for i in r.findings)) for r in told]
        problems += [Problem(p.code, p.where if number == 0 else f"member {number} {p.where}".strip()) for p in member.problems]
        snippets += [replace(s, member=number or None) for s in member.snippets]
    return replace(
        outer,
        text=text,
        findings=tuple(findings),
        reasons=tuple(sorted(reasons, key=lambda r: r.attribute is not outer.attribute)),
        problems=tuple(dict.fromkeys(problems)),
        redactions=tuple(redactions),
        places=tuple(places),
        snippets=tuple(snippets[:SNIPPETS_OF_ALL]),
        elements=_own_elements(family),
        chars=sum(a.chars for a in family),
        scores=family[0].scores if family[0].chars else None,
        shadow=tuple(shadow),
        partial=None,
        turns=(),  # they point into the outer file's own reasons
    )
