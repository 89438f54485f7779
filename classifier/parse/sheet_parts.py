"""The parts of a workbook that are no cells: comments, drawings, charts, pivots, links, logs, properties, custom XML.

In: the root of one part. Out: what it says, each with its place and why a reader does not see it. A part without a grammar here
is read as it comes: all its text and attributes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.sheet_page import DEFAULT_NAME, is_plain_formula
from classifier.parse.word_parts import core_properties, other_properties
from classifier.parse.xmltree import local, texts


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of text of a part."""

    text: str
    where: Where = Where.HIDDEN
    origin: str | None = None
    ref: str = ""
    """The cell it belongs to, as `B2`."""


_LOOKS_ONLY = {
    "theme", "themeOverride", "calcChain", "Types", "chartStyle", "colorStyle", "styleDef", "colorsDef", "layoutDef",
    "Relationships", "datastoreItem", "SignatureInfoV1", "tableStyles", "styleSheet", "sst", "rvStructures", "rvTypesInfo",
}  # fmt: skip
_SHAPE_NAME = re.compile(
    r"(?:(?:text ?box|picture|chart|rectangle|oval|image|shape|group|line|straight|drop down|check box|button|comment|right|left|"
    r"ai generated|control|object|图表|图片|文本框|矩形|椭圆|组合|直接连接符|圆角矩形|形状|对象|直线|箭头|图形|下箭头|右箭头)[^\d]*)\s*\d*",
    re.I,
)
"""Names a program gives to shapes."""


def comments(root: etree._Element) -> Iterator[Said]:
    """Notes with their authors; a note that begins with its author says the name once."""
    authors = [str(e.text or "") for e in root.iterfind("{*}authors/{*}author")]
    used = set()
    for comment in root.iterfind("{*}commentList/{*}comment"):
        number = comment.get("authorId", "")
        author = authors[int(number)] if number.isdecimal() and int(number[:6]) < len(authors) else ""
        used.add(author)
        body = comment.find("{*}text")
        text = "".join(str(t.text or "") for t in body.iter("{*}t")) if body is not None else ""
        if author.startswith("tc={"):  # the copy of a threaded comment
            author = ""
        both = text if not author or text.startswith(author) else f"{author}：{text}"
        yield Said(both, Where.COMMENT, "comment", comment.get("ref", ""))
    for author in authors:
        if author not in used:
            yield Said(author, Where.COMMENT, "comment")


def threads(root: etree._Element) -> Iterator[Said]:
    """Threaded comments; their authors stand in the list of persons."""
    for comment in root.iter("{*}threadedComment"):
        text = "".join(str(t.text or "") for t in comment.iter("{*}text"))
        yield Said(text, Where.COMMENT, "comment", comment.get("ref", ""))


def persons(root: etree._Element) -> Iterator[Said]:
    """The people of threaded comments: name and account."""
    for person in root.iter("{*}person"):
        for key in ("displayName", "userId"):
            yield Said(person.get(key, ""), Where.COMMENT, "comment")


def figure(root: etree._Element) -> Iterator[Said]:
    """Drawings and charts: paragraphs, titles, cached values, alt text; shapes that are switched off are HIDDEN."""
    hidden = set()
    for properties in root.iter("{*}cNvPr"):
        holder = properties.getparent()
        if properties.get("hidden") in ("1", "true") and holder is not None:
            hidden.add(holder.getparent())
    for element in root.iter():
        name = local(element.tag)
        if name == "p":
            text = "".join(str(e.text or "") for e in element.iter("{*}t", "{*}br") if local(e.tag) == "t")
            if hidden and any(parent in hidden for parent in element.iterancestors()):
                yield Said(text, Where.HIDDEN, "invisible_text")
            else:
                yield Said(text, Where.TEXTBOX)
        elif name == "v" and isinstance(element.tag, str):
            yield Said(str(element.text or ""), Where.TEXTBOX)
        elif name in ("cNvPr", "docPr"):
            for key in ("descr", "title"):
                yield Said(element.get(key, ""), Where.TEXTBOX, "alt_text")
            given = element.get("name", "")
            if not _SHAPE_NAME.fullmatch(given.strip()):
                yield Said(given, Where.TEXTBOX, "alt_text")
        elif name == "f" and "[" in str(element.text or ""):
            yield Said(str(element.text), Where.HIDDEN, "external_link")


