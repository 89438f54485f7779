"""The parts of a slide show that are no pages: comments, tags, sections, links, properties.

In: the root of one part. Out: words with their place and origin.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from classifier.core.document import Where
from classifier.parse.slides_package import Deck, Part
from classifier.parse.word_looks import value
from classifier.parse.word_parts import anything, figure, words
from classifier.parse.xmltree import local, texts

_PAGES = {"sld", "notes", "sldLayout", "sldMaster", "notesMaster", "handoutMaster", "cmLst", "cmAuthorLst", "authorLst"}
_LOOKS_ONLY = {
    "Types", "theme", "themeOverride", "tblStyleLst", "colorsDef", "styleDef", "layoutDef", "chartStyle", "colorStyle",
    "themeManager", "contentTypeSchema", "FormTemplates", "schema", "revInfo", "chgInfo", "datastoreItem", "slideUpdateInfo",
}  # fmt: skip
_FIGURES = {"chartSpace", "dataModel", "drawing", "userShapes", "chart"}
_PROPERTIES = {"coreProperties", "Properties"}

Word = tuple[Where, str, str]


def comment_authors(deck: Deck) -> dict[str, str]:
    """The names of those who comment, by id (old comments number them, modern ones have GUIDs)."""
    return {
        value(author, "id"): value(author, "name")
        for part in deck.of_kind("cmAuthorLst", "authorLst")
        for author in part.root
        if isinstance(author.tag, str)
    }


def comments(root: etree._Element, authors: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Author and text of each comment and reply, old (`text`) and modern (`txBody`)."""
    for element in root.iter("{*}cm", "{*}reply"):
        for child in element:
            if local(child.tag) in ("text", "txBody"):
                paragraphs = list(child.iter("{*}p")) or [child]
                said = "\n".join("".join(texts(paragraph)) for paragraph in paragraphs)
                yield authors.get(value(element, "authorId"), ""), said


def rest_words(part: Part) -> Iterator[Word]:
    """The words of a part, and the addresses its links lead to outside the file."""
    for link in part.links.values():
        if link.outside:
            yield Where.PROPERTY, "external_link", link.target
    for where, origin, text in _own_words(part):
        if text.strip():
            yield where, origin, text


def _own_words(part: Part) -> Iterator[Word]:
    kind, root = part.kind, part.root
    if kind in _PAGES:
        yield from _page_settings(root)
    elif kind in _FIGURES:
        yield from ((Where.HIDDEN, "unused_part", text) for text in figure(root))
    elif kind in _PROPERTIES:
        yield from ((Where.PROPERTY, "metadata", text) for text in words(root))
    elif kind in ("presentation", "presentationPr", "viewPr", "tagLst"):
        yield from _settings(root)
    elif kind == "xml" or part.name.lower().endswith(".vml"):
        yield from ((Where.HIDDEN, "alt_text", text) for text in _vml(root))
    elif kind == "Relationships" or kind in _LOOKS_ONLY:
        return
    else:
        yield from ((Where.PROPERTY, "unused_part", text) for text in anything(root))


def _settings(root: etree._Element) -> Iterator[Word]:
    """Names of custom shows and sections, tags, titles for the web, who may write."""
    for element in root.iter():
        name = local(element.tag)
        if name in ("custShow", "section"):
            yield Where.PROPERTY, "metadata", value(element, "name")
        elif name == "tag":
            yield Where.PROPERTY, "metadata", f"{value(element, 'name')}：{value(element, 'val')}"
        elif name in ("htmlPubPr", "webPr"):
            yield Where.PROPERTY, "metadata", value(element, "title")
        yield Where.PROPERTY, "metadata", str(element.text or "").strip()


def _page_settings(root: etree._Element) -> Iterator[Word]:
    """Names given to slides and layouts by hand, people who comment, XML comments."""
    for element in root.iter():
        name = local(element.tag)
        if name == "":
            yield Where.HIDDEN, "unused_part", str(element.text or "")
        elif name in ("cmAuthor", "author"):
            yield Where.PROPERTY, "metadata", value(element, "name")
            if "@" in value(element, "userId"):
                yield Where.PROPERTY, "metadata", value(element, "userId")
        elif name == "tag":
            yield Where.PROPERTY, "metadata", value(element, "val")
        elif name == "cSld" and local(root.tag) == "sld":
            yield Where.PROPERTY, "metadata", value(element, "name")


def _vml(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        for name in ("alt", "title", "string"):
            if isinstance(element.tag, str) and local(element.tag) != "shapetype":
                yield value(element, name)
        yield str(element.text or "")
