"""GB/T 9704 elements: which block is the title, the number, the recipients, the date, the annotation (domain/03 §2)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from itertools import islice

from classifier.core.document import Document, Elements, Role, Where
from classifier.core.text import fold
from classifier.structure.declared import find_declared, most_closed
from classifier.structure.forwarding import find_forwarded, where_it_begins
from classifier.structure.kinds import kind_from_form, kind_from_title, may_end_in_kind

_CAUTION = re.compile(
    r"[\s【（(\[]*(?:内\s*部\s*(?:资料|文件|参阅|材料|事项|使用|明电|[】）)\s]|$)|工作秘密|此件|密\s*级|签发人)|.{0,20}(?:注意保存|注意保密|不得外传)"
)
_HEAD_LINES = 40
"""The head of a paper (版头, title, recipients) stands within the first 40 lines."""
_TITLE_LINES = 4
_DOC_NO = re.compile(
    r"(?P<no>[\u4e00-\u9fffA-Za-z]{1,16}\s*[〔﹝［\[（(【「]\s*(?:19|20)\d{2}\s*年?\s*[〕﹞］\]）)】」]\s*第?\s*\d{1,5}\s*号)"
)
_ORDER_NO = re.compile(
    r"^\s*(?P<no>(?:[\u4e00-\u9fff]{2,20}令\s*)?(?:(?:19|20)\d{2}年\s*)?第\s*[\d〇零一二三四五六七八九十百]{1,6}\s*号)\s*$"
)
_COPY_NO = re.compile(r"^\s*(?:№|No\.?|份号[:：]?)?\s*\d{6}\s*$", re.I)
_LEVEL = re.compile(
    r"^\s*(?:\d{6}\s*)?[【（(]?\s*(?:绝\s*密|机\s*密|秘\s*密)\s*(?:[★☆⭐✩✭✰*].*)?[】）)]?\s*(?:特\s*急|加\s*急)?\s*$"
)
_URGENCY = re.compile(r"^\s*(?P<u>特\s*提|特\s*急|加\s*急|平\s*急|急\s*件)(?:\s*[·•.\-—]?\s*明\s*电)?\s*$")
_ISSUER_MARK = re.compile(r"^\s*(?P<org>[\u4e00-\u9fff（）()、\s]{2,40}?)\s*(?:文\s*件|函|令)\s*$")
_SIGNER = re.compile(r"签\s*发\s*人\s*[:：]")
_RECIPIENTS = re.compile(r"^\s*(?P<to>(?:各|[\u4e00-\u9fff]).{1,200}?)[:：]\s*$")
_BODY_OPENING = re.compile(r"(?:如下|下列|以下|包括|例如|规定|指出|强调|要求|认为|内容|措施|情况|问题|意见|原则|目标)$")
_TITLE_OPENING = re.compile(r"关于|印发|转发|批转")
_ANNOTATION = re.compile(
    r"^\s*[（(\[【]\s*(?P<note>此件.{1,30}?|联系人.{1,60}?|信息公开.{1,30}?|公开(?:属性|方式).{1,20}?|.{0,12}公开.{0,12}?)\s*[）)\]】]\s*$"
)
_DATE = re.compile(r"(?P<y>(?:19|20)\d{2})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日")
_DATE_CN = re.compile(
    r"(?P<y>[一二][〇零OoО0一二三四五六七八九]{3})\s*年\s*(?P<m>十[一二]?|[一二三四五六七八九])\s*月\s*(?P<d>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s*日"
)
_DATE_LINE = re.compile(
    rf"^[\s\u3000]*(?:{_DATE.pattern}|{_DATE_CN.pattern.replace('?P<y>', '?P<cy>').replace('?P<m>', '?P<cm>').replace('?P<d>', '?P<cd>')})[\s\u3000]*$"
)
_CC = re.compile(r"^\s*(?:抄\s*送|抄\s*报|主\s*送)\s*[:：]")
_PRINT = re.compile(r"印\s*发\s*$")
_ATTACHMENT_NOTE = re.compile(r"^\s*附\s*件\s*[:：]")
_ATTACHMENT = re.compile(r"^\s*附\s*件\s*\d*\s*$")
_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[章节])"
)
_NUMBERING = "一二三四五六七八九十（(第"
"""The first sign of a heading."""
_ORG_LINE = re.compile(
    r"^[\s\u3000]*(?P<org>[\u4e00-\u9fff（）()·、\s]{2,40}?(?:厅|局|委|委员会|办|办公室|政府|部|院|处|所|中心|公司|学校|大学|医院|队|站|会|银行|集团|街道|管委会|领导小组|指挥部))[\s\u3000]*$"
)


@dataclass(slots=True)
class _Sheet:
    """The lines of the paper while it is read, and the roles found so far. Blank lines are left out."""

    blocks: list[int] = field(default_factory=list)
    """Which block each line is."""
    lines: list[str] = field(default_factory=list)
    """Folded."""
    bare: list[str] = field(default_factory=list)
    """The same without the blanks around them: never empty, so the first and the last sign tell what cannot match."""
    cells: set[int] = field(default_factory=set)
    """Block indices that are table cells: a cell is never the title."""
    roles: dict[int, Role] = field(default_factory=dict)

    def free(self, number: int) -> bool:
        return self.blocks[number] not in self.roles

    def give(self, number: int, role: Role) -> None:
        self.roles[self.blocks[number]] = role


_READ = (Where.BODY, Where.OCR, Where.TEXTBOX)


def _spread_out(document: Document) -> _Sheet:
    folded = fold(document.text)
    sheet = _Sheet()
    for i, block in enumerate(document.blocks):
        if block.where in _READ:
            line = folded[block.span.start : block.span.end]
            if bare := line.strip():
                sheet.blocks.append(i)
                sheet.lines.append(line)
                sheet.bare.append(bare)
                if block.cell is not None:
                    sheet.cells.add(i)
    return sheet


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _find_head(sheet: _Sheet) -> tuple[str | None, str | None, str | None]:
    """Copy number, level, urgency, issuing-body mark and number; returns (doc_no, urgency, issuer)."""
    doc_no = urgency = issuer = None
    for n, bare in enumerate(sheet.bare[:_HEAD_LINES]):
        line = sheet.lines[n]
        if n < 3 and _COPY_NO.match(line):
            sheet.give(n, Role.COPY_NO)
        elif n < 12 and "密" in bare and _LEVEL.match(line):
            sheet.give(n, Role.SECRECY_LEVEL)
        elif urgency is None and bare[0] in "特加平急" and (m := _URGENCY.match(line)):
            urgency = _squeeze(m["u"])
            sheet.give(n, Role.URGENCY)
        elif (
            issuer is None
            and n < 12
            and bare[-1] in "件函令"
            and (m := _ISSUER_MARK.match(line))
            and len(_squeeze(line)) > 4
            and "关于" not in line
        ):
            issuer = _squeeze(m["org"])
            sheet.give(n, Role.ISSUER_MARK)
        elif doc_no is None and "号" in bare and len(bare) < 60 and (m := _DOC_NO.search(line) or _ORDER_NO.match(line)):
            doc_no = _squeeze(m["no"])
            sheet.give(n, Role.DOC_NO)
        if "签" in bare and _SIGNER.search(line) and sheet.free(n):
            sheet.give(n, Role.SIGNER)
    return doc_no, urgency, issuer


class _Candidates:
    """The head lines that may be the title, looked at as far as they are asked for."""

    def __init__(self, sheet: _Sheet) -> None:
        self._rest = (
            n
            for n, line in enumerate(sheet.lines[:_HEAD_LINES])
            if sheet.free(n) and sheet.blocks[n] not in sheet.cells and not _CAUTION.match(line)
        )
        self._found: list[int] = []

    def from_place(self, place: int, many: int) -> list[int]:
        """At most `many` of them, from the one at `place` on."""
        self._found += islice(self._rest, max(0, place + many - len(self._found)))
        return self._found[place : place + many]


def _find_title(sheet: _Sheet) -> str | None:
    """The title: the first head lines that read as one, joined until they end in a kind of document."""
    candidates = _Candidates(sheet)
    best: tuple[int, list[int], str] | None = None
    place = -1
    while near := candidates.from_place(place := place + 1, _TITLE_LINES):
        line = sheet.bare[near[0]]
        if len(line) > 120 or (line.endswith(("。", "；")) and len(line) > 30) or (line[0] in "（(【[" and line[-1] in "）)】]"):
            continue
        joined = ""
        used: list[int] = []
        for m in near:
            part = sheet.bare[m]
            if used and (m != used[-1] + 1 or len(part) > 60 or part.endswith(("：", "。", ":")) or _HEADING.match(part)):
                break
            joined, used = joined + part, [*used, m]
            if len(joined) > 150:
                break
            if may_end_in_kind(part) and kind_from_title(_squeeze(joined)):
                score = 2 if _TITLE_OPENING.search(joined) else 1
                if best is None or score > best[0]:
                    best = (score, used, joined)
                break
        if best is not None and (best[0] == 2 or place > 12):
            break
    if best is None:
        best = _first_line(sheet, candidates.from_place(0, _HEAD_LINES))
    if best is None:
        return None
    for n in best[1]:
        sheet.give(n, Role.TITLE)
    return _squeeze(best[2])


def _first_line(sheet: _Sheet, candidates: list[int]) -> tuple[int, list[int], str] | None:
    """The first short line that is no heading, where no line names a kind of document."""
    first = next((n for n in candidates if 4 <= len(sheet.bare[n]) <= 60 and not _HEADING.match(sheet.lines[n])), None)
    if first is None or sheet.bare[first].endswith(("。", "：", "；", "，")):
        return None
    return 0, [first], sheet.bare[first]


def _find_recipients(sheet: _Sheet) -> str | None:
    for n, bare in enumerate(sheet.bare[:_HEAD_LINES]):
        line = sheet.lines[n]
        m = _RECIPIENTS.match(line) if bare[-1] in ":：" else None
        if (
            m
            and sheet.free(n)
            and not _HEADING.match(line)
            and not _BODY_OPENING.search(m["to"].strip())
            and "，" not in m["to"][-12:]
        ):
            sheet.give(n, Role.RECIPIENTS)
            return m["to"].strip()
    return None


_CN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "O": 0, "o": 0, "О": 0, "0": 0}


def _cn_number(text: str) -> int:
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_CN_DIGITS[tens] if tens else 1) * 10 + (_CN_DIGITS[ones] if ones else 0)
    return int("".join(str(_CN_DIGITS[c]) for c in text))


def read_date(text: str) -> str | None:
    """The first calendar date in `text` as ISO (`2026-03-09`); Arabic or Chinese numerals; None if there is none."""
    text = fold(text)
    for match in (_DATE.search(text), _DATE_CN.search(text)):
        if match:
            parts = [match["y"], match["m"], match["d"]]
            year, month, day = (int(p) if p.isdigit() and p.isascii() else _cn_number(p) for p in parts)
            try:
                return dt.date(year, month, day).isoformat()
            except ValueError:
                continue
    return None


def _find_tail(sheet: _Sheet) -> tuple[str | None, str | None, str | None]:
    """Date of issue, signature line and annotation, read from the end; returns (issue_date, issuer, annotation)."""
    issue_date = issuer = annotation = None
    for n in range(len(sheet.lines) - 1, -1, -1):
        line, bare = sheet.lines[n], sheet.bare[n]
        if not sheet.free(n) or len(line) > 120:
            continue
        if bare[-1] == "发" and _PRINT.search(line) and read_date(line):
            sheet.give(n, Role.PRINT_LINE)
        elif bare[0] in "抄主" and _CC.match(line):
            sheet.give(n, Role.CC)
        elif annotation is None and bare[0] in "（([【" and (m := _ANNOTATION.match(line)):
            annotation = m["note"].strip()
            sheet.give(n, Role.ANNOTATION)
        elif issue_date is None and bare[-1] == "日" and _DATE_LINE.match(line):
            issue_date = read_date(line)
            sheet.give(n, Role.ISSUE_DATE)
            if n and sheet.free(n - 1) and (m := _ORG_LINE.match(sheet.lines[n - 1])):
                issuer = _squeeze(m["org"])
                sheet.give(n - 1, Role.ISSUER)
    return issue_date, issuer, annotation


def annotate(document: Document) -> Document:
    """The document with `elements` filled and `Block.role` set where the grammar of GB/T 9704 is recognised."""
    sheet = _spread_out(document)
    doc_no, urgency, mark = _find_head(sheet)
    for n, bare in enumerate(sheet.bare):
        if bare[0] == "附" and sheet.free(n):
            if _ATTACHMENT_NOTE.match(bare):
                sheet.give(n, Role.ATTACHMENT_NOTE)
            elif _ATTACHMENT.match(bare):
                sheet.give(n, Role.ATTACHMENT)
    title = _find_title(sheet)
    recipients = _find_recipients(sheet)
    issue_date, signature, annotation = _find_tail(sheet)
    for n, bare in enumerate(sheet.bare):
        if bare[0] in _NUMBERING and len(sheet.lines[n]) < 60 and sheet.free(n) and _HEADING.match(bare):
            sheet.give(n, Role.HEADING)
    lines = sheet.lines
    kind = kind_from_title(title) if title else None
    if kind is None or issue_date is None:
        opening = "\n".join(lines[:60])[:1500]
        kind = kind or kind_from_form(opening)
        if issue_date is None and (place := _DATE.search(opening[:200])):
            issue_date = read_date(place[0])
    notes = find_declared(lines)
    carried = where_it_begins(title, lines)
    own = [note for note in notes if carried is None or note[0] < carried]
    elements = Elements(
        title=title, doc_no=doc_no, issuer=mark or signature, recipients=recipients, issue_date=issue_date, doc_kind=kind,
        urgency=urgency, annotation=annotation, declared_attribute=most_closed(own),
        forwarded=find_forwarded(title, lines, notes),
    )  # fmt: skip
    blocks = list(document.blocks)
    for i, role in sheet.roles.items():
        blocks[i] = blocks[i].with_role(role)
    return replace(document, elements=elements, blocks=tuple(blocks))
