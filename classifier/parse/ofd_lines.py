"""Pieces of an OFD page joined into lines: writers put every run, some every letter, into an object of its own.

In: pieces in the order of the file, each with what hides it. Out: lines in the order of the file, or sorted by place where the
file has no order. Never joined: what shows and what does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from classifier.parse.ofd_drawing import Piece

_SAME_LINE = 0.4
"""Difference of baselines, in heights, within one line."""
_WORD = 0.25
_HAN_GAP = 0.6
_DIGIT_GAP = 0.8
"""Gaps, in heights, from which on a space stands between two pieces: of words, of Chinese, of figures set in full width."""
_HAIR = 0.15
"""Less than the width of an l, in heights."""
_FAR = 12.0
_CHAOS = 20
"""From so many pieces on, an order of the file that leaves lines shorter than three letters is no order."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page; `height` is where its baseline starts."""

    text: str
    height: float
    origin: str | None


@dataclass(slots=True)
class _Open:
    pieces: list[Piece]
    text: str
    origin: str | None


def join(pieces: list[tuple[Piece, str | None]]) -> list[Line]:
    """The lines of pieces and their origins."""
    lines = _join(pieces)
    if len(pieces) >= _CHAOS and sum(len(line.text) for line in lines) < 3 * len(lines):
        tidy = _join(_by_place(pieces))
        if len(tidy) < len(lines):
            lines = tidy
    return [Line(line.text, line.pieces[0].start[1], line.origin) for line in lines]


def _join(pieces: list[tuple[Piece, str | None]]) -> list[_Open]:
    lines: list[_Open] = []
    for piece, origin in pieces:
        line = lines[-1] if lines else None
        gap = _gap(line, piece, origin)
        if line is None or gap is None:
            lines.append(_Open([piece], piece.text, origin))
        elif not _is_shadow(line.pieces[-1], piece):
            line.text += _space(line.text, piece.text, gap) + piece.text
            line.pieces.append(piece)
    return lines


def _gap(line: _Open | None, piece: Piece, origin: str | None) -> float | None:
    """The gap to the end of the line, in heights; None when the piece starts another line."""
    if line is None or line.origin != origin:
        return None
    last = line.pieces[-1]
    size = max(last.size, piece.size, 0.01)
    if _is_shadow(last, piece):
        return 0.0
    if _is_upright(last) and _is_upright(piece) and abs(piece.start[0] - last.start[0]) <= _SAME_LINE * size:
        down = (piece.start[1] - last.end[1]) / size if last.is_vertical else (piece.start[1] - last.start[1]) / size - 1.0
        if -0.5 <= down <= 0.4 and piece.start[1] > last.start[1]:
            return max(0.0, down)
    if last.is_vertical or piece.is_vertical or abs(piece.start[1] - last.end[1]) > _SAME_LINE * size:
        return None
    gap = (piece.start[0] - last.end[0]) / size
    return gap if -1.0 <= gap <= _FAR and piece.start[0] > last.start[0] else None


def _is_upright(piece: Piece) -> bool:
    """Whether a piece can belong to a column of letters."""
    return piece.is_vertical or (len(piece.text.strip()) == 1 and not piece.text.isascii())


def _is_shadow(last: Piece, piece: Piece) -> bool:
    """Whether a piece is the one before it once more, a hair aside: that is how bold print is imitated."""
    near = _HAIR * max(last.size, 0.01)
    return last.text == piece.text and all(abs(a - b) < near for a, b in zip(last.start, piece.start, strict=True))


def _space(before: str, after: str, gap: float) -> str:
    """The space between two pieces, if any."""
    left, right = before[-1:], after[:1]
    if left.isspace() or right.isspace():
        return ""
    if left.isdigit() and right.isdigit():
        return " " if gap > _DIGIT_GAP else ""
    if left.isascii() and right.isascii():
        return " " if gap > _WORD else ""
    return " " if gap > _HAN_GAP else ""


def _by_place(pieces: list[tuple[Piece, str | None]]) -> list[tuple[Piece, str | None]]:
    """Pieces from top to bottom, those of one height from left to right."""
    rows: list[list[tuple[Piece, str | None]]] = []
    for item in sorted(pieces, key=lambda item: item[0].start[1]):
        first = rows[-1][0][0] if rows else None
        if first is not None and item[0].start[1] - first.start[1] <= _SAME_LINE * max(first.size, 0.01):
            rows[-1].append(item)
        else:
            rows.append([item])
    return [item for row in rows for item in sorted(row, key=lambda item: item[0].start[0])]
