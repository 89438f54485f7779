"""What the formatting of a binary Word file says: which characters are hidden, deleted or symbols, which paragraphs are cells.

In: a WordFile. Out: runs of characters that look special (most say nothing and are left out), and the paragraph at a position.
Source: [MS-DOC] 2.6 (property changes, "sprm"), 2.9.33 (character pages), 2.9.181 (paragraph pages).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from classifier.parse.oldword_file import CHARACTER_RUNS, PARAGRAPH_RUNS, WordFile

_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
"""Bytes of an operand by the upper three bits of its code; 0 where the operand tells its own length."""
_PAGE = 512
_TINY = 6
_CELL_SHADES = {0xD609, 0xD612, 0xD616, 0xD60C, 0xD670, 0xD671, 0xD672}


class Look(NamedTuple):
    """What a style or a run says about its visibility; None where it says nothing."""

    vanish: bool | None = None
    white: bool | None = None
    tiny: bool | None = None

    def over(self, below: Look) -> Look:
        """The look laid over a weaker one."""
        return Look(*(weak if own is None else own for own, weak in zip(self, below, strict=True)))


PLAIN = Look()


class Mark(NamedTuple):
    """What is special about a run of characters."""

    look: Look = PLAIN
    is_deleted: bool = False
    is_inserted: bool = False
    is_shaded: bool = False
    is_special: bool = False
    symbol: str = ""
    style: int = -1


class Run(NamedTuple):
    """Character positions [start, end) with one mark."""

    start: int
    end: int
    mark: Mark


class Para(NamedTuple):
    """What the paragraph that ends at a position is."""

    style: int = 0
    in_table: bool = False
    is_row_end: bool = False
    depth: int = 0
    is_inner_end: bool = False
    is_shaded: bool = False
    shades_cells: bool = False


def changes(codes: bytes) -> Iterator[tuple[int, bytes]]:
    """The (code, operand) pairs of a list of property changes, as far as it goes."""
    at = 0
    while at + 2 <= len(codes):
        code = codes[at] | codes[at + 1] << 8
        at += 2
        size = _SIZES[code >> 13]
        if not size:
            if code == 0xD608:
                size = (int.from_bytes(codes[at : at + 2], "little") or 1) - 1
                at += 2
            else:
                size = codes[at] if at < len(codes) else 0
                at += 1
        yield code, codes[at : at + size]
        at += size


def read_mark(codes: bytes) -> Mark:
    """The mark that property changes make."""
    mark = Mark()
    for code, value in changes(codes):
        if value:
            mark = _apply(mark, code, value)
    return mark


def _apply(mark: Mark, code: int, value: bytes) -> Mark:
    first = value[0]
    if code == 0x083C and first in (0, 1, 0x81):
        return mark._replace(look=mark.look._replace(vanish=first != 0))
    if code == 0x0800:
        return mark._replace(is_deleted=first != 0)
    if code == 0x0801:
        return mark._replace(is_inserted=first != 0)
    if code == 0x0855:
        return mark._replace(is_special=first != 0)
    if code == 0x2A42:
        return mark._replace(look=mark.look._replace(white=first == 8))
    if code == 0x6870 and len(value) == 4:
        return mark._replace(look=mark.look._replace(white=value[3] == 0 and min(value[:3]) >= 0xFE))
    if code == 0x4A43 and len(value) == 2:
        return mark._replace(look=mark.look._replace(tiny=0 < value[0] + value[1] * 256 <= _TINY))
    if code in (0x0854, 0x0858) and first:  # engraved and embossed letters have a shadow
        return mark._replace(is_shaded=True)
    if code in (0x2A0C, 0x4866, 0xCA71):
        return mark._replace(is_shaded=mark.is_shaded or _is_shade(code, value))
    if code == 0x6A09 and len(value) == 4:
        return mark._replace(symbol=chr(value[2] | value[3] << 8))
    if code == 0x4A30 and len(value) == 2:
        return mark._replace(style=value[0] | value[1] << 8)
    return mark


def _is_shade(code: int, value: bytes) -> bool:
    """Whether a highlight or shading shows: no colour, white and "automatic" do not."""
    if code == 0x2A0C:
        return value[0] not in (0, 8)
    if len(value) == 2:
        word = value[0] | value[1] << 8
        return word not in (0, 0xFFFF) and (word >> 10 != 0 or word >> 5 & 31 not in (0, 8))
    for at in range(0, len(value) - 9, 10):
        back, pattern = value[at + 4 : at + 8], value[at + 8] | value[at + 9] << 8
        if pattern not in (0, 0xFFFF) or (back[3] == 0 and back[:3] != b"\xff\xff\xff"):
            return True
    return False


def read_runs(word: WordFile) -> list[Run]:
    """The runs that look special, in the order of the text; the changes of whole pieces laid over them."""
    found: list[tuple[int, int, Mark]] = []
    known: dict[bytes, Mark] = {}
    for page in _pages(word, CHARACTER_RUNS):
        count = min(page[511], 101)
        for n in range(count):
            place = page[4 * (count + 1) + n] * 2
            if not place or place >= 511:
                continue
            codes = page[place + 1 : place + 1 + page[place]]
            mark = known.get(codes)
            if mark is None:
                mark = known[codes] = read_mark(codes)
            if mark != Mark():
                start, end = struct.unpack_from("<II", page, 4 * n)
                found.append((start, end, mark))
    found.sort(key=lambda run: run[:2])
    return _by_position(word, found)


def _by_position(word: WordFile, found: list[tuple[int, int, Mark]]) -> list[Run]:
    runs: list[Run] = []
    starts = [start for start, _, _ in found]
    for piece in word.pieces:
        last = piece.offset + (piece.end - piece.start) * piece.width
        whole = read_mark(piece.codes) if piece.codes else Mark()
        if whole != Mark():
            runs.append(Run(piece.start, piece.end, whole))
        index = max(0, bisect_right(starts, piece.offset) - 1)
        while index < len(found) and found[index][0] < last:
            start, end, mark = found[index]
            index += 1
            start, end = max(start, piece.offset), min(end, last)
            if start < end:
                first, after = ((at - piece.offset) // piece.width + piece.start for at in (start, end))
                runs.append(Run(first, after, _merge(mark, whole)))
    return _apart(runs)


def _merge(mark: Mark, over: Mark) -> Mark:
    if over == Mark():
        return mark
    return Mark(
        over.look.over(mark.look),
        mark.is_deleted or over.is_deleted,
        mark.is_inserted or over.is_inserted,
        mark.is_shaded or over.is_shaded,
        mark.is_special or over.is_special,
        over.symbol or mark.symbol,
        over.style if over.style >= 0 else mark.style,
    )


def _apart(runs: list[Run]) -> list[Run]:
    """Runs that never overlap: a later one (a character run inside a changed piece) cuts into the earlier."""
    settled: list[Run] = []
    for run in runs:
        if settled and settled[-1].end > run.start:
            before = settled.pop()
            if before.start < run.start:
                settled.append(before._replace(end=run.start))
            settled.append(run)
            if before.end > run.end:
                settled.append(before._replace(start=run.end))
        elif run.start < run.end:
            settled.append(run)
    return settled


def _pages(word: WordFile, number: int) -> Iterator[bytes]:
    """The formatting pages that a table of bins names, each once."""
    table = word.part(number)
    count = (len(table) - 4) // 8
    seen = set()
    for n in range(max(0, count)):
        (page,) = struct.unpack_from("<I", table, 4 * (count + 1) + 4 * n)
        start = (page & 0x3FFFFF) * _PAGE
        if start not in seen and start + _PAGE <= len(word.stream):
            seen.add(start)
            yield word.stream[start : start + _PAGE]


class Paragraphs:
    """Answers what the paragraph ending at a position is. State: the paragraph pages, read once."""

    def __init__(self, word: WordFile) -> None:
        self._word = word
        found: list[tuple[int, int, Para]] = []
        known: dict[bytes, Para] = {}
        for page in _pages(word, PARAGRAPH_RUNS):
            count = min(page[511], 29)
            for n in range(count):
                codes = _paragraph_codes(page, page[4 * (count + 1) + 13 * n] * 2)
                para = known.get(codes)
                if para is None:
                    para = known[codes] = _read_paragraph(codes)
                found.append((*struct.unpack_from("<II", page, 4 * n), para))
        found.sort(key=lambda run: run[:2])
        self._found = found
        self._starts = [start for start, _, _ in found]

    @property
    def are_known(self) -> bool:
        """Whether the file has paragraph pages at all."""
        return bool(self._found)

    def at(self, position: int) -> Para:
        """The paragraph whose end mark stands at a position."""
        place = self._word.place_of(position)
        index = bisect_right(self._starts, place) - 1
        if place < 0 or index < 0 or place >= self._found[index][1]:
            return Para()
        return self._found[index][2]


def _paragraph_codes(page: bytes, place: int) -> bytes:
    if not 0 < place < 510:
        return b""
    if page[place]:
        return page[place + 1 : place + 2 * page[place]]
    return page[place + 2 : place + 2 + 2 * page[place + 1]]


def _read_paragraph(codes: bytes) -> Para:
    if len(codes) < 2:
        return Para()
    para = Para(codes[0] | codes[1] << 8)
    for code, value in changes(codes[2:]):
        if not value:
            continue
        if code in (0x2416, 0x244B):
            para = para._replace(in_table=value[0] != 0) if code == 0x2416 else para._replace(is_inner_end=value[0] != 0)
        elif code == 0x2417:
            para = para._replace(is_row_end=value[0] != 0)
        elif code == 0x6649:
            para = para._replace(depth=value[0])
        elif code in (0x442D, 0xC64D):
            para = para._replace(is_shaded=_is_shade(code, value))
        elif code in _CELL_SHADES:
            size = 2 if code == 0xD609 else 10
            shades = any(_is_shade(code, value[at : at + size]) for at in range(0, len(value) - size + 1, size))
            para = para._replace(shades_cells=para.shades_cells or shades)
    return para
