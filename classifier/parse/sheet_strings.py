"""Strings of a workbook: shared ones and those inside a cell, with rich runs and phonetic guides.

In: `<si>` or `<is>` elements. Out: Words. Runs that are white or tiny inside a cell stay apart; the phonetic guide is kept beside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from classifier.parse.sheet_looks import unseen_font
from classifier.parse.xmltree import local

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class Words:
    """One string of a workbook."""

    text: str
    pieces: list[tuple[str | None, str]] | None = None
    """Its runs as (origin, text) when some of them are out of sight."""
    guide: str = ""
    """The phonetic guide."""
    used: bool = False


def unescape(text: str) -> str:
    """Excel writes characters XML cannot hold as _x000D_."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def read_words(item: etree._Element) -> Words:
    """The Words of one string item."""
    if len(item) == 1 and not len(item[0]):
        return Words(unescape(item[0].text or ""))
    pieces: list[tuple[str | None, str]] = []
    guide = ""
    for child in item:
        name = local(child.tag)
        if name == "t":
            pieces.append((None, unescape(child.text or "")))
        elif name == "r":
            look = next((c for c in child if local(c.tag) == "rPr"), None)
            text = "".join(c.text or "" for c in child if local(c.tag) == "t")
            pieces.append((unseen_font(look, "FFFFFF"), unescape(text)))
        elif name == "rPh":
            guide += "".join(c.text or "" for c in child if local(c.tag) == "t")
    text = "".join(piece for _, piece in pieces)
    return Words(text, pieces if any(origin for origin, _ in pieces) else None, guide)


def read_shared(root: etree._Element | None) -> list[Words]:
    """All shared strings in order."""
    return [] if root is None else [read_words(item) for item in root if local(item.tag) == "si"]
