"""OpenDocument files (odt, odp, ods, their templates and flat forms): who bids for them. The reading is in `opendocument_file`.

In: untrusted bytes. Out: a bid, or passages on the Draft. This module loads nothing heavy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifier.parse.draft import Draft
    from classifier.parse.formats import Sample

TEXT = (".odt", ".ott", ".fodt", ".odm", ".oth", ".sxw", ".stw")
SHOW = (".odp", ".otp", ".fodp", ".odg", ".otg", ".fodg", ".sxi", ".sxd")
SHEET = (".ods", ".ots", ".fods", ".sxc", ".stc")
_KIND = re.compile(
    rb"application/vnd\.(?:oasis\.opendocument|sun\.xml)\.(text|presentation|graphics|spreadsheet|writer|impress|draw|calc)"
)
_KINDS = {
    b"text": TEXT, b"writer": TEXT, b"presentation": SHOW, b"graphics": SHOW, b"impress": SHOW, b"draw": SHOW,
    b"spreadsheet": SHEET, b"calc": SHEET,
}  # fmt: skip


def bid_text(sample: Sample) -> float:
    """A text document."""
    return _bid(sample, TEXT)


def bid_show(sample: Sample) -> float:
    """Slides and drawings."""
    return _bid(sample, SHOW)


def bid_sheet(sample: Sample) -> float:
    """A spreadsheet."""
    return _bid(sample, SHEET)


def _bid(sample: Sample, extensions: tuple[str, ...]) -> float:
    """Certain when the media type at the start says so; likely for a package with content.xml that is called so."""
    untrusted, head = sample.untrusted, sample.head
    if untrusted.startswith(b"PK\x03\x04"):
        declared = _KIND.search(head[:400]) if b"mimetype" in head[:64] else None
        if declared is not None:
            return 0.96 if _KINDS[declared[1]] == extensions else 0.0
        called = sample.extension in extensions
        nameless = sample.extension not in TEXT + SHOW + SHEET and extensions == TEXT
        if not (called or nameless):
            return 0.0
        holds = b"content.xml" in untrusted and b"META-INF/manifest.xml" in untrusted and b"AndroidManifest" not in untrusted
        return (0.9 if called else 0.6 if nameless else 0.0) if holds else 0.55 if called else 0.0
    if b"<office:document" in head and b"opendocument" in head:
        declared = _KIND.search(head)
        return 0.96 if _KINDS[declared[1] if declared is not None else b"text"] == extensions else 0.0
    return 0.0


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything an OpenDocument file says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb` when there is nothing (more) to read.
    """
    from classifier.parse.opendocument_file import read as read_all

    read_all(untrusted, draft)
