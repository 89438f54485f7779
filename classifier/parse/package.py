"""A zip package read under limits: members, bytes and ratio are counted while they stream, never believed from the header.

In: untrusted bytes of a zip. Out: its members, each read on request. Source: design/SECURITY §3.3.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from classifier.core.errors import Unreadable
from classifier.core.settings import Limits

if TYPE_CHECKING:
    from classifier.parse.draft import Draft

_CHUNK = 1 << 18
_FREE = 1 << 20
"""Members up to 1 MiB may be squeezed as well as they like: ten thousand equal table cells are no bomb."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, struct.error, ValueError)
_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_IS_UTF8 = 1 << 3
"""In the second byte of the flags."""
_UNUSUAL = 1 << 0 | 1 << 5 | 1 << 6
"""Flags of a member that is encrypted or a patch to another."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What a zip says it holds, listed once per file: those who bid look at the names, the reader opens the members."""

    untrusted: bytes = field(repr=False)
    zip: zipfile.ZipFile | None
    """None where the directory is broken."""

    @property
    def names(self) -> list[str] | None:
        """The names of the members, folders included; None where the directory is broken."""
        return None if self.zip is None else self.zip.namelist()


def open_directory(untrusted: bytes) -> Directory:
    """The Directory of bytes that may be a zip."""
    try:
        return Directory(untrusted, zipfile.ZipFile(io.BytesIO(untrusted)))
    except _BROKEN:
        return Directory(untrusted, None)


def _names(coded: bytes, local_header: bytes, info: zipfile.ZipInfo) -> bool:
    """Whether a local header gives a member the name it has in the directory."""
    name = info.orig_filename
    if name.isascii():
        return coded == name.encode("ascii")
    try:
        return coded.decode("utf-8" if local_header[7] & _IS_UTF8 else "cp437") == name
    except UnicodeDecodeError:
        return False


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside the package; `size` is what its header claims."""

    name: str
    size: int
    info: zipfile.ZipInfo


class Package:
    """An open zip. State that outlives a call: the bytes unpacked so far, over all members."""

    def __init__(self, untrusted: bytes, draft: Draft) -> None:
        self._draft = draft
        self._limits: Limits = draft.limits
        self._untrusted = untrusted
        self._unpacked = 0
        known = draft.directory
        self._is_lent = known is not None and known.untrusted is untrusted
        opened = (known if known is not None and self._is_lent else open_directory(untrusted)).zip
        if opened is None:
            raise Unreadable("damaged")
        self._zip = opened
        infos = self._zip.infolist()
        if len(infos) > self._limits.members:
            raise Unreadable("bomb")
        self.members = [Member(i.filename, i.file_size, i) for i in infos if not i.is_dir()]
        if len({m.name.lower() for m in self.members}) < len(self.members):
            draft.problem("damaged")  # two members of one name: which one a reader shows is anybody's guess

    def read(self, member: Member) -> bytes | None:
        """The bytes of a member, or None with a Problem.

        Raises:
            Unreadable: `bomb`, when the package unpacks to more than the limits allow.
        """
        if member.info.flag_bits & 1:
            self._draft.problem("encrypted", member.name)
            return None
        whole = self._unpack(member)
        if whole is not None:
            self.pass_over(member)
            return whole
        chunks: list[bytes] = []
        taken = 0
        try:
            with self._zip.open(member.info) as stream:
                while chunk := stream.read(_CHUNK):
                    taken += len(chunk)
                    self._count(len(chunk), taken, member)
                    chunks.append(chunk)
        except _BROKEN:
            self._draft.problem("part_unread", member.name)
            return b"".join(chunks) or None
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def fingerprint(self, member: Member) -> bytes | None:
        """What identifies the bytes of a small member without unpacking them; None where it is large or anything is unusual.

        A digest of the bytes as they lie in the file, with all that their unpacking depends on. The checksum of the directory
        is never taken as a proof, for anybody can write the one of a harmless part beside other bytes: it only stands in here
        because a wrong one makes a part unread, so that the same bytes under another checksum are another case.
        """
        packed = self._packed(member)
        if packed is None:
            return None
        claims = struct.pack("<HII", member.info.compress_type, member.info.CRC, member.size)
        return claims + hashlib.blake2b(packed, digest_size=20).digest()

    def is_whole(self, member: Member, data: bytes) -> bool:
        """Whether `data` is exactly what the directory promised for the member: nothing was cut or damaged on the way."""
        return len(data) == member.size and zlib.crc32(data) == member.info.CRC

    def pass_over(self, member: Member) -> None:
        """Counts a member whose bytes were unpacked before, so that limits mean the same whatever is remembered.

        Raises:
            Unreadable: `bomb`.
        """
        self._count(member.size, member.size, member)

    def close(self) -> None:
        """Gives the bytes back."""
        if not self._is_lent:
            self._zip.close()

    def _packed(self, member: Member) -> bytes | None:
        """The bytes of a small, ordinary member as they lie in the file, under the local header that belongs to it."""
        info, start = member.info, member.info.header_offset
        if member.size > _FREE or info.flag_bits & _UNUSUAL or start < 0:
            return None
        head = self._untrusted[start : start + _LOCAL_SIZE]
        if len(head) < _LOCAL_SIZE or not head.startswith(_LOCAL):
            return None
        named, extra = struct.unpack_from("<HH", head, 26)
        start += _LOCAL_SIZE
        if not _names(self._untrusted[start : start + named], head, info):
            return None
        start += named + extra
        packed = self._untrusted[start : start + info.compress_size]
        return packed if len(packed) == info.compress_size else None

    def _unpack(self, member: Member) -> bytes | None:
        """A small member in one go; None where it is large or anything is unusual, which the stream then reads or reports."""
        packed = self._packed(member)
        if packed is None:
            return None
        if member.info.compress_type == zipfile.ZIP_STORED:
            data = packed
        elif member.info.compress_type == zipfile.ZIP_DEFLATED:
            stream = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                data = stream.decompress(packed, member.size + 1)
            except zlib.error:
                return None
            if not stream.eof:
                return None
        else:
            return None
        return data if self.is_whole(member, data) else None

    def _count(self, more: int, taken: int, member: Member) -> None:
        self._unpacked += more
        too_dense = taken > _FREE and taken > self._limits.ratio * max(1, member.info.compress_size)
        if too_dense or self._unpacked > self._limits.unpacked:
            raise Unreadable("bomb", member.name)
