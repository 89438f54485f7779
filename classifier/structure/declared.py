"""The attribute a paper prints about itself: an annotation（此件公开发布）, a field（公开属性：不予公开）, or ticked boxes.

Only annotations and short lines count, never running text. Blanks inside the words say nothing; an empty set of boxes declares nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_OPTION = r"(?:主动公开|依申请公开|不予公开|免予公开|暂不公开|不公开|部分公开|删减后公开|全文公开)"
_SUBJECT = r"(?:此件|本件|该件|此文|本文|该文|此文件|本文件|本通知|此通知)"
_DECLARED = re.compile(
    rf"(?:{_SUBJECT}(?:为|属于|系)?|(?:信息)?公开(?:属性|方式|类型|类别|形式|选项|标识)[:：]?)"
    r"(?P<v>主动公开|公开发布|全文公开|网上公开|删减后公开|部分公开|可?依申请公开|不予公开|免予公开|暂不公开|不公开|不宜公开|公开)"
)
_ASKED = re.compile(r"是否(?:同意|可以|主动|予以|网上|对外)?公开[:：](?P<v>不同意|同意|不公开|公开|是|否|不)")
_AS = {
    "主动公开": "active", "公开发布": "active", "全文公开": "active", "网上公开": "active", "公开": "active", "删减后公开": "active",
    "部分公开": "active", "依申请公开": "on_request", "可依申请公开": "on_request", "不予公开": "withheld", "免予公开": "withheld",
    "暂不公开": "withheld", "不公开": "withheld", "不宜公开": "withheld", "不同意": "withheld", "否": "withheld", "不": "withheld",
    "同意": "active", "是": "active",
}  # fmt: skip
_TICK = r"(?:[☑✓√✔✅☒■●]|[（(\[【][√✓✔☑■●][）)\]】])"
_BOX = r"(?:[□☐○◻▢]|[（(\[【][）)\]】])"
_BOXED = re.compile(rf"(?P<before>{_TICK}|{_BOX})?(?P<v>{_OPTION})(?P<after>{_TICK}|{_BOX})?")
_ANY_TICK = re.compile(_TICK)
_BLANKS = re.compile(r"[\s\u3000]+")
_LONGEST = 48


def _ticked(line: str) -> str | None:
    """The option whose box is ticked; of several the most closed, `withheld` where a tick belongs to nobody, None when all are empty."""
    options = list(_BOXED.finditer(line))
    leading = options[0]["before"] is not None
    ticks = [m["v"] for m in options if _ANY_TICK.fullmatch((m["before"] if leading else m["after"]) or "")]
    if not ticks:
        return "withheld" if _ANY_TICK.search(line) else None
    return most_closed([(0, _AS[v]) for v in ticks])


def find_declared(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Every declaration with the number of its line, in order.

    Args:
        lines: folded lines of the body.
    """
    found = []
    for number, raw in enumerate(lines):
        if "公" not in raw or len(raw) > 2 * _LONGEST:
            continue
        line = _BLANKS.sub("", raw)
        if len(line) > _LONGEST:
            continue
        if len(_BOXED.findall(line)) >= 2:
            attribute = _ticked(line) if _ANY_TICK.search(line) or re.search(_BOX, line) else None
        elif m := _ASKED.search(line) or _DECLARED.search(line):
            attribute = _AS[m["v"]] if line[0] in "（([【" or len(line) - len(m[0]) <= 14 else None
        else:
            attribute = None
        if attribute is not None:
            found.append((number, attribute))
    return found


def most_closed(notes: Sequence[tuple[int, str]]) -> str | None:
    """Where several are printed the most closed one counts."""
    found = {attribute for _, attribute in notes}
    return next((value for value in ("withheld", "on_request", "active") if value in found), None)
