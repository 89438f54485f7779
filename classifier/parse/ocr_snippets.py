"""Cut-outs of what was not read surely, for a person's eyes: they are shown beside the text and never read again.

In: an upright page and the frame of a line or a run of ink on it. Out: a small grey PNG on the Draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier.core.document import SNIPPET_BYTES, SNIPPET_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifier.parse.draft import Draft
    from classifier.parse.ocr_engine import Pixels

    Frame = tuple[int, int, int, int]
    """Left, top, right, bottom."""

_SIDES = (SNIPPET_SIDE, 1000, 700)
"""Pixels of the longer side, tried until the picture is small enough; grainy scans hardly squeeze."""
_NEAR = 3
"""Gap between two pieces of one row, in heights of the lower piece."""
_ABOVE, _BESIDE = 0.4, 1.5
"""Paper around a frame, in shares of its thinner side; beside it a letter may stand that a comma cut off."""


def keep(picture: Pixels, frames: Iterable[Frame], draft: Draft, page: int | None) -> None:
    """Cuts the frames out from top to bottom until the Draft has enough."""
    for frame in _join(sorted(frames, key=lambda frame: (frame[1], frame[0]))):
        if draft.has_snippets_enough:
            return
        draft.snip(_cut(picture, frame), page)


def _join(frames: Iterable[Frame]) -> list[Frame]:
    """Pieces of one row that stand close are one frame: a comma breaks a run of ink, and a line is one thing to read."""
    rows: list[Frame] = []
    for left, top, right, bottom in frames:
        for n, (left_, top_, right_, bottom_) in enumerate(rows):
            thin = min(bottom - top, bottom_ - top_)
            near = max(left, left_) - min(right, right_) <= _NEAR * thin
            if near and min(bottom, bottom_) - max(top, top_) >= 0.5 * thin:
                rows[n] = (min(left, left_), min(top, top_), max(right, right_), max(bottom, bottom_))
                break
        else:
            rows.append((left, top, right, bottom))
    return rows


def _cut(picture: Pixels, frame: Frame) -> bytes:
    """The frame with a margin; empty where nothing of it lies on the page."""
    import cv2

    left, top, right, bottom = frame
    thin = min(right - left, bottom - top)
    above, beside = (max(4, int(share * thin)) for share in (_ABOVE, _BESIDE))
    part = picture[max(0, top - above) : max(0, bottom + above), max(0, left - beside) : max(0, right + beside)]
    if not part.size:
        return b""
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    png = b""
    for side in _SIDES:
        scale = min(1.0, side / max(grey.shape))
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        png = cv2.imencode(".png", small, (cv2.IMWRITE_PNG_COMPRESSION, 9))[1].tobytes()
        if len(png) <= SNIPPET_BYTES:
            break
    return png
