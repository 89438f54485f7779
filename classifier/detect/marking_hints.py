"""Words near a marking that are none by the grammar: a person must look, nothing stops (domain/02 §4 and §8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.core.document import Where
from classifier.detect.anchors import watch
from classifier.detect.marking_fields import FIELD, SAMPLE
from classifier.detect.marking_grammar import LEVEL, STAR, TITLE_END
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


_ENDING = re.compile(rf"[秘密비밀ОT](?:$|(?=[{re.escape(_DRESS)}]))", re.M)
_LATIN = re.compile("SECRET|CONFIDENTIAL|GEHEIM|VERTRAULICH", re.I)


def _foreign_places(sheet: Sheet) -> Iterator[int]:
    """Where the last word of a foreign marking can stand."""
    yield from (match.start() for match in _ENDING.finditer(sheet.text))
    if any(word in sheet.view.latin for word in (b"SECRET", b"CONFIDENTIAL", b"GEHEIM", b"VERTRAULICH")):
        yield from (match.start() for match in _LATIN.finditer(sheet.text))


def foreign(sheet: Sheet) -> Iterator[Span]:
    """A foreign marking alone on a line of the head, a header, a footer or a text box."""
    for number in sheet.headed_lines(_foreign_places(sheet), _LONGEST):
        line = sheet.line(number)
        if _FOREIGN.fullmatch(line.strip(_DRESS)) and sheet.where(number) is not Where.PROPERTY:
            yield sheet.first_letter(number), sheet.starts[number] + len(line.rstrip())


_HEAD_WORDS = watch(
    re.compile(
        rf"(?:^|[\s【（(\[：:])(?P<hit>{LEVEL}级?(?:件|材料|资料|文件|事项|内容|信息|图纸|数据))(?=$|[\s】）)\]！!])", re.M
    )
)
_SHORT = 28


def head_words(sheet: Sheet) -> Iterator[Span]:
    """机密文件, 绝密资料 in a short line of the head or outside the body: no regular marking."""
    for number in sheet.lines_at((found.end("hit") - 1 for found in sheet.finds(_HEAD_WORDS)), _SHORT):
        line = sheet.line(number)
        match = _HEAD_WORDS.pattern and _HEAD_WORDS.pattern.search(line)
        if not match or line.endswith(("。", "；", "，")) or len(set(re.findall(LEVEL, line))) > 1:
            continue
        where = sheet.where(number)
        if where in OUTSIDE - {Where.PROPERTY} or (
            where is Where.BODY and sheet.starts[number] < sheet.head_end and not sheet.is_item(number)
        ):
            yield sheet.starts[number] + match.start("hit"), sheet.starts[number] + match.end("hit")


_STANDS_FOR_MARK = re.compile(
    r"[\s（(【\[]{0,8}(?:国家[秘机绝]密|(?:涉密|密)(?:文件|件|材料|资料)?|保密期限[:：]?\s{0,2}(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?:年|个月)|保密期限[:：]?\s{0,2}长期)[\s）)】\]]{0,8}"
)
_BEFORE_WORDS = re.compile(
    rf"[\s（(【\[]{{0,8}}{LEVEL}(?:级|件)?[）)】\]]?\s{{0,2}}[:：|｜\-—–]{{1,2}}\s{{0,2}}[\u4e00-\u9fff][^\n，。；！？|]{{3,40}}"
)
_IN_ENGLISH = re.compile(
    r"(?i:(?:security\s?level|(?:security\s?)?classification|classified)[ \t]{0,4}[:：=][ \t]{0,4})(?P<hit>(?i:top\s?secret|secret))(?![a-z])"
)
_TICK = r"(?:[☑☒√✓✔✅🗹]|[\[(（]\s?[xX√✓✔]\s?[\])）])"
_IS_SECRET = re.compile(
    rf"是否(?:涉密|涉及国家秘密|属于?国家秘密|为国家秘密)[ \t\u3000]{{0,4}}[:：\t ][ \t\u3000]{{0,4}}(?:[□☐○]\s?否[ \t\u3000]{{0,4}})?"
    rf"(?P<hit>{_TICK}\s?是|是\s?{_TICK}|是(?![ \t\u3000]{{0,8}}[/、,，]?[ \t\u3000]{{0,8}}[□☐○]?否|\s?[□☐○]|[指否]))"
)
_BROKEN_WORD = re.compile(rf"[主电司飞手算动压缩](?P<hit>机密{STAR})")


_OPENING = watch(re.compile(rf"^[\s（(【\[]{{0,8}}(?:国家[秘机绝]密|涉?密|保密期限|{LEVEL})", re.M))
"""What the lines that stand for a marking begin with."""
_WORDS = tuple(map(watch, (_IS_SECRET, _BROKEN_WORD)))


def loose(sheet: Sheet) -> Iterator[Span]:
    """Words that stand for a marking without being one: a person must look."""
    for number in sheet.headed_lines((match.end() - 1 for match in sheet.finds(_OPENING)), _LONGEST):
        line = sheet.line(number)
        if sheet.is_item(number) or sheet.where(number) is Where.PROPERTY:
            continue
        if _STANDS_FOR_MARK.fullmatch(line) or (_BEFORE_WORDS.fullmatch(line) and len(set(re.findall(LEVEL, line))) == 1):
            yield sheet.first_letter(number), sheet.starts[number] + len(line.rstrip())
    english = _IN_ENGLISH.finditer(sheet.text) if b"SECRET" in sheet.view.latin else ()
    for found in (english, *map(sheet.finds, _WORDS)):
        for match in found:
            if sheet.view.document.where_at(match.start()) is not Where.NAME:
                yield match.span("hit")
    for match in sheet.finds(FIELD):
        if SAMPLE.match(sheet.text, match.end()):
            yield match.span("hit")
    for block in sheet.view.unusual:
        if block.where is Where.NAME:
            for match in _NAME_WORDS.finditer(sheet.text[block.span.start : block.span.end]):
                group = match.lastgroup or 0
                yield block.span.start + match.start(group), block.span.start + match.end(group)


_EDGE = r"[\s_\-—【（(\[〔·+/.,，、~&]"
_NAME_WORDS = re.compile(
    rf"(?:^|{_EDGE})(?P<first>{LEVEL}级?)(?!文件管理|载体|投票|武器|花园|计算|性)[\u4e00-\u9fff\d]{{1,24}}?(?<!管理)(?<!保密){TITLE_END}(?=[\s_\-—】）)\].]|$)"
    rf"|[\u4e00-\u9fff\d](?<![业作术司营家的人信商通主电动压缩绝机秘])(?P<last>{LEVEL}(?:级|件|版|稿)?)(?=\.[a-zA-Z]|$|[\s_\-—】）)\]])"
    rf"|(?:^|{_EDGE})(?P<edition>{LEVEL}(?:版|稿|卷|页|本))(?=[\s_\-—】）)\].]|$)"
    rf"|(?:^|{_EDGE})(?P<plain>涉密)(?=[\s_\-—】）)\]〕.]|$)|[（(【\[〔](?P<short>密|绝|机|秘)[）)】\]〕]"
)