def old_drawing(root: etree._Element) -> Iterator[Said]:
    """VML: form controls, watermark pictures, text of old boxes."""
    for shape in root.iter():
        name = local(shape.tag)
        if name == "textbox":
            yield Said("".join(texts(shape)), Where.TEXTBOX)
        elif name == "textpath":
            yield Said(shape.get("string", ""), Where.TEXTBOX)
        elif name in ("FmlaMacro", "FmlaRange", "FmlaLink", "ListItem", "FmlaTxbx"):
            if not is_plain_formula(str(shape.text or "")):
                yield Said(str(shape.text or ""), Where.HIDDEN, "form_value")
        elif name in ("shape", "imagedata", "rect", "oval", "line"):
            for key, content in shape.attrib.items():
                if local(str(key)) in ("alt", "title", "href"):
                    yield Said(str(content), Where.TEXTBOX, "alt_text")


def external(root: etree._Element) -> Iterator[Said]:
    """Another workbook this one looks into: sheet names, names, cached cells, DDE topics."""
    for element in root.iter():
        name = local(element.tag)
        if name in ("sheetName", "definedName", "ddeLink", "ddeItem", "oleLink", "oleItem"):
            words = [
                str(v)
                for k, v in element.attrib.items()
                if local(str(k)) in ("val", "name", "refersTo", "ddeService", "ddeTopic", "progId")
            ]
            yield Said(" ".join(words), Where.HIDDEN, "external_link")
        elif name in ("v", "val"):
            yield Said(str(element.text or ""), Where.HIDDEN, "external_link")


def pivot(root: etree._Element) -> Iterator[Said]:
    """Pivot caches, pivot tables, slicers: names of fields and the cached values of the source."""
    for element in root.iter():
        name = local(element.tag)
        for key, content in element.attrib.items():
            low = local(str(key)) if str(key).startswith("{") else str(key)
            if low in _PIVOT_WORDS or (low == "v" and name in ("s", "n", "d", "e")):
                text = str(content)
                if not (low in ("name", "displayName", "caption") and DEFAULT_NAME.fullmatch(text)):
                    yield Said(text, Where.HIDDEN, "cached_value")


_PIVOT_WORDS = {
    "name", "caption", "refreshedBy", "uniqueName", "formula", "sourceName", "sheet", "dataCaption", "rowHeaderCaption", "c",
    "colHeaderCaption", "grandTotalCaption", "errorCaption", "missingCaption", "description", "n", "displayName", "subtotalCaption",
    "mdx", "label", "stringValue1", "stringValue2",
}  # fmt: skip


def connection(root: etree._Element) -> Iterator[Said]:
    """Data connections and live feeds: servers, commands, files, addresses."""
    for element in root.iter():
        for key, content in element.attrib.items():
            if not re.fullmatch(r"-?[\d.]*|true|false|\{[-0-9A-F]+\}", str(content), re.I) and local(str(key)) not in (
                "type",
                "Ignorable",
            ):
                yield Said(str(content), Where.HIDDEN, "external_link")
        yield Said(str(element.text or ""), Where.HIDDEN, "external_link")


def query(root: etree._Element) -> Iterator[Said]:
    """Query tables: their names and the columns of the source."""
    for element in root.iter("{*}queryTable", "{*}queryTableField", "{*}deletedField"):
        yield Said(element.get("name", ""), Where.HIDDEN, "cached_value")


