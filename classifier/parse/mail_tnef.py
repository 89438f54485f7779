"""Mail wrapped by Outlook (winmail.dat, TNEF) and mail wrapped by a signature (S/MIME signed data).

In: the bytes of such an attachment. Out: its words and files on the Draft; the mail under a signature.
Source: [MS-OXTNEF] 2.1, [MS-OXRTFCP]; RFC 5652 5.1 and 5.2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from classifier.core.document import Where
from classifier.parse import mail_bodies, mail_rtf
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode

MAGIC = b"\x78\x9f\x3e\x22"
_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_SUBJECT, _BODY, _PROPERTIES = 0x18004, 0x2800C, 0x69003
_NEW_FILE, _FILE_NAME, _FILE_DATA, _FILE_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
_WIDTHS = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}


@dataclass(slots=True)
class _File:
    """One attachment while it is put together."""

    name: str = ""
    long_name: str = ""
    data: bytes = b""
    is_inside: list[bytes] = field(default_factory=list)


def read(untrusted: bytes, draft: Draft, place: str) -> None:
    """Adds subject, bodies and files of a winmail.dat."""
    files: list[_File] = []
    kind_of: dict[int, bytes] = {}
    try:
        for number, data in _attributes(untrusted):
            if number in (_SUBJECT, _BODY):
                draft.add_lines(decode(data.rstrip(b"\0"))[0])
            elif number == _PROPERTIES:
                kind_of = dict(_properties(data))
                _add_bodies(kind_of, draft)
            elif number == _NEW_FILE:
                files.append(_File())
            elif files and number == _FILE_NAME:
                files[-1].name = decode(data.rstrip(b"\0"))[0]
            elif files and number == _FILE_DATA:
                files[-1].data = data
            elif files and number == _FILE_PROPERTIES:
                _describe(files[-1], dict(_properties(data)))
    except (struct.error, IndexError, ValueError):
        draft.problem("damaged", place)
    for file in files:
        draft.attach(file.long_name or file.name or "member", file.data, place)


def signed_content(data: bytes) -> bytes | None:
    """The mail inside CMS signed data; None when it is none (an envelope), or holds only a signature."""
    if _SIGNED_DATA not in data[:64]:
        return None
    try:
        content = _inside(data, 0)  # ContentInfo
        signed = _inside(_inside(data, _after(data, content)), 0)  # past the kind, into [0], into SignedData
        return _encapsulated(signed)
    except (IndexError, ValueError, RecursionError):
        return None


def _attributes(untrusted: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    while place + 9 <= len(untrusted):
        _, number, size = struct.unpack_from("<BII", untrusted, place)
        if place + 9 + size > len(untrusted):
            raise ValueError("cut")
        yield number, untrusted[place + 9 : place + 9 + size]
        place += 11 + size


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """MAPI properties: tag and the bytes of the (first) value."""
    (count,) = struct.unpack_from("<I", data)
    place = 4
    for _ in range(min(count, 5000)):
        kind, number = struct.unpack_from("<HH", data, place)
        place += 4
        if number >= 0x8000:  # a named property carries its name
            place += 16
            named, size = struct.unpack_from("<II", data, place)
            place += 8 + (size + 3) // 4 * 4 if named else 8
        is_many, base = kind & 0x1000, kind & 0xFFF
        values = 1
        if is_many or base in (0x1E, 0x1F, 0x102, 0xD):
            (values,) = struct.unpack_from("<I", data, place)
            place += 4
        for _ in range(min(values, 5000)):
            size = _WIDTHS.get(base, -1)
            if size < 0:
                (size,) = struct.unpack_from("<I", data, place)
                place += 4
            yield number << 16 | base, data[place : place + size]
            place += (size + 3) // 4 * 4
            if place > len(data):
                raise ValueError("cut")


def _add_bodies(found: dict[int, bytes], draft: Draft) -> None:
    begin = len(draft.text)
    source = ""
    if page := found.get(0x10130102) or found.get(0x1013001E):
        source = mail_bodies.add_page(page, "", draft)
    if rich := found.get(0x10090102):
        mail_rtf.add_body(rich, draft, begin, source)
    for tag, data in found.items():
        if tag & 0xFFFF in (0x1E, 0x1F) and tag >> 16 not in (0x1013, 0x1000):
            text = data.decode("utf-16-le", "replace") if tag & 1 else decode(data)[0]
            draft.add(text.rstrip("\0"), Where.PROPERTY, origin="metadata")


def _describe(file: _File, found: dict[int, bytes]) -> None:
    for tag in (0x3707001F, 0x3707001E):
        if tag in found:
            raw = found[tag]
            file.long_name = (raw.decode("utf-16-le", "replace") if tag & 1 else decode(raw)[0]).rstrip("\0")
    inside = found.get(0x3701000D, b"")[16:]  # an embedded message, behind the id of its interface
    if inside:
        file.data = inside
        file.long_name = (file.long_name or file.name or "message") + (".dat" if inside.startswith(MAGIC) else "")


def _length(data: bytes, place: int) -> tuple[int, int]:
    """Where the contents of the element at `place` start and end; its end is -1 when it is only marked by two zeros."""
    first = data[place + 1]
    if first == 0x80:
        return place + 2, -1
    if first < 0x80:
        return place + 2, place + 2 + first
    count = first & 0x7F
    if count > 8:
        raise ValueError("no length")
    start = place + 2 + count
    return start, start + int.from_bytes(data[place + 2 : start], "big")


def _inside(data: bytes, place: int) -> bytes:
    start, end = _length(data, place)
    return data[start:] if end < 0 else data[start:end]


def _after(data: bytes, content: bytes) -> int:
    """The place of [0] behind the kind of the content, in `data`."""
    start, _ = _length(data, 0)
    return start + 2 + content[1]


def _encapsulated(signed: bytes) -> bytes | None:
    """The octets in EncapsulatedContentInfo, which follows version and digests."""
    place = 0
    for _ in range(2):
        _, end = _length(signed, place)
        place = end if end >= 0 else signed.index(b"\0\0", place) + 2
    info = _inside(signed, place)
    _, end = _length(info, 0)
    if end < 0 or end >= len(info) or info[end] != 0xA0:
        return None
    return _octets(_inside(info, end))


def _octets(data: bytes, depth: int = 0) -> bytes:
    """An octet string, also one in pieces."""
    if depth > 4:
        raise ValueError("pieces in pieces")
    out, place = b"", 0
    while place + 2 <= len(data) and data[place] in (0x04, 0x24):
        start, end = _length(data, place)
        if data[place] == 0x04:
            out += data[start:end]
        else:
            out += _octets(data[start:] if end < 0 else data[start:end], depth + 1)
        if end < 0:
            break
        place = end
    return out
