"""Pictures on the pages of a PDF: how much of a page they are, and their words where text recognition is installed.

In: an open page. Out: Ink, and lines with Where.OCR on the Draft. Recognition costs about a second a page, so one file gets so many
looks and no more (a number, not a clock: the same bytes must give the same text); what is not looked at stays a Problem.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from types import ModuleType

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.parse.draft import Draft
from classifier.parse.pdf_drawing import Box, Handle

_LOOKED_AT = 240
"""Page objects looked at for pictures; a page with more has them among its letters, and the first and last tell enough."""
SPEAKING = 0.05
"""Share of the page from which a picture can hold words."""
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
    """Where pictures of a twentieth of the page and more stand."""


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
            if share >= SPEAKING:
                boxes.append(box)
    return Ink(total, paths, area, tuple(boxes))


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
    """Text recognition for one file. State that outlives a call: how many pages it may still look at."""

    left: int = _LOOKS

    def read_page(self, page: pdfium.PdfPage, number: int, draft: Draft) -> bool:
        """Reads a whole page by its picture; False where recognition is not installed, not sure, or has looked enough."""
        reader = self._reader()
        return reader is not None and bool(reader.read_pdf_page(page, draft, number))

    def read_pictures(self, page: pdfium.PdfPage, number: int, boxes: tuple[Box, ...], draft: Draft) -> bool:
        """Reads the pictures on a page that has a text layer; False when one stays unread."""
        reader = self._reader() if boxes else None
        if reader is None:
            return False
        from classifier.parse import ocr

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
            share = ocr.read_bitmap(part, draft, page=number) if part.size else 1.0
            draft.tally("images", 1, int(share is not None))
            sure = sure and share is not None and share >= _WELL
        return sure

    def _reader(self) -> ModuleType | None:
        if self.left <= 0:
            return None
        self.left -= 1
        try:
            from classifier.parse import ocr_pages
        except ImportError:
            return None
        return ocr_pages
