"""The walk through the content of an OpenDocument file: paragraphs, cells, shapes and slides, each with its place.

In: the root of content.xml or styles.xml and the Looks. Out: passages on the Draft. Notes, comments and boxes follow the
paragraph they hang on. A tag that is not listed is walked through, so an unknown wrapper hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from classifier.core.document import Cell, Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft, Passage
from classifier.parse.opendocument_looks import Look, Looks
from classifier.parse.opendocument_shapes import Shapes
from classifier.parse.opendocument_tables import Tables
from classifier.parse.opendocument_words import attribute_words
from classifier.parse.richtext_line import Line
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local, texts

_SILENT = {
    "date",
    "date-string",
    "sequence-decls",
    "font-face-decls",
    "automatic-styles",
    "styles",
    "settings",
    "meta-creation-date",
}
_BLANKS = re.compile("[ \t\r\n]+")
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
_DIVISIONS = {"header": Where.HEADER, "footer": Where.FOOTER}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the words below an element inherit."""

    place: Where
    origin: str | None = None
    cell: Cell | None = None
    painted: bool = False
    """Whether something coloured lies behind the words (white letters then show)."""
    look: Look = field(default_factory=Look)

    def unseen(self, origin: str, place: Where = Where.HIDDEN) -> Scene:
        """The same scene out of sight; what is out of sight already stays what it is."""
        return self if self.origin is not None else replace(self, place=place, origin=origin)


