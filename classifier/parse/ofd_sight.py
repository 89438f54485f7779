"""Could a reader see this piece of an OFD page? Off the page, in the colour of what lies behind it, under a shape drawn later.

In: everything drawn on a page. Out: for each piece of text its origin (core.document.ORIGINS), None where it shows.
"""

from __future__ import annotations

from collections import defaultdict

from classifier.parse.ofd_drawing import Drawing, Ink, Piece
from classifier.parse.ofd_looks import WHITE, Box, is_alike

_BAND = 10.0
_BANDS = 400
_BLOT = 1.0
"""A cover lower or narrower than a millimetre is a line through the text, not a box over it."""
_WORK = 10_000_000
"""Comparisons of texts with shapes on one page: a map of ten thousand shapes under a page of text needs one million."""
SCAN = 0.8
"""A picture over this share of the page is the page: text below or without ink is the text layer of a scan."""

_LAYER = ("invisible_text", "under_box", "white_text")


class Sight:
    """Everything filled on a page, found by height. State that outlives a call: the bands."""

    def __init__(self, drawing: Drawing, page: Box) -> None:
        self._page = page
        self._work = 0
        self._bands: dict[int, list[Ink]] = defaultdict(list)
        area = max(1.0, (page[2] - page[0]) * (page[3] - page[1]))
        self.is_scan = any((box[2] - box[0]) * (box[3] - box[1]) > SCAN * area for _, box in drawing.pictures)
        for ink in drawing.inks:
            for band in range(_band(ink.box[1]), _band(ink.box[3]) + 1):
                self._bands[band].append(ink)

    @property
    def is_lost(self) -> bool:
        """Whether the page has so many shapes that what covers what was not told to the end."""
        return self._work > _WORK

    def judge(self, pieces: list[Piece]) -> list[tuple[Piece, str | None]]:
        """Each piece with how it is out of sight (None: it shows). The text layer of a scan counts as showing: the picture does."""
        found = [(piece, piece.origin or self._look(piece)) for piece in pieces]
        layer = sum(len(piece.text) for piece, origin in found if origin in _LAYER)
        if not self.is_scan or 2 * layer < sum(len(piece.text) for piece in pieces):
            return found
        return [(piece, None if origin in _LAYER else origin) for piece, origin in found]

    def _look(self, piece: Piece) -> str | None:
        left, top, right, bottom = piece.box
        page = self._page
        if right <= page[0] or left >= page[2] or bottom <= page[1] or top >= page[3]:
            return "off_page"
        middle = ((left + right) / 2, (top + bottom) / 2)
        band = self._bands.get(_band(middle[1]), [])
        self._work += len(band)
        if self.is_lost:
            return None
        around = [ink for ink in band if _holds(ink.box, *middle)]
        if any(ink.covers and ink.rank > piece.rank and _covers(ink.box, piece.box) for ink in around):
            return "under_box"
        below = [ink for ink in around if ink.rank < piece.rank]
        ground = max(below, key=lambda ink: ink.rank).colour if below else WHITE
        if ground is not None and piece.colours and all(c is not None and is_alike(c, ground) for c in piece.colours):
            return "white_text"
        return None


def _band(height: float) -> int:
    return int(min(_BANDS, max(0.0, height / _BAND)))


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _covers(cover: Box, box: Box) -> bool:
    """Whether a cover hides four fifths of a box's width and most of its height."""
    if cover[2] - cover[0] < _BLOT or cover[3] - cover[1] < _BLOT:
        return False
    wide = min(cover[2], box[2]) - max(cover[0], box[0])
    high = min(cover[3], box[3]) - max(cover[1], box[1])
    return wide >= 0.8 * (box[2] - box[0]) and high >= 0.6 * (box[3] - box[1])
