"""Folding: one character in, exactly one character out, so that spans found on folded text hold for the original."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

_EXOTIC = re.compile(r"[^\x00-\x7f\u3001\u3002\u300a\u300b\u4e00-\u9fff\u2014\u2018-\u201d\u3000\u3014\u3015，：；！？（）]")
_VARIANT = re.compile("[機絕祕宻級]")
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
    for odd, plain in zip("機絕祕宻級", "机绝秘密级", strict=True):  # traditional and variant forms of the marking words
        table[ord(odd)] = plain
    return table


def fold(text: str) -> str:
    """Full-width, mathematical, Arabic-Indic … forms mapped to their plain character; same length as `text`."""
    if not _EXOTIC.search(text) and not _VARIANT.search(text):
        return text
    table = _table()
    needed = {code: table[code] for code in map(ord, set(text)) if code in table}
    return text.translate(needed) if needed else text
