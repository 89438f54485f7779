"""rar through Debian's libarchive (libarchive.so.13), spoken to directly: looking for the library by name would start programs.

In: untrusted bytes. Out: child Documents, Problems; without the library `unsupported`. Source: archive_read(3), archive_entry(3).
"""

from __future__ import annotations

import ctypes
import stat
import struct
from collections.abc import Iterator
from functools import lru_cache

from classifier.core.errors import Unreadable
from classifier.parse.archive_intake import Intake
from classifier.parse.archive_names import decode_name
from classifier.parse.draft import Draft

_LIBRARIES = ("libarchive.so.13", "libarchive.13.dylib", "archive.dll")
_CHUNK = 1 << 16
_END, _WARN = 1, -20
_POINTERS = {
    "archive_read_new": [],
    "archive_entry_pathname": [ctypes.c_void_p],
    "archive_entry_pathname_utf8": [ctypes.c_void_p],
    "archive_entry_pathname_w": [ctypes.c_void_p],
}
_NUMBERS = {
    "archive_read_support_format_rar": [ctypes.c_void_p],
    "archive_read_support_format_rar5": [ctypes.c_void_p],
    "archive_read_open_memory": [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t],
    "archive_read_next_header": [ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)],
    "archive_read_has_encrypted_entries": [ctypes.c_void_p],
    "archive_entry_is_encrypted": [ctypes.c_void_p],
    "archive_entry_filetype": [ctypes.c_void_p],
    "archive_read_free": [ctypes.c_void_p],
}


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL | None:
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function, arguments in (_POINTERS | _NUMBERS).items():
            getattr(library, function).argtypes = arguments
        for function in _POINTERS:
            getattr(library, function).restype = ctypes.c_void_p
        library.archive_entry_pathname.restype = library.archive_entry_pathname_utf8.restype = ctypes.c_char_p
        library.archive_entry_pathname_w.restype = ctypes.c_wchar_p
        library.archive_read_data.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
        library.archive_read_data.restype = ctypes.c_ssize_t
        return library
    return None


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of the archive.

    Raises:
        Unreadable: `unsupported` without libarchive, `damaged` when it does not open.
    """
    library = _library()
    if library is None:
        raise Unreadable("unsupported")
    handle = library.archive_read_new()
    try:
        library.archive_read_support_format_rar(handle)
        library.archive_read_support_format_rar5(handle)
        if library.archive_read_open_memory(handle, untrusted, len(untrusted)) < _WARN:
            raise Unreadable("damaged")
        _read_members(library, handle, len(untrusted), draft)
    finally:
        library.archive_read_free(handle)
    _check_blocks(untrusted, draft)


def _read_members(library: ctypes.CDLL, handle: int, packed: int, draft: Draft) -> None:
    intake = Intake(draft)
    entry = ctypes.c_void_p()
    while True:
        answer = library.archive_read_next_header(handle, ctypes.byref(entry))
        if answer == _END:
            break
        if answer < _WARN:  # sealed headers give no names at all
            draft.problem("encrypted" if library.archive_read_has_encrypted_entries(handle) > 0 else "damaged")
            return
        name = _name(library, entry)
        kind = library.archive_entry_filetype(entry)
        if kind == stat.S_IFDIR:
            intake.note_folders(name + "/")
        elif kind not in (stat.S_IFREG, 0):
            if intake.admit(name):
                intake.refuse("unsafe_name", name)
        elif library.archive_entry_is_encrypted(entry):
            if intake.admit(name):
                intake.refuse("encrypted", name)
        else:
            intake.take(name, packed, lambda: _chunks(library, handle))
        if intake.is_over:
            draft.problem("part_unread", "after " + intake.place)
            return
    if not intake.number:
        draft.problem("empty")


def _check_blocks(untrusted: bytes, draft: Draft) -> None:
    """A cut archive is a short one for libarchive: the chain of blocks must reach the end block, and be one volume only."""
    try:
        walk = _blocks_5 if untrusted[6:7] == b"\1" else _blocks_4
        end, is_volume = walk(untrusted)
    except (IndexError, struct.error):
        draft.problem("damaged")
        return
    if is_volume:
        draft.problem("part_unread", "other volumes")
    if untrusted[end:].strip(b"\0"):
        draft.problem("part_unread", "after the archive")


def _blocks_5(untrusted: bytes) -> tuple[int, bool]:
    """Where the end block of a rar 5 ends, and whether the archive is split. IndexError when it is cut."""
    place, is_volume = 8, False
    while True:
        size, place = _number(untrusted, place + 4)
        following = place + size
        kind, place = _number(untrusted, place)
        flags, place = _number(untrusted, place)
        if flags & 1:
            _, place = _number(untrusted, place)
        data, place = _number(untrusted, place) if flags & 2 else (0, place)
        if kind == 1:
            is_volume = bool(_number(untrusted, place)[0] & 1)
        if kind in (4, 5):  # behind a block of kind 4 everything is sealed
            return (following if kind == 5 else len(untrusted)), is_volume
        place = following + data


def _blocks_4(untrusted: bytes) -> tuple[int, bool]:
    """The same for rar 1.5 to 4, where the end block may be missing."""
    place, is_volume = 7, False
    while place < len(untrusted):
        kind, flags, size = struct.unpack_from("<BHH", untrusted, place + 2)
        if kind == 0x73:
            is_volume = bool(flags & 1)
            if flags & 0x80:  # sealed from here on
                return len(untrusted), is_volume
        data = struct.unpack_from("<I", untrusted, place + 7)[0] if flags & 0x8000 else 0
        if kind == 0x74 and flags & 0x100:
            data += struct.unpack_from("<I", untrusted, place + 32)[0] << 32
        place += max(7, size) + data
        if kind == 0x7B:
            return place, is_volume
    if place > len(untrusted):
        raise IndexError
    return place, is_volume


def _number(untrusted: bytes, place: int) -> tuple[int, int]:
    """A number of seven-bit groups, and the place behind it."""
    value = 0
    for step in range(10):
        byte = untrusted[place + step]
        value |= (byte & 127) << 7 * step
        if byte < 128:
            return value, place + step + 1
    raise IndexError


def _name(library: ctypes.CDLL, entry: ctypes.c_void_p) -> str:
    """The name as wide characters, as UTF-8, or as the bytes in the file: whichever the locale lets through."""
    wide: str | None = library.archive_entry_pathname_w(entry)
    if wide:
        return wide
    raw: bytes | None = library.archive_entry_pathname_utf8(entry) or library.archive_entry_pathname(entry)
    return decode_name(raw) if raw else "member"


def _chunks(library: ctypes.CDLL, handle: int) -> Iterator[bytes]:
    """The member's bytes.

    Raises:
        EOFError: when libarchive cannot go on.
    """
    buffer = ctypes.create_string_buffer(_CHUNK)
    while size := library.archive_read_data(handle, buffer, _CHUNK):
        if size < 0:
            raise EOFError
        yield buffer.raw[:size]
