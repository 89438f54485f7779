"""How things on an OFD page look: boxes, matrices, colours, and whether a reader could see them.

In: attributes of untrusted XML (anything may stand in them). Out: numbers; what cannot be read counts as "nothing special".
Lengths are millimetres, the origin is the upper left corner. Source: GB/T 33190-2016 §8.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lxml import etree

from classifier.parse.ofd_parts import child
from classifier.parse.xmltree import local

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)
FAINT = 0.04
"""Opacity, and difference of colour, below which print shows nothing (10 of 255)."""
TINY = 0.5
"""Letters lower than half a millimetre (1.4 points) are dust."""
_SHORT_PATH = 400
_POINT = re.compile(r"([A-Za-z])|(-?[\d.]+(?:[eE][-+]?\d+)?)")


@dataclass(frozen=True, slots=True)
class Frame:
    """What an object inherits from its layer, composite or annotation."""

    matrix: Matrix = IDENTITY
    alpha: float = 1.0
    is_shown: bool = True
    param: str = ""


def number(text: str | None, default: float = 0.0) -> float:
    """A finite number, or the default."""
    try:
        value = float(text) if text else default
    except ValueError:
        return default
    return value if math.isfinite(value) and abs(value) < 1e7 else default


def numbers(text: str | None) -> list[float]:
    """The numbers of a list with spaces."""
    return [number(piece) for piece in (text or "").replace(",", " ").split()[:64]]


def box_of(text: str | None) -> Box | None:
    """A box from `x y width height`."""
    values = numbers(text)
    if len(values) != 4:
        return None
    x, y, width, height = values
    return (min(x, x + width), min(y, y + height), max(x, x + width), max(y, y + height))


def times(first: Matrix, then: Matrix) -> Matrix:
    """One matrix that does `first`, and `then` the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point, moved."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def carry(matrix: Matrix, box: Box) -> Box:
    """The box around a moved box."""
    corners = [apply(matrix, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return (min(c[0] for c in corners), min(c[1] for c in corners), max(c[0] for c in corners), max(c[1] for c in corners))


def placed(element: etree._Element, frame: Frame) -> Matrix:
    """The matrix from an object's own space to the page: its CTM, its boundary's corner, what holds it."""
    values = numbers(element.get("CTM"))
    own: Matrix = (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else IDENTITY
    box = box_of(element.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    moved: Matrix = (own[0], own[1], own[2], own[3], own[4] + box[0], own[5] + box[1])
    return moved if frame.matrix is IDENTITY else times(moved, frame.matrix)


def enter(element: etree._Element, frame: Frame) -> Frame:
    """What the insides of an element inherit (without its place)."""
    shown = frame.is_shown and not is_off(element.get("Visible"))
    return Frame(frame.matrix, frame.alpha * opacity(element), shown, element.get("DrawParam") or frame.param)


def is_off(text: str | None) -> bool:
    """Whether a boolean attribute says no."""
    return (text or "").strip().lower() in ("false", "0")


def is_on(text: str | None) -> bool:
    """Whether a boolean attribute says yes."""
    return (text or "").strip().lower() in ("true", "1")


def opacity(element: etree._Element | None) -> float:
    """The Alpha of an object or a colour, from 0 to 1."""
    return 1.0 if element is None else min(1.0, max(0.0, number(element.get("Alpha"), 255.0) / 255.0))


def paint(element: etree._Element, name: str, param: str, params: dict[str, etree._Element]) -> etree._Element | None:
    """The FillColor or StrokeColor of an object: its own, or of its drawing parameters and those they build on."""
    own = child(element, name)
    depth = 0
    while own is None and param in params and depth < 8:
        own = child(params[param], name)
        param = params[param].get("Relative") or ""
        depth += 1
    return own


def colour_of(element: etree._Element | None) -> Colour | None:
    """A colour as red, green, blue from 0 to 1; black where none is given, None for patterns and palettes."""
    if element is None:
        return (0.0, 0.0, 0.0)
    if len(element):  # a pattern or a shading
        return None
    values = [_channel(piece) for piece in (element.get("Value") or "").replace(",", " ").split()[:5]]
    if not values:
        return None if element.get("Index") else (0.0, 0.0, 0.0)
    if len(values) == 1:
        return (values[0], values[0], values[0])
    if len(values) == 4:
        cyan, magenta, yellow, black = values
        return ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    return (values[0], values[1], values[2]) if len(values) == 3 else None


def _channel(text: str) -> float:
    if text.startswith("#"):
        try:
            return min(1.0, int(text[1:], 16) / 255.0)
        except ValueError:
            return 0.0
    return min(1.0, max(0.0, number(text) / 255.0))


def is_alike(one: Colour, other: Colour) -> bool:
    """Whether two colours cannot be told apart in print."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < FAINT


def rectangle(element: etree._Element, matrix: Matrix) -> Box | None:
    """The box of a path that is an upright rectangle, on the page; None for every other path, and for clipped ones."""
    data = child(element, "AbbreviatedData")
    text = (data.text or "") if data is not None else ""
    if (
        not text
        or len(text) > _SHORT_PATH
        or abs(matrix[1]) > 1e-6
        or abs(matrix[2]) > 1e-6
        or child(element, "Clips") is not None
    ):
        return None
    letters, values = "", []
    for letter, value in _POINT.findall(text):
        letters += letter
        if value:
            values.append(number(value))
    if not set(letters) <= set("MLSCB") or "B" in letters or len(values) not in (8, 10):
        return None
    across, down = {round(v, 2) for v in values[0::2]}, {round(v, 2) for v in values[1::2]}
    if len(across) != 2 or len(down) != 2:
        return None
    return carry(matrix, (min(across), min(down), max(across), max(down)))


def is_opaque_picture(untrusted: bytes) -> bool:
    """Whether nothing shines through a picture: JPEG and BMP, and PNG without an alpha channel."""
    if untrusted.startswith((b"\xff\xd8", b"BM")):
        return True
    return (
        untrusted.startswith(b"\x89PNG")
        and len(untrusted) > 26
        and untrusted[25] in (0, 2, 3)
        and b"tRNS" not in untrusted[:2048]
    )


def kind(element: etree._Element) -> str:
    """The name of an element."""
    return local(element.tag)
