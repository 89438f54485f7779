"""A picture inside another file is read however few bytes it has; what is not looked at is a Problem."""

from __future__ import annotations

import base64
import io
import struct
import sys
import zipfile

import pytest
from PIL import Image, ImageDraw

from classifier.core.document import Where
from classifier.core.settings import Limits
from classifier.parse import inset, ocr_pixels
from classifier.parse.draft import Draft
from classifier.parse.olebox_drawing import see_pictures
from tests.classifier.parse import scans

ocr = pytest.importorskip("classifier.parse.ocr")
if scans.FONT is None:
    pytest.skip(scans.NO_FONT, allow_module_level=True)

MARK = "机密★10年"
LONG = [f"第{n}行是一句够长的话，用来填满这一页。" for n in range(12)]
BODY = "<w:p><w:r><w:t>关于防汛工作的通知</w:t></w:r></w:p>"


def stamp(size: tuple[int, int] = (400, 100), at: tuple[int, int] = (30, 30), height: int = 36) -> bytes:
    """Black words on white, one bit a pixel."""
    image = Image.new("1", size, 1)
    ImageDraw.Draw(image).text(at, MARK, font=scans.font(height), fill=0)
    data = scans.encoded(image, optimize=True)
    assert len(data) < 4096
    return data


def logo() -> bytes:
    """Rings and a bar: what offices put at the head of a paper."""
    image = Image.new("RGB", (120, 120), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, 112, 112), fill="#0a5aa0")
    draw.ellipse((28, 28, 92, 92), fill="white")
    draw.polygon([(60, 36), (84, 80), (36, 80)], fill="#0a5aa0")
    return scans.encoded(image)


def with_member(package: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a") as members:
        members.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("picture", [stamp(), stamp((1240, 1754), (100, 100), 24)], ids=["stamp", "page"])
@pytest.mark.parametrize("part", ["document", "header1"])
def test_a_small_scan_in_a_word_paper_is_read(part, picture, docx, read_bytes, places):
    """A page in black and white is less than 4 KB."""
    header = "<w:hdr NS><w:p><w:r><w:t>头</w:t></w:r></w:p></w:hdr>"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="x/image" Target="media/image1.png"/></Relationships>'
    )
    parts = {"word/media/image1.png": picture, "word/header1.xml": header}
    links = [("image", "media/image1.png", False)] if part == "document" else []
    if part == "header1":
        parts["word/_rels/header1.xml.rels"] = relations
    document = read_bytes(docx(BODY, parts, links))
    assert places(document, MARK) == {Where.OCR}
    assert document.problems == ()


@pytest.mark.parametrize(
    ("form", "name"), [("pptx", "ppt/media/image1.png"), ("odt", "Pictures/a.png"), ("ods", "Pictures/a.png")]
)
def test_a_small_scan_in_a_package_is_read(form, name, open_samples, read_bytes, places):
    document = read_bytes(with_member(open_samples(form, "通知"), name, stamp()), f"a.{form}")
    assert places(document, MARK) == {Where.OCR}


def test_a_small_scan_in_a_workbook_is_read(read_bytes, places):
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{}/{}" Target="{}"/></Relationships>'
    members = {
        "_rels/.rels": links.format(relation, "officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links.format(relation, "worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData></worksheet>',
        "xl/media/image1.png": stamp(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    assert places(read_bytes(out.getvalue(), "a.xlsx"), MARK) == {Where.OCR}


@pytest.mark.parametrize("pages", [1, 3])
def test_a_stamp_on_a_pdf_page_is_read_once(pages, pdf, read_bytes):
    """Less than a hundredth of the page; on every page the same."""
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(io.BytesIO(stamp()))
    document = read_bytes(pdf(*[LONG] * pages, draw=lambda canvas: canvas.drawImage(picture, 60, 795, 120, 30)), "a.pdf")
    assert document.text.count(MARK) == 1
    assert document.problems == ()
    assert {t.kind: (t.found, t.read) for t in document.receipt.tallies}["images"] == (pages, pages)


def test_a_stamp_stored_in_slices_is_read_as_one(pdf, read_bytes):
    from reportlab.lib.utils import ImageReader

    whole = Image.open(io.BytesIO(stamp())).convert("L")
    slices = [ImageReader(whole.crop((0, y, 400, y + 20))) for y in range(0, 100, 20)]

    def draw(canvas):
        for n, piece in enumerate(slices):
            canvas.drawImage(piece, 60, 825 - 6 * (n + 1), 120, 6)

    assert MARK in read_bytes(pdf(LONG, draw=draw), "a.pdf").text


@pytest.mark.parametrize(
    "tag",
    [
        "<img src='{}'>",
        "<img srcset='data:image/gif;base64,AAAA 1x, {} 2x'>",
        "<img data-src='{}'>",
        "<p style='background:url({})'>x</p>",
        '<style>p{{background:url("{}")}}</style>',
    ],
)
def test_a_picture_written_into_a_web_page_is_read(tag, read_bytes, places):
    address = "data:image/png;base64," + base64.b64encode(stamp()).decode()
    document = read_bytes(f"<html><meta charset=utf-8><body><p>通知</p>{tag.format(address)}</body></html>".encode(), "a.html")
    assert places(document, MARK) == {Where.OCR}


def test_words_about_data_are_no_address(read_bytes):
    page = "<html><meta charset=utf-8><body><p title='Data: 2020, 2021' lang='data:,'>通知</p></body></html>"
    assert read_bytes(page.encode(), "a.html").problems == ()


def test_a_picture_in_an_old_drawing_is_read():
    body = bytes(16) + b"\xff" + stamp()
    draft = Draft("a", Limits())
    see_pictures(struct.pack("<HHI", 0x6E0 << 4, 0xF01E, len(body)) + body, "Data", draft)
    assert MARK in draft.text


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (300, 200), "red"),
        Image.new("RGBA", (300, 200), (0, 0, 0, 0)),
        Image.linear_gradient("L").resize((600, 3)),
        Image.new("1", (300, 200), 1),
    ],
    ids=["solid", "clear", "hairline", "paper"],
)
def test_a_picture_that_can_hold_no_letter_is_not_looked_at(image, monkeypatch):
    monkeypatch.setattr(ocr, "read_image", None)
    draft = Draft("a", Limits())
    inset.see_picture(scans.encoded(image), "part", draft)
    assert draft.problems == ()
    assert draft.finish("", "docx").receipt.tallies[0].read == 1


