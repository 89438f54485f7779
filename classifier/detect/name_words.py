"""The words of a text, in numpy arrays: where they begin, their classes, and how usual the dictionary of rjieba finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.detect.name_hashes import Places

TAGS = (
    "?", "n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "v", "vn", "a", "ad", "d", "p", "c", "m", "q", "r", "t", "f", "s", "uj", "ul",
    "uz", "u", "x", "eng", "j", "i", "l", "y", "zg", "g", "b", "k", "h", "vg", "ng", "ag", "tg", "z", "o", "e", "an", "vd", "mq",
    "ud", "ug", "uv", "nrx",
)  # fmt: skip
"""Word classes of the dictionary; the order is part of the model."""
TAG_CODE = {tag: code for code, tag in enumerate(TAGS)}
UNKNOWN = 64
"""Added to the class of a Han word that the dictionary does not hold: the cut guessed its edges (对叶/长生)."""
_HALF = re.compile("[\ud800-\udfff]")
_KNOWN_WORDS = 1 << 16
"""So many words are remembered with what the dictionary says of them."""
_COMMON_COUNT = 100
"""A word that the dictionary has met so often is a word first and a given name second."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text as characters and words."""

    text: str
    codes: npt.NDArray[np.uint32]
    starts: Places
    """First character of every word, and the length of the text at the end."""
    tags: npt.NDArray[np.uint8]
    owner: Places
    """The word of every character."""


@cache
def _dictionary() -> Any:  # noqa: ANN401 - the wheel carries no types
    import rjieba

    return rjieba


def is_common(word: str, least: int = _COMMON_COUNT) -> bool:
    """Whether a string is an ordinary word of the dictionary (国庆), and no rare or unknown one (秀英)."""
    held = _dictionary()
    return bool(held.has_word(word)) and int(held.suggest_freq(word)) >= least


@lru_cache(maxsize=_KNOWN_WORDS)
def _tag_of(word: str) -> int:
    """The word class of a word of the cut; the dictionary calls unknown ones eng, m or x by their signs."""
    pieces = _dictionary().tag(word)
    if len(pieces) == 1:
        unknown = len(word) > 1 and "\u4e00" <= word[0] <= "\u9fff" and not _dictionary().has_word(word)
        return TAG_CODE.get(pieces[0][1], 0) + UNKNOWN * unknown
    latin = sum(sign.isascii() and sign.isalnum() for sign in word)
    digits = sum(sign.isascii() and sign.isdigit() for sign in word)
    return TAG_CODE["x" if not latin else "m" if latin == digits else "eng"]


@lru_cache(maxsize=_KNOWN_WORDS)
def bits_of(word: str) -> int:
    """How often the dictionary has met a word, in bits; 0 for a word that it does not hold."""
    held = _dictionary()
    return int(held.suggest_freq(word)).bit_length() if held.has_word(word) else 0


def cut(text: str) -> Words:
    """The words of a text; half characters (lone surrogates) count as an unknown sign."""
    text = _HALF.sub("\ufffd", text)
    found = _dictionary().cut(text)
    count = len(found)
    lengths = np.fromiter(map(len, found), dtype=np.int64, count=count)
    tags = np.fromiter(map(_tag_of, found), dtype=np.uint8, count=count)
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return Words(text, codes, starts, tags, np.repeat(np.arange(count), lengths))
