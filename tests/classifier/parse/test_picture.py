"""Picture files as documents: their words, their pages, what the camera wrote, and hostile bytes. All files are made here."""

from __future__ import annotations

import csv
import json
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin

from classifier.core.document import Where
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import ocr, read
from classifier.parse.draft import Draft
from tests.classifier.parse import scans
from tests.classifier.parse.test_shared import SHARED

needs_font = pytest.mark.skipif(scans.FONT is None, reason=scans.NO_FONT)
WORDS = "机密★10年〔2026〕37号"
KINDS = {"PNG": "png", "JPEG": "jpg", "TIFF": "tif", "BMP": "bmp", "GIF": "gif", "WEBP": "webp"}


def strip(words: str = WORDS, mode: str = "RGB", ink: object = "black", paper: object = "white") -> Image.Image:
    """One line of text."""
    image = Image.new(mode, (480, 64), paper)
    if scans.FONT is not None:
        ImageDraw.Draw(image).text((16, 12), words, font=scans.font(32), fill=ink)
    return image


def properties(document):
    return {document.text[b.span.start : b.span.end]: b.origin for b in document.blocks if b.where is Where.PROPERTY}


def check(document):
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        end = block.span.end
    assert all(problem.code in PROBLEMS for problem in document.problems)


@needs_font
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_in_full(kind, read_bytes):
    """The words, one picture in the receipt, no Problem; the same bytes give the same document."""
    data = scans.encoded(strip(), kind)
    document = read_bytes(data, f"a.{KINDS[kind]}")
    assert (document.format, document.problems) == ("image", ())
    assert document.text.startswith(WORDS)
    assert [(t.found, t.read) for t in document.receipt.tallies if t.kind == "images"] == [(1, 1)]
    assert document == read_bytes(data, f"a.{KINDS[kind]}")


@needs_font
@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "LA"])
def test_every_depth_is_read(mode, read_bytes):
    """Fax, grey, palette, print, X-ray and transparent greys."""
    image = strip()
    image = image.convert("L").convert("I").point(lambda v: v * 200).convert("I;16") if mode == "I;16" else image.convert(mode)
    assert WORDS in read_bytes(scans.encoded(image, "TIFF"), "a.tif").text


@needs_font
def test_every_page_of_a_scan_is_read(read_bytes):
    """A TIFF of three pages: each line has its page."""
    pages = [strip(f"第{n}页内容") for n in (1, 2, 3)]
    document = read_bytes(scans.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "a.tiff")
    assert document.pages == 3
    assert [(b.page, document.text[b.span.start : b.span.end]) for b in document.blocks[:3]] == [
        (n, f"第{n}页内容") for n in (1, 2, 3)
    ]


@needs_font
def test_pages_behind_the_limit_are_reported(read_bytes, codes):
    pages = [strip(f"第{n}页内容") for n in (1, 2, 3)]
    data = scans.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert codes(read_bytes(data, "a.tif", Limits(pages=2))) == {"too_many_pages"}


@needs_font
def test_an_animation_is_read_at_its_start_and_says_so(read_bytes, codes):
    """Three frames are read, the fourth is a Problem."""
    pages = [strip(f"第{n}页内容") for n in (1, 2, 3, 4)]
    document = read_bytes(scans.encoded(pages[0], "GIF", save_all=True, append_images=pages[1:]), "a.gif")
    assert "第3页内容" in document.text
    assert codes(document) == {"too_many_pages"}


@needs_font
@pytest.mark.parametrize(("ink", "paper"), [((255, 255, 255, 255), (255, 255, 255, 0)), ((0, 0, 0, 0), (255, 255, 255, 255))])
def test_words_hidden_by_transparency_are_found(ink, paper, read_bytes):
    """White on nothing, and letters that are themselves transparent."""
    document = read_bytes(scans.encoded(strip(mode="RGBA", ink=ink, paper=paper)), "a.png")
    assert WORDS in document.text


@needs_font
def test_what_the_camera_wrote_is_read(read_bytes):
    """Artist, comment and device are metadata; the coordinates are a location."""
    exif = Image.Exif()
    exif[0x013B], exif[0x0110], exif[0x9C9C] = "张三".encode("gb18030"), "MX-7", "内部照片\0".encode("utf-16-le")
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "勿外传".encode("utf-16-le")
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 36.0), 3: "E", 4: (103.0, 45.0, 0.0)})
    document = read_bytes(scans.encoded(strip(), "JPEG", exif=exif, comment="密件扫描".encode()), "a.jpg")
    assert properties(document) == {
        "Artist: 张三": "metadata",
        "Model: MX-7": "metadata",
        "XPComment: 内部照片": "metadata",
        "UserComment: 勿外传": "metadata",
        "GPSLatitude: 29.560000": "location",
        "GPSLongitude: 103.750000": "location",
        "comment: 密件扫描": "metadata",
    }


@needs_font
def test_text_chunks_and_xmp_of_a_png_are_read(read_bytes):
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt("Author", "李四")
    xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:d="d"><d:creator><d:Seq><d:li>王五</d:li></d:Seq></d:creator></x:xmpmeta>'
    chunks.add_itxt("XML:com.adobe.xmp", xmp)
    document = read_bytes(scans.encoded(strip(), "PNG", pnginfo=chunks), "a.png")
    assert properties(document) == {"Author: 李四": "metadata", "creator: 王五": "metadata"}


@needs_font
def test_the_cameras_orientation_mark_is_obeyed(read_bytes):
    exif = Image.Exif()
    exif[0x0112] = 3
    assert WORDS in read_bytes(scans.encoded(strip().rotate(180), "PNG", exif=exif), "a.png").text


