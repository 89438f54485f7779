"""One killable child: `serve` is its life, `Child` is what the parent holds of it."""

from __future__ import annotations

import math
import multiprocessing as mp
import os
import pickle
import resource
import signal
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

from classifier.batch import nursery, wire
from classifier.batch.cage import Cage, enter
from classifier.core.errors import ClassifierError

Work = Callable[[Any], Any]
Warm = Callable[[], object]

_STARTING = 120.0
"""Seconds a child may take to import and to enter its cage."""
_BIRTHS = 5
"""Times a child is tried to be started when the fork server dies under our hands."""
_BREATH = 0.05
_PAGE = resource.getpagesize()


def serve(line: Connection, work: Work, warm: Warm | None, cage: Cage | None) -> None:
    """The child: warm up, enter the cage, then items in and answers out until the line is cut."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nurse = os.getppid()
    if _is_orphan():
        return
    if warm is not None:
        _quietly(warm)
    channel = line.fileno()
    if cage is not None:
        enter(cage, channel, nurse)
    most = (cage or Cage()).answer
    try:
        wire.send(channel, b"ready")
        while True:
            wire.send(channel, _answer(work, pickle.loads(wire.receive(channel)), most))  # noqa: S301 - the parent's own bytes
    except (EOFError, OSError):
        return


def _is_orphan() -> bool:
    """Whether the process that wants our answers is dead already. Asked once the fork server is known, which dies after it."""
    wanted = mp.parent_process()
    return wanted is not None and not wanted.is_alive()


def _quietly(warm: Warm) -> None:
    try:
        warm()
    except Exception:  # noqa: BLE001 - an engine guard: the work itself will tell what is missing
        return


def _answer(work: Work, item: object, most: int) -> bytes:
    """The bytes for one item: its value, or a code. No words of an exception: they may be words of the document."""
    try:
        value = work(item)
    except MemoryError:
        return wire.encode({"error": "limits"})
    except Exception:  # noqa: BLE001 - the engine guard: one item may fail, the run goes on
        return wire.encode({"error": "internal"})
    try:
        answer = wire.encode({"value": value})
    except MemoryError:
        return wire.encode({"error": "limits"})
    except (ValueError, TypeError, RecursionError):
        return wire.encode({"error": "crashed"})
    return answer if len(answer) <= most else wire.encode({"error": "crashed"})


class Child:
    """One child process and the items it holds: it works on the first, the others lie ready."""

    def __init__(self, work: Work, warm: Warm | None, cage: Cage | None) -> None:
        self.process, self._near = _bear(work, warm, cage)
        self.channel = self._near.fileno()
        self._size = _open_size(self.process.pid)
        os.set_blocking(self.channel, False)
        self.caged = cage is not None
        self.cage = cage or Cage()
        self.inbox = wire.Inbox(self.cage.answer)
        self.ready = False
        self.served = 0
        self.items: deque[Any] = deque()
        self.seconds = 0.0
        self.deadline = math.inf

    def give(self, item: object, seconds: float) -> bool:
        """Hand over an item. False, when this child cannot be trusted with it: it died, or spoke without being asked.

        Raises:
            ValueError: the item is longer than a name should be.
        """
        data = pickle.dumps(item)
        if len(data) > wire.ITEM_BYTES:
            raise ValueError("an item is a name, not a content")
        if self.ready and not self.items and not self.inbox.silent(self.channel):
            return False
        if not wire.post(self.channel, data):
            return False
        self.items.append(item)
        if len(self.items) == 1:
            self.seconds = seconds
            self._start_clock(seconds if self.ready else _STARTING)
        return True

    def done(self, seconds: float) -> None:
        """The first item has its outcome; the time of the next begins."""
        self.items.popleft()
        self.served += 1
        self.deadline = math.inf
        if self.items:
            self._start_clock(seconds)

    def greet(self, message: bytes) -> None:
        """The child is in its cage: from now on the time is the item's."""
        if message != b"ready":
            raise wire.Garbage
        self.ready = True
        self._start_clock(self.seconds)

    def _start_clock(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        if self.caged:
            self._allow_cpu(self.cage.cpu if self.cage.cpu is not None else seconds + 1)

    def _allow_cpu(self, seconds: float) -> None:
        """From outside, where the child cannot lift it: the kernel ends the child after so many CPU seconds more."""
        pid = self.process.pid
        assert pid is not None
        try:
            used = time.clock_gettime(~pid << 3 | 2)  # the CPU clock of another process, clock_getcpuclockid(3)
            resource.prlimit(pid, resource.RLIMIT_CPU, (math.ceil(used + seconds), resource.RLIM_INFINITY))
        except (OSError, ValueError, AttributeError):
            return  # it is gone already, or this kernel cannot: the wall clock stays

    def is_worn(self) -> bool:
        """Whether it is time for a fresh child."""
        return self.served >= self.cage.items or self._resident() > self.cage.resident

    def _resident(self) -> int:
        try:
            return int(os.pread(self._size, 200, 0).split()[1]) * _PAGE
        except (OSError, IndexError, ValueError):
            return 0

    def fate(self) -> str:
        """The code for a child whose line is cut: `limits` when the kernel ended it for its appetite, else `crashed`."""
        self.process.join(5)
        if self.process.exitcode == -signal.SIGXCPU:
            return "limits"
        return "crashed"

    def end(self) -> None:
        """Kill and reap."""
        self.process.kill()
        self.process.join()
        self._near.close()
        if self._size >= 0:
            os.close(self._size)
            self._size = -1


def _bear(work: Work, warm: Warm | None, cage: Cage | None) -> tuple[ForkServerProcess, Connection]:
    """A new process and our end of its line. A fork server that was killed meanwhile is replaced.

    Raises:
        ClassifierError: no process can be had.
    """
    context = mp.get_context("forkserver")
    context.set_forkserver_preload([nursery.__name__, work.__module__])
    # read only when this starts the fork server
    os.environ[nursery.VARIABLE] = f"{warm.__module__}:{warm.__qualname__}" if warm else ":"
    failed: Exception | None = None
    try:
        for _ in range(_BIRTHS):
            near, far = context.Pipe()
            process = context.Process(target=serve, args=(far, work, warm, cage), daemon=True)
            try:
                process.start()
            except (EOFError, OSError) as error:  # it died between two words: the next look finds it dead and starts another
                near.close()
                failed = error
                time.sleep(_BREATH)
            else:
                return process, near
            finally:
                far.close()
    finally:
        os.environ.pop(nursery.VARIABLE, None)
    raise ClassifierError("读文件的进程反复启动不了，已停下。多半是内存不足或安装不全；排除后再运行。") from failed


def _open_size(pid: int | None) -> int:
    """Where the kernel tells how much memory a process uses; -1 when it is gone already. Kept open: it is asked after every item."""
    try:
        return os.open(f"/proc/{pid}/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1
