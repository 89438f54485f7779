"""Folding: one character in, exactly one character out, so that spans found on folded text hold for the original."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from functools import cache

_EXOTIC = re.compile(r"[^\x00-\x7f\u3001\u3002\u300a\u300b\u4e00-\u9fff\u2014\u2018-\u201d\u3000\u3014\u3015，：；！？（）]")
_VARIANTS = "機絕祕宻級"
_FEW = 40
"""Up to so many different signs are replaced one by one (a scan each), more by one slow pass with a table."""
_KEPT = frozenset(map(ord, "，：；！？（）　"))
"""Chinese punctuation stays: rules are written in Chinese and name it as it is."""


@cache
def _table() -> dict[int, str]:
    """Every code point whose NFKC form is one other character, plus dashes and CJK look-alikes of digits we meet."""
    table: dict[int, str] = {}
    for code in range(0x80, sys.maxunicode + 1):
        if 0x4E00 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0xD800 <= code <= 0xDFFF or code in _KEPT:
            continue
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        if len(folded) == 1 and folded != char:
            table[code] = folded
        elif (digit := unicodedata.decimal(char, None)) is not None:
            table[code] = str(digit)
    for index, char in enumerate("⓪①②③④⑤⑥⑦⑧⑨"):
        table[ord(char)] = str(index)
    for char in "‐‑‒–―−﹣－":
        table[ord(char)] = "-"
    table[ord("○")] = "〇"
    for odd, plain in zip(_VARIANTS, "机绝秘密级", strict=True):  # traditional and variant forms of the marking words
        table[ord(odd)] = plain
    return table


def fold(text: str) -> str:
    """Full-width, mathematical, Arabic-Indic … forms mapped to their plain character; same length as `text`."""
    seen = set(_EXOTIC.findall(text))
    seen.update(sign for sign in _VARIANTS if sign in text)
    if not seen:
        return text
    table = _table()
    needed = {code: table[code] for code in map(ord, seen) if code in table}
    return text.translate(needed) if len(needed) > _FEW else swap(text, needed)


def swap(text: str, table: Mapping[int, str]) -> str:
    """`text.translate(table)` for short tables of one plain character each (none of them a key): a quick scan per entry."""
    for code, plain in table.items():
        text = text.replace(chr(code), plain)
    return text
