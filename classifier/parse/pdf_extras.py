"""What a PDF holds besides its text layer: properties, outline, annotations, form values, attachments, scripts, pictures.

In: open PDFium handles. Out: words on the Draft with their place, Problems for what PDFium does not give. Not read: XMP
metadata, XFA data.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft

_PROPERTIES = ("Title", "Author", "Subject", "Keywords")
"""Creator, Producer and the dates name programs, not people."""
_OUTLINE = 2_000
_LOOKED_AT = 240
"""Page objects looked at for pictures; a page with more has them among its letters, and the first and last tell enough."""
_DRAWN = {raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_WATERMARK, raw.FPDF_ANNOT_REDACT}
_MEDIA = {raw.FPDF_ANNOT_SOUND, raw.FPDF_ANNOT_MOVIE, raw.FPDF_ANNOT_SCREEN, raw.FPDF_ANNOT_THREED, raw.FPDF_ANNOT_RICHMEDIA}
_STATELESS = {
    raw.FPDF_FORMFIELD_PUSHBUTTON,
    raw.FPDF_FORMFIELD_CHECKBOX,
    raw.FPDF_FORMFIELD_RADIOBUTTON,
    raw.FPDF_FORMFIELD_SIGNATURE,
}


Handle = Any
"""A pointer of PDFium; pypdfium2's ctypes declarations carry no types."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What is drawn on a page: number of objects and paths, and the share of the page that pictures cover."""

    objects: int
    paths: int
    pictures: float


def open_forms(document: pdfium.PdfDocument, draft: Draft) -> Handle:
    """The form environment of a document with form fields; XFA forms keep their words in XML that PDFium does not show."""
    kind = document.get_formtype()
    if kind == raw.FORMTYPE_NONE:
        return None
    if kind != raw.FORMTYPE_ACRO_FORM:
        draft.problem("form")
        return None
    try:
        document.init_forms()
    except pdfium.PdfiumError:
        draft.problem("form")
        return None
    return document.formenv


def read_extras(document: pdfium.PdfDocument, draft: Draft) -> None:
    """Properties, outline titles that the text lacks, names of attachments; Problems for attachments and scripts."""
    for key in _PROPERTIES:
        try:
            draft.add(document.get_metadata_value(key), Where.PROPERTY)
        except (UnicodeError, ValueError):
            draft.problem("part_unread", key)
    for number in range(max(0, document.count_attachments())):
        draft.problem("attachment", f"attachment {number + 1}")
        try:
            draft.add(document.get_attachment(number).get_name(), Where.PROPERTY)
        except (pdfium.PdfiumError, UnicodeError, ValueError):
            continue  # the Problem is already noted
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        draft.problem("macro")
    _read_outline(document, draft)


def _read_outline(document: pdfium.PdfDocument, draft: Draft) -> None:
    try:
        titles = [bookmark.get_title() for bookmark in islice(document.get_toc(), _OUTLINE)]
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        draft.problem("part_unread", "outline")
        return
    said = squeeze(draft.text) if titles else ""
    for title in dict.fromkeys(titles):
        if squeeze(title) not in said:
            draft.add(title, Where.PROPERTY)


def read_annotations(document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int, forms: Handle, draft: Draft) -> None:
    """Comments with their authors, filled form fields, link addresses; drawn annotations without words are a Problem."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            draft.problem("form", f"page {number}")
            continue
        try:
            _read_annotation(document, annotation, number, forms, draft)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _read_annotation(document: pdfium.PdfDocument, annotation: Handle, number: int, forms: Handle, draft: Draft) -> None:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind == raw.FPDF_ANNOT_LINK:
        _read_link(document, annotation, draft)
    elif kind in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_XFAWIDGET):
        _read_field(annotation, number, forms, draft)
        return
    elif kind == raw.FPDF_ANNOT_FILEATTACHMENT:
        draft.problem("attachment", f"page {number}")
    elif kind in _MEDIA:
        draft.problem("embedded", f"page {number}")
    words = _string(annotation, "Contents")
    if words.strip():
        if kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_FREETEXT):
            draft.add(_string(annotation, "T"), Where.COMMENT, page=number)
        draft.add(words, Where.TEXTBOX if kind == raw.FPDF_ANNOT_FREETEXT else Where.COMMENT, page=number)
    if (not words.strip() or kind in (raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WATERMARK)) and kind in _DRAWN:
        draft.problem("form", f"page {number}")


def _read_field(annotation: Handle, number: int, forms: Handle, draft: Draft) -> None:
    """The value of a form field, which a reader sees in its box."""
    if forms is None:
        draft.add(_string(annotation, "V"), Where.TEXTBOX, page=number)
        draft.problem("form", f"page {number}")
        return
    if raw.FPDFAnnot_GetFormFieldType(forms, annotation) not in _STATELESS:
        value = _wide(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(forms, annotation, buffer, size))
        draft.add(value, Where.TEXTBOX, page=number)


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
        draft.add(buffer.value.decode("utf-8", "replace"), Where.PROPERTY)
    elif kind in (raw.PDFACTION_LAUNCH, raw.PDFACTION_EMBEDDEDGOTO):
        draft.problem("embedded")


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


def measure_ink(page: pdfium.PdfPage) -> Ink:
    """What is drawn on a page, from its first and last objects."""
    handle = page.raw  # the wrapper would be unwrapped again at every call
    total = raw.FPDFPage_CountObjects(handle)
    half = _LOOKED_AT // 2
    numbers = range(total) if total <= _LOOKED_AT else [*range(half), *range(total - half, total)]
    paths, area = 0, 0.0
    get, kind_of, text = raw.FPDFPage_GetObject, raw.FPDFPageObj_GetType, raw.FPDF_PAGEOBJ_TEXT  # the busiest loop of the room
    for number in numbers:
        item = get(handle, number)
        kind = kind_of(item)
        if kind == text:
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and _holds_picture(item)):
            area += _area(item)
    if not area:
        return Ink(total, paths, 0.0)
    width, height = page.get_size()
    return Ink(total, paths, area / max(1.0, width * height))


def _holds_picture(form: Handle, depth: int = 0) -> bool:
    """Whether a form object draws a picture, three levels deep."""
    for number in range(min(raw.FPDFFormObj_CountObjects(form), _LOOKED_AT)):
        item = raw.FPDFFormObj_GetObject(form, number)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and depth < 3 and _holds_picture(item, depth + 1)):
            return True
    return False


def _area(item: Handle) -> float:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return 0.0
    return max(0.0, right.value - left.value) * max(0.0, top.value - bottom.value)
