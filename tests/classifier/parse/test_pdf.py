"""PDFs made by reportlab: text with page numbers, margins, notes, fields, and the pages that must not pass as read."""

from __future__ import annotations

import io
import sys
import zlib

import pytest

import classifier.parse
from classifier.core.document import Where
from classifier.core.settings import Limits


@pytest.fixture(autouse=True)
def no_recognition(monkeypatch):
    """What stays unread where text recognition is not installed."""
    monkeypatch.setitem(sys.modules, "classifier.parse.ocr_pages", None)
    monkeypatch.delattr(classifier.parse, "ocr_pages", raising=False)  # set once some other test has loaded it


LONG = ["关于做好信访工作的通知", "各县（市、区）人民政府：", "Contact 13800138000, ordinary embedded text."]


def test_lines_come_with_their_page(pdf, read_bytes):
    document = read_bytes(pdf(LONG, ["第二页的话，请查收。"]), "a.pdf")
    assert document.problems == ()
    assert document.pages == 2
    got = [(document.text[b.span.start : b.span.end], b.page, b.where) for b in document.blocks]
    assert got[0] == ("关于做好信访工作的通知", 1, Where.BODY)
    assert got[2][0] == LONG[2]
    assert got[3] == ("第二页的话，请查收。", 2, Where.BODY)


def test_a_repeated_margin_line_is_a_header_and_a_page_number_a_footer(pdf, read_bytes, places):
    document = read_bytes(pdf(LONG, LONG, header="内部资料", numbers=True), "a.pdf")
    assert places(document, "内部资料") == {Where.HEADER}
    assert places(document, "— 2 —") == {Where.FOOTER}
    assert places(document, LONG[0]) == {Where.BODY}


def test_a_margin_line_that_does_not_repeat_stays_body(pdf, read_bytes, places):
    assert places(read_bytes(pdf(LONG, header="内部资料"), "a.pdf"), "内部资料") == {Where.BODY}


def test_properties_are_read(pdf, read_bytes, places):
    assert places(read_bytes(pdf(LONG, title="机密题目"), "a.pdf"), "机密题目") == {Where.PROPERTY}


def test_a_password_is_reported(pdf, read_bytes, codes):
    from reportlab.lib.pdfencrypt import StandardEncryption

    document = read_bytes(pdf(LONG, encrypt=StandardEncryption("geheim", strength=128)), "a.pdf")
    assert codes(document) == {"encrypted"}
    assert document.text == "a.pdf"


def test_a_file_anybody_may_open_is_read_though_encrypted(pdf, read_bytes):
    from reportlab.lib.pdfencrypt import StandardEncryption

    assert LONG[0] in read_bytes(pdf(LONG, encrypt=StandardEncryption("", ownerPassword="o", strength=128)), "a.pdf").text


def test_a_page_without_text_layer_is_reported_with_its_number(pdf, read_bytes):
    """Lines drawn, no letters: nothing was read of it. A page with nothing on it is no problem."""
    document = read_bytes(pdf(LONG, [], draw=lambda canvas: canvas.rect(50, 50, 90, 90)), "a.pdf")
    assert [(p.code, p.where) for p in document.problems] == [("page_no_text", "page 2")]
    assert read_bytes(pdf(LONG, []), "a.pdf").problems == ()


def test_a_scan_has_no_text(pdf, read_bytes, codes):
    assert codes(read_bytes(pdf([], draw=lambda canvas: canvas.rect(50, 50, 90, 90)), "a.pdf")) == {"page_no_text", "no_text"}


