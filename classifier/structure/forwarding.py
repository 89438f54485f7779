"""Papers that carry another body's paper: 转发 and 批转 notices, and what that paper itself prints about its disclosure.

In: the title and the folded lines of the body. Out: a Forwarded, or None. 条例 第十条: who made a paper decides on it, so the
carried paper must not become more open by being passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from classifier.core.document import Forwarded

_NOTICE = re.compile(r"(?P<verb>转发|批转)(?P<what>[^\n]{4,120}?)(?:的)?通知$")
_MAKER = re.compile(r"^[《“]?(?P<maker>[\u4e00-\u9fff、（）()]{2,40}?)(?:《|关于|印发|转发)")
_MARKS = re.compile(r"[\s《》“”‘’\"]")


def _bare(text: str) -> str:
    return _MARKS.sub("", text)


def find_forwarded(title: str | None, lines: Sequence[str], declared: Iterable[tuple[int, str]]) -> Forwarded | None:
    """The paper that a notice passes on.

    Args:
        title: the notice's title.
        lines: folded lines of the body, in order.
        declared: line number and attribute of every printed note, in order.
    """
    match = _NOTICE.search(_bare(title or ""))
    if match is None:
        return None
    what = match["what"]
    maker = _MAKER.match(what)
    start = where_it_begins(title, lines)
    notes = [attribute for number, attribute in declared if start is not None and number > start]
    return Forwarded(
        verb=match["verb"],
        title=what,
        maker=maker["maker"] if maker else None,
        declared_attribute=notes[-1] if notes else None,
        enclosed=start is not None,
    )


def where_it_begins(title: str | None, lines: Sequence[str]) -> int | None:
    """The line of the carried paper's own title: its topic stands there again, and no sentence around it."""
    match = _NOTICE.search(_bare(title or ""))
    if match is None:
        return None
    maker = _MAKER.match(match["what"])
    topic = match["what"][maker.end("maker") :] if maker else match["what"]
    wanted = topic[:40]
    if len(wanted) < 6:
        return None
    for number in range(len(lines) - 1, 2, -1):
        line = _bare(lines[number])
        if wanted in line and len(line) <= len(topic) + 24 and not line.endswith(("。", "；", "：")):
            notice = "转发" in line or "批转" in line
            if not notice:
                return number
    return None
