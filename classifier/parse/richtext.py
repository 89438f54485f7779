"""Rich Text Format: who bids for it. The reading is in `richtext_flow`.

In: untrusted bytes. Out: a bid, or passages on the Draft. This module loads nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifier.parse.draft import Draft
    from classifier.parse.formats import Sample

EXTENSIONS = (".rtf",)


def bid(sample: Sample) -> float:
    """Certain with `{\\rtf` at the start, a byte order mark or blanks before it allowed."""
    return 0.95 if sample.head[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"{\\rt") else 0.0


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything an RTF file says. Raises nothing: damage is a Problem."""
    from classifier.parse.richtext_flow import read as read_all

    read_all(untrusted, draft)
