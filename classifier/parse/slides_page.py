"""One slide, notes page, layout or master: its shapes with their words, in drawing order.

In: a Part and the Deck it belongs to. Out: passages on the Draft, with the slide's number as page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft, Passage
from classifier.parse.slides_colours import Colour, Palette, fill_of, read_palette
from classifier.parse.slides_package import Deck, Part
from classifier.parse.slides_shapes import Box, Shape, flatten
from classifier.parse.slides_text import Ground, body_passages, table_passages
from classifier.parse.word_codes import is_default_name
from classifier.parse.word_looks import value
from classifier.parse.word_parts import figure
from classifier.parse.xmltree import local

_PLACES = {
    "ftr": Where.FOOTER,
    "dt": Where.FOOTER,
    "sldNum": Where.FOOTER,
    "hdr": Where.HEADER,
    "title": Where.BODY,
    "body": Where.BODY,
}


_MOST = 500


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the shapes of one part are said: the place of all of them (None: each its own), and why that is out of sight."""

    page: int | None = None
    place: Where | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class _Layers:
    """What lies over and under the shapes of one slide: places in drawing order (-1: on the layout) with their boxes."""

    covers: tuple[tuple[int, Box], ...]
    """Filled shapes and pictures, the largest first, up to a limit."""
    painted: tuple[tuple[int, Box | None], ...]
    models: dict[tuple[str, str], Shape]
    """The layout's placeholders by kind and index; the first of a kind also as `any`."""

    def model(self, shape: Shape) -> Shape | None:
        """The placeholder of the layout that a slide's placeholder fills: by index, else by kind."""
        holder = shape.holder
        if holder is None:
            return None
        kind = shape.holder_kind or ""
        return self.models.get((kind, value(holder, "idx"))) or self.models.get((kind, "any"))


class Stage:
    """Says shapes. State that outlives a call: the number of tables, the figures said, the names noted."""

    def __init__(self, deck: Deck, draft: Draft, size: Box | None) -> None:
        self.deck = deck
        self.draft = draft
        self.size = size
        self.tables = 0
        self.said: set[str] = set()
        """Parts that were said where they are shown, by name in lower case."""
        self.authors: set[str] = set()
        """Those who comment, said with their comments."""
        self.names: dict[str, None] = {}
        """Names that a person gave to shapes."""

    def show(self, part: Part, scene: Scene, shapes: Iterable[Shape] | None = None) -> None:
        """All shapes of a part, or those given."""
        try:
            chosen = list(shapes if shapes is not None else shapes_of(part))
        except RecursionError:
            self.draft.problem("part_unread", part.name)
            return
        palette = read_palette(self.deck, part)
        layers = _read_layers(part, chosen, self._layout_shapes(part))
        spoken = ""
        for place, shape in enumerate(chosen):
            passages = self._words(shape, part, self._ground(place, shape, scene, palette, layers))
            if shape.spare:
                passages = [passage for passage in passages if squeeze(passage.text) not in spoken]
            else:
                spoken += "".join(squeeze(passage.text) for passage in passages)
            for passage in passages:
                self.draft.add_passage(passage, page=scene.page)

    def _layout_shapes(self, part: Part) -> list[Shape]:
        """What layout and master put on a slide, and where their placeholders stand."""
        layout = self.deck.follow(part, "slideLayout")
        master = self.deck.follow(layout or part, "slideMaster")
        found: list[Shape] = []
        for below in (layout, master):
            try:
                found += shapes_of(below) if below is not None else []
            except RecursionError:
                continue  # said as a Problem when that part is shown itself
        return found

    def _ground(self, number: int, shape: Shape, scene: Scene, palette: Palette, layers: _Layers) -> Ground:
        model = layers.model(shape)
        box = shape.box or (model.box if model is not None else None)
        origin = scene.origin or self._why_unseen(number, shape, box, layers)
        kind = shape.holder_kind
        place = scene.place or (
            Where.TEXTBOX if kind is None and shape.kind != "graphicFrame" else _PLACES.get(kind or "", Where.BODY)
        )
        if origin and not scene.origin:
            place = Where.HIDDEN
        has_colours = any(True for _ in shape.element.iter("{*}solidFill"))  # without any, no letter can be white by itself
        behind = _behind(number, shape, model, box, palette, layers) if has_colours else None
        return Ground(place, origin, palette, behind)

    def _why_unseen(self, number: int, shape: Shape, box: Box | None, layers: _Layers) -> str | None:
        """Why a whole shape is out of sight."""
        if shape.hidden:
            return "invisible_text"
        if box is None or box.right <= box.left or box.bottom <= box.top:
            return None
        if self.size is not None and not self.size.meets(box):
            return "off_page"
        return "under_box" if any(at > number and cover.holds(box) for at, cover in layers.covers) else None

    def _words(self, shape: Shape, part: Part, ground: Ground) -> list[Passage]:
        passages: list[Passage] = []
        if shape.kind == "contentPart":
            self.draft.problem("image", part.name)  # ink: handwriting is a drawing
        for body in _bodies(shape.element):
            passages += body_passages(body, ground)
        for table in shape.element.iter("{*}tbl"):
            passages += table_passages(table, ground, self.tables)
            self.tables += 1
        passages += [Passage(((ground.place, text),), origin=ground.origin) for text in self._figures(shape.element, part)]
        for own in shape.element.iter("{*}cNvPr"):
            for name in ("descr", "title"):
                passages.append(Passage(((Where.HIDDEN, value(own, name)),), origin=ground.origin or "alt_text"))
            if not is_default_name(value(own, "name")) and value(own, "name"):
                self.names[value(own, "name")] = None
            for link in own.iter("{*}hlinkClick", "{*}hlinkHover"):
                passages.append(Passage(((Where.HIDDEN, value(link, "tooltip")),), origin=ground.origin or "alt_text"))
        return [passage for passage in passages if passage.text.strip()]

    def _figures(self, element: etree._Element, part: Part) -> list[str]:
        """The words of the charts and diagrams in a frame. A diagram is stored twice: the drawing only adds what the data lacks."""
        found: dict[str, str] = {}
        for target in element.iter("{*}chart", "{*}relIds"):
            for name in ("id", "dm"):
                link = part.links.get(value(target, name))
                if link is None or link.outside:
                    continue
                figure_part = self.deck.parts.get(link.target.lower())
                drawing = self._drawing(figure_part, part) if name == "dm" else self.deck.follow(figure_part, "chartUserShapes")
                for source in (figure_part, drawing):
                    if source is not None:
                        self.said.add(source.name.lower())
                        found |= {squeeze(text): text for text in figure(source.root) if squeeze(text) not in found}
        return [text for text in found.values() if text.strip()]

    def _drawing(self, data: Part | None, part: Part) -> Part | None:
        """The drawn copy of a diagram."""
        if data is None:
            return None
        for extension in data.root.iter("{*}dataModelExt"):
            link = part.links.get(value(extension, "relId"))
            return self.deck.parts.get(link.target.lower()) if link is not None else None
        return None


