"""The grammar of state-secret markings: 密级 ★ (保密期限 | 解密时间 | 解密条件), and what copying and recognition make of it.

Source: domain/02 §2; 国家秘密定密管理规定 2025; GB/T 9704-2012 §7.2.2. Every quantifier is bounded: no input is slow.
"""

from __future__ import annotations

import re

from classifier.core.text import swap

_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("杌杋枛朹枳", "机"),
        **dict.fromkeys("蜜宓窓宻", "密"),
        **dict.fromkeys("泌秕袐柲祕", "秘"),
        **dict.fromkeys("絶絕", "绝"),
        **dict(zip("電報碼國對極傳真", "电报码国对极传真", strict=True)),
    }
)
"""What recognition, old prints and other scripts make of the marking words; one character each, so spans hold."""
_SPOILT = re.compile(r"(?<!木)几(?=密级?[ \t\u3000]{0,4}[★☆⭐])|必(?=密级?[ \t\u3000]{0,4}[★☆⭐])|(?<=[机绝秘])[.·•・](?=密)")
_MEANT = {"几": "机", "必": "秘"}
_SPOILERS = frozenset("几必.·•・")
"""What counts only before a star, and a stop between the two characters."""
_SECRET = "密秘" + "".join(chr(code) for code, plain in _LOOKALIKES.items() if plain in "密秘")
_MACHINE = "机" + "".join(chr(code) for code, plain in _LOOKALIKES.items() if plain == "机")
_BY_POST = re.compile(rf"[{_MACHINE}]\s{{0,4}}要")
_LATIN = re.compile("[Ss][Ee][Cc][Rr][Ee][Tt]|CONFIDENTIAL//|GEHEIM")
_FOREIGN = ("대외비", "극비", "비밀", "СЕКРЕТНО", "MẬT")


def has_trigger(text: str, latin: bytes) -> bool:
    """Whether a word of a marking is there, look-alikes counted: without one a text holds no marking, and most papers stop here.

    `latin` are its Latin letters (`View.latin`).
    """
    if any(sign in text for sign in _SECRET):
        return True
    if "要" in text and any(sign in text for sign in _MACHINE) and _BY_POST.search(text):
        return True
    if any(word in latin for word in (b"SECRET", b"CONFIDENTIAL", b"GEHEIM")) and _LATIN.search(text):
        return True
    return any(word[-1] in text and word in text for word in _FOREIGN)


def fold_marks(folded: str) -> str:
    """Folded text with the look-alikes of the marking words made plain; same length."""
    plain = swap(folded, _LOOKALIKES)
    at = plain.find("密")
    while at >= 0:
        if plain[at - 1 : at] in _SPOILERS and at:
            return _SPOILT.sub(lambda m: _MEANT.get(m[0], " "), plain)
        at = plain.find("密", at + 1)
    return plain


SPACE = r"[ \t\u3000]"
_GAP = SPACE + "{0,8}"
_BREAK = r"[ \t\u3000\n]{0,4}"
_JI = "(?:机|木几)"
LEVEL = rf"(?:绝{_GAP}密|{_JI}{_GAP}密|秘{_GAP}密)"
_LEVEL_UPRIGHT = rf"(?:绝{_BREAK}密|{_JI}{_BREAK}密|秘{_BREAK}密)"
"""Also written downwards, one character a line."""
_NOT_OURS = r"(?<!商业)(?<!工作)(?<!企业)(?<!技术)(?<!公司)(?<!经营)(?<!的)(?<!\*)(?<![主电司飞手算动压缩](?=机))"
"""商业秘密★3年 is a company's mark, 成功的秘密★ a headline, *秘密* is Markdown (domain/02 §4 and §5)."""
STAR = r"[★☆⭐✩✭✰⋆✱✦✧✪✫✬✮✯✶✷✹٭⭑⭒🌟\uf0ab\uf0b6\uf0b5]"
_STAR_LOOSE = STAR[:-1] + r"*∗⁎﹡※◆◇▲△&]"
_WORD_STAR = r"(?:[（(\[【]?(?:五角星|五星|星号)[)）\]】]?|&(?:starf?|bigstar|#9733|#x2605);|\\u2605)"
_DOT = r"[·•・∙●。.]"
_ODD_STAR = r"[女大太文六立去星青火食kKxX×?？□■\ufffd|丨/\-—~+·•・]"
"""One wrong character for the star: only where the whole line is the marking."""

