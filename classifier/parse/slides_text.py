"""The words in one shape: paragraphs and table cells, each run with the look that shows or hides it.

In: a `txBody` or table and what is behind it. Out: passages. Hidden runs (the colour of what is behind them, three points and
less, transparent) follow their paragraph as HIDDEN.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from classifier.core.document import Cell, Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Passage
from classifier.parse.richtext_line import Line
from classifier.parse.slides_colours import Colour, Palette, alike, fill_of, is_faint
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local

_TINY = 300
"""Hundredths of a point: three points and less cannot be read."""
_CHARACTERS = {"br": "\n", "tab": "\t"}
_NO_TEXT = {"rPr", "pPr", "endParaRPr", "bodyPr", "lstStyle", "ctrlPr", "naryPr", "fPr", "sSupPr", "sSubPr", "dPr", "radPr"}


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a text stands: its place, why it is out of sight, the colours, and the colour behind it (None: cannot be told)."""

    place: Where
    origin: str | None
    palette: Palette
    behind: Colour | None


def body_passages(body: etree._Element, ground: Ground, cell: Cell | None = None, gap: str = "\n") -> list[Passage]:
    """The paragraphs of a text body."""
    defaults = next((e for e in body if local(e.tag) == "lstStyle"), None)
    passages: list[Passage] = []
    for paragraph in body:
        if local(paragraph.tag) == "p":
            line = Line(ground.place, ground.origin)
            _walk(paragraph, line, ground, _default_look(paragraph, defaults))
            passages += line.settle(cell, "\n" if passages else gap)
    return passages


def _default_look(paragraph: etree._Element, defaults: etree._Element | None) -> etree._Element | None:
    """The `defRPr` of the shape's own list style for the level of a paragraph."""
    if defaults is None or not len(defaults):
        return None
    properties = next((e for e in paragraph if local(e.tag) == "pPr"), None)
    level = value(properties, "lvl") if properties is not None else "0"
    name = f"lvl{int(level) + 1 if level.isdecimal() and len(level) < 3 else 1}pPr"
    style = next((e for e in defaults if local(e.tag) == name), None)
    return next((e for e in style if local(e.tag) == "defRPr"), None) if style is not None else None


def _walk(parent: Iterable[etree._Element], line: Line, ground: Ground, default: etree._Element | None) -> None:
    for child in parent:
        name = local(child.tag)
        if name in ("r", "fld"):
            properties = next((e for e in child if local(e.tag) == "rPr"), None)
            text = "".join(_run_text(child))
            why = None if ground.origin else _why_unseen(properties, default, ground)
            line.say(text, Where.HIDDEN if why else None, why)
            tip = next((value(e, "tooltip") for e in child.iter("{*}hlinkClick", "{*}hlinkMouseOver")), "")
            if tip.strip():
                line.after.append(Passage(((Where.HIDDEN, tip),), origin="alt_text"))
        elif name in _CHARACTERS:
            line.say(_CHARACTERS[name])
        elif name == "t":
            line.say(str(child.text or ""))
        elif name == "AlternateContent":
            _alternate(child, line, ground, default)
        elif name not in _NO_TEXT:
            _walk(child, line, ground, default)


def _run_text(run: etree._Element) -> Iterator[str]:
    for child in run.iter():
        name = local(child.tag)
        if name == "t":
            yield str(child.text or "")
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]


def _alternate(element: etree._Element, line: Line, ground: Ground, default: etree._Element | None) -> None:
    """A formula in two versions: the first in full, of the others only what it lacks."""
    for branch in element:
        words = squeeze("".join(_run_text(branch)))
        if words and words not in squeeze(line.text):
            _walk(branch, line, ground, default)


def _why_unseen(properties: etree._Element | None, default: etree._Element | None, ground: Ground) -> str | None:
    """The origin of a run nobody can see, or None. What the run does not say, its list style may."""
    looks = [look for look in (properties, default) if look is not None]
    fill = next((found for look in looks if (found := fill_of(look)) is not None), None)
    size = next((value(look, "sz") for look in looks if value(look, "sz")), "")
    if size.isdecimal() and int(size[:6]) <= _TINY:
        return "tiny_text"
    if fill is None:
        return None
    if is_faint(fill):
        return "invisible_text"
    has_line = any(local(e.tag) == "ln" and fill_of(e) is not None for look in looks for e in look)
    if local(fill.tag) == "noFill":
        return None if has_line else "invisible_text"
    marked = any(local(e.tag) == "highlight" for look in looks for e in look)
    is_paper = local(fill.tag) == "solidFill" and alike(ground.palette.colour(fill), ground.behind)
    return "white_text" if is_paper and not (has_line or marked) else None


def table_passages(table: etree._Element, ground: Ground, number: int) -> Iterator[Passage]:
    """The cells of a table. A table style paints cells in ways not looked into: there no text counts as white."""
    styled = next((e for e in table.iter("{*}tableStyleId") if (e.text or "").strip()), None) is not None
    row_number = -1
    for row in table:
        if local(row.tag) != "tr":
            continue
        row_number += 1
        cells = [e for e in row if local(e.tag) == "tc"]
        gap = "\n"
        for column, cell in enumerate(cells):
            body = next((e for e in cell if local(e.tag) == "txBody"), None)
            if body is not None:
                address = Cell(number, row_number, column)
                found = body_passages(body, _cell_ground(cell, ground, styled), address, gap)
                yield from found
                gap = "" if found else gap
            gap += "\t"


def _cell_ground(cell: etree._Element, ground: Ground, styled: bool) -> Ground:
    fill = fill_of(next((e for e in cell if local(e.tag) == "tcPr"), None))
    if fill is None or local(fill.tag) == "noFill":
        behind = None if styled and fill is None else ground.behind
    else:
        behind = ground.palette.colour(fill) if local(fill.tag) == "solidFill" else None
    return Ground(ground.place, ground.origin, ground.palette, behind)
