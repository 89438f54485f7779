"""Zip: the members of its directory, then what stands in the file and in no directory.

In: untrusted bytes of a zip. Out: child Documents, comments, Problems. A zip without a sound directory is read from its local
headers. Methods other than stored, deflate, bzip2 and LZMA are reported.
Source: PKWARE APPNOTE 6.3.10; Info-ZIP extra fields; design/SECURITY §3.3.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from classifier.core.document import Where
from classifier.parse.archive_intake import BROKEN, Intake
from classifier.parse.archive_names import decode_name, is_unsafe, zip_comment, zip_name
from classifier.parse.draft import Draft

_CHUNK = 1 << 18
_LOCAL = b"PK\x03\x04"
_HEADER = struct.Struct("<4s5H3I2H")
_ENDS = (_LOCAL, b"PK\x01\x02", b"PK\x07\x08", b"PK\x05\x06")
_SEALED = 0x1
_SIZES_FOLLOW = 0x8
_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class Local:
    """A local header: where its data starts, and what it claims."""

    name: str
    flags: int
    method: int
    start: int
    size: int
    """Of the packed data; 0 with `_SIZES_FOLLOW` when only the stream knows."""

    @property
    def has_size(self) -> bool:
        """Whether the header knows how long its data is."""
        return self.size > 0 or not self.flags & _SIZES_FOLLOW


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of the zip."""
    intake = Intake(draft)
    try:
        package = zipfile.ZipFile(io.BytesIO(untrusted))
    except BROKEN:
        draft.problem("damaged")
        _read_stretch(untrusted, 0, len(untrusted), intake, draft)
        return
    with package:
        draft.add(decode_name(package.comment), Where.HIDDEN, origin="file_comment")
        infos = package.infolist()
        if not infos:
            draft.problem("empty")
        if len({info.orig_filename for info in infos}) < len(infos):
            draft.problem("damaged")  # two members of one name: which one a reader shows is anybody's guess
        for info in infos:
            _read_member(package, info, untrusted, intake, draft)
        _read_unlisted(untrusted, infos, package.start_dir, intake, draft)


def _read_member(package: zipfile.ZipFile, info: zipfile.ZipInfo, untrusted: bytes, intake: Intake, draft: Draft) -> None:
    name = zip_name(info)
    draft.add(zip_comment(info), Where.HIDDEN, origin="file_comment")
    if info.is_dir() and not info.file_size and not is_unsafe(name):
        intake.note_folders(name)
        return
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
    if kind and kind not in (stat.S_IFREG, stat.S_IFDIR):
        if intake.admit(name):
            intake.refuse("unsafe_name", name)  # a link or a device
    elif info.flag_bits & _SEALED:
        if intake.admit(name):
            intake.refuse("encrypted", name)
    else:
        intake.take(name, info.compress_size, lambda: _chunks(package, info, untrusted))


def _chunks(package: zipfile.ZipFile, info: zipfile.ZipInfo, untrusted: bytes) -> Iterator[bytes]:
    """The member's bytes; where the local header names it otherwise, which zipfile refuses, by that header."""
    try:
        stream = package.open(info)
    except zipfile.BadZipFile:
        local = _local_at(untrusted, info.header_offset)
        if local is None:
            raise
        yield from _inflate(untrusted, local.start, info.compress_size, info.compress_type)
        return
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _read_unlisted(untrusted: bytes, infos: list[zipfile.ZipInfo], end: int, intake: Intake, draft: Draft) -> None:
    """What stands before, between and behind the members of the directory: deleted files are still there."""
    place = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset > place:
            if place == 0 and _LOCAL not in untrusted[: info.header_offset]:
                draft.problem("part_unread", "before the archive")  # the program of a self-extracting archive
            else:
                _read_stretch(untrusted, place, info.header_offset, intake, draft)
        local = _local_at(untrusted, info.header_offset)
        if local is not None:
            place = max(place, local.start + info.compress_size)
    _read_stretch(untrusted, place, end, intake, draft)


def _read_stretch(untrusted: bytes, start: int, end: int, intake: Intake, draft: Draft) -> None:
    """The members with a local header in a stretch of the file that no directory lists."""
    found = False
    while (start := untrusted.find(_LOCAL, start, end)) >= 0:
        local = _local_at(untrusted, start)
        start += 4
        if local is None or local.start > end:
            continue
        found = True
        size = local.size if local.has_size else _next_header(untrusted, local.start, end) - local.start
        if local.name.endswith("/") and not size:
            intake.note_folders(local.name)
        elif local.flags & _SEALED:
            if intake.admit(local.name):
                intake.refuse("encrypted", local.name)
        else:
            intake.take(local.name, max(1, size), partial(_inflate, untrusted, local.start, size, local.method))
        start = max(start, min(local.start + size, end))
    if found:
        draft.problem("damaged", "outside the directory")


def _local_at(untrusted: bytes, place: int) -> Local | None:
    if len(untrusted) < place + _HEADER.size or untrusted[place : place + 4] != _LOCAL:
        return None
    _, _, flags, method, _, _, _, packed, _, name_size, extra_size = _HEADER.unpack_from(untrusted, place)
    start = place + _HEADER.size + name_size + extra_size
    raw = untrusted[place + _HEADER.size : place + _HEADER.size + name_size]
    name = raw.decode("utf-8", "replace") if flags & _UTF8 else decode_name(raw)
    return Local(name, flags, method, start, packed)


def _next_header(untrusted: bytes, start: int, end: int) -> int:
    places = [place for mark in _ENDS if (place := untrusted.find(mark, start, end)) >= 0]
    return min(places, default=end)


def _inflate(untrusted: bytes, start: int, size: int, method: int) -> Iterator[bytes]:
    """Stored or deflated bytes, in chunks.

    Raises:
        NotImplementedError: for other methods. EOFError: when the stream is cut.
    """
    data = memoryview(untrusted)[start : start + size]
    if method == zipfile.ZIP_STORED:
        yield bytes(data)
    elif method == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-15)
        piece = stream.decompress(data, _CHUNK)
        while piece or stream.unconsumed_tail:
            yield piece
            if stream.eof:
                break
            piece = stream.decompress(stream.unconsumed_tail, _CHUNK)
        if not stream.eof:
            raise EOFError
    else:
        raise NotImplementedError
    if len(data) < size:
        raise EOFError
