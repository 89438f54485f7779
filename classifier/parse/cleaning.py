"""The one cleaning of a text: what every parser's characters pass through, once, before anybody points into them.

In: a piece of text from a file. Out: the same text with line ends as "\\n" and without characters nobody can see. Nothing
else changes: full-width forms, spaces and odd punctuation stay. Source: design/ARCHITECTURE §2.2.
"""

from __future__ import annotations

import re

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
"""Everything that starts a new line: also Word's soft break (VT), the page break (FF) and Unicode's separators."""
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f"  # controls
    "\xad"  # soft hyphen
    "\u034f\u061c\u180e"  # joiner, Arabic mark, Mongolian separator
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, bidi controls
    "\u115f\u1160\u3164\uffa0\u2800"  # fillers and the blank of Braille: letters that show nothing
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"  # variation selectors, tags: they only dress the character before them
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ODD = re.compile(f"[\r\x0b\x0c\x85\u2028\u2029{_UNSEEN}\ud800-\udfff]")
"""Anything that cleaning changes; hardly a paragraph holds any, so most are looked at once."""


def clean(text: str) -> str:
    """`text` with "\\n" line ends, without invisible characters; lone surrogates, which no file can hold, become U+FFFD."""
    if _ODD.search(text) is None:
        return text
    return _LONE_SURROGATE.sub("\ufffd", _INVISIBLE.sub("", _LINE_END.sub("\n", text)))


def squeeze(text: str) -> str:
    """`text` without any white space: what two copies of the same passage are compared by."""
    return "".join(text.split())
