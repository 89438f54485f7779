"""Minors: a name with a school, a class or an age under eighteen (未成年人保护法 第一百零三条; under fourteen 个保法 第二十八条).

Ages are reckoned at the date of the paper, never at today: the same paper gives the same findings next year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.anchors import find_all, finds, heard, watch
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.names import Names, names_of
from classifier.detect.validators import check_id_card
from classifier.detect.view import View
from classifier.knowledge.rules import RuleBook

_CUES = (
    "岁",
    "学生",
    "同学",
    "小学",
    "中学",
    "初中",
    "高中",
    "幼儿园",
    "年级",
    "班）",
    "班)",
    "孙女",
    "外孙",
    "孙子",
    "女婴",
    "男婴",
    "弃婴",
    "儿子",
    "女儿",
    "子女",
    "长子",
    "次子",
    "长女",
    "次女",
    "孤儿",
    "学籍",
    "被收养",
    "未成年",
    "留守儿童",
    "男孩",
    "女孩",
    "个月",
)
_GRADE = r"(?:[一二三四五六七八九]年级|初[一二三]|高[一二三]|[小中大]班|学前班|[一二三四五六七八九][（(][0-9一二三四五六七八九十]{1,2}[）)]班?)"
_SCHOOL = watch(
    re.compile(
        rf"[\u4e00-\u9fff]{{0,14}}(?:小学|中学|幼儿园|学校|一中|二中|三中|附小|附中)[\u4e00-\u9fff]{{0,2}}{_GRADE}(?:[（(][0-9一二三四五六七八九十]{{1,2}}[）)])?班?|(?:就读于?|[在于])[\u4e00-\u9fff]{{2,14}}(?:小学|中学|幼儿园)(?:读书|上学|就读|就学)?"
    )
)
_REST = re.compile(
    rf"[，,、\u3000 ]{{1,3}}[\u4e00-\u9fff]{{0,16}}(?:小学|中学|幼儿园)?[\u4e00-\u9fff]{{0,2}}{_GRADE}?(?:[（(][0-9]{{1,2}}[）)])?班?"
)
_AGED = watch(
    re.compile(
        r"(?P<name>[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff×某*＊]{2,6})(?:[，,、\u3000 ]{1,3}|[（(])(?:[男女][，,、\u3000 ]{1,3})?(?:[\u4e00-\u9fff]{1,3}族[，,、\u3000 ]{1,3})?(?:年龄)?(?P<age>[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?:周)?岁(?:[0-9一二三四五六七八九十]{1,2}个月)?"
    )
)
_CHILD = watch(
    re.compile(
        r"(?P<child>(?:子女|长子|次子|长女|次女|儿子|女儿|孙子|孙女|外孙女?|弟|妹)(?:[:：]|[\u3000 ]{1,3}|[，,]?(?:名|叫|姓名|大名)?))(?P<name>[\u4e00-\u9fff]{2,3})(?P<born>[\u3000 ]?[（(，,][\u3000 ]?(?:19|20)[0-9]{2}(?:年[^）)\n，,]{0,8})?[生]?[）)]?(?:、[\u4e00-\u9fff]{2,3}[（(](?:19|20)[0-9]{2}年?[）)])*)?"
    )
)
_OF_KIN = watch(
    re.compile(
        r"(?<![\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{2,3})[，,\u3000 ]{1,3}(?:孙女|孙子|外孙女?|[长次三][子女]|儿子|女儿|之?[子女])[，,\u3000 ]{1,3}(?P<born>(?:19|20)[0-9]{2})"
    )
)
_PUPIL = watch(re.compile("学籍号|就读学校|就读年级|班主任评语|班级评议|困难学生|学生资助申请"))
_OWN_NAME = re.compile(r"(?:姓[ \u3000]{0,2}名|申请人)[:：\u3000 ]{1,3}(?P<name>[\u4e00-\u9fff]{2,3})(?![\u4e00-\u9fff])")
_READS = watch(
    re.compile(
        r"(?P<who>(?:我|他|她|其|本人)?(?:大|小|长|次)?(?:儿子|女儿|孩子|孙子|孙女|外孙女?|[子女]))[^，,。；;\n]{0,8}?(?:在|就读于?|上)[\u4e00-\u9fff]{2,14}(?:小学|中学|幼儿园)(?:(?:读|上|念)?(?:[一二三四五六]年级|初[一二三]|高[一二三]|[大中小]班|书|学))?"
    )
)
_BABY = watch(
    re.compile(
        r"(?:[男女]|弃)婴[，,“\"（(、\u3000 ][^。；;\n]{2,60}|(?:小的|大的|孩子)?[（(](?:1[0-7]|[1-9]|十?[一二三四五六七]|[八九十两])(?:岁|个月)[一二三四五六七八九十两0-9]{0,2}(?:个月)?[）)][^。；;\n]{0,20}"
    )
)
_LABELLED = watch(
    re.compile(
        r"(?:未成年人|被收养人|留守儿童|孤儿|学生姓名|涉事学生|患儿|幼儿姓名)[:：\u3000 ]{0,3}(?P<name>[\u4e00-\u9fff]?×[\u4e00-\u9fff]|[\u4e00-\u9fff]{3}|[\u4e00-\u9fff]{2}(?![\u4e00-\u9fff]))"
    )
)
_OPEN = re.compile(
    r"应当|不得|招生|录取|统考|教材|教师|教研|公布|学位|施教区|划片|[0-9](?:名|所|人|万)|全[市县区省]|接种|补助|资助|考点|获奖|优秀|比赛|活动|研讨|建设|开展"
)
_CASE = re.compile(
    r"未成年|学生[\u4e00-\u9fff×]{1,3}[，,因与被]|家长|监护人|孩子|我儿子|我女儿|领回|涉事|发病|病例|案|处分|欺凌|霸凌|困难|孤儿|收养|走失|受伤|溺水|早恋|打架"
)
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_ID = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?P<year>(?:19|20)[0-9]{2})(?P<month>[01][0-9])(?P<day>[0-3][0-9])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_ADULT = 18
_REACH = 50
_ID_LENGTH = 18
Year = Callable[[], int | None]
"""The year of the paper, found out when it is first asked."""


@cache
def _automaton() -> Any:  # noqa: ANN401 - the wheel carries no types
    import ahocorasick_rs

    return ahocorasick_rs.AhoCorasick(_CUES)


def _number(words: str) -> int:
    """An age in figures or in Chinese up to 十九 (ninety-nine for more)."""
    if words.isdigit():
        return int(words)
    if len(words) == 1:
        return _DIGITS[words]
    return 10 + _DIGITS[words[1]] if words[0] == "十" else 99


def year_of(view: View) -> int | None:
    """The year of the paper: of its date, else the latest year it names; None when it names none."""
    if date := view.document.elements.issue_date:
        return int(date[:4])
    years = [int(m[1]) for m in find_all(_YEAR, view.folded)]
    return max(years) if years else None


def _is_child_of(born: str | None, year: Year) -> bool:
    found = re.search("(?:19|20)[0-9]{2}", born or "")
    now = year() if found else None
    return found is not None and now is not None and 0 <= now - int(found.group()) < _ADULT


def _rest_of_record(text: str, end: int) -> int:
    """Where the record of a child ends: school and class that follow in the same field."""
    school = _REST.match(text, end)
    return school.end() if school and re.search("小学|中学|幼儿园|年级|班", school.group()) else end


def _find_records(view: View, book: RuleBook, names: Names, year: Year) -> Iterator[tuple[int, int, Grade]]:
    """李小明，男，12岁，某某小学三年级."""
    text = view.folded
    for match in finds(view, book, _AGED):
        start = _name_start(names, match)
        if start is not None and _number(match["age"]) < _ADULT:
            yield start, _rest_of_record(text, match.end()), Grade.CONFIRMED
    for match in finds(view, book, _CHILD):
        plain = _is_named(names, match["name"])
        end = match.end("born") if match["born"] else match.end("name")
        rest = _rest_of_record(text, end)
        if plain and (_is_child_of(match["born"], year) or rest > end):
            yield match.start("name"), rest, Grade.CONFIRMED
    for match in finds(view, book, _OF_KIN):
        if _is_named(names, match["name"]) and _is_child_of(match["born"], year):
            yield *match.span("name"), Grade.CONFIRMED
    if heard(view, book, _PUPIL):
        for match in find_all(_OWN_NAME, text):
            if _is_named(names, match["name"]):
                yield *match.span("name"), Grade.CONFIRMED
    for match in finds(view, book, _LABELLED):
        if "×" in match["name"] or _is_named(names, match["name"]):
            yield *match.span("name"), Grade.CONFIRMED


def _is_named(names: Names, value: str) -> bool:
    plain = value.replace(" ", "").replace("\u3000", "")
    return names.is_name(plain) or "×" in plain


def _name_start(names: Names, match: re.Match[str]) -> int | None:
    """Where the name begins in the characters before an age (`学生李小明，12岁`)."""
    words = match["name"]
    if " " in words or "×" in words:
        return match.start("name")
    return next((match.end("name") - n for n in (3, 2, 4) if n <= len(words) and names.is_name(words[-n:])), None)


def _find_schools(view: View, book: RuleBook) -> Iterator[tuple[int, int, Grade]]:
    """A school with its class in a paper about one child; plans and lists of schools are for everybody."""
    text = view.folded
    for match in finds(view, book, _SCHOOL):
        around = text[max(0, match.start() - _REACH) : match.end() + 20]
        if not _OPEN.search(around) and (_CASE.search(around) or re.search("[男女他她我]", around)):
            yield *match.span(), Grade.SUSPECTED


def _find_pupils(view: View, book: RuleBook) -> Iterator[tuple[int, int, Grade]]:
    """我女儿在某某小学读三年级: a child known by its family and its school."""
    for match in finds(view, book, _READS):
        if not _OPEN.search(view.folded, match.start(), match.end() + 12):
            yield *match.span(), Grade.SUSPECTED


def _find_babies(view: View, book: RuleBook) -> Iterator[tuple[int, int, Grade]]:
    for match in finds(view, book, _BABY):
        if not _OPEN.search(match.group()):
            yield *match.span(), Grade.SUSPECTED


def _find_numbers(view: View, year: Year) -> Iterator[tuple[int, int, Grade]]:
    """Identity numbers of persons under eighteen at the date of the paper."""
    for island in view.islands:
        for match in _ID.finditer(view.folded, island.start, island.end) if island.size >= _ID_LENGTH else ():
            now = year()
            age = now - int(match["year"]) if now else _ADULT
            if 0 <= age < _ADULT and check_id_card(match.group().upper()) is True:
                yield *match.span(), Grade.CONFIRMED


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """What identifies a minor."""
    rule, names = enabled(book, "personal.minor"), names_of(book)
    if rule is None or names is None:
        return
    text, year = view.folded, cache(partial(year_of, view))
    found = [*_find_numbers(view, year)]
    told = [
        *_find_records(view, book, names, year),
        *_find_schools(view, book),
        *_find_pupils(view, book),
        *_find_babies(view, book),
    ]
    if told and _automaton().find_matches_as_indexes(text):
        found += told
    for start, end, grade in sorted(found):
        severity = Severity.REDACT if grade is Grade.CONFIRMED else Severity.REVIEW
        yield view.finding(rule, start, end, grade=grade, severity=severity, mask=mask_for(rule.mask, text[start:end]))
