"""A stand-in for Chinese fonts that a PDF names and does not carry: every letter a full square, made here, the same on every machine.

In: nothing; PDFium asks for a font by name while it loads a page. Out: inside `standing_in()` the stand-in, outside it what the
machine has. Without it PDFium searches the machine's fonts for each document and interprets the outline of every letter twice
(eight times the work of reading the page), the text depends on which fonts are installed, and a single letter that no font can
draw (机　密 set letter by letter) is left out of the text without a word. Letters are drawn with the machine's fonts: whoever
draws a page loads it outside `standing_in()`.
"""

from __future__ import annotations

import ctypes
import re
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as raw

from classifier.parse.pdf_drawing import Handle

_EAST_ASIAN = frozenset(
    {
        raw.FXFONT_GB2312_CHARSET,
        raw.FXFONT_CHINESEBIG5_CHARSET,
        raw.FXFONT_SHIFTJIS_CHARSET,
        raw.FXFONT_HANGEUL_CHARSET,
    }
)
_HAN_NAME = re.compile(
    rb"song|sim(?:sun|hei|kai|fang)|fang|kai(?:ti|shu|u)|hei(?:ti|$)|yahei|xihei|jhenghei|ming(?:liu|ti)|dengxian|lisu|youyuan"
    rb"|weibei|^fz|^hy[a-z]|cjk|sourcehan|wenquanyi|gb2312|gbk|[\x80-\xff]",
    re.I,
)
"""Names of Chinese fonts: such a font with its letters numbered as in the font file comes without a character set."""
_HANDLE = 1
"""What stands for the stand-in between PDFium and us; the machine's fonts are pointers."""
_NAME = b"Stand-in\0"

_EM, _BOTTOM, _TOP = 1000, -80, 840
"""The square of a Han letter as fonts draw it, in thousandths of its size."""
_GLYPHS = 65_535
"""As many as there can be: letters numbered as in the missing font may have any number."""
_BLANK = _GLYPHS - 1
_SPACES = ((0x00, 0x20), (0xA0, 0xA0), (0x2000, 0x200F), (0x3000, 0x3000))


class _Switch:
    """PDFium knows one source of fonts per process. State that outlives a call: which it is, and how often the stand-in was given."""

    def __init__(self) -> None:
        self.is_on = False
        self.given = 0
        self._font = b""
        self._machine: Handle = raw.FPDF_GetDefaultSystemFontInfo()
        self._own = raw.FPDF_SYSFONTINFO(version=1)
        if not self._machine:  # a build of PDFium without a mapper for this system
            return
        try:
            self._answer()
        except MemoryError:  # a kernel that forbids code made at run time, which answers to C are: the machine's fonts stay
            return
        raw.FPDF_SetSystemFontInfo(self._own)

    def _answer(self) -> None:
        """Sets our answer to each question that PDFium asks about fonts."""
        self._own.EnumFonts = self._type("EnumFonts")(lambda _, mapper: self._machine.contents.EnumFonts(self._machine, mapper))
        self._own.MapFont = self._type("MapFont")(self._map)
        self._own.GetFont = self._type("GetFont")(lambda _, name: self._machine.contents.GetFont(self._machine, name))
        self._own.GetFontData = self._type("GetFontData")(self._data)
        self._own.GetFaceName = self._type("GetFaceName")(self._face_name)
        self._own.GetFontCharset = self._type("GetFontCharset")(self._charset)
        self._own.DeleteFont = self._type("DeleteFont")(self._delete)

    @staticmethod
    def _type(name: str) -> Callable[..., Any]:
        """The C type of a question PDFium asks."""
        kind: Callable[..., Any] = dict(raw.FPDF_SYSFONTINFO._fields_)[name]
        return kind

    def _map(
        self, _: Handle, weight: int, is_italic: int, charset: int, pitch: int, name: Handle, is_exact: Handle
    ) -> int | None:
        if self.is_on and (charset in _EAST_ASIAN or _HAN_NAME.search(ctypes.string_at(name))):
            self.given += 1
            return _HANDLE
        found: int | None = self._machine.contents.MapFont(self._machine, weight, is_italic, charset, pitch, name, is_exact)
        return found

    def _data(self, _: Handle, handle: int, table: int, buffer: Handle, size: int) -> int:
        if handle != _HANDLE:
            return int(self._machine.contents.GetFontData(self._machine, handle, table, buffer, size))
        if table:  # asked for the whole file first, then for tables by their tag: those of a collection and of names
            return 0
        self._font = self._font or make_font()
        return _put(self._font, buffer, size)

    def _face_name(self, _: Handle, handle: int, buffer: Handle, size: int) -> int:
        if handle != _HANDLE:
            return int(self._machine.contents.GetFaceName(self._machine, handle, buffer, size))
        return _put(_NAME, buffer, size)

    def _charset(self, _: Handle, handle: int) -> int:
        if handle != _HANDLE:
            return int(self._machine.contents.GetFontCharset(self._machine, handle))
        return int(raw.FXFONT_GB2312_CHARSET)

    def _delete(self, _: Handle, handle: int) -> None:
        if handle != _HANDLE:
            self._machine.contents.DeleteFont(self._machine, handle)


