"""Names of people in running text: after a label, before an honorific, before 男 or 女, beside a personal number.

A name alone is nobody's secret: the severity depends on whether the words beside it make the person private (申请人, 患者) or
official (局长, 联系人, 法定代表人). Precision first: a place that gives no reason to expect a name is not searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.mentions import mentions_of
from classifier.detect.names import Names, names_of
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_PRIVATE = (
    "姓名|患者|病人|病患|申请人|被申请执行人|申请执行人|当事人|被处罚人|被调查人|被询问人|被执行人|举报人|投诉人|信访人|来访人|受访人|证人|被害人|受害人|"
    "死者|伤者|死亡人员|受伤人员|原告|被告|上诉人|第三人|户主|房主|业主|车主|机主|持卡人|开户人|户名|收款人|付款人|收件人|寄件人|收货人|发货人|"
    "旅客|乘客|客户|用户|登记人|参会人员|被保险人|投保人|受益人|监护人|家长|家属|父亲|母亲|配偶|妻子|丈夫|儿子|女儿|之子|之女|考生|应聘人|承租人|"
    "出租人|借款人|担保人|委托人|救助对象|低保对象|残疾人|被拆迁人|被征收人|村民|经营者|本人|名字叫|叫做|我叫|名叫|自述叫|"
    "受送达人|见证人|被检查人|被查问人|被检查对象|受伤害职工|职工姓名|家庭成员|长子|次子|长女|次女|孙子|孙女|儿媳|女婿|婆婆|岳父|岳母|"
    "驾驶员|值班员|工友|店长|购买者|承包人|来访人员|反映人|求助人|失信人|嫌疑人|犯罪嫌疑人|被告人|服刑人员|戒毒人员|甲方|乙方|丙方"
)
_MINOR = "学生|学员姓名|幼儿|患儿|儿童|未成年人|被害少年|孤儿"
_OFFICIAL = (
    "法定代表人|法人代表|负责人|联系人|经办人|承办人|签发人|签收人|审核人|审批人|批准人|主持人|记录人|执法人员|调查人员|询问人|拟稿人|起草人|"
    "校对|主办|项目经理|专家|评委|组长|副组长|局长|副局长|主任|副主任|科长|处长|厅长|部长|书记|县长|市长|省长|区长|镇长|乡长|村主任|所长|院长|校长|"
    "董事长|总经理|主治医生|医生|医师|律师|代理人|委托代理人|记者|编辑|作者|发明人|完成人|检测员|联络员|讲解员|站长|社长|股长|副总裁|总监|工程师|组员|成员|委员|经办律师|核查人|检查人"
)
_SIGNED = "(?:签[字名]|盖章|签章)?"
_COLON = rf"{_SIGNED}(?:[（(][^）)\n]{{1,8}}[）)])?{_SIGNED}(?:[ \u3000]{{0,2}}[:：][ \u3000_]{{0,6}}|[ \u3000|\t]{{1,4}})"
"""Between a label and its name: a colon, or in forms the gap of a field or the border of a cell."""
_LABEL_GOES_ON = frozenset("姓名签盖（( \u3000:：|\t")
"""What a label is followed by when a gap and a name come, rather than a name at once: most labels stand in prose, before neither."""
_AFTER_FULL = r"(?![\u4e00-\u9fff·*＊某])"
_KNOWN_NEXT = r"(?=[男女](?![\u4e00-\u9fff])|性别|身份证|电话|手机|联系|职务|同志|先生|女士|出生|年龄|民族|[ \u3000])"
_CUE = (
    r"(?:的)?(?:个人|家庭|联系|移动|办公|护照|身份)?(?:手机号?码?|电话号?码?|联系方式|联系电话|号码?|身份(?:证号?码?)?|证件号?码?|证号?|护照号?码?|银行卡号?|卡号|"
    r"账[户号]|邮箱地?址?|email|phone|contact info|tel|微信(?:同号|号)?|户籍地?址?|名下车?辆?|车牌号?)"
)
_SIGNS = "[ \u3000:：，,、/（(是为]{0,3}"
_LINK = rf"(?:的)?{_SIGNS}(?:{_CUE}{_SIGNS}){{0,3}}(?:at )?$"
_EMAIL_BEFORE = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")


_TITLES = "同志|先生|女士|老师|同学|小姐|师傅|教授|医生|律师"
_AFTER_SEX = re.compile(r"[，,、。；;（(|\s]|\Z")
_BEFORE_SEX = r"(?:[（(][^）)\n]{1,10}[）)])?[）)]?(?:[，,、：:|]\s?|[ \u3000\t]{1,3})$"
_NOT_TITLE = re.compile("[们性会证]")
_NUMBER = r"(?:[（(]?[0-9]{1,2}[)）.、]?|[①-⑳])[ \u3000]?"
_LATIN = re.compile(
    r"[ \u3000]{0,2}[:：][ \u3000_]{0,6}(?P<names>[A-Z](?:[a-z'\-]{1,15}|[A-Z]{1,15})(?:[ ·](?:[A-Z]\.|[A-Z][A-Za-z'\-]{1,15})){1,3})(?![A-Za-z0-9&])"
)
"""当事人：John Smith; after the label of a party only."""
_FIRM = re.compile(
    r"\b(?:ltd|limited|inc|co|corp|corporation|company|llc|llp|plc|gmbh|group|holdings?|bank|university|trading|international|airlines|airways|insurance|hotel|school|hospital|united|york)\b",
    re.I,
)
_LONG_NUMBER = 8
"""So many digits make a number that belongs to a person."""
_NO_PERSON = frozenset(("用户", "客户", "甲方", "乙方", "丙方", "本人", "户名", "机主", "车主"))
"""Labels that firms and programs fill as often as people."""
_REAL = r"(?:即|就是|系|真名|本名|实名|原名|姓名|真实姓名|真实身份)"
_VEILED = "某[某甲乙丙丁]{0,2}[0-9]{0,2}"


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Matched or searched only at anchors (a label, a title, 男/女, a number), never over the whole text."""

    anchors: Any
    """One automaton of all labels and titles."""
    kinds: tuple[str, ...]
    """What each anchor is: minor, private, official or title."""
    surnames: frozenset[str]
    """The first characters of surnames."""
    after_label: re.Pattern[str]
    joined: re.Pattern[str]
    before_title: re.Pattern[str]
    before_sex: re.Pattern[str]
    before_number: re.Pattern[str]
    after_number: re.Pattern[str]
    numbered: re.Pattern[str]
    """当事人：1.王小明 2.赵铁柱."""
    beside_mask: re.Pattern[str]
    """赵某（赵铁柱）: the surname is the same."""
    before_mask: re.Pattern[str]


