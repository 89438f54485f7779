"""How cells look (xl/styles.xml): their number formats, and which of them nobody can read on the sheet.

In: the styles part. Out: per cell style its format code and, where its letters are white on white or tiny, the origin. A style is
unseen when the letters have the colour of the cell behind them; conditional formats are not followed (noted in the manual).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from classifier.parse.sheet_numbers import BUILT_IN
from classifier.parse.xmltree import local

_TINY = 3.0
_THEME = {"0": "FFFFFF", "1": "000000"}
_INDEXED = {"0": "000000", "1": "FFFFFF", "8": "000000", "9": "FFFFFF", "64": "", "65": ""}


@dataclass(frozen=True, slots=True)
class Look:
    """One cell style."""

    code: str = "General"
    unseen: str | None = None
    """`white_text` or `tiny_text`, or None."""
    shaded: bool = False
    """Whether a colour lies behind the letters."""


PLAIN = Look()


def colour(element: etree._Element | None) -> str:
    """A colour as six hex digits, `theme4`, or "" where it is automatic."""
    if element is None:
        return ""
    rgb, theme, indexed = element.get("rgb"), element.get("theme"), element.get("indexed")
    tint = element.get("tint", "")
    if rgb:
        return rgb[-6:].upper()
    if theme is not None:
        return f"theme{theme}{tint}" if tint.strip("-0.") else _THEME.get(theme, f"theme{theme}")
    return _INDEXED.get(indexed, f"indexed{indexed}") if indexed is not None else ""


def unseen_font(font: etree._Element | None, behind: str) -> str | None:
    """`white_text` when the letters have the colour behind them, `tiny_text` up to three points, else None."""
    if font is None:
        return None
    for child in font:
        name = local(child.tag)
        if name == "color":
            ink = colour(child)
            if ink and (ink == behind or (behind == "FFFFFF" and ink in ("FEFEFE", "FFFFFE", "FDFDFD"))):
                return "white_text"
        elif name == "sz":
            try:
                if float(child.get("val", "11")) <= _TINY:
                    return "tiny_text"
            except ValueError:
                continue
    return None


def _behind(fill: etree._Element | None) -> str:
    """The colour of a fill; white where there is none; "?" for patterns and gradients."""
    pattern = next((c for c in fill if isinstance(c.tag, str)), None) if fill is not None else None
    if pattern is None:
        return "FFFFFF"
    if local(pattern.tag) != "patternFill":
        return "?"
    kind = pattern.get("patternType", "none")
    if kind == "none":
        return "FFFFFF"
    front = next((c for c in pattern if local(c.tag) == "fgColor"), None)
    return (colour(front) or "FFFFFF") if kind == "solid" else "?"


def read_looks(root: etree._Element | None) -> list[Look]:
    """The looks in the order of the cells' style numbers."""
    if root is None:
        return []
    groups = {local(child.tag): [c for c in child if isinstance(c.tag, str)] for child in root if isinstance(child.tag, str)}
    codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    codes |= {e.get("numFmtId", ""): e.get("formatCode", "General") for e in groups.get("numFmts", [])}
    fonts, fills = groups.get("fonts", []), groups.get("fills", [])
    looks = []
    for xf in groups.get("cellXfs", []):
        behind = _behind(_pick(fills, xf.get("fillId")))
        unseen = unseen_font(_pick(fonts, xf.get("fontId")), behind)
        looks.append(Look(codes.get(xf.get("numFmtId", "0"), "General"), unseen, behind != "FFFFFF"))
    return looks


def style_words(root: etree._Element) -> Iterator[str]:
    """Names of cell styles and table styles that a person made."""
    for element in root.iter("{*}cellStyle", "{*}tableStyle"):
        name = element.get("name", "")
        if element.get("builtinId") is None and not name.isascii():
            yield name


def _pick(items: list[etree._Element], number: str | None) -> etree._Element | None:
    if number is None or not number.isdecimal() or len(number) > 6 or int(number) >= len(items):
        return None
    return items[int(number)]
