"""The members of a container on their way to the door: counted while they stream, refused by name, never written anywhere.

In: a member's name and its bytes in chunks. Out: child Documents on the Draft; for every member that stays shut a Problem
(`member 3`) and its name, which is text too. Folder names are added once each: no child carries them.
Source: design/SECURITY §3.3.
"""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable

from classifier.core.document import Where
from classifier.parse.archive_names import folders_of, is_unsafe
from classifier.parse.draft import Draft

BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    struct.error,
)
"""What the libraries of the archive formats raise on broken input (NotImplementedError is a RuntimeError)."""
_FREE = 1 << 20
"""Members up to 1 MiB may be squeezed as well as they like."""
_FULL = {"too_deep", "too_many_members", "bomb"}
"""Answers of the door after which no further member can be opened."""


class Intake:
    """Takes the members of one container. State that outlives a call: members and bytes so far, whether the budget is spent."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._unpacked = 0
        self._folders: set[str] = set()
        self.number = 0
        self.is_over = False
        draft.tally("members", 0, 0)  # a container, even with nothing in it

    def put(self, name: str, data: bytes) -> None:
        """One member that was counted while it came out."""
        if self.admit(name):
            self._hand_over(name, data)

    def take(self, name: str, packed: int, chunks: Callable[[], Iterable[bytes]]) -> None:
        """One member: `packed` is its size in the container, `chunks` opens its stream (only when it is allowed in)."""
        if not self.admit(name):
            return
        data = self._collect(packed, chunks)
        if data is None:
            self.leave(name)
        else:
            self._hand_over(name, data)

    def admit(self, name: str) -> bool:
        """Counts a member; False when it stays shut, for its name or because the budget is spent."""
        self.number += 1
        self.note_folders(name)
        if is_unsafe(name):
            self.refuse("unsafe_name", name)
        elif self.is_over:
            self.leave(name)
        elif self.number > self._draft.limits.members:
            self.is_over = True
            self.refuse("too_many_members", name)
        else:
            return True
        return False

    def refuse(self, code: str, name: str) -> None:
        """A member that stays shut for a reason of its own."""
        self._draft.problem(code, self.place)
        self.leave(name)

    def note_folders(self, name: str) -> None:
        """The folders a member stands in: their names are on screen for whoever opens the archive."""
        for folder in folders_of(name):
            if folder not in self._folders:
                self._folders.add(folder)
                self._draft.add(folder.replace("\0", ""), Where.PROPERTY)

    @property
    def place(self) -> str:
        """The present member, for Problems."""
        return f"member {self.number}"

    def count(self, more: int, taken: int, packed: int) -> str | None:
        """Counts bytes as they come out; the code of the limit they break, or None."""
        self._unpacked += more
        limits = self._draft.limits
        if self._unpacked > limits.unpacked or (taken > _FREE and taken > limits.ratio * max(1, packed)):
            self.is_over = True
            return "bomb"
        return "too_large" if taken > limits.bytes else None

    def _collect(self, packed: int, chunks: Callable[[], Iterable[bytes]]) -> bytes | None:
        """The bytes of a member as far as they can be had; None with a Problem when there are none or too many."""
        parts: list[bytes] = []
        taken = 0
        try:
            for chunk in chunks():
                taken += len(chunk)
                if code := self.count(len(chunk), taken, packed):
                    self._draft.problem(code, self.place)
                    return None
                parts.append(chunk)
        except NotImplementedError:
            self._draft.problem("unsupported", self.place)
            return None
        except BROKEN:
            self._draft.problem("damaged", self.place)
            return b"".join(parts) or None
        return b"".join(parts)

    def _hand_over(self, name: str, data: bytes) -> None:
        before = self._draft.problems
        self._draft.attach(name, data, self.place)
        fresh = self._draft.problems[len(before) :]
        if fresh:  # the door kept it shut
            self._draft.add(name, Where.PROPERTY)
            self.is_over = any(problem.code in _FULL for problem in fresh)

    def leave(self, name: str) -> None:
        """A member that stays shut: its name is kept."""
        self._draft.tally("members", 1, 0)
        self._draft.add(name.replace("\0", " "), Where.PROPERTY)
