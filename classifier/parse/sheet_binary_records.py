"""The records of binary spreadsheets (xlsb): how they are split, their strings, the words of formulas, the looks of cells.

In: the bytes of one binary part. Out: records, strings, looks. Source: [MS-XLSB] 2.1.4, 2.5.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from classifier.parse.sheet_looks import Look
from classifier.parse.sheet_numbers import BUILT_IN

_WHITE = {(1, 9), (1, 1), (3, 0)}
"""White as (kind of colour, number): palette 9 and 1, theme 0."""


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """All records as (number, bytes).

    Raises:
        IndexError: when the part ends inside a record.
    """
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        for _ in range(4):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if at + size > end:
            raise IndexError("cut record")
        yield kind, data[at : at + size]
        at += size


def wide(data: bytes, at: int) -> tuple[str, int]:
    """A counted UTF-16 string and the place after it."""
    (count,) = struct.unpack_from("<I", data, at)
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + count * 2
    if end > len(data):
        raise ValueError("cut string")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


_LITERAL = re.compile(rb"\x17([\x01-\xff])\x00", re.S)


def literals(tokens: bytes) -> list[str]:
    """The words in quotes of a compiled formula."""
    found = []
    for match in _LITERAL.finditer(tokens):
        raw = tokens[match.end() : match.end() + match[1][0] * 2]
        text = raw.decode("utf-16-le", "replace")
        if len(raw) == match[1][0] * 2 and text.replace("\0", ",").isprintable() and text.strip(" ,.-/:%"):
            found.append(text.replace("\0", ","))
    return found


@dataclass(slots=True)
class _Look:
    fonts: list[tuple[bool, bool]] = field(default_factory=list)
    fills: list[bool] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=lambda: dict(BUILT_IN))
    looks: list[Look] = field(default_factory=list)


def read_looks(parts: list[tuple[int, bytes]]) -> list[Look]:
    """The looks of all cell styles, from the records of styles.bin."""
    look = _Look()
    inside = False
    for kind, data in parts:
        if kind == 44:
            look.codes[struct.unpack_from("<H", data)[0]] = wide(data, 2)[0]
        elif kind == 43:
            look.fonts.append((_is_white(data[12:20]), 0 < struct.unpack_from("<H", data)[0] <= 60))
        elif kind == 45:
            (pattern,) = struct.unpack_from("<I", data)
            look.fills.append(pattern == 0 or (pattern == 1 and _is_white(data[4:12])))
        elif kind in (617, 618):
            inside = kind == 617
        elif kind == 47 and inside:
            _, number, font, fill = struct.unpack_from("<4H", data)
            white, tiny = look.fonts[font] if font < len(look.fonts) else (False, False)
            paper = look.fills[fill] if fill < len(look.fills) else True
            unseen = "white_text" if white and paper else "tiny_text" if tiny else None
            look.looks.append(Look(look.codes.get(number, "General"), unseen))
    return look.looks


def _is_white(colour: bytes) -> bool:
    """A colour is automatic (0), a number of the palette (1), red-green-blue (2) or a number of the theme (3)."""
    kind, index = colour[0] >> 1, colour[1]
    if kind == 2:
        return colour[4:7] == b"\xff\xff\xff"
    return (kind, index) in _WHITE and colour[2:4] == b"\0\0"
