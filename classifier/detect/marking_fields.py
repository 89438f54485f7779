"""Fields that state a level: 密级：机密, a ticked box, a column 密级, the entries of a classification record (domain/02 §2 M2B, §5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.detect.anchors import find_all, watch
from classifier.detect.marking_grammar import LENGTH, LEVEL, SPACE, plain_level
from classifier.detect.marking_places import Sheet

Span = tuple[int, int]

_LEVELS = "(?:绝密|机密|秘密)"
_FIELD = re.compile(
    r"(?<![无非商绝机秘])(?:密\s{0,4}级(?:[和及与/、]{0,1}(?:保密)?期限|程度|等级)?|(?:涉密|保密|秘密|定密)(?:等级|级别|程度)"
    r"|(?i:security\s?level|(?:security\s?)?classification|classified|keywords?))"
    r"[ \t\u3000]{0,8}(?:[:：=★]|—{1,2}|-)?[ \t\u3000]{0,8}(?:(?<=[:：])\n)?[【\[（(“\"_]{0,4}[ \t\u3000]{0,4}"
    rf"(?P<hit>{LEVEL}级?+)"
    rf"(?!{_LEVELS}|[、，,/和或及与]{{1,2}}\s?[□☐〇◯\[（(]?\s?(?:{_LEVELS}|级|三级|非密|普通|一般|公开|内部|以上|以下)"
    rf"|[ \t\u3000]{{1,4}}[□☐〇◯]?\s?(?:{_LEVELS}|非密)|\s{{0,2}}[□☐〇◯]|以上|以下|文件|信息|载体|的|级(?:以上|以下|文件|信息|载体|的))"
)
"""A field of a form, a draft sheet or the file's properties that is filled with a level."""

_KIND = r"(?:核心|高度|最高|国家|重要|一般)?"
_DECIDED = re.compile(
    rf"(?<![无非商绝机秘])(?:密{SPACE}{{0,4}}级(?:{SPACE}{{0,2}}[（(\[【][^）)\]】\n]{{0,24}}[）)\]】])?|定密(?:结果|意见|建议|情况|结论|级别)?){SPACE}{{0,4}}[:：]{SPACE}{{0,4}}"
    rf"(?:(?:经[^\n。；，,:：]{{1,10}}[，,]?)?(?:建议|拟|应|可)?(?:确定|认定|核定|标定|定|列|标)为)?{_KIND}(?P<hit>{LEVEL}(?:级|件)?+)"
    rf"(?!{_LEVELS}|[、，,/和或及与]{{1,2}}{SPACE}?[□☐〇◯\[（(]?{SPACE}?(?:{_LEVELS}|级|三级|非密|普通|一般|公开|内部|以上|以下)"
    rf"|{SPACE}{{1,4}}[□☐〇◯]?{SPACE}?(?:{_LEVELS}|非密)|{SPACE}{{0,2}}[□☐〇◯]|以上|以下|文件|信息|载体|的|[（(](?:示例|样例|样式|示范|模板|举例|例[）)]))"
)
"""A field that tells the decision in words: 密级：经审核，定为秘密; 定密意见：秘密; 密级（绝密、机密、秘密）：机密."""
FIELD, DECIDED = watch(_FIELD), watch(_DECIDED)
SAMPLE = re.compile(r"[ \t]{0,2}[（(](?:示例|样例|样式|示范|模板|举例|例[）)])")

_SHAPES = "■◼●◉"
"""Filled shapes tick a box only beside empty ones: alone they are bullets."""
_ON = rf"[☑☒√✓✔✅🗹{_SHAPES}⊠\uf0fe\uf0fd\uf052\uf053\uf054]|[\[(（]\s?[xX√✓✔]\s?[\])）]"
_OFF = r"[□☐〇○◯◻▢\uf0a8\uf06f\uf0a3]|[\[(（][\s\u3000]{0,3}[\])）]"
_BOX = re.compile(rf"(?P<on>{_ON})|(?P<off>{_OFF})")
_OPTION = re.compile(rf"[ \t\u3000]{{0,2}}(?P<level>{LEVEL}(?:级|件)?)(?=$|[^\u4e00-\u9fff]|[〇])")
_BEFORE = re.compile(rf"(?:(?P<level>{LEVEL}(?:级|件)?)|非密|公开|内部|无|否|是|非涉密|不涉密)[ \t\u3000]{{0,1}}$")
_REACH = 20


def ticked(text: str) -> Iterator[Span]:
    """Levels whose box is ticked. Boxes stand before their options, or after them when the first box follows an option."""
    line_end, after = -1, False
    for box in find_all(_BOX, text):
        left = text.rfind("\n", max(0, box.start() - _REACH), box.start()) + 1
        left = max(left, box.start() - _REACH)
        before = _BEFORE.search(text[left : box.start()])
        if box.start() > line_end:
            end = text.find("\n", box.end())
            line_end, after = (end if end >= 0 else len(text)), before is not None
        if not box["on"]:
            continue
        if box["on"] in _SHAPES and not re.search(_OFF, text[max(0, box.start() - 2 * _REACH) : box.end() + 2 * _REACH]):
            continue
        if after:
            if before and before["level"]:
                yield left + before.start("level"), left + before.end("level")
        elif option := _OPTION.match(text, box.end()):
            yield option.span("level")


