"""Reading order by geometry: rows from top to bottom, pieces of a row from left to right, newspaper columns one after the other.

In: lines with their boxes in an upright page. Out: rows of lines in the order a person reads. A table is read row by row, columns
of running text column by column: text fills its column, table cells do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILLED = 0.8
"""Share of the column's width that the typical line of running text fills."""
_COLUMN_LINES = 4
_SAME_ROW = 0.5
"""Share of the lower piece's height by which two pieces of one row overlap."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One line's place on the page, straightened: left, top, right, bottom; `key` leads back to the line."""

    key: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Height."""
        return self.bottom - self.top


def sort(strips: Sequence[Strip]) -> list[list[Strip]]:
    """The rows of a page in reading order."""
    return _sort(list(strips), depth=0)


def _sort(strips: list[Strip], depth: int) -> list[list[Strip]]:
    gutter = _find_gutter(strips) if depth < 3 and len(strips) >= 2 * _COLUMN_LINES else None
    if gutter is None:
        return _rows(strips)
    rows: list[list[Strip]] = []
    waiting: list[Strip] = []
    for strip in sorted(strips, key=lambda s: s.top):
        if strip.left < gutter < strip.right:  # a heading over both columns ends what stood above it
            rows += _sort_columns(waiting, gutter, depth)
            rows.append([strip])
            waiting = []
        else:
            waiting.append(strip)
    return rows + _sort_columns(waiting, gutter, depth)


def _sort_columns(strips: list[Strip], gutter: float, depth: int) -> list[list[Strip]]:
    left = [strip for strip in strips if strip.right <= gutter]
    right = [strip for strip in strips if strip.left >= gutter]
    if not (_is_text(left) and _is_text(right)):
        return _rows(strips)
    return _sort(left, depth + 1) + _sort(right, depth + 1)


def _is_text(column: list[Strip]) -> bool:
    """Whether pieces are lines of running text: enough of them, and the typical one fills the column."""
    if len(column) < _COLUMN_LINES:
        return False
    width = max(s.right for s in column) - min(s.left for s in column)
    typical = median(s.right - s.left for s in column)
    return typical >= _FILLED * width and typical >= 5 * median(s.height for s in column)


def _find_gutter(strips: list[Strip]) -> float | None:
    """The x of a white river between columns: crossed by few lines, with lines enough on both sides."""
    start, end = min(s.left for s in strips), max(s.right for s in strips)
    typical = median(s.height for s in strips)
    best: tuple[int, float] | None = None
    for edge in sorted({s.right for s in strips}):
        x = edge + 0.5 * typical
        if not start + 0.15 * (end - start) < x < end - 0.15 * (end - start):
            continue
        crossed = sum(s.left < x < s.right for s in strips)
        left, right = sum(s.right <= x for s in strips), sum(s.left >= x for s in strips)
        if min(left, right) >= _COLUMN_LINES and crossed * 3 <= min(left, right) and (best is None or crossed < best[0]):
            best = (crossed, x)
    return best[1] if best else None


def _rows(strips: list[Strip]) -> list[list[Strip]]:
    """Pieces that stand beside each other become one row."""
    rows: list[list[Strip]] = []
    for strip in sorted(strips, key=lambda s: s.top + s.bottom):
        row = rows[-1] if rows else []
        if row and all(_beside(strip, other) for other in row):
            row.append(strip)
        else:
            rows.append([strip])
    return [sorted(row, key=lambda s: s.left) for row in rows]


def _beside(one: Strip, other: Strip) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = max(one.left, other.left) - min(one.right, other.right)
    return shared >= _SAME_ROW * min(one.height, other.height) and apart > -0.5 * min(one.height, other.height)
