"""State-secret markings by where they stand: marks, not mentions (domain/02 §2, §5).

A level alone on a line is a marking in the head of the paper, in a header or footer, a text box, a property, at the start
of an attachment or at the very end; in the middle of running text the same words are a mention. The grammar is in
marking_grammar, the fields and boxes in marking_fields, the places in marking_places; laws and words are in corpus/rules.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from classifier.core.document import Where
from classifier.core.finding import Finding
from classifier.detect import caution
from classifier.detect.anchors import Cue, watch
from classifier.detect.labels import enabled
from classifier.detect.marking_fields import DECIDED, FIELD, SAMPLE, decision_entries, level_cells, spaced_cells, ticked
from classifier.detect.marking_grammar import (
    FULL,
    LEVEL,
    LONGEST,
    ODD_FULL,
    OF_FULL,
    STARRED,
    UPRIGHT,
    beside_level,
    column_level,
    plain_level,
)
from classifier.detect.marking_hints import foreign, head_words, loose
from classifier.detect.marking_period import expires
from classifier.detect.marking_places import Sheet, lay_out
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

Span = tuple[int, int]
_LEVEL = watch(re.compile(LEVEL))
_ANY_LEVEL = watch(re.compile("[绝机几秘][ \\t\\u3000\\n]{0,18}密"))
"""A level however it is spaced, also written downwards: nearly all walks have nothing to do without one."""


def _group(match: re.Match[str]) -> Span:
    """The span of the named group that matched, else of the whole match."""
    return match.span(match.lastgroup) if match.lastgroup else match.span()


def _anywhere(known: Cue) -> Callable[[Sheet], Iterator[Span]]:
    """A walk for marks that hold wherever they stand, but in the file name."""

    def walk(sheet: Sheet) -> Iterator[Span]:
        for match in sheet.finds(known):
            start, end = _group(match)
            if sheet.view.document.where_at(start) is not Where.NAME:
                yield start, end

    return walk


_FULLS = tuple(_anywhere(watch(pattern)) for pattern in (FULL, ODD_FULL, OF_FULL))


def _full(sheet: Sheet) -> Iterator[Span]:
    for walk in _FULLS:
        yield from walk(sheet)


_KEYWORD = re.compile(rf"(?:^|[;；,，、])\s{{0,4}}(?P<hit>{LEVEL}(?:级|件)?)\s{{0,4}}(?=$|[;；,，、])", re.M)
_SUBJECT = watch(
    re.compile(rf"^(?:主\s?题|标\s?题|(?i:subject|title))[:：]\s{{0,4}}[【\[（(〔](?P<hit>{LEVEL}(?:级|件)?)[】\]）)〕]", re.M)
)
_UPRIGHT = watch(UPRIGHT)


def _lone_lines(sheet: Sheet, *, placed: bool) -> Iterator[Span]:
    """Lines that are nothing but a level and what belongs to it: where a marking stands, or (not placed) elsewhere."""
    for number in sheet.lines_at((match.start() for match in sheet.finds(_LEVEL)), LONGEST):
        line = sheet.line(number)
        alone = sheet.level(line) is not None
        if not alone and not placed:
            continue
        level = re.search(LEVEL, line)
        if level is None or sheet.where(number) is Where.NAME or FULL.search(line) or STARRED.search(line):
            continue  # a full marking speaks for itself
        stands = sheet.is_placed(number) and not (alone and sheet.is_title(number))
        beside = (
            not alone
            and placed
            and sheet.is_headed(number)
            and (column_level(line, narrow=sheet.is_strip(number)) is not None or beside_level(line))
        )
        if (alone or beside) and stands is placed:
            start = sheet.starts[number]
            yield (
                (sheet.first_letter(number), start + len(line.rstrip()))
                if alone
                else (start + level.start(), start + level.end())
            )


def _lines(sheet: Sheet) -> Iterator[Span]:
    yield from level_cells(sheet.text)
    yield from spaced_cells(sheet.text)
    yield from _lone_lines(sheet, placed=True)
    for match in sheet.finds(_UPRIGHT):
        if sheet.is_placed(sheet.number_at(match.start("hit"))):
            yield match.span("hit")
    for match in sheet.finds(_SUBJECT):
        yield match.span("hit")
    for block in sheet.view.unusual:
        if block.where is Where.PROPERTY:
            words = sheet.text[block.span.start : block.span.end]
            levels = list(_KEYWORD.finditer(words))
            if len({plain_level(m["hit"]) for m in levels}) == 1:
                yield from ((block.span.start + m.start("hit"), block.span.start + m.end("hit")) for m in levels)


def _stray(sheet: Sheet) -> Iterator[Span]:
    """A level alone on a line in the middle of the body; not in a list of the levels, which only explains them."""
    for start, end in _lone_lines(sheet, placed=False):
        number = sheet.number_at(start)
        if not sheet.is_listed(number) and not sheet.is_among_words(number):
            yield start, end


_NUMBERING = r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]|[●○■◆▲·\-])?"
_OPEN, _SHUT = r"[（(【\[〔]", r"[）)】\]〕]"
_HEADED_BY = (
    r"通知|报告|请示|方案|预案|图|表|图册|名册|名单|清单|纪要|函|意见|通报|材料|情况|计划|规划|手册|汇编|数据|简报|专报|批复|决定|稿|文件|说明"
    r"|总结|要点|目录|台账|资料|照片|决算|预算|记录|档案|批示|部署|任务书|协议|合同"
)
PARAGRAPH = re.compile(
    rf"^[ \t\u3000]{{0,8}}{_NUMBERING}[ \t\u3000]{{0,4}}(?P<hit>{_OPEN}(?:密点[:：]?)?[ \t]{{0,4}}{LEVEL}级?[ \t]{{0,4}}{_SHUT})(?=[ \t\u3000]{{0,4}}[^\s，。、])"
    rf"|附\s?[件表图录]\s?[\d一二三四五六七八九十]{{0,3}}\s?(?P<attached>{_OPEN}{LEVEL}(?:级|件)?{_SHUT})(?=\s?[:：])|[。！](?P<after>{_OPEN}{LEVEL}级?{_SHUT})(?=[ \t\u3000]{{0,8}}$)"
    rf"|(?:{_HEADED_BY})(?P<inner>{_OPEN}{LEVEL}(?:级|件)?{_SHUT})(?=[ \t\u3000]{{0,8}}$|[；;，]\s{{0,2}}\d)",
    re.M,
)
"""A level in brackets before a paragraph, or after the title of a paper, an attachment, a table or a picture (M3)."""
_ARROW = r"\s{0,3}(?:→|⇒|➔|➜|-{1,2}>|=>|—{1,2}>)\s{0,3}"
_TO = "(?:变更|调整|降|升|更改|改)(?:为|至|到)"
CHANGED = re.compile(
    rf"(?P<hit>{LEVEL}级?{_ARROW}{LEVEL})|^[^\n。，的]{{0,20}}(?P<inner>{LEVEL}级?{_TO}{LEVEL}级?)(?=[^\n的，应]{{0,20}}$)"
    rf"|^[ \t\u3000]{{0,8}}(?P<line>保密期限(?:延长|缩短|变更为|调整为)[^\n。的]{{0,10}}{LEVEL})",
    re.M,
)
"""A stamp that changes the level or the period（保密法:23）: the paper still is a secret."""

_WHO = r"(?:[\u4e00-\u9fff]{2,20}[室厅局部委府办处])?"
_U = r"(?:特\s{0,4}急|加\s{0,4}急|特\s{0,4}提|平\s{0,4}急)"
CIPHER = re.compile(
    rf"^[ \t\u3000【（(\[]{{0,8}}(?:等级[:：]?\s{{0,4}})?(?P<hit>{_WHO}密[ \t\u3000]{{0,4}}码[ \t\u3000]{{0,4}}(?:电[ \t\u3000]{{0,4}}报|传[ \t\u3000]{{0,4}}真)"
    rf"|{_U}?[ \t\u3000·•]{{0,4}}密[ \t\u3000]{{0,4}}[电件]|机[ \t\u3000]{{0,4}}要[ \t\u3000]{{0,4}}(?:件|文[ \t\u3000]{{0,4}}件|电报)|加密传真(?:电报)?"
    rf"|[\u4e00-\u9fff]{{1,6}}密电[〔\[（(【](?:19|20)\d{{2}}[〕\]）)】]\d{{1,5}}号)(?=[ \t\u3000]{{0,4}}(?:[】）)\]]|$|第|〔|\d|特急|加急|等级))"
    rf"|等[ \t\u3000]{{0,4}}级[:：]?[ \t\u3000]{{0,8}}{_U}[ \t\u3000·•]{{0,8}}(?P<inner>密[ \t\u3000]{{0,4}}[码电])(?=$|[ \t\u3000\d〔])",
    re.M,
)


_FILLED, _DECIDED = _anywhere(FIELD), _anywhere(DECIDED)


def _fields(sheet: Sheet) -> Iterator[Span]:
    """Filled fields, but not one that says it is only an example."""
    seen: set[int] = set()
    for start, end in (*_FILLED(sheet), *_DECIDED(sheet)):
        if start not in seen and not SAMPLE.match(sheet.text, end):
            seen.add(start)
            yield start, end


_CIPHER = watch(CIPHER)


def _cipher(sheet: Sheet) -> Iterator[Span]:
    """Cipher telegrams and what goes by secret post: in the head or outside the body only (M4)."""
    for match in sheet.finds(_CIPHER):
        start, end = _group(match)
        if sheet.is_headed(sheet.number_at(start)):
            yield start, end


_NAME_END = r"(?=[\s_\-—】）)\]〕.★☆·+/,，、~&\d]|$|启[用封]前|(?:文件|方案|材料|资料)(?:[\s_\-—.·)）】\]]|$))"
NAME = re.compile(
    rf"(?:^|[\s_\-—【（(\[〔·+/.,，、~&]|密级[:：]?)(?P<hit>{LEVEL}(?:级|件)?){_NAME_END}"
    rf"|(?<=\d)(?P<inner>{LEVEL})(?![计性武花投载与的等级区])|(?:^|[\s_\-—【（(\[])(?P<line>密码电报)(?=[\s_\-—】）)\].]|$)"
)


def _names(sheet: Sheet) -> Iterator[Span]:
    for block in sheet.view.unusual:
        if block.where is Where.NAME:
            for match in NAME.finditer(sheet.text[block.span.start : block.span.end]):
                start, end = _group(match)
                yield block.span.start + start, block.span.start + end


def _cells_of(find: Callable[[str], Iterator[Span]]) -> Callable[[Sheet], Iterator[Span]]:
    return lambda sheet: find(sheet.text)


_WALKS: dict[str, Callable[[Sheet], Iterator[Span]]] = {
    "marking.full": _full,
    "marking.star": _anywhere(watch(STARRED)),
    "marking.line": _lines,
    "marking.lone_line": _stray,
    "marking.field": _fields,
    "marking.ticked": _cells_of(ticked),
    "marking.paragraph": _anywhere(watch(PARAGRAPH)),
    "marking.changed": _anywhere(watch(CHANGED)),
    "marking.decision": decision_entries,
    "marking.cipher": _cipher,
    "marking.name": _names,
    "marking.foreign": foreign,
    "marking.head_line": head_words,
    "marking.loose": loose,
}
_UNLEVELLED = frozenset({"marking.decision", "marking.cipher", "marking.name", "marking.foreign", "marking.loose"})
"""The walks that may find something in a paper without a level."""
_DATED = {"marking.full", "marking.line"}


def _presumed_expired(finding: Finding, sheet: Sheet, rule: Rule, today: dt.date) -> Finding:
    """The finding under the rule for run-out periods, when its own period is over; a person must still release the paper."""
    words = sheet.text[finding.span.start : finding.span.end]
    end = expires(words, sheet.view.document.elements.issue_date)
    if end is None or end >= today:
        return finding
    return replace(
        finding, rule=rule.citation, type=rule.type, severity=rule.severity, grade=rule.grade, law=rule.law, why=rule.why
    )


def detect(view: View, book: RuleBook, today: dt.date | None = None) -> Iterator[Finding]:
    """Findings of the marking and caution rules that are enabled. `today` is what periods are measured against."""
    yield from caution.detect(view, book)
    sheet = lay_out(view, book)
    if sheet is None:
        return
    expired = enabled(book, "marking.expired")
    levelled = any(True for _ in sheet.finds(_ANY_LEVEL))
    for name, walk in _WALKS.items():
        rule = enabled(book, name)
        if rule is None or not (levelled or name in _UNLEVELLED):
            continue
        for start, end in walk(sheet):
            finding = view.finding(rule, start, end)
            if expired is not None and name in _DATED:
                finding = _presumed_expired(finding, sheet, expired, today or dt.date.today())
            yield finding
