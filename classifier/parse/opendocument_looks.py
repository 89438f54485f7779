"""Styles of an OpenDocument file: which of them hide a run, a slide, a sheet, a row, a layer.

In: the roots of styles.xml and content.xml. Out: Looks. Styles inherit (`parent-style-name`); a style that says nothing has the
look of its parent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from classifier.parse.word_looks import value
from classifier.parse.xmltree import local

_WHITE = {"#ffffff", "#fffffe", "#fefefe", "white"}
_SIZE = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(pt|cm|mm|in|px|pc)")
_POINTS = {"pt": 1.0, "cm": 28.3465, "mm": 2.83465, "in": 72.0, "px": 0.75, "pc": 12.0}
_TINY = 3.0
_DRAWN = {"frame", "custom-shape", "rect", "g", "polygon", "path", "ellipse", "circle"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says; None where it says nothing."""

    hidden: bool | None = None
    white: bool | None = None
    tiny: bool | None = None
    painted: bool | None = None
    """A colour behind the characters, the paragraph, the cell or the shape."""
    shown: bool | None = None
    """Whether a slide or sheet with this style is shown."""
    parent: str = ""

    def over(self, below: Look) -> Look:
        """The look laid over a weaker one."""
        return Look(
            below.hidden if self.hidden is None else self.hidden,
            below.white if self.white is None else self.white,
            below.tiny if self.tiny is None else self.tiny,
            below.painted if self.painted is None else self.painted,
            below.shown if self.shown is None else self.shown,
        )


@dataclass(slots=True)
class Looks:
    """Styles by (family, name), pages sizes by master page, and hidden layers."""

    styles: dict[tuple[str, str], Look] = field(default_factory=dict)
    pages: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Width and height in points, by page layout, then by master page."""
    layers: set[str] = field(default_factory=set)
    """Layers that are not on screen."""
    painted: set[str] = field(default_factory=set)
    """Master pages with a coloured ground, a picture or a figure: white letters on their slides may well show."""
    masters: set[str] = field(default_factory=set)
    """Master pages that the content names."""

    def of(self, family: str, name: str) -> Look:
        """The look of a style, its parents' where it says nothing."""
        found, seen = Look(), set()
        while name and name not in seen:
            seen.add(name)
            style = self.styles.get((family, name))
            if style is None:
                break
            found = found.over(style)
            name = style.parent
        return found


def points(length: str) -> float | None:
    """A length in points; None when it is none."""
    found = _SIZE.fullmatch(length.strip())
    return float(found[1]) * _POINTS[found[2]] if found else None


def read_looks(root: etree._Element, looks: Looks) -> None:
    """Adds the styles of one part."""
    for style in root.iter("{*}style"):
        key = (value(style, "family"), value(style, "name"))
        looks.styles[key] = _read_look(style)
    for layout in root.iter("{*}page-layout"):
        for setting in layout.iter("{*}page-layout-properties"):
            width, height = points(value(setting, "page-width")), points(value(setting, "page-height"))
            if width and height:
                looks.pages[value(layout, "name")] = (width, height)
    for master in root.iter("{*}master-page"):
        size = looks.pages.get(value(master, "page-layout-name"))
        if size is not None:
            looks.pages["master " + value(master, "name")] = size
        drawn = any(local(child.tag) in _DRAWN for child in master)
        if drawn or looks.of("drawing-page", value(master, "style-name")).painted:
            looks.painted.add(value(master, "name"))
    for layer in root.iter("{*}layer"):
        if value(layer, "display") in ("none", "printer") or value(layer, "protected") == "hidden":
            looks.layers.add(value(layer, "name"))
    for element in root.iter():
        for attribute, name in element.attrib.items() if isinstance(element.tag, str) else ():
            if local(attribute) == "master-page-name":
                looks.masters.add(str(name))


def _read_look(style: etree._Element) -> Look:
    hidden = white = tiny = painted = shown = None
    for setting in style:
        kind = local(setting.tag)
        back = value(setting, "background-color").lower()
        if back:
            painted = back not in ("transparent", *_WHITE)
        if kind == "text-properties":
            if value(setting, "display"):
                hidden = value(setting, "display") == "none"
            if value(setting, "color"):
                white = value(setting, "color").lower() in _WHITE
            size = points(value(setting, "font-size"))
            tiny = size <= _TINY if size is not None else tiny
        elif kind == "graphic-properties" and value(setting, "fill"):
            painted = value(setting, "fill") != "none" and value(setting, "fill-color").lower() not in _WHITE
        elif kind == "drawing-page-properties":
            if value(setting, "visibility"):
                shown = value(setting, "visibility") != "hidden"
            if value(setting, "fill"):
                painted = value(setting, "fill") != "none" and value(setting, "fill-color").lower() not in _WHITE
        elif kind == "table-properties" and value(setting, "display"):
            shown = value(setting, "display") != "false"
    return Look(hidden, white, tiny, painted, shown, value(style, "parent-style-name"))