_HAN_NUMBER = "[一二三四五六七八九十百廿卅两零〇壹贰叁肆伍陆柒捌玖拾]{1,5}"
_DIGITS = r"[\dOoQlI|S〇](?:\s?[\dOoQlI|S〇]){0,2}"
UNIT = "(?:年半?|个?月|周|个?星期|日|天|小时)"
LENGTH = rf"(?:{_DIGITS}\s{{0,3}}(?:{UNIT}|午|牛)|{_HAN_NUMBER}\s{{0,3}}{UNIT})"
_DATE = (
    r"(?:(?:19|20)\d{2}\s?[年.\-/](?:\s?\d{1,2}\s?[月.\-/]?(?:\s?\d{1,2}\s?[日号]?)?)?"
    r"|[一二][〇零一二三四五六七八九]{3}年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)?"
    rf"|民国{_HAN_NUMBER}年)"
)
_STANDING = r"(?:半年|长\s{0,4}期|永久|永远|无限期|不定期|短期|终身)"
_CONDITION = r"[^\s，。；、“”\"'（）()★☆*]{1,16}?(?:之前|之后|以前|以后|为止|日止|前|后|时|止|解密)"
PERIOD = rf"(?:(?:保密)?(?:期限|期)?[:：]?(?:[至到]?{_DATE}|{LENGTH}|{_STANDING}))"

FULL = re.compile(
    rf"{_NOT_OURS}{_LEVEL_UPRIGHT}{_BREAK}(?:级|件)?{_BREAK}"
    rf"(?:{_STAR_LOOSE}{{1,3}}{_BREAK}{PERIOD}|{STAR}{{1,3}}{_BREAK}{_CONDITION}"
    rf"|{_DOT}{_BREAK}(?:{LENGTH}|[启使公考][^\s，。；]{{1,6}}前)|{_WORD_STAR}{_BREAK}{PERIOD}|[女kK]{_BREAK}{LENGTH})"
)
"""A complete marking, wherever it stands (M1)."""
OF_FULL = re.compile(rf"(?<=的){LEVEL}(?:级|件)?{_GAP}{STAR}{_GAP}(?:{LENGTH}|{_STANDING})")
"""After 的 only a plain length of time counts: 引用的机密★10年材料, but not 身边的秘密★2026年第3期."""
ODD_FULL = re.compile(
    rf"^[ \t\u3000（(【\[]{{0,8}}(?P<hit>{_NOT_OURS}{LEVEL}(?:级|件)?{_GAP}{_ODD_STAR}{_GAP}{LENGTH})[ \t\u3000）)】\]]{{0,8}}$",
    re.M,
)
STARRED = re.compile(
    rf"^[ \t\u3000（(【\[]{{0,8}}(?:№?[ \t]{{0,2}}\d{{4,8}}{_GAP})?(?P<hit>{_NOT_OURS}{LEVEL}{_GAP}(?:级|件)?{_GAP}{STAR})"
    rf"|[\s（(【\[](?P<inner>{LEVEL}{_GAP}级?{_GAP}{STAR}(?={_GAP}(?:$|\d|特|加|长|[）)】\]（(])))",
    re.M,
)
"""A level with its star whose period is missing or not regular (M1B)."""
UPRIGHT = re.compile(
    rf"^{SPACE}{{0,8}}(?P<hit>(?:绝|{_JI}|秘){SPACE}{{0,8}}\n{{1,2}}{SPACE}{{0,8}}密(?:{SPACE}{{0,8}}\n{{1,2}}{SPACE}{{0,8}}[级件])?){SPACE}{{0,8}}$",
    re.M,
)

