"""Names of members: bytes into characters, and whether a name points outside its archive.

In: the name as the archive holds it. Out: the name as people read it, a verdict on it. Source: design/SECURITY §3.3.
"""

from __future__ import annotations

import re
import struct
import zlib
from zipfile import ZipInfo

from classifier.parse.encoding import decode

_UTF8 = 0x800
_UNICODE_PATH = 0x7075
_UNICODE_COMMENT = 0x6375
_DRIVE = re.compile(r"[A-Za-z]:")


def is_unsafe(name: str) -> bool:
    """Whether a name climbs out of the archive (`..`), starts at a root or a drive, or hides something behind a NUL."""
    path = name.replace("\\", "/")
    return "\0" in name or path.startswith("/") or _DRIVE.match(path) is not None or ".." in path.split("/")


def folders_of(name: str) -> list[str]:
    """The folders on the way to a member, outermost first."""
    return [part for part in name.replace("\\", "/").split("/")[:-1] if part not in ("", ".")]


def decode_name(raw: bytes) -> str:
    """Bytes of a name: strict UTF-8, GB18030 as Chinese Windows writes it, else what loses fewest characters."""
    return raw.decode("ascii") if raw.isascii() else decode(raw)[0]


def zip_name(info: ZipInfo) -> str:
    """The name of a zip member: marked UTF-8 (flag bit 11), Info-ZIP's own field, else the bytes that zipfile took for cp437."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = _code_page(info.orig_filename)
    return unicode_field(info.extra, _UNICODE_PATH, raw) or decode_name(raw)


def zip_comment(info: ZipInfo) -> str:
    """The comment on a zip member."""
    raw = info.comment
    if info.flag_bits & _UTF8:
        return raw.decode("utf-8", "replace")
    return unicode_field(info.extra, _UNICODE_COMMENT, raw) or decode_name(raw)


def unicode_field(extra: bytes, kind: int, raw: bytes) -> str:
    """Info-ZIP's UTF-8 copy of a name or comment; "" without one, or when its checksum is of another name."""
    place = 0
    while place + 4 <= len(extra):
        tag, size = struct.unpack_from("<HH", extra, place)
        field = extra[place + 4 : place + 4 + size]
        if tag == kind and len(field) > 5 and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(raw):
            return field[5:].decode("utf-8", "replace")
        place += 4 + size
    return ""


def _code_page(name: str) -> bytes:
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace")
