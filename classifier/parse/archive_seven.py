"""7z through py7zr: members are handed to the door as they come out, one in memory at a time.

In: untrusted bytes. Out: child Documents, Problems. py7zr writes to our own sink, never to a path.
"""

from __future__ import annotations

import io
from typing import Any

import py7zr
from py7zr.exceptions import ArchiveError, PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import Py7zIO, WriterFactory

from classifier.parse.archive_intake import BROKEN, Intake
from classifier.parse.archive_names import is_unsafe
from classifier.parse.draft import Draft

_SLIPS = (*BROKEN, ArchiveError, TypeError, AttributeError, AssertionError, ArithmeticError, MemoryError)
"""What py7zr raises on broken headers, its own slips included; MemoryError when a header claims absurd sizes."""


class _Stop(ArchiveError):
    """The budget is spent: py7zr is to stop unpacking."""


class _Sink(Py7zIO):
    """One member on its way out."""

    def __init__(self, name: str, shelf: _Shelf) -> None:
        self._name = name
        self._shelf = shelf
        self._parts: list[bytes] = []
        self._taken = 0
        self._is_closed = False

    def write(self, s: bytes | bytearray) -> int:
        """Counts and keeps."""
        self._taken += len(s)
        if code := self._shelf.intake.count(len(s), self._taken, self._shelf.packed):
            self._shelf.stopped = code
            raise _Stop(code)
        self._parts.append(bytes(s))
        return len(s)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002 - py7zr's signature
        """Nothing is ever read back."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - py7zr's signature
        """Where writing stands."""
        return self._taken

    def flush(self) -> None:
        """Nothing to do."""

    def size(self) -> int:
        """Bytes so far."""
        return self._taken

    def close(self) -> None:
        """The member is whole (or lost its end): to the door with it."""
        if not self._is_closed:
            self._is_closed = True
            data, self._parts = b"".join(self._parts), []
            if not self._shelf.stopped:
                self._shelf.put(self._name, data)


class _Shelf(WriterFactory):
    """Makes sinks; state: which members came out."""

    def __init__(self, intake: Intake, packed: int) -> None:
        self.intake = intake
        self.packed = packed
        self.stopped = ""
        self.done: set[str] = set()

    def create(self, filename: str) -> Py7zIO:
        """A sink for the next member."""
        if self.intake.is_over:
            raise _Stop("over")
        return _Sink(filename, self)

    def put(self, name: str, data: bytes) -> None:
        """One whole member."""
        self.done.add(name)
        self.intake.put(name, data)


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of the archive."""
    intake = Intake(draft)
    try:
        with py7zr.SevenZipFile(io.BytesIO(untrusted), "r") as archive:
            _read_members(archive, len(untrusted), intake, draft)
    except PasswordRequired:
        draft.problem("encrypted")  # the names are sealed too
    except UnsupportedCompressionMethodError:
        draft.problem("unsupported")
    except _SLIPS:
        draft.problem("damaged")


def _read_members(archive: Any, packed: int, intake: Intake, draft: Draft) -> None:  # noqa: ANN401 - its files carry no types
    wanted: list[str] = []
    for file in archive.files:
        name = str(file.filename)
        if file.is_directory and not is_unsafe(name):
            intake.note_folders(name + "/")
        elif is_unsafe(name) or file.is_symlink or file.is_junction or file.is_socket:
            if intake.admit(name):
                intake.refuse("unsafe_name", name)
        elif archive.password_protected or archive.needs_password():
            if intake.admit(name):
                intake.refuse("encrypted", name)
        else:
            wanted.append(name)
    if not intake.number and not wanted:
        draft.problem("empty")
    if len(set(wanted)) < len(wanted):
        draft.problem("damaged")  # two members of one name
    if wanted:
        _unpack(archive, wanted, packed, intake, draft)


def _unpack(archive: Any, wanted: list[str], packed: int, intake: Intake, draft: Draft) -> None:  # noqa: ANN401
    shelf = _Shelf(intake, packed)
    code = ""
    try:
        archive.extract(targets=wanted, factory=shelf)
    except UnsupportedCompressionMethodError:
        code = "unsupported"
    except PasswordRequired:
        code = "encrypted"
    except _Stop:
        code = shelf.stopped
    except _SLIPS:
        code = "damaged"
    left = [name for name in dict.fromkeys(wanted) if name not in shelf.done]
    if code or left:
        draft.problem(code or "part_unread")
    for name in left:
        intake.leave(name)
