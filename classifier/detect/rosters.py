"""Names in tables: a column headed 姓名 in the cells of a table, or in lines divided by tabs, bars or wide gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.names import Names, names_of
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_NAME_HEAD = re.compile(
    r"(?:.{0,6}(?:姓[ \u3000]{0,4}名|户主|申请人|当事人|被处罚人|患者|学生|户名|收款人|村民|救助对象|享受人|持卡人|家庭成员|机主|购机者|农户|权利人|传承人|获奖人))(?:[（(].{0,10}[）)])?$"
)
_OFFICIAL_HEAD = re.compile(r"负责人|联系人|法定代表人|法人|经办|专家|领导|代表姓名")
_PRIVATE_HEAD = re.compile(r"身份证|证件号|手机|电话|银行卡|卡号|账号|住址|病|残疾|出生")
_BAR = re.compile(r"[\t|]|\u3000+| {2,}")
_HEAD_WORDS = (
    "姓名",
    "姓 名",
    "姓\u3000名",
    "姓  名",
    "姓\u3000\u3000名",
    "户主",
    "申请人",
    "当事人",
    "被处罚人",
    "患者",
    "学生",
    "户名",
    "收款人",
    "享受人",
    "持卡人",
    "机主",
    "购机者",
    "农户",
    "权利人",
    "传承人",
    "获奖人",
)
_AFTER_HEAD = re.compile(r"(?:[（(].{0,10}[）)])?(?:[\t|\u3000\n]|  )")


@cache
def _automaton() -> Any:  # noqa: ANN401 - the wheel carries no types
    import ahocorasick_rs

    return ahocorasick_rs.AhoCorasick(_HEAD_WORDS, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def _first_head(text: str) -> int | None:
    """Where the first word that can head a column of names stands: without one a text has no roster in lines."""
    places = _automaton().find_matches_as_indexes(text)
    return next((start for _index, start, end in places if _AFTER_HEAD.match(text, end)), None)


def _name_span(names: Names, view: View, start: int, end: int) -> tuple[int, int] | None:
    """The span of a cell that holds a name and nothing else (王  伟 counts)."""
    raw = view.folded[start:end]
    value = raw.strip(" \u3000\n")
    if not 2 <= len(value) <= 12 or not names.is_name(re.sub("[ \u3000]", "", value)):
        return None
    left = start + raw.index(value)
    return left, left + len(value)


def _give(view: View, rule: Rule, span: tuple[int, int], severity: Severity) -> Finding:
    mask = mask_for(rule.mask, view.folded[slice(*span)]) if severity is not Severity.INFO else None
    return view.finding(rule, *span, grade=Grade.CONFIRMED, severity=severity, mask=mask)


def _weigh(head: str, private: bool) -> Severity | None:
    """What a column's head makes of its names; None when it is no column of names."""
    if not _NAME_HEAD.fullmatch(head):
        return Severity.INFO if _OFFICIAL_HEAD.search(head) and len(head) <= 8 else None
    if _OFFICIAL_HEAD.search(head):
        return Severity.INFO
    return Severity.REDACT if private else Severity.REVIEW


def _weigh_row(heads: list[str]) -> list[Severity | None]:
    """Names are private where other columns hold numbers, addresses or illnesses."""
    private = any(_PRIVATE_HEAD.search(head) for head in heads)
    return [_weigh(head, private) for head in heads]


def _find_in_cells(view: View, rule: Rule, names: Names) -> Iterator[Finding]:
    heads: dict[int, dict[int, str]] = {}
    for block in view.document.blocks:
        if block.cell is not None and block.cell.row == 0:
            heads.setdefault(block.cell.table, {})[block.cell.column] = view.folded[block.span.start : block.span.end].strip()
    weights = {
        (table, column): severity
        for table, row in heads.items()
        for column, severity in zip(row, _weigh_row(list(row.values())), strict=True)
    }
    for block in view.document.blocks:
        if block.cell is None or block.cell.row == 0:
            continue
        severity = weights.get((block.cell.table, block.cell.column))
        span = _name_span(names, view, block.span.start, block.span.end) if severity else None
        if severity and span:
            yield _give(view, rule, span, severity)


def _fields(line: str) -> list[tuple[int, int]]:
    """The fields of a line, as offsets: between tabs and bars, or between wide gaps."""
    bounds = [0, *(edge for bar in _BAR.finditer(line) for edge in bar.span()), len(line)]
    return [(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if b > a or a]


def _find_in_lines(view: View, rule: Rule, names: Names) -> Iterator[Finding]:
    text = view.folded
    first = _first_head(text)
    if first is None:
        return
    weights: list[Severity | None] = []
    start = text.rfind("\n", 0, first) + 1
    for line in text[start:].split("\n"):
        fields = _fields(line)
        if len(fields) < 2:
            weights = []
        else:
            words = [line[a:b].strip(" \u3000") for a, b in fields]
            if any(_NAME_HEAD.fullmatch(word) for word in words):
                weights = _weigh_row(words)
            else:
                for (a, b), severity in zip(fields, weights, strict=False):
                    span = _name_span(names, view, start + a, start + b) if severity else None
                    if severity and span:
                        yield _give(view, rule, span, severity)
        start += len(line) + 1


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Names in the columns of tables."""
    rule = enabled(book, "personal.person_name")
    if not rule:
        return
    names = names_of(book)
    if names is None:
        return
    yield from _find_in_cells(view, rule, names)
    yield from _find_in_lines(view, rule, names)
