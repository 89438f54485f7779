"""Word papers in one XML file: Word 2003 XML (often named .doc) and the flat form of a docx.

In: untrusted bytes of XML. Out: the same parts a docx has, packed and handed to the docx reader, so that one walk knows all tags.
Source: [MS-DOCX]'s predecessor, the Word 2003 XML reference schema; ECMA-376 part 1, annex on flat OPC.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
from typing import TYPE_CHECKING

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.inset import see_picture

if TYPE_CHECKING:
    from lxml import etree

    from classifier.parse.draft import Draft
    from classifier.parse.formats import Sample

EXTENSIONS = (".xml", ".doc", ".dot")
_OPENS = re.compile(rb"<(?:\w+:)?(?:wordDocument|package)\b[^>]{0,6000}(?:office/word/2003/wordml|office/2006/xmlPackage)", re.S)
_ANNOTATIONS = {"Word.Insertion": "ins", "Word.Deletion": "del", "Word.Bookmark.Start": "bookmarkStart"}
_OWN_PARTS = {"hdr": "header", "ftr": "footer", "footnote": "footnotes", "endnote": "endnotes"}
_COUNTERS = re.compile(r"(?:Total|Pages|Words|Char|Lines|Paragraphs|Version|Created|LastSaved|Revision|LastPrinted).*")


def bid(sample: Sample) -> float:
    """Certain when the first element is that of a Word paper in XML."""
    head = sample.head
    if b"\0" in head[:64]:
        head = head.replace(b"\0", b"")
    return 0.93 if b"<" in head[:8] and _OPENS.search(head) else 0.0


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything the paper says.

    Raises:
        Unreadable: `damaged` when it is no XML.
    """
    from classifier.parse import word
    from classifier.parse.xmltree import local, read_tree

    root = read_tree(untrusted, "document.xml", draft)
    if root is None:
        raise Unreadable("damaged", "document.xml")
    parts = _flat_parts(root, draft) if local(root.tag) == "package" else _old_parts(root, draft)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data)
    word.read(out.getvalue(), draft)


def _flat_parts(root: etree._Element, draft: Draft) -> dict[str, bytes]:
    from lxml import etree

    from classifier.parse.word_looks import value
    from classifier.parse.xmltree import local

    parts: dict[str, bytes] = {}
    for part in root:
        name = value(part, "name").lstrip("/")
        for content in part if name else ():
            if local(content.tag) == "xmlData" and len(content):
                parts[name] = etree.tostring(content[0], with_tail=False)
            elif local(content.tag) == "binaryData":
                parts[name] = _binary(content.text, draft)
    return parts


def _binary(text: str | None, draft: Draft) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()))
    except (binascii.Error, ValueError):
        draft.problem("part_unread", "binary data")
        return b""


def _old_parts(root: etree._Element, draft: Draft) -> dict[str, bytes]:
    """The parts of a Word 2003 paper: what stands inside the body there has a part of its own in a docx."""
    from lxml import etree

    from classifier.parse.xmltree import local

    body = next((child for child in root if local(child.tag) == "body"), None)
    if body is None:
        raise Unreadable("damaged", "document.xml")
    space = body.tag.rpartition("}")[0] + "}"
    _read_rest(root, draft)
    own: dict[str, etree._Element] = {}
    for element in list(body.iter()):
        name = local(element.tag)
        if name == "binData":
            _report(element, draft)
        elif name in _OWN_PARTS:
            _move(element, space, name, own)
        elif name == "annotation":
            _translate(element, space, own)
    document = etree.Element(space + "document")
    document.append(body)
    parts = {"word/document.xml": etree.tostring(document)}
    parts |= {f"word/{name}.xml": etree.tostring(element) for name, element in own.items()}
    for child in root:
        if local(child.tag) == "styles":
            parts["word/styles.xml"] = etree.tostring(child, with_tail=False)
    return parts


def _move(element: etree._Element, space: str, name: str, own: dict[str, etree._Element]) -> None:
    """Takes a header or note out of the body."""
    from lxml import etree

    from classifier.parse.xmltree import local

    parent = element.getparent()
    if parent is None or (name in ("footnote", "endnote") and local(parent.tag).endswith("Pr")):
        return
    tail = element.tail
    if name in ("hdr", "ftr"):
        parent.remove(element)
        own[f"{_OWN_PARTS[name]}{len(own) + 1}"] = element
    else:
        part = own.setdefault(_OWN_PARTS[name], etree.Element(space + _OWN_PARTS[name]))
        part.append(element)
    element.tail = None
    if tail and tail.strip():
        parent.text = (parent.text or "") + tail


def _translate(element: etree._Element, space: str, own: dict[str, etree._Element]) -> None:
    """Gives an annotation its name of today; a comment moves to the part of comments."""
    from lxml import etree

    from classifier.parse.word_looks import value

    kind, author = value(element, "type"), value(element, "author")
    element.set(space + "author", author)
    if kind == "Word.Comment":
        element.tag = space + "comment"
        element.tail = None
        own.setdefault("comments", etree.Element(space + "comments")).append(element)
    elif kind in _ANNOTATIONS:
        element.tag = space + _ANNOTATIONS[kind]


def _read_rest(root: etree._Element, draft: Draft) -> None:
    """Properties, and what no docx reader would meet: macros and pictures in letters."""
    from classifier.parse.xmltree import local

    for child in root:
        name = local(child.tag)
        if name in ("DocumentProperties", "CustomDocumentProperties"):
            for line in child:
                if line.text and not _COUNTERS.fullmatch(local(line.tag)):
                    label = f"{local(line.tag)}：" if name.startswith("Custom") else ""
                    draft.add(label + line.text, Where.PROPERTY, origin="metadata")
        elif name in ("docSuppData", "docOleData"):
            draft.problem("macro" if name == "docSuppData" else "embedded", name)


def _report(element: etree._Element, draft: Draft) -> None:
    try:
        data = base64.b64decode(element.text or "", validate=False)
    except (binascii.Error, ValueError):
        data = None
    see_picture(data, "document.xml", draft)
    element.text = None
