"""Charts of a report as inline SVG: no script, no outside file, words escaped, the same figures beside them in a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from markupsafe import Markup

from classifier.holdings.figures import NO_DATE, Group
from classifier.holdings.listing import Verdict

COLOURS = {
    Verdict.ACTIVE: "#2f7d4f",
    Verdict.ON_REQUEST: "#5b8fc4",
    Verdict.WITHHELD: "#d99a2b",
    Verdict.STOPPED: "#a61b1b",
    Verdict.UNREAD: "#9aa4b0",
}
"""Apart in lightness too, so that a black and white print can be told apart with the legend's order."""
_SERIES = tuple(COLOURS.values())
_LEFT, _RIGHT, _TOP, _FOOT = 46, 14, 14, 26
_COLUMN = 12
"""The narrowest column whose neighbour is still told apart."""


def year_chart(groups: Sequence[Group], width: int, height: int = 240) -> Markup:
    """Verdicts by year as stacked columns; where there are more years than fit, several years share a column.

    Args:
        groups: one for each year, `NO_DATE` last.
        width: pixels at which the chart is shown: words keep their size on a narrow screen.
        height: pixels.
    """
    columns = _bins(groups, max(3, (width - _LEFT - _RIGHT) // _COLUMN))
    if not columns:
        return Markup("")
    step = _round_up(max(c.papers for c in columns))
    top = step * -(-max(c.papers for c in columns) // step)
    plot, room = height - _TOP - _FOOT, width - _LEFT - _RIGHT
    pitch = min(64.0, room / len(columns))
    parts = [_grid(step, top, width, plot)]
    every = max(1, -(-38 // int(pitch))) if all(len(c.name) <= 4 for c in columns) else max(1, -(-76 // int(pitch)))
    last = len(columns) - 1 if columns[-1].name == NO_DATE else len(columns) + every
    for place, column in enumerate(columns):
        left = _LEFT + place * pitch + pitch * 0.12
        parts.append(_column(column, left, pitch * 0.76, top, plot))
        if column.name == NO_DATE:
            parts.append(_words(left + pitch * 0.38, height - 9, "不明", "middle"))
        elif place % every == 0 and place < last - every / 2:
            parts.append(_words(left + pitch * 0.38, height - 9, column.name, "middle"))
    told = "；".join(f"{c.name} {c.papers} 件" for c in columns[:40])
    return _frame(width, height, f"各年份的结论（件）：{told}", parts)


def bar_chart(rows: Sequence[tuple[str, int]], width: int, colour: str = "#1d3a5f") -> Markup:
    """Counts as horizontal bars, in the order given, each with its name above it and its figure behind it."""
    if not rows:
        return Markup("")
    most = max(count for _, count in rows) or 1
    pitch, room = 38, width - 84
    parts = []
    for place, (name, count) in enumerate(rows):
        y = place * pitch
        length = max(1.0, room * count / most)
        parts.append(_words(0, y + 13, _cut(name, width // 14), "start"))
        parts.append(Markup('<rect x="0" y="{}" width="{:.1f}" height="13" fill="{}"/>').format(y + 19, length, colour))
        parts.append(_words(length + 6, y + 30, f"{count:,}", "start"))
    return _frame(width, len(rows) * pitch, "；".join(f"{name} {count}" for name, count in rows), parts)


def share_bar(verdicts: Sequence[int], width: int) -> Markup:
    """One bar cut into verdicts by share."""
    total = sum(verdicts)
    if not total:
        return Markup("")
    starts = [0, *accumulate(verdicts)]
    parts = [
        Markup('<rect x="{:.2f}" y="0" width="{:.2f}" height="22" fill="{}"><title>{}</title></rect>').format(
            width * start / total, max(width * count / total, 1.5), colour, f"{verdict.label} {count:,} 件"
        )
        for verdict, count, start, colour in zip(Verdict, verdicts, starts, _SERIES, strict=False)
        if count
    ]
    return _frame(width, 22, "；".join(f"{v.label} {n} 件" for v, n in zip(Verdict, verdicts, strict=True)), parts)


def _bins(groups: Sequence[Group], most: int) -> list[Group]:
    """At most `most` columns: years put together by twos, fives, tens …; years without a paper keep their place."""
    dated = {int(g.name): g for g in groups if g.name.isdigit()}
    rest = [g for g in groups if not g.name.isdigit()]
    if not dated:
        return rest
    for size in (1, 2, 5, 10, 20, 50, 100):
        first, last = min(dated) // size * size, max(dated)
        starts = range(first, last + 1, size)
        if len(starts) + len(rest) <= most:
            break
    columns = []
    for start in starts:
        inside = [dated[year] for year in range(start, start + size) if year in dated]
        counts = tuple(sum(column) for column in zip(*(g.verdicts for g in inside), strict=True)) or (0,) * len(Verdict)
        columns.append(
            Group(
                str(start) if size == 1 else f"{start}–{(start + size - 1) % 100:02d}", counts, sum(g.suggested for g in inside)
            )
        )
    return columns + rest


def _round_up(most: int) -> int:
    """A step of 1, 2 or 5 times a power of ten that cuts the axis into at most five."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * 5 >= most:
                return factor * size
        size *= 10


def _grid(step: int, top: int, width: int, plot: int) -> Markup:
    lines = []
    for value in range(0, top + 1, step):
        y = _TOP + plot - plot * value / top
        lines.append(
            Markup('<line x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}" stroke="#d3d9e0"/>').format(_LEFT, width - _RIGHT, y, y)
        )
        lines.append(_words(_LEFT - 6, y + 4, _short(value), "end"))
    return Markup("").join(lines)


def _column(group: Group, left: float, width: float, top: int, plot: int) -> Markup:
    y, parts = float(_TOP + plot), []
    for count, colour in zip(group.verdicts, _SERIES, strict=True):
        tall = plot * count / top
        y -= tall
        if count:
            parts.append(
                Markup('<rect x="{:.1f}" y="{:.2f}" width="{:.1f}" height="{:.2f}" fill="{}"/>').format(
                    left, y, width, tall, colour
                )
            )
    told = "，".join(f"{v.label} {n:,}" for v, n in zip(Verdict, group.verdicts, strict=True) if n)
    return Markup("<g><title>{}：{}</title>{}</g>").format(group.name, told, Markup("").join(parts))


def _words(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, words)


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _short(value: int) -> str:
    return f"{value / 10_000:g} 万" if value >= 10_000 else str(value)


def _frame(width: int, height: float, told: str, parts: Sequence[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>').format(
        width, height, width, height, told, Markup("").join(parts)
    )
