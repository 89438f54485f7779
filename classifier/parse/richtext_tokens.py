"""An RTF file as tokens, one after the other, in time that grows with its length only.

In: untrusted bytes. Out: Tokens. `\\binN` jumps over its bytes, so that a picture is never taken for words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})? ?"
    rb"|\\(?P<sign>[^A-Za-z])|(?P<ends>[\r\n\0]+)|(?P<text>[^\\{}\r\n\0]+)|(?P<odd>\\)",
    re.S,
)


class Token(NamedTuple):
    """One token: `open`, `close`, `hex`, `word`, `sign`, `text`, `bin` or `cut`; a word has a number or None."""

    kind: str
    data: bytes
    number: int | None = None


def read_tokens(untrusted: bytes) -> Iterator[Token]:
    """Every token. A `cut` token says that the file ends inside a binary stretch."""
    place, end = 0, len(untrusted)
    match = _TOKEN.match
    while place < end:
        found = match(untrusted, place)
        if found is None:  # cannot happen: every byte starts a token
            return
        place = found.end()
        kind = str(found.lastgroup)
        if kind in ("ends", "odd"):
            continue
        if kind in ("word", "number"):
            number = int(found["number"]) if found["number"] is not None else None
            if found["word"] == b"bin" and number is not None and number > 0:
                yield Token("bin", untrusted[place : place + number])
                if place + number > end:
                    yield Token("cut", b"")
                place += number
            else:
                yield Token("word", found["word"], number)
        else:
            yield Token(kind, found[kind])
