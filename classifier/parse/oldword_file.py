"""The head of a binary Word file and its piece table: which bytes are the paper's text, in which order.

In: an open Box. Out: one text with a character for every character position (CP), the pieces it came from, and the tables of
the table stream. Source: [MS-DOC] 2.4.1, 2.5, 2.9.38, 2.9.177.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from classifier.core.errors import Unreadable
from classifier.parse.draft import Draft
from classifier.parse.olebox import Box

STORIES = ("main", "notes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")
"""The stories one after the other, as the character positions run."""
_COUNTS = struct.Struct("<8i")
_ASTRAL = re.compile("[\ud800-\udfff]+")
_FIRST_97 = 0x00C0
_LARGEST = 64_000_000


STYLES, NOTE_STARTS, COMMENT_REFS, COMMENT_STARTS = 1, 3, 4, 5
SECTIONS, HEADER_STARTS, CHARACTER_RUNS, PARAGRAPH_RUNS = 6, 11, 12, 13
BOOKMARKS, PRINTER, ASSOCIATED, PIECES, OWNERS = 21, 27, 32, 33, 36
ENDNOTE_STARTS, DRAWINGS, REVISERS, VARIABLES, SAVED_BY = 47, 50, 51, 60, 71


class Piece(NamedTuple):
    """A stretch of text: character positions [start, end), its first byte in the WordDocument stream, one or two bytes each."""

    start: int
    end: int
    offset: int
    width: int
    codes: bytes
    """Property changes for the whole piece (fast-saved files)."""


@dataclass(slots=True)
class WordFile:
    """An opened binary Word file."""

    stream: bytes
    table: bytes
    flags: int
    counts: dict[str, int] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    is_guessed: bool = False
    """Whether there was no piece table, so that the text is what lies where text usually lies."""
    _starts: list[int] = field(default_factory=list)

    @property
    def text_range(self) -> tuple[int, int]:
        """Where the head says that text lies in the stream."""
        first, last = struct.unpack_from("<II", self.stream, 0x18)
        return int(first), int(last)

    def pair(self, number: int) -> tuple[int, int]:
        """Place and length of a table; zero when the head ends before it."""
        (known,) = struct.unpack_from("<H", self.stream, 0x98)
        if number >= known or len(self.stream) < 0x9A + 8 * number + 8:
            return 0, 0
        place, length = struct.unpack_from("<II", self.stream, 0x9A + 8 * number)
        return int(place), int(length)

    def part(self, number: int) -> bytes:
        """The bytes of a table, as many as there are."""
        place, length = self.pair(number)
        return self.table[place : place + length] if length else b""

    def is_cut(self, number: int) -> bool:
        """Whether a table reaches beyond the stream."""
        place, length = self.pair(number)
        return length > 0 and place + length > len(self.table)

    def place_of(self, position: int) -> int:
        """The byte a character position lies at; -1 when in no piece."""
        index = bisect_right(self._starts, position) - 1
        if index < 0 or position >= self.pieces[index].end:
            return -1
        piece = self.pieces[index]
        return piece.offset + (position - piece.start) * piece.width

    def fill(self, draft: Draft) -> None:
        """Reads the pieces' bytes into the text."""
        parts: list[str] = []
        at = 0
        for piece in self.pieces:
            size = piece.end - piece.start
            raw = self.stream[piece.offset : piece.offset + size * piece.width]
            if len(raw) < size * piece.width:
                draft.problem("damaged", "WordDocument")
            parts.append((narrow(raw) if piece.width == 1 else units(raw)).ljust(size, "\0"))
            at += size
            if at > _LARGEST:
                draft.problem("too_long")
                break
        self.text = "".join(parts)
        self._starts = [piece.start for piece in self.pieces]


def open_word(box: Box, draft: Draft) -> WordFile:
    """The file's head, text and tables.

    Raises:
        Unreadable: `encrypted`; `damaged` where there is no head.
    """
    stream = box.take("WordDocument", draft)
    if len(stream) < 0x9A:
        raise Unreadable("damaged", "WordDocument")
    (flags,) = struct.unpack_from("<H", stream, 0x0A)
    if flags & 0x0100:
        raise Unreadable("encrypted")
    table = "1Table" if flags & 0x0200 else "0Table"
    if not box.has(table):
        draft.problem("damaged", table)
        table = "0Table" if flags & 0x0200 else "1Table"
    word = WordFile(stream, box.take(table, draft), flags)
    counts = [max(0, count) for count in _COUNTS.unpack_from(stream, 0x4C)]
    word.counts = dict(zip(STORIES, counts, strict=True))
    word.pieces = read_pieces(word.part(PIECES), len(stream)) if not word.is_cut(PIECES) else []
    if not word.pieces or word.pieces[-1].end < sum(counts):
        draft.problem("damaged", "piece table")
    if not word.pieces:
        word.is_guessed = True
        word.pieces = _whole_text(word)
    word.fill(draft)
    return word


