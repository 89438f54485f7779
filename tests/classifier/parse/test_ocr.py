"""Pictures of pages: what is read, in which order, and that nothing doubtful passes in silence. Pages are drawn at test time."""

from __future__ import annotations

import io
import multiprocessing
import socket

import numpy as np
import pytest

from classifier.core.document import SNIPPET_BYTES, SNIPPET_SIDE, SNIPPETS, Where
from classifier.core.settings import Limits
from classifier.parse import ocr, ocr_engine, ocr_order, ocr_pages, ocr_snippets
from classifier.parse.draft import Draft
from tests.classifier.parse import scans

needs_font = pytest.mark.skipif(scans.FONT is None, reason=scans.NO_FONT)


def look(sheet, **options):
    """The Draft of a sheet."""
    draft = Draft("", Limits())
    ocr.read_bitmap(np.asarray(sheet.image), draft, **options)
    return draft


def codes(draft):
    return {problem.code for problem in draft.problems}


CLEAN = {
    "150 dpi": lambda: scans.paper(150),
    "200 dpi": lambda: scans.paper(200),
    "skew of 3 degrees": lambda: scans.scanned(scans.paper(200), skew=3),
    "blur": lambda: scans.scanned(scans.paper(200), blur=1.6, jpeg=40),
    "fax": lambda: scans.faxed(scans.paper(200)),
    "on its left side": lambda: scans.turned(scans.scanned(scans.paper(150)), 1),
    "upside down": lambda: scans.turned(scans.scanned(scans.paper(150)), 2),
    "on its right side": lambda: scans.turned(scans.scanned(scans.paper(150)), 3),
}


@needs_font
@pytest.mark.parametrize("name", CLEAN)
def test_a_page_is_read_with_at_most_15_errors_in_1000_and_its_keys_intact(name):
    """Secrecy mark, number in hollow brackets, 18 digits and amounts come through, without a Problem."""
    sheet = CLEAN[name]()
    draft = look(sheet, page=1)
    assert scans.errors(sheet.truth, draft.text) <= 0.015
    assert [key for key in scans.KEYS if key not in draft.text] == []
    assert codes(draft) == set()
    assert {(block.where, block.page) for block in draft.blocks} == {(Where.OCR, 1)}


@needs_font
@pytest.mark.parametrize("dpi", [150, 200])
def test_words_under_a_red_seal_are_read(dpi):
    """The issuer and the date stand under the seal; in the red channel they stand alone."""
    draft = look(scans.with_seal(scans.paper(dpi)))
    assert "2026年3月9日" in draft.text
    assert draft.text.count("临江市水务局") == 2
    assert [key for key in scans.KEYS if key not in draft.text] == []


@needs_font
@pytest.mark.parametrize("sheet", [scans.table, scans.columns, scans.vertical])
def test_the_order_is_a_readers_order(sheet):
    """A table row by row, columns one after the other, vertical text from right to left: the edit distance would show it."""
    drawn = sheet(150)
    draft = look(drawn)
    assert scans.errors(drawn.truth, draft.text) <= 0.015
    assert codes(draft) == set()


@needs_font
def test_cells_of_a_row_stand_apart():
    """The pieces of a row are one passage with tabs between, so that a name and a number stay together."""
    assert "欧阳晓峰\t510321197106182231\t13908132261\t1,850元" in look(scans.table(150)).text


@needs_font
def test_an_unreadable_page_says_so_and_gives_what_it_can():
    """Low confidence counts as unread; the lines are added all the same."""
    draft = look(scans.scanned(scans.paper(75), blur=1.3, noise=30, jpeg=15), page=7)
    assert [(problem.code, problem.where) for problem in draft.problems] == [("ocr_low", "page 7")]
    assert draft.has_words


def snippets(draft):
    return draft.finish("0", "png").snippets


@needs_font
def test_what_is_not_read_surely_is_kept_as_small_grey_pictures():
    """A blurred page gives cut-outs with its number, each under the limits; a clean page gives none."""
    kept = snippets(look(scans.scanned(scans.paper(75), blur=1.3, noise=30, jpeg=15), page=7))
    assert 0 < len(kept) <= SNIPPETS
    assert {snippet.page for snippet in kept} == {7}
    for snippet in kept:
        picture = scans.Image.open(io.BytesIO(snippet.png))
        assert (picture.format, picture.mode) == ("PNG", "L")
        assert max(picture.size) <= SNIPPET_SIDE
        assert len(snippet.png) <= SNIPPET_BYTES
        assert np.asarray(picture).std() > 5
    assert snippets(look(scans.paper(150))) == ()


@needs_font
def test_a_grainy_line_is_made_smaller_until_it_fits():
    """Noise does not squeeze; a wide line is still kept."""
    grain = np.random.default_rng(1).integers(0, 256, (400, 3000, 3), np.uint8)
    draft = Draft("", Limits())
    ocr_snippets.keep(grain, [(0, 100, 3000, 160)], draft, None)
    assert [len(snippet.png) <= SNIPPET_BYTES for snippet in snippets(draft)] == [True]


def test_snippets_have_limits():
    """Too many, too large, empty or twice the same: left out."""
    draft = Draft("", Limits())
    for png in (b"", b"x" * (SNIPPET_BYTES + 1), b"same", b"same"):
        draft.snip(png, 1)
    assert len(snippets(draft)) == 1
    for number in range(2 * SNIPPETS):
        draft.snip(b"%d" % number, number)
    assert len(snippets(draft)) == SNIPPETS


