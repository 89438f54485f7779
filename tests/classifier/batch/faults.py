"""Work for caged children that attack from inside: each item names one deed; what comes back is `refused`, or what happened."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import socket
import sys
import threading
import time
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)


def _call(number_or_name, *arguments) -> str:
    ctypes.set_errno(0)
    if getattr(_libc, number_or_name)(*arguments) >= 0:
        return "done"
    return "refused" if ctypes.get_errno() in (errno.EPERM, errno.EACCES, errno.ENOSYS) else errno.errorcode[ctypes.get_errno()]


def _ptrace(_target: str) -> str:
    return _call("ptrace", 16, ctypes.c_long(os.getppid()), None, None)  # PTRACE_ATTACH


def _mount(_target: str) -> str:
    return _call("mount", b"none", b"/mnt", b"tmpfs", 0, None)


def _thread(_target: str) -> str:
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(1))
    thread.start()
    thread.join()
    return f"threads {sum(seen)}"


def _fork(_target: str) -> str:
    if os.fork() == 0:
        os._exit(0)
    return "done"


def _append(target: str) -> str:
    with open(target, "a") as file:  # noqa: PTH123 - the plainest way a parser would do it
        file.write("x")
    return "done"


DEEDS = {
    "socket": lambda _: str(socket.socket()),
    "unix": lambda _: str(socket.socketpair()),
    "connect": lambda _: _call("connect", 0, bytes(16), 16),
    "exec": lambda _: os.execv("/bin/true", ["true"]),
    "spawn": lambda _: str(os.posix_spawn("/bin/true", ["true"], {})),
    "fork": _fork,
    "write": lambda target: Path(target + ".new").write_text("x"),
    "append": _append,
    "truncate": lambda target: os.open(target, os.O_RDONLY | os.O_TRUNC),
    "unlink": lambda target: Path(target).unlink(),
    "rename": lambda target: str(Path(target).rename(target + ".moved")),
    "mkdir": lambda target: Path(target + ".d").mkdir(),
    "chmod": lambda target: Path(target).chmod(0o777),
    "ptrace": _ptrace,
    "mount": _mount,
    "unshare": lambda _: _call("unshare", 0x20000),
    "memfd": lambda _: str(os.memfd_create("x")),
    "kill-parent": lambda _: os.kill(os.getppid(), 0),
    "kill-all": lambda _: os.kill(-1, 0),
    "setrlimit": lambda _: resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000)),
    "outlive": lambda _: _call("prctl", 1, 0, 0, 0, 0),
    "undump": lambda _: _call("prctl", 4, 1, 0, 0, 0),
    "io_uring": lambda _: _call("syscall", ctypes.c_long(425), ctypes.c_long(1), None),
}
"""Deeds that no cage with seccomp allows."""


def _sleep_for(item: str) -> str:
    time.sleep(60)
    return item


def _burn(_: str) -> str:
    while True:
        pass


def _deep(level: int = 0) -> int:
    return _deep(level + 1) + 1


def _nest(_: str) -> list:
    nested: list = []
    for _level in range(100_000):
        nested = [nested]
    return nested


def _forge(data: bytes) -> None:
    """Write straight to the line, past every honest function; the line is the only socket left."""
    for number in range(256):
        try:
            if str(Path(f"/proc/self/fd/{number}").readlink()).startswith("socket:"):
                os.write(number, data)
        except OSError:
            continue


def _frame(payload: bytes) -> bytes:
    return len(payload).to_bytes(8, "big") + payload


def _balloon(_: str) -> int:
    return len(bytearray(8 << 30))


def _grow(_: str) -> int:
    blocks = []
    while True:
        blocks.append(b"x" * (64 << 20))


FAULTS = {
    "loop": _burn,
    "hang": _sleep_for,
    "balloon": _balloon,
    "grow": _grow,
    "recurse": lambda _: _deep(),
    "segv": lambda _: ctypes.string_at(0),
    "abort": lambda _: os.abort(),
    "exit": lambda _: os._exit(0),
    "leave": lambda _: sys.exit(3),
    "not-json": lambda _: object(),
    "bytes": lambda _: b"raw",
    "nan": lambda _: float("nan"),
    "nested": _nest,
    "huge": lambda _: "x" * (2 << 20),
    "forge-text": lambda _: _forge(_frame(b"no json")),
    "forge-pickle": lambda _: _forge(_frame(b"cos\nsystem\n(S'true'\ntR.")),
    "forge-code": lambda _: _forge(_frame(b'{"error": "ok"}')),
    "forge-list": lambda _: _forge(_frame(b"[1]")),
    "forge-deep": lambda _: _forge(_frame(b"[" * 200_000)),
    "forge-length": lambda _: _forge((1 << 60).to_bytes(8, "big")),
    "forge-stall": lambda _: (_forge((1000).to_bytes(8, "big") + b"{"), time.sleep(60)),
    "forge-half": lambda _: (_forge(_frame(b'{"value": 1}')[:-3]), os._exit(1)),
    "thread": _thread,
    "read": lambda _: len(Path("/etc/passwd").read_bytes()) > 0,
    "shout": lambda _: [os.write(1, b"FORGED LINE\n"), os.write(2, b"FORGED LINE\n")],
    "terminal": lambda _: os.getsid(0) == os.getpid(),
    "pid": lambda _: os.getpid(),
    "eat": lambda _: len(_eaten.append(bytearray(96 << 20)) or _eaten),
}
_eaten: list[bytearray] = []


def deed(item: tuple[str, str]) -> object:
    """Try something forbidden on a target file."""
    try:
        return DEEDS[item[0]](item[1]) or "done"
    except (PermissionError, ValueError):  # setrlimit's way of saying EPERM
        return "refused"
    except OSError as error:
        return "refused" if error.errno in (errno.EPERM, errno.EACCES, errno.ENOSYS) else repr(error)


def fault(item: str) -> object:
    """Behave as the item says; `ok-...` is an innocent item."""
    return item if item.startswith("ok") else FAULTS[item](item)


def slow(item: int) -> int:
    """A little work, long enough to be killed in."""
    time.sleep(0.01)
    return item * 2


def burn(item: str) -> None:
    """Loop for ever."""
    _burn(item)
