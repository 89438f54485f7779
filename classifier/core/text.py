"""Folding: one character in, exactly one character out, so that spans found on folded text hold for the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_EXOTIC = re.compile(r"[^\x00-\x7f\u3001\u3002\u300a\u300b\u4e00-\u9fff\u2014\u2018-\u201d\u3000\u3014\u3015，：；！？（）]")
_VARIANTS = "機絕祕宻級"
_FEW = 40
"""Up to so many different signs are replaced one by one (a scan each), more by one slow pass with a table."""
_KEPT = frozenset(map(ord, "，：；！？（）　"))
"""Chinese punctuation stays: rules are written in Chinese and name it as it is."""


_OWN = {
    **{char: str(index) for index, char in enumerate("⓪①②③④⑤⑥⑦⑧⑨")},
    **dict.fromkeys("‐‑‒–―−﹣－", "-"),
    "○": "〇",
    **dict(zip(_VARIANTS, "机绝秘密级", strict=True)),  # traditional and variant forms of the marking words
    **{chr(code): None for code in _KEPT},
}
"""What is folded otherwise than NFKC has it: digits in circles, dashes, look-alikes; None stays as it is."""


@cache
def _plain(char: str) -> str | None:
    """The one character a sign is folded to: its NFKC form where that is one other character, a digit's value; None for itself."""
    if char in _OWN:
        return _OWN[char]
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) == 1 and folded != char:
        return folded
    digit = unicodedata.decimal(char, None)
    return None if digit is None else str(digit)


def fold(text: str) -> str:
    """Full-width, mathematical, Arabic-Indic … forms mapped to their plain character; same length as `text`."""
    seen = set(_EXOTIC.findall(text))
    seen.update(sign for sign in _VARIANTS if sign in text)
    if not seen:
        return text
    needed = {ord(char): plain for char in seen if (plain := _plain(char)) is not None}
    return text.translate(needed) if len(needed) > _FEW else swap(text, needed)


def swap(text: str, table: Mapping[int, str]) -> str:
    """`text.translate(table)` for short tables of one plain character each (none of them a key): a quick scan per entry."""
    for code, plain in table.items():
        text = text.replace(chr(code), plain)
    return text
