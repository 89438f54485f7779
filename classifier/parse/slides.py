"""Slide shows of PowerPoint and WPS (pptx, pptm, potx, ppsx): who bids for them. The reading is in `slides_deck`.

In: untrusted bytes. Out: a bid, or passages on the Draft. This module loads nothing heavy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifier.parse.draft import Draft
    from classifier.parse.formats import Sample

EXTENSIONS = (".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm", ".ppam", ".dpsx")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PART = re.compile(rb"ppt/(?:presentation|slides/)")


def bid(sample: Sample) -> float:
    """Certain with the parts of a presentation; an encrypted package is ours when it is called a slide show."""
    untrusted = sample.untrusted
    if untrusted.startswith(_OLE):
        sealed = sample.extension in EXTENSIONS and "EncryptedPackage".encode("utf-16-le") in untrusted
        return 0.97 if sealed else 0.0
    if not untrusted.startswith(b"PK\x03\x04"):
        return 0.0
    if _has_deck(sample):
        return 0.95
    return 0.45 if sample.extension in EXTENSIONS else 0.0


def _has_deck(sample: Sample) -> bool:
    """Whether a zip holds a presentation: by its directory, and where that is broken by its local headers."""
    if (names := sample.names) is not None:
        return any(name.lower().startswith(("ppt/presentation", "ppt/slides/")) for name in names)
    untrusted = sample.untrusted
    return any(untrusted[m.start() - 30 :].startswith(b"PK\x03\x04") for m in _PART.finditer(untrusted) if m.start() >= 30)


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a slide show says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb` when there is nothing (more) to read.
    """
    from classifier.parse import slides_deck

    slides_deck.read(untrusted, draft)
