"""Annotations of a PDF page: comments with their authors, form fields, links, attached files, drawn notes.

In: an open page. Out: words on the Draft with their place; boxes that may cover letters; Problems for what shows something this
room cannot read.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.pdf_drawing import Box, Handle

_DRAWN = {raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_WATERMARK}
_MEDIA = {raw.FPDF_ANNOT_SOUND, raw.FPDF_ANNOT_MOVIE, raw.FPDF_ANNOT_SCREEN, raw.FPDF_ANNOT_THREED, raw.FPDF_ANNOT_RICHMEDIA}
_WIDGETS = {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_XFAWIDGET}
_FLAT = {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FILEATTACHMENT, *_WIDGETS}
"""Annotations that draw nothing over the words of the page but a small sign."""
_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_STATELESS = {
    raw.FPDF_FORMFIELD_PUSHBUTTON,
    raw.FPDF_FORMFIELD_CHECKBOX,
    raw.FPDF_FORMFIELD_RADIOBUTTON,
    raw.FPDF_FORMFIELD_SIGNATURE,
}
_TAG = re.compile(r"<[^<>]{1,2000}>")
_DEFAULT_FIELD = re.compile(r"[\x00-\x7f]{0,100}")
"""Programs and form designers name fields in ASCII; a name with Han letters was written by a person for a person."""


@dataclass(slots=True)
class Boxes:
    """Where the annotations of a page stand."""

    marked: list[Box] = field(default_factory=list)
    """Redactions that were drawn but never applied."""
    drawn: list[Box] = field(default_factory=list)
    """Shapes, stamps and text boxes that may cover letters."""


NONE = Boxes()


def find_boxes(page: pdfium.PdfPage) -> Boxes:
    """The boxes of a page's annotations."""
    boxes = Boxes()
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        with _opened(page, index) as annotation:
            kind = raw.FPDFAnnot_GetSubtype(annotation) if annotation else raw.FPDF_ANNOT_UNKNOWN
            if kind == raw.FPDF_ANNOT_REDACT:
                boxes.marked += _areas(annotation)
            elif annotation and kind not in _FLAT:
                boxes.drawn += _areas(annotation)[:1]
    return boxes


@contextmanager
def _opened(page: pdfium.PdfPage, index: int) -> Iterator[Handle]:
    annotation = raw.FPDFPage_GetAnnot(page, index)
    try:
        yield annotation
    finally:
        if annotation:
            raw.FPDFPage_CloseAnnot(annotation)


def _areas(annotation: Handle) -> list[Box]:
    """The quadrilaterals of an annotation, or its rectangle."""
    found: list[Box] = []
    quad, rect = raw.FS_QUADPOINTSF(), raw.FS_RECTF()
    for number in range(min(1000, raw.FPDFAnnot_CountAttachmentPoints(annotation))):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, number, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            found.append((min(xs), min(ys), max(xs), max(ys)))
    if not found and raw.FPDFAnnot_GetRect(annotation, rect):
        found.append((rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top)))
    return found


