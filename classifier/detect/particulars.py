"""Birth dates and health: particulars that the Civil Code (art. 1034) and the PI law (art. 28) protect by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.validators import is_date
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_NUMERAL = "[0-9〇零○一二三四五六七八九十廿]"
_DATE = (
    rf"(?:(?P<western>(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12][0-9]|3[01])/(?:19|20)[0-9]{{2}})|(?P<year>(?:19|20)?[0-9]{{2}})[ ]?[年./-][ ]?(?P<month>1[0-2]|0?[1-9])"
    rf"(?:(?:[ ]?月[ ]?|[./-])(?P<day>3[01]|[12][0-9]|0?[1-9])(?:[ ]?[日号])?|[ ]?月)?(?![0-9])"
    rf"|(?P<compact>(?:19|20)[0-9]{{6}})(?![0-9])|(?:{_NUMERAL}{{4}}年)?(?:十[一二]?|[一二三四五六七八九])月(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])"
)
_BIRTH_CUE = re.compile("出生|生[ \u3000]?日|生于|诞辰|[Bb][Oo][Rr][Nn]|[Bb][Ii][Rr][Tt][Hh]|D[Oo]B")
_BIRTH_DATE = re.compile(rf"(?:日期|年月日?|时间|于)?(?: on)?(?:是|为|在)?[\s:：]{{0,3}}(?P<date>{_DATE})")
_TRAILING = re.compile(
    r"(?P<date>(?:19|20)[0-9]{2}年(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12][0-9]|0?[1-9])日)?)(?:出生|生(?![产活效态成物育长意命]))"
)

_DISEASE = (
    r"[\u4e00-\u9fff]{0,6}?(?:艾滋病|HIV(?:阳性|感染)?|高血压|糖尿病|冠心病|心脏病|肺结核|结核病|白血病|尿毒症|肾衰竭|肝硬化|乙肝|丙肝|肝炎|癫痫|抑郁症|焦虑症|"
    r"精神分裂症|双相障碍|精神病|自闭症|脑瘫|脑梗死?|脑出血|中风|帕金森病?|阿尔茨海默病?|哮喘|肺炎|胃炎|肾炎|关节炎|梅毒|淋病|甲亢|红斑狼疮|渐冻症|血友病|尘肺病?|"
    r"瘫痪|骨折|流产|不孕症|[肺肝胃肠食管乳腺宫颈甲状腺胰脑骨膀胱鼻咽淋巴直结]{1,3}癌|癌症|恶性肿瘤|肿瘤|淋巴瘤|综合征)"
)
_SICK = re.compile(
    rf"(?:确诊|患有?|身患|罹患|诊断(?:为|结果)?(?:是)?|得了|查出来?(?:是)?|病史|因病|感染)(?:了|为|是)?[:：]?(?P<illness>{_DISEASE})"
)
_ALONE = re.compile(r"(?P<illness>HIV(?:抗体)?[呈为]?阳性)")
_LABELLED_ILLNESS = re.compile(
    r"(?:临床诊断|入院诊断|出院诊断|诊断结果|诊断|病名|病种|既往病史|病史|残疾类别|残疾等级|健康状况|身体状况)[:：][ ]?(?P<illness>[^，,。；;\n\t:：]{2,20})"
)
_PLAIN_HEALTH = re.compile(r"^(?:〔|□|☑|[*＊]|某|健康|良好|无|正常|一般|/|—+|_+|无异常)")
_OF_PEOPLE = re.compile(
    r"(?:等[\u4e00-\u9fff]{0,6})?(?:的?(?:病毒|人员?|患者|病人|职工|劳动者|儿童|孕产妇|学生|群体|高危|防治|防控|筛查|疫苗|监测|救治|药|用药|管理|专科|门诊|医院|科|病例))|的|、|或者?|和|及"
)


def _grade_date(match: re.Match[str]) -> tuple[Grade, Severity] | None:
    """A full day is masked; year and month are looked at (domain/04 §2: 出生日，可留年月)."""
    groups = match.groupdict()
    year, month, day = groups.get("year"), groups.get("month"), groups.get("day")
    if compact := groups.get("compact"):
        year, month, day = compact[:4], compact[4:6], compact[6:]
    if year and month and day:
        full = int(year) if len(year) == 4 else 1900 + int(year)
        return (Grade.CONFIRMED, Severity.REDACT) if is_date(full, int(month), int(day)) else None
    if year and not day:
        return Grade.SUSPECTED, Severity.REVIEW
    return Grade.SUSPECTED, Severity.REDACT


def _find_births(view: View, rule: Rule) -> Iterator[Finding]:
    for cue in _BIRTH_CUE.finditer(view.folded):
        match = _BIRTH_DATE.match(view.folded, cue.end())
        if match and (graded := _grade_date(match)):
            grade, severity = graded
            start, end = match.span("date")
            yield view.finding(rule, start, end, grade=grade, severity=severity, mask=mask_for(rule.mask, match["date"]))
    for match in _TRAILING.finditer(view.folded):
        severity = Severity.REDACT if match["date"].endswith("日") else Severity.REVIEW
        start, end = match.span("date")
        yield view.finding(rule, start, end, grade=Grade.CONFIRMED, severity=severity, mask=mask_for(rule.mask, match["date"]))


def _find_illnesses(view: View, rule: Rule) -> Iterator[Finding]:
    text = view.folded
    for match in _ALONE.finditer(text):
        yield view.finding(rule, *match.span("illness"), grade=Grade.SUSPECTED, mask=mask_for(rule.mask, match["illness"]))
    for match in _SICK.finditer(text):
        if not _OF_PEOPLE.match(text, match.end()):
            yield view.finding(rule, *match.span("illness"), grade=Grade.SUSPECTED, mask=mask_for(rule.mask, match["illness"]))
    for match in _LABELLED_ILLNESS.finditer(text):
        if not _PLAIN_HEALTH.match(match["illness"]):
            yield view.finding(rule, *match.span("illness"), grade=Grade.CONFIRMED, mask=mask_for(rule.mask, match["illness"]))


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Birth dates and illnesses of people."""
    if rule := enabled(book, "personal.birth_date"):
        yield from _find_births(view, rule)
    if rule := enabled(book, "personal.health"):
        yield from _find_illnesses(view, rule)
