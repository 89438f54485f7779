"""The packings of a PDF stream undone: Flate, and the two that write bytes as letters (ISO 32000-1 §7.4).

In: a stream as it lies in the file and the names of its filters. Out: Decoded, as far as the packing held.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LARGEST = 8 << 20
"""Bytes of one stream that are unpacked."""
_FLATE = frozenset({b"FlateDecode", b"Fl"})
_BASE_85 = frozenset({b"ASCII85Decode", b"A85"})
_HEX = frozenset({b"ASCIIHexDecode", b"AHx"})
_KNOWN = _FLATE | _BASE_85 | _HEX
_BLANKS = b" \t\r\n\f\0"
_WEIGHTS = np.array([85**4, 85**3, 85**2, 85, 1], dtype=np.uint64)
_PIECE = 256
_FILTERS = 3
"""Nobody packs a stream more often; a bomb does."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A stream unpacked as far as it went."""

    data: bytes
    is_whole: bool = True
    """Whether its packing held to the end."""
    is_known: bool = True
    """False for a filter this module does not undo."""


UNKNOWN = Decoded(b"", is_known=False)


def unpack(data: bytes, filters: list[bytes]) -> Decoded:
    """The plain bytes of a stream; the filters are undone in the order in which the dictionary names them."""
    if not 0 < len(filters) <= _FILTERS or not _KNOWN.issuperset(filters):
        return UNKNOWN
    whole = True
    for name in filters:
        decoded = _inflate(data) if name in _FLATE else _undo_letters(data, _read_85 if name in _BASE_85 else _read_hex)
        if not decoded.is_known:
            return UNKNOWN
        data, whole = decoded.data, whole and decoded.is_whole
    return Decoded(data, whole)


def _undo_letters(data: bytes, read: Callable[[bytes], bytes]) -> Decoded:
    try:
        return Decoded(read(data))
    except ValueError:  # PDFium reads up to the first letter it does not know, and so may show more than we see
        return UNKNOWN


def _read_85(data: bytes) -> bytes:
    """ASCII base-85: five letters are four bytes, z is four zeros, ~> ends."""
    text = data.translate(None, _BLANKS).removeprefix(b"<~").partition(b"~")[0].replace(b"z", b"!!!!!")
    missing = -len(text) % 5
    digits = np.frombuffer(text + b"u" * missing, dtype=np.uint8).astype(np.uint64) - 33
    values = digits.reshape(-1, 5) @ _WEIGHTS
    if missing == 4 or (digits > 84).any() or (values >> 32).any():
        raise ValueError
    return values.astype(">u4").tobytes()[: len(values) * 4 - missing]


def _read_hex(data: bytes) -> bytes:
    """Two digits a byte, > ends."""
    text = data.translate(None, _BLANKS).partition(b">")[0]
    return bytes.fromhex((text + b"0" * (len(text) % 2)).decode("ascii"))


def _inflate(data: bytes) -> Decoded:
    engine = zlib.decompressobj()
    try:
        plain = engine.decompress(data, LARGEST)
    except zlib.error:
        return Decoded(_rescue(data), is_whole=False)
    return Decoded(plain, engine.eof or bool(engine.unconsumed_tail))


def _rescue(data: bytes) -> bytes:
    """What a broken Flate stream gives before it breaks."""
    engine, plain = zlib.decompressobj(), b""
    try:
        for start in range(0, min(len(data), LARGEST), _PIECE):
            plain += engine.decompress(data[start : start + _PIECE], LARGEST)
    except zlib.error:
        pass
    return plain