class Walk(Shapes, Tables):
    """Walks one document. State that outlives a call: the open paragraph, the slide, the tables, the tracked changes."""

    def __init__(self, draft: Draft, looks: Looks, part: str, place: Where) -> None:
        self.draft = draft
        self.looks = looks
        self.part = part
        self.place = place
        self.page: int | None = None
        self.gap = "\n"
        self.tables = 0
        self._line: Line | None = None
        self._insertions: set[str] = set()
        self._open_changes: set[str] = set()
        self._names: dict[tuple[Where, str, str], None] = {}
        self._margins: set[str] = set()
        self._handlers: dict[str, Callable[[etree._Element, Scene], None]] = {
            "p": self._paragraph,
            "h": self._paragraph,
            "section": self._section,
            "tracked-changes": self._changes,
            "annotation": self._annotation,
            "note": self._note,
            "table": self.table,
            "page": self.slide,
            "notes": self.notes,
            "creator": self._creator,
            "sender-initials": self._creator,
            "change-start": self._change_start,
            "change-end": self._change_end,
            "footer-decl": self._declared,
            "header-decl": self._declared,
            "note-citation": lambda _element, _scene: None,
            "title": self.described,
            "desc": self.described,
            "binary-data": self.binary,
            "scripts": self._scripts,
            **dict.fromkeys(
                ["frame", "custom-shape", "rect", "ellipse", "circle", "line", "polyline", "polygon", "path", "connector",
                 "caption", "measure", "regular-polygon", "g", "control"],
                self.shape,
            ),
        }  # fmt: skip

    def say_content(self, root: etree._Element) -> None:
        """The body of a document, with its scripts and forms."""
        for element in root:
            if local(element.tag) in ("body", "scripts"):
                self.walk(element, Scene(self.place))

    def say_margins(self, root: etree._Element, place: Where) -> None:
        """Headers or footers of all page styles, and what the masters of slides draw (with the headers); equal ones once."""
        for master in root.iter("{*}master-page"):
            for element in master:
                kind = local(element.tag).partition("-")[0]
                if kind in _DIVISIONS:
                    wanted, hidden = _DIVISIONS[kind] is place, value(element, "display") == "false"
                else:
                    wanted, hidden = place is Where.HEADER, value(master, "name") not in self.looks.masters
                known = squeeze("".join(texts(element)))
                if wanted and known and known not in self._margins:
                    self._margins.add(known)
                    scene = Scene(place, painted=True)
                    (self.walk if kind in _DIVISIONS else self._one)(element, scene.unseen("unused_part") if hidden else scene)

    def finish(self) -> None:
        """Names, links and marks, each once."""
        for where, origin, text in self._names:
            self.draft.add(text, where, origin=origin)

    def walk(self, parent: etree._Element, scene: Scene) -> None:
        """Everything below an element that is not a paragraph."""
        for child in parent:
            self._one(child, scene)

    def _one(self, element: etree._Element, scene: Scene) -> None:
        name = local(element.tag)
        if name in _SILENT or not name:
            if not name and (element.text or "").strip():
                self.put(str(element.text), Where.HIDDEN, "unused_part")
            return
        for where, origin, text in attribute_words(element):
            self.loose(text, where, origin)
        handler = self._handlers.get(name)
        if handler is not None:
            handler(element, scene)
        else:
            self.check_link(element, name)
            self.walk(element, scene)

    def loose(self, text: str, where: Where, origin: str) -> None:
        """Words of an attribute: properties at the end of the document, the rest where they stand."""
        if where is Where.PROPERTY:
            self._names[where, origin, text] = None
        else:
            self.put(text, where, origin)

    def put(self, text: str, where: Where, origin: str | None, cell: Cell | None = None) -> None:
        """A passage of its own; inside a paragraph it follows the paragraph."""
        if text.strip():
            self._emit([Passage(((where, text),), cell, origin=origin)])

    def _emit(self, passages: list[Passage]) -> None:
        if self._line is not None:
            self._line.after += passages
            return
        for passage in passages:
            self.draft.add_passage(passage, page=self.page)

    def _paragraph(self, element: etree._Element, scene: Scene) -> None:
        outer = self._line
        look = self.looks.of("paragraph", value(element, "style-name")).over(scene.look)
        if any(value(e, "is-hidden") == "true" for e in element.iter("{*}hidden-paragraph")):
            scene = scene.unseen("hidden_text")
        self._line = line = Line(scene.place, scene.origin)
        self._inline(element, line, replace(scene, look=look))
        self._line = outer
        passages = line.settle(scene.cell, self.gap if scene.cell is not None else "\n")
        if passages and scene.cell is not None:
            self.gap = ""
        self._emit(passages)

    def _inline(self, element: etree._Element, line: Line, scene: Scene) -> None:
        self._say(_collapse(element.text), line, scene)
        for child in element:
            name = local(child.tag)
            if name == "s":
                count = value(child, "c")
                self._say(" " * (min(int(count[:4]), 1000) if count.isdecimal() else 1), line, scene)
            elif name in _CHARACTERS:
                self._say(_CHARACTERS[name], line, scene)
            elif name == "span":
                look = self.looks.of("text", value(child, "style-name")).over(scene.look)
                self._inline(child, line, replace(scene, look=look))
            elif name in ("hidden-text", "script"):
                line.say(
                    value(child, "string-value") or "".join(texts(child)),
                    Where.HIDDEN,
                    "script" if name == "script" else "hidden_text",
                )
            elif name in self._handlers or name in _SILENT - {"date"} or not name:
                self._one(child, scene)
            else:
                for where, origin, text in attribute_words(child):
                    self.loose(text, where, origin)
                hidden = value(child, "display") == "none"
                self._inline(child, line, replace(scene, look=replace(scene.look, hidden=True)) if hidden else scene)
            self._say(_collapse(child.tail), line, scene)

    def _say(self, text: str, line: Line, scene: Scene) -> None:
        look = scene.look
        if look.hidden:
            line.say(text, Where.HIDDEN, "hidden_text")
        elif look.tiny:
            line.say(text, Where.HIDDEN, "tiny_text")
        elif look.white and not (look.painted or scene.painted):
            line.say(text, Where.HIDDEN, "white_text")
        elif self._open_changes:
            line.say(text, Where.REVISION, "inserted_text")
        else:
            line.say(text)

    def _section(self, element: etree._Element, scene: Scene) -> None:
        hidden = value(element, "display") in ("none", "condition")
        self.check_link(element, "section")
        self.walk(element, scene.unseen("hidden_text") if hidden else scene)

    def _changes(self, element: etree._Element, scene: Scene) -> None:
        """Tracked changes: what was deleted is here; what was inserted stands in the text between two marks."""
        for region in element:
            for change in region:
                if local(change.tag) == "insertion":
                    self._insertions.add(value(region, "id"))
        self.walk(element, scene.unseen("deleted_text", Where.REVISION))

    def _change_start(self, element: etree._Element, _scene: Scene) -> None:
        if value(element, "change-id") in self._insertions:
            self._open_changes.add(value(element, "change-id"))

    def _change_end(self, element: etree._Element, _scene: Scene) -> None:
        self._open_changes.discard(value(element, "change-id"))

    def _creator(self, element: etree._Element, scene: Scene) -> None:
        """Who wrote a comment stands before it; who made a change is a property."""
        text = "".join(texts(element))
        if scene.origin == "comment":
            self.put(text, Where.COMMENT, "comment")
        elif text.strip():
            self._names[Where.PROPERTY, "metadata", text] = None

    def _annotation(self, element: etree._Element, scene: Scene) -> None:
        self.walk(element, replace(scene, place=Where.COMMENT, origin="comment", cell=None, look=Look(), painted=True))

    def _note(self, element: etree._Element, scene: Scene) -> None:
        self.walk(element, replace(scene, place=Where.NOTE, cell=None, look=Look()) if scene.origin is None else scene)

    def _declared(self, element: etree._Element, _scene: Scene) -> None:
        """The header or footer that slides share."""
        self.put("".join(texts(element)), Where.HEADER if local(element.tag) == "header-decl" else Where.FOOTER, None)

    def _scripts(self, element: etree._Element, scene: Scene) -> None:
        if any(len(script) or (script.text or "").strip() for script in element.iter("{*}script")):
            self.draft.problem("macro", self.part)
        self.walk(element, scene)


def _collapse(source: str | None) -> str:
    """Text as the format reads it: any stretch of blanks and line ends is one space; real ones have tags of their own."""
    return _BLANKS.sub(" ", str(source)) if source else ""
