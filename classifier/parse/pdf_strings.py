"""The strings of a PDF dictionary, as characters.

In: bytes at `(…)` or `<…>`. Out: text (PDFDocEncoding read as Latin-1, UTF-16 and UTF-8 by their mark). Source: ISO 32000-1 §7.3.4.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_MARKS = re.compile(rb"[()\\]")
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")


def read_string(data: bytes) -> str | None:
    """The string that `data` begins with; None when it begins with something else."""
    data = data.lstrip()
    if data.startswith(b"("):
        return decode(_literal(data))
    if data.startswith(b"<") and not data.startswith(b"<<"):
        digits = _NOT_HEX.sub(b"", data[1 : data.find(b">") if b">" in data else None])
        return decode(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    return None


def decode(raw: bytes) -> str:
    """The characters of a text string or text stream."""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xff\xfe"):
        return raw[2:].decode("utf-16-le", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _literal(data: bytes) -> bytes:
    """The bytes between balanced parentheses, escapes undone."""
    depth, place = 0, 0
    while mark := _MARKS.search(data, place):
        place = mark.end() + (mark[0] == b"\\")
        depth += (mark[0] == b"(") - (mark[0] == b")")
        if depth == 0:
            break
    return _ESCAPE.sub(_unescape, data[1 : max(1, place - 1)])


def _unescape(match: re.Match[bytes]) -> bytes:
    token = match[1]
    if token.isdigit():
        return bytes([int(token, 8) & 255]) if not set(token) & set(b"89") else token
    return _ESCAPES.get(token, token)
