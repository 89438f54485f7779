"""Tables and sheets of an OpenDocument file: addresses, and which sheets, rows and columns are out of sight.

In: a `table:table`. Out: its cells, walked with their address. Repeated rows and cells are said once, but they count.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from classifier.core.document import Cell, Where
from classifier.parse.opendocument_words import cell_words, leads_outside
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local, texts

if TYPE_CHECKING:
    from classifier.parse.opendocument_walk import Scene, Walk

_MOST = 1 << 21
_HIDDEN = {"collapse": "hidden_row_column", "filter": "filtered_row"}


class Tables:
    """The part of the Walk that reads tables."""

    tables: int
    gap: str

    def table(self: Walk, element: etree._Element, scene: Scene) -> None:  # type: ignore[misc]  # a mixin of Walk
        """One table or sheet."""
        parent = element.getparent()
        if parent is not None and local(parent.tag) == "spreadsheet":
            self.draft.tally("sheets")
            name = value(element, "name")
            if leads_outside(name.strip("'")):  # a copy of a sheet in another file
                scene = scene.unseen("cached_value")
            elif self.looks.of("table", value(element, "style-name")).shown is False:
                scene = scene.unseen("hidden_sheet")
            self.put(name, scene.place if scene.origin else Where.PROPERTY, scene.origin)
        number, outer = self.tables, self.gap
        self.tables += 1
        row = 0
        columns = _hidden_columns(element)
        for child in _rows(element):
            if local(child.tag) == "table-row":
                hidden = _HIDDEN.get(value(child, "visibility"))
                self._row(child, scene.unseen(hidden) if hidden else scene, number, row, columns)
                row = min(row + _repeat(child, "number-rows-repeated"), _MOST)
            else:
                self._one(child, replace(scene, cell=None))
        self.gap = outer

    def _row(  # type: ignore[misc]  # a mixin of Walk
        self: Walk, row: etree._Element, scene: Scene, table: int, number: int, columns: list[tuple[int, int]]
    ) -> None:
        self.gap = "\n"
        column = 0
        for cell in row:
            name = local(cell.tag)
            if name not in ("table-cell", "covered-table-cell"):
                continue
            if len(cell) or cell.attrib:
                found = scene
                if any(start <= column < end for start, end in columns):
                    found = scene.unseen("hidden_row_column")
                elif name == "covered-table-cell":
                    found = scene.unseen("hidden_text")
                self._cell(cell, found, Cell(table, number, column))
            column = min(column + _repeat(cell, "number-columns-repeated"), _MOST)
            if self.gap != "\n" or column:
                self.gap = (self.gap + "\t")[:200]

    def _cell(self: Walk, cell: etree._Element, scene: Scene, address: Cell) -> None:  # type: ignore[misc]  # a mixin of Walk
        look = self.looks.of("table-cell", value(cell, "style-name"))
        self.walk(cell, replace(scene, cell=address, painted=scene.painted or bool(look.painted), look=look))
        shown = "".join(text for child in cell if local(child.tag) == "p" for text in texts(child))
        for where, origin, text in cell_words(cell, shown):
            self.put(text, where, scene.origin or origin, address)


def _rows(table: etree._Element) -> list[etree._Element]:
    """The rows, wherever groups put them, and what else a table holds, in order."""
    found: list[etree._Element] = []
    for child in table:
        if local(child.tag) in ("table-row-group", "table-header-rows", "table-rows"):
            found += _rows(child)
        elif isinstance(child.tag, str):
            found.append(child)
    return found


def _hidden_columns(table: etree._Element) -> list[tuple[int, int]]:
    column, hidden = 0, []
    for element in table.iter("{*}table-column"):
        width = _repeat(element, "number-columns-repeated")
        if value(element, "visibility") in _HIDDEN:
            hidden.append((column, column + width))
        column += width
        if column > _MOST:
            break
    return hidden


def _repeat(element: etree._Element, name: str) -> int:
    count = value(element, name)
    return min(int(count[:9]), _MOST) if count.isdecimal() and count.isascii() and int(count[:9]) else 1
