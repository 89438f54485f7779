"""The records of a binary PowerPoint file: a tree of small boxes with a type and a length.

In: bytes of the `PowerPoint Document` stream. Out: records, and where the living objects start. Source: [MS-PPT] 2.3.1, 2.3.3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

_HEADER = struct.Struct("<HHI")
_CONTAINER = 0xF
_DEEPEST = 24
USER_EDIT, DIRECTORY = 4085, 6002
_TEXTBOX = 0xF00D
_CLIENT_DATA = 0xF011


class Record(NamedTuple):
    """One record: its type, its instance, and the stretch of its content in the stream."""

    kind: int
    instance: int
    is_container: bool
    at: int
    start: int
    end: int


def records(data: bytes, start: int, end: int) -> Iterator[Record]:
    """The records of one level. A record that reaches beyond its parent ends with it."""
    while start + 8 <= end:
        first, kind, size = _HEADER.unpack_from(data, start)
        stop = min(end, start + 8 + size)
        yield Record(kind, first >> 4, first & 0xF == _CONTAINER or kind in (_TEXTBOX, _CLIENT_DATA), start, start + 8, stop)
        start = stop


def walk(data: bytes, record: Record, depth: int = 0) -> Iterator[Record]:
    """Everything below a record, in order, depth first."""
    for inner in records(data, record.start, record.end):
        yield inner
        if inner.is_container and depth < _DEEPEST:
            yield from walk(data, inner, depth + 1)


def living(data: bytes, edit: int) -> dict[int, int]:
    """Where each object's newest version starts, by its number: the chain of edits from the newest back; {} when broken."""
    places: dict[int, int] = {}
    seen: set[int] = set()
    while edit and edit not in seen and edit + 28 <= len(data):
        seen.add(edit)
        _, kind, _ = _HEADER.unpack_from(data, edit)
        if kind != USER_EDIT:
            return {}
        before, directory = struct.unpack_from("<II", data, edit + 16)
        for number, place in _directory(data, directory):
            places.setdefault(number, place)
        edit = before
    return places


def _directory(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    if at + 8 > len(data):
        return
    _, kind, size = _HEADER.unpack_from(data, at)
    start, end = at + 8, min(len(data), at + 8 + size)
    while kind == DIRECTORY and start + 4 <= end:
        (line,) = struct.unpack_from("<I", data, start)
        first, count = line & 0xFFFFF, line >> 20
        start += 4
        for n in range(count):
            if start + 4 > end:
                return
            yield first + n, struct.unpack_from("<I", data, start)[0]
            start += 4