def table(root: etree._Element) -> Iterator[Said]:
    """A table's name, comment, columns and total labels (a column's name may differ from the cell that shows it)."""
    for key in ("name", "displayName", "comment"):
        text = root.get(key, "")
        if not DEFAULT_NAME.fullmatch(text):
            yield Said(text, Where.HIDDEN, "defined_name")
    for column in root.iter("{*}tableColumn"):
        for key in ("name", "totalsRowLabel"):
            yield Said(column.get(key, ""), Where.HIDDEN, "defined_name")
    for formula in root.iter("{*}calculatedColumnFormula", "{*}totalsRowFormula"):
        if not is_plain_formula(re.sub(r"\[[^\]]*\]", "", str(formula.text or ""))):
            yield Said(str(formula.text or ""), Where.HIDDEN, "formula")
    for value in root.iter("{*}filter", "{*}customFilter"):
        yield Said(value.get("val", ""), Where.HIDDEN, "defined_name")


def log(root: etree._Element) -> Iterator[Said]:
    """The log of a shared workbook: old and new values, who changed what."""
    for element in root.iter():
        name = local(element.tag)
        if name in ("v", "t", "f", "formula", "oldFormula"):
            yield Said(str(element.text or ""), Where.REVISION, "old_revision")
        for key in ("userName", "author", "name", "oldName", "newName", "oldFormula"):
            text = element.get(key, "")
            if text and not (key == "name" and element.get("val") is not None):
                yield Said(text, Where.REVISION, "old_revision")


def core(root: etree._Element) -> Iterator[Said]:
    """Title, author, last editor."""
    return (Said(text, Where.PROPERTY, "metadata") for text in core_properties(root))


def other(root: etree._Element) -> Iterator[Said]:
    """Company, manager and the properties people add."""
    return (Said(text, Where.PROPERTY, "metadata") for text in other_properties(root))


def control(root: etree._Element) -> Iterator[Said]:
    """A form control: the items of its list, its macro and linked cell."""
    for element in root.iter():
        for key, content in element.attrib.items():
            if local(str(key)) in ("val", "fmlaMacro", "fmlaRange", "label") and not is_plain_formula(str(content)):
                yield Said(str(content), Where.HIDDEN, "form_value")


def anything(root: etree._Element) -> Iterator[Said]:
    """A part this room has no grammar for: all its text and attributes."""
    for element in root.iter():
        if isinstance(element.tag, str):
            for content in element.attrib.values():
                yield Said(str(content), Where.PROPERTY, "unused_part")
        yield Said(str(element.text or ""), Where.PROPERTY, "unused_part")
        yield Said(str(element.tail or ""), Where.PROPERTY, "unused_part")


_READERS: dict[str, Callable[[etree._Element], Iterator[Said]]] = {
    "comments": comments, "ThreadedComments": threads, "personList": persons, "wsDr": figure, "chartSpace": figure,
    "userShapes": figure, "dataModel": figure, "drawing": figure, "xml": old_drawing, "externalLink": external,
    "pivotCacheDefinition": pivot, "pivotCacheRecords": pivot, "pivotTableDefinition": pivot, "slicers": pivot,
    "slicerCacheDefinition": pivot, "timelines": pivot, "timelineCacheDefinition": pivot, "connections": connection,
    "volTypes": connection, "queryTable": query, "table": table, "headers": log, "revisions": log, "users": log,
    "coreProperties": core, "Properties": other, "formControlPr": control,
}  # fmt: skip


def words(root: etree._Element) -> list[Said]:
    """What a part says, each once, in order; blank pieces left out. Unlike charts, comments may say the same thing twice."""
    name = local(root.tag)
    if name in _LOOKS_ONLY:
        return []
    said = [piece for piece in _READERS.get(name, anything)(root) if piece.text and piece.text.strip()]
    return list({(squeeze(piece.text), piece.where, piece.ref): piece for piece in said}.values())
