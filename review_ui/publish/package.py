"""The publication package: cleaned text as .txt and .docx, a metadata record, and checksums. Built from nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import docx
from docx.oxml.ns import qn
from docx.shared import Pt

from review_ui.publish.masking import MARKER, Masked
from review_ui.publish.spelling import bare, hunted

_STILL = dt.datetime(2000, 1, 1)
TEXT, WORD, RECORD, SUMS = "正文.txt", "正文.docx", "元数据.json", "SHA256SUMS"


class Refused(Exception):
    """The package may not go out; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a package before the re-scan."""

    text: str
    word: bytes
    record: str


def draft(masked: Masked, record: Mapping[str, object]) -> Draft:
    """Build the files in memory. `record` holds the metadata; words of the document in it must be covered already.

    Raises:
        Refused: when there is no text to publish.
    """
    if not masked.text:
        raise Refused("no_text")
    text = f"{MARKER}\n{masked.text}" if masked.count else masked.text
    return Draft(text=text, word=_word(text), record=json.dumps(record, ensure_ascii=False, indent=2) + "\n")


def prove(made: Draft, masked: Masked, extracted: str, words: tuple[str | None, ...]) -> None:
    """The re-scan: nothing that was masked may be read from any file of the package, in any spelling.

    `extracted` is the text the classifier read back from the .docx; `words` are the document's words in the record.

    Raises:
        Refused: when a masked passage is still there.
    """
    seen = [bare(part) for part in (made.text, extracted, *words) if part]
    if any(secret in part for secret in hunted(masked.secrets) for part in seen):
        raise Refused("leak")
    if "".join(made.text.split()) not in "".join(extracted.split()):
        raise Refused("differs")


def pack(made: Draft) -> bytes:
    """The zip: the same input gives the same bytes."""
    files = {TEXT: made.text.encode("utf-8"), WORD: made.word, RECORD: made.record.encode("utf-8")}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    files[SUMS] = sums.encode("utf-8")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _word(text: str) -> bytes:
    """A plain .docx without a trace of who made it."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    for line in text.rstrip("\n").split("\n"):
        document.add_paragraph(line)
    core = document.core_properties
    for field in ("author", "last_modified_by", "comments", "title", "subject", "keywords", "category"):
        setattr(core, field, "")
    core.created = core.modified = _STILL
    core.revision = 1
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
