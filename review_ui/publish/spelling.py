"""A passage however it is written: full-width or plain, its characters apart or together, on one line or broken over two."""

from __future__ import annotations

from collections.abc import Iterable

from classifier.core.document import Span
from classifier.core.text import fold

_DOTS = frozenset("·•‧∙⋅・")
"""The middle dots of names."""
_SHORTEST = 2
"""A passage of one character is not hunted elsewhere."""


def bare(text: str) -> str:
    """The folded text without spaces, line breaks, unseen characters and middle dots: what two spellings have in common."""
    return "".join(char for char in fold(text) if _is_kept(char))


def hunted(passages: Iterable[str]) -> frozenset[str]:
    """The bare forms of the passages that say enough to be looked for elsewhere; a row of asterisks says nothing."""
    forms = map(bare, passages)
    return frozenset(form for form in forms if len(form) >= _SHORTEST and any(map(str.isalnum, form)))


def stretches(text: str, passages: Iterable[str]) -> list[Span]:
    """Where any of the passages stands in the text, in any spelling; stretches that overlap are one."""
    forms = hunted(passages)
    if not forms:
        return []
    kept = [(at, char) for at, char in enumerate(fold(text)) if _is_kept(char)]
    whole = "".join(char for _, char in kept)
    found: list[Span] = []
    for form in forms:
        at = whole.find(form)
        while at >= 0:
            found.append(Span(kept[at][0], kept[at + len(form) - 1][0] + 1))
            at = whole.find(form, at + 1)
    joined: list[Span] = []
    for span in sorted(found):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def hide(text: str, passages: Iterable[str], stand_in: str) -> tuple[str, int]:
    """The text with every stretch replaced by `stand_in`, and how many there were."""
    pieces: list[str] = []
    position, found = 0, stretches(text, passages)
    for span in found:
        pieces += (text[position : span.start], stand_in)
        position = span.end
    return "".join([*pieces, text[position:]]), len(found)


def _is_kept(char: str) -> bool:
    return char != " " and char.isprintable() and char not in _DOTS
