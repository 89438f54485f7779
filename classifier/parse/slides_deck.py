"""Slide shows: every part of the package, each with its place.

In: untrusted bytes. Out: passages on the Draft: what masters print on every slide, then slide after slide (words, notes,
comments; page = number in the show, hidden slides counted), then parts that no slide uses, then properties. Pictures, films,
macros and broken parts are Problems; files inside are attached.
"""

from __future__ import annotations

import re

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.package import Package
from classifier.parse.slides_objects import OLE
from classifier.parse.slides_package import Deck, Part, open_deck
from classifier.parse.slides_page import Scene, Stage, shapes_of
from classifier.parse.slides_shapes import Box, Shape
from classifier.parse.slides_words import comment_authors, comments, rest_words
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local

_PROMPT = re.compile(
    r"(?:单击|点击|双击)[^\n]{0,30}|(?:第?[一二三四五六七八九]级|第[一二三四五六七八九]级)?|click[^\n]{0,60}|"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\s(?:outline\s)?level|edit master[^\n]{0,30}|"
    r"[‹<«]?(?:#|编号|number|nr\.?)[›>»]?|(?:\d{1,4}[-/.年月日 ]*){1,3}|页眉|页脚|header|footer|date|日期",
    re.I,
)
"""What a layout says in the place of words that the slide will bring."""


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a slide show says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb` when there is nothing (more) to read.
    """
    if untrusted.startswith(OLE):
        raise Unreadable("encrypted")
    package = Package(untrusted, draft)
    try:
        deck = open_deck(package, draft)
    finally:
        package.close()
    _say_deck(deck, draft)


def _say_deck(deck: Deck, draft: Draft) -> None:
    show = _main_part(deck)
    slides = _slides(deck, show, draft)
    draft.pages = len(slides)
    stage = Stage(deck, draft, _size(show))
    layouts = _used_layouts(deck, slides)
    authors = comment_authors(deck)
    _say_statics(layouts, stage, Where.HEADER)
    for number, slide in enumerate(slides, 1):
        _say_slide(slide, number, stage, authors)
    draft.tally("slides", len(slides), len(slides))
    _say_statics(layouts, stage, Where.FOOTER)
    _say_unused(deck, stage, {id(part) for part in (*slides, *layouts)})
    for part in deck.of_kind("cmLst"):
        if part.name.lower() not in stage.said:
            _say_comments(part, None, stage, authors)
    _say_rest(deck, stage)


def _main_part(deck: Deck) -> Part | None:
    """The presentation that the package names, else the first there is."""
    package = deck.parts.get("_rels/.rels")
    named = deck.parts.get(package.first("officeDocument")) if package is not None else None
    return named if named is not None and named.kind == "presentation" else next(iter(deck.of_kind("presentation")), None)


def _slides(deck: Deck, show: Part | None, draft: Draft) -> list[Part]:
    """The slides in the order of the show; a slide that is missing or broken is a Problem."""
    if show is None:
        draft.problem("part_unread", "ppt/presentation.xml")
        return deck.of_kind("sld")
    slides: dict[str, Part] = {}
    for element in show.root.iter("{*}sldId"):
        link = next((show.links[str(v)] for v in element.attrib.values() if str(v) in show.links), None)
        part = deck.parts.get(link.target.lower()) if link is not None else None
        if part is not None and part.kind == "sld":
            slides[part.name] = part
        elif local(getattr(element.getparent(), "tag", "")) == "sldIdLst" and len(element.attrib) > 1:
            draft.problem("part_unread", link.target if link is not None else show.name)
            draft.tally("slides", 1, 0)
    return list(slides.values())


def _size(show: Part | None) -> Box | None:
    size = next(show.root.iter("{*}sldSz"), None) if show is not None else None
    if size is None or not (value(size, "cx").isdecimal() and value(size, "cy").isdecimal()):
        return None
    return Box(0, 0, int(value(size, "cx")[:18]), int(value(size, "cy")[:18]))


def _used_layouts(deck: Deck, slides: list[Part]) -> list[Part]:
    """The layouts and masters under the slides, each once."""
    used: dict[str, Part] = {}
    for slide in slides:
        layout = deck.follow(slide, "slideLayout")
        for part in (layout, deck.follow(layout, "slideMaster")):
            if part is not None:
                used[part.name] = part
    return list(used.values())


def _say_slide(slide: Part, number: int, stage: Stage, authors: dict[str, str]) -> None:
    """Words, notes and comments of one slide."""
    is_hidden = value(slide.root, "show") in ("0", "false")
    scene = Scene(number, Where.HIDDEN, "hidden_slide") if is_hidden else Scene(number)
    stage.show(slide, scene)
    notes = stage.deck.follow(slide, "notesSlide")
    if notes is not None and notes.name.lower() not in stage.said:
        stage.said.add(notes.name.lower())
        spoken = [shape for shape in _safe_shapes(notes, stage.draft) if shape.holder_kind != "sldNum"]
        stage.show(notes, Scene(number, Where.NOTE, "speaker_notes"), spoken)
    for link in slide.links.values():
        part = stage.deck.parts.get(link.target.lower()) if link.kind == "comments" else None
        if part is not None:
            _say_comments(part, number, stage, authors)


def _say_comments(part: Part, page: int | None, stage: Stage, authors: dict[str, str]) -> None:
    stage.said.add(part.name.lower())
    for author, text in comments(part.root, authors):
        stage.authors.add(squeeze(author))
        stage.draft.add(author, Where.COMMENT, page=page, origin="comment")
        stage.draft.add(text, Where.COMMENT, page=page, origin="comment")


def _say_statics(layouts: list[Part], stage: Stage, place: Where) -> None:
    """What a layout or master prints on every slide: in the upper half a header, below a footer; said once."""
    middle = stage.size.bottom / 2 if stage.size is not None else 0.0
    for part in layouts:
        fixed = [shape for shape in _safe_shapes(part, stage.draft) if shape.holder is None]
        upper = [shape for shape in fixed if shape.box is None or (shape.box.top + shape.box.bottom) / 2 <= middle]
        chosen = upper if place is Where.HEADER else [shape for shape in fixed if shape not in upper]
        stage.show(part, Scene(place=place), chosen)


def _say_unused(deck: Deck, stage: Stage, used: set[int]) -> None:
    """Slides, notes, layouts and masters that no slide of the show uses; of placeholders only what is no usual prompt."""
    for part in deck.of_kind("sld", "notes"):
        if id(part) not in used and part.name.lower() not in stage.said:
            stage.show(part, Scene(None, Where.HIDDEN, "unused_part"))
    for part in deck.of_kind("sldLayout", "sldMaster", "notesMaster", "handoutMaster"):
        shapes = _safe_shapes(part, stage.draft)
        if id(part) not in used:
            stage.show(part, Scene(None, Where.HIDDEN, "unused_part"), [s for s in shapes if s.holder is None])
        known = squeeze(stage.draft.text)
        for shape in shapes:
            if shape.holder is not None and _speaks(shape, known):
                place = {"hdr": Where.HEADER, "ftr": Where.FOOTER}.get(shape.holder_kind or "", Where.PROPERTY)
                stage.show(part, Scene(None, place, "unused_part"), [shape])


def _speaks(shape: Shape, known: str) -> bool:
    """Whether a placeholder says more than a prompt, and something new."""
    texts = ["".join(str(t.text or "") for t in paragraph.iter("{*}t")) for paragraph in shape.element.iter("{*}p")]
    return any(not _PROMPT.fullmatch(text.strip()) and squeeze(text) not in known for text in texts)


def _safe_shapes(part: Part, draft: Draft) -> list[Shape]:
    try:
        return shapes_of(part)
    except RecursionError:
        draft.problem("part_unread", part.name)
        return []


def _say_rest(deck: Deck, stage: Stage) -> None:
    """Names of shapes, then the words of every part that is no page."""
    draft = stage.draft
    for name in stage.names:
        draft.add(name, Where.PROPERTY, origin="metadata")
    seen = set(stage.authors)
    for part in deck.parts.values():
        if part.name.lower() in stage.said:
            continue
        for where, origin, text in rest_words(part):
            if squeeze(text) not in seen:
                seen.add(squeeze(text))
                draft.add(text, where, origin=origin)
        for link in part.links.values():
            if link.outside and link.kind != "hyperlink":
                draft.problem("external", part.name)
