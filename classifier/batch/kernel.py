"""Linux calls that Python has no name for: prctl, capset, unshare, Landlock. Each says True when the kernel did it, never raises.

Sources: prctl(2), capabilities(7), namespaces(7), landlock(7); the numbers are the same on every architecture.
"""

from __future__ import annotations

import ctypes
import functools
import os
import struct

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_LINUX_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_READ_SEARCH = 1 << 2
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_VERSION_FLAG = 1

_READING = 0b1100
"""Landlock's READ_FILE and READ_DIR: not handled, hence still allowed."""
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many file rights each Landlock ABI knows (landlock(7)); later ABIs know those of 5."""
_TCP, _SCOPES = 0b11, 0b11
"""Bind and connect (ABI 4); abstract unix sockets and signals to the outside (ABI 6)."""


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> int:
    """A libc function's answer, -1 when this system does not have it."""
    try:
        return int(getattr(_libc(), name)(*arguments))
    except (OSError, AttributeError):
        return -1


def _prctl(option: int, value: int) -> bool:
    # prctl reads unsigned longs; the unused ones must be zero
    return _call("prctl", option, *(ctypes.c_ulong(v) for v in (value, 0, 0, 0))) == 0


def refuse_new_privileges() -> bool:
    """No set-uid program and no file capability helps from here on."""
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(signal_number: int) -> bool:
    """The kernel sends us this signal when our parent ends. Forgotten by the kernel when credentials grow: set it late."""
    return _prctl(_PR_SET_PDEATHSIG, signal_number)


def hide_memory() -> bool:
    """Not dumpable: no core, and no sibling of the same user may trace us or read our memory."""
    return _prctl(_PR_SET_DUMPABLE, 0)


def leave_network() -> bool:
    """A network namespace of our own with nothing in it; without root by way of a user namespace."""
    return _call("unshare", _CLONE_NEWNET) == 0 or _call("unshare", _CLONE_NEWUSER | _CLONE_NEWNET) == 0


def drop_capabilities() -> bool:
    """Root keeps the one right to read files of other owners, if it had it; everybody else has nothing left."""
    header = struct.pack("=Ii", _LINUX_CAPABILITY_VERSION_3, 0)
    held = ctypes.create_string_buffer(24)
    if _call("capget", header, held) != 0:
        return False
    permitted = int(struct.unpack_from("=3I", held.raw)[1]) & _CAP_DAC_READ_SEARCH
    return _call("capset", header, struct.pack("=6I", permitted, permitted, 0, 0, 0, 0)) == 0


def landlock_version() -> int:
    """The kernel's Landlock ABI, 0 without."""
    return max(0, _call("syscall", *(ctypes.c_long(n) for n in (_CREATE_RULESET, 0, 0, _VERSION_FLAG))))


def lock_land() -> bool:
    """Landlock: every file can be read, none written, made, removed or executed; no TCP; no signal to the outside."""
    version = landlock_version()
    if not version:
        return False
    rights = (1 << _FILE_RIGHTS.get(version, 16)) - 1 & ~_READING
    rules = struct.pack("=QQQ", rights, _TCP, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    number = _call("syscall", ctypes.c_long(_CREATE_RULESET), rules, ctypes.c_size_t(len(rules)), ctypes.c_uint(0))
    if number < 0:
        return False
    try:
        return _call("syscall", ctypes.c_long(_RESTRICT_SELF), ctypes.c_int(number), ctypes.c_uint(0)) == 0
    finally:
        os.close(number)
