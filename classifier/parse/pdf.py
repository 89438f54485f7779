"""PDF through pypdfium2: the text layer page by page, and everything a page holds besides it.

In: untrusted bytes. Out: lines on the Draft, each with its page, what is hidden on a page with its origin; properties, annotations,
form values, attached files, earlier states; Problems for what stays unread. PDFium is not thread safe: one process reads one file
at a time. Measured: pypdfium2 reads 40 pages while pdfplumber reads one (design/PARSING B1).
"""

from __future__ import annotations

import ctypes
import io
import logging
import re
from collections import Counter
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse import pdf_extras, pdf_hidden, pdf_inside, pdf_notes, pdf_revisions
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.pdf_content import Contents, Signs
from classifier.parse.pdf_drawing import Frame
from classifier.parse.pdf_objects import Objects
from classifier.parse.pdf_pages import Page, Pages
from classifier.parse.pdf_pictures import Eye, measure_ink

# PDFium's Python layer logs oddities of the file to standard error; what it says is the Problems' business, not the log's.
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)

_HYPHEN = "\ufffe"
"""PDFium's sign for a hyphen at a line end, where it has joined the two lines."""
_UNMAPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_GARBLED = 0.08
"""Share of characters without a meaning above which a page counts as unread; a list of symbol-font bullets stays below."""
_FEW = 30
"""A page with fewer letters may be a drawing that holds words."""
_BLANK = " \t\r\n\f\0\u00a0\u3000"
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


