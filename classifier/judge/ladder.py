"""The steps of the ladder, S0-S8: each a small function that gives Opinions (domain/09 §1, domain/01 §10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from math import ceil

from classifier.core.assessment import Attribute, Reason, Route
from classifier.core.document import Elements, Role
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.problems import BESIDE_THE_TEXT, describe
from classifier.detect.openings import glance
from classifier.judge.case import Case, Opinion
from classifier.judge.scope import outside
from classifier.judge.voices import s8_forwarded

_FINAL_KINDS = {
    "公告", "通告", "公报", "命令", "令", "行政处罚决定书", "行政许可决定书", "准予行政许可决定书", "政府工作报告", "公示", "解读", "问答", "指南",
    "须知", "答记者问", "新闻发布会实录", "新闻通稿", "新闻稿", "政策解读", "事故调查报告", "条例", "实施细则", "细则", "办法", "管理办法", "实施办法", "暂行办法",
}  # fmt: skip
_FINAL_LAW = {
    "行政处罚决定书": ("条例:20.6", 0.5),
    "行政许可决定书": ("条例:20.5", 0.4),
    "准予行政许可决定书": ("条例:20.5", 0.4),
    "事故调查报告": ("安全生产法:86", 0.3),
    "公告": ("条例:19", 0.3),
    "通告": ("条例:19", 0.3),
    "公报": ("条例:19", 0.3),
    "公示": ("条例:19", 0.3),
    "政府工作报告": ("条例:19", 0.3),
}
"""Outcome papers that a statute names outright, with the article and how far the kind alone moves the scorer."""
_PROCESS_KINDS = {
    "请示", "会议纪要", "纪要", "会议记录", "谈话记录", "签报", "呈批件", "呈批表", "汇报", "情况汇报", "专报", "督办单", "发言提纲", "起草说明",
    "办理单", "处理单", "流转单", "询问笔录", "调查笔录", "谈话笔录", "检查笔录", "勘验笔录", "听证笔录", "笔录", "立案审批表", "结案审批表",
    "案件处理审批表", "行政处罚案件有关事项审批表", "送达回证", "证据清单", "行政处罚事先告知书", "行政处罚听证告知书", "案件调查终结报告", "调查终结报告", "法制审核意见书", "法制审核意见",
    "集体讨论记录", "考察材料", "考察报告", "述职报告", "述廉报告",
}  # fmt: skip
_ENFORCEMENT_KINDS = {
    k
    for k in _PROCESS_KINDS
    if any(w in k for w in ("笔录", "审批表", "送达", "证据", "调查终结", "法制审核", "集体讨论", "告知书"))
}
_APPLICANT_KINDS = {
    "受理通知书", "受理通知单", "受理回执", "受理凭证", "收件回执", "收件凭证", "收件通知书", "补正材料通知书", "补正通知书", "补正告知书", "材料补正通知书", "一次性告知书",
    "一次性告知单", "一次性补正告知书", "退件通知书", "退件通知单", "退件告知书", "办结通知书", "办结通知单", "领证通知书", "缴费通知书", "缴费通知单", "延期办理通知书", "延期告知书",
    "取件凭证", "不予受理通知书", "不予受理决定书",
}  # fmt: skip
"""Notices to one applicant（行政许可法 第三十二条）: 条例 20（五） names the conditions, the procedure and the result, not these."""
_PERSONNEL_KINDS = {"考察材料", "考察报告", "述职报告", "述廉报告"}


def s0_unread(case: Case) -> Iterator[Opinion]:
    """S0: whatever was not read forces a person, and is never called 主动公开."""
    for problem in case.document.problems:
        reason = Reason(None, ("条例:17",), describe(problem.code), step="S0")
        yield Opinion(reason, at_least=Route.REVIEW if problem.code in BESIDE_THE_TEXT else Route.MANUAL)


def s0_hidden(case: Case) -> Iterator[Opinion]:
    """S0: text out of sight is read and judged like all text, and a person must see that it goes before the paper does."""
    found = tuple(i for i in case.of(Category.HIDDEN) if case.findings[i].severity is Severity.REVIEW)
    if found:
        kinds = "；".join(dict.fromkeys(case.findings[i].why.removeprefix("文件里有").partition("，")[0] for i in found))
        text = f"文件里有看不见的内容（{kinds}）：公开时应当删除，请核对。"
        yield Opinion(Reason(None, ("条例:17", "保密法:35"), text, found, "S0"), at_least=Route.REVIEW)


def s1_hints(case: Case) -> Iterator[Opinion]:
    """S1: words of secrecy that are no regular marking（解密, a quoted secret number, a lone level）: a person decides."""
    found = case.of(Category.STATE_SECRET)
    if found:
        why = "；".join(dict.fromkeys(case.findings[i].why for i in found))
        yield Opinion(Reason(None, ("保密法:35", "条例:17"), f"{why}。", found, "S1"), at_least=Route.MANUAL)


def s2_scope(case: Case) -> Iterator[Opinion]:
    """S2: Party, court, congress and company papers are not government information."""
    if why := outside(case.document):
        law, _, text = why.partition("|")
        yield Opinion(
            Reason(None, (law,), f"{text}，可能不属于政府信息，请按相应的公开规定另行处理。", step="S2"), at_least=Route.REVIEW
        )


def s3_caution(case: Case) -> Iterator[Opinion]:
    """S3: caution marks freeze publication; the reason must still be found in articles 14-16."""
    marks = case.of(Category.WORK_SECRET)
    sure = tuple(i for i in marks if case.findings[i].grade is Grade.CONFIRMED)
    if sure:
        text = "文件带有内部、不得外传等警示标注：公开前须核对来源机关意见，并选定第十四、十五或十六条的依据。"
        yield Opinion(Reason(Attribute.WITHHELD, case.findings[sure[0]].law, text, sure, "S3"), 1.0, Route.MANUAL)
    elif marks:
        text = "文中有限制传播的字样，请核对是否属于警示标注。"
        yield Opinion(Reason(Attribute.WITHHELD, case.findings[marks[0]].law, text, marks, "S3"), 0.15, Route.REVIEW)


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
        found = case.told(category)
        if found:
            text = f"{words}（{len(found)} 处），请逐处核对；能删减的，删减后公开。"
            law = case.findings[found[0]].law
            weight = 0.35 if len(found) == 1 else 0.6
            yield Opinion(Reason(Attribute.WITHHELD, law, text, found, "S4"), weight, Route.REVIEW)


_PASSAGE_WEIGHTS = {
    "working_draft": 0.7,
    "request_report": 0.4,
    "consultation_letter": 0.4,
    "case_file": 0.35,
    "discussion_record": 0.3,
    "personnel": 0.3,
    "logistics": 0.3,
    "internal_procedure": 0.3,
}
"""How far a confirmed passage of each type moves the scorer; a suspected one moves half as far."""
_OPEN_WEIGHTS = {
    "public_consultation": 0.4,
    "normative_number": 0.5,
    "proposal_reply": 0.45,
    "appointment": 0.45,
    "project_approval": 0.4,
    "public_mailbox": 0.6,
    "citizen_reply": 0.35,
    "normative_document": 0.2,
    "announcement": 0.25,
}
"""How far an open passage moves the scorer, by how directly articles 19-21 name it; other kinds 0.1."""


def _form_of_kind(case: Case, kind: str) -> Iterator[Opinion]:
    """What the kind of document alone says."""
    if kind in _PROCESS_KINDS:
        article = "条例:16.1" if kind in _PERSONNEL_KINDS else "条例:16.2"
        name = "行政执法案卷" if kind in _ENFORCEMENT_KINDS else "内部人事材料" if kind in _PERSONNEL_KINDS else "过程性文件"
        text = f"文种是“{kind}”，属于{name}，可以不予公开。"
        yield Opinion(Reason(Attribute.WITHHELD, (article,), text, (), "S5"), 0.35)
    elif kind in _APPLICANT_KINDS:
        text = f"文种是“{kind}”：办理过程中发给申请人的文书，不在主动公开的范围内，有人申请时提供。"
        yield Opinion(Reason(Attribute.ON_REQUEST, ("条例:13",), text, (), "S5"), 0.5, Route.REVIEW)
    elif any(block.role is Role.SIGNER for block in case.document.blocks):
        text = "版头标有签发人，是报送上级的上行文（请示、报告），属于过程性文件，可以不予公开。"
        yield Opinion(Reason(Attribute.WITHHELD, ("条例:16.2",), text, (), "S5"), 0.3)
    elif kind in _FINAL_KINDS:
        law, weight = _FINAL_LAW.get(kind, ("条例:19", 0.15))
        yield Opinion(Reason(Attribute.ACTIVE, (law,), f"文种是“{kind}”，一般应当主动公开。", (), "S5"), weight)


_FORWARDING = re.compile(r"(?:批转|转发|印发)[^\n]{2,120}通知$")
"""A notice that forwards or issues another paper: what that paper once asked for has been decided and goes outward."""


def _passage_weight(finding: Finding, elements: Elements) -> float:
    """How far one passage moves the scorer. An outcome paper may tell of the process that led to it; a draft mark stands for itself."""
    outcome = elements.doc_kind in _FINAL_KINDS or _FORWARDING.search(elements.title or "") is not None
    told = outcome and finding.type != "working_draft"
    sure = finding.grade is Grade.CONFIRMED
    return _PASSAGE_WEIGHTS.get(finding.type, 0.2) * (1.0 if sure else 0.5) * (0.3 if told else 1.0)


def s5_form(case: Case) -> Iterator[Opinion]:
    """S5: outcome papers follow articles 19-21; process, internal and enforcement papers article 16."""
    kind = case.document.elements.doc_kind or ""
    yield from _form_of_kind(case, kind)
    for category in (Category.PROCESS_INFO, Category.ENFORCEMENT_FILE, Category.INTERNAL_AFFAIRS):
        found = case.told(category)
        if found:
            passages = [case.findings[i] for i in found]
            weight = max(_passage_weight(finding, case.document.elements) for finding in passages)
            text = f"有{category.label}的内容（{len(found)} 处）。"
            yield Opinion(Reason(Attribute.WITHHELD, passages[0].law, text, found, "S5"), weight)
    opening = case.of(Category.DISCLOSURE)
    if opening:
        law = tuple(dict.fromkeys(a for i in opening for a in case.findings[i].law))[:3]
        text = "；".join(dict.fromkeys(case.findings[i].why for i in opening)) + "。"
        weight = max(_OPEN_WEIGHTS.get(case.findings[i].type, 0.1) for i in opening)
        yield Opinion(Reason(Attribute.ACTIVE, law, text, opening, "S5"), weight)


_BLANK = glance(
    re.compile(
        r"_{3,}|＿{2,}|—{6,}|□|[ \u3000]{2,}年[ \u3000]{2,}月[ \u3000]{2,}日|[×Xx]{2,}(?=[\u4e00-\u9fff〔\[])|(?:签[字名章]|盖章|日期|电话|姓名|地址|编号|单位|申请人|当事人|经办人)[ \t]*[:：][ \t\u3000]*(?=[\n\t|]|$)",
        re.M,
    )
)
"""A place to fill in: a rule, a box, an empty date, a label with nothing behind it."""
_BLANKS = 3
_BLANK_EVERY = 300
"""A form has a place to fill in at least every so many characters; a long paper with one form behind it is no form."""
_SIGNS = ("___", "＿＿", "——————", "□", "年 ", "年\u3000", "×", "X", "x")
_OPEN_END = re.compile(r"[:：](?<=[字名章期话址号位人 \t].)[ \t\u3000]*(?:[\n\t|]|$)", re.M)
"""Every place to fill in holds one of these signs, or ends like a label with nothing behind it."""


def _is_blank_form(text: str) -> bool:
    needed = max(_BLANKS, ceil(len(text) / _BLANK_EVERY))
    signs = sum(map(text.count, _SIGNS))
    if signs + text.count(":") + text.count("：") < needed or signs + len(_OPEN_END.findall(text)) < needed:
        return False  # nearly every paper, at a fraction of the time
    return len(list(islice(_BLANK.finditer(text), needed))) >= needed


def s5_blank(case: Case) -> Iterator[Opinion]:
    """S5: a form to be filled in is judged as if it were（domain/09）: it will hold somebody's data, so a person looks first."""
    if _is_blank_form(case.document.text[:6000]):
        told = "这是待填写的表格或文书：填写后会有当事人的信息，请按填写后的样子判断。"
        yield Opinion(Reason(None, ("条例:15", "条例:17"), told, step="S5"), at_least=Route.REVIEW, going_out=True)


