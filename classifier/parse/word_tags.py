"""What each tag of a Word part means for the walk. In: an element and the Flow that meets it. Out: text said, skipped, or noted.

Names are local names: the transitional and the strict namespace, DrawingML and maths share them where they mean the same.
A tag that is not listed is walked through, so an unknown wrapper never hides the paragraph inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from classifier.core.document import Where
from classifier.parse.word_codes import is_default_bookmark, is_default_name, symbol
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local, texts

if TYPE_CHECKING:
    from classifier.parse.word_flow import Flow

Handler = Callable[["Flow", etree._Element, Where, bool], None]
CHARACTERS: dict[Handler, str] = {}
"""What the tags that stand for one character say."""


def skip(_flow: Flow, _element: etree._Element, _place: Where, _aside: bool) -> None:
    """Properties and settings: they hold no text."""


def say_text(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    """A `w:t`: its words, and whatever stands inside it, which none should have."""
    flow.say(element.text, place, aside)
    for child in element:
        flow.walk([child], place, aside)
        flow.say(child.tail, place, aside)


def _deleted_text(flow: Flow, element: etree._Element, _place: Where, _aside: bool) -> None:
    outer, flow.origin = flow.origin, "deleted_text"
    flow.say("".join(texts(element)), Where.REVISION, True)
    flow.origin = outer


def _character(char: str) -> Handler:
    def say(flow: Flow, _element: etree._Element, place: Where, aside: bool) -> None:
        flow.say(char, place, aside)

    CHARACTERS[say] = char
    return say


def _symbol(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    flow.say(symbol(value(element, "font"), value(element, "char")), place, aside)


def _inserted(flow: Flow, element: etree._Element, _place: Where, aside: bool) -> None:
    flow.note(value(element, "author"))
    flow.within("inserted_text", element, Where.REVISION, aside)


def _deleted(flow: Flow, element: etree._Element, _place: Where, _aside: bool) -> None:
    flow.note(value(element, "author"))
    flow.within("deleted_text", element, Where.REVISION, True)


def _comment(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    """The author comes first: who said it is part of what the comment gives away."""
    flow.loose(value(element, "author"), Where.COMMENT if place is not Where.HIDDEN else place, "comment")
    flow.walk(element, place, aside)


def _code(flow: Flow, element: etree._Element, place: Where, _aside: bool) -> None:
    code = "".join(texts(element))
    if place is Where.REVISION:
        flow.say(code, place, True)
    else:
        flow.code_piece(code)


def _simple_field(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    flow.code_piece(value(element, "instr"))
    flow.end_code()
    flow.walk(element, place, aside)


def _field_character(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    flow.end_code()
    flow.walk(element, place, aside)


def _described(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    """The alternative text of a picture or shape, and its name where a person gave it one."""
    for name in ("descr", "alt", "title"):
        flow.loose(value(element, name), Where.HIDDEN, "alt_text")
    name = value(element, "name")
    if not is_default_name(name):
        flow.note(name, "alt_text")
    flow.walk(element, place, aside)


def _word_art(flow: Flow, element: etree._Element, place: Where, _aside: bool) -> None:
    """A watermark: VML draws the letters of an attribute."""
    flow.loose(value(element, "string"), Where.TEXTBOX if place is Where.BODY else place)


def _old_box(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    """A VML text box; old writers put the words straight into it, without paragraphs."""
    if any(local(child.tag) == "txbxContent" for child in element):
        flow.walk(element, place, aside)
    else:
        flow.loose(" ".join(texts(element)), Where.TEXTBOX if place is Where.BODY else place)


def _named(*names: str) -> Handler:
    """Notes attributes (authors, tags, bookmark names) and walks on."""

    def note(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
        for name in names:
            flow.note(value(element, name))
        flow.walk(element, place, aside)

    return note


def note_bookmark(flow: Flow, element: etree._Element, _place: Where, _aside: bool) -> None:
    """The name of a bookmark, where a person gave it one."""
    name = value(element, "name")
    if not is_default_bookmark(name):
        flow.note(name, "bookmark")


def _settings_of(flow: Flow, element: etree._Element, _place: Where, _aside: bool) -> None:
    """A content control or form field: its title, tag, choices and default words, wherever they nest."""
    for child in element.iter():
        if local(child.tag) in _SPEAKING_SETTINGS:
            for name in ("val", "displayText", "value"):
                flow.note(value(child, name), "form_value")


def _hint(flow: Flow, element: etree._Element, place: Where, aside: bool) -> None:
    flow.loose(value(element, "tooltip"), Where.HIDDEN, "alt_text")
    flow.walk(element, place, aside)


def _table_settings(flow: Flow, element: etree._Element, _place: Where, _aside: bool) -> None:
    for child in element:
        if local(child.tag) in ("tblCaption", "tblDescription"):
            flow.loose(value(child), Where.HIDDEN, "alt_text")


def _xml_comment(flow: Flow, element: etree._Element, _place: Where, _aside: bool) -> None:
    flow.loose(str(element.text or ""), Where.HIDDEN, "hidden_text")


_SPEAKING_SETTINGS = {"alias", "tag", "listItem", "default", "listEntry", "helpText", "statusText", "name", "docPartGallery"}
_SKIPPED = [
    "pPr", "rPr", "sectPr", "tblGrid", "trPr", "tcPr", "tblPrEx", "proofErr", "lastRenderedPageBreak", "rubyPr", "spPr",
    "sdtEndPr", "fldData", "bodyPr", "lstStyle", "ctrlPr", "noProof", "softHyphen", "annotationRef", "footnoteRef",
    "endnoteRef", "separator", "continuationSeparator", "stylePr", "wrapTight", "wrapThrough",
]  # fmt: skip
_HANDLERS: dict[str, Handler] = {
    "": _xml_comment,
    "t": say_text,
    "delText": _deleted_text,
    "delInstrText": _deleted_text,
    "tab": _character("\t"),
    "ptab": _character("\t"),
    "br": _character("\n"),
    "cr": _character("\n"),
    "noBreakHyphen": _character("-"),
    "sym": _symbol,
    "ins": _inserted,
    "moveTo": _inserted,
    "del": _deleted,
    "moveFrom": _deleted,
    "comment": _comment,
    "instrText": _code,
    "fldSimple": _simple_field,
    "fldChar": _field_character,
    "docPr": _described,
    "cNvPr": _described,
    **dict.fromkeys(
        ["shape", "rect", "roundrect", "oval", "group", "line", "polyline", "arc", "curve", "image", "imagedata"], _described
    ),
    "textpath": _word_art,
    "textbox": _old_box,
    "bookmarkStart": note_bookmark,
    "permStart": _named("ed"),
    "attr": _named("val"),
    "docPartPr": _settings_of,
    "sdtPr": _settings_of,
    "ffData": _settings_of,
    "hyperlink": _hint,
    "tblPr": _table_settings,
    **dict.fromkeys(_SKIPPED, skip),
}


def _methods() -> Iterator[tuple[str, Handler]]:
    from classifier.parse.word_flow import Flow

    yield "p", Flow.paragraph
    yield "r", Flow.run
    yield "tbl", Flow.table
    yield "tr", Flow.row
    yield "tc", Flow.cell
    yield "txbxContent", Flow.box
    yield "txBody", Flow.box
    yield "AlternateContent", Flow.alternate


@lru_cache(maxsize=4096)
def find_handler(tag: object) -> Handler | None:
    """What to do with a tag; None for a wrapper that is walked through."""
    if "p" not in _HANDLERS:
        _HANDLERS.update(_methods())
    return _HANDLERS.get(local(tag))
