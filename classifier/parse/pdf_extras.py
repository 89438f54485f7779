"""What a PDF holds besides its pages' text, asked of PDFium: properties, outline, attached files, XFA forms.

In: open PDFium handles. Out: words on the Draft with their place, files through the door, Problems for what PDFium does not give.
"""

from __future__ import annotations

import ctypes
import hashlib
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from lxml import etree

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.pdf_drawing import Handle
from classifier.parse.pdf_notes import attach
from classifier.parse.pdf_objects import Objects
from classifier.parse.xmltree import local, read_tree

_PROPERTIES = ("Title", "Author", "Subject", "Keywords")
"""Creator, Producer and the dates name programs, not people."""
_OUTLINE = 2_000
_XFA_PARTS = ("template", "datasets", "form", "data")
_LARGEST_PACKET = 16 << 20


def open_forms(document: pdfium.PdfDocument, draft: Draft) -> Handle:
    """The form environment of a document with form fields."""
    if document.get_formtype() == raw.FORMTYPE_NONE:
        return None
    try:
        document.init_forms()
    except pdfium.PdfiumError:
        draft.problem("form")
        return None
    return document.formenv


def read_extras(document: pdfium.PdfDocument, objects: Objects, draft: Draft, known: set[bytes]) -> None:
    """Properties, outline titles that the text lacks, attached files, the words of XFA forms."""
    for key in _PROPERTIES:
        try:
            draft.add(document.get_metadata_value(key), Where.PROPERTY, origin="metadata")
        except (UnicodeError, ValueError):
            draft.problem("part_unread", key)
    _read_outline(document, draft)
    if raw.FPDF_GetXFAPacketCount(document) > 0:
        _read_xfa(document, draft)
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 and not objects.bodies(b"/JS"):
        draft.problem("macro")
    _read_attachments(document, objects, draft, known)


def _read_attachments(document: pdfium.PdfDocument, objects: Objects, draft: Draft, known: set[bytes]) -> None:
    """The files of the document's list, then those that no list names and no page shows but the bytes still hold."""
    for number in range(max(0, document.count_attachments())):
        attach(raw.FPDFDoc_GetAttachment(document, number), document, f"attachment {number + 1}", draft, known)
    loose = [number for number, body in objects.bodies(b"/EmbeddedFile") if b"/EmbeddedFiles" not in body]
    for number in loose:
        decoded = objects.decode(number)
        if decoded is None:
            continue
        if not decoded.is_known:
            draft.problem("attachment", f"object {number}")
        elif (digest := hashlib.sha256(decoded.data).digest()) not in known:
            known.add(digest)
            draft.attach(f"object-{number}", decoded.data, f"object {number}")


def _read_outline(document: pdfium.PdfDocument, draft: Draft) -> None:
    try:
        titles = [bookmark.get_title() for bookmark in islice(document.get_toc(), _OUTLINE)]
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        draft.problem("part_unread", "outline")
        return
    said = squeeze(draft.text) if titles else ""
    for title in dict.fromkeys(titles):
        if squeeze(title) not in said:
            draft.add(title, Where.PROPERTY, origin="bookmark")


def _read_xfa(document: pdfium.PdfDocument, draft: Draft) -> None:
    """The words of an XFA form, which its reader builds from XML and PDFium does not draw."""
    packets = [_packet(document, index) for index in range(min(64, raw.FPDF_GetXFAPacketCount(document)))]
    whole = b"".join(packets)
    if not whole.strip(b"\0 \r\n\t"):
        draft.problem("form", "XFA")
        return
    root = read_tree(whole.strip(b"\0 \r\n\t"), "XFA", draft)
    said, new = squeeze(draft.text), set[str]()
    for text, origin in _xfa_words(root) if root is not None else ():
        flat = squeeze(text)
        if flat not in new and flat not in said:
            draft.add(text, Where.TEXTBOX if origin == "form_value" else Where.HIDDEN, origin=origin)
            new.add(flat)


def _packet(document: pdfium.PdfDocument, index: int) -> bytes:
    size = ctypes.c_ulong()
    if not raw.FPDF_GetXFAPacketContent(document, index, None, 0, size) or size.value > _LARGEST_PACKET:
        return b""
    buffer = ctypes.create_string_buffer(size.value)
    raw.FPDF_GetXFAPacketContent(document, index, buffer, size.value, size)
    return buffer.raw


def _xfa_words(root: etree._Element) -> list[tuple[str, str]]:
    """Every text of the form and its data; scripts by their own origin, settings of the program left out."""
    found: list[tuple[str, str]] = []
    for part in [root, *root] if local(root.tag) != "xdp" else list(root):
        if local(part.tag) not in _XFA_PARTS:
            continue
        for element in part.iter():
            name = local(element.tag)
            if element.text and element.text.strip():
                found.append((element.text.strip(), "script" if name == "script" else "form_value"))
            if element.tail and element.tail.strip():
                found.append((element.tail.strip(), "form_value"))
    return found
