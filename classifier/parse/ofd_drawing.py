"""What is drawn on an OFD page, in the order in which it is drawn: pieces of text, filled shapes, pictures.

In: content elements of pages, templates, annotations. Out: a Drawing. Composites are drawn where they stand; the text of patterns
counts as text. Source: GB/T 33190-2016 §8-§12.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from classifier.parse.ofd_looks import (
    FAINT,
    TINY,
    Box,
    Colour,
    Frame,
    apply,
    box_of,
    carry,
    colour_of,
    enter,
    is_off,
    is_on,
    is_opaque_picture,
    kind,
    number,
    opacity,
    paint,
    placed,
    rectangle,
)
from classifier.parse.ofd_parts import Parts, child, children

_DEPTH = 12
_NARROW = 0.5
"""Width of a letter of the alphabet, in heights."""


@dataclass(slots=True)
class Resources:
    """What pages refer to by number; `used` are the numbers that a page did refer to."""

    params: dict[str, etree._Element] = field(default_factory=dict)
    units: dict[str, etree._Element] = field(default_factory=dict)
    media: dict[str, str | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    opaque: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """One TextCode: where its baseline starts and ends on the page, how high it is, and in what it is drawn."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    size: float
    rank: int
    colours: tuple[Colour | None, ...] = ()
    origin: str | None = None
    """What already hides it by itself, whatever lies around it."""

    @property
    def is_vertical(self) -> bool:
        """Whether its letters stand below each other."""
        return abs(self.end[1] - self.start[1]) > abs(self.end[0] - self.start[0])

    @property
    def box(self) -> Box:
        """The box around its letters, roughly."""
        (x0, y0), (x1, y1) = self.start, self.end
        return (min(x0, x1), min(y0, y1) - 0.8 * self.size, max(x0, x1, min(x0, x1) + 0.1), max(y0, y1) + 0.1 * self.size)


@dataclass(frozen=True, slots=True)
class Ink:
    """A filled shape or picture; `colour` None where it is of many, `covers` when nothing shines through its box."""

    box: Box
    rank: int
    colour: Colour | None
    covers: bool


@dataclass(slots=True)
class Drawing:
    """Everything drawn on one page."""

    pieces: list[Piece] = field(default_factory=list)
    inks: list[Ink] = field(default_factory=list)
    pictures: list[tuple[str, Box]] = field(default_factory=list)
    """Resource numbers and boxes of pictures that show."""
    paths: int = 0
    objects: int = 0


