"""Pictures on the pages of a PDF: how much of a page they are, and their words where text recognition is installed.

In: an open page. Out: Ink, and lines with Where.OCR on the Draft. Recognition costs about a second a page, so one file gets so many
looks and no more (a number, not a clock: the same bytes must give the same text); what is not looked at stays a Problem. One colour
holds no words.
"""

from __future__ import annotations

import ctypes
import hashlib
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.parse import inset
from classifier.parse.draft import Draft
from classifier.parse.pdf_drawing import Box, Handle

if TYPE_CHECKING:
    from types import ModuleType

    from classifier.parse.ocr_engine import Pixels

_LOOKED_AT = 5_000
"""Page objects looked at for pictures; a page with more has them among its letters, and its first and last tell enough."""
_HIGH, _WIDE = 8.0, 24.0
"""Points: a picture smaller than one line of a few letters holds no mark."""
_NEAR = 2.0
"""Points between the slices of one picture."""
_PIECES = 64
"""Pictures of a page that are told apart; more are looked at as one."""
_PAGES = 400
"""Pages of a file that are drawn for their pictures."""
_LOOKS = 40
_WELL = 0.9
"""Share of the characters read surely from which a picture counts as read."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What is drawn on a page: number of objects and paths, and the share of the page that pictures cover."""

    objects: int
    paths: int
    pictures: float
    boxes: tuple[Box, ...] = ()
    """Where pictures stand that could hold a line of letters; slices that touch are one."""
    is_whole: bool = True
    """Whether every object was looked at."""


def measure_ink(page: pdfium.PdfPage) -> Ink:
    """What is drawn on a page, from its first and last objects."""
    handle = page.raw  # the wrapper would be unwrapped again at every call
    total = raw.FPDFPage_CountObjects(handle)
    half = _LOOKED_AT // 2
    numbers = range(total) if total <= _LOOKED_AT else [*range(half), *range(total - half, total)]
    paths, area = 0, 0.0
    width, height = page.get_size()
    whole = max(1.0, width * height)
    boxes: list[Box] = []
    get, kind_of, text = raw.FPDFPage_GetObject, raw.FPDFPageObj_GetType, raw.FPDF_PAGEOBJ_TEXT  # the busiest loop of the room
    for number in numbers:
        item = get(handle, number)
        kind = kind_of(item)
        if kind == text:
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and _holds_picture(item)):
            box = _box(item)
            share = (box[2] - box[0]) * (box[3] - box[1]) / whole
            area += share
            boxes.append(box)
    return Ink(total, paths, area, tuple(box for box in _joined(boxes) if _can_speak(box)), total <= _LOOKED_AT)


def _can_speak(box: Box) -> bool:
    sides = sorted((box[2] - box[0], box[3] - box[1]))
    return sides[0] >= _HIGH and sides[1] >= _WIDE


def _union(one: Box, two: Box) -> Box:
    return min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])


def _joined(boxes: list[Box]) -> list[Box]:
    """The boxes, with those that touch made one: a picture is often stored in slices."""
    if len(boxes) > _PIECES:
        return [reduce(_union, boxes)]
    whole: list[Box] = []
    for box in boxes:
        while near := [other for other in whole if _touch(box, other)]:
            whole = [other for other in whole if other not in near]
            box = reduce(_union, near, box)
        whole.append(box)
    return whole


def _touch(one: Box, two: Box) -> bool:
    across, along = min(one[2], two[2]) - max(one[0], two[0]), min(one[3], two[3]) - max(one[1], two[1])
    return across > -_NEAR and along > -_NEAR


def _holds_picture(form: Handle, depth: int = 0) -> bool:
    """Whether a form object draws a picture, three levels deep."""
    for number in range(min(raw.FPDFFormObj_CountObjects(form), _LOOKED_AT)):
        item = raw.FPDFFormObj_GetObject(form, number)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and depth < 3 and _holds_picture(item, depth + 1)):
            return True
    return False


def _box(item: Handle) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    return left.value, bottom.value, max(left.value, right.value), max(bottom.value, top.value)


@dataclass(slots=True)
class Eye:
    """Text recognition for one file. State that outlives a call: how often it may still look, and what it has seen."""

    left: int = _LOOKS
    pages: int = _PAGES
    seen: dict[bytes, bool] = field(default_factory=dict)
    """Digests of pictures, and whether they were read well: a letter head is read on its first page only."""

    def read_page(self, page: pdfium.PdfPage, number: int, draft: Draft) -> bool:
        """Reads a whole page by its picture; False where recognition is not installed, not sure, or has looked enough."""
        reader = _recognition() if self.left > 0 else None
        self.left -= 1
        return reader is not None and bool(reader.read_pdf_page(page, draft, number))

    def read_pictures(self, page: pdfium.PdfPage, number: int, boxes: tuple[Box, ...], draft: Draft) -> bool:
        """Reads the pictures on a page that has a text layer; False when one stays unread."""
        reader = _recognition() if self.pages > 0 else None
        self.pages -= 1
        if reader is None:
            draft.tally("images", len(boxes), 0)
            return False
        pixels = reader.render(page)
        high, wide = pixels.shape[:2]
        x, y = ctypes.c_int(), ctypes.c_int()
        sure = True
        for box in boxes:
            corners = []
            for left, bottom in (box[:2], box[2:]):
                raw.FPDF_PageToDevice(page, 0, 0, wide, high, 0, left, bottom, x, y)
                corners.append((min(max(0, x.value), wide), min(max(0, y.value), high)))
            (x0, y0), (x1, y1) = corners
            part = pixels[min(y0, y1) : max(y0, y1), min(x0, x1) : max(x0, x1)]
            sure = self._read_part(part, number, draft) and sure
        return sure

    def _read_part(self, part: Pixels, number: int, draft: Draft) -> bool:
        """One picture as the page shows it."""
        from classifier.parse import ocr, ocr_pixels

        if not part.size or int(np.ptp(part, axis=(0, 1)).max()) <= ocr_pixels.SOLID:
            draft.tally("images")
            return True
        digest = hashlib.blake2b(part.tobytes() + repr(part.shape).encode(), digest_size=20).digest()
        is_new = digest not in self.seen
        share: float | None = None
        if is_new and self.left > 0:
            self.left -= 1
            trial = Draft("", draft.limits)
            share = ocr.read_bitmap(part, trial, page=number)
            seen = trial.finish("", "image")
            is_silent = inset.is_icon(seen, part.shape[:2])
            inset.say(seen, f"page {number}", draft, page=number, is_silent=is_silent)
            self.seen[digest] = share is not None and (share >= _WELL or is_silent)
        draft.tally("images", 1, int(share is not None or not is_new))
        return self.seen.get(digest, False)


def _recognition() -> ModuleType | None:
    try:
        from classifier.parse import ocr_pages
    except ImportError:
        return None
    return ocr_pages
