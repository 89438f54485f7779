"""What lies in a PDF outside its pages, told from its objects: XMP, further properties, scripts, layers, alternative texts.

In: the objects of a file. Out: words on the Draft with their place and origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.pdf_objects import Objects
from classifier.parse.pdf_strings import decode, read_string
from classifier.parse.xmltree import local, read_tree

_PROGRAM_KEYS = {
    "Creator",
    "Producer",
    "CreationDate",
    "ModDate",
    "Trapped",
    "PTEX.Fullbanner",
    "Title",
    "Author",
    "Subject",
    "Keywords",
}
"""Names of programs, dates, and the four that PDFium reads."""
_KEY = re.compile(rb"/([^\s/()<>\[\]{}%]{1,80})\s*(?=[(<\d])")
_SCRIPT = re.compile(rb"/JS(?![A-Za-z])\s*")
_POINTER = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R")
_ALTERNATIVE = re.compile(rb"/(?:Alt|ActualText|E|TU)\s*(?=[(<])(?!<<)")
_DESCRIPTION = re.compile(rb"/Desc\s*(?=[(<])(?!<<)")
_PLAIN_XMP = {
    "CreateDate", "ModifyDate", "MetadataDate", "InstanceID", "DocumentID", "OriginalDocumentID", "format", "Producer",
    "CreatorTool", "RenditionClass", "VersionID", "part", "conformance", "Trapped", "instanceID", "documentID",
    "originalDocumentID", "when", "action", "softwareAgent", "changed", "parameters", "type", "lang", "about", "parseType",
    "xmptk", "NPages", "HasVisibleOverprint", "HasVisibleTransparency", "ColorMode", "ICCProfile", "stEvt", "resource",
    "SourceModified", "amd", "rev", "DocChangeCount", "renditionClass", "namespaceURI", "prefix", "valueType", "category",
    "description_schema", "Orientation", "XResolution", "YResolution", "ResolutionUnit", "ColorSpace", "PixelXDimension",
    "PixelYDimension", "NativeDigest", "format_version", "versionModified", "maxPageSize", "image", "width", "height",
}  # fmt: skip
"""Dates, numbers and programs; the names of people, files, places and papers stay."""
_SPEAKING = re.compile(r"[^\W\d_]")
_FONTS = re.compile(r"(?:Fonts|font\w*|Font\w*|swatch\w*|Swatch\w*|Plate\w*|gray|cyan|magenta|yellow|black|mode|tint)")


def closed_layers(objects: Objects) -> frozenset[str]:
    """The names of the optional-content groups that the document opens switched off."""
    settings = objects.value(objects.root, b"OCProperties")
    if not settings:
        return frozenset()
    default = objects.value(settings, b"D")
    off = set(objects.references(default, b"OFF"))
    if objects.value(default, b"BaseState").startswith(b"/OFF"):
        off |= set(objects.references(settings, b"OCGs")) - set(objects.references(default, b"ON"))
    names = {read_string(objects.value(objects.body(number), b"Name")) for number in off}
    return frozenset(name or "?" for name in names)


def read_inside(objects: Objects, draft: Draft) -> None:
    """Everything above; words that the text already has are not said again."""
    found = [
        *((text, Where.PROPERTY, "metadata") for text in _further_properties(objects)),
        *((text, Where.PROPERTY, "metadata") for text in _xmp(objects, draft)),
        *((text, Where.HIDDEN, "script") for text in _scripts(objects, draft)),
        *((text, Where.HIDDEN, "alt_text") for text in _alternatives(objects)),
    ]
    said = squeeze(draft.text) if found else ""
    new: set[str] = set()
    for text, where, origin in found:
        flat = squeeze(text)
        if flat not in new and flat not in said:
            draft.add(text, where, origin=origin)
            new.add(flat)


def _further_properties(objects: Objects) -> Iterator[str]:
    """Properties that a company's system or a person added to the information dictionary."""
    for match in _KEY.finditer(objects.info):
        name = match[1].decode("latin-1")
        value = read_string(_pointed(objects, objects.info[match.end() :]))
        if name not in _PROGRAM_KEYS and value and value.strip() and not name.startswith("PTEX"):
            yield f"{name}：{value}"


def _pointed(objects: Objects, value: bytes) -> bytes:
    pointer = _POINTER.match(value)
    return objects.body(int(pointer[1])) if pointer else value


def _xmp(objects: Objects, draft: Draft) -> Iterator[str]:
    """Names, titles and paths of the metadata streams."""
    for number, body in objects.bodies(b"/Metadata"):
        if b"/XML" not in body:
            continue
        decoded = objects.decode(number)
        if decoded is None or not decoded.is_known or len(decoded.data) > 4 << 20:
            draft.problem("part_unread", f"object {number}")
            continue
        quiet = Draft("", draft.limits)  # a broken packet is told once, below, and never as damage of the paper's text
        root = read_tree(decoded.data.strip(b"\0 \r\n\t\xef\xbb\xbf"), "xmp", quiet)
        if root is None:
            draft.problem("part_unread", f"object {number}")
            continue
        yield from _xmp_words(root)


def _xmp_words(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        name = local(element.tag)
        parents = {local(parent.tag) for parent in element.iterancestors()}
        if not name or _is_plain(name) or any(_is_plain(parent) for parent in parents):
            continue
        for key, value in element.attrib.items():
            key, value = str(key), str(value)
            if not _is_plain(local(key)) and _SPEAKING.search(value) and "}" in key:
                yield f"{local(key)}：{value}"
        if element.text and _SPEAKING.search(element.text):
            yield element.text.strip()


def _is_plain(name: str) -> bool:
    return name in _PLAIN_XMP or _FONTS.fullmatch(name) is not None


def _scripts(objects: Objects, draft: Draft) -> Iterator[str]:
    """JavaScript wherever it hangs: document, pages, fields, annotations, outline."""
    for number, body in objects.bodies(b"/JS"):
        for match in _SCRIPT.finditer(body):
            rest = body[match.end() :]
            pointer = _POINTER.match(rest)
            if pointer and (decoded := objects.decode(int(pointer[1]))) is not None:
                if not decoded.is_known:
                    draft.problem("macro", f"object {number}")
                yield decode(decoded.data)
            else:
                yield read_string(_pointed(objects, rest)) or ""


def _alternatives(objects: Objects) -> Iterator[str]:
    """Descriptions of pictures, replacement texts, expanded abbreviations; descriptions of attached files."""
    for mark, pattern in ((b"/StructElem", _ALTERNATIVE), (b"/Alt", _ALTERNATIVE), (b"/Desc", _DESCRIPTION)):
        for _, body in objects.bodies(mark):
            for match in pattern.finditer(body):
                yield read_string(body[match.end() :]) or ""