def test_a_logo_is_no_problem(docx, read_bytes):
    document = read_bytes(docx(BODY, {"word/media/image1.png": logo()}, [("image", "media/image1.png", False)]))
    assert document.problems == ()


@pytest.mark.parametrize("side", [13, 20, 48])
@pytest.mark.parametrize("shape", ["dot", "frame", "arrow"])
def test_an_icon_is_no_problem(shape, side):
    """It reads as a lone sign, or as none."""
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if shape == "dot":
        draw.ellipse((1, 1, side - 2, side - 2), fill="blue")
    elif shape == "frame":
        draw.rectangle((2, 2, side - 3, side - 3), outline="black", width=2)
    else:
        draw.polygon([(2, 2), (side - 2, side // 2), (2, side - 2)], fill="red")
    draft = Draft("a", Limits())
    inset.see_picture(scans.encoded(image), "part", draft)
    assert draft.problems == ()
    assert {block.origin for block in draft.blocks} <= {None}


def test_a_picture_is_recognised_once_per_process_and_said_in_every_file(monkeypatch):
    calls = []
    read = ocr.read_image
    monkeypatch.setattr(ocr, "read_image", lambda data, *rest, **more: (calls.append(data), read(data, *rest, **more)))
    picture = stamp((410, 100))
    texts = []
    for _ in range(2):
        draft = Draft("a", Limits())
        for _ in range(3):
            inset.see_picture(picture, "part", draft)
        texts.append((draft.text, draft.problems, draft.finish("", "docx").receipt.tallies))
    assert len(calls) == 1
    assert texts[0] == texts[1]
    assert texts[0][0].count(MARK) == 1
    assert (texts[0][2][0].found, texts[0][2][0].read) == (3, 3)


def test_what_is_not_looked_at_is_a_problem(monkeypatch):
    """No looks left, no pixels, no bytes, no recognition."""
    draft = Draft("a", Limits())
    draft.looked = {bytes([n]): True for n in range(40)}
    inset.see_picture(stamp(), "looks", draft)
    other = Draft("a", Limits())
    inset.see_picture(b"\xd7\xcd\xc6\x9a", "format", other)
    inset.see_picture(None, "bytes", other)
    monkeypatch.setitem(sys.modules, "classifier.parse.ocr", None)
    monkeypatch.delattr("classifier.parse.ocr")
    inset.see_picture(stamp(), "missing", other)
    assert [(p.code, p.where) for p in draft.problems] == [("image", "looks")]
    assert [(p.code, p.where) for p in other.problems] == [("image", w) for w in ("format", "bytes", "missing")]


def test_the_preview_of_the_first_page_has_letters_too_small_to_be_missed():
    """It is read, but that nobody could read it is no Problem; under another name it is one."""
    preview = scans.encoded(scans.scanned(scans.paper(100)).image.resize((180, 256)))
    draft, other = Draft("a", Limits()), Draft("a", Limits())
    inset.see_picture(preview, "part", draft, name="Thumbnails/thumbnail.png")
    inset.see_picture(preview, "part", other, name="Pictures/a.png")
    assert draft.problems == ()
    assert {p.code for p in other.problems} == {"ocr_low"}


def test_a_blank_preview_is_unfolded_once_per_process(monkeypatch):
    """And a picture that shows something is never taken for it."""
    calls = []
    look = ocr_pixels.is_blank
    monkeypatch.setattr(ocr_pixels, "is_blank", lambda data: (calls.append(data), look(data))[1])
    monkeypatch.setattr(inset, "_blank", {})
    monkeypatch.setattr(inset, "_KEPT", 2)
    white, red = (scans.encoded(Image.new("RGB", (64, 80), colour)) for colour in ("white", "red"))
    for picture in (white, red, white, red):
        draft = Draft("a", Limits())
        inset.see_picture(picture, "part", draft)
        assert [(tally.found, tally.read) for tally in draft.finish("", "docx").receipt.tallies] == [(1, 1)]
    assert calls == [white, red]
    for colour in ("blue", "green", "black"):
        inset.see_picture(scans.encoded(Image.new("RGB", (64, 80), colour)), "part", Draft("a", Limits()))
    assert len(inset._blank) == 2
    draft = Draft("a", Limits())
    inset.see_picture(stamp((410, 100)), "part", draft)
    assert MARK in draft.text
