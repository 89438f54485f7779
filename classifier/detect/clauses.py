"""Clauses of running text, and whether they speak of somebody: the same word is a policy in one clause and a life in the next.

`我国高血压患病率上升` speaks of nobody; `他有高血压` does. Evidence is looked for in the clause, then in its sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import islice

from classifier.detect.names import Names
from classifier.detect.openings import glance

KIN = (
    "老伴|爱人|妻子|丈夫|老婆|老公|老头子|前妻|前夫|媳妇|儿媳|女婿|儿子|女儿|长子|次子|长女|次女|独子|独女|孩子|崽|娃娃|父亲|母亲|爸爸|妈妈|爸|妈|爹|老娘|"
    "爷爷|奶奶|外公|外婆|姥姥|姥爷|公公|婆婆|岳父|岳母|孙子|孙女|外孙|侄|姑母|姑姑|舅父|舅舅|叔父|伯父|堂伯|姨|妻弟|妹妹|弟弟|哥哥|姐姐|妹夫|姐夫|父女|父子|母子|母女"
)
_KIN = re.compile(KIN)
_SOMEBODY = glance(
    re.compile(
        r"我(?![局县市省区国委厅部院校司镇乡们办会站所队处科行馆军党方街])|你(?![局单县市们公厅委校院会询])|(?<![其吉])[他她](?![们人国乡处])|(?<![且及由凭为或和、])本人(?![、或及的和])"
        r"|其(?:[妻夫子女父母弟兄姐妹儿老家]|丈夫|爱人|配偶|本人)|家[中里](?!庭)|屋里"
        r"|(?<![0-9至-])[0-9]{1,2}岁(?![及以至儿-])|(?<=[，,\u3000 ])[男女](?=[，,\u3000 ])|同志|先生|女士|师傅|大爷|大妈|大娘|老太|老汉"
        r"|[甲乙]方(?=[左右头面手脚腿胸])|嫌疑人[\u4e00-\u9fff]|(?:受害人|被害人|伤者|死者|信访人|第三人|原告|被告)(?:[\u4e00-\u9fff]{2,3}(?=[，,、（(因])|[:：])|(?:患者|病人|申请人|当事人)[:：]|此人|该[男女员生户](?!籍)|老人(?=是|有病|患|得了|今年|住院|刚)|"
        + KIN
    )
)
_VEILED = re.compile(
    r"[\u4e00-\u9fff]某(?![些种项个一年月日市县区省镇乡村局单企厂学医店路街])(?![\u4e00-\u9fff]{0,4}(?:厂|公司|店|局|中心|院|校|小学|中学|企业|馆|所))|×[\u4e00-\u9fff]|[\u4e00-\u9fff]×"
)
"""A person whose name is hidden already: worth a look, no longer plain."""
_SOFT = re.compile(
    r"标准|政策|目录|范围|待遇|报销|保险|医保|制度|补贴|补助|服务|工作|监测|有的|部分|需求|保障|有效|事件|通报|人员|人群|群众|居民|职工|儿童|患者|病人|病种|专科|门诊|科室|病房|床位|人次|每例|"
    r"药品|价格|项目|设备|研究|专家|讲座|主题|活动|各[级地县市区]|同比|公司|企业|机构|体系|建设|报告|法院|证明|电梯"
)
"""Words of policies and trades: they win unless the clause itself names a person."""
_POLICY = glance(
    re.compile(
        r"应当|根据[^，,]{0,12}要求|申报条件|申请条件|材料[:：]|不得(?![劲了行已])|如果|如有|能否|如何|怎么[办备申领交]|是指|所称|符合条件|下列|之一的|[病患人员]{2}的|名下(?:占|无房)|^[ \u3000]*第[一二三四五六七八九十百0-9]+[条章]|[0-9万](?:余|多)?(?:例|人次|万人)|患病率|发病率|死亡率|治愈率|"
        r"防治|预防|防控|筛查|健康教育|知识|普及|宣传|疫苗|接种工作|可申请|可以申请|招标|采购|试剂|依法|按照[^，,]{0,12}规定|[0-9](?:名|户)|全[国省市县区州镇乡](?!人)|以[上下]的|增长|下降",
        re.M,
    )
)
"""Sentences for everybody: rules, campaigns, statistics, purchases."""
_CUT = re.compile(r"[，,。；;！!？?\n\t|（）()]| {2,}|\u3000")
_SENTENCE = re.compile(r"[。！!？?；;\n]")
_LINE = re.compile("\n")
_SPEAKER = re.compile(r"[ \u3000]*[\u4e00-\u9fffA-Za-z]{1,8}[:：]")
"""`答：`, `出院诊断：`: who speaks and what a field is called are no part of the clause."""
_HEAD = re.compile(
    r"(?:^|(?<=[\n、：:。；;]))[ \u3000（(]{0,4}(?:[0-9A-Za-z一二三四五六七八九十\-—]{1,7}[.、．\u3000 ]{1,2})?(?P<head>[\u4e00-\u9fff] ?[\u4e00-\u9fff]{1,3})(?=[，,\u3000 （(\t|：:]|因|[12][0-9]{3})"
)
_REACH = 120
_ARTICLE = re.compile(r"第[一二三四五六七八九十百0-9]{1,5}条")
_FEWEST_ARTICLES = 4


class Evidence(IntEnum):
    """How near a person stands to a word."""

    NONE = 0
    PAPER = 1
    """The sentence names nobody: it depends on what the paper is (a record, a petition, or a plan)."""
    SENTENCE = 2
    CLAUSE = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause [start, end) of a text inside its sentence [left, right)."""

    start: int
    end: int
    left: int
    right: int


