"""Tables typed column by column: a word in the head, and most cells that fit (domain/04 §6).

Tables come as cells (spreadsheets, word tables) or as lines divided by tabs, bars or wide gaps; both become one Table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from classifier.core.document import Span
from classifier.detect.anchors import watch
from classifier.detect.names import Names
from classifier.detect.view import View

_BAR = re.compile(r"[\t|]|\u3000+| {2,}")
_COMMA = re.compile("[,，]")
_BLANK = re.compile(" +")
_HEAD_WORD = re.compile("姓名|户主|申请人|当事人|患者|学生|户名|收款人|村民|救助对象|享受人|持卡人|农户|权利人|获奖人")
_RULER = re.compile(r"[\s|:：\-—+]*")
_JUDGED = 200
"""Cells looked at to judge a column: a table of fifty thousand rows is judged by its beginning."""
_HEAD_ROWS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column can hold, and what a public list does with it."""

    label: str
    head: re.Pattern[str]
    cell: re.Pattern[str]
    hide: str = ""
    """What to do with it in a public list; empty where it may stay (domain/04 §2)."""
    private: bool = False
    """Whether it makes a list of names a matter of privacy."""
    rule: str = ""
    """The rule that speaks for its cells, where no other detector finds them cell by cell."""


def _kind(label: str, head: str, cell: str, hide: str = "", *, private: bool = False, rule: str = "") -> Kind:
    return Kind(label, re.compile(head), re.compile(cell), hide, private, rule)


