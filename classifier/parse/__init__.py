"""The reading room. In: the path of an untrusted file (or a plain string). Out: a Document; never an exception for a bad file.

May touch the one file it is given, and nothing else: no network, no other path, no program is started. What could not be read
is a Problem on the Document (core.problems), and a Document with Problems is never called open without a person.

    doc = read(Path("通知.docx"), Limits())
    doc.text[block.span.start : block.span.end], block.where, block.page
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zlib
from dataclasses import replace
from pathlib import Path, PurePosixPath

from classifier.core.document import Document
from classifier.core.errors import Unreadable
from classifier.core.settings import Limits
from classifier.parse import archive, formats, mail, ofd, opendocument, richtext, slides
from classifier.parse.budget import Budget
from classifier.parse.draft import Draft
from classifier.parse.formats import Format, Sample
from classifier.parse.ocr_bids import EXTENSIONS as PICTURES
from classifier.parse.ocr_bids import bid_picture
from classifier.parse.sheet_bids import XLS, XLSB, XLSX, bid_binary, bid_old, bid_sheet

__all__ = ["FORMATS", "read", "read_text"]

_BROKEN = (ValueError, LookupError, ArithmeticError, OSError, EOFError, RuntimeError, SyntaxError, struct.error, zlib.error)
"""What libraries raise on broken input. Anything else is our own mistake and goes up to the engine's guard."""
_UNREAD = {"encrypted", "damaged", "bomb", "unsupported"}


