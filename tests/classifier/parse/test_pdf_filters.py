"""Packed streams: what is undone, what counts as broken, what is left to suspicion."""

from __future__ import annotations

import base64
import zlib

import pytest

from classifier.parse.pdf_filters import unpack

WORDS = b"BT /F1 12 Tf 72 700 Td (words) Tj ET" + bytes(8)
PACKED = zlib.compress(WORDS)


@pytest.mark.parametrize(
    ("filters", "data"),
    [
        ([b"FlateDecode"], PACKED),
        ([b"Fl"], PACKED),
        ([b"ASCII85Decode"], base64.a85encode(WORDS) + b"~>"),
        ([b"A85", b"Fl"], base64.a85encode(PACKED, adobe=True, wrapcol=20)),
        ([b"ASCIIHexDecode", b"FlateDecode"], PACKED.hex().encode() + b">"),
    ],
)
def test_filters_are_undone_in_their_order(filters, data):
    assert unpack(data, filters).data == WORDS
    assert unpack(data, filters).is_whole


@pytest.mark.parametrize("length", range(9))
def test_base_85_gives_any_number_of_bytes(length):
    assert unpack(base64.a85encode(WORDS[:length]) + b"~>", [b"A85"]).data == WORDS[:length]


@pytest.mark.parametrize(
    ("filters", "data"),
    [
        ([], PACKED),
        ([b"LZWDecode"], PACKED),
        ([b"A85", b"LZWDecode"], PACKED),
        ([b"A85"], b"\x80\x81\x82"),
        ([b"A85"], b"!"),
        ([b"A85"], b"uuuuu~>"),
        ([b"AHx"], b"0g>"),
        ([b"Fl"] * 9, PACKED),
    ],
)
def test_what_cannot_be_undone_is_unknown_and_not_broken(filters, data):
    """A page whose commands are unknown is looked at object by object."""
    assert (unpack(data, filters).is_known, unpack(data, filters).data) == (False, b"")


def test_a_broken_stream_gives_what_came_before():
    cut = unpack(zlib.compress(WORDS * 100)[:-12], [b"FlateDecode"])
    assert not cut.is_whole
    assert cut.is_known
    assert cut.data.startswith(WORDS)
