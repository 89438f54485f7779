"""Letters of a PDF page that its reader does not see: under a box, white, clear, tiny, in a layer that is off, beyond the page.

In: an open page with its text. Out: for each such letter how it is hidden. Objects are suspected by their properties and their
drawing order (a filled shape or a picture drawn later over letters: the idea of x-ray); then the page is drawn once with and
once without the suspects, and a suspect that changes no pixel is hidden. What changes a pixel is seen, whatever it looked like.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.parse.pdf_drawing import Box, Drawing, Frame, Handle, address, holds, letter_box, meets, open_drawing
from classifier.parse.pdf_pages import Page

_LETTERS = 20_000
_SCAN = 0.5
"""Share of the page a picture covers when invisible letters over it are the text layer of a scan."""
_SIDE = 2400
"""Pixels of the longer side of a page drawn for proof."""
_SURE = ("invisible_text", "tiny_text", "off_page", "redaction")
_BLANKS = (9, 10, 13, 32)
_LEAST = 2
_WORD = re.compile("[0-9A-Za-z]")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


def find_hidden(page: Page, text: pdfium.PdfTextPage, frame: Frame) -> dict[int, str]:
    """How each hidden letter is hidden, by its index in the text page."""
    drawing = open_drawing(page.read, frame)
    suspect = any(item.covers or item.origin for item in drawing.letters.values())
    if not (suspect or frame.marked or frame.beyond):
        return {}
    count = min(text.count_chars(), _LETTERS)
    limits = page.read.get_bbox()
    found = dict(_suspects(text, count, drawing, limits, frame))
    if drawing.pictures:
        _leave_scan(found, text, drawing, limits, count)
    doubtful = {index for index, origin in found.items() if origin not in _SURE}
    for index in doubtful - _prove(page, text, doubtful, drawing, frame):
        del found[index]
    return {index: "invisible_text" if origin == "layer" else origin for index, origin in found.items()}


def take_out(text: str, page: pdfium.PdfTextPage, found: dict[int, str]) -> tuple[str, list[tuple[str, str]]]:
    """The text of a page with hidden letters blanked (a NUL each, so that places hold), and the hidden runs: (origin, words).

    A run of fewer than two letters or digits is a stray mark of the layout and stays where it stands.
    """
    places = _places(text, page, found)
    runs: list[tuple[str, list[int]]] = []
    for place in sorted(places):
        last = runs[-1] if runs else None
        if last and last[0] == places[place] and not text[last[1][-1] + 1 : place].strip():
            last[1].extend(range(last[1][-1] + 1, place + 1))
        else:
            runs.append((places[place], [place]))
    letters = list(text)
    hidden: list[tuple[str, str]] = []
    for origin, run in runs:
        words = text[run[0] : run[-1] + 1]
        if sum(letter.isalnum() for letter in words) < _LEAST and not _HAN.search(words):
            continue
        first, end = _whole_word(text, run[0], run[-1] + 1)
        hidden.append((origin, text[first:end].strip()))
        letters[first:end] = ["\0"] * (end - first)
    return "".join(letters), hidden


def _whole_word(text: str, first: int, end: int) -> tuple[int, int]:
    """The run with the rest of the number or Latin word it cuts into: halves of a number are found by nobody."""
    while first > 0 and _WORD.match(text, first) and _WORD.match(text, first - 1):
        first -= 1
    while end < len(text) and _WORD.match(text, end - 1) and _WORD.match(text, end):
        end += 1
    return first, end


def _places(text: str, page: pdfium.PdfTextPage, found: dict[int, str]) -> dict[int, str]:
    """Letter numbers of PDFium as places in the Python string (PDFium counts in UTF-16)."""
    units: list[int] | None = None
    if any(letter > "\uffff" for letter in text):
        units = [place for place, letter in enumerate(text) for _ in range(2 if letter > "\uffff" else 1)]
    places: dict[int, str] = {}
    for index, origin in found.items():
        unit = raw.FPDFText_GetTextIndexFromCharIndex(page, index)
        if 0 <= unit < (len(units) if units is not None else len(text)):
            places[units[unit] if units is not None else unit] = origin
    return places


def is_beyond(page: pdfium.PdfPage, text: pdfium.PdfTextPage, length: int) -> bool:
    """Whether letters lie outside the page: asked of PDFium in one call, or two. `length` is that of the whole text in UTF-16."""
    left, bottom, right, top = page.get_bbox()
    inside = raw.FPDFText_GetBoundedText(text, left, top, right, bottom, None, 0)
    return bool(inside != length and inside != raw.FPDFText_GetBoundedText(text, -1e6, 1e6, 1e6, -1e6, None, 0))


def _suspects(text: pdfium.PdfTextPage, count: int, drawing: Drawing, limits: Box, frame: Frame) -> Iterator[tuple[int, str]]:
    everywhere = frame.beyond or bool(frame.marked)
    for index in range(count):
        handle = raw.FPDFText_GetTextObject(text, index)
        item = drawing.letters.get(address(handle)) if handle else None
        if item is None or not (everywhere or item.origin or item.covers):
            continue
        box = letter_box(text, index) if everywhere or item.covers else None
        if box is None:
            if item.origin:
                yield index, item.origin
            continue
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not meets(box, limits):
            yield index, "off_page"
        elif any(holds(mark, x, y) for mark in frame.marked):
            yield index, "redaction"
        elif item.origin in _SURE:
            yield index, item.origin
        elif any(holds(cover, x, y) for cover in item.covers):
            yield index, "under_box"
        elif item.origin:
            yield index, item.origin


def _leave_scan(found: dict[int, str], text: pdfium.PdfTextPage, drawing: Drawing, limits: Box, count: int) -> None:
    """Invisible letters over the picture of a page are the text layer of a scan: what they say is seen in the picture."""
    area = (limits[2] - limits[0]) * (limits[3] - limits[1])
    scans = [box for box in drawing.pictures if (box[2] - box[0]) * (box[3] - box[1]) >= _SCAN * area]
    unseen = [index for index, origin in found.items() if origin in ("invisible_text", "under_box")]
    if not scans or 2 * len(unseen) < count - _blanks(text, count):
        return
    for index in unseen:
        box = letter_box(text, index)
        if box and any(holds(scan, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for scan in scans):
            del found[index]


def _blanks(text: pdfium.PdfTextPage, count: int) -> int:
    return sum(raw.FPDFText_GetUnicode(text, index) in _BLANKS for index in range(count))


def _prove(page: Page, text: pdfium.PdfTextPage, doubtful: set[int], drawing: Drawing, frame: Frame) -> set[int]:
    """The letters that change no pixel when their objects are not drawn."""
    if not doubtful:
        return set()
    handles = _handles(page, text, doubtful, drawing, frame)
    shown, bare = _draw_both(page.shown, handles, bool(frame.notes))
    if shown.data == bare.data:
        return doubtful
    return {index for index in doubtful if _is_same(page.shown, letter_box(text, index), shown, bare)}


def _handles(page: Page, text: pdfium.PdfTextPage, doubtful: set[int], drawing: Drawing, frame: Frame) -> list[Handle]:
    """The text objects of letters, as the page that is drawn knows them."""
    found = {address(handle): handle for index in doubtful if (handle := raw.FPDFText_GetTextObject(text, index))}
    if page.shown is page.read:
        return list(found.values())
    orders = {drawing.letters[place].order for place in found if place in drawing.letters}
    return [item.handle for item in open_drawing(page.shown, frame).letters.values() if item.order in orders]


def _draw_both(page: pdfium.PdfPage, handles: list[Handle], notes: bool) -> tuple[_Picture, _Picture]:
    """The page with and without some of its objects."""
    width, height = page.get_size()
    scale = min(2.0, _SIDE / max(1.0, width, height))
    shown = _draw(page, scale, notes)
    for handle in handles:
        raw.FPDFPageObj_SetIsActive(handle, False)
    bare = _draw(page, scale, notes)
    for handle in handles:
        raw.FPDFPageObj_SetIsActive(handle, True)
    return shown, bare


@dataclass(frozen=True, slots=True)
class _Picture:
    data: bytes
    width: int
    height: int
    stride: int


def _draw(page: pdfium.PdfPage, scale: float, notes: bool) -> _Picture:
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=notes)
    picture = _Picture(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
    bitmap.close()
    return picture


def _is_same(page: pdfium.PdfPage, box: Box | None, one: _Picture, other: _Picture) -> bool:
    """Whether two drawings agree where a letter stands."""
    if box is None:
        return True
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for left, bottom in ((box[0], box[1]), (box[2], box[3])):
        raw.FPDF_PageToDevice(page, 0, 0, one.width, one.height, 0, left, bottom, x, y)
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1) = corners
    first, last = max(0, min(x0, x1)), min(one.width, max(x0, x1) + 1)
    for row in range(max(0, min(y0, y1)), min(one.height, max(y0, y1) + 1)):
        start = row * one.stride
        if one.data[start + first : start + last] != other.data[start + first : start + last]:
            return False
    return True
