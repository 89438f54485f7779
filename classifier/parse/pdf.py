"""PDF through pypdfium2: the text layer page by page, and everything a page holds besides it.

In: untrusted bytes. Out: lines on the Draft, each with its page; properties, annotations and form values; Problems for pages
without a text layer, garbled text, pictures, attachments, scripts. PDFium is not thread safe: one process reads one file at a
time. Measured: pypdfium2 reads 40 pages while pdfplumber reads one (design/PARSING B1).
"""

from __future__ import annotations

import ctypes
import logging
import re
from collections import Counter
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse import pdf_extras
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft

# PDFium's Python layer logs oddities of the file to standard error; what it says is the Problems' business, not the log's.
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)

_HYPHEN = "\ufffe"
"""PDFium's sign for a hyphen at a line end, where it has joined the two lines."""
_UNMAPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_GARBLED = 0.08
"""Share of characters without a meaning above which a page counts as unread; a list of symbol-font bullets stays below."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[-—–―－_·.\s]*\d{1,4}[-—–―－_·.\s]*|第\s*\d{1,4}\s*页.{0,12}|\d{1,4}\s*/\s*\d{1,4}")
_MARGIN = 0.08
"""The outer twelfth of the page: GB/T 9704 leaves 37 mm (0.125) above the text and 35 mm below."""
_NUMBER_MARGIN = 0.13
_TAIL = 2048
_POINTER = re.compile(rb"startxref\s+(\d{1,12})")
_TABLE = re.compile(rb"\s*(?:xref|\d{1,9}\s+\d{1,5}\s+obj)")


@dataclass(slots=True)
class _Margins:
    """Lines that stand in a page's margin, kept until all pages are read: only what repeats is a header or footer."""

    lines: list[tuple[int, str, Where]] = field(default_factory=list)

    def settle(self, draft: Draft) -> None:
        count = Counter((key, where) for _, key, where in self.lines)
        for index, key, where in self.lines:
            if count[key, where] > 1:
                draft.move(index, where)


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a PDF says.

    Raises:
        Unreadable: `encrypted` or `damaged` when the file does not open.
    """
    try:
        document = pdfium.PdfDocument(untrusted)
    except pdfium.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Unreadable("encrypted" if locked else "damaged") from error
    try:
        _read_document(document, untrusted, draft)
    finally:
        document.close()


def _read_document(document: pdfium.PdfDocument, untrusted: bytes, draft: Draft) -> None:
    if not _is_whole(untrusted):  # PDFium repairs a cut file silently: what was cut is not read
        draft.problem("damaged")
    forms = pdf_extras.open_forms(document, draft)
    draft.pages = len(document)
    if draft.pages > draft.limits.pages:
        draft.problem("too_many_pages")
    margins = _Margins()
    for number in range(min(draft.pages, draft.limits.pages)):
        try:
            page = document.get_page(number)
        except pdfium.PdfiumError:
            draft.problem("damaged", f"page {number + 1}")
            continue
        try:
            _read_page(page, number + 1, margins, draft)
            pdf_extras.read_annotations(document, page, number + 1, forms, draft)
        finally:
            page.close()
        if draft.is_full:
            draft.problem("too_long")
            break
    margins.settle(draft)
    pdf_extras.read_extras(document, draft)


def _is_whole(untrusted: bytes) -> bool:
    """Whether the file ends as a PDF does, and its end points at a table of contents (bytes before %PDF shift the pointer)."""
    tail = untrusted[-_TAIL:]
    pointers = _POINTER.findall(tail)
    if not pointers or b"%%EOF" not in tail:
        return False
    place, shift = int(pointers[-1]), max(0, untrusted[:1024].find(b"%PDF-"))
    return any(_TABLE.match(untrusted[start : start + 64]) is not None for start in (place, place + shift))


def _read_page(page: pdfium.PdfPage, number: int, margins: _Margins, draft: Draft) -> None:
    textpage = None
    try:
        textpage = page.get_textpage()
        text = textpage.get_text_range()
    except (pdfium.PdfiumError, AssertionError, ValueError):  # pypdfium2 asserts that its buffer was large enough
        draft.problem("damaged", f"page {number}")
        text = ""
    try:
        marks = len(squeeze(text))
        unmapped = len(_UNMAPPED.findall(text)) if _UNMAPPED.search(text) else 0
        if unmapped > _GARBLED * marks:
            draft.problem("garbled", f"page {number}")
        _report_pictures(page, number, marks, draft)
        if marks:
            first = len(draft.blocks)
            draft.add_lines(text.strip("\r\n").replace(_HYPHEN, "-"), page=number)
            if textpage is not None and len(draft.blocks) > first:
                _find_margins(page, textpage, text, first, margins, draft)
    finally:
        if textpage is not None:
            textpage.close()


def _find_margins(
    page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, text: str, first: int, margins: _Margins, draft: Draft
) -> None:
    """Looks where the first and the last line of the page stand; a page number at the foot is a footer at once."""
    if raw.FPDFPage_GetRotation(page):
        return
    left, bottom, right, top = page.get_bbox()
    body = text.rstrip()
    lines = {first: len(text) - len(text.lstrip()), len(draft.blocks) - 1: max(body.rfind("\n"), body.rfind("\r")) + 1}
    for index, offset in lines.items():
        end = text.find("\r", offset)
        line = text[offset : end if end >= 0 else None].strip()
        height = _height_of(textpage, offset)
        if height is None or top <= bottom or not line or right <= left:
            continue
        level = (height - bottom) / (top - bottom)
        if 0 <= level < _NUMBER_MARGIN and _PAGE_NUMBER.fullmatch(line):
            draft.move(index, Where.FOOTER)
        elif 0 <= level < _MARGIN or 1 - _MARGIN < level <= 1:
            margins.lines.append((index, _DIGITS.sub("#", squeeze(line)), Where.FOOTER if level < _MARGIN else Where.HEADER))


def _height_of(textpage: pdfium.PdfTextPage, offset: int) -> float | None:
    """The lower edge of a character, in points from the origin; None where PDFium cannot tell."""
    index = raw.FPDFText_GetCharIndexFromTextIndex(textpage, offset)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if index < 0 or not raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
        return None
    return float(bottom.value)


def _report_pictures(page: pdfium.PdfPage, number: int, marks: int, draft: Draft) -> None:
    """A page that shows more than its text layer says: no text at all, or a picture that can hold words."""
    ink = pdf_extras.measure_ink(page)
    if not marks:
        if ink.objects:
            draft.problem("page_no_text", f"page {number}")
        return
    if (ink.pictures >= 0.5 and marks < 100) or (ink.paths > 200 and marks < 30):
        draft.problem("page_no_text", f"page {number}")
    elif ink.pictures >= 0.05:
        draft.problem("image", f"page {number}")
