"""Where the lines of a picture are, and the cut-outs the engine reads.

In: a picture. Out: boxes of four corners (top left, top right, bottom right, bottom left), on the page turned upright.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from classifier.parse.ocr_engine import SIDE

if TYPE_CHECKING:
    from classifier.parse.ocr_engine import Corners, Engine, Pixels

_TALL = 1.5
_SMALL_PRINT = 9.0
"""Median height of lines, in pixels of the reduced page, below which lines are looked for again on a larger one."""
_SMALL_LETTERS = 20.0
"""Height of boxes, in pixels, below which a small picture is doubled."""
_LARGEST = 2_600_000
"""Pixels at which lines are looked for at most: 400 MB of the engine's memory, an A4 page at 160 dpi."""
_LONG = 2.2
"""A picture longer than this (a screenshot of a chat) is looked at in pieces."""
_UPRIGHT = 0.80
"""Confidence of the longest lines below which the page is tried upside down."""


def prepare(array: Pixels) -> Pixels:
    """Three channels, at least 64 pixels each way."""
    import cv2

    picture = array if array.ndim == 3 else np.repeat(array[:, :, None], 3, axis=2)
    missing = max(0, 64 - min(picture.shape[:2]))
    if missing:
        border = missing // 2 + 1
        picture = cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_REPLICATE).astype(np.uint8)
    return picture


def find_closely(engine: Engine, picture: Pixels) -> tuple[Pixels, Corners]:
    """The lines of a picture, which is doubled first where it is small and its letters too (the models know 15 to 50 pixels).

    Raises:
        OcrFailed: the picture cannot be worked on.
    """
    import cv2

    boxes = find(engine, picture)
    is_fine = len(boxes) and float(np.median([thickness(box) for box in boxes])) >= _SMALL_LETTERS
    if is_fine or max(picture.shape[:2]) > SIDE // 2:
        return picture, boxes
    doubled = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    return doubled, find(engine, doubled)


def find(engine: Engine, picture: Pixels) -> Corners:
    """Boxes around all lines; very long pictures and very small print are looked at more closely.

    Raises:
        OcrFailed: the picture cannot be worked on.
    """
    height, width = picture.shape[:2]
    if height > max(_LONG * width, SIDE):
        return _find_in_pieces(engine, picture)
    if width > _LONG * height:  # a strip of a few lines: cutting it would cut the lines
        return engine.find_lines(picture, _largest_side(picture))
    boxes = engine.find_lines(picture)
    scale = SIDE / max(height, width)
    if scale < 0.8 and (not len(boxes) or float(np.median([thickness(box) for box in boxes])) * scale < _SMALL_PRINT):
        boxes = engine.find_lines(picture, _largest_side(picture))
    return boxes


def _largest_side(picture: Pixels) -> int:
    height, width = picture.shape[:2]
    return int(max(height, width) * min(1.0, (_LARGEST / (height * width)) ** 0.5))


def _find_in_pieces(engine: Engine, picture: Pixels) -> Corners:
    """A long picture in overlapping pieces; a line belongs to the piece that has its middle in its core."""
    length, size = picture.shape[0], int(1.4 * max(picture.shape[1], SIDE // 2))
    lap = size // 5
    found = []
    for start in range(0, max(1, length - lap), size - lap):
        end = min(length, start + size)
        boxes = engine.find_lines(picture[start:end])
        boxes[:, :, 1] += start
        middle = boxes[:, :, 1].mean(axis=1)
        first, last = start + lap // 2 if start else 0, end - lap + lap // 2 if end < length else length
        found.append(boxes[(middle >= first) & (middle < last)])
    return np.concatenate(found)


def turn_upright(engine: Engine, picture: Pixels, boxes: Corners) -> tuple[Pixels, Corners]:
    """The page turned so that its lines run from left to right; its longest lines are tried both ways.

    Columns of vertical text read like a page turned by 90 degrees: the models know both, and the order is the same.

    Raises:
        OcrFailed: the picture cannot be worked on.
    """
    lengths = np.array([length(box) for box in boxes])
    tall = np.array([is_tall(box) for box in boxes])
    sideways = bool(lengths[tall].sum() > lengths[~tall].sum())
    kind = np.flatnonzero(tall == sideways)
    sample = [cut(picture, boxes[n]) for n in kind[np.argsort(-lengths[kind])][:3]]
    straight, over = _confidence(engine, sample, 0), 0.0
    if straight < _UPRIGHT:
        over = _confidence(engine, sample, 2)
    turns = int(sideways) + (2 if over > straight else 0)
    return np.ascontiguousarray(np.rot90(picture, turns)), _turn(boxes, picture.shape[1], picture.shape[0], turns)


def _confidence(engine: Engine, cuttings: list[Pixels], turns: int) -> float:
    return float(np.mean([engine.read_line(np.rot90(cutting, turns)).confidence for cutting in cuttings]))


def _turn(boxes: Corners, width: int, height: int, turns: int) -> Corners:
    """The boxes on the page after `turns` quarters against the clock."""
    for _ in range(turns):
        boxes = np.stack([boxes[:, :, 1], width - boxes[:, :, 0]], axis=2)
        boxes = np.roll(boxes, -1, axis=1)  # what was top right is now top left
        width, height = height, width
    return boxes


def cut(picture: Pixels, box: Corners) -> Pixels:
    """The line in a box, straightened; a tall one is laid down, its head to the left."""
    import cv2

    across = max(2, round(float(max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[3] - box[2])))))
    down = max(2, round(float(max(np.linalg.norm(box[0] - box[3]), np.linalg.norm(box[1] - box[2])))))
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    matrix = cv2.getPerspectiveTransform(box.astype(np.float32), target)
    line = cv2.warpPerspective(picture, matrix, (across, down), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.rot90(line.astype(np.uint8)) if is_tall(box) else line.astype(np.uint8)


def length(box: Corners) -> float:
    """The longer side of a box."""
    return float(max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[0] - box[3])))


def thickness(box: Corners) -> float:
    """The shorter side of a box: the height of its letters."""
    return float(min(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[0] - box[3])))


def is_tall(box: Corners) -> bool:
    """Whether a box stands upright on the page, as vertical text does."""
    return bool(np.linalg.norm(box[0] - box[3]) >= _TALL * np.linalg.norm(box[0] - box[1]))