class Marks:
    """The places of one pattern in a text, found in one pass, asked by bisection."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        places = list(spans)
        self._starts = [start for start, _ in places]
        self._ends = [end for _, end in places]

    def within(self, left: int, right: int) -> bool:
        """Whether one lies inside [left, right)."""
        index = bisect_left(self._starts, left)
        return index < len(self._starts) and self._ends[index] <= right

    def last_end(self, left: int, right: int, default: int) -> int:
        """Where the last one inside [left, right) ends."""
        index = bisect_right(self._ends, right) - 1
        return self._ends[index] if index >= 0 and self._starts[index] >= left else default

    def next_start(self, left: int, right: int, default: int) -> int:
        """Where the first one inside [left, right) begins."""
        index = bisect_left(self._starts, left)
        return self._starts[index] if index < len(self._starts) and self._starts[index] < right else default


@dataclass(frozen=True, eq=False)
class People:
    """A text read for clauses and for who they speak of, one pass for each pattern, when it is first asked (so without slots)."""

    text: str
    names: Names | None
    stretches: list[tuple[int, int]]
    """The parts of the text that are read."""

    def _read(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        for begin, stop in self.stretches:
            yield from pattern.finditer(self.text, begin, stop)

    def _marks(self, pattern: re.Pattern[str]) -> Marks:
        return Marks(match.span() for match in self._read(pattern))

    @cached_property
    def cuts(self) -> Marks:
        """Where clauses end."""
        return self._marks(_CUT)

    @cached_property
    def stops(self) -> Marks:
        """Where sentences end."""
        return self._marks(_SENTENCE)

    @cached_property
    def lines(self) -> Marks:
        """Where lines end."""
        return self._marks(_LINE)

    @cached_property
    def somebody(self) -> Marks:
        """Words for a person."""
        return self._marks(_SOMEBODY)

    @cached_property
    def veiled(self) -> Marks:
        """Hidden names."""
        return self._marks(_VEILED) if "某" in self.text or "×" in self.text else Marks(())

    @cached_property
    def heads(self) -> Marks:
        """What is written like a name at the head of a line or sentence."""
        names = self.names
        if names is None:
            return Marks(())
        return Marks(m.span("head") for m in self._read(_HEAD) if names.is_name(m["head"].replace(" ", "")))

    @cached_property
    def soft(self) -> Marks:
        """Words of policies and trades."""
        return self._marks(_SOFT)

    @cached_property
    def policy(self) -> Marks:
        """Words of sentences for everybody."""
        return self._marks(_POLICY)

    def clause_at(self, start: int, end: int) -> Clause:
        """The clause around [start, end): from comma to comma, never across a line, at most some hundred characters."""
        text = self.text
        low, high = max(0, start - _REACH), min(len(text), end + _REACH)
        left = self.stops.last_end(low, start, low)
        right = self.stops.next_start(end, high, high)
        begin = self.cuts.last_end(left, start, left)
        finish = self.cuts.next_start(end, right, right)
        if colon := _SPEAKER.match(text, begin, start):
            begin = colon.end()
        while begin < start and text[begin] in ' \u3000“"':
            begin += 1
        while finish > end and text[finish - 1] in ' \u3000”"':
            finish -= 1
        return Clause(begin, finish, left, right)

    def weigh(self, clause: Clause) -> Evidence:
        """Who the clause speaks of; NONE where it or its sentence speaks of everybody."""
        if self.somebody.within(clause.start, clause.end):
            return Evidence.NONE if self.policy.within(clause.start, clause.end + 1) else Evidence.CLAUSE
        if self.policy.within(clause.left, clause.right):
            return Evidence.NONE
        if self.veiled.within(clause.start, clause.end):
            return Evidence.SENTENCE
        if self.soft.within(clause.start, clause.end + 1):
            return Evidence.NONE
        line = self.lines.last_end(max(0, clause.left - _REACH), clause.left, max(0, clause.left - _REACH))
        left = max(line, clause.left - 60)
        near = (
            self.somebody.within(left, clause.start)
            or self.somebody.within(clause.end, min(clause.right, clause.end + 20))
            or self.veiled.within(left, clause.start)
            or self.heads.within(line, clause.start + 8)
        )
        return Evidence.SENTENCE if near else Evidence.PAPER


_SIGHT = 3 * _REACH
"""No question about a word reaches further than this; nor over the end of its line."""


def _stretches(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of a text that questions about `places` (in order) can reach: their lines with both line ends, joined."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and end + _SIGHT <= found[-1][1]:
            continue
        low, high = max(0, start - _SIGHT), min(len(text), end + _SIGHT)
        left, right = text.rfind("\n", low, start), text.find("\n", end, high)
        begin, stop = left if left >= 0 else low, right + 1 if right >= 0 else high
        if found and begin <= found[-1][1]:
            begin = found.pop()[0]
        found.append((begin, stop))
    return found


def read_people(text: str, names: Names | None, places: Iterable[tuple[int, int]]) -> People:
    """The clauses and persons around `places`."""
    return People(text, names, _stretches(text, places))


def has_name(text: str, names: Names | None) -> bool:
    """Whether a line begins with what is written like a name (a row of a list)."""
    return names is not None and any(names.is_name(m["head"].replace(" ", "")) for m in _HEAD.finditer(text))


def is_norm(lines: Iterable[str]) -> bool:
    """Whether the paper is made of articles: what a statute or a set of rules says, it says of everybody."""
    articles = (line for line in lines if "第" in line and _ARTICLE.match(line.lstrip(" \u3000")))
    return len(list(islice(articles, _FEWEST_ARTICLES))) == _FEWEST_ARTICLES


def has_kin(text: str, start: int, end: int) -> bool:
    """Whether a relative is named."""
    return _KIN.search(text, start, end) is not None
