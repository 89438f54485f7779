"""The parts of a Word package that are not paragraphs: properties, settings, links, charts, custom XML.

In: the root of one part. Out: words for the Draft, or None where the part only says how things look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from classifier.parse.cleaning import squeeze
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local, texts

_CORE = [
    "title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category", "contentStatus", "identifier",
    "version", "contentType",
]  # fmt: skip
_APP_SKIPPED = [
    "Application", "AppVersion", "DocSecurity", "TotalTime", "Pages", "Words", "Characters", "CharactersWithSpaces",
    "Lines", "Paragraphs", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "Slides", "Notes",
    "HiddenSlides", "MMClips", "HeadingPairs", "PresentationFormat", "DigSig",
]  # fmt: skip
_DEFAULT_TEMPLATE = re.compile(r"(?:normal|wps|kso|默认|普通)[\w.]*\.?(?:dotm?|dotx|wpt|wpsx?)?", re.I)
_PROGRAM_PROPERTIES = {"KSOProductBuildVer", "ICV", "KSOTemplateDocerSaveRecord"}
"""What WPS writes into every file."""
_LINKED_STYLE = re.compile(r"\s(?:Char|字符)\d*$")
"""The character half that Word adds to a paragraph style."""
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LOOKS_ONLY = [
    "theme", "themeOverride", "fonts", "webSettings", "styleDef", "colorsDef", "layoutDef", "chartStyle", "colorStyle",
    "Types", "commentsEx", "commentsIds", "commentsExtensible", "datastoreItem", "Signature", "SignatureInfoV1",
]  # fmt: skip


def core_properties(root: etree._Element) -> Iterator[str]:
    """Title, author, last editor … of docProps/core.xml; dates and counters stay out."""
    for child in root:
        if local(child.tag) in _CORE:
            yield "".join(texts(child))


def other_properties(root: etree._Element) -> Iterator[str]:
    """docProps/app.xml and custom.xml share a root name: company, manager, headings; or `name：value` of custom properties."""
    for child in root:
        name = local(child.tag)
        words = " ".join(text for text in texts(child) if text.strip())
        if name == "property":
            if value(child, "name") not in _PROGRAM_PROPERTIES:
                yield f"{value(child, 'name')}：{words}"
        elif name == "Template":
            if not _DEFAULT_TEMPLATE.fullmatch(words.strip()):
                yield words
        elif name not in _APP_SKIPPED:
            yield words


def settings(root: etree._Element) -> Iterator[str]:
    """Document variables, and what a mail merge is fed from."""
    for element in root.iter():
        name = local(element.tag)
        if name == "docVar":
            yield f"{value(element, 'name')}：{value(element)}"
        elif name in ("query", "connectString", "addressFieldName", "mailSubject", "udl", "table", "writeProtection"):
            yield value(element)


def style_names(root: etree._Element) -> Iterator[str]:
    """Names of styles that a person made."""
    for element in root:
        if local(element.tag) == "style" and value(element, "customStyle") not in ("", "0", "false"):
            for child in element:
                if local(child.tag) in ("name", "aliases") and not _LINKED_STYLE.search(value(child)):
                    yield value(child)


def numbering(root: etree._Element) -> Iterator[str]:
    """Numbering patterns with Chinese words (第%1章); the numbers themselves are never in the file."""
    for element in root.iter("{*}lvlText"):
        if _HAN.search(value(element)):
            yield value(element)


def people(root: etree._Element) -> Iterator[str]:
    """Authors of comments and changes."""
    for element in root:
        yield value(element, "author")


def links(root: etree._Element) -> Iterator[str]:
    """Targets outside the file: addresses behind links, and paths of templates and linked pictures."""
    for element in root:
        if value(element, "TargetMode").lower() == "external":
            yield value(element, "Target")


def figure(root: etree._Element) -> Iterator[str]:
    """A chart or diagram: every paragraph, title, category and cached value that is drawn."""
    for element in root.iter():
        name = local(element.tag)
        if name == "p":
            yield "".join("".join(texts(e)) for e in element.iter() if local(e.tag) == "t")
        elif name == "v":
            yield "".join(texts(element))


def anything(root: etree._Element) -> Iterator[str]:
    """A part this room has no grammar for (custom XML and the like): all its text and attributes."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from (str(content) for content in element.attrib.values())
        yield str(element.text or "")
        yield str(element.tail or "")


_READERS: dict[str, Callable[[etree._Element], Iterator[str]]] = {
    "coreProperties": core_properties,
    "Properties": other_properties,
    "settings": settings,
    "styles": style_names,
    "numbering": numbering,
    "people": people,
    "Relationships": links,
}
_FIGURES = ("chartSpace", "dataModel", "drawing", "chart")


def is_figure(root: etree._Element) -> bool:
    """Whether the part is drawn on the page."""
    return local(root.tag) in _FIGURES


def words(root: etree._Element) -> list[str]:
    """The words of a part that holds no paragraphs, each once, in order; blank ones left out."""
    name = local(root.tag)
    if name in _LOOKS_ONLY:
        return []
    reader = figure if name in _FIGURES else _READERS.get(name, anything)
    return list({squeeze(text): text for text in reader(root) if text and text.strip()}.values())