@needs_font
def test_a_fax_of_uneven_resolution_is_read(read_bytes):
    """204 dots across, 98 down: letters get their shape back."""
    image = strip().resize((960, 64))
    assert WORDS in read_bytes(scans.encoded(image, "TIFF", dpi=(204, 102)), "a.tif").text


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_bytes_behind_the_end_are_reported(kind, read_bytes, codes):
    """An older, uncropped picture left in the file, a film or a zip behind the picture."""
    data = scans.encoded(strip(), kind)
    assert "part_unread" not in codes(read_bytes(data, f"a.{KINDS[kind]}"))
    assert "part_unread" in codes(read_bytes(data + b"PK\x03\x04" + data, f"a.{KINDS[kind]}"))


@pytest.mark.parametrize("same", [True, False])
def test_a_preview_that_shows_something_else_is_reported(same, read_bytes, codes):
    """The preview of a photograph often survives its black bars."""
    image = Image.linear_gradient("L").convert("RGB")
    small = scans.encoded(image.resize((160, 160)) if same else Image.new("RGB", (160, 160), "black"), "JPEG")
    entries = struct.pack("<HHHLLHHLLL", 2, 0x0201, 4, 1, 8 + 6 + 30, 0x0202, 4, 1, len(small), 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<L", 8) + struct.pack("<HL", 0, 14) + entries + small
    document = read_bytes(scans.encoded(image, "JPEG", exif=exif), "a.jpg")
    assert ("image" in codes(document)) is not same


def _giant(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9_500, 13_000, 60_000])
def test_a_giant_is_a_bomb_before_it_unfolds(side, read_bytes, codes):
    """Above 80 million pixels nothing is decoded."""
    document = read_bytes(_giant(side, side), "a.png")
    assert codes(document) >= {"bomb"}
    assert document.body_length() == 0


@needs_font
@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_picture_never_passes_as_whole(kind, read_bytes):
    whole = scans.encoded(strip(), kind)
    for tenths in range(1, 10):
        document = read_bytes(whole[: len(whole) * tenths // 10], f"a.{KINDS[kind]}")
        check(document)
        assert document.problems, tenths


def test_an_empty_picture_says_so(read_bytes, codes):
    assert codes(read_bytes(b"", "a.png")) == {"empty"}


def test_a_wrong_extension_is_read_by_content_and_reported(read_bytes, codes):
    document = read_bytes(scans.encoded(strip()), "a.pdf")
    assert document.format == "image"
    assert "mismatch" in codes(document)


@pytest.mark.parametrize("kind", KINDS)
def test_changed_copies_never_raise(kind, tmp_path_factory, monkeypatch):
    """Hypothesis cuts, overwrites and repeats stretches of a sound file; the engine itself is left out, pixels are pixels."""
    monkeypatch.setattr(ocr, "load", lambda *_: None)
    exif = Image.Exif()
    exif[0x013B] = "张三"
    whole = scans.encoded(strip(), kind, **({"exif": exif} if kind in ("PNG", "JPEG", "TIFF", "WEBP") else {}))
    path = tmp_path_factory.mktemp("changed") / f"a.{KINDS[kind]}"
    changes = st.lists(st.tuples(st.integers(0, len(whole)), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def go(edits):
        data = whole
        for place, cut, put in edits:
            data = data[:place] + put + data[place + cut :]
        path.write_bytes(data)
        check(read(path, Limits()))

    go()


@needs_font
def test_a_picture_inside_another_document_carries_its_part():
    """read_image: words as OCR, the picture counted, what cannot be opened is `image` at its part."""
    draft = Draft("", Limits())
    ocr.read_image(scans.encoded(strip()), draft, where_part="word/media/image1.png")
    ocr.read_image(b"\xd7\xcd\xc6\x9a not a raster", draft, where_part="word/media/image2.wmf")
    ocr.read_image(_giant(13_000, 13_000), draft, where_part="word/media/image3.png")
    assert draft.text == WORDS
    assert [(p.code, p.where) for p in draft.problems] == [("image", "word/media/image2.wmf"), ("bomb", "word/media/image3.png")]
    assert [(t.kind, t.found, t.read) for t in draft.finish("", "docx").receipt.tallies] == [("images", 3, 1)]


def test_the_door_stays_light():
    """Importing the room loads neither Pillow, numpy nor the engine."""
    code = "import sys, classifier.parse; print([m for m in ('PIL', 'numpy', 'cv2', 'rapidocr') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[3], check=True)
    assert out.stdout.strip() == "[]"


READ_DOWNWARDS = {"jingsongliujing+OnnxOCR/onnxocr__test_images__1.jpg"}
"""A door plate in two vertical columns: the row's string follows the boxes from left to right, a reader begins at the right."""


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "manifest.csv").exists(), reason=f"SHARED FILES ABSENT: {SHARED} (set MISHEN_SHARED)")
def test_shared_pictures_are_read():
    """Every wanted string is found, none of them takes 20 seconds."""
    missed = []
    kinds = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
    with (SHARED / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["must_contain"] and Path(row["file"]).suffix.lower() in kinds]
    for row in rows:
        start = time.monotonic()
        document = read(SHARED / row["file"], Limits())
        assert time.monotonic() - start < 20
        check(document)
        assert document.body_length() or document.problems
        flat = "".join(document.text.split())
        if row["file"] not in READ_DOWNWARDS:
            missed += [row["file"] for text in json.loads(row["must_contain"]).values() if "".join(text.split()) not in flat]
    assert missed == []
