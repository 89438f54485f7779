"""What the dictionary of rjieba says of words, and into which words it cuts a text; remembered per word."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

_CLASSES = (
    "?", "n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "v", "vn", "a", "ad", "d", "p", "c", "m", "q", "r", "t", "f", "s", "uj", "ul",
    "uz", "u", "x", "eng", "j", "i", "l", "y", "zg", "g", "b", "k", "h", "vg", "ng", "ag", "tg", "z", "o", "e", "an", "vd", "mq",
    "ud", "ug", "uv", "nrx",
)  # fmt: skip
"""Word classes of the dictionary; the order is part of the model."""
_CODE = {name: code for code, name in enumerate(_CLASSES)}
NAME_CODES = tuple(_CODE[name] for name in ("nr", "nrt", "nrfg", "nrx"))
UNKNOWN = 64
"""Added to the class of a Han word that the dictionary does not hold: the cut guessed its edges (对叶/长生)."""
_KNOWN_WORDS = 1 << 16
"""So many words are remembered with what the dictionary says of them."""
_COMMON_COUNT = 100
"""A word that the dictionary has met so often is a word first and a given name second."""


@cache
def _dictionary() -> Any:  # noqa: ANN401 - the wheel carries no types
    import rjieba

    return rjieba


def is_common(word: str, least: int = _COMMON_COUNT) -> bool:
    """Whether a string is an ordinary word of the dictionary (国庆), and no rare or unknown one (秀英)."""
    held = _dictionary()
    return bool(held.has_word(word)) and int(held.suggest_freq(word)) >= least


@lru_cache(maxsize=_KNOWN_WORDS)
def class_of(word: str) -> int:
    """The class of a word of the cut. Signs, letters and numbers are classed as the dictionary would, without asking it."""
    if not word:
        return 0
    if not "\u4e00" <= word[0] <= "\u9fff":
        latin = sum(sign.isascii() and sign.isalnum() for sign in word)
        digits = sum(sign.isascii() and sign.isdigit() for sign in word)
        return _CODE["x" if not latin else "m" if latin == digits else "eng"]
    pieces = _dictionary().tag(word)
    unknown = len(word) > 1 and not _dictionary().has_word(word)
    return (_CODE.get(pieces[0][1], 0) if len(pieces) == 1 else _CODE["x"]) + UNKNOWN * unknown


@lru_cache(maxsize=_KNOWN_WORDS)
def bits_of(word: str) -> int:
    """How often the dictionary has met a word, in bits; 0 for a word that it does not hold."""
    held = _dictionary()
    return int(held.suggest_freq(word)).bit_length() if held.has_word(word) else 0


def cut(text: str) -> list[str]:
    """The words of a text without half characters (lone surrogates)."""
    words: list[str] = _dictionary().cut(text)
    return words
