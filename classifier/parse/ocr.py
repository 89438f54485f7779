"""Text in pictures: lines are found, turned upright, read, read again where in doubt, and put in reading order.

In: the bytes of a picture, or its pixels. Out: passages with Where.OCR on the Draft; whatever was not read surely is added all
the same and reported as `ocr_low`, for a misread line is an unread line. No character the model gave is rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from classifier.core.document import Where
from classifier.parse import ocr_boxes, ocr_ink, ocr_order, ocr_snippets
from classifier.parse.ocr_engine import Engine, OcrFailed, Reading, load
from classifier.parse.ocr_order import Strip

if TYPE_CHECKING:
    from classifier.parse.draft import Draft
    from classifier.parse.ocr_engine import Corners, Pixels
    from classifier.parse.ocr_snippets import Frame

SURE = 0.92
"""A line below this mean confidence counts as unread. The least of 518 rightly read lines of 20 drawn pages had 0.960."""
SURE_LETTER = 0.60
"""So does one with a letter or digit below this; the least of the same lines had 0.696."""
_DOUBT = 0.96
"""Below this a line is read again: without red ink, and by the small models."""
_DOUBT_LETTER = 0.70
_DOUBT_SIGN = 0.80
_UPSIDE_DOWN = 0.80
_AGAIN = 30
"""Lines of one page read again at most; a page with more is unreadable anyway, and says so."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its four corners on the upright page, and what it says."""

    corners: Corners
    reading: Reading

    @property
    def is_sure(self) -> bool:
        """Whether the line counts as read."""
        return self.reading.confidence >= SURE and self.reading.weakest >= SURE_LETTER

    @property
    def frame(self) -> Frame:
        """Its upright frame."""
        (left, top), (right, bottom) = self.corners.min(axis=0), self.corners.max(axis=0)
        return int(left), int(top), int(right), int(bottom)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture shows: the page turned upright, its lines, and the word-like runs of ink that no line covers."""

    picture: Pixels
    lines: tuple[Line, ...] = ()
    missed: tuple[Frame, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether everything seen was read surely."""
        return not self.unread

    @property
    def unread(self) -> tuple[Frame, ...]:
        """The places that were not read surely."""
        return (*(line.frame for line in self.lines if not line.is_sure), *self.missed)

    @property
    def share(self) -> float:
        """The share of characters read surely; 1.0 for a picture without text."""
        letters = sum(len(line.reading.text) for line in self.lines)
        sure = sum(len(line.reading.text) for line in self.lines if line.is_sure)
        return sure / letters if letters else float(not self.lines)


def read_image(untrusted: bytes, draft: Draft, *, page: int | None = None, where_part: str = "") -> None:
    """Adds the text of a picture that lies inside another document (png, jpeg, tiff, bmp, gif, webp), and counts the picture.

    What cannot be decoded is Problem `image` (or `bomb`) at `where_part` or the page. Raises nothing for any bytes.
    """
    from classifier.parse import ocr_pixels

    place = where_part or (f"page {page}" if page else "")
    read = [read_faces(faces, draft, page=page, where_part=place) for faces in ocr_pixels.decode(untrusted, draft, place)]
    draft.tally("images", 1, int(bool(read) and all(read)))


def read_faces(faces: list[Pixels], draft: Draft, *, page: int | None, where_part: str = "") -> bool:
    """Adds what a picture shows on white paper; what it shows only on black or with its transparency off is `invisible_text`.

    Out: whether it was read, surely or not.
    """
    shown: set[str] = set()
    shares = [
        read_bitmap(face, draft, page=page, where_part=where_part, origin="invisible_text" if n else None, shown=shown)
        for n, face in enumerate(faces)
    ]
    return None not in shares


