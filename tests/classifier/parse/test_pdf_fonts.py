"""Fonts a PDF names and does not carry: read the same on every machine, and drawn with the fonts of this one."""

from __future__ import annotations

import struct
import sys

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

import classifier.parse
from classifier.core.document import Where
from classifier.parse.pdf_fonts import count_given, make_font, standing_in
from classifier.parse.pdf_pages import Pages

GB1 = "/Registry(Adobe)/Ordering(GB1)/Supplement 2"
IDENTITY = "/Registry(Adobe)/Ordering(Identity)/Supplement 0"
TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def
1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""


@pytest.fixture(autouse=True)
def no_recognition(monkeypatch):
    """These tests are about the text layer; pictures are not looked at."""
    monkeypatch.setitem(sys.modules, "classifier.parse.ocr_pages", None)
    monkeypatch.delattr(classifier.parse, "ocr_pages", raising=False)


def paper(contents: str, name: str = "STSong-Light", encoding: str = "UniGB-UCS2-H", system: str = GB1, more: str = "") -> bytes:
    """A page whose letters are UTF-16 codes in a font that the file does not carry."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>{more}>>",
        f"<</Length {len(contents)}>>stream\n{contents}\nendstream",
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/{encoding}/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>",
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<<{system}>>/DW 1000/FontDescriptor 7 0 R>>",
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[0 -141 1000 859]/ItalicAngle 0/Ascent 859/Descent -141/StemV 80>>",
        f"<</Length {len(TO_UNICODE)}>>stream\n{TO_UNICODE}\nendstream",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(objects) + 1, len(out)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        start,
    )


def show(text: str, place: str, setup: str = "") -> str:
    return f"q {setup} BT /F1 16 Tf {place} Td <{text.encode('utf-16-be').hex()}> Tj ET Q\n"


FILLER = show("这是一段谁都看得见的话，足够长，写在这一页的上面。", "72 760")


@pytest.mark.parametrize(
    ("name", "encoding", "system"),
    [("STSong-Light", "UniGB-UCS2-H", GB1), ("SimSun", "Identity-H", IDENTITY), ("FangSong_GB2312", "Identity-H", IDENTITY)],
)
def test_single_letters_of_a_missing_font_are_read(name, encoding, system, read_bytes):
    """A mark set letter by letter: PDFium leaves out a letter alone in its command when no font can draw it."""
    contents = show("机", "72 800") + show("密", "112 800") + FILLER
    document = read_bytes(paper(contents, name, encoding, system), "a.pdf")
    assert document.text.startswith("机 密\n这是一段")


def test_the_stand_in_is_given_for_missing_chinese_fonts_only():
    """Helvetica, which every PDF reader has, is none of them; and outside the block the machine is asked."""
    before = count_given()
    with standing_in():
        pdfium.PdfDocument(paper(FILLER, "Helvetica", "Identity-H", IDENTITY))[0].close()
    pdfium.PdfDocument(paper(FILLER))[0].close()
    assert count_given() == before
    with standing_in():
        pdfium.PdfDocument(paper(FILLER))[0].close()
    assert count_given() > before


def test_every_letter_of_the_stand_in_is_the_same_square():
    with standing_in():
        page = pdfium.PdfDocument(paper(show("一国", "72 700")))[0]
    text = page.get_textpage()
    (left, bottom, right, top), other = text.get_charbox(0), text.get_charbox(1)
    assert (right - left, top - bottom) == pytest.approx((16, 14.9), abs=0.1)
    assert (other[1], other[3]) == (bottom, top)


def test_a_page_to_be_drawn_is_loaded_a_second_time_only_for_a_missing_font():
    pages = Pages(paper(FILLER))
    page = pages.load(0)
    assert page.shown is not page.read
    assert raw.FPDFPage_CountObjects(page.shown) == raw.FPDFPage_CountObjects(page.read)
    page.close()
    pages.close()
    pages = Pages(paper(FILLER, "Helvetica", "Identity-H", IDENTITY))
    page = pages.load(0)
    assert page.shown is page.read
    page.close()
    pages.close()


def test_words_in_a_missing_font_under_a_box_are_hidden(read_bytes):
    """Proved on the page as it is drawn, though its letters were placed by the stand-in."""
    contents = FILLER + show("盒子下面的秘密", "72 600", "0 0 0 rg") + "q 0 g 60 590 400 30 re f Q\n"
    document = read_bytes(paper(contents), "a.pdf")
    place = document.text.find("盒子下面的秘密")
    block = document.block_at(place)
    assert (block.where, block.origin) == (Where.HIDDEN, "under_box")
    assert document.block_at(document.text.find("谁都看得见")).where is Where.BODY


def test_the_font_says_what_a_font_must_say():
    """Seven tables, 65,535 glyphs, one width."""
    font = make_font()
    tables = {font[12 + 16 * n : 16 + 16 * n]: struct.unpack(">2I", font[20 + 16 * n : 28 + 16 * n]) for n in range(7)}
    assert sorted(tables) == [b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"]
    start, length = tables[b"loca"]
    assert length == 2 * 65_536
    assert struct.unpack(">H", font[tables[b"maxp"][0] + 4 :][:2]) == (65_535,)
    assert font[start : start + 4] == struct.pack(">2H", 0, tables[b"glyf"][1] // 4)
