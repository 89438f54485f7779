"""What is older or smaller than a Word 97 file: Word 6 and 95, Word 2, MS Works, and the `~$` lock file.

In: bytes or an open Box. Out: the text as well as it can be told, always with the Problem `part_unread`: formatting, notes and
hidden marks of these files are not understood. Source: [MS-DOC] 1.3 (predecessors); libwps's notes on Works; design/PARSING B4.
"""

from __future__ import annotations

import re
import struct

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode
from classifier.parse.oldword_file import read_pieces
from classifier.parse.olebox import Box

_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_ENDS = re.compile("[\r\n\x07\x0c]+")
_WORKS_ENTRY = re.compile(rb"\x18\x00TEXT(?s:.{10})(?s:(.{8}))")
_LONG_RUN = re.compile(rb"[\x09\x0a\x0d\x20-\x7e\x80-\xfe]{24,}")


def read_text(stream: bytes, draft: Draft, part: str, is_encrypted: bool = False) -> None:
    """The text of Word 6, 95 or older.

    Raises:
        Unreadable: `encrypted`; `damaged` when the head points nowhere.
    """
    if is_encrypted or (len(stream) > 11 and stream[11] & 1):
        raise Unreadable("encrypted")
    if len(stream) < 0x54:
        raise Unreadable("damaged", part)
    draft.problem("part_unread", part)
    first, last = struct.unpack_from("<II", stream, 0x18)
    if not 0 < first < last:
        raise Unreadable("damaged", part)
    raw = _pieces(stream) if stream[10] & 4 else b""
    wide = bool(stream[11] & 0x10)
    raw = raw or stream[first:last]
    _say(raw.decode("utf-16-le", "replace") if wide else _eight_bit(raw), draft)


def _pieces(stream: bytes) -> bytes:
    """The text of a fast-saved file of Word 6 or 95, whose piece table lies in the same stream and counts bytes."""
    if len(stream) < 0x168:
        return b""
    place, length = struct.unpack_from("<II", stream, 0x160)
    found = read_pieces(stream[place : place + length], len(stream) * 2)
    return b"".join(stream[piece.offset : piece.offset + piece.end - piece.start] for piece in found)


def _eight_bit(raw: bytes) -> str:
    """Chinese Word 6 wrote GBK; what does not decode so is Western."""
    text = raw.decode("gb18030", "replace")
    return text if text.count("\ufffd") * 50 <= len(text) else raw.decode("cp1252", "replace")


def _say(text: str, draft: Draft) -> None:
    for code in _FIELD_CODE.findall(text):
        draft.add(code.strip("\x13\x14\x15 "), Where.HIDDEN, origin="field_code")
    for line in _ENDS.split(_FIELD_CODE.sub("", text)):
        draft.add(line)


def read_works(box: Box, draft: Draft) -> None:
    """The text of an MS Works paper: a TEXT chunk in CONTENTS, or the runs of the MN0 stream."""
    stream = "CONTENTS" if box.has("CONTENTS") else "MN0"
    draft.problem("part_unread", stream)
    data = box.take(stream, draft)
    if stream == "MN0":
        for run in _LONG_RUN.findall(data):
            _say(decode(run)[0], draft)
        return
    for found in _WORKS_ENTRY.finditer(data):
        place, length = struct.unpack("<II", found.group(1))
        _say(data[place : place + length].decode("utf-16-le", "replace"), draft)


def read_lock(untrusted: bytes, draft: Draft) -> None:
    """The name of the person who had the paper open; the paper itself is another file."""
    size = untrusted[0]
    wide = untrusted[55:] if len(untrusted) == 165 else untrusted[54:]
    length = int.from_bytes(wide[:2], "little")
    name = wide[2 : 2 + 2 * length].decode("utf-16-le", "replace") if 0 < length <= 54 else ""
    draft.add(name or decode(untrusted[1 : 1 + size])[0], Where.PROPERTY, origin="metadata")
    draft.problem("part_unread", "lock file")
