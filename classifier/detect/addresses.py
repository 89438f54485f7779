"""Home addresses: after a label, or a chain of places that ends in a house number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.anchors import finds, watch
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_HOME = (
    "住址|住所|住所地|住处|现住房|家庭住址|家庭地址|现住址|现住地|现住|现居住地|居住地|居住地址|居住在|租住在|租住于|户籍地|户籍所在地|户籍地址|户籍所在地址|户口所在地|"
    "户籍|常住地|常住地址|住在|家住|籍贯|详细住址|家庭详细地址|住"
)
_OFFICE = "地址|经营场所|营业场所|送达地点|送达地址|单位地址|注册地址|办公地址|通讯地址|通信地址|联系地址"
_LABELS = (_HOME + "|" + _OFFICE).split("|")
_HOMES = _HOME.count("|") + 1
_NEED_GAP = frozenset(("户籍", "住处", "现住房", "送达地点", "常住地"))
"""Words that are labels only where a colon or a gap stands behind them."""
_NOT_LIVES = "房建院宅户民宿持进满宾在所址地"
_LIVES = re.compile(r"(?:^|[，,。；;：:（(\s\u3000岁]|[我他她人汉你])$")
"""Before a lone 住: a comma, a gap, a pronoun; inside other words (入住、居住、住房) it is no label."""
_END = r"[^，,。；;！!？?\n\t|:：“”《》<>]"
_PLACE = re.compile(rf"(?:为|是|在)?[ \u3000]?(?P<colon>[:：][ \u3000]{{0,2}})?(?P<place>[\u4e00-\u9fff]{_END}{{3,60}})")
_PARTS = re.compile(
    r"省|自治[区州县]|[市区县旗盟镇乡]|街道|[路街巷弄村]|大道|胡同|小区|花园|社区|新村|家园|公寓|新城|家属[院楼]|宿舍|[0-9一二三四五六七八九十]+(?:[号组栋幢]|单元)"
)
_BEGINS = re.compile(
    r"(?!.{0,6}(?:人民政府|部门|单位|本市|本省|本县))(?!乡镇|街道|社区|学区|所在)(?![的或址应均须由其和及、有不无所宅宿房院户建处在地])"
    r"(?:[\u4e00-\u9fff]{1,8}(?:省|自治区|[市区县州乡镇村])|.{2,24}[0-9]{1,5}[号栋幢室组]|.{2,10}(?:路|街|大道|胡同|小区)|[^，,。]{2,16}(?:家属[院楼]|宿舍|单元))"
)
"""Without a colon only what begins like a place, or has a street or house number, is one."""
_HOUSE = watch(
    re.compile(
        r"(?:[路街巷弄道村屯组庄苑园府湾里区坊院城苑]|家属楼|周转房|大道|胡同|小区|花园|家园|新村|公寓|大厦|广场|中心|宿舍)"
        r"(?:[\u4e00-\u9fffA-Za-z]{0,6}?[0-9]{1,3}(?:-[0-9]{1,4}){1,3}(?![0-9]|[-.][0-9]|号|[弄栋幢座楼室])|[\u4e00-\u9fffA-Za-z]{0,6}?[0-9A-Za-z]{1,5}(?:[-之附][0-9]{1,4})?(?:号楼|号院|号|弄|栋|幢|座|楼|室|单元|组)(?![0-9一二三四五六七八九十]{1,5}户)"
        r"|[\u4e00-\u9fff]{0,6}?[一二三四五六七八九十]{1,3}(?:号楼|栋|幢|单元|号院))"
    )
)
_HOUSE_TAIL = re.compile(
    r"(?:[\u4e00-\u9fff]{0,8}?[0-9A-Za-z]{1,5}(?:[-－][0-9]{1,5}){0,3}(?:号楼|号院|号|弄|栋|幢|座|层|楼|室|单元|组|户)){0,5}(?:[0-9]{3,4}(?![0-9]))?(?:阁楼|[东西南北]户|[东西]院|(?:顶|底)楼)?(?:[ ][0-9]{6}(?![0-9]))?"
)
_BREAK = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]|[在到往至于位住址是为]|地点|地址|取件|送达|寄到|送到|快递")
_OFFICE_WORDS = re.compile("机关|大院|政府|中心|大厦|办公|广场|园区|[局委院所]")
_COMPANY = re.compile("法定代表人|信用代码|有限公司|合作社|[局委厅院]，|本中心|本[会院校馆站社]|章程|法人|开办资金|举办单位|注册")
"""住所 is the word for the seat of a company as well as for a home."""
_ROOM = re.compile(
    r"[0-9一二三四五六七八九十]\s?(?:室|单元|户)|[0-9一二三四五六七八九十](?:栋|幢)|[0-9]-[0-9]{1,2}-[0-9]{1,4}|[0-9]-[0-9]{3,4}(?![0-9号])"
)
_RURAL = re.compile(r"[村社](?:[\u4e00-\u9fff]{0,6}?[0-9一二三四五六七八九十]{1,3}[组社屯])|村[\u4e00-\u9fff]{0,6}[0-9]{1,4}号")
"""A house in a village has no room number: the group or the house number is the door."""
_NEAR_PERSON = re.compile(
    r"户主|户籍|[，,\u3000 ][男女][，,\u3000 ]|[0-9]{1,3}岁|村民|身份证|住(?!所|房|建|宿)|本人|家(?:里|中|住|属)|出生"
)
_NEAR_OFFICE = re.compile(
    r"邮编|邮政编码|传真|咨询|联系人|联系电话|受理|报名|公司|中标|采购|办公|开标|监督|开户|招标|投标|项目|工程|机动车|轿车|停放|营业|经营|店|厂|局|中心|委员会|服务大厅"
)
_RECORD = watch(
    re.compile(
        r"(?:[岁族男女]|初中|小学|务农|村民)[，,\u3000 ]{1,2}(?P<place>[\u4e00-\u9fff]{2,6}[县市区旗][\u4e00-\u9fff]{1,6}(?:乡|镇|街道)[\u4e00-\u9fff]{1,6}村[\u4e00-\u9fff0-9]{1,6}(?:组|屯|社|队|号))"
    )
)
"""易某，男，63岁，云庐县茶岭乡洞里村老屋组: in a record the chain down to the group is a home."""
_NOT_PLACE = re.compile(
    r"应当|不得|规定|依法|的|每月|登记|户籍|学校|派出所|提供|填写|变更|证明|是否|有效|可以|以及|或者|与|及其|信息|登记机关|提出|申请|办理|负责|人民政府|部门|迁往|设立|农村、|入住|机构|人员|困难|占有|建设局|统筹|成员|之路"
)
_NEXT_FIELD = re.compile(
    r"的|[ \u3000]{1,6}(?=[\u4e00-\u9fff])|[ \u3000]*(?:联系电话|电话|手机|邮编|身份证|收件人|联系人|[（(]?1[3-9][0-9]{9}).*"
)
_REACH = 40


def _severity(view: View, start: int, end: int, *, home: bool) -> Severity:
    """A home is private, a place down to the room may be; the address of an office is public (条例 第二十条第（二）项)."""
    if home:
        return Severity.REDACT
    value = view.folded[start:end]
    if _OFFICE_WORDS.search(value):
        return Severity.INFO
    around = view.folded[max(0, start - 24) : start] + " " + view.folded[end : end + 16]
    if _NEAR_PERSON.search(around) and (_ROOM.search(value) or _RURAL.search(value)):
        return Severity.REVIEW
    return Severity.REVIEW if _ROOM.search(value) and not _NEAR_OFFICE.search(around) else Severity.INFO


def _emit(view: View, rule: Rule, start: int, end: int, *, home: bool, grade: Grade) -> Finding:
    value = view.folded[start:end]
    severity = _severity(view, start, end, home=home)
    return view.finding(
        rule, start, end, grade=grade, severity=severity, mask=None if severity is Severity.INFO else mask_for(rule.mask, value)
    )


@cache
def _automaton() -> Any:  # noqa: ANN401 - the wheel carries no types
    import ahocorasick_rs

    return ahocorasick_rs.AhoCorasick(_LABELS, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def _find_labelled(view: View, rule: Rule) -> Iterator[Finding]:
    for index, start, end in _automaton().find_matches_as_indexes(view.folded):
        match = _PLACE.match(view.folded, end)
        if not match or not _is_label(view.folded, _LABELS[index], start, end):
            continue
        home = index < _HOMES and not (_LABELS[index].startswith("住所") and _COMPANY.search(view.around(start, end)))
        place = _cut(match["place"])
        named = match["colon"] is not None or _BEGINS.match(place) is not None
        if named and len(_PARTS.findall(place)) >= (1 if home else 2) and not _NOT_PLACE.search(place) and "某" not in place:
            begin = match.start("place")
            yield _emit(view, rule, begin, begin + len(place), home=home, grade=Grade.CONFIRMED)


def _is_label(text: str, label: str, start: int, end: int) -> bool:
    """Whether the word stands there as a label (住 alone is mostly part of another word)."""
    if label == "住":
        return _LIVES.search(text[max(0, start - 1) : start]) is not None and text[end : end + 1] not in _NOT_LIVES
    return label not in _NEED_GAP or text[end : end + 1] in ":： \u3000\t|"


def _cut(place: str) -> str:
    """The place up to the next field of the line."""
    match = _NEXT_FIELD.search(place)
    return place[: match.start()].rstrip(" \u3000") if match else place.rstrip(" \u3000")


def _beginning(text: str, left: int, right: int) -> int:
    """Where the chain of places that runs into `right` begins: after the last sign or word that cannot be part of it."""
    start = left
    for stop in _BREAK.finditer(text, left, right):
        start = stop.end()
    return start


def _find_houses(view: View, book: RuleBook, rule: Rule) -> Iterator[Finding]:
    """From a house number leftwards to where the chain of places begins, rightwards to the room."""
    text = view.folded
    last = 0
    for match in finds(view, book, _HOUSE):
        if match.start() < last:
            continue
        start = _beginning(text, max(last, match.start() - _REACH), match.start())
        tail = _HOUSE_TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        value = text[start:end]
        if len(set(_PARTS.findall(value))) >= 2 and len(value) >= 7 and not _NOT_PLACE.search(value):
            yield _emit(view, rule, start, end, home=False, grade=Grade.SUSPECTED)
            last = end


def _find_records(view: View, book: RuleBook, rule: Rule) -> Iterator[Finding]:
    for match in finds(view, book, _RECORD):
        yield _emit(view, rule, *match.span("place"), home=True, grade=Grade.SUSPECTED)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Addresses of people and offices."""
    if rule := enabled(book, "personal.address"):
        yield from _find_labelled(view, rule)
        yield from _find_houses(view, book, rule)
        yield from _find_records(view, book, rule)
