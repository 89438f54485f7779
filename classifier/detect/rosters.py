"""Lists of people: the names in their columns one by one, and the list as one finding that says which columns to hide.

A public list keeps what lets neighbours object (name, village, class, amount) and hides what only identifies or hurts (domain/04 §2).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice

from classifier.core.document import Span
from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.anchors import cue, finds, places, watch
from classifier.detect.clauses import has_name
from classifier.detect.columns import (
    HEADED,
    ID_CELL,
    MINOR_HEAD,
    NAME_HEAD,
    Table,
    Typed,
    is_name_cell,
    read_cells,
    read_lines,
    type_columns,
)
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.names import Names, names_of
from classifier.detect.openings import glance
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_OFFICIAL_HEAD = re.compile(r"负责人|联系人|法定代表人|法人|经办|专家|领导|代表姓名")
_PRIVATE_HEAD = re.compile(r"身份证|证件号|手机|电话|银行卡|卡号|账号|住址|病|残疾|出生")
_BLANK = re.compile(r"[/／\-—无否是有*＊\s]*|健康|良好|正常|一般|合计|小计|略")
_FEWEST = 2
_FEWEST_LINES = 3
_SHORTEST, _LONGEST = 3, 80
"""Characters of a line of a list without columns."""
_PROOF = 11
"""Digits of a mobile number: what a table without heads is known by has as many, or more."""
_PROVED = re.compile(rf"(?<![^ \u3000\t|,，\n])(?:{ID_CELL.pattern})(?![^ \u3000\t|,，\n])")
"""A cell that proves a list of people by itself; a column of them has two at least."""
_ROW_PRIVATE = glance(
    re.compile(
        r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|身份证|病|孕|药|残|血压|血糖|结节|癌|卧床|术|体检|复查|套餐|支架|低保|[0-9]{2}岁|住[\u4e00-\u9fff]{2}"
    )
)
_PRIVATE_CUE = cue(
    "身份证", "病", "孕", "药", "残", "血压", "血糖", "结节", "癌", "卧床", "术", "体检", "复查", "套餐", "支架", "低保", "岁", "住"
)  # fmt: skip
"""The words of `_ROW_PRIVATE`, which says the rest by a long number."""
_LINE_END = re.compile("\n")
_ROW = re.compile(
    r"[ \u3000]{0,4}(?:[0-9一二三四五六七八九十]{1,3}[.、．\u3000 ]{1,2})?[\u4e00-\u9fff] ?[\u4e00-\u9fff]{1,2}(?:[（(][^）)\n]{1,20}[）)])?(?:[\u3000 ，,（(：:]|[12][0-9]{3})"
)
_ANNOUNCED = re.compile(
    r"(?:花名册|名单|个人明细|明细表|附表)[^。\n、]{0,24}?(?<!中)含(?!有)[^。\n]{0,10}(?:身份证|姓名|学历|住院号|工资|电话)[^）)。\n]{0,40}|个人明细[^。\n]{0,12}含[^。\n]{2,30}"
)
"""A roster that is announced, not shown: `花名册（含身份证、学历）`."""
_LIST = watch(_ANNOUNCED)


def _weigh(head: str, private: bool) -> Severity | None:
    """What a column's head makes of its names; None when it is no column of names."""
    if not NAME_HEAD.fullmatch(head):
        return Severity.INFO if _OFFICIAL_HEAD.search(head) and len(head) <= 8 else None
    if _OFFICIAL_HEAD.search(head):
        return Severity.INFO
    return Severity.REDACT if private else Severity.REVIEW


def _weights(typed: Typed) -> dict[int, Severity]:
    """Names are private where other columns hold numbers, addresses or illnesses."""
    if typed.head is None:
        return dict.fromkeys(typed.names, Severity.REDACT)
    private = any(_PRIVATE_HEAD.search(head) or MINOR_HEAD.search(head) for head in typed.heads.values())
    weighed = ((column, _weigh(head, private)) for column, head in typed.heads.items())
    return {column: severity for column, severity in weighed if severity}


def _find_names(view: View, rule: Rule, typed: Typed, names: Names) -> Iterator[Finding]:
    weights = _weights(typed)
    for row in typed.body():
        for field in row:
            severity = weights.get(field.column)
            if severity and is_name_cell(names, field.words):
                mask = mask_for(rule.mask, field.words) if severity is not Severity.INFO else None
                yield view.finding(rule, field.span.start, field.span.end, grade=Grade.CONFIRMED, severity=severity, mask=mask)


def _find_cells(view: View, book: RuleBook, typed: Typed) -> Iterator[Finding]:
    """Cells of the columns that go whole and that no other detector knows cell by cell: the column was judged once."""
    rules = {c: rule for c, kind in typed.kinds.items() if kind.rule and (rule := enabled(book, kind.rule))}
    for row in typed.body() if rules else ():
        for field in row:
            rule = rules.get(field.column)
            if rule and not _BLANK.fullmatch(field.words):
                mask = mask_for(rule.mask, field.words)
                yield view.finding(
                    rule, field.span.start, field.span.end, grade=Grade.SUSPECTED, severity=Severity.REDACT, mask=mask
                )


