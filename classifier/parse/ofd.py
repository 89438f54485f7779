"""OFD (GB/T 33190-2016), the layout format of Chinese offices: who bids for it, and the way in.

In: untrusted bytes of a zip with `OFD.xml` at its root. Out: everything on the Draft (see `ofd_reader`). Light: lxml is loaded
when a file is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifier.parse.draft import Draft
    from classifier.parse.formats import Sample

_ZIP = b"PK\x03\x04"
_ROOT = re.compile(rb"PK\x03\x04.{22}[\x07\x08]\0..[/\\]?OFD\.xml", re.I | re.S)
"""A local header that names OFD.xml, with the length of its name."""


def bid(sample: Sample) -> float:
    """Certain with `OFD.xml` at the root of a zip; likely for a zip called .ofd that is no office format."""
    untrusted = sample.untrusted
    if not untrusted.startswith(_ZIP):
        return 0.0
    if _has_root(sample):
        return 0.96
    others = (b"word/", b"xl/", b"ppt/", b"content.xml")
    return 0.6 if sample.extension == ".ofd" and not any(mark in untrusted for mark in others) else 0.0


def _has_root(sample: Sample) -> bool:
    """Whether the package has a part called exactly `OFD.xml`; an OFD stored inside another zip is not this package's.

    Where the directory is broken, a local header with that name is all that can be told.
    """
    names = sample.names
    if names is not None and not any(name.lstrip("/\\").lower() == "ofd.xml" for name in names):
        return False
    return _ROOT.search(sample.untrusted) is not None


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything an OFD package says.

    Raises:
        Unreadable: `damaged`, `bomb` or `encrypted` when there is nothing (more) to read.
    """
    from classifier.parse import ofd_reader

    ofd_reader.read(untrusted, draft)
