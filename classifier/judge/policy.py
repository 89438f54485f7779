"""Weighing: the opinions of the ladder and the scorer's probabilities become one attribute, one route and its reasons."""

from __future__ import annotations

import math
from dataclasses import replace

from classifier.core.assessment import Assessment, Attribute, Provenance, Reason, Route, Scores, Turn, Voice
from classifier.core.document import Span, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.problems import BESIDE_THE_TEXT
from classifier.judge import redact
from classifier.judge.case import Case, Lesson, Opinion
from classifier.judge.ladder import LADDER
from classifier.judge.stop import stop
from classifier.judge.voices import asks_a_person, listen, name_conflicts

__all__ = ["LADDER", "Case", "Lesson", "judge"]

_DECISIVE = 0.9999
"""An opinion of weight 1 takes all but this, so that several of them can still be weighed against each other."""
_ATTRIBUTES = tuple(Attribute)
"""From the most open to the most closed."""
_ROUTES = (Route.SUGGEST, Route.REVIEW, Route.MANUAL, Route.BLOCKED)


def _weigh(case: Case, opinions: list[Opinion]) -> tuple[Attribute, float]:
    """Probabilities of the scorer mixed with the opinions, in no order: what the opinions leave of the scorer's say is the
    product of (1 - weight); the rest is shared by the attributes in proportion to the log of what their own opinions take.
    """
    left, takes = 1.0, dict.fromkeys(_ATTRIBUTES, 0.0)
    for opinion in opinions:
        if opinion.reason.attribute is not None:
            weight = min(opinion.weight, _DECISIVE)
            left *= 1 - weight
            takes[opinion.reason.attribute] -= math.log(1 - weight)
    whole = sum(takes.values())
    shares = {a: left * case.probability(a) + ((1 - left) * takes[a] / whole if whole else 0.0) for a in _ATTRIBUTES}
    best = max(reversed(_ATTRIBUTES), key=shares.__getitem__)  # of equal shares the most closed
    # A leak is far worse than a paper kept back until a person has looked: an unsure 主动公开 with real doubt is closed.
    # On held-out writers this halves the leaks (14 to 7 of 390) and keeps back 6 more open papers of 381.
    doubtful = shares[Attribute.ACTIVE] < case.thresholds.review and shares[Attribute.WITHHELD] > case.thresholds.doubt
    if best is Attribute.ACTIVE and doubtful:
        best = Attribute.WITHHELD
    return best, shares[best]


_TELLING_CATEGORY = {
    "条例:14": Category.PUBLIC_SECURITY,
    "条例:15": Category.PERSONAL_INFO,
    "条例:16.1": Category.INTERNAL_AFFAIRS,
    "条例:16.2": Category.PROCESS_INFO,
}


def _support(case: Case, attribute: Attribute) -> tuple[Reason, Finding] | None:
    """The learned reason with its telling sentence, so that no attribute stands without an article and a passage."""
    lesson = case.lesson
    span = lesson.telling(attribute) if lesson else None
    if lesson is None or span is None:
        return None
    article = lesson.basis(attribute)
    gist = case.law.article(article).gist
    text = f"从同类文件看，{attribute.label}的可能性约 {lesson.scores.of(attribute):.0%}；最接近的依据：{gist}"
    block = case.document.block_at(span.start)
    finding = Finding(
        category=_TELLING_CATEGORY.get(article, Category.DISCLOSURE),
        type="telling",
        rule="model.telling@1",
        span=span,
        grade=Grade.HINT,
        severity=Severity.INFO,
        law=(article,),
        why="模型判断时分量最重的一句",
        where=block.where if block else Where.BODY,
        page=block.page if block else None,
    )
    return Reason(attribute, (article,), text, (len(case.findings),), "S7"), finding


def s10_route(
    case: Case, attribute: Attribute, confidence: float, opinions: list[Opinion], voices: tuple[Voice, ...]
) -> tuple[Route, list[Reason]]:
    """S10: the most careful route any step asks for; conflicts and low confidence go to a person."""
    if case.is_unread:
        return Route.MANUAL, []
    asked = [o.at_least for o in opinions if not (o.going_out and attribute is Attribute.WITHHELD)]
    extra: list[Reason] = []
    if confidence < case.thresholds.review:
        asked.append(Route.MANUAL)
    elif confidence < case.thresholds.line(attribute.value):
        asked.append(Route.REVIEW)
    if conflict := name_conflicts(voices, attribute):
        extra.append(conflict)
        noted = next(v.attribute for v in voices if v.name == "note")
        told = Route.REVIEW if asks_a_person(voices, attribute) else Route.SUGGEST
        asked.append(Route.MANUAL if noted not in (None, attribute) else told)
    closed = [o for o in opinions if o.reason.attribute is Attribute.WITHHELD and o.weight >= 0.3]
    if attribute is Attribute.ACTIVE and closed:
        extra.append(Reason(None, ("条例:17",), "有不予公开的线索，但总体判断为主动公开，请核对后再定。", step="S10"))
        asked.append(Route.REVIEW)
    if attribute is not Attribute.WITHHELD and any(f.severity is Severity.REVIEW for f in case.findings):
        asked.append(Route.REVIEW)  # whatever asks to be looked at is looked at before anything goes out
    elements = case.document.elements
    if attribute is not Attribute.WITHHELD and not elements.title and not elements.doc_kind:
        text = "没有认出标题和文种，不知道这是什么文件（公开目录要写名称），请人工核对。"
        extra.append(Reason(None, ("条例:17",), text, step="S10"))
        asked.append(Route.REVIEW)
    if attribute is Attribute.WITHHELD and not any(o.reason.attribute is Attribute.WITHHELD for o in opinions):
        text = "无不予公开依据：没有找到第十四至十六条所列的具体内容，只是与不予公开的文件相近。没有依据就应当公开，请核对。"
        extra.append(Reason(None, ("条例:13", "条例:5"), text, step="S10"))
        asked.append(Route.REVIEW)
    return max(asked, key=_ROUTES.index, default=Route.SUGGEST), extra