def read_notes(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int, forms: Handle, draft: Draft, known: set[bytes]
) -> None:
    """The words of all annotations of a page."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        with _opened(page, index) as annotation:
            if annotation:
                _read_note(document, annotation, number, forms, draft, known)
            else:
                draft.problem("form", f"page {number}")


def _read_note(
    document: pdfium.PdfDocument, annotation: Handle, number: int, forms: Handle, draft: Draft, known: set[bytes]
) -> None:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    unseen = bool(raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN)
    if kind in _WIDGETS:
        _read_field(annotation, number, forms, draft, unseen)
        return
    if kind == raw.FPDF_ANNOT_LINK:
        _read_link(document, annotation, draft)
    elif kind == raw.FPDF_ANNOT_FILEATTACHMENT:
        attach(raw.FPDFAnnot_GetFileAttachment(annotation), document, f"page {number}", draft, known)
    elif kind in _MEDIA:
        draft.problem("embedded", f"page {number}")
    words = _words(annotation)
    if words.strip():
        if kind == raw.FPDF_ANNOT_FREETEXT:
            place, origin = (Where.HIDDEN, "invisible_text") if unseen else (Where.TEXTBOX, None)
            draft.add(words, place, page=number, origin=origin)
        else:
            if kind != raw.FPDF_ANNOT_LINK:
                draft.add(_string(annotation, "T"), Where.COMMENT, page=number, origin="comment")
            draft.add(words, Where.COMMENT, page=number, origin="comment")
    if kind == raw.FPDF_ANNOT_REDACT:
        draft.add(_string(annotation, "OverlayText"), Where.COMMENT, page=number, origin="redaction")
    if (not words.strip() or kind in (raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WATERMARK)) and kind in _DRAWN:
        draft.problem("form", f"page {number}")


def _words(annotation: Handle) -> str:
    """Subject and contents; the rich text where it says more than the plain one."""
    contents, rich = _string(annotation, "Contents"), _TAG.sub("", _string(annotation, "RC"))
    return contents if squeeze(rich) in squeeze(contents) else f"{contents}\n{rich}".strip()


def _read_field(annotation: Handle, number: int, forms: Handle, draft: Draft, unseen: bool) -> None:
    """A form field: its value, which a reader sees in its box, its name, its choices."""
    place = Where.HIDDEN if unseen else Where.TEXTBOX
    if forms is None:
        draft.add(_string(annotation, "V"), place, page=number, origin="form_value")
        draft.problem("form", f"page {number}")
        return
    kind = raw.FPDFAnnot_GetFormFieldType(forms, annotation)
    value = ""
    if kind not in _STATELESS:
        value = _wide(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(forms, annotation, buffer, size))
        draft.add(value, place, page=number, origin="form_value")
    default = _string(annotation, "DV")
    if default != value:
        draft.add(default, Where.HIDDEN, page=number, origin="form_value")
    for name in dict.fromkeys(
        (
            _wide(lambda buffer, size: raw.FPDFAnnot_GetFormFieldName(forms, annotation, buffer, size)),
            _wide(lambda buffer, size: raw.FPDFAnnot_GetFormFieldAlternateName(forms, annotation, buffer, size)),
        )
    ):
        if not _DEFAULT_FIELD.fullmatch(name):
            draft.add(name, Where.PROPERTY, page=number, origin="form_value")
    for option in range(min(2000, max(0, raw.FPDFAnnot_GetOptionCount(forms, annotation)))):
        label = _option(forms, annotation, option)
        if label != value:
            draft.add(label, Where.HIDDEN, page=number, origin="form_value")


def _option(forms: Handle, annotation: Handle, option: int) -> str:
    return _wide(lambda buffer, size: raw.FPDFAnnot_GetOptionLabel(forms, annotation, option, buffer, size))


def _read_link(document: pdfium.PdfDocument, annotation: Handle, draft: Draft) -> None:
    link = raw.FPDFAnnot_GetLink(annotation)
    action = raw.FPDFLink_GetAction(link) if link else None
    if not action:
        return
    kind = raw.FPDFAction_GetType(action)
    if kind == raw.PDFACTION_URI:
        size = raw.FPDFAction_GetURIPath(document, action, None, 0)
        buffer = ctypes.create_string_buffer(max(1, size))
        raw.FPDFAction_GetURIPath(document, action, buffer, size)
        draft.add(buffer.value.decode("utf-8", "replace"), Where.PROPERTY, origin="external_link")
    elif kind in (raw.PDFACTION_LAUNCH, raw.PDFACTION_REMOTEGOTO):
        size = raw.FPDFAction_GetFilePath(action, None, 0)
        buffer = ctypes.create_string_buffer(max(1, size))
        raw.FPDFAction_GetFilePath(action, buffer, size)
        draft.add(buffer.value.decode("utf-8", "replace"), Where.PROPERTY, origin="external_link")
        if kind == raw.PDFACTION_LAUNCH:
            draft.problem("external")


def attach(handle: Handle, document: pdfium.PdfDocument, where: str, draft: Draft, known: set[bytes]) -> None:
    """Reads a file inside the PDF through the door, unless its digest is known; a Problem when its bytes do not come out."""
    if not handle:
        draft.problem("attachment", where)
        return
    attachment = pdfium.PdfAttachment(handle, document)
    try:
        name = attachment.get_name()
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        name = ""
    try:
        data = bytes(attachment.get_data())
    except (pdfium.PdfiumError, ValueError, RuntimeError):
        draft.problem("attachment", where)
        draft.add(name, Where.PROPERTY, origin="metadata")
        return
    if (digest := hashlib.sha256(data).digest()) not in known:
        known.add(digest)
        draft.attach(name or where.replace(" ", "-"), data, where)


def _string(annotation: Handle, key: str) -> str:
    name = key.encode() + b"\0"
    return _wide(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, name, buffer, size))


def _wide(call: Callable[[Any, int], int]) -> str:
    """A UTF-16 string of PDFium: asked once for its size in bytes, once for itself."""
    size = call(None, 0)
    if size <= 2:
        return ""
    buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
    call(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