def s6_third_party(case: Case) -> Iterator[Opinion]:
    """S6: personal information is masked and the rest published; trade secrets ask the third party."""
    masks = case.redactable()
    if masks:
        text = f"有个人信息 {len(masks)} 处，公开前应当遮蔽。"
        law = tuple(dict.fromkeys(a for i in masks for a in case.findings[i].law))[:3]
        dense = (
            len(masks) > 3 and len(masks) * 60 > case.document.body_length()
        )  # name, number and address of one party are no case file
        yield Opinion(Reason(None, law, text, masks, "S6"), at_least=Route.REVIEW, going_out=True)
        if dense:
            whole = Reason(Attribute.WITHHELD, ("条例:15",), "主要内容就是个人信息，遮蔽后所剩不多。", masks, "S6")
            yield Opinion(whole, 0.35, Route.REVIEW)
    secrets = case.told(Category.TRADE_SECRET)
    if secrets:
        text = f"可能涉及第三方商业秘密（{len(secrets)} 处）：应书面征求第三方意见；不同意且无重大公共利益的，该部分不予公开。"
        yield Opinion(Reason(Attribute.WITHHELD, ("条例:15",), text, secrets, "S6"), 0.35, Route.REVIEW)


def s7_learned(case: Case) -> Iterator[Opinion]:
    """S7: what papers of this sort are given, learned from the corpus; the remainder goes 依申请公开（条例:13）."""
    if case.lesson is None and not case.is_unread:
        yield Opinion(Reason(None, ("条例:17",), "没有可用的模型，系统不作建议，请人工判定。", step="S7"), at_least=Route.MANUAL)


def s8_declared(case: Case) -> Iterator[Opinion]:
    """S8: the attribute printed by the issuing body. A more closed note is followed; a more open one is only compared."""
    declared = case.document.elements.declared_attribute
    if declared:
        attribute = Attribute(declared)
        weight = 0.25 if attribute is Attribute.ACTIVE else 0.8
        partly = any(word in (case.document.elements.annotation or "") for word in ("删减", "部分"))
        text = f"文件自己标注为“{attribute.label}”（原单位声明，仍须保密审查）。"
        if partly:
            text = "文件自己标注为删减后或部分公开：须先按原单位的要求删减，再行公开。"
        yield Opinion(Reason(attribute, ("电子公文:1",), text, step="S8"), weight, Route.REVIEW if partly else Route.SUGGEST)


LADDER: tuple[Callable[[Case], Iterator[Opinion]], ...] = (
    s0_unread,
    s0_hidden,
    s1_hints,
    s2_scope,
    s3_caution,
    s4_law,
    s5_form,
    s5_blank,
    s6_third_party,
    s7_learned,
    s8_declared,
    s8_forwarded,
)
