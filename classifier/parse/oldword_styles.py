"""The styles of a binary Word file: which of them hide what is written in them, and which a person has named.

In: a WordFile. Out: a Sheet. Source: [MS-DOC] 2.9.271 (STSH), 2.9.260 (STD).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from classifier.parse.oldword_file import STYLES, WordFile
from classifier.parse.oldword_looks import PLAIN, Look, read_mark

_USER_STYLE = 0xFFE


@dataclass(frozen=True, slots=True)
class Sheet:
    """The styles: their looks, and the names that a person gave."""

    looks: dict[int, Look] = field(default_factory=dict)
    names: tuple[str, ...] = ()


def read_styles(word: WordFile) -> Sheet:
    """The styles; what cannot be read of them hides nothing."""
    table = word.part(STYLES)
    if len(table) < 6:
        return Sheet()
    header, count, base = struct.unpack_from("<HHH", table)
    at, own, above, names = 2 + header, dict[int, Look](), dict[int, int](), list[str]()
    for number in range(min(count, 4096)):
        if at + 2 > len(table):
            break
        (size,) = struct.unpack_from("<H", table, at)
        if size > base + 2:
            _read_style(table[at + 2 : at + 2 + size], base, number, own, above, names)
        at += 2 + size
    return Sheet({n: look for n in own if (look := _resolve(n, own, above)) != PLAIN}, tuple(names))


def _read_style(style: bytes, base: int, number: int, own: dict[int, Look], above: dict[int, int], names: list[str]) -> None:
    first, second, third = struct.unpack_from("<HHH", style)
    kind, above[number] = second & 0xF, second >> 4
    (length,) = struct.unpack_from("<H", style, base)
    at = base + 2 + 2 * length + 2
    if first & 0xFFF == _USER_STYLE:
        names.append(style[base + 2 : base + 2 + 2 * length].decode("utf-16-le", "replace"))
    own[number] = PLAIN
    for n in range(third & 0xF):
        if at + 2 > len(style):
            return
        (size,) = struct.unpack_from("<H", style, at)
        if (kind, n) in ((1, 1), (2, 0)):
            own[number] = read_mark(style[at + 2 : at + 2 + size]).look
        at += 2 + size + size % 2


def _resolve(number: int, own: dict[int, Look], above: dict[int, int]) -> Look:
    look, seen = PLAIN, set[int]()
    while number in own and number not in seen:
        seen.add(number)
        look = look.over(own[number])
        number = above[number]
    return look
