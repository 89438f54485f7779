"""Words near a marking that are none by the grammar: a person must look, nothing stops (domain/02 §4 and §8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.core.document import Where
from classifier.detect.marking_grammar import LEVEL
from classifier.detect.marking_places import OUTSIDE, Sheet

Span = tuple[int, int]

_DRESS = " \t\u3000【】[]（）()《》<>*=_-—·"
_FOREIGN = re.compile(
    r"(?i:(?:COSMIC |NATO |EU )?(?:TOP )?SECRET(?:\s?//[A-Z /,]{1,40})?|CONFIDENTIAL\s?//[A-Z /,]{1,40}|(?:NATO|EU) CONFIDENTIAL"
    r"|SECRET D[ÉE]FENSE|TR[ÈE]S SECRET|STRENG GEHEIM|GEHEIM|VS-VERTRAULICH)"
    r"|(?:СОВЕРШЕННО )?СЕКРЕТНО|TỐI MẬT|TUYỆT MẬT|대외비|극비|[123]급\s?비밀|秘|极秘|部外秘|极机密|绝对机密|高度机密"
)
"""Marks of other states and regions, alone on their line. A lone CONFIDENTIAL is a company's (rule of the trade secrets)."""
_LONGEST = 48


def foreign(sheet: Sheet) -> Iterator[Span]:
    """A foreign marking alone on a line of the head, a header, a footer or a text box."""
    for number in sheet.short_lines(_LONGEST):
        line = sheet.line(number)
        foreign_mark = _FOREIGN.fullmatch(line.strip(_DRESS)) is not None
        if foreign_mark and sheet.is_headed(number) and sheet.where(number) is not Where.PROPERTY:
            yield sheet.first_letter(number), sheet.starts[number] + len(line.rstrip())


_HEAD_WORDS = re.compile(
    rf"(?:^|[\s【（(\[：:])(?P<hit>{LEVEL}级?(?:件|材料|资料|文件|事项|内容|信息|图纸|数据))(?=$|[\s】）)\]！!])", re.M
)
_SHORT = 28


def head_words(sheet: Sheet) -> Iterator[Span]:
    """机密文件, 绝密资料 in a short line of the head or outside the body: no regular marking."""
    for number in sheet.short_lines(_SHORT):
        line = sheet.line(number)
        match = _HEAD_WORDS.search(line)
        if match is None or line.endswith(("。", "；", "，")) or len(set(re.findall(LEVEL, line))) > 1:
            continue
        where = sheet.where(number)
        if where in OUTSIDE - {Where.PROPERTY} or (
            where is Where.BODY and sheet.starts[number] < sheet.head_end and not sheet.is_item(number)
        ):
            yield sheet.starts[number] + match.start("hit"), sheet.starts[number] + match.end("hit")
