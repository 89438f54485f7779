"""Files and objects embedded in an OLE container, each handed to the door; macros and signatures, which nobody reads.

In: an open Box and the storage that holds objects. Out: children, words about them, Problems. Source: [MS-OLEDS] 2.3.6,
[MS-DOC] 2.1.10 (ObjectPool).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from classifier.core.document import Where
from classifier.parse.draft import Draft
from classifier.parse.olebox import Box, place
from classifier.parse.olebox_writer import pack

_NATIVE = "\x01Ole10Native"
_LINK = "\x03LinkInfo"
_WHOLE = ("worddocument", "workbook", "book", "powerpoint document", "visiodocument", "mn0", "__properties_version1.0")
"""A storage with one of these is a file of its own."""
_PLAIN = ("Package", "CONTENTS", "EmbeddedOdf", "Contents")
"""A stream that is the file."""
_ASIDE = re.compile(r"[\x01\x02\x03\x05].*", re.S)
_WIDE_PATH = re.compile(rb"(?:[\x20-\x7e\x80-\xff][\x00-\xff]){6,}")
_PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\|file:|https?:|ftp:)[^\x00-\x1f\x7f\"<>|]{3,300}")


class Native(NamedTuple):
    """A file wrapped by the packager: what its owner called it, where it lay, and its bytes."""

    label: str
    paths: tuple[str, ...]
    data: bytes


def read_objects(box: Box, storage: str, draft: Draft) -> None:
    """Hands every object below `storage` to the door."""
    for path in box.storages(storage):
        read_object(box, path, draft)


def read_object(box: Box, path: str, draft: Draft) -> None:
    """One embedded object: a wrapped file, a stream that is a file, a storage that is a file, or a Problem."""
    names = {stream[len(path) + 1 :]: stream for stream in box.streams(path)}
    by_name = {name.lower(): stream for name, stream in names.items()}
    _read_link(box, by_name, path, draft)
    if _NATIVE.lower() in by_name:
        _attach_native(box.take(by_name[_NATIVE.lower()], draft), path, draft)
    elif any(name in by_name for name in _WHOLE):
        attach_storage(box, path, names, draft)
    elif plain := next((by_name[name.lower()] for name in _PLAIN if name.lower() in by_name), None):
        draft.attach(plain, box.take(plain, draft), place(plain))
    elif "\x03ocxname" in by_name or "\x03ocxdata" in by_name:
        draft.problem("form", place(path))
    elif any(not _ASIDE.fullmatch(name) for name in names):
        draft.problem("embedded", place(path))


def attach_storage(box: Box, path: str, names: dict[str, str], draft: Draft) -> None:
    """A storage packed as a file of its own."""
    try:
        packed = pack({name: box.take(stream, draft) for name, stream in names.items()})
    except (ValueError, RecursionError):
        draft.problem("embedded", place(path))
        return
    draft.attach(path, packed, place(path))


def find_macros(box: Box, draft: Draft) -> None:
    """A Problem for macros and for signatures, wherever they lie."""
    for stream in box.streams():
        parts = stream.lower().split("/")
        if parts[0] == "objectpool":
            continue
        if "vba" in parts or "_vba_project" in parts or parts[0] in ("macros", "_vba_project_cur"):
            draft.problem("macro", place(parts[0]))
        elif parts[0] in ("_signatures", "_xmlsignatures"):
            draft.problem("signature", place(parts[0]))


def _attach_native(data: bytes, path: str, draft: Draft) -> None:
    native = unwrap(data)
    if native is None:
        if len(data) > 4 and data[4:]:
            draft.attach(f"{path}/Ole10Native", data[4:], place(path))
        return
    for source in native.paths:
        if "\\" in source or "/" in source:
            draft.add(source, Where.PROPERTY, origin="metadata")
    draft.attach(f"{path}/{native.label or 'object'}", native.data, place(path))


def unwrap(data: bytes) -> Native | None:
    """The wrapped file of an Ole10Native stream, or None when it holds bare data."""
    try:
        (kind,) = struct.unpack_from("<H", data, 4)
        if kind != 2:
            return None
        label, at = _zero_ended(data, 6)
        source, at = _zero_ended(data, at)
        (length,) = struct.unpack_from("<I", data, at + 4)
        if not 0 <= length <= 1024:
            return None
        copy = data[at + 8 : at + 8 + length].rstrip(b"\0")
        at += 8 + length
        (size,) = struct.unpack_from("<I", data, at)
    except (struct.error, ValueError):
        return None
    name = _decode(label).replace("\\", "/").rpartition("/")[2]
    return Native(name, (_decode(source), _decode(copy)), data[at + 4 : at + 4 + size])


def _zero_ended(data: bytes, at: int) -> tuple[bytes, int]:
    end = data.index(b"\0", at, at + 2048)
    return data[at:end], end + 1


def _decode(raw: bytes) -> str:
    """Names in the sender's code page: here that is GBK."""
    return raw.decode("gb18030", "replace")


def _read_link(box: Box, by_name: dict[str, str], path: str, draft: Draft) -> None:
    """An object that lies elsewhere: its path is told, its content is not taken."""
    if _LINK.lower() not in by_name:
        return
    draft.problem("external", place(path))
    targets: dict[str, None] = {}
    for name in ("\x01ole", _LINK.lower()):
        if name in by_name:
            targets |= dict.fromkeys(_targets(box.read(by_name[name])))
    for target in targets:
        draft.add(target, Where.PROPERTY, origin="external_link")
    if box.size(by_name.get("\x03eprint", "")) > 0:
        draft.problem("image", place(path))


def _targets(data: bytes) -> Iterator[str]:
    """Paths and addresses in a moniker, in wide characters or the sender's code page."""
    wide = [found.group().decode("utf-16-le", "replace") for found in _WIDE_PATH.finditer(data)]
    for text in (*wide, data.decode("gb18030", "replace")):
        yield from (found.group() for found in _PATH.finditer(text))
