"""Shapes and slides of an OpenDocument file: boxes, pictures, objects, and what lies off the page or on a hidden layer.

In: a drawing element. Out: its words, walked as TEXTBOX; pictures and links to other files are Problems, objects are attached.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from classifier.core.document import Where
from classifier.parse.inset import see_picture
from classifier.parse.opendocument_looks import points
from classifier.parse.opendocument_words import leads_outside
from classifier.parse.slides_package import attach
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local, texts

if TYPE_CHECKING:
    from classifier.parse.opendocument_walk import Scene, Walk

_FETCHED = {"image", "object", "object-ole", "section-source", "table-source", "plugin", "fill-image", "applet", "floating-frame"}
_CLASSES = {"title": Where.BODY, "subtitle": Where.BODY, "outline": Where.BODY, "text": Where.BODY}


class Shapes:
    """The part of the Walk that reads drawings."""

    page: int | None

    def slide(self: Walk, element: etree._Element, scene: Scene) -> None:  # type: ignore[misc]  # a mixin of Walk
        """One slide or drawing page."""
        self.page = (self.page or 0) + 1
        self.draft.pages = self.page
        self.draft.tally("slides")
        look = self.looks.of("drawing-page", value(element, "style-name"))
        if look.shown is False:
            scene = scene.unseen("hidden_slide")
        painted = bool(look.painted) or value(element, "master-page-name") in self.looks.painted
        self.walk(element, replace(scene, painted=painted))

    def notes(self: Walk, element: etree._Element, scene: Scene) -> None:  # type: ignore[misc]  # a mixin of Walk
        """The speaker's notes of a slide."""
        if any(text.strip() for text in texts(element)):
            self.walk(element, replace(scene, place=Where.NOTE, origin="speaker_notes", painted=True))

    def shape(self: Walk, element: etree._Element, scene: Scene) -> None:  # type: ignore[misc]  # a mixin of Walk
        """A box or figure with words in it."""
        if scene.place is Where.BODY:
            scene = replace(scene, place=_CLASSES.get(value(element, "class"), Where.TEXTBOX), cell=None)
        else:
            scene = replace(scene, cell=None)
        if value(element, "layer") in self.looks.layers:
            scene = scene.unseen("invisible_text")
        elif self._is_off(element):
            scene = scene.unseen("off_page")
        for family in ("graphic", "presentation"):
            if self.looks.of(family, value(element, "style-name")).painted:
                scene = replace(scene, painted=True)
        self.walk(element, scene)

    def _is_off(self: Walk, element: etree._Element) -> bool:  # type: ignore[misc]  # a mixin of Walk
        """Whether a shape lies wholly outside its slide."""
        parent = element.getparent()
        if parent is None or local(parent.tag) != "page" or value(element, "transform"):
            return False
        size = self.looks.pages.get("master " + value(parent, "master-page-name"))
        x, y = points(value(element, "x")), points(value(element, "y"))
        width, height = points(value(element, "width")), points(value(element, "height"))
        if size is None or x is None or y is None or width is None or height is None:
            return False
        return x >= size[0] or y >= size[1] or x + width <= 0 or y + height <= 0

    def described(self: Walk, element: etree._Element, scene: Scene) -> None:  # type: ignore[misc]  # a mixin of Walk
        """The alternative text of a shape, the title of a table or link."""
        self.put("".join(texts(element)), Where.HIDDEN, scene.origin or "alt_text")

    def binary(self: Walk, element: etree._Element, _scene: Scene) -> None:  # type: ignore[misc]  # a mixin of Walk
        """A picture or object inside a flat file."""
        parent = element.getparent()
        try:
            data = base64.b64decode("".join(texts(element)), validate=False)
        except (binascii.Error, ValueError):
            self.draft.problem("embedded", self.part)
            return
        if parent is not None and local(parent.tag) == "object-ole":
            attach("object", data, self.draft)
        elif data:
            see_picture(data, self.part, self.draft)

    def check_link(self: Walk, element: etree._Element, name: str) -> None:  # type: ignore[misc]  # a mixin of Walk
        """A picture, object or section that lies in another file is not fetched."""
        address = value(element, "href")
        if name in _FETCHED and leads_outside(address):
            self.draft.problem("external", self.part)
            self.loose(address, Where.PROPERTY, "external_link")
