"""The shapes of one slide, flat and in drawing order, with the place each takes on it.

In: the shape tree of a slide, notes page, layout or master. Out: Shapes; whether one lies off the slide or under another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from classifier.parse.slides_colours import fill_of, is_opaque
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local

_SHAPES = ("sp", "pic", "graphicFrame", "cxnSp", "contentPart")
_ALIKE = {"ctrTitle": "title", "": "body", "obj": "body", "subTitle": "body"}
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the slide, in EMU."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share any area."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        """Whether the other one lies inside, give or take a hundredth of its size."""
        x, y = (other.right - other.left) / 100, (other.bottom - other.top) / 100
        inside = self.left <= other.left + x and self.right >= other.right - x
        return inside and self.top <= other.top + y and self.bottom >= other.bottom - y


@dataclass(frozen=True, slots=True)
class Grid:
    """How the coordinates inside a group become those of the slide."""

    scale_x: float = 1.0
    scale_y: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0

    def place(self, x: float, y: float, width: float, height: float) -> Box:
        """A rectangle of the group on the slide."""
        left, top = x * self.scale_x + self.shift_x, y * self.scale_y + self.shift_y
        return Box(left, top, left + width * self.scale_x, top + height * self.scale_y)


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape; `box` is None where it stands where its layout says, `spare` marks the second version of an alternative."""

    element: etree._Element
    box: Box | None
    hidden: bool = False
    spare: bool = False

    @property
    def kind(self) -> str:
        """The local name of the element."""
        return local(self.element.tag)

    @property
    def own(self) -> etree._Element | None:
        """Its `cNvPr`: id, name, alternative text."""
        return next(self.element.iter("{*}cNvPr"), None)

    @property
    def properties(self) -> etree._Element | None:
        """Its `spPr`."""
        return next((e for e in self.element if local(e.tag) == "spPr"), None)

    @property
    def holder(self) -> etree._Element | None:
        """Its `ph`, when it is a placeholder."""
        for child in self.element:
            if local(child.tag).startswith("nv"):
                return next(child.iter("{*}ph"), None)
        return None

    @property
    def holder_kind(self) -> str | None:
        """`title`, `body`, `ftr` …; None when it is no placeholder."""
        holder = self.holder
        return None if holder is None else _ALIKE.get(value(holder, "type"), value(holder, "type"))

    @property
    def covers(self) -> bool:
        """Whether what lies under it cannot be seen."""
        if self.kind == "pic":
            return not any(self.element.iter("{*}alphaModFix", "{*}clrChange"))
        shape = next((e for e in self.properties if local(e.tag) == "prstGeom"), None) if self.properties is not None else None
        is_box = shape is not None and value(shape, "prst") in ("rect", "roundRect", "flowChartProcess")
        return self.kind == "sp" and is_box and is_opaque(fill_of(self.properties))

    @property
    def is_painted(self) -> bool:
        """Whether it puts anything behind letters that lie over it."""
        fill = fill_of(self.properties)
        if fill is not None:
            return local(fill.tag) != "noFill"
        style = next(self.element.iter("{*}fillRef"), None)
        return self.kind in ("pic", "graphicFrame") or (style is not None and value(style, "idx") != "0")


def flatten(parent: Iterable[etree._Element], grid: Grid | None = None, hidden: bool = False, depth: int = 0) -> Iterator[Shape]:
    """Every shape below a tree or group, in drawing order.

    Raises:
        RecursionError: for groups nested deeper than any program makes them.
    """
    if depth > _DEEPEST:
        raise RecursionError
    grid = grid or Grid()
    for child in parent:
        name = local(child.tag)
        if name in _SHAPES:
            own = next(child.iter("{*}cNvPr"), None)
            is_hidden = hidden or (own is not None and value(own, "hidden") in ("1", "true"))
            yield Shape(child, _box(child, grid), is_hidden)
        elif name == "grpSp":
            own = next(child.iter("{*}cNvPr"), None)
            is_hidden = hidden or (own is not None and value(own, "hidden") in ("1", "true"))
            yield from flatten(child, _inside(child, grid), is_hidden, depth + 1)
        elif name == "AlternateContent":
            for number, branch in enumerate(e for e in child if local(e.tag) in ("Choice", "Fallback")):
                for shape in flatten(branch, grid, hidden, depth + 1):
                    yield Shape(shape.element, shape.box, shape.hidden, shape.spare or number > 0)


def _frame(element: etree._Element) -> etree._Element | None:
    """The `xfrm` of a shape or group."""
    for child in element:
        if local(child.tag) == "xfrm":
            return child
        if local(child.tag) in ("spPr", "grpSpPr"):
            return next((e for e in child if local(e.tag) == "xfrm"), None)
    return None


def _points(frame: etree._Element) -> dict[str, tuple[float, float]]:
    return {
        local(e.tag): (_number(value(e, "x") or value(e, "cx")), _number(value(e, "y") or value(e, "cy")))
        for e in frame
        if isinstance(e.tag, str)
    }


def _box(element: etree._Element, grid: Grid) -> Box | None:
    frame = _frame(element)
    points = _points(frame) if frame is not None else {}
    return grid.place(*points["off"], *points["ext"]) if "off" in points and "ext" in points else None


def _inside(group: etree._Element, outer: Grid) -> Grid:
    frame = _frame(group)
    points = _points(frame) if frame is not None else {}
    if not {"off", "ext", "chOff", "chExt"} <= points.keys() or not all(points["chExt"]):
        return outer
    x, y = points["ext"][0] / points["chExt"][0], points["ext"][1] / points["chExt"][1]
    shift_x, shift_y = points["off"][0] - points["chOff"][0] * x, points["off"][1] - points["chOff"][1] * y
    return Grid(
        outer.scale_x * x,
        outer.scale_y * y,
        shift_x * outer.scale_x + outer.shift_x,
        shift_y * outer.scale_y + outer.shift_y,
    )


def _number(text: str) -> float:
    try:
        return float(int(text[:18]))
    except ValueError:
        return 0.0
