"""Bytes of a text file into characters: byte order mark, strict UTF-8, the declared encoding, strict GB18030, else a guess.

In: untrusted bytes. Out: the text and whether the encoding is certain. GBK and GB2312 are subsets of GB18030; the rule is
right on 100 % of mainland texts from six characters on (design/PARSING B6). Big5 decodes as GB18030 without an error, so the
share of everyday Chinese characters is looked at as well.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 little endian starts like UTF-16 little endian: the longer mark is asked first."""
_SEVEN_BIT = re.compile(rb"\x1b\$|\x1b\(|~\{[!-~]{2,}~\}")
"""ISO-2022 and HZ hide Chinese in bytes that also read as ASCII."""
_GB_NAMES = {"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "csgb2312"}
_SAMPLE = 20_000


def decode(untrusted: bytes, declared: str = "") -> tuple[str, bool]:
    """The text, and True when the encoding is certain. Never fails: what cannot be decoded becomes U+FFFD and is not certain."""
    for mark, name in _MARKS:
        if untrusted.startswith(mark):
            return _with_mark(untrusted, name)
    if b"\0" in untrusted[:4096]:
        return _without_mark(untrusted)
    if _SEVEN_BIT.search(untrusted):
        return _strict(untrusted, "hz" if b"~{" in untrusted else "iso2022_jp_2") or untrusted.decode("utf-8", "replace"), False
    text = _strict(untrusted, "utf-8")
    if text is not None:
        return text, True
    named = _codec(declared)
    text = _strict(untrusted, named) if named else None
    if text is not None:
        return text, True
    return _chinese(untrusted)


def _chinese(untrusted: bytes) -> tuple[str, bool]:
    """GB18030 when it reads as everyday Chinese, Big5 when that reads better, else whatever loses fewest characters."""
    text = _strict(untrusted, "gb18030")
    if text is not None and _everyday(text, "gb2312") >= 0.7:
        return text, True
    for name in ("utf-8", "gb18030"):
        guess = untrusted.decode(name, "replace")
        if _is_nearly_right(guess):
            return guess, False
    big5 = _strict(untrusted, "big5hkscs")
    if big5 is not None and (text is None or _everyday(big5, "gbk") > 0.95):
        return big5, False
    if text is not None:
        return text, False
    guesses = [untrusted.decode(name, "replace") for name in ("gb18030", "utf-8", "cp1252")]
    return min(guesses, key=lambda guess: guess.count("\ufffd")), False


def _is_nearly_right(guess: str) -> bool:
    """Whether a text is broken in a few places only: cut in the middle of a character, or a byte lost."""
    odd = [char for char in guess[:_SAMPLE] if char >= "\x80"]
    broken = odd.count("\ufffd")
    if not broken or (broken * 20 > len(odd) and not broken == 1 < len(odd)):
        return False
    return _everyday("".join(odd).replace("\ufffd", ""), "gb2312") >= 0.7


def _everyday(text: str, charset: str) -> float:
    """The share of non-ASCII characters that belong to `charset`; 1.0 where there are none."""
    odd = "".join(char for char in text[:_SAMPLE] if char >= "\x80")
    return len(odd.encode(charset, "ignore")) / 2 / len(odd) if odd else 1.0


def _with_mark(untrusted: bytes, name: str) -> tuple[str, bool]:
    text = _strict(untrusted, name)
    return (text, True) if text is not None else (untrusted.decode(name, "replace"), False)


def _without_mark(untrusted: bytes) -> tuple[str, bool]:
    """UTF-16 without a mark: ASCII letters leave their zero byte on one side."""
    even, odd = untrusted[0:4096:2].count(0), untrusted[1:4096:2].count(0)
    return untrusted.decode("utf-16-be" if even > odd else "utf-16-le", "replace"), False


def _strict(untrusted: bytes, name: str) -> str | None:
    try:
        return untrusted.decode(name)
    except (UnicodeError, LookupError):
        return None


def _codec(declared: str) -> str:
    """The Python codec for a declared name; "" for unknown names and for codecs that are not text encodings."""
    name = declared.strip().lower()
    if name in _GB_NAMES:
        return "gb18030"
    if name in ("iso-8859-1", "latin1", "ascii", "us-ascii"):
        return "cp1252"
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return codec.name if codec._is_text_encoding and codec.name not in ("idna", "punycode", "utf-7") else ""