@lru_cache(maxsize=4)
def _compile(names: Names) -> _Patterns:
    import ahocorasick_rs

    words: dict[str, str] = {}
    for kind, alternatives in (("minor", _MINOR), ("private", _PRIVATE), ("official", _OFFICIAL), ("title", _TITLES)):
        for word in alternatives.split("|"):
            words.setdefault(word, kind)
    first = frozenset(name[0] for name in names.surnames)
    full, strict = names.full, f"(?=[{''.join(sorted(first))}]){names.strict}"  # a quick no where no surname begins
    surname = "|".join(sorted(names.surnames, key=len, reverse=True))
    real = "(?P<names>(?P=family)(?!某)[\u4e00-\u9fff](?:(?!某)[\u4e00-\u9fff](?<![区县镇乡村街路厂店局院]))?)"
    real2 = real.replace("<names>", "<told>")
    spaced_name = f"[{''.join(s for s in names.surnames if len(s) == 1)}][ \u3000]{{1,4}}[\u4e00-\u9fff](?![\u4e00-\u9fff])"
    one = f"(?:{full}(?:{_AFTER_FULL}|{_KNOWN_NEXT})|{spaced_name})"
    return _Patterns(
        anchors=ahocorasick_rs.AhoCorasick(
            list(words),
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
            implementation=ahocorasick_rs.Implementation.DFA,
        ),
        kinds=tuple(words.values()),
        surnames=first,
        after_label=re.compile(f"(?:姓名|名单)?{_COLON}(?P<names>{one}(?:[、，, \u3000]{{1,3}}{one}){{0,8}})"),
        joined=re.compile(f"(?P<names>{strict})(?![某*＊×])"),
        before_title=re.compile(f"(?:(?P<names>{strict})|(?:^|[^\u4e00-\u9fff])(?P<alone>{full}))$"),
        before_sex=re.compile(f"(?P<names>{full}){_BEFORE_SEX}"),
        before_number=re.compile(f"(?P<names>{strict})(?![某*＊×]){_LINK}", re.I),
        after_number=re.compile(
            f"[ \u3000，,/）)]{{0,2}}(?:是|就是|这是)?[ \u3000]?(?:名字|户名|收件人)?[ \u3000]?(?P<names>{strict})(?![\u4e00-\u9fff])"
            f"|[ \u3000]?(?P<owner>{strict})(?=的)"
        ),
        numbered=re.compile(
            f"(?:姓名|名单)?[ \u3000]{{0,2}}[:：]\\s{{0,4}}(?P<names>{_NUMBER}{full}{_AFTER_FULL}(?:[、，,；; \u3000]{{0,3}}\\n?[ \u3000]{{0,4}}{_NUMBER}{full}{_AFTER_FULL}){{0,30}})"
        ),
        beside_mask=re.compile(
            f"(?P<family>{surname}){_VEILED}(?:[（(](?:{_REAL}[为是:：]?)?{real}(?=[)），,；;])|，?{_REAL}[为是:：]?{real2}(?![\u4e00-\u9fff]))"
        ),
        before_mask=re.compile(
            f'(?P<names>(?P<family>{surname})[\u4e00-\u9fff]{{1,2}})[（(](?:以下简称|以下称|下称|简称|化名)[“"]?(?P=family)某'
        ),
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """One document being searched for names."""

    view: View
    names: Names
    patterns: _Patterns
    private: Rule
    official: Rule | None
    minor: Rule | None
    ends: dict[int, int]
    """Where the name model lets a name end that begins at a place; a pattern cannot tell 王雁峰 from 王雁 峰回路转."""
    starts: dict[int, int]

    def fit(self, start: int, end: int) -> tuple[int, int]:
        """The span of a name known only by the words beside it, with the edge the model gives it."""
        return start, self.ends.get(start, end)

    def give(self, start: int, end: int, rule: Rule | None, severity: Severity | None, grade: Grade) -> Iterator[Finding]:
        """One finding, unless it is an ordinary word or is masked already."""
        value = self.view.folded[start:end]
        if rule is None or self.names.is_word(value.replace(" ", "").replace("\u3000", "")):
            return
        masked = mask_for(rule.mask, value) if (severity or rule.severity) is not Severity.INFO else None
        yield self.view.finding(rule, start, end, grade=grade, severity=severity, mask=masked)

    def rule_for(self, kind: str) -> Rule | None:
        """Whose label it was."""
        return {"minor": self.minor, "private": self.private, "official": self.official}.get(kind)


def _split(names: Names, value: str) -> Iterator[tuple[int, int]]:
    """Offsets of the single names of 张三、李四 or 王  伟."""
    if not re.search(r"[、，, \u3000()（）0-9①-⑳]", value) or (re.fullmatch(r"[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff]", value)):
        yield 0, len(value)
        return
    for match in re.finditer(names.full, value):
        yield match.span()


def _places_of(sign: str, text: str) -> Iterator[int]:
    """Where a character stands."""
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def _find_at_anchors(search: _Search, context: Rule | None) -> Iterator[Finding]:
    """After a label (with a colon or joined to it) and before a title."""
    text, patterns = search.view.folded, search.patterns
    for index, start, end in patterns.anchors.find_matches_as_indexes(text):
        kind = patterns.kinds[index]
        if kind == "title":
            match = patterns.before_title.search(text[max(0, start - 5) : start])
            if match and context and not _NOT_TITLE.match(text, end):
                name = match["names"] or match["alone"]
                begin = search.starts.get(start, start - len(name))
                yield from search.give(begin, start, context, Severity.REVIEW, Grade.SUSPECTED)
        elif text[start - 1 : start] == "妇" and text[start:end] == "女儿":
            continue  # 妇女儿童
        elif text[end : end + 1] in _LABEL_GOES_ON:
            yield from _find_after_gap(search, kind, start, end)
        elif text[end : end + 1] in patterns.surnames and (match := patterns.joined.match(text, end)):
            span = search.fit(*match.span("names"))
            yield from search.give(*span, search.rule_for(kind), None, Grade.SUSPECTED)


def _find_after_gap(search: _Search, kind: str, start: int, end: int) -> Iterator[Finding]:
    """Names behind the colon of a label, or in the field beside it."""
    text, patterns = search.view.folded, search.patterns
    if match := patterns.numbered.match(text, end) or patterns.after_label.match(text, end):
        for left, right in _split(search.names, match["names"]):
            at = match.start("names")
            yield from search.give(at + left, at + right, search.rule_for(kind), None, Grade.CONFIRMED)
        return
    person = kind == "private" and text[start:end] not in _NO_PERSON
    if person and (match := _LATIN.match(text, end)) and not _FIRM.search(match["names"]):
        yield from search.give(*match.span("names"), search.private, None, Grade.SUSPECTED)


def _find_sexed(search: _Search) -> Iterator[Finding]:
    """张建国，男，汉族，1970年2月出生: a personal record in prose."""
    text = search.view.folded
    for place in sorted([at for sign in "男女" for at in _places_of(sign, text) if _AFTER_SEX.match(text, at + 1)]):
        left = max(0, place - 24)
        if match := search.patterns.before_sex.search(text[left:place]):
            start, end = match.span("names")
            yield from search.give(left + start, left + end, search.private, Severity.REVIEW, Grade.CONFIRMED)


def _find_beside_masks(search: _Search) -> Iterator[Finding]:
    """赵某（赵铁柱）, 赵某即赵铁柱, 赵铁柱（以下简称赵某）: the real name beside its mask undoes it."""
    text, patterns = search.view.folded, search.patterns
    for veil in _places_of("某", text):
        for at in (veil - 1, veil - 2):
            if at >= 0 and (match := patterns.beside_mask.match(text, at)):
                group = "names" if match["names"] else "told"
                yield from search.give(*match.span(group), search.private, None, Grade.CONFIRMED)
                break
        left = max(0, veil - 14)
        if match := patterns.before_mask.search(text[left : veil + 1]):
            yield from search.give(left + match.start("names"), left + match.end("names"), search.private, None, Grade.CONFIRMED)


def _find_beside_numbers(search: _Search, rule: Rule) -> Iterator[Finding]:
    """A name that stands directly beside a long number or an e-mail address."""
    text = search.view.folded
    long = [(i.start, i.end) for i in search.view.islands if i.end - i.start >= _LONG_NUMBER]
    places = [(start, end) for start, end in long if sum(map(str.isdigit, text[start:end])) >= _LONG_NUMBER]
    for at in _places_of("@", text):
        local = _EMAIL_BEFORE.search(text[max(0, at - 64) : at])
        if local:
            places.append((at - len(local.group()), at))
    for start, end in places:
        left = max(0, start - 24)
        before = text[left:start]
        if not before.isascii() and (match := search.patterns.before_number.search(before)):
            yield from search.give(left + match.start("names"), left + match.end("names"), rule, Severity.REVIEW, Grade.SUSPECTED)
        if not text[end : end + 12].isascii() and (match := search.patterns.after_number.match(text, end)):
            group = "names" if match["names"] else "owner"
            yield from search.give(*match.span(group), rule, Severity.REVIEW, Grade.SUSPECTED)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Names of people in running text."""
    names, private = names_of(book), enabled(book, "personal.person_name")
    if not names or not private:
        return
    context = enabled(book, "personal.name_in_context")
    mentions = mentions_of(view)
    search = _Search(
        view,
        names,
        _compile(names),
        private,
        enabled(book, "personal.official_name"),
        enabled(book, "personal.minor_name"),
        {m.start: m.end for m in mentions},
        {m.end: m.start for m in mentions},
    )
    yield from _find_at_anchors(search, context)
    yield from _find_sexed(search)
    yield from _find_beside_masks(search)
    if context:
        yield from _find_beside_numbers(search, context)