def test_a_picture_on_a_text_page_is_reported(pdf, read_bytes, codes):
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture, plain = ImageReader(Image.linear_gradient("L")), ImageReader(Image.new("RGB", (50, 50), "red"))
    many = [f"第{n}行是一句够长的话，用来填满这一页。" for n in range(12)]
    large = pdf(many, draw=lambda canvas: canvas.drawImage(picture, 50, 100, 300, 200))
    whole = pdf(["页眉"], draw=lambda canvas: canvas.drawImage(picture, 0, 0, 590, 840))
    seal = pdf(many, draw=lambda canvas: canvas.drawImage(picture, 50, 100, 110, 110))
    line = pdf(many, draw=lambda canvas: canvas.drawImage(plain, 50, 100, 300, 3))
    assert codes(read_bytes(large, "a.pdf")) == {"image"}
    assert codes(read_bytes(whole, "a.pdf")) == {"page_no_text"}
    assert codes(read_bytes(seal, "a.pdf")) == {"image"}
    assert codes(read_bytes(line, "a.pdf")) == set()


def test_the_limit_of_pages_is_kept(pdf, read_bytes, codes):
    document = read_bytes(pdf(["甲页"], ["乙页"], ["丙页"]), "a.pdf", Limits(pages=2))
    assert codes(document) == {"too_many_pages"}
    assert "乙页" in document.text
    assert "丙页" not in document.text


def test_comments_and_links_are_read(pdf, read_bytes, places):
    def draw(canvas):
        canvas.textAnnotation("批注里的话", Rect=[50, 50, 90, 90], addtopage=1)
        canvas.freeTextAnnotation("FREE WORDS", DA="/Helv 12 Tf", Rect=[150, 50, 290, 90], addtopage=1)
        canvas.linkURL("mailto:zhang@example.cn", (50, 50, 90, 90))

    document = read_bytes(pdf(LONG, draw=draw), "a.pdf")
    assert places(document, "批注里的话") == {Where.COMMENT}
    assert places(document, "FREE WORDS") == {Where.TEXTBOX}
    assert places(document, "zhang@example.cn") == {Where.PROPERTY}


def test_form_values_are_read(pdf, read_bytes, places):
    def draw(canvas):
        canvas.acroForm.textfield(name="f", value="FILLED IN", x=50, y=50, width=200)

    document = read_bytes(pdf(LONG, draw=draw), "a.pdf")
    assert places(document, "FILLED IN") == {Where.TEXTBOX}


def test_outline_titles_the_text_lacks_are_read(pdf, read_bytes, places):
    def draw(canvas):
        canvas.bookmarkPage("k")
        canvas.addOutlineEntry("只在目录里", "k")

    assert places(read_bytes(pdf(LONG, draw=draw), "a.pdf"), "只在目录里") == {Where.PROPERTY}


def test_attached_files_become_members(pdf, read_bytes, codes):
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf(LONG))
    document.new_attachment("附.txt").set_data("附件里的话，请查收。".encode())
    out = io.BytesIO()
    document.save(out)
    document.close()
    got = read_bytes(out.getvalue(), "a.pdf")
    assert codes(got) == set()
    assert [(child.member, child.text.split("\n")[0]) for child in got.children] == [("附.txt", "附件里的话，请查收。")]


def test_letters_without_meaning_are_garbled(read_bytes, codes):
    """A font that maps its letters to the private use area gives text that nobody can search."""
    assert codes(read_bytes(unmapped_pdf(), "a.pdf")) == {"garbled"}


@pytest.mark.parametrize("junk", [b"", b"junk before the header\n"])
def test_a_header_within_the_first_kilobyte_counts(junk, pdf, read_bytes):
    assert LONG[0] in read_bytes(junk + pdf(LONG), "a.pdf").text


def test_a_repaired_file_is_reported(pdf, read_bytes, codes):
    """PDFium rebuilds a lost table of contents without a word; what it did not find is unread."""
    broken = pdf(LONG).replace(b"startxref\n", b"startxref\n9")
    assert "damaged" in codes(read_bytes(broken, "a.pdf"))


def unmapped_pdf() -> bytes:
    """A page in a font whose ToUnicode table points into the private use area."""
    cmap = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def
1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <41> <5A> <E041> endbfrange endcmap end end"""
    page = zlib.compress(b"BT /F1 12 Tf 72 700 Td (ABCDEFGHIJKLMNOP) Tj ET")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(out),
    )