def _put(data: bytes, buffer: Handle, size: int) -> int:
    """Gives PDFium bytes into its buffer when they fit; always says how many they are."""
    if buffer and size >= len(data):
        ctypes.memmove(buffer, data, len(data))
    return len(data)


def make_font() -> bytes:
    """A TrueType font of 65,535 glyphs: all are one square but the last, which is blank."""
    corners = struct.pack(">8h", 0, 0, _EM, 0, _BOTTOM, _TOP - _BOTTOM, 0, _BOTTOM - _TOP)
    square = struct.pack(">5h2H4B", 1, 0, _BOTTOM, _EM, _TOP, 3, 0, 1, 1, 1, 1) + corners
    square += bytes(-len(square) % 4)
    half = len(square) // 2  # places are written halved
    places = struct.pack(">2H", 0, half) * (_BLANK // 2) + struct.pack(">2H", 2 * half, 2 * half)
    return _join(
        {
            b"cmap": _characters(),
            b"glyf": square * 2,
            b"head": struct.pack(
                ">4I2H2q4h2H3h", 1 << 16, 1 << 16, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, _BOTTOM, _EM, _TOP, 0, 8, 2, 0, 0
            ),
            b"hhea": struct.pack(">I3hH11hH", 1 << 16, _TOP, _BOTTOM, 0, _EM, 0, 0, _EM, 1, *[0] * 7, 1),
            b"hmtx": struct.pack(">Hh", _EM, 0),
            b"loca": places,
            b"maxp": struct.pack(">I14H", 1 << 16, _GLYPHS, 4, 1, 0, 0, 1, *[0] * 8),
        }
    )


def _characters() -> bytes:
    """The table from characters to glyphs (format 13: a whole range to one glyph): spaces to the blank, all others to a square."""
    ranges: list[tuple[int, int, int]] = []
    place = 0
    for first, last in _SPACES:
        if first > place:
            ranges.append((place, first - 1, 1))
        ranges.append((first, last, _BLANK))
        place = last + 1
    ranges.append((place, 0x10FFFF, 1))
    body = b"".join(struct.pack(">3I", *entry) for entry in ranges)
    return struct.pack(">4HI2H3I", 0, 1, 0, 6, 12, 13, 0, 16 + len(body), 0, len(ranges)) + body


def _join(tables: dict[bytes, bytes]) -> bytes:
    """A font file of its tables, which come in the order of their names."""
    power = len(tables).bit_length() - 1
    head = struct.pack(">I4H", 1 << 16, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    start = len(head) + 16 * len(tables)
    body = b""
    for tag, table in tables.items():
        head += tag + struct.pack(">3I", 0, start + len(body), len(table))  # nobody checks the sums of the tables
        body += table + bytes(-len(table) % 4)
    return head + body


_switch = _Switch()


@contextmanager
def standing_in() -> Iterator[None]:
    """Chinese fonts that are asked for in this block are stood in for."""
    _switch.is_on = True
    try:
        yield
    finally:
        _switch.is_on = False


def count_given() -> int:
    """How often the stand-in was given in this process so far."""
    return _switch.given