_COLUMN = re.compile(
    r"[\s\u3000]{0,8}(?:密\s{0,4}[级别](?:[及和与/]?(?:保密)?期限)?|(?:涉密|保密|秘密|定密)(?:等级|级别|程度))(?:[（(](?:保密)?期限[）)])?[\s\u3000]{0,8}"
)
_CELL = re.compile(rf"[\s\u3000（(]{{0,8}}(?P<level>{LEVEL})(?:级|件)?[\s\u3000/★☆（(]{{0,4}}(?:{LENGTH})?[\s\u3000）)]{{0,4}}")
_BORDER = re.compile(r"[|\t]")
_HEAD = re.compile(r"密\s{0,4}[级别]|[涉保秘定]密(?:等级|级别|程度)")
"""What the head of a column of levels holds."""
_LADDERS = (["绝密", "机密", "秘密"], ["秘密", "机密", "绝密"])


def level_cells(text: str) -> Iterator[Span]:
    """Levels in a table column headed 密级: a list of marked papers, itself to be stopped (domain/02 §2 and §5).

    Cells of a row stand in one line, parted by tabs (tables of every format) or bars (tables drawn in text). A table whose
    first column is just the three levels in their order explains them.
    """
    if not _HEAD.search(text) or not _BORDER.search(text):
        return
    columns: set[int] = set()
    found: list[tuple[int, int, int, str]] = []
    start = 0
    for line in text.split("\n"):
        cells = _BORDER.split(line)
        if len(cells) < 2:
            yield from _of_table(found)
            columns, found = set(), []
        elif heads := {i for i, cell in enumerate(cells) if _COLUMN.fullmatch(cell)}:
            columns = heads
        elif columns:
            at = start
            for index, cell in enumerate(cells):
                if index in columns and (match := _CELL.fullmatch(cell)):
                    found.append((at, at + len(cell), index, plain_level(match["level"])))
                at += len(cell) + 1
        start += len(line) + 1
    yield from _of_table(found)


def _of_table(found: list[tuple[int, int, int, str]]) -> Iterator[Span]:
    explained = {0, 1} if [level for _, _, index, level in found if index <= 1] in _LADDERS else set()
    yield from ((start, end) for start, end, index, _ in found if index not in explained)


_SPACED = re.compile(r"[ \u3000]+")
_LONGEST_ROW = 120


def spaced_cells(text: str) -> Iterator[Span]:
    """Levels in a table whose cells are parted by spaces only, under a head of short words with 密级 among them."""
    found: list[tuple[int, int, int, str]] = []
    start, inside = 0, False
    for line in text.split("\n") if _HEAD.search(text) else ():
        plain = line.strip()
        parts = _SPACED.split(plain) if len(line) <= _LONGEST_ROW and "\t" not in line and "|" not in line else [plain]
        if len(parts) < 2:
            yield from _of_table(found)
            found, inside = [], False
        elif (
            any(_COLUMN.fullmatch(part) for part in parts)
            and all(len(part) <= 8 for part in parts)
            and not re.search("[：:，。]", plain)
        ):
            inside = True
        elif inside:
            at = start
            for index, part in enumerate(parts):
                at = text.index(part, at)
                if match := _CELL.fullmatch(part):
                    found.append((at, at + len(part), index, plain_level(match["level"])))
                at += len(part)
        start += len(line) + 1
    yield from _of_table(found)


_ENTRY_NAMES = "定密责任人|定密依据|定密机关|定密日期|知悉范围|保密期限|解密条件|密点"
_ENTRY = re.compile(
    rf"(?P<name>{_ENTRY_NAMES})(?:[（(]签[字名章][）)])?[ \u3000]{{0,4}}[:：\t][ \u3000]{{0,8}}"
    rf"(?!{_ENTRY_NAMES}|是指|指|由|应当|即|为|自合同|自本)(?P<value>[^\s\u3000_＿…/\-—:：年月日（(][^\n\t]{{0,20}})"
)
_NEAR = 800


_FILLED_ENTRY = watch(_ENTRY)


def decision_entries(sheet: Sheet) -> Iterator[Span]:
    """Two different filled entries of a classification record: level, period and circle are decided together（保密法:19）."""
    last: tuple[str, int, int] | None = None
    for entry in sheet.finds(_FILLED_ENTRY):
        if last and last[0] != entry["name"] and entry.start() - last[1] < _NEAR:
            yield last[1], last[2]
            yield entry.span()
        last = (entry["name"], *entry.span())