def _advise(typed: Typed, people: int) -> tuple[str, bool]:
    """One sentence: how many people, which columns, what to hide. And whether anything has to be hidden."""
    kinds = list(dict.fromkeys(typed.kinds.values()))
    minors = any(MINOR_HEAD.search(head) for head in typed.heads.values())
    listed = "、".join(["姓名", *(kind.label for kind in kinds)])
    hidden = [f"{kind.label}{kind.hide}" for kind in kinds if kind.hide]
    if minors:
        hidden.insert(0, "学生姓名只留姓")
    kept = "、".join(([] if minors else ["姓名"]) + [kind.label for kind in kinds if not kind.hide])
    if not hidden:
        return f"这是一份 {people} 人的名单（{listed}），核对公示依据后可以按原样公开", False
    keep = f"；{kept}可以保留" if kept else ""
    return f"这是一份 {people} 人的名单（{listed}）；公示时{'，'.join(hidden)}{keep}", True


def _find_roster(view: View, rule: Rule, typed: Typed, names: Names) -> Iterator[Finding]:
    """The whole table as one finding."""
    people = sum(any(f.column in typed.names and is_name_cell(names, f.words) for f in row) for row in typed.body())
    if people < _FEWEST or not any(kind.private for kind in typed.kinds.values()):
        return
    why, must_hide = _advise(typed, people)
    rows = typed.table.rows[typed.head or 0 :]
    span = Span(rows[0][0].span.start, rows[-1][-1].span.end)
    severity = Severity.REVIEW if must_hide else Severity.INFO
    yield replace(view.finding(rule, span.start, span.end, grade=Grade.CONFIRMED, severity=severity), why=why)


def _find_loose(view: View, book: RuleBook, rule: Rule, names: Names, taken: list[Span]) -> Iterator[Finding]:
    """Three lines and more that begin like a name, two in five surely, and say something private: a list without columns."""
    lines = view.lines
    for run, span in _runs_at(lines, _private_places(view, book), taken):
        private = sum(_ROW_PRIVATE.search(lines[n]) is not None for n in run) if len(run) >= _FEWEST_LINES else 0
        named = sum(has_name(lines[n], names) for n in run) if private and private * 3 >= len(run) else 0
        if named >= _FEWEST and named * 5 >= len(run) * 2:
            why = f"这里逐行列出 {len(run)} 人及其个人情况；公示时只留姓名和公示事项，其余删除"
            found = view.finding(rule, span.start, span.end, grade=Grade.SUSPECTED, severity=Severity.REVIEW)
            yield replace(found, why=why)


def _private_places(view: View, book: RuleBook) -> list[int]:
    """Where something private may be said, in order: lines around no such place are no such list."""
    said = [start for start, _ in places(view, book, _PRIVATE_CUE)]
    for island in view.islands:
        if island.size >= _PROOF:
            said += [island.start, *(m.end() for m in _LINE_END.finditer(view.folded, island.start, island.end))]
    return sorted(said)


def _runs_at(lines: Sequence[str], found: list[int], taken: list[Span]) -> Iterator[tuple[range, Span]]:
    """The runs of lines like rows of a list that hold one of the places, in order: their numbers, and where they stand."""
    if not found:
        return
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    done = -1

    def fits(number: int) -> bool:
        line = lines[number]
        if not _SHORTEST <= len(line) <= _LONGEST or not _ROW.match(line):
            return False
        span = Span(starts[number], starts[number] + len(line))
        return not any(span.overlaps(other) for other in taken)

    for place in found:
        number = bisect_right(starts, place) - 1
        if number <= done:
            continue
        first = last = number
        while last < len(lines) and fits(last):
            last += 1
        while last > number and first > done + 1 and fits(first - 1):
            first -= 1
        done = max(number, last)
        if last > number:
            yield range(first, last), Span(starts[first], starts[last] - 1)


def _read_tables(view: View, book: RuleBook) -> Iterator[Table]:
    """The tables that can be lists of people: they have a head that says so, or long numbers."""
    proofs = (m for i in view.islands if i.size >= _PROOF for m in _PROVED.finditer(view.folded, i.start, i.end + 1))
    if next(iter(finds(view, book, HEADED)), None) or view.cells or len(list(islice(proofs, _FEWEST))) == _FEWEST:
        yield from read_cells(view)
        yield from read_lines(view)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Names in the columns of tables, and lists of people."""
    name_rule, roster_rule, names = enabled(book, "personal.person_name"), enabled(book, "personal.roster"), names_of(book)
    if names is None or name_rule is None:
        return
    taken: list[Span] = []
    for table in _read_tables(view, book):
        typed = type_columns(table, names)
        if typed is None:
            continue
        yield from _find_names(view, name_rule, typed, names)
        if roster_rule:
            found = list(_find_roster(view, roster_rule, typed, names))
            taken += [f.span for f in found]
            if found:
                yield from _find_cells(view, book, typed)
            yield from found
    if roster_rule:
        yield from _find_loose(view, book, roster_rule, names, taken)
        for match in finds(view, book, _LIST):
            yield view.finding(roster_rule, *match.span(), grade=Grade.SUSPECTED, severity=Severity.REVIEW)
