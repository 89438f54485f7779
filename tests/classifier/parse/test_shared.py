"""The odd and hostile files of other projects (../shared/files): what must be found is found, what must fail says so, nothing raises."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from classifier.core.document import Where
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import FORMATS, read

SHARED = Path(os.environ.get("MISHEN_SHARED") or Path(__file__).parents[4] / "shared") / "files"
OURS = {extension for form in FORMATS for extension in form.extensions}
MUST_SAY = ("encrypted / cannot be read", "no text layer", "macro must be reported", "must be listed")
RUN_TOGETHER = {
    "jingsongliujing+OnnxOCR/onnxocr__test_images__1.jpg",  # a vertical door plate; the string runs left to right, a reader right to left
    "python-openxml+python-docx/par-hyperlinks.docx",
    "apache+tika/resources__test-documents__testWORD_features.docx",
    "apache+poi/document__drawing.docx",
}
"""Rows whose string joins the runs of one kind across paragraphs: it stands nowhere in the paper as one piece."""
READ_IN_FULL = {
    "pypdfium2-team+pypdfium2/resources__toc_circular.pdf",
    "apache+tika/src__test__resources__test-documents__testBrokenHTMLContainingRFC822.html",
    "apache+tika/resources__test-documents__testRTFCorruptListOverride.rtf",  # only the list's looks are wrong
}
"""Files that may fail elsewhere: here every line of the page source, and both pages of the PDF, came out (looked at one by one)."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "manifest.csv").exists(), reason=f"SHARED FILES ABSENT: {SHARED} (set MISHEN_SHARED)"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def rows():
    with (SHARED / "manifest.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    return [(row, read(SHARED / row["file"], Limits())) for row in table]


def test_every_file_gives_a_sound_document(rows):
    """Also the formats this room does not read: they are reported, never taken as read."""
    for row, document in rows:
        end = 0
        for block in document.blocks:
            assert end <= block.span.start < block.span.end <= len(document.text), row["file"]
            end = block.span.end
        assert all(problem.code in PROBLEMS for problem in document.problems)
        if document.format == "unknown":
            assert document.problems, row["file"]


def test_what_must_be_found_is_found(rows):
    missed = []
    for row, document in rows:
        if Path(row["file"]).suffix.lower() in OURS and row["must_contain"] and row["file"] not in RUN_TOGETHER:
            flat = "".join("".join(part.text for part in document.walk()).split())
            wanted = json.loads(row["must_contain"])
            missed += [(row["file"], place) for place, text in wanted.items() if "".join(text.split()) not in flat]
    assert missed == []


def test_what_must_fail_says_so(rows):
    silent = []
    for row, document in rows:
        if Path(row["file"]).suffix.lower() in OURS and row["file"] not in READ_IN_FULL:
            must_say = any(words in row["expected"] for words in (*MUST_SAY, "must fail cleanly"))
            told = any(part.problems for part in document.walk())
            by_ocr = any(block.where is Where.OCR for part in document.walk() for block in part.blocks)
            listed = "must be listed" in row["expected"] and document.children
            if must_say and not (told or by_ocr or listed):
                silent.append((row["file"], row["expected"]))
    assert silent == []


def test_encrypted_files_give_no_text(rows):
    for row, document in rows:
        if "encrypted / cannot be read" in row["expected"] and Path(row["file"]).suffix.lower() in OURS:
            assert {problem.code for problem in document.problems} == {"encrypted"}, row["file"]
            assert document.body_length() == 0, row["file"]
