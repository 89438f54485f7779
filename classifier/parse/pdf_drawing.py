"""A page as a list of what is drawn: letters, what may cover them, pictures; forms opened, in drawing order.

In: an open page and what its commands hint at. Out: a Drawing, in which each text object carries what it is suspect of. Boxes are
in the page's own points.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.parse.pdf_content import Signs

Handle = Any
"""A pointer of PDFium; pypdfium2's ctypes declarations carry no types."""
Box = tuple[float, float, float, float]
Colour = tuple[int, int, int, int]
Matrix = tuple[float, ...]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_INVISIBLE_MODES = (3, 7)
_CLEAR = 13
_SOLID = 250
_WHITE = 238
_ALIKE = 12
"""Levels of 255 by which letters and the box below them may differ and still not be told apart."""
_TINY = 2.5
_THIN = 3.0
_OBJECTS = 20_000
_FORM_DEPTH = 4
_TEXT, _FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM
_LABEL = 6
"""A form of so few objects is a label on its own box, as redaction tools stamp it: its words were never under the box."""
_SIDES = (ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float())
"""One set of boxes for PDFium to write into: making four for each object is a third of the walk. One process, one thread."""
_LEVELS = (ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint())
_LAYER = "layer"
"""A page with layers that are off: any letter may be in one, only the picture of the page tells."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known about a page before its objects are looked at."""

    signs: Signs
    closed: frozenset[str] = frozenset()
    """Names of layers that are off."""
    marked: tuple[Box, ...] = ()
    """Boxes of redactions that were never applied."""
    notes: tuple[Box, ...] = ()
    """Boxes of annotations that may be drawn over letters."""
    beyond: bool = False
    """Whether some letters lie outside the page."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing on the page could be hidden."""
        return not (self.signs.any or self.closed or self.marked or self.notes or self.beyond)


@dataclass(slots=True)
class Letters:
    """A text object: where it comes in the drawing order, what it is suspect of, and what may cover it."""

    handle: Handle
    order: int
    matrix: Matrix
    group: int
    origin: str | None
    covers: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """A filled shape, a picture or an annotation: where in the drawing order, its box, its colour where it has one."""

    order: int
    box: Box
    colour: Colour | None = None
    group: int = 0


@dataclass(slots=True)
class Drawing:
    """All objects of a page, forms opened."""

    letters: dict[int, Letters] = field(default_factory=dict)
    covers: list[Cover] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    count: int = 0


def open_drawing(page: pdfium.PdfPage, frame: Frame) -> Drawing:
    """The Drawing of a page, each text object with what may hide it."""
    drawing = Drawing()
    _open(page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _IDENTITY, drawing, frame, 0)
    drawing.covers += [Cover(drawing.count + 1, note) for note in frame.notes]
    for item in drawing.letters.values():
        item.covers = _covers_of(item, drawing)
    return drawing


def _open(
    holder: Handle,
    count_of: Callable[[Handle], int],
    item_of: Callable[[Handle, int], Handle],
    matrix: Matrix,
    drawing: Drawing,
    frame: Frame,
    depth: int,
) -> None:
    total = count_of(holder)
    group = address(holder) if depth and total <= _LABEL else 0
    kind_of, covers = raw.FPDFPageObj_GetType, frame.signs.covers
    for number in range(total):
        drawing.count += 1
        if drawing.count > _OBJECTS:
            return
        item = item_of(holder, number)
        kind = kind_of(item)
        if kind == _TEXT:
            origin = _suspicion(item, matrix, frame)
            drawing.letters[address(item)] = Letters(item, drawing.count, matrix, group, origin)
        elif kind == _FORM:
            if depth < _FORM_DEPTH:
                inner = _times(_matrix(item), matrix)
                _open(item, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, drawing, frame, depth + 1)
        elif covers:
            _add_cover(item, kind, matrix, group, drawing)


