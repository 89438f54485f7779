"""gz, bz2 and xz: one file squeezed. A tar inside is read as if it stood there itself: one container, not two.

In: untrusted bytes. Out: the child Document (or the members of the tar), header names and comments, Problems.
Source: RFC 1952; design/SECURITY §3.3.
"""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Protocol

from classifier.core.document import Where
from classifier.parse import archive_tar
from classifier.parse.archive_intake import BROKEN, Intake
from classifier.parse.archive_names import decode_name
from classifier.parse.draft import Draft

_CHUNK = 1 << 18
_MEMORY = 256 << 20
"""What an xz stream may ask for: the largest preset needs 65 MiB."""
_SUFFIX = re.compile(r"\.(?:gz|gzip|bz2|xz|lzma)$", re.I)
_TAR_SUFFIX = re.compile(r"\.(?:tgz|tbz2?|txz|taz|tlz)$", re.I)


class _Stream(Protocol):
    """What zlib, bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def read_gz(untrusted: bytes, draft: Draft) -> None:
    """A gzip file: all its members, which are one file."""
    names, comment = _gz_words(untrusted)
    draft.add(comment, Where.HIDDEN, origin="file_comment")
    _read(untrusted, draft, lambda: zlib.decompressobj(31), b"\x1f\x8b", names)


def read_bz2(untrusted: bytes, draft: Draft) -> None:
    """A bzip2 file."""
    _read(untrusted, draft, bz2.BZ2Decompressor, b"BZh", "")


def read_xz(untrusted: bytes, draft: Draft) -> None:
    """An xz or lzma file."""
    _read(untrusted, draft, lambda: lzma.LZMADecompressor(lzma.FORMAT_AUTO, _MEMORY), b"\xfd7zXZ\0", "")


def _read(untrusted: bytes, draft: Draft, make: Callable[[], _Stream], mark: bytes, name: str) -> None:
    intake = Intake(draft)
    data = _unpack(untrusted, draft, make, mark, intake)
    if data is None:
        draft.tally("members", 1, 0)
        draft.add(name, Where.PROPERTY)
    elif archive_tar.is_tar(data[:512]):
        draft.add(name, Where.PROPERTY)
        archive_tar.read(data, draft)
    else:
        own = _TAR_SUFFIX.sub(".tar", _SUFFIX.sub("", draft.name))
        name = name.replace("\\", "/")
        if name and PurePosixPath(name).name != own:
            draft.add(name, Where.PROPERTY)
        draft.attach(PurePosixPath(name).name or own or "member", data, "member 1")


def _unpack(untrusted: bytes, draft: Draft, make: Callable[[], _Stream], mark: bytes, intake: Intake) -> bytes | None:
    """The bytes inside, as far as they can be had; None when there are none, or too many."""
    parts: list[bytes] = []
    taken = 0
    try:
        for chunk in _chunks(untrusted, draft, make, mark):
            taken += len(chunk)
            if code := intake.count(len(chunk), taken, len(untrusted)):
                draft.problem(code, "member 1")
                return None
            parts.append(chunk)
    except BROKEN:
        draft.problem("damaged", "member 1")
        return b"".join(parts) or None
    return b"".join(parts)


def _chunks(untrusted: bytes, draft: Draft, make: Callable[[], _Stream], mark: bytes) -> Iterator[bytes]:
    """All streams of the file, one behind the other.

    Raises:
        EOFError: when the last one is cut; what zlib, bz2 and lzma raise.
    """
    rest = untrusted
    while rest.startswith(mark) or rest is untrusted:
        stream = make()
        chunk = stream.decompress(rest, _CHUNK)
        while chunk or not stream.eof:
            yield chunk
            tail = getattr(stream, "unconsumed_tail", b"")
            if not chunk and not tail and not stream.eof:
                raise EOFError
            chunk = b"" if stream.eof else stream.decompress(tail, _CHUNK)
        rest = stream.unused_data
    if rest.strip(b"\0"):
        draft.problem("part_unread", "after the stream")


def _gz_words(untrusted: bytes) -> tuple[str, str]:
    """The file name and the comment in the first header (RFC 1952: Latin-1; in practice the bytes of the system)."""
    flags, place = untrusted[3:4] or b"\0", 10
    if flags[0] & 4:
        place += 2 + int.from_bytes(untrusted[place : place + 2], "little")
    words = []
    for bit in (8, 16):
        end = untrusted.find(b"\0", place) if flags[0] & bit else -1
        words.append(decode_name(untrusted[place:end]) if end >= 0 else "")
        place = end + 1 if end >= 0 else place
    return words[0], words[1]
