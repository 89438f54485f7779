"""Parts that all papers made from one template share, read once per process: styles, theme, fonts, settings, numbering.

In: the bytes of such a part. Out: what it says, remembered by a digest of its bytes. Measured: nine tenths of the time a short
paper took went into these parts, which are the same bytes in every paper of an office. A part with a Problem is never remembered.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from classifier.parse.draft import Draft
from classifier.parse.word_looks import Styles, could_hide, read_styles
from classifier.parse.word_parts import is_figure, words
from classifier.parse.xmltree import local, read_tree

_SHARED = re.compile(
    r"(?:.*/)?(?:styles|styleswitheffects|theme\d{0,3}|fonttable|settings|websettings|numbering|\[content_types\])\.xml", re.I
)
_LARGEST = 1 << 20
_KEPT = 128
_known: dict[bytes, Stock] = {}


@dataclass(frozen=True, slots=True)
class Stock:
    """What a shared part says: its root's name, its words, its styles where it has them."""

    kind: str
    words: tuple[str, ...] = ()
    is_figure: bool = False
    looks: bool = False
    styles: Styles | None = None


def is_shared(name: str) -> bool:
    """Whether a part is of the kind that comes from the template."""
    return _SHARED.fullmatch(name) is not None


def read_stock(data: bytes, name: str, draft: Draft, papers: frozenset[str]) -> Stock | None:
    """The Stock of a part; None when it is broken, too large, or in truth a paper (its root is one of `papers`)."""
    if len(data) > _LARGEST:
        return None
    digest = hashlib.blake2b(data, digest_size=20).digest()
    known = _known.get(digest)
    if known is not None:
        return known
    trial = Draft("", draft.limits)
    root = read_tree(data, name, trial)
    if root is None or trial.problems or local(root.tag) in papers:
        return None
    kind = local(root.tag)
    styles = read_styles(root) if kind == "styles" else None
    stock = Stock(kind, tuple(words(root)), is_figure(root), could_hide(data), styles)
    if len(_known) >= _KEPT:
        _known.clear()
    _known[digest] = stock
    return stock
