"""An illness said with its verb: 确诊糖尿病, 服用阿莫西林, 做了搭桥手术. The words alone say it of somebody (个保法 第二十八条).

Clauses that need a person beside them are read in private_life.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from classifier.core.finding import Finding, Grade
from classifier.detect.anchors import cue, finds, places, watch
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.mentions import mentions_of
from classifier.detect.names import Names, names_of
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_DISEASE = (
    r"[\u4e00-\u9fff]{0,6}?(?:艾滋病|HIV(?:阳性|感染)?|高血压|糖尿病|冠心病|心脏病|肺结核|结核病|白血病|尿毒症|肾衰竭|肝硬化|乙肝|丙肝|肝炎|癫痫|抑郁症|焦虑症|"
    r"精神分裂症|双相障碍|精神病|自闭症|脑瘫|脑梗死?|脑出血|中风|帕金森病?|阿尔茨海默病?|哮喘|肺炎|胃炎|肾炎|关节炎|梅毒|淋病|甲亢|红斑狼疮|渐冻症|血友病|尘肺病?|"
    r"瘫痪|骨折|流产|不孕症|[肺肝胃肠食管乳腺宫颈甲状腺胰脑骨膀胱鼻咽淋巴直结]{1,3}癌|癌症|恶性肿瘤|肿瘤|淋巴瘤|综合征)"
)
_SICK = watch(
    re.compile(
        rf"(?:确诊|患有?|身患|罹患|诊断(?:为|结果)?(?:是)?|得了|查出来?(?:是)?|病史|因病|感染)(?:了|为|是)?[:：]?(?P<illness>{_DISEASE})"
    )
)
_TAKING = r"(?:服用|口服|注射|在吃|长期吃|天天吃|吃的?(?:是)?|开了|打了)(?:[0-9一二两三半]{1,2}[瓶支片粒盒])?(?P<illness>[\u4e00-\u9fff]{0,3}?(?:%s))"
_VERBS = cue("服用", "口服", "注射", "在吃", "长期吃", "天天吃", "吃", "开了", "打了")
"""What `_TAKING` begins with."""
_DRUG = re.compile(r"[片丸药素林宁平酸钠酮汀唑胺韦啉定灵因星卫孢芬胍嗪锂平兰诺啡沙班]$")
_OPERATION = watch(
    re.compile(
        r"(?P<illness>(?:做了?|行|接受了?|动了?)[\u4e00-\u9fff]{2,10}?(?:手术|切除术|置换术|移植术?|搭桥术?|造瘘术))(?![的费室台前史类方医护风])"
    )
)
_ALONE = watch(re.compile(r"(?P<illness>HIV(?:抗体)?[呈为]?阳性)"))
_LABELLED_ILLNESS = watch(
    re.compile(
        r"(?:临床诊断|入院诊断|出院诊断|诊断结果|诊断|病名|病种|既往病史|病史|残疾类别|残疾等级|健康状况|身体状况)[:：][ ]?(?P<illness>[^，,。；;\n\t:：]{2,20})"
    )
)
_SAYING = re.compile(
    rf"(?P<illness>(?:确诊(?:为|患)?|身?患有?|罹患|被?诊断为|得了|查出|感染)了?{_DISEASE}|患癌症?|得了?癌症?|流产|堕胎|截肢|偏瘫|瘫痪|中风(?!险)|脑梗死?|脑出血|精神失常|病危"
    r"|(?:肺|肝|胃|肠|食管|乳腺|宫颈|甲状腺|胰腺|鼻咽|淋巴)癌(?:早期|中期|晚期|术后)?|白血病|尿毒症|糖尿病|艾滋病|抑郁症)"
)
_SAID = watch(_SAYING)
_BETWEEN = re.compile(r"(?:因[\u4e00-\u9fff]{1,4}|已|曾|又|近期|去年|今年|前年|不幸|意外|同志|女士|先生){0,2}")
_NEAR = 10
_NOBODY = re.compile(
    r"(?:的)?(?:风险|概率|几率|率|人群|人员|病人|患者|发生|预防|防治|保险|假期|假|协会|中心|医院|研究|专家|基金|专科|门诊|筛查|疫苗|课题)|的"
)
_PLAIN_HEALTH = re.compile(r"^(?:〔|□|☑|[*＊]|某|健康|良好|无|正常|一般|/|—+|_+|无异常)")
_OF_PEOPLE = re.compile(
    r"(?:等[\u4e00-\u9fff]{0,6})?(?:的?(?:病毒|人员?|患者|病人|职工|劳动者|儿童|孕产妇|学生|群体|高危|防治|防控|筛查|疫苗|监测|救治|药|用药|管理|专科|门诊|医院|科|病例))|的|、|或者?|和|及"
)
_ADVICE = re.compile(r"应|须|需|可以|不[得能可宜要]|如何|费用|报销|患者|孕妇|儿童|预防|禁忌|避免|切勿|遵医嘱|医保|费$|等药")
"""Advice, tariffs and leaflets speak of the same medicines to everybody."""


@lru_cache(maxsize=4)
def _drugs(book: RuleBook) -> re.Pattern[str]:
    """Taking one of the medicines of the rule on treatments."""
    rule = enabled(book, "personal.treatment")
    names = sorted((re.escape(term) for term in (rule.terms if rule else ()) if _DRUG.search(term)), key=len, reverse=True)
    return re.compile(_TAKING % ("|".join(names) or "(?!)"))


def _find(view: View, rule: Rule, found: Iterable[re.Match[str]]) -> Iterator[Finding]:
    """The matches that are not said of everybody."""
    for match in found:
        if not _OF_PEOPLE.match(view.folded, match.end()):
            yield view.finding(rule, *match.span("illness"), grade=Grade.SUSPECTED, mask=mask_for(rule.mask, match["illness"]))


def _find_labelled(view: View, book: RuleBook, rule: Rule) -> Iterator[Finding]:
    for match in finds(view, book, _LABELLED_ILLNESS):
        if not _PLAIN_HEALTH.match(match["illness"]):
            yield view.finding(rule, *match.span("illness"), grade=Grade.CONFIRMED, mask=mask_for(rule.mask, match["illness"]))


def _find_taken(view: View, book: RuleBook) -> Iterator[re.Match[str]]:
    """Where a medicine of the list is taken."""
    drugs, last = _drugs(book), 0
    for start, _ in places(view, book, _VERBS):
        if start >= last and (match := drugs.match(view.folded, start)):
            last = match.end()
            yield match


def _find_named(view: View, book: RuleBook, rule: Rule, names: Names) -> Iterator[Finding]:
    """王芳患癌, 李芳流产: a name directly before an illness; both the name and the illness are told."""
    text, person = view.folded, enabled(book, "personal.person_name")
    said = [m for m in finds(view, book, _SAID) if not _NOBODY.match(text, m.end())]
    ends = {m.end: m.start for m in mentions_of(view)} if said else {}
    for match in said:
        for end in range(match.start(), max(0, match.start() - _NEAR), -1):
            start = ends.get(end)
            if start is None or not _BETWEEN.fullmatch(text, end, match.start()) or names.is_word(text[start:end]):
                continue
            yield view.finding(rule, *match.span("illness"), grade=Grade.SUSPECTED, mask=mask_for(rule.mask, match["illness"]))
            if person:
                yield view.finding(person, start, end, grade=Grade.SUSPECTED, mask=mask_for(person.mask, text[start:end]))
            break


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Illnesses, operations and medicines of people."""
    rule = enabled(book, "personal.health")
    if rule is None:
        return
    yield from _find(view, rule, finds(view, book, _ALONE))
    yield from _find(view, rule, finds(view, book, _SICK))
    yield from _find_labelled(view, book, rule)
    if names := names_of(book):
        yield from _find_named(view, book, rule, names)
    for found in (finds(view, book, _OPERATION), _find_taken(view, book)):
        for finding in _find(view, rule, found):
            if not _ADVICE.search(view.around(finding.span.start, finding.span.end, 10)):
                yield finding
