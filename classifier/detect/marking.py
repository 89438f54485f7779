"""State-secret markings and caution marks by where they stand: marks, not mentions (domain/02 §2, §4, §5).

A level alone on a line is a marking in the head of the paper, in a header or footer, a text box, a property; in the
middle of running text the same words are a mention. The patterns live in corpus/rules; the positions live here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from classifier.core.document import Where
from classifier.core.finding import Finding, Grade
from classifier.detect.pattern import sentence_around
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook, RuleState

_HEAD_LINES = 12
"""A marking stands above the red line: copy number, level, urgency, issuer mark, number, title (GB/T 9704 §7.2)."""
_OUTSIDE = {Where.HEADER, Where.FOOTER, Where.TEXTBOX, Where.PROPERTY, Where.OCR, Where.HIDDEN}
_LEVEL_LINE = re.compile(r"^[\s（(【\[]*(?:绝\s*密|机\s*密|秘\s*密|内\s*部|非\s*密|公\s*开)[级件]?[\s）)】\]]*$")


def _head_end(view: View) -> int:
    """Position where the head of the body ends: after its first 12 non-empty lines."""
    seen = 0
    for block in view.document.blocks:
        if block.where is Where.BODY and view.folded[block.span.start : block.span.end].strip():
            seen += 1
            if seen == _HEAD_LINES:
                return block.span.end
    return len(view.folded)


def _hit(match: re.Match[str]) -> tuple[int, int]:
    for name, span in ((name, match.span(name)) for name in match.re.groupindex):
        if name in ("hit", "line", "bracket") and span[0] >= 0:
            return span
    return match.span()


def _level_of(line: str) -> str:
    return "".join(c for c in line if c in "绝机秘密")


def _is_listed(view: View, start: int, end: int) -> bool:
    """Whether a neighbouring line is another level: a list that explains the three levels, not a marking said twice."""
    before = view.folded[:start].rstrip().rpartition("\n")[2]
    after = view.folded[end:].lstrip().partition("\n")[0]
    own = _level_of(view.folded[start:end])
    return any(_LEVEL_LINE.match(line) and _level_of(line) != own for line in (before, after))


def _lines(view: View, rule: Rule, lone: Rule | None) -> Iterator[Finding]:
    assert rule.pattern is not None
    head = _head_end(view)
    for match in rule.pattern.finditer(view.folded):
        start, end = _hit(match)
        block = view.document.block_at(start)
        if block is None or block.where is Where.NAME:
            continue
        stands = start < head and not _is_item(view, start) and not _is_listed(view, start, end)
        if block.where in _OUTSIDE or (block.where is Where.BODY and stands):
            yield view.finding(rule, start, end)
        elif lone is not None:
            yield view.finding(lone, start, end)


_LEVEL_HEAD = re.compile(r"\s*(?:密\s*级|涉密等级|保密等级|秘密等级|涉密级别|密级及期限|密级和保密期限)\s*")
_LEVEL_CELL = re.compile(r"\s*(?:绝\s*密|机\s*密|秘\s*密)(?:级|件)?\s*(?:[（(]?\s*\d{1,2}\s*年\s*[）)]?)?\s*")
_BORDER = re.compile(r"[|\t]")


def _level_cells(view: View, rule: Rule) -> Iterator[Finding]:
    """A level in a table column headed 密级: a list of marked papers, itself to be stopped (domain/02 §2 and §5).

    Cells of a row stand in one line, parted by tabs (tables of every format) or bars (tables drawn in text).
    """
    columns: set[int] = set()
    start = 0
    for line in view.folded.split("\n"):
        cells = _BORDER.split(line)
        if len(cells) < 2:
            columns = set()
        elif heads := {i for i, cell in enumerate(cells) if _LEVEL_HEAD.fullmatch(cell)}:
            columns = heads
        else:
            at = start
            for index, cell in enumerate(cells):
                if index in columns and _LEVEL_CELL.fullmatch(cell):
                    yield view.finding(rule, at, at + len(cell))
                at += len(cell) + 1
        start += len(line) + 1


def _head_lines(view: View, rule: Rule) -> Iterator[Finding]:
    """A level in a short line of the head, or outside the body, in a wording that is no regular marking: a hint for a person."""
    assert rule.pattern is not None
    head = _head_end(view)
    for match in rule.pattern.finditer(view.folded):
        start, end = _hit(match)
        where = view.document.where_at(start)
        if where in _OUTSIDE - {Where.PROPERTY} or (where is Where.BODY and start < head):
            yield view.finding(rule, start, end)


_PLAIN = 3
"""In a file name, words of up to three characters（内部、不公开）mean too many other things."""
_DRESS = re.compile(r"[\s\u3000【】（）()\[\]★☆·•,，.。!！—\-]+")


def _caution_lines(view: View, rule: Rule) -> Iterator[Finding]:
    """A line, or a file name without its ending, that is nothing but a caution, however it is spaced or bracketed."""
    words = frozenset(rule.terms)
    for block in view.document.blocks:
        start, end = block.span.start, block.span.end
        if end - start > 2 * _SHORT:
            continue
        text = view.folded[start:end]
        bare = _DRESS.sub("", text)
        if bare in words or (block.where is Where.NAME and any(word in bare for word in words if len(word) > _PLAIN)):
            yield view.finding(rule, start, start + len(text))


def _is_item(view: View, start: int) -> bool:
    """Whether the line follows a heading or sentence of running text (so it is an item of it, not the head)."""
    before = view.folded[:start].rstrip()
    return before.endswith(("：", ":", "，", "、", "；", "。")) or bool(
        re.search(r"(?:^|\n)\s*[一二三四五六七八九十]{1,3}、[^\n]*$", before)
    )


def _anywhere(view: View, rule: Rule) -> Iterator[Finding]:
    assert rule.pattern is not None
    for match in rule.pattern.finditer(view.folded):
        start, end = _hit(match)
        if view.document.where_at(start) is not Where.NAME:
            yield view.finding(rule, start, end)


def _headed(view: View, rule: Rule) -> Iterator[Finding]:
    """Cipher telegrams: in the head or outside the body only."""
    head = _head_end(view)
    yield from (f for f in _anywhere(view, rule) if f.where in _OUTSIDE or f.span.start < head)


def _named(view: View, rule: Rule) -> Iterator[Finding]:
    assert rule.pattern is not None
    for block in view.document.blocks:
        if block.where is Where.NAME:
            offset = block.span.start
            for match in rule.pattern.finditer(view.folded[offset : block.span.end]):
                start, end = _hit(match)
                yield view.finding(rule, offset + start, offset + end)


_THIS_PAPER = re.compile(
    r"此件|本(?:件|文|文件|材料|资料|方案|预案|名册|通报|报告|纪要|简报|手册|表|名单|汇编)|以上(?:内容|情况|材料|信息)|会议材料|请(?:勿|不要)"
)
_SHORT = 30
"""A line this short that holds a caution is a caution line."""


def _cautions(view: View, rule: Rule) -> Iterator[Finding]:
    """A caution that speaks of this paper (own line, brackets, header or footer, `本材料…`) is confirmed; else suspected."""
    assert rule.pattern is not None
    for match in rule.pattern.finditer(view.folded):
        start, end = _hit(match)
        left, right = sentence_around(view.folded, start, end)
        sentence = view.folded[left:right]
        if rule.not_near is not None and rule.not_near.search(sentence):
            continue
        alone = len(view.line_of(start, end).strip()) <= _SHORT
        sure = (
            view.document.where_at(start) in _OUTSIDE or alone or view.folded[start] in "【[（(" or _THIS_PAPER.search(sentence)
        )
        yield view.finding(rule, start, end, grade=Grade.CONFIRMED if sure else Grade.SUSPECTED)


_WALKS: dict[str, Callable[[View, Rule], Iterator[Finding]]] = {
    "marking.star": _anywhere,
    "marking.field": _anywhere,
    "marking.head_line": _head_lines,
    "caution.line": _caution_lines,
    "marking.paragraph": _anywhere,
    "marking.cipher": _headed,
    "marking.name": _named,
    "caution.internal": _cautions,
    "caution.no_spread": _cautions,
    "caution.not_published": _cautions,
    "caution.time_lock": _cautions,
    "caution.scope_limit": _cautions,
}


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Findings of the positional marking rules that are enabled."""
    active = {rule.id: rule for rule in book.active()}
    for name, walk in _WALKS.items():
        if rule := active.get(name):
            yield from walk(view, rule)
    line, lone = book.by_id("marking.line"), book.by_id("marking.lone_line")
    if line.state is RuleState.ENABLED:
        yield from _level_cells(view, line)
        yield from _lines(view, line, lone if lone.state is RuleState.ENABLED else None)
