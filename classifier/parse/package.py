"""A zip package read under limits: members, bytes and ratio are counted while they stream, never believed from the header.

In: untrusted bytes of a zip. Out: its members, each read on request. Source: design/SECURITY §3.3.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from classifier.core.errors import Unreadable
from classifier.core.settings import Limits
from classifier.parse.draft import Draft

_CHUNK = 1 << 18
_FREE = 1 << 20
"""Members up to 1 MiB may be squeezed as well as they like: ten thousand equal table cells are no bomb."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, struct.error, ValueError)


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
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(untrusted))
        except _BROKEN as error:
            raise Unreadable("damaged") from error
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

    def close(self) -> None:
        """Gives the bytes back."""
        self._zip.close()

    def _count(self, more: int, taken: int, member: Member) -> None:
        self._unpacked += more
        too_dense = taken > _FREE and taken > self._limits.ratio * max(1, member.info.compress_size)
        if too_dense or self._unpacked > self._limits.unpacked:
            raise Unreadable("bomb", member.name)
