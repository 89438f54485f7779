"""The risk-coverage curve as one SVG: how many papers need only a click, and how many of those would be wrong (for the model card)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.learn.guarantee import Point

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 560, 320, 56, 24, 16, 48
_COLOURS = ("#1d3a5f", "#a61b1b", "#1d5f37", "#6b4700")


def _x(coverage: float) -> float:
    return _LEFT + coverage * (_WIDTH - _LEFT - _RIGHT)


def _y(risk: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - min(risk / top, 1.0) * (_HEIGHT - _TOP - _BOTTOM)


def _axes(top: float) -> list[str]:
    out = []
    for step in range(6):
        share, risk = step / 5, top * step / 5
        out.append(
            f'<line x1="{_x(share):.1f}" y1="{_y(0, top):.1f}" x2="{_x(share):.1f}" y2="{_y(top, top):.1f}" stroke="#e3e7ec"/>'
        )
        out.append(f'<text x="{_x(share):.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{share:.0%}</text>')
        out.append(
            f'<line x1="{_x(0):.1f}" y1="{_y(risk, top):.1f}" x2="{_x(1):.1f}" y2="{_y(risk, top):.1f}" stroke="#e3e7ec"/>'
        )
        out.append(f'<text x="{_LEFT - 8}" y="{_y(risk, top) + 4:.1f}" text-anchor="end">{risk:.1%}</text>')
    middle = (_x(0) + _x(1)) / 2
    out.append(f'<text x="{middle:.1f}" y="{_HEIGHT - 10}" text-anchor="middle">只需点击确认的文书所占比例</text>')
    out.append(f'<text x="{_LEFT}" y="{_TOP - 8}">其中判断不对的比例</text>')
    return out


def draw(curves: Mapping[str, Sequence[Point]]) -> str:
    """One SVG with a named curve for each series; an empty series is named and has no line."""
    top = max((p.risk for points in curves.values() for p in points if p.coverage > 0.05), default=0.0)
    top = max(0.05, round(top + 0.005, 2))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12" role="img">',
        "<title>风险与覆盖曲线</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        *_axes(top),
    ]
    for number, (name, points) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{_x(p.coverage):.1f},{_y(p.risk, top):.1f}" for p in points)
        if points:
            parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>')
        parts.append(f'<text x="{_LEFT + 12}" y="{_TOP + 16 + 16 * number}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])
