"""Keyed hashes by which equal document numbers and titles are found although nobody can read them (seal.Seal.key_of)."""

from __future__ import annotations

import re

from classifier.core.text import fold
from classifier.holdings.seal import Seal

_STAGES = re.compile(r"[（(](?:征求意见稿|送审稿|讨论稿|审议稿|修改稿|草案|草稿|初稿|代拟稿|报批稿|定稿|终稿|印发稿|正式稿)[）)]")
"""What tells a draft of a title from the final paper: both have the same key."""
_SIGNS = re.compile(r"[\W_]+")


def number_key(seal: Seal, number: str) -> bytes:
    """The key of a document number: brackets, blanks and full-width digits make no difference."""
    return seal.key_of("no:" + _SIGNS.sub("", fold(number)))


def title_key(seal: Seal, title: str) -> bytes | None:
    """The key of a title: blanks, punctuation and the word for its stage make no difference. None where nothing is left."""
    plain = _SIGNS.sub("", fold(_STAGES.sub("", title)))
    return seal.key_of("title:" + plain) if plain else None