def is_early(stream: bytes) -> bool:
    """Whether the head is that of Word 6 or 95 (or older): another layout altogether."""
    magic, version = struct.unpack_from("<HH", stream)
    return magic in (0xA5DC, 0xA5DB, 0xA59B, 0xA59C) or version < _FIRST_97 - 0x40


def read_pieces(clx: bytes, size: int) -> list[Piece]:
    """The pieces of a piece table, in order; [] when it is broken."""
    at, changes = 0, list[bytes]()
    while at + 3 <= len(clx) and clx[at] == 1:
        (length,) = struct.unpack_from("<H", clx, at + 1)
        changes.append(clx[at + 3 : at + 3 + length])
        at += 3 + length
    if at + 5 > len(clx) or clx[at] != 2:
        return []
    (length,) = struct.unpack_from("<I", clx, at + 1)
    table = clx[at + 5 : at + 5 + length]
    count = (len(table) - 4) // 12
    if count < 1:
        return []
    positions = struct.unpack_from(f"<{count + 1}I", table)
    pieces, position, taken = [], 0, 0
    for n in range(count):
        start, end = positions[n], positions[n + 1]
        (place, change) = struct.unpack_from("<IH", table, 4 * (count + 1) + 8 * n + 2)
        width = 1 if place & 0x40000000 else 2
        offset = (place & 0x3FFFFFFF) // (2 if width == 1 else 1)
        if start != position or end < start or offset > size:
            break
        if (end - start) * width > size:
            end = start + max(0, size - offset) // width
        if end > start:
            pieces.append(Piece(start, end, offset, width, _changes(change, changes)))
        position, taken = end, taken + (end - start) * width
        if taken > 4 * size:  # pieces share bytes only in files made to swell
            break
        if end != positions[n + 1]:
            break
    return pieces


_SHORT_CODES = {0x41: 0x0800, 0x42: 0x0801, 0x43: 0x0802, 0x5C: 0x083C}
"""Numbers of the short form of a change, for the codes that matter here."""


def _changes(change: int, changes: list[bytes]) -> bytes:
    if change & 1:
        index = change >> 1
        return changes[index] if index < len(changes) else b""
    code = _SHORT_CODES.get(change >> 1 & 0x7F)
    return struct.pack("<HB", code, change >> 8) if code else b""


def _whole_text(word: WordFile) -> list[Piece]:
    """Without a piece table the text of a file that was saved in full lies in one stretch."""
    first, last = word.text_range
    last = min(last, len(word.stream))
    if not 0 < first < last:
        return []
    total = sum(word.counts.values())
    width = 2 if total * 2 <= last - first else 1
    return [Piece(0, min(total or last, (last - first) // width), first, width, b"")]


_HIGH = re.compile(rb"[\x80-\x9f]")
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0xA0)}


def narrow(raw: bytes) -> str:
    """8-bit text of the piece table: Windows-1252, undefined bytes as they are."""
    if not _HIGH.search(raw):
        return raw.decode("latin-1")
    return raw.decode("latin-1").translate(_WINDOWS)


def units(raw: bytes) -> str:
    """16-bit text, one character for every unit: a pair of surrogates stays two, so that positions hold."""
    text = raw.decode("utf-16-le", "surrogatepass")
    return text if len(text) * 2 == len(raw) else "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))


def joined(text: str) -> str:
    """Pairs of surrogates made into the character they mean."""
    if not _ASTRAL.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def positions_of(table: bytes, size: int) -> list[int]:
    """The character positions of a PLC whose data have `size` bytes each."""
    count = (len(table) - 4) // (4 + size)
    return list(struct.unpack_from(f"<{count + 1}I", table)) if count >= 0 else []


def strings_of(table: bytes) -> list[str]:
    """The strings of an STTB in wide characters; as many as are there."""
    if len(table) < 6 or table[:2] != b"\xff\xff":
        return []
    count, extra = struct.unpack_from("<HH", table, 2)
    at, found = 6, []
    for _ in range(count):
        if at + 2 > len(table):
            break
        (length,) = struct.unpack_from("<H", table, at)
        found.append(table[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace"))
        at += 2 + 2 * length + extra
    return found