_ANY = r"[^\n]{1,60}"
KINDS = (
    _kind("身份证号", r"身份证|证件号|公民身份", r"[0-9*＊]{6,18}[0-9Xx*＊]{0,2}|[A-Z][0-9]{7,9}", "整列隐去", private=True),
    _kind("银行账号", r"银行|卡号|账号|帐号|一卡通|存折|开户", r"[0-9*＊ ]{8,25}|[^\n]{2,30}", "整列隐去", private=True),
    _kind(
        "手机电话",
        r"手机|电话|联系方式|联系号码",
        r"(?:\+?86)?1[3-9][0-9 *＊-]{9,12}",
        "整列隐去",
        private=True,
    ),
    _kind(
        "出生日期",
        r"出生|生日",
        r"(?:19|20)?[0-9]{2}[年./-]?[0-9]{1,2}[月./-]?(?:[0-9]{1,2}日?)?",
        "只留年份",
        private=True,
        rule="personal.birth_date",
    ),
    _kind("病情", r"病|诊断|症|健康|体检|身体|用药|手术|治疗", _ANY, "整列删除", private=True, rule="personal.health_told"),
    _kind("残疾情况", r"残", _ANY, "整列删除", private=True, rule="personal.health_told"),
    _kind(
        "困难描述",
        r"困难|贫困|致贫|家庭情况|家庭状况|帮扶原因|申请理由|救助原因|情况说明",
        _ANY,
        "整列删除",
        private=True,
        rule="personal.family",
    ),
    _kind("家庭成员", r"家庭成员|配偶|子女|父亲|母亲|监护人|家长|婚姻", _ANY, "整列删除", private=True, rule="personal.family"),
    _kind("详细住址", r"住址|地址|住处|房号|门牌", r"[^\n]{2,60}", "只留到乡镇、村", private=True, rule="personal.address"),
    _kind("处罚处分", r"处罚|处分|违法|违纪|违章|案由|罪名|刑期|失信|罚款|欠税|执行标的", _ANY, "核对依据后公开", private=True),
    _kind(
        "成绩",
        r"成绩|分数|得分|总分|笔试|面试|排名|名次|考核结果|考核等次|等次",
        r"[0-9.]{1,6}|[A-D]|优秀?|良好?|合格|不合格|及格|称职|[0-9]{1,4}名?|缺考",
        private=True,
    ),
    _kind(
        "工资收入",
        r"工资|应付|已付|欠|薪|奖金|绩效|扣款|借款|贷款|收入|存款|日工|工天",
        r"[￥¥]?-?[0-9][0-9,，.]*(?:万?元)?|/|—|-",
        "核对依据后公开",
        private=True,
    ),
    _kind(
        "金额",
        r"金额|补贴|补助|救助金|保障金|缴费|待遇|标准|元|津贴|资助",
        r"[￥¥]?-?[0-9][0-9,，.]*(?:万?元)?|/|—|-",
        private=True,
    ),
    _kind("民族宗教", r"民族|宗教|信仰", r"[\u4e00-\u9fff]{1,6}", "整列删除", private=True),
    _kind("学校班级", r"学校|班级|年级|学籍|就读", _ANY, "", private=True),
    _kind("村社区", r"村|社区|组别|乡镇|街道|镇|居委", _ANY),
    _kind("单位职务", r"单位|职务|岗位|部门|科室|职称|报考|专业|院校|学历", _ANY),
    _kind("类别", r"类别|类型|种类|对象|人数|面积|数量|备注|性别|年龄|批次", _ANY),
)
"""In the order in which a head is read: the graver first."""
_PEOPLE = (
    r"姓[ \u3000]{0,4}名|户主|申请人|当事人|被处罚人|患者|学生|户名|收款人|村民|救助对象|享受人|持卡人|家庭成员|机主|购机者|农户|权利人|传承人"
    "|获奖人"
)
NAME_HEAD = re.compile(rf"(?:.{{0,6}}(?:{_PEOPLE}))(?:[（(].{{0,10}}[）)])?$")
HEADED = watch(re.compile(rf"(?:{_PEOPLE})(?:[（(][^\n]{{0,10}}[）)])?(?![^ \u3000\t|,，\n])"))
"""The end of a cell that can head a column of people: a text without one, and without long numbers, has no table of people."""
MINOR_HEAD = re.compile("学生|幼儿|儿童|学员|学籍|班级|年级|孤儿")
ID_CELL = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]|1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Field:
    """A filled cell: its column, its place and its folded words without the blanks around."""

    column: int
    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of filled cells."""

    rows: tuple[tuple[Field, ...], ...]

    @property
    def span(self) -> Span:
        """From the first cell to the last."""
        return Span(self.rows[0][0].span.start, max(field.span.end for field in self.rows[-1]))


def _field(view: View, column: int, start: int, end: int) -> Field | None:
    raw = view.folded[start:end]
    words = raw.strip(" \u3000\n")
    if not words:
        return None
    left = start + raw.index(words)
    return Field(column, Span(left, left + len(words)), words)


def read_cells(view: View) -> Iterator[Table]:
    """The tables of a file that has cells."""
    tables: dict[int, dict[int, list[Field]]] = {}
    for block in view.cells:
        if block.cell and (field := _field(view, block.cell.column, block.span.start, block.span.end)):
            tables.setdefault(block.cell.table, {}).setdefault(block.cell.row, []).append(field)
    for rows in tables.values():
        yield Table(tuple(tuple(rows[number]) for number in sorted(rows)))


def _fields(view: View, line: str, start: int, cut: re.Pattern[str]) -> tuple[Field, ...]:
    """The fields of a line, between the cuts."""
    bounds = [0, *(edge for bar in cut.finditer(line) for edge in bar.span()), len(line)]
    pairs = [(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if b > a or a]
    fields = (_field(view, column, start + a, start + b) for column, (a, b) in enumerate(pairs))
    return tuple(field for field in fields if field)


def _is_wide(body: str) -> bool:
    return "\t" in body or "|" in body or "\u3000" in body or "  " in body


def _loose_cut(body: str) -> re.Pattern[str] | None:
    """Commas or single blanks, where a line of short heads shows that the table is divided by them."""
    if len(body) > 120 or not _HEAD_WORD.search(body):
        return None
    for cut in (_COMMA, _BLANK):
        heads = cut.split(body)
        if len(heads) >= 3 and all(0 < len(h) <= 12 for h in heads) and any(NAME_HEAD.fullmatch(h) for h in heads):
            return cut
    return None


def read_lines(view: View) -> Iterator[Table]:
    """Runs of lines with two fields and more."""
    rows: list[tuple[Field, ...]] = []
    loose: re.Pattern[str] | None = None
    start = 0
    for line in view.lines:
        body = line.strip(" \u3000")
        wide = _is_wide(body)
        opened = None if wide else _loose_cut(body)
        if not (wide or opened or loose or rows):
            start += len(line) + 1
            continue  # running text, as nearly every line
        cut = opened or (None if wide else loose) or (_BAR if wide else None)
        ruler = bool(body) and _RULER.fullmatch(body) is not None
        fields = _fields(view, line, start, cut) if cut and not ruler else ()
        if opened or (len(fields) < 2 and not ruler):
            if len(rows) > 1:
                yield Table(tuple(rows))
            rows, loose = [], opened
        if len(fields) >= 2:
            rows.append(fields)
        start += len(line) + 1
    if len(rows) > 1:
        yield Table(tuple(rows))


@dataclass(frozen=True, slots=True)
class Typed:
    """A table whose columns are known."""

    table: Table
    head: int | None
    """The row of the heads; None when the table has none and its columns are known by their cells."""
    heads: dict[int, str]
    names: frozenset[int]
    """Columns of names."""
    kinds: dict[int, Kind]

    def body(self) -> Sequence[tuple[Field, ...]]:
        """The rows below the head."""
        return self.table.rows[0 if self.head is None else self.head + 1 :]


def _find_head(table: Table) -> int | None:
    return next(
        (i for i, row in enumerate(table.rows[:_HEAD_ROWS]) if len(row) >= 2 and any(NAME_HEAD.fullmatch(f.words) for f in row)),
        None,
    )


def _columns(rows: Sequence[tuple[Field, ...]]) -> dict[int, list[str]]:
    columns: dict[int, list[str]] = {}
    for row in islice(rows, _JUDGED):
        for field in row:
            columns.setdefault(field.column, []).append(field.words)
    return columns


def _most(cells: Sequence[str], share: float, fits: Names | re.Pattern[str]) -> bool:
    if not cells:
        return False
    hits = sum(bool(fits.fullmatch(c)) if isinstance(fits, re.Pattern) else is_name_cell(fits, c) for c in cells)
    return hits >= share * len(cells)


def is_name_cell(names: Names, words: str) -> bool:
    """Whether a cell holds a name and nothing else (`王  伟` counts)."""
    return 2 <= len(words) <= 12 and names.is_name(re.sub("[ \u3000]", "", words))


def type_columns(table: Table, names: Names) -> Typed | None:
    """What each column holds; None when the table has no column of people."""
    head = _find_head(table)
    if head is None:
        return _type_by_cells(table, names)
    heads = {field.column: field.words for field in table.rows[head]}
    cells = _columns(table.rows[head + 1 :])
    named = frozenset(c for c, words in heads.items() if NAME_HEAD.fullmatch(words))
    kinds = {
        column: kind
        for column, words in heads.items()
        if column not in named
        and (kind := next((k for k in KINDS if k.head.search(words)), None))
        and _most(cells.get(column, ()), 0.6, kind.cell)
    }
    return Typed(table, head, heads, named, kinds)


def _type_by_cells(table: Table, names: Names) -> Typed | None:
    """Without heads: a column of names (four cells in five) beside a column of identity or mobile numbers."""
    if len(table.rows) < 3:
        return None
    cells = _columns(table.rows)
    numbers = {c for c, words in cells.items() if len(words) >= 2 and _most(words, 0.6, ID_CELL)}
    if not numbers:
        return None
    named = frozenset(c for c, words in cells.items() if len(words) >= 2 and _most(words, 0.8, names))
    kinds = {c: KINDS[0] if len(cells[c][-1]) > 11 else KINDS[2] for c in numbers}
    return Typed(table, None, {}, named, kinds) if named else None