def find_turns(case: Case, attribute: Attribute, opinions: list[Opinion], reasons: list[Reason]) -> tuple[Turn, ...]:
    """For every opinion that speaks for the verdict: what the verdict would be were it found untrue, where that differs."""
    turns = []
    for opinion in opinions:
        if opinion.reason.attribute is attribute:
            other, _ = _weigh(case, [o for o in opinions if o is not opinion])
            if other is not attribute:
                turns.append(Turn(reasons.index(opinion.reason), other))
    return tuple(turns)


def judge(case: Case, source: str, provenance: Provenance, *, in_scope: bool | None = None) -> Assessment:
    """The Assessment of one case. The attribute is None only when blocked (S1)."""
    marks = tuple(i for i, f in enumerate(case.findings) if f.severity is Severity.BLOCK)
    if marks:
        return stop(case, source, provenance, marks)
    if case.is_unread:
        case = replace(case, lesson=None)  # what papers of this sort get says nothing of a paper nobody has seen
    opinions = [opinion for step in LADDER for opinion in step(case)]
    attribute, confidence = _weigh(case, opinions)
    unread = case.is_unread or any(p.code not in BESIDE_THE_TEXT for p in case.document.problems)
    reasons = [o.reason for o in opinions]
    if case.is_unread:
        attribute, confidence = Attribute.WITHHELD, 0.0
        reasons.append(Reason(attribute, ("条例:17",), "内容没有读到，系统不作判断；暂不公开，待人工核对后确定。", step="S0"))
    elif unread and attribute is Attribute.ACTIVE:
        attribute, confidence = Attribute.WITHHELD, 0.0
        reasons.append(
            Reason(attribute, ("条例:17",), "有内容没有读到，不能认定为主动公开；暂不公开，待人工核对后确定。", step="S0")
        )
    voices = listen(case, opinions)
    route, extra = s10_route(case, attribute, confidence, opinions, voices)
    findings = case.findings
    # what papers of this sort get is no support where they mostly get another attribute and an article speaks already
    spoken = any(r.attribute is attribute and r.findings for r in reasons)
    if (not spoken or case.probability(attribute) >= 1 / 3) and (learned := _support(case, attribute)):
        reasons.append(learned[0])
        findings = (*findings, learned[1])
    ordered = sorted(reasons + extra, key=lambda r: (r.attribute is not attribute, r.step))
    masks = redact.choose(case)
    return Assessment(
        source=source,
        sha256=case.document.sha256,
        format=case.document.format,
        attribute=attribute,
        in_scope=in_scope if in_scope is not None else not any(r.step == "S2" for r in reasons),
        confidence=round(confidence, 4),
        route=route,
        reasons=tuple(ordered),
        findings=findings,
        provenance=provenance,
        elements=case.document.elements,
        scores=_rounded(case.lesson.scores) if case.lesson else None,
        problems=case.document.problems,
        redactions=masks,
        publishable_after_redaction=redact.leaves_publishable(case, attribute, masks),
        voices=voices,
        turns=() if unread else find_turns(case, attribute, opinions, ordered),
        member=case.document.member,
        pages=case.document.pages,
        chars=case.document.body_length(),
        receipt=case.document.receipt,
        places=_places(case),
        snippets=case.document.snippets,
        text=case.document.text,
    )


def _places(case: Case) -> tuple[tuple[Span, Where], ...]:
    """Everything but plain body text. What a hidden.* finding asks to look at is out of sight wherever it stands, and a
    finding speaks for every block of its origin.
    """
    unseen = {case.findings[i].type for i in case.of(Category.HIDDEN) if case.findings[i].severity is Severity.REVIEW}
    placed = []
    for block in case.document.blocks:
        where = Where.HIDDEN if block.origin in unseen and block.where.is_visible else block.where
        if where is not Where.BODY:
            placed.append((block.span, where))
    return tuple(placed)


def _rounded(scores: Scores) -> Scores:
    return Scores(round(scores.active, 4), round(scores.on_request, 4), round(scores.withheld, 4))
