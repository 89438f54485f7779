"""The records of an Excel 2 to 2003 stream, and the strings inside them.

In: the bytes of a Workbook or Book stream. Out: records with their continuations kept apart, because a string that runs over
into the next one repeats its width byte there. Source: [MS-XLS] 2.1.4, 2.5.293, 2.5.294.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

CONTINUE = 0x3C
_CODE_PAGES = {
    936: "gb18030",
    950: "big5hkscs",
    932: "cp932",
    949: "cp949",
    1200: "utf-16-le",
    65001: "utf-8",
    10008: "gb18030",
    32768: "mac_roman",
    32769: "cp1252",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it starts, its number, its own bytes and those of its continuations."""

    offset: int
    kind: int
    parts: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The bytes before the first continuation."""
        return self.parts[0]


def split(stream: bytes) -> Iterator[Record]:
    """All records in order.

    Raises:
        ValueError: when the stream ends inside a record; everything before it has come out by then.
    """
    at, end = 0, len(stream)
    current: tuple[int, int] | None = None
    parts: list[bytes] = []
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        if kind == CONTINUE and current is not None:
            parts.append(body)
        else:
            if current is not None:
                yield Record(*current, tuple(parts))
            current, parts = (at, kind), [body]
        at += 4 + size
        if kind == 0 and size == 0 and not stream[at : at + 64].strip(b"\0"):
            break  # the rest of the last sector
    if current is not None:
        yield Record(*current, tuple(parts))
    if at > end:
        raise ValueError("cut record")


class Characters:
    """Reads strings from a record and its continuations."""

    def __init__(self, parts: tuple[bytes, ...], at: int = 0) -> None:
        self._parts = parts
        self._number = 0
        self._at = at

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._number >= len(self._parts) or (self._number == len(self._parts) - 1 and self._at >= len(self._parts[-1]))

    def take(self, count: int) -> bytes:
        """Plain bytes; fewer at the end."""
        out = b""
        while len(out) < count and self._number < len(self._parts):
            piece = self._parts[self._number][self._at : self._at + count - len(out)]
            out += piece
            self._at += len(piece)
            if len(out) < count:
                self._number, self._at = self._number + 1, 0
        return out

    def string(self, width: int = 2) -> str:
        """A counted string; its length takes `width` bytes.

        Raises:
            ValueError: when the record ends before its string.
        """
        head = self.take(width + 1)
        if len(head) <= width:
            raise ValueError("cut string")
        return self.rich(int.from_bytes(head[:width], "little"), head[width])

    def rich(self, count: int, flags: int) -> str:
        """The characters after a string's head, formatting and phonetic data skipped."""
        runs = int.from_bytes(self.take(2), "little") if flags & 8 else 0
        extra = int.from_bytes(self.take(4), "little") if flags & 4 else 0
        text = self.characters(count, flags)
        self.take(runs * 4)
        if extra > 1 << 24:
            raise ValueError("string data too long")
        self.take(extra)
        return text

    def characters(self, count: int, flags: int) -> str:
        """`count` characters, of one or two bytes as the lowest flag says; every continuation says it anew."""
        out = ""
        while count > 0:
            if self._number >= len(self._parts):
                raise ValueError("cut string")
            size = 2 if flags & 1 else 1
            part = self._parts[self._number]
            here = min(count, (len(part) - self._at) // size)
            raw = part[self._at : self._at + here * size]
            out += raw.decode("utf-16-le", "replace") if size == 2 else raw.decode("latin-1")
            self._at += here * size
            count -= here
            if count > 0:
                self._number, self._at = self._number + 1, 0
                if self._number < len(self._parts) and self._parts[self._number]:
                    flags, self._at = self._parts[self._number][0], 1
        return out


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a stream writes strings: its version (2 to 8) and code page."""

    version: int = 8
    codec: str = "cp1252"

    def string(self, record: Record, at: int, width: int = 2) -> str:
        """The string at an offset of a record; "" where the record ends there."""
        if at >= len(record.data):
            return ""
        if self.version >= 8:
            return Characters(record.parts, at).string(width)
        size = int.from_bytes(record.data[at : at + width], "little")
        return record.data[at + width : at + width + size].decode(self.codec, "replace")


def codec(page: int) -> str:
    """The Python codec of a code page."""
    return _CODE_PAGES.get(
        page, f"cp{page}" if page in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 874, 437, 850) else "cp1252"
    )


_LITERAL = re.compile(rb"\x17([\x01-\xff])([\x00\x01])", re.S)


def literals(tokens: bytes) -> list[str]:
    """The words in quotes of a compiled formula (token 0x17)."""
    found = []
    at = 0
    while match := _LITERAL.search(tokens, at):
        size = match[1][0] * (2 if match[2] == b"\1" else 1)
        raw = tokens[match.end() : match.end() + size]
        text = raw.decode("utf-16-le" if match[2] == b"\1" else "latin-1", "replace")
        if len(raw) == size and all(char.isprintable() or char in "\0\n\r\t" for char in text):
            found.append(text.replace("\0", ","))
            at = match.end() + size
        else:
            at = match.start() + 1
    return found


def unpack_rk(raw: int) -> float:
    """The short form of a number: 30 bits of an integer or of a float, perhaps times a hundred."""
    if raw & 2:
        value = float((raw - (1 << 32) if raw & 0x80000000 else raw) >> 2)
    else:
        value = float(struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", raw & 0xFFFFFFFC))[0])
    return value / 100 if raw & 1 else value
