"""What a child does to itself before its first item, once its imports are warm: from then on it can read, compute and answer.

A file that takes over its reader finds no network, no program to start, no file to write, nobody to signal and little memory.
Every layer may be missing on some kernel; what is on is told by `layers()`, and a missing layer is never fatal.
The LibreOffice fallback starts a program and hence does not run in here.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from classifier.batch import filters, kernel

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cage:
    """How much one child may take. Memory is address space: recognising a scanned page needs about 1 GiB of it."""

    memory: int = 4096 * _MIB
    cpu: float | None = None
    """CPU seconds one item may take over all threads; None: as many as its wall time has seconds, and one more."""
    files: int = 256
    file_bytes: int = _MIB
    """Of a file that is written although nothing should be (kernels without seccomp and Landlock)."""
    answer: int = 96 * _MIB
    """Bytes of an answer, as JSON: the whole text may travel, and `Limits.chars` Chinese characters are 60 MB."""
    items: int = 500
    """After so many a child is replaced: a reader that was taken over quietly does not stay for ever."""
    resident: int = 1536 * _MIB
    """Memory in use between two items at which a child is replaced."""


_on: tuple[str, ...] = ()


def layers() -> tuple[str, ...]:
    """The layers that are on in this process: all of a child's after `enter`, none in a free process."""
    return _on


def enter(cage: Cage, channel: int, parent: int) -> tuple[str, ...]:
    """Shut this process in; `channel` is the one descriptor that stays. Tells which layers are on. Cannot be undone.

    Args:
        cage: the limits.
        channel: the line to the process that asks.
        parent: our parent as it was while that process was surely alive: when it is another by now, nobody will end us later.
    """
    global _on  # a process is caged once, and for good
    filters.library()
    _alone(channel)
    steps: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("no_new_privs", kernel.refuse_new_privileges),
        ("network_namespace", kernel.leave_network),
        ("landlock", kernel.lock_land),
        ("no_capabilities", kernel.drop_capabilities),
        ("rlimits", lambda: _limit(cage)),
        # after every change of credentials, which would make the kernel forget it
        ("parent_death", lambda: kernel.die_with_parent(signal.SIGKILL)),
        ("not_dumpable", kernel.hide_memory),
        ("seccomp", filters.load),
    )
    _on = tuple(name for name, step in steps if step())
    if os.getppid() != parent:  # it died before the kernel knew that we care
        os._exit(0)
    return _on


def _alone(channel: int) -> None:
    """Leave the terminal and every inherited pipe and socket: forged output, and an alarm line that kept orphans alive."""
    with contextlib.suppress(OSError):
        os.setsid()
    with contextlib.suppress(OSError):  # when memory runs out, the kernel is to take us and nobody else
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    null = os.open(os.devnull, os.O_RDWR)
    for number in _descriptors():
        if number in (channel, null):
            continue
        with contextlib.suppress(OSError):
            mode = os.fstat(number).st_mode
            if number <= 2:
                os.dup2(null, number)
            elif stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
                os.close(number)
    if null > 2:
        os.close(null)


def _descriptors() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208 - names, not paths
    except OSError:
        return list(range(1024))


def _limit(cage: Cage) -> bool:
    """Soft and hard limits. CPU seconds are the parent's to set: it knows when an item starts."""
    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, cage.file_bytes),
        (resource.RLIMIT_NOFILE, cage.files),
        (resource.RLIMIT_AS, cage.memory),
    ]
    if os.geteuid() != 0:  # counted per user over the whole machine, and not at all for root
        wanted.append((resource.RLIMIT_NPROC, 4096))
    done = True
    for what, most in wanted:
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (least, least))
        except (OSError, ValueError):
            done = False
    return done
