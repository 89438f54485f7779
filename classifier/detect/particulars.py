"""Birth dates: a particular that the Civil Code (art. 1034) protects by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.anchors import finds, watch
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
_BIRTH_CUE = watch(re.compile("出生|生(?:[ \u3000]?日|于)|诞辰|[Bb](?:[Oo][Rr][Nn]|[Ii][Rr][Tt][Hh])|D[Oo]B"))
_BIRTH_DATE = re.compile(rf"(?:日期|年月日?|时间|于)?(?: on)?(?:是|为|在)?[\s:：]{{0,3}}(?P<date>{_DATE})")
_TRAILING = watch(
    re.compile(
        rf"(?P<date>(?:(?:19|20)[0-9]{{2}}|(?<![0-9])[3-9][0-9])年(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12][0-9]|0?[1-9])日)?|(?:19|20)[0-9]{{2}}[.-](?:1[0-2]|0?[1-9])(?:[.-](?:3[01]|[12][0-9]|0?[1-9]))?"
        rf"|(?:一九|二[〇零○]){_NUMERAL}{{2}}年[一二三四五六七八九十正冬腊]{{1,2}}月(?:[初十廿二三]{{0,2}}[一二三四五六七八九十]日?)?)"
        r"[ ]?(?:出生|生(?![产活效态成物育长意命病]))"
    )
)
_SEXED = watch(
    re.compile(
        rf"(?:[，,\u3000 ：:][男女]|妻|子|女|父|母)[，,\u3000 ]{{1,3}}(?:[\u4e00-\u9fff]{{1,3}}族?[，,\u3000 ]{{1,3}})?(?P<date>(?:19|20)[0-9]{{2}}(?:年(?:1[0-2]|0?[1-9])月|[.](?:1[0-2]|0?[1-9])[.](?:3[01]|[12][0-9]|0?[1-9]))(?:(?:3[01]|[12][0-9]|0?[1-9])日)?|(?:一九|二[〇零○])[{_NUMERAL[1:-1]}]{{2}}年[\u4e00-\u9fff]{{1,3}}月(?:[初十廿二三]{{1,2}}[一二三四五六七八九十]?)?)(?![^，,。；;\u3000 \n生出])"
    )
)
"""项某，男，1985年6月: in a record the date after the sex or the relation is the birth."""
_LUNAR = watch(
    re.compile(
        rf"出生[^\n]{{0,4}}[:：\u3000 ]{{1,3}}(?P<date>{_NUMERAL}{{4}}年(?:农历|阴历)?[\u4e00-\u9fff]{{1,3}}月[初十廿二三]{{1,2}}[一二三四五六七八九十]?)"
    )
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


def _find_births(view: View, book: RuleBook, rule: Rule) -> Iterator[Finding]:
    for cue in finds(view, book, _BIRTH_CUE):
        match = _BIRTH_DATE.match(view.folded, cue.end())
        if match and (graded := _grade_date(match)):
            grade, severity = graded
            start, end = match.span("date")
            yield view.finding(rule, start, end, grade=grade, severity=severity, mask=mask_for(rule.mask, match["date"]))
    for known in (_SEXED, _LUNAR):
        for match in finds(view, book, known):
            start, end = match.span("date")
            severity = Severity.REDACT if match["date"][-1] not in "月正" else Severity.REVIEW
            yield view.finding(
                rule, start, end, grade=Grade.SUSPECTED, severity=severity, mask=mask_for(rule.mask, match["date"])
            )
    for match in finds(view, book, _TRAILING):
        severity = Severity.REDACT if match["date"].endswith("日") else Severity.REVIEW
        start, end = match.span("date")
        yield view.finding(rule, start, end, grade=Grade.CONFIRMED, severity=severity, mask=mask_for(rule.mask, match["date"]))


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Birth dates of people."""
    if rule := enabled(book, "personal.birth_date"):
        yield from _find_births(view, book, rule)