def read_bitmap(
    array: Pixels,
    draft: Draft,
    *,
    page: int | None = None,
    where_part: str = "",
    origin: str | None = None,
    shown: set[str] | None = None,
) -> float | None:
    """Adds the lines of a picture (height x width, or x 3 for RGB) and reports doubtful ones.

    `shown` holds the rows that other faces of the picture had, which are not said twice; this one's are added to it.
    Out: the share of characters read surely (1.0 for a picture without text), None when it was not read at all.
    """
    place = where_part or (f"page {page}" if page else "")
    engine = load()
    if engine is None:
        draft.problem("ocr_off", place)
        return None
    try:
        seen = look(engine, array)
    except OcrFailed:
        draft.problem("ocr_low", place)
        return None
    rows = [_join(row) for row in _in_order(seen.lines)]
    for row in rows:
        if shown is None or row not in shown:
            draft.add(row, Where.OCR, page=page, origin=origin)
    if shown is not None:
        shown.update(rows)
    if not seen.is_sure:
        draft.problem("ocr_low", place)
        ocr_snippets.keep(seen.picture, seen.unread, draft, page)
    return seen.share


def look(engine: Engine, array: Pixels) -> Seen:
    """The lines of a picture, upright, in no order.

    Raises:
        OcrFailed: the picture cannot be worked on.
    """
    picture, boxes = ocr_boxes.find_closely(engine, ocr_boxes.prepare(array))
    if not len(boxes):
        return Seen(picture)
    picture, boxes = ocr_boxes.turn_upright(engine, picture, boxes)
    clean, boxes = ocr_ink.find_under_seals(engine, picture, boxes)
    lines = [Line(box, engine.read_line(ocr_boxes.cut(clean, box))) for box in boxes]
    weak = [n for n, line in enumerate(lines) if _is_weak(line.reading)]
    for n in sorted(weak, key=lambda n: -ocr_boxes.length(boxes[n]))[:_AGAIN]:
        lines[n] = replace(lines[n], reading=_read_again(ocr_boxes.cut(picture, boxes[n]), lines[n].reading))
    lines = [line for line in lines if line.reading.text or _is_long(line.corners)]
    return Seen(picture, tuple(lines), tuple(ocr_ink.find_missed(clean, boxes)))


def _is_weak(reading: Reading) -> bool:
    return reading.confidence < _DOUBT or reading.weakest < _DOUBT_LETTER or reading.weakest_sign < _DOUBT_SIGN


def _read_again(cutting: Pixels, first: Reading) -> Reading:
    """The surest of several readings: without red ink where there is any, by the small models, upside down."""
    forms = [ocr_ink.without_red(cutting), cutting] if ocr_ink.is_red(cutting) else [cutting]
    if first.confidence < _UPSIDE_DOWN:
        forms.append(np.rot90(cutting, 2))
    best = first
    for tier in ("tiny", "small"):
        engine = load(tier)
        for form in forms if engine is not None else ():
            again = engine.read_line(form) if engine is not None else first
            best = max(best, again, key=lambda reading: reading.confidence)
        if not _is_weak(best):
            break
    return best


def _is_long(box: Corners) -> bool:
    """A box with nothing in it is a mark of the page, unless it is as long as a word."""
    return ocr_boxes.length(box) > 4 * ocr_boxes.thickness(box)


def _in_order(lines: tuple[Line, ...]) -> list[list[tuple[Strip, str]]]:
    """The rows of the page, after its skew has been taken out of the places."""
    wide = [line.corners for line in lines if not ocr_boxes.is_tall(line.corners) and _is_long(line.corners)]
    slopes = [float(np.arctan2(box[1, 1] - box[0, 1], box[1, 0] - box[0, 0])) for box in wide]
    angle = float(np.median(slopes)) if slopes else 0.0
    straighten = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    strips = []
    for key, line in enumerate(lines):
        places = line.corners @ straighten
        (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
        strips.append(Strip(key, float(left), float(top), float(right), float(bottom)))
    return [[(strip, lines[strip.key].reading.text) for strip in row] for row in ocr_order.sort(strips)]


def _join(row: list[tuple[Strip, str]]) -> str:
    """The pieces of a row: close ones are one line that was found in two, far ones stand apart as in a table."""
    text = ""
    end = 0.0
    for strip, words in row:
        gap = (strip.left - end) / max(1.0, strip.height)
        text += ("" if not text or gap < 0.5 else " " if gap < 1.5 else "\t") + words
        end = strip.right
    return text