@needs_font
def test_words_that_no_box_holds_are_reported(monkeypatch):
    """When the engine overlooks a line, its ink is still there."""
    find = ocr.ocr_boxes.find
    monkeypatch.setattr(ocr.ocr_boxes, "find", lambda engine, picture: find(engine, picture)[:-6])
    draft = look(scans.paper(150))
    assert codes(draft) == {"ocr_low"}
    kept = snippets(draft)
    assert 0 < len(kept) <= 6 + 1
    words = Draft("", Limits())
    monkeypatch.undo()
    for snippet in kept:
        ocr.read_image(snippet.png, words)
    assert "关于做好老旧供水管网改造工作的通知" in words.text or "临江市水务局" in words.text


@needs_font
def test_a_long_screenshot_is_read_to_its_end():
    """A chat of twelve screens is looked at in pieces; no line is lost or said twice."""
    image = scans.Image.new("RGB", (600, 6000), "white")
    draw = scans.ImageDraw.Draw(image)
    lines = [f"第{n}条消息会议改到{n}号楼" for n in range(100, 200)]
    for row, line in enumerate(lines):
        draw.text((40, 20 + 59 * row), line, font=scans.font(26), fill="black")
    draft = Draft("", Limits())
    ocr.read_bitmap(np.asarray(image), draft)
    assert scans.errors("".join(lines), draft.text) <= 0.01


def test_a_blank_picture_has_no_words_and_no_problem():
    draft = Draft("", Limits())
    assert ocr.read_bitmap(np.full((300, 200), 255, np.uint8), draft) == 1.0
    assert (draft.text, draft.problems) == ("", ())


def test_without_the_engine_a_picture_counts_as_unread(monkeypatch):
    """Missing packages are `ocr_off`, never an empty page."""
    monkeypatch.setattr(ocr_engine, "_find_models", lambda: None)
    ocr_engine._load.cache_clear()
    try:
        draft = Draft("", Limits())
        assert ocr.read_bitmap(np.zeros((50, 50, 3), np.uint8), draft, page=2) is None
        assert [(problem.code, problem.where) for problem in draft.problems] == [("ocr_off", "page 2")]
    finally:
        ocr_engine._load.cache_clear()


def test_both_sets_of_models_load_without_a_network(monkeypatch):
    """Nothing is fetched: opening a socket would fail the test."""

    def refuse(*_arguments, **_options):
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ocr_engine._load.cache_clear()
    for tier in ("tiny", "small"):
        engine = ocr_engine.load(tier)
        assert engine is not None
        assert engine.read_line(np.full((48, 200, 3), 255, np.uint8)).confidence < 0.9


def test_models_are_loaded_once_in_a_process():
    assert ocr_engine.load() is ocr_engine.load()


def _read_in_child(pixels, queue) -> None:
    draft = Draft("", Limits())
    ocr.read_bitmap(pixels, draft)
    queue.put(draft.text)


@needs_font
def test_the_engine_works_in_a_child_of_a_forkserver():
    """Workers are forked from a warm server."""
    context = multiprocessing.get_context("forkserver")
    image = scans.Image.new("RGB", (500, 80), "white")
    scans.ImageDraw.Draw(image).text((20, 20), "机密★10年", font=scans.font(32), fill="black")
    queue = context.Queue()
    child = context.Process(target=_read_in_child, args=(np.asarray(image), queue))
    child.start()
    assert queue.get(timeout=60) == "机密★10年"
    child.join()


@needs_font
def test_a_pdf_page_without_text_layer_is_read():
    """The function pdf.py calls: True when the page was read well, its lines carry the page's number."""
    import pypdfium2

    out = io.BytesIO()
    scans.paper(150).image.save(out, "PDF", resolution=150)
    document = pypdfium2.PdfDocument(out.getvalue())
    draft = Draft("", Limits())
    page = document[0]
    try:
        assert ocr_pages.read_pdf_page(page, draft, 4) is True
    finally:
        page.close()
        document.close()
    assert [key for key in scans.KEYS if key not in draft.text] == []
    assert {block.page for block in draft.blocks} == {4}


def strip(key, left, top, right, bottom):
    return ocr_order.Strip(key, left, top, right, bottom)


def test_headings_over_columns_end_what_stood_above_them():
    """Two columns, a heading across, two columns: four blocks in order."""
    strips = []
    for block, y in enumerate((0, 300)):
        for column, x in enumerate((0, 220)):
            strips += [strip(100 * block + 10 * column + n, x, y + 20 * n, x + 200, y + 20 * n + 14) for n in range(5)]
    strips.append(strip(99, 0, 200, 420, 220))
    order = [piece.key for row in ocr_order.sort(strips) for piece in row]
    assert order == [*range(5), *range(10, 15), 99, *range(100, 105), *range(110, 115)]


def test_short_cells_beside_each_other_are_rows():
    """Four rows of narrow cells are a table, not columns."""
    strips = [
        strip(10 * row + column, 200 * column, 30 * row, 200 * column + 40 + 30 * (row % 2), 30 * row + 14)
        for row in range(6)
        for column in range(2)
    ]
    assert [[piece.key for piece in row] for row in ocr_order.sort(strips)] == [[10 * row, 10 * row + 1] for row in range(6)]
