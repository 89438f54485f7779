"""Who reads this file? Each format looks at the content and bids; the extension only decides between texts.

In: untrusted bytes and the file's name. Out: a score from 0 (not mine) to 1 (certainly mine). Source: design/SECURITY §3.3
(type = magic + structure).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from classifier.parse.draft import Draft
from classifier.parse.package import Directory, open_directory

_HEAD = 8192
_MARKED = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_NOT_PLAIN = (b"{\\rtf", b"%!PS", b"%PDF", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BM", b"GIF8", b"ID3")
"""Formats whose first bytes could pass for text but whose words are coded."""
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_PAGE_START = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]{0,200}>|<!--.{0,2000}?-->)*<(?:!doctype\s+html|html|head|body|meta|title|frameset)\b",
    re.I | re.S,
)
_ZIP = b"PK\x03\x04"
_OTHER_OFFICE = (b"xl/workbook", b"ppt/presentation", b"OFD.xml", b"META-INF/", b"content.xml")


@dataclass(frozen=True)
class Sample:
    """What a format sees when it bids. What several ask for is worked out once."""

    untrusted: bytes = field(repr=False)
    extension: str = ""
    """In lower case with its dot; "" when the name has none."""

    @cached_property
    def head(self) -> bytes:
        """The first bytes."""
        return self.untrusted[:_HEAD]

    @cached_property
    def directory(self) -> Directory | None:
        """The members of a zip, for all who bid and for the reader; None for what does not start as a zip."""
        return open_directory(self.untrusted) if self.untrusted.startswith(_ZIP) else None

    @property
    def names(self) -> list[str] | None:
        """The names in a zip; None where its directory is broken, or where it is none."""
        return self.directory.names if self.directory is not None else None


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name in the contract, its extensions, its bid, and the function that reads it."""

    name: str
    extensions: tuple[str, ...]
    bid: Callable[[Sample], float]
    read: Callable[[bytes, Draft], None]


def bid_word(sample: Sample) -> float:
    """Certain with Word parts or an encrypted package; likely for a zip called docx that is no other office format."""
    head = sample.untrusted
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return 0.9 if "EncryptedPackage".encode("utf-16-le") in head else 0.0
    if not head.startswith(_ZIP):
        return 0.0
    names = sample.names
    if names is None:  # whether `word/` stands in a local header is all that can be told
        names = ["word/broken.xml"] if re.search(rb"PK\x03\x04.{26}word/", head, re.S) else []
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        return 0.95
    is_named_so = sample.extension in (".docx", ".docm", ".dotx", ".dotm")
    return 0.5 if is_named_so and not any(mark in head for mark in _OTHER_OFFICE) else 0.0


def bid_pdf(sample: Sample) -> float:
    """Certain with %PDF at the start; the standard's readers also accept it within the first kilobyte."""
    if sample.head.startswith(b"%PDF-"):
        return 1.0
    return 0.8 if b"%PDF-" in sample.head[:1024] else 0.0


def bid_web(sample: Sample) -> float:
    """Certain when the text opens like a page; likely when it is called one."""
    if not is_text(sample):
        return 0.0
    if _PAGE_START.match(_narrow(sample.head)):
        return 0.9
    return 0.6 if sample.extension in (".html", ".htm", ".xhtml") else 0.0


def bid_text(sample: Sample) -> float:
    """Anything that reads as text and is nothing better."""
    return (0.7 if sample.extension in (".txt", ".text") else 0.3) if is_text(sample) else 0.0


def bid_markdown(sample: Sample) -> float:
    """Text called Markdown."""
    return 0.7 if sample.extension in (".md", ".markdown") and is_text(sample) else 0.0


def bid_table(sample: Sample) -> float:
    """Text called CSV."""
    return 0.7 if sample.extension in (".csv", ".tsv") and is_text(sample) else 0.0


def is_text(sample: Sample) -> bool:
    """Whether the first bytes are characters: a byte order mark, or hardly any control bytes and no known binary start."""
    head = sample.head
    if head.startswith(_MARKED):
        return True
    if not head or head.startswith(_NOT_PLAIN):
        return False
    if b"\0" in head:
        return bool(sample.extension) and _is_wide(head)
    return len(_CONTROL.findall(head)) * 100 <= len(head)


def _is_wide(head: bytes) -> bool:
    """UTF-16 without a mark: every other byte of its ASCII is zero, and hardly any of the rest."""
    zeros = sorted((head[0::2].count(0), head[1::2].count(0)))
    return zeros[1] * 8 > len(head) and zeros[0] * 20 <= zeros[1]


def _narrow(head: bytes) -> bytes:
    """The ASCII of a page in UTF-16, for looking at its first tag."""
    return head[2:].replace(b"\0", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:64] else head