def shapes_of(part: Part) -> list[Shape]:
    """The shapes of a part, in drawing order.

    Raises:
        RecursionError: for groups nested too deep.
    """
    return [shape for tree in part.root.iter("{*}spTree") for shape in flatten(tree)]


def _bodies(element: etree._Element) -> list[etree._Element]:
    """The text bodies of a shape, but not those of its table cells."""
    return [body for body in element.iter("{*}txBody", "{*}txbxContent") if local(_parent(body)) != "tc"]


def _parent(element: etree._Element) -> object:
    parent = element.getparent()
    return parent.tag if parent is not None else ""


def _read_layers(part: Part, shapes: list[Shape], below: list[Shape]) -> _Layers:
    """The layers of a part. A cover that an animation takes away is no cover."""
    moving = {value(target, "spid") for target in part.root.iter("{*}spTgt")}
    covers = []
    for number, shape in enumerate(shapes):
        if shape.box is not None and not shape.hidden and not shape.spare and shape.covers:
            own = shape.own
            if own is None or value(own, "id") not in moving:
                covers.append((number, shape.box))
    covers.sort(key=lambda cover: (cover[1].left - cover[1].right) * (cover[1].bottom - cover[1].top))
    painted = [(-1, shape.box) for shape in below if shape.holder is None and shape.is_painted]
    painted += [(number, shape.box) for number, shape in enumerate(shapes) if shape.is_painted]
    models: dict[tuple[str, str], Shape] = {}
    for shape in below:
        holder = shape.holder
        if holder is not None and shape.box is not None:
            models.setdefault((shape.holder_kind or "", value(holder, "idx")), shape)
            models.setdefault((shape.holder_kind or "", "any"), shape)
    return _Layers(tuple(covers[:_MOST]), tuple(painted), models)


def _behind(number: int, shape: Shape, model: Shape | None, box: Box | None, palette: Palette, layers: _Layers) -> Colour | None:
    """The colour behind the letters of a shape; None where it can't be told (a picture, a gradient, a style)."""
    for owner in (shape, model):
        fill = fill_of(owner.properties) if owner is not None else None
        if fill is not None and local(fill.tag) != "noFill":
            return palette.colour(fill) if local(fill.tag) == "solidFill" else None
        if fill is None and owner is not None and owner.is_painted and owner.kind == "sp":
            return None
        if fill is not None:
            break
    if any(at < number and (box is None or other is None or other.meets(box)) for at, other in layers.painted):
        return None
    return palette.paper
