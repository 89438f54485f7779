"""The ladder: marking > law > unread part > form > third party > remainder > declared note (domain/09 §1, domain/01 §10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from classifier.core.assessment import Assessment, Attribute, Provenance, Reason, Route, Scores
from classifier.core.document import Elements, SecretMarking, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.problems import describe
from classifier.judge import redact
from classifier.judge.case import Case, Lesson, Opinion
from classifier.judge.scope import outside

__all__ = ["LADDER", "Case", "Lesson", "judge"]

_ROUTES = (Route.SUGGEST, Route.REVIEW, Route.MANUAL, Route.BLOCKED)
_LOOK = {"image", "mismatch", "macro", "form"}
"""Problems beside the text: a person looks, but the text itself was read in full."""
_FINAL_KINDS = {
    "公告", "通告", "公报", "命令", "令", "行政处罚决定书", "行政许可决定书", "准予行政许可决定书", "政府工作报告", "公示", "解读", "问答", "指南",
    "须知", "事故调查报告", "条例", "实施细则", "细则", "办法", "管理办法", "实施办法", "暂行办法",
}  # fmt: skip
_PROCESS_KINDS = {
    "请示", "会议纪要", "纪要", "会议记录", "谈话记录", "签报", "呈批件", "呈批表", "汇报", "情况汇报", "专报", "督办单", "发言提纲", "起草说明",
    "办理单", "处理单", "流转单", "询问笔录", "调查笔录", "谈话笔录", "检查笔录", "勘验笔录", "听证笔录", "笔录", "立案审批表", "结案审批表",
    "案件处理审批表", "行政处罚案件有关事项审批表", "送达回证", "证据清单", "案件调查终结报告", "调查终结报告", "法制审核意见书", "法制审核意见",
    "集体讨论记录", "考察材料", "考察报告", "述职报告", "述廉报告",
}  # fmt: skip
_ENFORCEMENT_KINDS = {k for k in _PROCESS_KINDS if any(w in k for w in ("笔录", "审批表", "送达", "证据", "调查终结", "法制审核", "集体讨论"))}
_PERSONNEL_KINDS = {"考察材料", "考察报告", "述职报告", "述廉报告"}


def s0_unread(case: Case) -> Iterator[Opinion]:
    """S0: whatever was not read forces a person, and is never called 主动公开."""
    for problem in case.document.problems:
        reason = Reason(None, ("条例:17",), describe(problem.code), step="S0")
        yield Opinion(reason, at_least=Route.REVIEW if problem.code in _LOOK else Route.MANUAL)


def s2_scope(case: Case) -> Iterator[Opinion]:
    """S2: Party, court, congress and company papers are not government information."""
    if why := outside(case.document):
        law, _, text = why.partition("|")
        yield Opinion(Reason(None, (law,), f"{text}，可能不属于政府信息，请按相应的公开规定另行处理。", step="S2"), at_least=Route.REVIEW)


def s3_caution(case: Case) -> Iterator[Opinion]:
    """S3: caution marks freeze publication; the reason must still be found in articles 14-16."""
    marks = case.of(Category.WORK_SECRET)
    sure = tuple(i for i in marks if case.findings[i].grade is Grade.CONFIRMED)
    if sure:
        text = "文件带有内部、不得外传等警示标注：公开前须核对来源机关意见，并选定第十四、十五或十六条的依据。"
        yield Opinion(Reason(Attribute.WITHHELD, case.findings[sure[0]].law, text, sure, "S3"), 1.0, Route.MANUAL)
    elif marks:
        text = "文中有限制传播的字样，请核对是否属于警示标注。"
        yield Opinion(Reason(Attribute.WITHHELD, case.findings[marks[0]].law, text, marks, "S3"), 0.3, Route.REVIEW)


_HARD = {
    Category.LEGAL_BAN: "有法律、行政法规禁止公开的内容",
    Category.NATIONAL_SECURITY: "有公开后可能危及国家安全的内容",
    Category.PUBLIC_SECURITY: "有公开后可能危及公共安全的内容",
    Category.ECONOMIC_SECURITY: "有公开后可能危及经济安全的内容",
    Category.SOCIAL_STABILITY: "有公开后可能危及社会稳定的内容",
}


def s4_law(case: Case) -> Iterator[Opinion]:
    """S4: statutory bans and 三安全一稳定. Passages are evidence, a person decides; several of them weigh more."""
    for category, words in _HARD.items():
        found = case.of(category)
        if found:
            text = f"{words}（{len(found)} 处），请逐处核对；能删减的，删减后公开。"
            law = case.findings[found[0]].law
            weight = 0.35 if len(found) == 1 else 0.6
            yield Opinion(Reason(Attribute.WITHHELD, law, text, found, "S4"), weight, Route.REVIEW)


def s5_form(case: Case) -> Iterator[Opinion]:
    """S5: outcome papers follow articles 19-21; process, internal and enforcement papers article 16."""
    kind = case.document.elements.doc_kind or ""
    opening = case.of(Category.DISCLOSURE)
    if kind in _PROCESS_KINDS:
        law = "条例:16.1" if kind in _PERSONNEL_KINDS else "条例:16.2"
        name = "行政执法案卷" if kind in _ENFORCEMENT_KINDS else "内部人事材料" if kind in _PERSONNEL_KINDS else "过程性文件"
        yield Opinion(Reason(Attribute.WITHHELD, (law,), f"文种是“{kind}”，属于{name}，可以不予公开。", (), "S5"), 0.35)
    for category in (Category.PROCESS_INFO, Category.ENFORCEMENT_FILE, Category.INTERNAL_AFFAIRS):
        found = case.of(category)
        if found:
            sure = sum(case.findings[i].grade is Grade.CONFIRMED for i in found)
            law = case.findings[found[0]].law
            text = f"有{category.label}的内容（{len(found)} 处）。"
            yield Opinion(Reason(Attribute.WITHHELD, law, text, found, "S5"), min(0.3, 0.15 * sure + 0.03 * len(found)))
    if kind in _FINAL_KINDS:
        yield Opinion(Reason(Attribute.ACTIVE, ("条例:19",), f"文种是“{kind}”，一般应当主动公开。", (), "S5"), 0.15)
    if opening:
        law = tuple(dict.fromkeys(a for i in opening for a in case.findings[i].law))[:3]
        text = "；".join(dict.fromkeys(case.findings[i].why for i in opening)) + "。"
        yield Opinion(Reason(Attribute.ACTIVE, law, text, opening, "S5"), 0.1)


def s6_third_party(case: Case) -> Iterator[Opinion]:
    """S6: personal information is masked and the rest published; trade secrets ask the third party."""
    masks = case.redactable()
    if masks:
        text = f"有个人信息 {len(masks)} 处，公开前应当遮蔽；遮蔽后其余部分可以公开。"
        law = tuple(dict.fromkeys(a for i in masks for a in case.findings[i].law))[:3]
        dense = len(masks) >= 3 and len(masks) * 60 > case.document.body_length()
        yield Opinion(Reason(None, law, text, masks, "S6"), at_least=Route.REVIEW)
        if dense:
            whole = Reason(Attribute.WITHHELD, ("条例:15",), "主要内容就是个人信息，遮蔽后所剩不多。", masks, "S6")
            yield Opinion(whole, 0.35, Route.REVIEW)
    secrets = case.of(Category.TRADE_SECRET)
    if secrets:
        text = f"可能涉及第三方商业秘密（{len(secrets)} 处）：应书面征求第三方意见；不同意且无重大公共利益的，该部分不予公开。"
        yield Opinion(Reason(Attribute.WITHHELD, ("条例:15",), text, secrets, "S6"), 0.35, Route.REVIEW)


def s7_learned(case: Case) -> Iterator[Opinion]:
    """S7: what papers of this sort are given, learned from the corpus; the remainder goes 依申请公开（条例:13）."""
    if case.lesson is None:
        yield Opinion(Reason(None, ("条例:17",), "没有可用的模型，系统不作建议，请人工判定。", step="S7"), at_least=Route.MANUAL)


def s8_declared(case: Case) -> Iterator[Opinion]:
    """S8: the attribute printed by the issuing body. A more closed note is followed; a more open one is only compared."""
    declared = case.document.elements.declared_attribute
    if declared:
        attribute = Attribute(declared)
        weight = 0.25 if attribute is Attribute.ACTIVE else 0.8
        text = f"文件自己标注为“{attribute.label}”（原单位声明，仍须保密审查）。"
        yield Opinion(Reason(attribute, ("电子公文:1",), text, step="S8"), weight)


LADDER: tuple[Callable[[Case], Iterator[Opinion]], ...] = (
    s0_unread,
    s2_scope,
    s3_caution,
    s4_law,
    s5_form,
    s6_third_party,
    s7_learned,
    s8_declared,
)


def _weigh(case: Case, opinions: list[Opinion]) -> tuple[Attribute, float]:
    """Probabilities of the scorer, moved by the opinions: each takes `weight` of what is left for its attribute."""
    shares = {a: case.probability(a) for a in Attribute}
    for opinion in opinions:
        chosen = opinion.reason.attribute
        if chosen is None:
            continue
        shares = {a: s * (1 - opinion.weight) + (opinion.weight if a is chosen else 0.0) for a, s in shares.items()}
    best = max((Attribute.WITHHELD, Attribute.ON_REQUEST, Attribute.ACTIVE), key=lambda a: shares[a])
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
    if lesson is None or attribute not in lesson.basis:
        return None
    article = lesson.basis[attribute]
    gist = case.law.article(article).gist
    text = f"从同类文件看，{attribute.label}的可能性约 {lesson.scores.of(attribute):.0%}；最接近的依据：{gist}"
    span = lesson.telling.get(attribute)
    if span is None:
        return None
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


def s10_route(case: Case, attribute: Attribute, confidence: float, opinions: list[Opinion]) -> tuple[Route, list[Reason]]:
    """S10: the most careful route any step asks for; conflicts and low confidence go to a person."""
    asked = [o.at_least for o in opinions]
    extra: list[Reason] = []
    if confidence < case.thresholds.review:
        asked.append(Route.MANUAL)
    elif confidence < case.thresholds.suggest:
        asked.append(Route.REVIEW)
    declared = case.document.elements.declared_attribute
    if declared and declared != attribute.value:
        text = f"标注为“{Attribute(declared).label}”，内容判断为“{attribute.label}”，两者不一致，请人工确定。"
        extra.append(Reason(None, ("条例:17", "电子公文:1"), text, step="S8"))
        asked.append(Route.MANUAL)
    closed = [o for o in opinions if o.reason.attribute is Attribute.WITHHELD and o.weight >= 0.3]
    if attribute is Attribute.ACTIVE and closed:
        extra.append(Reason(None, ("条例:17",), "有不予公开的线索，但总体判断为主动公开，请核对后再定。", step="S10"))
        asked.append(Route.REVIEW)
    return max(asked, key=_ROUTES.index, default=Route.SUGGEST), extra


def _blocked(case: Case, source: str, provenance: Provenance, marks: tuple[int, ...]) -> Assessment:
    """S1: hard stop. Nothing of the text survives: no spans' words, no elements, only level, period and place."""
    first = case.findings[marks[0]]
    kept = tuple(case.findings[i] for i in marks)
    text = "发现国家秘密标志。请立即停止处理、传递和上传，保护现场，并报告本单位保密工作机构。"
    return Assessment(
        source=source,
        sha256=case.document.sha256,
        format=case.document.format,
        attribute=None,
        in_scope=True,
        confidence=1.0,
        route=Route.BLOCKED,
        reasons=(Reason(None, first.law, text, tuple(range(len(kept))), "S1"),),
        findings=kept,
        provenance=provenance,
        elements=Elements(secret_marking=read_marking(case, first)),
        problems=case.document.problems,
        member=case.document.member,
        pages=case.document.pages,
        chars=case.document.body_length(),
    )


