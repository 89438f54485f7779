"""The seccomp filter of a child: a list of what no reader of a file needs. Loaded through pyseccomp when libseccomp is there.

A deny list, because the same Python and wheels meet many kernels: an allow list that misses one call would kill honest readers.
What a filter cannot look into is refused whole, so that the libraries fall back to the call it can: clone3, openat2, io_uring.
"""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Iterator
from typing import Any

_NETWORK = (
    "socket socketpair connect bind listen accept accept4 sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg getsockopt setsockopt "
    "shutdown"
)
_PROGRAMS = "execve execveat fork vfork uselib"
_OTHERS = (
    "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_open pidfd_getfd pidfd_send_signal "
    "tkill rt_sigqueueinfo rt_tgsigqueueinfo"
)
_FILES = (
    "creat truncate truncate64 unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir link linkat symlink symlinkat mknod mknodat "
    "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat chown32 fchown32 lchown32 utime utimes utimensat futimesat setxattr "
    "lsetxattr fsetxattr removexattr lremovexattr fremovexattr name_to_handle_at open_by_handle_at"
)
_SYSTEM = (
    "mount umount umount2 pivot_root chroot move_mount mount_setattr fsopen fsconfig fsmount fspick open_tree setns unshare "
    "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl quotactl_fd syslog "
    "settimeofday clock_settime stime adjtimex clock_adjtime sethostname setdomainname iopl ioperm bpf perf_event_open userfaultfd "
    "keyctl add_key request_key lookup_dcookie fanotify_init vhangup personality"
)
_RIGHTS = (
    "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset setrlimit "
    # memory that RLIMIT_AS does not see, or that outlives the process
    "memfd_create memfd_secret shmget shmat msgget semget mq_open"
)
_DENIED = " ".join((_NETWORK, _PROGRAMS, _OTHERS, _FILES, _SYSTEM, _RIGHTS)).split()
_ABSENT = {"clone3": 435, "openat2": 437, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
"""Calls answered with ENOSYS, by number too: an old libseccomp does not know their names."""
_MUST = {"socket", "connect", "execve", "ptrace", "mount", "unlinkat"}
"""Without these the filter is not worth its name."""

_CLONE_THREAD = 0x00010000
_PDEATHSIG, _DUMPABLE = 1, 4
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C


def _conditions(seccomp: Any) -> Iterator[tuple[str, int, Any]]:  # noqa: ANN401 - pyseccomp carries no types
    """(call, errno, condition) for calls that are refused only with some arguments."""
    arg, own = seccomp.Arg, os.getpid()
    yield "clone", errno.EPERM, arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, 0)  # threads yes, processes no
    for call in ("kill", "tgkill"):  # abort() must work; the parent and the siblings are out of reach
        yield call, errno.EPERM, arg(0, seccomp.NE, own)
    for call, place in (("open", 1), ("openat", 2)):
        for writing in (os.O_WRONLY, os.O_RDWR, os.O_ACCMODE):
            yield call, errno.EACCES, arg(place, seccomp.MASKED_EQ, os.O_ACCMODE, writing)
        for making in (os.O_CREAT, os.O_TRUNC):
            yield call, errno.EACCES, arg(place, seccomp.MASKED_EQ, making, making)
    yield "prlimit64", errno.EPERM, arg(2, seccomp.NE, 0)  # asking is free, changing is not
    for option in (_PDEATHSIG, _DUMPABLE):
        yield "prctl", errno.EPERM, arg(0, seccomp.EQ, option)
    for request in (_TIOCSTI, _TIOCLINUX):  # typing into somebody's terminal
        yield "ioctl", errno.EPERM, arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request)


@functools.cache
def library() -> Any:  # noqa: ANN401 - pyseccomp carries no types
    """pyseccomp, or None without it or libseccomp. To be asked before any other layer: it starts ldconfig to look for it."""
    try:
        import pyseccomp  # type: ignore[import-not-found, import-untyped, unused-ignore]  # carries no types
    except (ImportError, RuntimeError, OSError):
        return None
    return pyseccomp


def load() -> bool:
    """Put the filter on this process, for good. False where libseccomp, pyseccomp or the kernel's part is missing."""
    seccomp = library()
    if seccomp is None:
        return False
    try:
        chain = seccomp.SyscallFilter(seccomp.ALLOW)
        for name in _DENIED:
            _refuse(chain, seccomp.ERRNO(errno.EPERM), name)
        for name, number in _ABSENT.items():
            if not _refuse(chain, seccomp.ERRNO(errno.ENOSYS), name):
                _refuse(chain, seccomp.ERRNO(errno.ENOSYS), number)
        for name, code, condition in _conditions(seccomp):
            _refuse(chain, seccomp.ERRNO(code), name, condition)
        chain.load()
    except OSError:
        return False
    return True


def _refuse(chain: Any, action: int, call: str | int, *conditions: Any) -> bool:  # noqa: ANN401 - pyseccomp carries no types
    """Add a rule; False when this libseccomp or this architecture has no such call.

    Raises:
        OSError: a call of `_MUST` could not be refused.
    """
    try:
        chain.add_rule(action, call, *conditions)
    except OSError:
        if call in _MUST:
            raise
        return False
    return True
