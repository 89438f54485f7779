"""One page of an OFD document: templates, layers, annotations and pictures become passages of the Draft.

In: the page's parts. Out: lines with their page; HIDDEN with its origin for what a reader would not see. A page that shows
something but says nothing is Problem `page_no_text`, a picture that could hold words is read by OCR or is Problem `image`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.ofd_drawing import Drawing, Pen
from classifier.parse.ofd_lines import Line, join
from classifier.parse.ofd_looks import Box, Frame, box_of, is_off
from classifier.parse.ofd_parts import child, children, inside, text_of
from classifier.parse.ofd_sight import Sight

_A4: Box = (0.0, 0.0, 210.0, 297.0)
_MARGIN = 0.08
_NUMBER_MARGIN = 0.13
_PAGE_NUMBER = re.compile(r"[-—–―－_·.\s]*\d{1,4}[-—–―－_·.\s]*|第\s*\d{1,4}\s*页.{0,12}|\d{1,4}\s*/\s*\d{1,4}")
_DIGITS = re.compile(r"\d+")
_UNMAPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_GARBLED = 0.08
_SMALL = 0.002
"""Share of the page (a stamp of 11 mm on A4) below which a picture shows no word."""
_TECHNICAL = re.compile(r"[-\d.,\s:#]*|true|false|none|unknown|[0-9a-fA-F]{32}|Align\w+|Angle", re.I)
_UNSPEAKING = ("Link", "Highlight")
_SAYS = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]|content|text|remark|note", re.I)


@dataclass(slots=True)
class Memory:
    """What is kept over all pages: lines in their margins (only what repeats is a header or footer), authors of annotations."""

    lines: list[tuple[int, str, Where]] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)

    def settle(self, draft: Draft) -> None:
        """Moves them, when all pages are read."""
        count = Counter((key, where) for _, key, where in self.lines)
        for index, key, where in self.lines:
            if count[key, where] > 1:
                draft.move(index, where)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to be read: its number in the file, its part, what lies behind and before it, its annotations."""

    number: int
    name: str
    root: etree._Element
    box: Box
    behind: list[etree._Element]
    before: list[etree._Element]
    annotations: list[etree._Element]


def page_box(root: etree._Element, document: etree._Element) -> Box:
    """The physical box of a page, or its document's, or A4; it starts at the origin even where its corner is given elsewhere."""
    for element in (root, document):
        for area in inside(element, "PhysicalBox"):
            box = box_of(area.text)
            if box and box[2] > box[0] and box[3] > box[1]:
                return (min(0.0, box[0]), min(0.0, box[1]), box[2], box[3])
    return _A4


def read_page(sheet: Sheet, pen: Pen, memory: Memory, draft: Draft) -> list[tuple[str, Box]]:
    """Adds a page; gives the pictures it shows."""
    drawing = Drawing()
    for root in (*sheet.behind, sheet.root, *sheet.before):
        for content in children(root, "Content"):
            pen.draw(content, Frame(), drawing)
    notes = [(annotation, _draw(annotation, pen)) for annotation in sheet.annotations]
    for annotation, note in notes:
        drawing.pictures += note.pictures
        drawing.objects += note.objects
        if annotation.get("Type") != "Highlight":  # readers multiply these with what they mark
            drawing.inks += note.inks
    sight = Sight(drawing, sheet.box)
    lines = join(sight.judge(drawing.pieces))
    for line in lines:
        _add(line, sheet, memory, draft)
    _add_notes(notes, sight, sheet, memory, draft)
    _judge(drawing, sight, lines, sheet, draft)
    return drawing.pictures