@dataclass(slots=True)
class _State:
    """One state of a file while it is read. `known` are digests of the files inside that were read."""

    pages: Pages
    objects: Objects
    contents: Contents
    closed: frozenset[str]
    known: set[bytes]
    eye: Eye | None
    """None for an earlier state, of which no picture is read."""
    margins: _Margins = field(default_factory=_Margins)


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a PDF says.

    Raises:
        Unreadable: `encrypted` or `damaged` when the file does not open.
    """
    known: set[bytes] = set()
    _read_state(untrusted, draft, known, Eye())

    def read_state(state: bytes, old: Draft) -> None:
        _read_state(state, old, set(), None)

    pdf_revisions.read_revisions(untrusted, draft, known, read_state)


def _read_state(untrusted: bytes, draft: Draft, known: set[bytes], eye: Eye | None) -> None:
    try:
        pages = Pages(untrusted)
    except pdfium.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Unreadable("encrypted" if locked else "damaged") from error
    try:
        if not _is_whole(untrusted):  # PDFium repairs a cut file silently: what was cut is not read
            draft.problem("damaged")
        objects = Objects(_decrypted(pages.document, untrusted))
        contents, closed = Contents(objects, len(pages.document)), pdf_inside.closed_layers(objects)
        _read_document(_State(pages, objects, contents, closed, known, eye), draft)
    finally:
        pages.close()


def _decrypted(document: pdfium.PdfDocument, untrusted: bytes) -> bytes:
    """The bytes without the encryption that anybody may open."""
    if raw.FPDF_GetSecurityHandlerRevision(document) < 0:
        return untrusted
    copy = io.BytesIO()
    document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
    return copy.getvalue()


def _read_document(state: _State, draft: Draft) -> None:
    document = state.pages.document
    forms = pdf_extras.open_forms(document, draft)
    draft.pages = len(document)
    if draft.pages > draft.limits.pages:
        draft.problem("too_many_pages")
    for number in range(min(draft.pages, draft.limits.pages)):
        try:
            page = state.pages.load(number)
        except pdfium.PdfiumError:
            draft.problem("damaged", f"page {number + 1}")
            continue
        try:
            annotated = raw.FPDFPage_GetAnnotCount(page.read) > 0
            _read_page(page, number + 1, state, draft, annotated=annotated)
            if annotated:
                pdf_notes.read_notes(document, page.read, number + 1, forms, draft, state.known)
        finally:
            page.close()
        if draft.is_full:
            draft.problem("too_long")
            break
        draft.tally("pages")
    state.margins.settle(draft)
    pdf_extras.read_extras(document, state.objects, draft, state.known)
    pdf_inside.read_inside(state.objects, draft)


def _is_whole(untrusted: bytes) -> bool:
    """Whether the file ends as a PDF does, and its end points at a table of contents (bytes before %PDF shift the pointer)."""
    tail = untrusted[-_TAIL:]
    pointers = _POINTER.findall(tail)
    if not pointers or b"%%EOF" not in tail:
        return False
    place, shift = int(pointers[-1]), max(0, untrusted[:1024].find(b"%PDF-"))
    return any(_TABLE.match(untrusted[start : start + 64]) is not None for start in (place, place + shift))


def _read_page(page: Page, number: int, state: _State, draft: Draft, *, annotated: bool) -> None:
    textpage = None
    signs = state.contents.of(number - 1)
    try:
        textpage = page.read.get_textpage()
        text = textpage.get_text_range()
    except (pdfium.PdfiumError, AssertionError, ValueError):  # pypdfium2 asserts that its buffer was large enough
        draft.problem("damaged", f"page {number}")
        text = ""
    if not signs.is_whole:  # PDFium shows what it could unpack and says nothing
        draft.problem("damaged", f"page {number}")
    try:
        marks = len(squeeze(text))
        unread, is_worth = _judge(page, number, text, marks, signs, state.eye, draft)
        if marks and is_worth and textpage is not None:
            _say(page, textpage, text, number, signs, state, draft, annotated)
        if unread:
            draft.problem(unread, f"page {number}")
    finally:
        if textpage is not None:
            textpage.close()


def _say(
    page: Page,
    textpage: pdfium.PdfTextPage,
    text: str,
    number: int,
    signs: Signs,
    state: _State,
    draft: Draft,
    annotated: bool,
) -> None:
    """The lines of a page, then what its reader does not see."""
    boxes = pdf_notes.find_boxes(page.read) if annotated else pdf_notes.NONE
    beyond = pdf_hidden.is_beyond(page.read, textpage, len(text))
    frame = Frame(signs, state.closed, tuple(boxes.marked), tuple(boxes.drawn), beyond)
    hidden: list[tuple[str, str]] = []
    if not frame.is_plain and (found := pdf_hidden.find_hidden(page, textpage, frame)):
        text, hidden = pdf_hidden.take_out(text, textpage, found)
    first = len(draft.blocks)
    draft.add_lines(text.strip("\r\n").replace(_HYPHEN, "-"), page=number)
    if len(draft.blocks) > first:
        _find_margins(page.read, textpage, text, first, state.margins, draft)
    for origin, words in hidden:
        draft.add(words.replace(_HYPHEN, "-"), Where.HIDDEN, page=number, origin=origin)


def _judge(
    page: Page, number: int, text: str, marks: int, signs: Signs, eye: Eye | None, draft: Draft
) -> tuple[str | None, bool]:
    """Whether the text layer is the page, and whether to keep it. Where it is not, the page or its pictures are looked at.

    Out: the code of what stays unread (letters without meaning, no text, pictures that can hold words), and whether the text layer
    is worth keeping.
    """
    unmapped = len(_UNMAPPED.findall(text)) if _UNMAPPED.search(text) else 0
    if unmapped > _GARBLED * marks:
        is_read = eye is not None and eye.read_page(page.shown, number, draft)
        return (None if is_read else "garbled"), not is_read or 2 * unmapped < marks
    if marks >= _FEW and not signs.pictures:
        return None, True
    ink = measure_ink(page.read)
    if (not marks and ink.objects) or (ink.pictures >= 0.5 and marks < 100) or (ink.paths > 200 and marks < _FEW):
        is_read = eye is not None and eye.read_page(page.shown, number, draft)
        return (None if is_read else "page_no_text"), True
    if marks and (ink.boxes or (signs.pictures and not ink.is_whole)):
        # a scan with a text layer of unknown quality: the layer is read, its picture stays for a person
        is_scan = ink.pictures >= 0.5
        is_read = not is_scan and ink.is_whole and eye is not None and eye.read_pictures(page.shown, number, ink.boxes, draft)
        return (None if is_read else "image"), True
    return None, True


def _find_margins(
    page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, text: str, first: int, margins: _Margins, draft: Draft
) -> None:
    """Looks where the first and the last line of the page stand; a page number at the foot is a footer at once."""
    if raw.FPDFPage_GetRotation(page):
        return
    left, bottom, right, top = page.get_bbox()
    body = text.rstrip(_BLANK)
    lines = {first: len(text) - len(text.lstrip(_BLANK)), len(draft.blocks) - 1: max(body.rfind("\n"), body.rfind("\r")) + 1}
    for index, offset in lines.items():
        end = text.find("\r", offset)
        line = text[offset : end if end >= 0 else None].strip(_BLANK)
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
