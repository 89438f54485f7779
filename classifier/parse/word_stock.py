"""Parts that hold no paragraphs, and the memory of those that many papers share: styles, theme, fonts, settings, relations.

In: the root of such a part. Out: what it says, kept by the fingerprint of its packed bytes, so that the next paper of the same
template does not even unpack it. Measured: nine tenths of the time a short paper took went into these parts, which are the same
bytes in every paper of an office.

Whoever sends a file can give any part the name, the size and the checksum of a part that everybody knows; he cannot give other
bytes its digest. So a part counts as known only by a digest of all its bytes (Package.fingerprint), and only when it was read
whole and without a Problem before. A part is kept from the second time its bytes are met: what only one paper holds is its own
words, and has no business in the memory of the process.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from classifier.parse.word_looks import Styles, read_styles, value
from classifier.parse.word_parts import is_figure, words
from classifier.parse.xmltree import local

_KEPT = 256
_MET = 2048
_HEAVIEST = 1 << 14
"""Characters one part may keep: 256 of them stay under ten megabytes."""
_known: dict[bytes, Stock] = {}
_met: dict[bytes, None] = {}
"""Fingerprints of the last parts seen, the oldest first."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of a relations part: what it is to its source, and where it leads."""

    kind: str
    target: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """What a part without paragraphs says: its root's name, its words, its styles or relations where it has them."""

    kind: str
    words: tuple[str, ...] = ()
    is_figure: bool = False
    styles: Styles | None = None
    relations: tuple[Relation, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether it has nothing to say, and nothing that other parts depend on."""
        return not self.words and self.styles is None and not self.relations

    @property
    def weight(self) -> int:
        """Characters it takes to remember it."""
        styles = sum(len(name) for name in self.styles.looks) if self.styles is not None else 0
        return styles + sum(map(len, self.words)) + sum(len(r.kind) + len(r.target) for r in self.relations)


def read_stock(root: etree._Element) -> Stock:
    """The Stock of a part."""
    kind = local(root.tag)
    return Stock(
        kind,
        tuple(words(root)),
        is_figure(root),
        read_styles(root) if kind == "styles" else None,
        tuple(_relations(root)) if kind == "Relationships" else (),
    )


def _relations(root: etree._Element) -> list[Relation]:
    return [
        Relation(value(relation, "Type"), value(relation, "Target"), value(relation, "TargetMode").lower() == "external")
        for relation in root
    ]


def recall(fingerprint: bytes | None) -> Stock | None:
    """What a part with this fingerprint said, or None when it must be read."""
    if fingerprint is None:
        return None
    known = _known.pop(fingerprint, None)
    if known is not None:
        _known[fingerprint] = known  # the last one asked for stands last
    return known


def meet(fingerprint: bytes | None) -> bool:
    """Whether the same bytes were met before; from now on they were."""
    if fingerprint is None:
        return False
    is_known = fingerprint in _met
    _met.pop(fingerprint, None)
    _met[fingerprint] = None
    if len(_met) > _MET:
        del _met[next(iter(_met))]
    return is_known


def keep(fingerprint: bytes, stock: Stock) -> None:
    """Remembers what a shared part said; the part was read whole and without a Problem."""
    if stock.weight > _HEAVIEST:
        return
    _known[fingerprint] = stock
    if len(_known) > _KEPT:
        del _known[next(iter(_known))]
