"""Ink: red seals that hide black words, and words no box was put around.

In: a picture. Out: the picture without the red of its seals; the runs of letter-like ink outside all boxes. In the red channel of
a colour scan a red seal is as light as the paper, and black words under it stand alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from classifier.parse import ocr_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.parse.ocr_engine import Corners, Engine, Pixels

_RED = 40
"""By how much red exceeds the other colours in red ink."""
_SEAL = 0.05
"""Smallest width of a seal, as a share of the page's longer side (42 mm of 297 are 0.14; small name seals 0.05)."""
_SIDE = 1280


def is_red(pixels: Pixels) -> bool:
    """Whether a cut-out holds red ink."""
    return float((_redness(pixels) > _RED).mean()) > 0.005


def without_red(pixels: Pixels) -> Pixels:
    """The red channel as a grey picture, in which red ink is as white as paper: black under a seal keeps its contrast."""
    red = pixels[:, :, 0]
    inked = red[_redness(pixels) > _RED]
    white = max(64.0, 0.95 * float(np.median(inked))) if inked.size else 255.0
    grey = np.minimum(red * (255.0 / white), 255.0).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def find_under_seals(engine: Engine, picture: Pixels, boxes: Corners) -> tuple[Pixels, Corners]:
    """The picture with its seals taken off, and the boxes with those of the lines under them.

    Boxes of the seal's own letters stay; their words are mostly lost with the ink, the seal's place is all that matters.

    Raises:
        OcrFailed: the picture cannot be worked on.
    """
    clean = picture
    for left, top, right, bottom in _find_seals(picture):
        clean = clean.copy() if clean is picture else clean
        pad = (bottom - top) // 4
        start, end = max(0, top - pad), min(picture.shape[0], bottom + pad)
        clean[top:bottom, left:right] = without_red(picture[top:bottom, left:right])
        found = engine.find_lines(clean[start:end])
        found[:, :, 1] += start
        touching = [
            box
            for box in found
            if box[:, 0].min() < right and box[:, 0].max() > left and box[:, 1].min() < bottom and box[:, 1].max() > top
        ]
        kept = [box for box in boxes if not any(_covers(new, box) for new in touching)]
        boxes = np.array([*kept, *touching], np.float32).reshape(-1, 4, 2)
    return clean, boxes


def _find_seals(picture: Pixels) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of every red spot that is about as wide as high."""
    import cv2

    step = max(1, max(picture.shape[:2]) // 640)
    small = picture[::step, ::step]
    red = (_redness(small) > _RED).astype(np.uint8)
    if not red.any():
        return []
    joined = cv2.dilate(red, np.ones((9, 9), np.uint8))
    least = _SEAL * max(small.shape[:2])
    seals = []
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(joined)[2][1:]:
        if min(width, height) >= least and 0.5 <= width / height <= 2:
            seals.append((int(left) * step, int(top) * step, int(left + width) * step, int(top + height) * step))
    return seals


def _redness(pixels: Pixels) -> NDArray[np.int16]:
    darker = np.maximum(pixels[:, :, 1], pixels[:, :, 2]).astype(np.int16)
    return np.subtract(pixels[:, :, 0].astype(np.int16), darker)


def _covers(new: Corners, old: Corners) -> bool:
    """Whether most of an old box lies in a new one (by their upright frames)."""
    shared = np.minimum(new.max(axis=0), old.max(axis=0)) - np.maximum(new.min(axis=0), old.min(axis=0))
    size = old.max(axis=0) - old.min(axis=0)
    return bool((shared > 0).all()) and float(shared.prod()) > 0.5 * float(size.prod())


def find_missed(picture: Pixels, boxes: Corners) -> list[tuple[int, int, int, int]]:
    """Runs of at least three letter-like marks outside all boxes: words the engine did not see. Red ink does not count.

    Out: left, top, right, bottom of each.
    """
    import cv2

    scale = min(1.0, _SIDE / max(picture.shape[:2]))
    grey = cv2.resize(np.ascontiguousarray(picture[:, :, 0]), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high = 0.75 * scale * float(np.median([ocr_boxes.thickness(box) for box in boxes]))
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 2 * int(high) + 3, 25)
    cv2.fillPoly(ink, [(box * scale).astype(np.int32) for box in boxes], 0)
    for box in boxes:  # strokes that stick out of a box
        cv2.polylines(ink, [(box * scale).astype(np.int32)], True, 0, max(3, int(0.6 * high)))
    _, found, marks, _ = cv2.connectedComponentsWithStats(ink)
    names = found.astype(np.int32)
    fits = (marks[:, 3] > 0.5 * high) & (marks[:, 3] < 1.6 * high) & (marks[:, 2] < 2.2 * high) & (marks[:, 2] > 0.15 * high)
    fits[0] = False
    letters = fits[names].astype(np.uint8)
    joined = cv2.dilate(letters, np.ones((1, max(3, int(high))), np.uint8))
    count, runs, frames, _ = cv2.connectedComponentsWithStats(joined)
    holds = np.bincount(runs.ravel(), weights=_firsts(names, fits).ravel(), minlength=count)
    words = frames[1:][(holds[1:] >= 3) & (frames[1:, 3] < 2.2 * high)] / scale
    return [(int(left), int(top), int(left + width), int(top + height)) for left, top, width, height, _ in words]


def _firsts(names: NDArray[np.int32], fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """One pixel for every mark that fits, so that marks can be counted by where they are."""
    firsts = np.zeros(names.size, np.bool_)
    marks, places = np.unique(names, return_index=True)
    firsts[places[fits[marks]]] = True
    return firsts.reshape(names.shape)
