"""The pages of a PDF, twice where need be: loaded to be read, and loaded to be looked at.

In: untrusted bytes. Out: open pages. Reading takes the stand-in for Chinese fonts the file does not carry (pdf_fonts); a page that
is drawn, for text recognition or to prove what is hidden, needs the machine's fonts, and PDFium keeps the fonts of a document: it
is opened a second time, only then and only where the stand-in was given.
"""

from __future__ import annotations

import pypdfium2 as pdfium

from classifier.parse.pdf_fonts import count_given, standing_in


class Pages:
    """The pages of one state of a file. State that outlives a call: the two documents, and whether the stand-in was given."""

    def __init__(self, untrusted: bytes) -> None:
        """Opens the file.

        Raises:
            PdfiumError: it does not open; `err_code` tells a password from damage.
        """
        self._untrusted = untrusted
        self.document = pdfium.PdfDocument(untrusted)
        self._shown: pdfium.PdfDocument | None = None
        self._is_stood_in = False

    def load(self, number: int) -> Page:
        """A page, counted from 0, to be read.

        Raises:
            PdfiumError: the page cannot be loaded.
        """
        before = count_given()
        with standing_in():
            page = self.document.get_page(number)
        self._is_stood_in = self._is_stood_in or count_given() > before
        return Page(self, number, page)

    def load_shown(self, number: int) -> pdfium.PdfPage | None:
        """The page with the fonts of the machine; None when it has them already."""
        if not self._is_stood_in:
            return None
        if self._shown is None:
            self._shown = pdfium.PdfDocument(self._untrusted)
            if self.document.formenv:
                self._shown.init_forms()
        return self._shown.get_page(number)

    def close(self) -> None:
        """Closes what was opened."""
        self.document.close()
        if self._shown is not None:
            self._shown.close()


class Page:
    """One open page. State that outlives a call: the page as it is shown, once it was asked for."""

    def __init__(self, pages: Pages, number: int, read: pdfium.PdfPage) -> None:
        self._pages = pages
        self._number = number
        self._shown: pdfium.PdfPage | None = None
        self.read = read
        """To be read: its text and the places of its letters."""

    @property
    def shown(self) -> pdfium.PdfPage:
        """To be drawn: the same page and the same objects in the same order, in the fonts of this machine."""
        if self._shown is None:
            self._shown = self._pages.load_shown(self._number) or self.read
        return self._shown

    def close(self) -> None:
        """Closes what was opened."""
        if self._shown is not None and self._shown is not self.read:
            self._shown.close()
        self.read.close()
