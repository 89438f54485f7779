"""An OLE container (compound file): the box that doc, ppt, xls, msg and Works files share.

In: untrusted bytes. Out: which program's box it is, and its streams on request, each read under a limit. Nothing is written to
disk. Source: [MS-CFB]; design/PARSING B4.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

import olefile  # type: ignore[import-untyped]  # carries no types

from classifier.core.errors import Unreadable

if TYPE_CHECKING:
    from classifier.parse.draft import Draft

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS = (
    ("encryptedpackage", "encrypted"),
    ("worddocument", "word"),
    ("powerpoint document", "slides"),
    ("pp97_dualstorage", "slides"),
    ("pp40", "slides"),
    ("workbook", "sheet"),
    ("book", "sheet"),
    ("__properties_version1.0", "mail"),
    ("mn0", "works"),
)
_SLIPS = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, MemoryError, struct.error)
"""What the library raises on broken input; its file is in memory, so that all of them mean broken bytes."""
_MOST_ENTRIES = 20_000


def kind(untrusted: bytes) -> str:
    """Whose box: `word`, `slides`, `sheet`, `mail`, `works`, `encrypted`, `other`; "" when it is no readable OLE container."""
    if not untrusted.startswith(MAGIC):
        return ""
    try:
        box = Box(untrusted)
    except Unreadable:
        return ""
    try:
        return box.kind
    finally:
        box.close()


class Box:
    """An open container. Stream paths are `/`-joined, compared without regard to case."""

    def __init__(self, untrusted: bytes) -> None:
        if len(untrusted) < olefile.MINIMAL_OLEFILE_SIZE:
            raise Unreadable("damaged")
        try:
            self._ole = olefile.OleFileIO(io.BytesIO(untrusted))
            paths = self._ole.listdir(streams=True, storages=False)
            self._storages = ["/".join(path) for path in self._ole.listdir(streams=False, storages=True)]
        except _SLIPS as error:
            raise Unreadable("damaged") from error
        if len(paths) + len(self._storages) > _MOST_ENTRIES:
            raise Unreadable("bomb")
        self._size = len(untrusted)
        self._paths = {"/".join(path).lower(): path for path in paths}

    @property
    def kind(self) -> str:
        """Whose box it is, by the streams at its root."""
        for stream, name in _KINDS:
            if stream in self._paths:
                return name
        if "contents" in self._paths and self.read("CONTENTS", 16).startswith((b"CHNKWKS", b"CHNKINK")):
            return "works"
        return "other"

    @property
    def is_flawed(self) -> bool:
        """Whether the directory or a table of sectors contradicts itself."""
        return bool(self._ole.parsing_issues)

    def has(self, path: str) -> bool:
        """Whether there is such a stream."""
        return path.lower() in self._paths

    def size(self, path: str) -> int:
        """The bytes a stream claims to have; 0 when absent."""
        found = self._paths.get(path.lower())
        return int(self._ole.get_size(found)) if found else 0

    def streams(self, below: str = "") -> Iterator[str]:
        """The paths of all streams below a storage, as they are written, in order."""
        prefix = below.lower() + "/" if below else ""
        for key, path in self._paths.items():
            if key.startswith(prefix):
                yield "/".join(path)

    def storages(self, below: str = "") -> Iterator[str]:
        """The paths of the storages directly below another."""
        depth = below.count("/") + 1 if below else 0
        prefix = below.lower() + "/" if below else ""
        for path in self._storages:
            if path.lower().startswith(prefix) and path.count("/") == depth:
                yield path

    def read(self, path: str, most: int = -1) -> bytes:
        """The bytes of a stream, b"" when there is none or its sectors are lost.

        A stream cannot be larger than its file: one that claims so is lost.
        """
        found = self._paths.get(path.lower())
        if found is None or self._ole.get_size(found) > self._size:
            return b""
        try:
            return bytes(self._ole.openstream(found).read(most))
        except _SLIPS:
            return b""

    def unused(self) -> bytes:
        """The sectors that no stream owns, neighbours joined, gaps as zeros: a save may leave old words there."""
        size, table = int(self._ole.sector_size), self._ole.fat
        parts: list[bytes] = []
        for number, entry in enumerate(table):
            start = (number + 1) * size
            if entry == olefile.FREESECT and start < self._size:
                self._ole.fp.seek(start)
                parts.append(self._ole.fp.read(size))
            elif parts and parts[-1]:
                parts.append(b"")
        return b"".join(part or bytes(16) for part in parts)

    def take(self, path: str, draft: Draft) -> bytes:
        """The bytes of a stream; a Problem when it is in the directory and its bytes are not all there."""
        data = self.read(path)
        if len(data) < self.size(path):
            draft.problem("damaged", place(path))
        return data

    def close(self) -> None:
        """Gives the bytes back."""
        self._ole.close()


def place(path: str) -> str:
    """A stream path as a place for a Problem: control characters and other odd ones left out."""
    return "".join(char for char in path if char.isascii() and (char.isalnum() or char in " _./-#"))[:100]
