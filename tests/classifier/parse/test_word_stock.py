"""What many papers share is remembered, what is only one paper's is not; a remembered paper reads like a new one."""

from __future__ import annotations

import pytest

from classifier.core.document import Where
from classifier.parse import word_stock

PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
CORE = "<cp:coreProperties NS><dc:creator>{}</dc:creator></cp:coreProperties>"
SILENT = "<w:footnotes NS><w:footnote><w:p><w:r><w:separator/></w:r></w:p></w:footnote></w:footnotes>"
FOOTER = f"<w:ftr NS>{PARAGRAPH.format(' ')}</w:ftr>"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """A process that has read nothing yet."""
    monkeypatch.setattr(word_stock, "_known", {})
    monkeypatch.setattr(word_stock, "_met", {})


def words_kept() -> set[str]:
    return {word for stock in word_stock._known.values() for word in stock.words}


def test_the_words_of_one_paper_are_not_kept(docx, read_bytes):
    for number in range(4):
        read_bytes(docx(PARAGRAPH.format("x"), {"docProps/core.xml": CORE.format(f"WRITER{number}")}))
    assert words_kept() == set()


def test_a_part_is_kept_when_a_second_paper_has_it(docx, read_bytes):
    for number in range(2):
        read_bytes(docx(PARAGRAPH.format(number), {"docProps/core.xml": CORE.format("PROGRAM")}))
    assert words_kept() == {"PROGRAM"}


def test_a_paper_of_known_parts_reads_like_a_new_one(docx, read_bytes):
    parts = {
        "docProps/core.xml": CORE.format("PROGRAM"),
        "word/footnotes.xml": SILENT,
        "word/footer1.xml": FOOTER,
        "word/styles.xml": (
            '<w:styles NS><w:style w:type="paragraph" w:styleId="Unseen"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
        ),
    }
    body = '<w:p><w:pPr><w:pStyle w:val="Unseen"/></w:pPr><w:r><w:t>hidden</w:t></w:r></w:p>' + PARAGRAPH.format("shown")
    links = [("attachedTemplate", "http://host.example/a.dotm", True), ("hyperlink", "http://host.example/b", True)]
    readings = [read_bytes(docx(body, parts, links)) for _ in range(4)]
    assert readings[1:] == readings[:1] * 3
    assert [problem.code for problem in readings[0].problems] == ["external"]
    assert ("hidden", Where.HIDDEN) in [(readings[0].text[b.span.start : b.span.end], b.where) for b in readings[0].blocks]


def test_notes_with_nothing_in_them_are_known_and_others_are_read(docx, read_bytes, places):
    for _ in range(3):
        read_bytes(docx(PARAGRAPH.format("x"), {"word/footnotes.xml": SILENT}))
    assert "footnotes" in {stock.kind for stock in word_stock._known.values()}
    other = read_bytes(docx(PARAGRAPH.format("x"), {"word/footnotes.xml": SILENT.replace("<w:separator/>", "<w:t>NOTE</w:t>")}))
    assert places(other, "NOTE") == {Where.NOTE}


def test_a_document_is_never_taken_for_silent(docx, read_bytes):
    """A paper without a word has to say so each time."""
    for _ in range(4):
        assert [problem.code for problem in read_bytes(docx("<w:p/>")).problems] == ["no_text"]


def test_a_paper_with_words_is_never_kept(docx, read_bytes):
    for _ in range(3):
        read_bytes(docx(PARAGRAPH.format("x"), {"word/header1.xml": f"<w:hdr NS>{PARAGRAPH.format('HEAD')}</w:hdr>"}))
    assert {stock.kind for stock in word_stock._known.values()} == {"Types", "Relationships"}


@pytest.mark.parametrize("broken", ["<w:styles NS><w:style>", '<!DOCTYPE x [<!ENTITY e "f">]><w:settings/>'], ids=["cut", "dtd"])
def test_a_part_with_a_fault_is_a_problem_every_time(broken, docx, read_bytes, codes):
    for _ in range(4):
        assert "part_unread" in codes(read_bytes(docx(PARAGRAPH.format("x"), {"word/styles.xml": broken})))


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(word_stock, "_KEPT", 5)
    monkeypatch.setattr(word_stock, "_MET", 7)
    for number in range(20):
        word_stock.meet(b"%d" % number)
        word_stock.keep(b"%d" % number, word_stock.Stock("Types"))
        word_stock.recall(b"0")
    assert (len(word_stock._known), len(word_stock._met)) == (5, 7)
    assert word_stock.recall(b"0") is not None  # asked for again and again


def test_a_part_with_many_words_is_not_kept():
    word_stock.keep(b"heavy", word_stock.Stock("Properties", ("x" * 20_000,)))
    assert word_stock.recall(b"heavy") is None


def test_what_cannot_be_identified_is_never_known():
    assert word_stock.recall(None) is None
    assert not word_stock.meet(None)
    assert not word_stock.meet(None)
