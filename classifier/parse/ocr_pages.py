"""Pages of a PDF read as pictures: those without a text layer, and those whose text layer makes no sense.

In: an open page of pypdfium2. Out: its lines as Where.OCR with the page's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from classifier.parse import ocr

if TYPE_CHECKING:
    import pypdfium2 as pdfium

    from classifier.parse.draft import Draft
    from classifier.parse.ocr_engine import Pixels

_DPI = 200
_MOST = 6_000
"""Pixels of the longer side: drawings of two metres are shown smaller."""
_WELL = 0.9
"""Share of the characters read surely from which a page counts as read well."""


def read_pdf_page(page: pdfium.PdfPage, draft: Draft, number: int) -> bool:
    """Renders page `number` (from 1) as it is shown, with annotations, and adds its lines.

    Out: True when lines were found and nearly all of them surely read; otherwise the caller keeps its own Problem. A page that
    cannot be read at all has its Problem (`ocr_off`, `ocr_low`) when this returns.
    """
    pixels = render(page)
    before = len(draft.blocks)
    share = ocr.read_bitmap(pixels, draft, page=number)
    return share is not None and share >= _WELL and len(draft.blocks) > before


def render(page: pdfium.PdfPage) -> Pixels:
    """The page in colour at 200 dpi: red seals are taken off by their colour, grey would mix them with the words."""
    longest = max(*page.get_size(), 1.0)
    scale = min(_DPI / 72, _MOST / longest)
    bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
    try:
        return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3]).copy()
    finally:
        bitmap.close()