_LEVELS = (("绝密", "top_secret"), ("机密", "secret"), ("秘密", "confidential"))


def read_marking(case: Case, finding: Finding) -> SecretMarking:
    """Level, period and place of a marking（保密法:14, :20）; level `unknown` for cipher telegrams."""
    words = "".join(case.document.text[finding.span.start : finding.span.end].split())
    level = next((code for word, code in _LEVELS if word in words), "unknown")
    after = words.partition("密")[2].lstrip("级件★☆⭐✩✭✰⋆*＊✱✦·•女k")
    return SecretMarking(level, after.strip("】]）)") or None, finding.where)


def judge(case: Case, source: str, provenance: Provenance, *, in_scope: bool | None = None) -> Assessment:
    """The Assessment of one case. The attribute is None only when blocked (S1)."""
    marks = tuple(i for i, f in enumerate(case.findings) if f.severity is Severity.BLOCK)
    if marks:
        return _blocked(case, source, provenance, marks)
    opinions = [opinion for step in LADDER for opinion in step(case)]
    attribute, confidence = _weigh(case, opinions)
    unread = any(p.code not in _LOOK for p in case.document.problems)
    reasons = [o.reason for o in opinions]
    if unread and attribute is Attribute.ACTIVE:
        attribute, confidence = Attribute.WITHHELD, 0.0
        reasons.append(Reason(attribute, ("条例:17",), "有内容没有读到，不能认定为主动公开；暂不公开，待人工核对后确定。", step="S0"))
    route, extra = s10_route(case, attribute, confidence, opinions)
    findings = case.findings
    if learned := _support(case, attribute):
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
        member=case.document.member,
        pages=case.document.pages,
        chars=case.document.body_length(),
        text=case.document.text,
    )


def _rounded(scores: Scores) -> Scores:
    return Scores(round(scores.active, 4), round(scores.on_request, 4), round(scores.withheld, 4))