def _add(line: Line, sheet: Sheet, memory: Memory, draft: Draft) -> None:
    before = len(draft.blocks)
    draft.add(line.text, Where.HIDDEN if line.origin else Where.BODY, page=sheet.number, origin=line.origin)
    if line.origin or len(draft.blocks) == before:
        return
    top, bottom = sheet.box[1], sheet.box[3]
    level = (line.height - top) / (bottom - top)
    if 1 - _NUMBER_MARGIN < level <= 1 and _PAGE_NUMBER.fullmatch(line.text.strip()):
        draft.move(before, Where.FOOTER)
    elif 0 <= level < _MARGIN or 1 - _MARGIN < level <= 1:
        where = Where.HEADER if level < _MARGIN else Where.FOOTER
        memory.lines.append((before, _DIGITS.sub("#", squeeze(line.text)), where))


def _add_notes(notes: list[tuple[etree._Element, Drawing]], sight: Sight, sheet: Sheet, memory: Memory, draft: Draft) -> None:
    """Annotations: what they show, each text once, for a watermark repeats itself and runs past the edge of the page."""
    marks = [(annotation, note, join(sight.judge(note.pieces))) for annotation, note in notes]
    shown = {squeeze(line.text) for _, _, found in marks for line in found if not line.origin}
    said: set[tuple[str, str | None]] = set()
    for annotation, note, found in marks:
        for line in found:
            key = (squeeze(line.text), line.origin)
            if key not in said and not (line.origin and key[0] in shown):
                said.add(key)
                draft.add(line.text, Where.HIDDEN if line.origin else Where.TEXTBOX, page=sheet.number, origin=line.origin)
        _read_annotation(annotation, shown, sheet.number, memory, draft)
        if note.paths and not note.pieces and annotation.get("Type") not in _UNSPEAKING:
            draft.problem("form", f"page {sheet.number}")  # handwriting, a drawn stamp


def _draw(annotation: etree._Element, pen: Pen) -> Drawing:
    """What an annotation draws, at its place on the page."""
    note = Drawing()
    for appearance in children(annotation, "Appearance"):
        box = box_of(appearance.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
        frame = Frame((1.0, 0.0, 0.0, 1.0, box[0], box[1]), is_shown=not is_off(annotation.get("Visible")))
        pen.draw(appearance, frame, note)
    return note


def _read_annotation(annotation: etree._Element, shown: set[str], page: int, memory: Memory, draft: Draft) -> None:
    """The remark, parameters and author of an annotation, but for what annotations show on the page anyway."""
    remark = text_of(child(annotation, "Remark"))
    if squeeze(remark) not in shown:
        draft.add(remark, Where.COMMENT, page=page, origin="comment")
    for parameter in inside(annotation, "Parameter"):
        name, value = parameter.get("Name") or "", text_of(parameter)
        if not _TECHNICAL.fullmatch(value.strip()) and squeeze(value) not in shown:
            speaks = _SAYS.search(name) or _SAYS.search(value)
            draft.add(value, Where.COMMENT if speaks else Where.PROPERTY, page=page, origin="comment" if speaks else "metadata")
    author = annotation.get("Creator") or ""
    if not _TECHNICAL.fullmatch(author.strip()) and author not in memory.authors:
        memory.authors.add(author)
        draft.add(author, Where.PROPERTY, page=page, origin="metadata")


def _judge(drawing: Drawing, sight: Sight, lines: list[Line], sheet: Sheet, draft: Draft) -> None:
    """A page that shows more than its text says, or whose letters mean nothing."""
    text = squeeze("".join(line.text for line in lines if not line.origin))
    place = f"page {sheet.number}"
    if (not text and drawing.objects) or (drawing.paths > 200 and len(text) < 30) or (sight.is_scan and len(text) < 100):
        draft.problem("page_no_text", place)
    if sight.is_lost:
        draft.problem("limits", place)
    if text and len(_UNMAPPED.findall(text)) > _GARBLED * len(text):
        draft.problem("garbled", place)


def can_speak(box: Box, page: Box) -> bool:
    """Whether a picture is large enough on its page to hold words."""
    return (box[2] - box[0]) * (box[3] - box[1]) >= _SMALL * (page[2] - page[0]) * (page[3] - page[1])
