"""What lies inside a spreadsheet and is no sheet: pictures, embedded files, printer settings, other binary parts.

In: the bytes of one part or OLE container. Out: children attached to the Draft, or a Problem. Source: MS-OLEDS 2.3.6 (Ole10Native).
"""

from __future__ import annotations

import re

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.draft import Draft
from classifier.parse.olebox import Box
from classifier.parse.olebox_objects import unwrap

PICTURES = frozenset(
    (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".emz", ".wmz", ".svg", ".webp", ".wdp",
     ".jxr", ".heic", ".pict", ".pcx", ".jfif")
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOORS = (_OLE, b"PK\x03\x04", b"%PDF", b"{\\rtf")
_NATIVE = "\x01ole10native"
_WHOLE = {"package", "contents", "embeddedodf", "odf"}
"""Streams that are a file of their own, as it was on disk."""


def attach_object(untrusted: bytes, name: str, draft: Draft) -> None:
    """An embedded file: itself, or what its OLE container wraps."""
    member = name.removesuffix(".bin")
    if not untrusted.startswith(_OLE):
        draft.attach(member, untrusted, name)
        return
    try:
        box = Box(untrusted)
    except Unreadable:
        draft.tally("members", 1, 0)
        draft.problem("embedded", name)
        return
    try:
        if box.kind != "other":
            draft.attach(member, untrusted, name)
        elif not _attach_wrapped(box, member, name, draft):
            draft.tally("members", 1, 0)
            draft.problem("embedded", name)
    finally:
        box.close()


def _attach_wrapped(box: Box, member: str, name: str, draft: Draft) -> bool:
    """What a packager or a single stream holds; False when nothing in the container is a file."""
    found = False
    for stream in box.streams():
        data = box.take(stream, draft)
        if stream.lower() in _WHOLE and data.startswith(_DOORS):
            draft.attach(member, data, name)
            found = True
        elif stream.lower() == _NATIVE and (native := unwrap(data)) is not None:
            for path in native.paths:  # where the file lay: a user's name is in it
                draft.add(path, Where.PROPERTY, origin="metadata")
            draft.attach(f"{name}/{native.label or 'object'}", native.data, name)
            found = True
    return found


def printer_name(untrusted: bytes) -> str:
    """The printer's name in a DEVMODE (it may name a server), or ""."""
    text = untrusted[:64].decode("utf-16-le", "ignore").partition("\0")[0]
    return text if text.isprintable() else ""


_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00|[\x00-\xff][\x4e-\x9f]|[\x00-\xff]\xff){4,}")


def wide_words(untrusted: bytes) -> list[str]:
    """Runs of UTF-16 text in binary data."""
    return [run.decode("utf-16-le", "ignore") for run in _WIDE.findall(untrusted)]


def read_binary(untrusted: bytes, name: str, draft: Draft) -> None:
    """A binary part of a package: what it is decides what is read of it."""
    low = name.lower()
    if "vbaproject" in low or "vbadata" in low:
        draft.problem("macro", name)
    elif "printersettings" in low:
        draft.add(printer_name(untrusted), Where.PROPERTY, origin="metadata")
    elif "customproperty" in low:
        draft.add(untrusted.decode("utf-16-le", "replace"), Where.PROPERTY, origin="metadata")
    elif "/activex/" in low or "/ctrlprops/" in low:
        for words in wide_words(untrusted):
            draft.add(words, Where.HIDDEN, origin="form_value")
        draft.problem("form", name)
    elif "/embeddings/" in low or untrusted.startswith(_DOORS):
        attach_object(untrusted, name, draft)
    elif untrusted:
        draft.problem("part_unread", name)
