"""The hand on a running batch: pause, go on, cancel, told through one small file in the out folder.

The file also carries the lock of the run: the kernel lets it go when the process ends, however it ends, so that nobody has to clear
away what a killed run left behind.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType

from classifier.core.errors import BadSettings

FILE = "control"
_LOOKED = 0.3
"""Seconds between two looks at the file."""
_LONGEST = 64


class Wish(StrEnum):
    """What people want of the run."""

    GO = "go"
    PAUSE = "pause"
    CANCEL = "cancel"


class Control:
    """The run's side: holds the lock while it lives and looks at the file now and then."""

    def __init__(self, out: Path) -> None:
        """Take the lock.

        Raises:
            BadSettings: another run works on this folder.
        """
        self._number = os.open(out / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._number)
            raise BadSettings(
                "这个输出目录正由另一个批次进程使用。可以用 mishen batch status 查看，或换一个输出目录。"
            ) from error
        os.ftruncate(self._number, 0)
        self._wish = Wish.GO
        self._until = 0.0

    def wish(self) -> Wish:
        """What is wanted now; cheap enough to be asked before every file."""
        now = time.monotonic()
        if now >= self._until:
            self._until = now + _LOOKED
            self._wish = _read(os.pread(self._number, _LONGEST, 0))
        return self._wish

    def close(self) -> None:
        """Let the lock go."""
        os.close(self._number)


class Signals:
    """Ctrl-C and `kill`: the first lets what is in hand be finished and written; the second ends at once (nothing written is lost)."""

    def __init__(self) -> None:
        self.heard = False

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.heard:
            raise KeyboardInterrupt
        self.heard = True

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Heed them while the block runs; only the main thread of a process can."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._hear) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def tell(out: Path, wish: Wish) -> bool:
    """Tell a running batch what is wanted. False when none is running there: nobody would hear it."""
    if not is_running(out):
        return False
    number = os.open(out / FILE, os.O_WRONLY)
    try:
        os.ftruncate(number, 0)
        os.pwrite(number, wish.value.encode("ascii"), 0)
    finally:
        os.close(number)
    return True


def true_state(told: str, *, alive: bool) -> str:
    """The state of a run as its ledger tells it; `killed` where nobody is running any more."""
    return "killed" if told in ("running", "paused") and not alive else told


def is_running(out: Path) -> bool:
    """Whether a batch process works on this folder now."""
    try:
        number = os.open(out / FILE, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(number)
    return False


def _read(said: bytes) -> Wish:
    word = said.decode("ascii", "replace").strip()
    return Wish(word) if word in set(Wish) else Wish.GO
