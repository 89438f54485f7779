"""Tar: members, links and owners; several tars written one behind the other are all read.

In: untrusted bytes of a tar. Out: child Documents, Problems. Links and devices stay shut, sparse files are counted as they come.
Source: POSIX.1-2001 pax; design/SECURITY §3.3.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

from classifier.core.document import Where
from classifier.parse.archive_intake import BROKEN, Intake
from classifier.parse.archive_names import decode_name, is_unsafe
from classifier.parse.draft import Draft

_BLOCK = 512
_CHUNK = 1 << 18
_NOBODY = {"", "root", "wheel"}


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of the tar."""
    intake = Intake(draft)
    owners: dict[str, None] = {}
    start: int | None = 0
    while start is not None and start < len(untrusted):
        start = _read_one(untrusted, start, intake, draft, owners)
    if not intake.number:
        draft.problem("empty")
    for owner in owners:
        draft.add(owner, Where.PROPERTY, origin="metadata")


def is_tar(head: bytes) -> bool:
    """Whether a tar starts here: the mark of POSIX and GNU, or the checksum of the older kind."""
    if len(head) < _BLOCK or not head.strip(b"\0"):
        return False
    try:
        claimed = int(head[148:156].strip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    return claimed in (256 + sum(head[:148]) + sum(head[156:_BLOCK]), 0) and bool(head[:100].strip(b"\0"))


def _read_one(untrusted: bytes, start: int, intake: Intake, draft: Draft, owners: dict[str, None]) -> int | None:
    """One tar from `start` on; where the next one begins, or None."""
    source = io.BytesIO(untrusted)
    source.seek(start)
    try:
        with tarfile.open(fileobj=source, mode="r:", encoding="utf-8", errors="surrogateescape") as tar:
            draft.add(tar.pax_headers.get("comment", ""), Where.HIDDEN, origin="file_comment")
            try:
                for member in tar:
                    _read_member(tar, member, intake, draft, owners)
            except BROKEN:
                draft.problem("damaged")
                return None
            end = tar.offset
    except BROKEN:
        draft.problem("damaged")
        return None
    return _next_start(untrusted, end, draft)


def _next_start(untrusted: bytes, end: int, draft: Draft) -> int | None:
    """Behind the last member stand blocks of zeros, and then nothing: what else stands there is another tar, or damage."""
    if len(untrusted) - end < _BLOCK:
        draft.problem("damaged")  # cut before its end mark
    rest = untrusted[end:].lstrip(b"\0")
    if not rest:
        return None
    start = len(untrusted) - len(rest)
    start -= (start - end) % _BLOCK
    if is_tar(untrusted[start : start + _BLOCK]) and start > end:
        return start
    draft.problem("damaged")
    return None


def _read_member(tar: tarfile.TarFile, member: tarfile.TarInfo, intake: Intake, draft: Draft, owners: dict[str, None]) -> None:
    name = _readable(member.name)
    draft.add(member.pax_headers.get("comment", ""), Where.HIDDEN, origin="file_comment")
    owners |= dict.fromkeys(_readable(who) for who in (member.uname, member.gname) if who not in _NOBODY)
    if member.isdir() and not is_unsafe(name):
        intake.note_folders(name + "/")
    elif member.isreg():
        intake.take(
            name, max(1, min(member.size, _CHUNK * 4)) if member.issparse() else member.size, lambda: _chunks(tar, member)
        )
    elif intake.admit(name):
        if member.islnk() and not is_unsafe(_readable(member.linkname)):
            draft.tally("members")  # a second name of a member that is read under its first
            draft.add(name, Where.PROPERTY)
        else:
            intake.refuse("unsafe_name", name)
            draft.add(_readable(member.linkname), Where.PROPERTY)


def _chunks(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    stream = tar.extractfile(member)
    if stream is None:
        raise EOFError
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _readable(name: str) -> str:
    """Bytes that are no UTF-8 come as lone surrogates: they are GBK."""
    return decode_name(name.encode("utf-8", "surrogateescape"))