def _read_word(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import word

    word.read(untrusted, draft)


def _read_pdf(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import pdf

    pdf.read(untrusted, draft)


def _read_picture(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import picture

    picture.read(untrusted, draft)


def _read_web(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import web

    web.read(untrusted, draft)


def _bid_old_word(sample: Sample) -> float:
    from classifier.parse import oldword

    return oldword.bid(sample)


def _read_old_word(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import oldword

    oldword.read(untrusted, draft)


def _bid_word_xml(sample: Sample) -> float:
    from classifier.parse import oldword_xml

    return oldword_xml.bid(sample)


def _read_word_xml(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import oldword_xml

    oldword_xml.read(untrusted, draft)


def _bid_old_slides(sample: Sample) -> float:
    from classifier.parse import oldslides

    return oldslides.bid(sample)


def _read_old_slides(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import oldslides

    oldslides.read(untrusted, draft)


def _read_plain(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import plain

    plain.read(untrusted, draft)


def _read_sheet(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import sheet

    sheet.read(untrusted, draft)


def _read_old_sheet(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import biff

    biff.read(untrusted, draft)


def _read_binary_sheet(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import sheet_binary

    sheet_binary.read(untrusted, draft)


def _read_table(untrusted: bytes, draft: Draft) -> None:
    from classifier.parse import plain

    plain.read_table(untrusted, draft)


FORMATS: tuple[Format, ...] = (
    Format("docx", (".docx", ".docm", ".dotx", ".dotm"), formats.bid_word, _read_word),
    Format("pdf", (".pdf",), formats.bid_pdf, _read_pdf),
    Format("ofd", (".ofd",), ofd.bid, ofd.read),
    Format("image", PICTURES, bid_picture, _read_picture),
    Format("pptx", slides.EXTENSIONS, slides.bid, slides.read),
    Format("odt", opendocument.TEXT, opendocument.bid_text, opendocument.read),
    Format("odp", opendocument.SHOW, opendocument.bid_show, opendocument.read),
    Format("ods", opendocument.SHEET, opendocument.bid_sheet, opendocument.read),
    Format("rtf", richtext.EXTENSIONS, richtext.bid, richtext.read),
    Format("doc", (".doc", ".dot", ".wps", ".wpt"), _bid_old_word, _read_old_word),
    Format("msg", (".msg", ".oft"), mail.bid_msg, mail.read_msg),
    Format("mhtml", (".mhtml", ".mht"), mail.bid_mhtml, mail.read_mhtml),
    Format("eml", (".eml", ".emlx", ".mbox"), mail.bid_eml, mail.read_eml),
    Format("zip", (".zip",), archive.bid_zip, archive.read_zip),
    Format("tar", (".tar",), archive.bid_tar, archive.read_tar),
    Format("gz", (".gz", ".tgz", ".taz", ".gzip"), archive.bid_gz, archive.read_gz),
    Format("bz2", (".bz2", ".tbz", ".tbz2"), archive.bid_bz2, archive.read_bz2),
    Format("xz", (".xz", ".txz", ".lzma"), archive.bid_xz, archive.read_xz),
    Format("7z", (".7z",), archive.bid_7z, archive.read_7z),
    Format("rar", (".rar",), archive.bid_rar, archive.read_rar),
    Format("wordml", (".xml", ".doc", ".dot"), _bid_word_xml, _read_word_xml),
    Format("ppt", (".ppt", ".pps", ".pot", ".dps", ".dpt"), _bid_old_slides, _read_old_slides),
    Format("html", (".html", ".htm", ".xhtml"), formats.bid_web, _read_web),
    Format("xlsx", XLSX, bid_sheet, _read_sheet),
    Format("xls", XLS, bid_old, _read_old_sheet),
    Format("xlsb", XLSB, bid_binary, _read_binary_sheet),
    Format("csv", (".csv", ".tsv"), formats.bid_table, _read_table),
    Format("md", (".md", ".markdown"), formats.bid_markdown, _read_plain),
    Format("txt", (".txt", ".text"), formats.bid_text, _read_plain),
)
"""Every format this room reads. A new one is a line here and a module; between equal bids the earlier line wins."""


def read(path: Path, limits: Limits, *, name: str | None = None) -> Document:
    """The Document in a file. Bad files give a Document whose `problems` say what was not read; its text may then be empty.

    In: a path, the limits, and the name its owner gave it when it is stored under another (the base name becomes the last
    block of the text, its extension is compared with the content). Raises nothing for any content of the file.
    """
    given = Path(name or path.name)
    try:
        untrusted = _take(path, limits)
    except Unreadable as error:
        draft = Draft(_readable_name(given.name), limits)
        draft.problem(error.code)
        return draft.finish("", "unknown")
    return _read_bytes(untrusted, given, limits, Budget(limits))


def _read_bytes(untrusted: bytes, given: Path, limits: Limits, budget: Budget, inside: tuple[str, ...] = ()) -> Document:
    """One file, at the top or inside another (`inside` are the members that lead to it)."""

    def open_child(member: str, data: bytes) -> Document | str:
        """The Document of a member, or the code of the limit that keeps it shut."""
        if refusal := budget.refuse(len(inside) + 1, len(data)):
            return refusal
        path = (*inside, member)
        child = _read_bytes(data, Path(PurePosixPath(member.replace("\\", "/")).name or "member"), limits, budget, path)
        return replace(child, member="!/".join(path))

    draft = Draft(_readable_name(given.name), limits, open_child)
    sample = Sample(untrusted, given.suffix.lower())
    chosen = _auction(sample)
    draft.directory = sample.directory
    if not untrusted:
        draft.problem("empty")
    elif chosen is None:
        draft.problem("unsupported")
    else:
        if sample.extension and sample.extension not in chosen.extensions:
            draft.problem("mismatch")
        _read_as(chosen, untrusted, draft)
    if not draft.has_tallies:  # a file of one piece: read, or not
        draft.tally("parts", 1, int(draft.has_words))
    return draft.finish(hashlib.sha256(untrusted).hexdigest(), chosen.name if chosen else "unknown", len(untrusted))


def read_text(text: str, name: str = "", limits: Limits | None = None) -> Document:
    """A Document of a plain string; offsets are those of `text` after cleaning. `name`, unless empty, is the last block."""
    draft = Draft(name, limits or Limits())
    draft.add_lines(text)
    if not text:
        draft.problem("empty")
    elif not draft.blocks:
        draft.problem("no_text")
    return draft.finish(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "txt")


def _read_as(chosen: Format, untrusted: bytes, draft: Draft) -> None:
    try:
        chosen.read(untrusted, draft)
    except Unreadable as error:
        draft.problem(error.code, error.where)
    except _BROKEN:
        draft.problem("damaged")
    silent = not draft.has_words and not draft.has_members
    if silent and not any(problem.code in _UNREAD for problem in draft.problems):
        draft.problem("no_text")


def _take(path: Path, limits: Limits) -> bytes:
    """The bytes of a regular file within the limit.

    Raises:
        Unreadable: `not_found`, `no_permission`, `too_large`, `unsupported` (a folder, a pipe), `damaged` (the disk fails).
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("unsupported")
        if status.st_size > limits.bytes:
            raise Unreadable("too_large")
        with path.open("rb") as file:
            untrusted = file.read(status.st_size + 1)
            if len(untrusted) > status.st_size:  # it grew while we looked
                untrusted += file.read(limits.bytes + 1 - len(untrusted))
    except PermissionError as error:
        raise Unreadable("no_permission") from error
    except FileNotFoundError as error:
        raise Unreadable("not_found") from error
    except ValueError as error:  # a NUL in the path
        raise Unreadable("not_found") from error
    except OSError as error:
        raise Unreadable("not_found" if error.filename and not os.path.lexists(path) else "damaged") from error
    if len(untrusted) > limits.bytes:
        raise Unreadable("too_large")
    return untrusted


def _auction(sample: Sample) -> Format | None:
    """The format with the highest bid, or None when nobody wants the file."""
    best, chosen = 0.0, None
    for candidate in FORMATS:
        bid = candidate.bid(sample)
        if bid > best:
            best, chosen = bid, candidate
    return chosen


def _readable_name(name: str) -> str:
    """The base name as characters: old archives leave GBK bytes in file names, which Python shows as lone surrogates."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name
