"""What the review page shows of one case: the suggestion, the reasons with their articles, the findings one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifier.core.assessment import Attribute, Reason
from classifier.core.document import Where
from classifier.core.errors import BadKnowledge
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.knowledge import Article, Law
from review_ui.publish.masking import masked_findings
from review_ui.publish.material import Material
from review_ui.store.opinions import verdict_of
from review_ui.store.tables import Judgement
from review_ui.web.highlight import anchors

TAGS = {
    Category.STATE_SECRET: "密",
    Category.WORK_SECRET: "工",
    Category.PERSONAL_INFO: "个",
    Category.TRADE_SECRET: "商",
    Category.PROCESS_INFO: "程",
    Category.INTERNAL_AFFAIRS: "内",
    Category.ENFORCEMENT_FILE: "案",
    Category.NATIONAL_SECURITY: "国",
    Category.PUBLIC_SECURITY: "安",
    Category.ECONOMIC_SECURITY: "经",
    Category.SOCIAL_STABILITY: "稳",
    Category.LEGAL_BAN: "禁",
    Category.HIDDEN: "隐",
    Category.DISCLOSURE: "公",
}
"""One letter per family: colour alone must not carry the meaning（WCAG 1.4.1）."""

_SNIPPET = 24


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason and the articles behind it."""

    text: str
    articles: tuple[Article, ...]
    findings: tuple[int, ...]
    turn: Attribute | None = None
    """What the suggestion would be were this reason found untrue, where that differs."""


@dataclass(frozen=True, slots=True)
class ShownPartial:
    """区分处理: how many passages to mask, which findings they are, and what the paper then is."""

    count: int
    findings: tuple[int, ...]
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One line of the findings list."""

    id: int
    finding: Finding
    tag: str
    style: str
    anchor: str
    snippet: str
    place: str
    articles: tuple[Article, ...]
    is_high: bool
    is_masked: bool
    is_open: bool
    """Waits for a person's word."""
    mine: str
    """This person's word, `real`, `false`, `mask`, or empty."""
    others: tuple[str, ...]


def articles(law: Law, identifiers: Iterable[str], day: str | None = None) -> tuple[Article, ...]:
    """The articles as of the date of the paper; an id of an older rule book is left out rather than breaking the page.

    Behind an edition that has been replaced stands the article of now: a decision of today rests on that one.
    """
    found = []
    for identifier in identifiers:
        try:
            edition, newest = law.article_at(identifier, day), law.article(identifier)
            found += [edition] if edition is newest else [edition, newest]
        except BadKnowledge:
            continue
    return tuple(dict.fromkeys(found))


def reasons(material: Material, law: Law) -> list[ShownReason]:
    """All reasons, in the machine's order."""
    turns = {t.reason: t.attribute for t in material.assessment.turns}
    day = material.assessment.elements.issue_date
    return [_reason(r, law, day, turns.get(i)) for i, r in enumerate(material.assessment.reasons)]


def _reason(reason: Reason, law: Law, day: str | None, turn: Attribute | None) -> ShownReason:
    return ShownReason(reason.text, articles(law, reason.law, day), reason.findings, turn)


def partial(material: Material) -> ShownPartial | None:
    """The smallest masking that opens the paper, if there is one."""
    offered = material.assessment.partial
    if offered is None:
        return None
    told = [(i, f) for i, f in enumerate(material.assessment.findings) if f.severity is not Severity.INFO]
    first = (next((i for i, f in told if f.span.overlaps(span)), None) for span in offered.spans)
    hit = tuple(dict.fromkeys(i for i in first if i is not None))
    return ShownPartial(len(offered.spans), hit, offered.attribute)


def is_high(finding: Finding) -> bool:
    """Whether a person must have looked at it before deciding."""
    if finding.severity in (Severity.BLOCK, Severity.REDACT):
        return True
    return finding.severity is Severity.REVIEW and finding.grade is Grade.CONFIRMED


def masked(material: Material) -> list[int]:
    """Findings that will be masked in the published copy."""
    return sorted(masked_findings(material.assessment, material.rulings))


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is the same for every line of one person's list."""

    material: Material
    law: Law
    names: Mapping[str, str]
    user: str
    masked: frozenset[int]
    undecided: frozenset[int]


def findings(
    material: Material, law: Law, judgements: Iterable[Judgement], names: Mapping[str, str], user: str
) -> list[ShownFinding]:
    """All findings in text order, with everybody's judgement."""
    said: dict[int, list[Judgement]] = {}
    for judgement in judgements:
        said.setdefault(judgement.finding, []).append(judgement)
    numbered = {i: f.span for i, f in enumerate(material.assessment.findings)}
    marks = anchors(numbered)
    reader = _Reader(material, law, names, user, frozenset(masked(material)), frozenset(material.undecided))
    order = sorted(numbered, key=lambda i: (numbered[i], i))
    return [_finding(reader, said.get(i, []), i, marks[i]) for i in order]


def _finding(reader: _Reader, said: list[Judgement], number: int, anchor: str) -> ShownFinding:
    finding = reader.material.assessment.findings[number]
    words = " ".join(reader.material.text[finding.span.start : finding.span.end].split())
    mine = [verdict_of(j).value for j in said if j.user_id == reader.user]
    others = tuple(f"{reader.names.get(j.user_id, '')}：{verdict_of(j).label}" for j in said if j.user_id != reader.user)
    place = "" if finding.where is Where.BODY else finding.where.label
    if finding.page:
        place = f"{place}第 {finding.page} 页"
    return ShownFinding(
        id=number,
        finding=finding,
        tag=TAGS[finding.category],
        style=finding.category.value.replace("_", "-"),
        anchor=anchor,
        snippet=words[:_SNIPPET] + ("…" if len(words) > _SNIPPET else ""),
        place=place,
        articles=articles(reader.law, finding.law, reader.material.assessment.elements.issue_date),
        is_high=is_high(finding) or number in reader.undecided,
        is_masked=number in reader.masked,
        is_open=number in reader.undecided,
        mine=mine[0] if mine else "",
        others=others,
    )