class Pen:
    """Draws elements into Drawings. State that outlives a call: how many things were drawn before."""

    def __init__(self, parts: Parts, resources: Resources) -> None:
        self.parts = parts
        self.resources = resources
        self._rank = 0

    def draw(self, element: etree._Element, frame: Frame, into: Drawing, depth: int = 0) -> None:
        """Draws everything below a container (layer, page block, composite, appearance, pattern cell)."""
        if depth > _DEPTH:
            self.parts.draft.problem("part_unread", "composite")
            return
        for item in element:
            self.parts.step()
            name = kind(item)
            if name == "TextObject":
                self._write(item, frame, into)
            elif name == "PathObject":
                self._fill(item, frame, into)
            elif name == "ImageObject":
                self._paste(item, frame, into)
            elif name == "CompositeObject":
                self._compose(item, frame, into, depth)
            elif name in ("Layer", "PageBlock", "Content", "CellContent", "Appearance"):
                self.draw(item, enter(item, frame), into, depth + 1)
            if name.endswith("Object"):
                into.objects += 1
                self._weave(item, frame, into, depth)

    def _next(self) -> int:
        self._rank += 1
        return self._rank

    def _write(self, item: etree._Element, frame: Frame, into: Drawing) -> None:
        """A text object: each of its TextCodes is a piece."""
        own = enter(item, frame)
        matrix = placed(item, frame)
        size = abs(number(item.get("Size"), 3.0))
        high = size * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
        colours, is_shown = self._letters(item, own)
        origin = "invisible_text" if not is_shown else "tiny_text" if high < TINY else None
        x = y = 0.0
        for code in children(item, "TextCode"):
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            text = "".join(str(piece) for piece in code.itertext()).strip("\r\n\t")
            if text.strip():
                across, down = _reach(code, text, size)
                ends = apply(matrix, x, y), apply(matrix, x + across, y + down)
                into.pieces.append(Piece(text, *ends, high, self._next(), colours, origin))

    def _letters(self, item: etree._Element, own: Frame) -> tuple[tuple[Colour | None, ...], bool]:
        """The colours letters are drawn in, and whether anything of them shows at all."""
        params = self.resources.params
        inks = []
        if not is_off(item.get("Fill")):
            inks.append(paint(item, "FillColor", own.param, params))
        if is_on(item.get("Stroke")):
            inks.append(paint(item, "StrokeColor", own.param, params))
        seen = [ink for ink in inks if own.alpha * opacity(ink) >= FAINT]
        return tuple(colour_of(ink) for ink in seen), own.is_shown and bool(seen)

    def _fill(self, item: etree._Element, frame: Frame, into: Drawing) -> None:
        """A path: only what is filled can hide or back anything."""
        into.paths += 1
        box = box_of(item.get("Boundary"))
        own = enter(item, frame)
        ink = paint(item, "FillColor", own.param, self.resources.params)
        solid = own.alpha * opacity(ink)
        if not is_on(item.get("Fill")) or box is None or not own.is_shown or solid < FAINT:
            return
        frame_box = carry(frame.matrix, box)
        upright = rectangle(item, placed(item, frame))
        colour = colour_of(ink)
        plain = solid > 1 - FAINT and item.get("BlendMode", "Normal") == "Normal" and upright is not None and colour is not None
        into.inks.append(
            Ink(_common(frame_box, upright) if upright else frame_box, self._next(), colour if plain else None, plain)
        )

    def _paste(self, item: etree._Element, frame: Frame, into: Drawing) -> None:
        """A picture."""
        box, own = box_of(item.get("Boundary")), enter(item, frame)
        number_of = item.get("ResourceID") or ""
        self.resources.used.update(key for key in (number_of, item.get("ImageMask"), item.get("Substitution")) if key)
        if box is None or not own.is_shown or own.alpha < FAINT:
            return
        box = carry(frame.matrix, box)
        into.pictures.append((number_of, box))
        covers = own.alpha > 1 - FAINT and not item.get("ImageMask") and child(item, "Clips") is None
        into.inks.append(Ink(box, self._next(), None, covers and bool(into.pieces) and self._is_opaque(number_of)))

    def _is_opaque(self, number_of: str) -> bool:
        known = self.resources.opaque
        if number_of not in known:
            name = self.resources.media.get(number_of)
            known[number_of] = name is not None and is_opaque_picture(self.parts.read(name) or b"")
        return known[number_of]

    def _compose(self, item: etree._Element, frame: Frame, into: Drawing, depth: int) -> None:
        """A composite draws the unit it refers to, in its own space."""
        number_of = item.get("ResourceID") or ""
        unit = self.resources.units.get(number_of)
        self.resources.used.add(number_of)
        if unit is None:
            self.parts.draft.problem("part_unread", "composite")
            return
        own = enter(item, frame)
        self.draw(unit, Frame(placed(item, frame), own.alpha, own.is_shown, own.param), into, depth + 1)

    def _weave(self, item: etree._Element, frame: Frame, into: Drawing, depth: int) -> None:
        """The cell of a pattern, drawn once where the shape stands."""
        for name in ("FillColor", "StrokeColor"):
            ink = child(item, name)
            pattern = child(ink, "Pattern") if ink is not None else None
            if pattern is not None:
                own = enter(item, frame)
                self.draw(pattern, Frame(frame.matrix, own.alpha * opacity(ink), own.is_shown, own.param), into, depth + 1)


def _reach(code: etree._Element, text: str, size: float) -> tuple[float, float]:
    """How far the letters of a TextCode go, across and down."""
    across, down = _sum(code.get("DeltaX")), _sum(code.get("DeltaY"))
    last = size * (_NARROW if text[-1:].isascii() else 1.0)
    if across is None and down is None:
        wide = sum(_NARROW if letter.isascii() else 1.0 for letter in text)
        return size * wide, 0.0
    if abs(down or 0.0) > abs(across or 0.0):
        return across or 0.0, (down or 0.0) + last
    return (across or 0.0) + last, down or 0.0


def _sum(text: str | None) -> float | None:
    """The sum of a list of steps, in which `g 3 5` stands for three steps of five."""
    if not text or not text.strip():
        return None
    total, pieces, place = 0.0, text.split(), 0
    while place < len(pieces):
        if pieces[place] in ("g", "G") and place + 2 < len(pieces):
            total += number(pieces[place + 1]) * number(pieces[place + 2])
            place += 3
        else:
            total += number(pieces[place])
            place += 1
    return total


def _common(one: Box, other: Box) -> Box:
    """What two boxes share; the second where they do not meet."""
    left, top, right, bottom = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (left, top, right, bottom) if left <= right and top <= bottom else other