URGENCY = r"(?:特\s{0,4}急|加\s{0,4}急|特\s{0,4}提|平\s{0,4}急|急\s{0,4}件|限\s?\d{1,2}\s?(?:小时|日|天)(?:内)?)"
_TOKEN = re.compile(
    rf"(?P<level>{LEVEL}(?:{SPACE}{{0,4}}(?:级|件))?)|{URGENCY}|国家秘密|亲启|(?i:top\s?secret|secret|confidential)"
    rf"|(?:保密)?期限[:：]?{SPACE}{{0,3}}|自?{PERIOD}(?:起|后|止)?(?:解密)?|(?:启用|启封|使用完毕|考试结束|公布|公开|会议开始|会议结束|开标)(?:之|以)?前"
    r"|(?:份号|编号|序号|附件|№|No\.?|NO\.?|第|共)[:：]?\s?\d{0,8}\s?[号份页期]?|\d{1,8}\s?[页份号]?"
    r"|[\s\u3000【】\[\]（）()〔〕﹝﹞《》<>「」“”‘’\"'*=~_—\-–·•!！:：.。,，、;；|/#★☆]"
)
"""What may stand in one line with a level in the head of a paper: copy number, urgency, period, dress (GB/T 9704 §7.2)."""
LONGEST = 60
_COLUMN = re.compile(r" {2,}|\u3000+")
_SINGLE = re.compile(r"[ \t\u3000]+")
_ISSUER = re.compile(r"(?:文件|政府|委员会|指挥部|办公室|[局厅委院处部会站队]|\d号|[〕\])）]\d{1,5}号)$")
_WORD_GAP = re.compile(r"[ \u3000·•]+")


def plain_level(words: str) -> str:
    """绝密, 机密 or 秘密 without spaces."""
    return "".join(c for c in words.replace("木几", "机") if c in "绝机秘密")


def lone_level(line: str) -> str | None:
    """The level of a line that is nothing but a marking; None for all other lines, also for those that name two levels."""
    if len(line) > LONGEST or "密" not in line:
        return None
    at, found = 0, set()
    while at < len(line):
        match = _TOKEN.match(line, at)
        if match is None or match.end() == at:
            return None
        if match["level"]:
            found.add(plain_level(match["level"]))
        at = match.end()
    return found.pop() if len(found) == 1 else None


def column_level(line: str, *, narrow: bool = False) -> str | None:
    """The level that stands in a line of its own column, beside the issuing body or a number, parted by wide spaces (or any)."""
    if len(line) > LONGEST or "\t" in line or "|" in line:
        return None
    parts = [part for part in (_WORD_GAP if narrow else _COLUMN).split(line) if part]
    levels = {level for part in parts if (level := lone_level(part))}
    named = {plain_level(m[0]) for m in re.finditer(LEVEL, line)}
    return levels.pop() if len(levels) == 1 and len(named) == 1 else None


TITLE_END = (
    r"(?:通知|报告|请示|方案|预案|[图表函稿]|图册|名册|名单|清单|纪要|意见|通报|材料|情况|计划|规划|汇编|数据|简报|专报|批复|决定|说明|要点|目录|台账|资料"
    r"|预算|决算|记录|档案|部署|任务书|协议|合同)"
)
_BEFORE_TITLE = re.compile(
    rf"[\s（(【\[]{{0,8}}(?P<level>{LEVEL}(?:级|件)?)[）)】\]]?(?:{SPACE}{{0,2}}[:：|｜\-—–]{{1,2}}{SPACE}{{0,2}}|{SPACE}{{1,4}})"
    rf"(?P<rest>[^\s|，。；！？][^\n|，。；！？]{{2,50}})$"
)


def beside_level(line: str) -> bool:
    """Whether a level stands one space or tab beside the issuing body or a number, or before a title: 机密 特急 某市人民政府文件."""
    line = line.strip()
    if len(line) > LONGEST or len({plain_level(m[0]) for m in re.finditer(LEVEL, line)}) != 1:
        return False
    parts = _SINGLE.split(line)
    lone = [lone_level(part) is not None for part in parts]
    if any(lone) and any(_ISSUER.search(part) for part, is_level in zip(parts, lone, strict=True) if not is_level):
        return not line.endswith(("。", "；", "，"))
    before = _BEFORE_TITLE.match(line)
    return before is not None and re.search(rf"{TITLE_END}$|{_ISSUER.pattern}", before["rest"]) is not None