def _add_cover(item: Handle, kind: int, matrix: Matrix, group: int, drawing: Drawing) -> None:
    """Notes a shape or picture that can hide a letter."""
    box = _bounds(item, matrix)
    if box is None or min(box[2] - box[0], box[3] - box[1]) < _THIN:
        return
    colour = None
    if kind == raw.FPDF_PAGEOBJ_PATH:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
            return
        colour = _fill(item)
        if colour is not None and colour[3] < _SOLID:
            return
    elif kind == raw.FPDF_PAGEOBJ_IMAGE:
        drawing.pictures.append(box)
    drawing.covers.append(Cover(drawing.count, box, colour, group))


def _suspicion(item: Handle, matrix: Matrix, frame: Frame) -> str | None:
    """What the properties of a text object make it suspect of."""
    signs = frame.signs
    if (signs.modes and raw.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE_MODES) or (
        frame.closed and _is_closed(item, frame.closed)
    ):
        return "invisible_text"
    if signs.colours and (colour := _fill(item)) is not None:
        if colour[3] < _CLEAR:
            return "invisible_text"
        if min(colour[:3]) >= _WHITE:
            return "white_text"
    size = ctypes.c_float()
    if signs.tiny and raw.FPDFTextObj_GetFontSize(item, size):
        own = _times(_matrix(item), matrix)
        if abs(size.value) * math.hypot(own[2], own[3]) <= _TINY:
            return "tiny_text"
    return _LAYER if frame.closed else None


def _fill(item: Handle) -> Colour | None:
    red, green, blue, alpha = _LEVELS
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value, alpha.value


def _is_closed(item: Handle, closed: frozenset[str]) -> bool:
    """Whether a mark around the object names a layer that is off."""
    buffer, size = (raw.FPDF_WCHAR * 256)(), ctypes.c_ulong()
    for number in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, number)
        found = raw.FPDFPageObjMark_GetParamStringValue(mark, b"Name\0", buffer, 512, size) and size.value >= 2
        if found and bytes(buffer)[: min(size.value, 512) - 2].decode("utf-16-le", "replace") in closed:
            return True
    return False


def _covers_of(item: Letters, drawing: Drawing) -> tuple[Box, ...]:
    """What is drawn later over a text object, or earlier below it in its own colour."""
    if not drawing.covers:
        return ()
    box = _bounds(item.handle, item.matrix)
    meeting = [cover for cover in drawing.covers if box is None or meets(box, cover.box)]
    if not meeting:
        return ()
    own = _fill(item.handle) if any(cover.order < item.order and cover.colour for cover in meeting) else None
    return tuple(cover.box for cover in meeting if cover.order > item.order or (own and _is_below(cover, item, own)))


def _is_below(cover: Cover, item: Letters, own: Colour) -> bool:
    """Whether letters stand on a dark box of their own colour (white ones are suspect already)."""
    colour = cover.colour
    if colour is None or min(colour[:3]) >= _WHITE or (cover.group and cover.group == item.group):
        return False
    return max(abs(a - b) for a, b in zip(own, colour, strict=True)) < _ALIKE


def letter_box(text: pdfium.PdfTextPage, index: int) -> Box | None:
    """The box of a letter, None where PDFium has none."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _bounds(item: Handle, matrix: Matrix) -> Box | None:
    left, bottom, right, top = _SIDES
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    if matrix is _IDENTITY:
        return left.value, bottom.value, right.value, top.value
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs, ys = [a * x + c * y + e for x, y in corners], [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(item: Handle) -> Matrix:
    values = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, values):
        return _IDENTITY
    return values.a, values.b, values.c, values.d, values.e, values.f


def _times(one: Matrix, two: Matrix) -> Matrix:
    if two is _IDENTITY:
        return one
    a, b, c, d, e, f = one
    p, q, r, s, t, u = two
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def address(handle: Handle) -> int:
    """The number that tells one object from another."""
    return ctypes.addressof(handle.contents) if handle else 0


def meets(box: Box, other: Box) -> bool:
    """Whether two boxes share some area."""
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def holds(box: Box, x: float, y: float) -> bool:
    """Whether a point lies in a box."""
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
