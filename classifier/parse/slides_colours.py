"""Colours of a slide show: theme, colour map and background, so that white on white is seen for what it is.

In: theme, master, layout and slide parts. Out: a colour as (r, g, b), or None where it cannot be told (then nothing is hidden).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from classifier.parse.slides_package import Deck, Part
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local

Colour = tuple[int, int, int]
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "yellow": (255, 255, 0), "blue": (0, 0, 255)}
_SYSTEM = {"window": (255, 255, 255), "windowText": (0, 0, 0)}
_NEAR = 12
_FILLS = ("solidFill", "noFill", "gradFill", "blipFill", "pattFill", "grpFill")
_MAP = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one slide: names to values, and what is behind everything (None: a picture or a gradient)."""

    names: dict[str, Colour] = field(default_factory=dict)
    paper: Colour | None = (255, 255, 255)

    def colour(self, fill: etree._Element | None) -> Colour | None:
        """The colour in a `solidFill`; None when it is changed by tints and the like, or unknown."""
        for choice in fill if fill is not None else ():
            if any(local(change.tag) in ("lumMod", "lumOff", "shade", "tint", "satMod") for change in choice):
                return None
            kind, content = local(choice.tag), value(choice)
            if kind == "srgbClr":
                return _hex(content)
            if kind == "schemeClr":
                return self.names.get(content)
            if kind == "sysClr":
                return _hex(value(choice, "lastClr")) or _SYSTEM.get(content)
            if kind == "prstClr":
                return _NAMED.get(content)
        return None


def is_faint(fill: etree._Element) -> bool:
    """Whether a fill is so transparent that nobody sees it (up to 10 %)."""
    return any(local(e.tag) == "alpha" and value(e).isdecimal() and int(value(e)[:7]) <= 10_000 for e in fill.iter())


def is_opaque(fill: etree._Element | None) -> bool:
    """Whether a fill hides what is under it."""
    return fill is not None and local(fill.tag) in ("solidFill", "gradFill", "pattFill") and not any(fill.iter("{*}alpha"))


def fill_of(properties: etree._Element | None) -> etree._Element | None:
    """The fill among the properties of a shape, cell or run."""
    return next((e for e in properties if local(e.tag) in _FILLS), None) if properties is not None else None


def alike(one: Colour | None, other: Colour | None) -> bool:
    """Whether a reader could not tell two colours apart."""
    return one is not None and other is not None and max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _NEAR


def read_palette(deck: Deck, slide: Part) -> Palette:
    """The palette of a slide, layout or master: theme colours through the map, and the nearest background."""
    layout = deck.follow(slide, "slideLayout")
    master = deck.follow(layout or slide, "slideMaster") or (slide if slide.kind == "sldMaster" else None)
    theme = deck.follow(master, "theme")
    names = dict(_theme_colours(theme.root)) if theme is not None else {"lt1": (255, 255, 255), "dk1": (0, 0, 0)}
    mapping = dict(_MAP)
    for part in (master, layout, slide):
        found = next(part.root.iter("{*}clrMap", "{*}overrideClrMapping"), None) if part is not None else None
        mapping |= {str(key): str(target) for key, target in found.attrib.items()} if found is not None else {}
    names |= {alias: names[target] for alias, target in mapping.items() if target in names}
    palette = Palette(names)
    for part in (slide, layout, master):
        background = next(part.root.iter("{*}bg"), None) if part is not None else None
        if background is not None:
            return Palette(names, _paper(background, palette))
    return palette


def _paper(background: etree._Element, palette: Palette) -> Colour | None:
    for element in background:
        if local(element.tag) == "bgPr":
            fill = fill_of(element)
            return palette.colour(fill) if fill is not None and local(fill.tag) == "solidFill" else None
        if local(element.tag) == "bgRef":  # from 1002 on, the theme's fills are gradients and pictures
            return palette.colour(element) if value(element, "idx") in ("0", "1000", "1001") else None
    return None


def _theme_colours(root: etree._Element) -> list[tuple[str, Colour]]:
    scheme = next(root.iter("{*}clrScheme"), None)
    found = []
    for slot in scheme if scheme is not None else ():
        for choice in slot:
            colour = _hex(value(choice, "lastClr") or value(choice))
            if colour is not None:
                found.append((local(slot.tag), colour))
    return found


def _hex(text: str) -> Colour | None:
    try:
        number = int(text, 16) if len(text) == 6 else -1
    except ValueError:
        return None
    return (number >> 16, number >> 8 & 255, number & 255) if number >= 0 else None
