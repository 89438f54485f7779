"""OLE containers: told apart by their streams, read under limits, and written again."""

from __future__ import annotations

import struct

import pytest

from classifier.core.errors import Unreadable
from classifier.parse.olebox import Box, kind, place
from classifier.parse.olebox_drawing import pictures
from classifier.parse.olebox_objects import unwrap
from classifier.parse.olebox_writer import pack


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("WordDocument", "word"),
        ("WORDDOCUMENT", "word"),
        ("PowerPoint Document", "slides"),
        ("Workbook", "sheet"),
        ("Book", "sheet"),
        ("__properties_version1.0", "mail"),
        ("MN0", "works"),
        ("EncryptedPackage", "encrypted"),
        ("Anything", "other"),
    ],
)
def test_a_container_is_told_by_its_streams(stream, expected):
    assert kind(pack({stream: b"x" * 2000})) == expected


def test_a_stream_of_an_inner_storage_says_nothing_about_the_container():
    """A Word object inside a workbook does not make it a Word file."""
    assert kind(pack({"Workbook": b"x" * 2000, "MBD1/WordDocument": b"y"})) == "sheet"


def test_what_is_no_container_is_none():
    assert (kind(b""), kind(b"PK\x03\x04"), kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 3000)) == ("", "", "")


def test_written_streams_are_read_back():
    """Small and large streams, empty ones, and nested storages."""
    streams = {f"s{n}/{m}/x": bytes([n]) * (n * 700 + m) for n in range(9) for m in range(3)} | {
        "empty": b"",
        "big": b"z" * 200_000,
    }
    box = Box(pack(streams))
    assert {path: box.read(path) for path in box.streams()} == streams
    assert list(box.storages("s1")) == ["s1/0", "s1/1", "s1/2"]
    assert not box.is_flawed


def test_too_much_to_pack_is_refused():
    with pytest.raises(ValueError, match="too large"):
        pack({"big": bytes(16_000_000)})


def test_a_short_file_is_damaged():
    with pytest.raises(Unreadable, match="damaged"):
        Box(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_a_place_holds_no_control_characters():
    assert place("ObjectPool/_1/\x01Ole10Native处") == "ObjectPool/_1/Ole10Native"


def test_a_picture_is_found_by_its_header():
    """An unknown instance or a length beyond the stream is no picture."""
    good = struct.pack("<HHI", 0x6E0 << 4, 0xF01E, 100) + bytes(100)
    bad = struct.pack("<HHI", 0x111 << 4, 0xF01E, 100) + bytes(100)
    long = struct.pack("<HHI", 0x6E0 << 4, 0xF01E, 1 << 30) + bytes(100)
    assert [(at, name, size) for at, name, size in pictures(bytes(5) + bad + good + long)] == [(5 + 108, "png", 100)]


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0", b"\0\0\0\0\2\0abc", b"\0\0\0\0\2\0a\0b\0\0\0\0\0\xff\xff\xff\xff"])
def test_a_broken_wrapper_is_none(data):
    assert unwrap(data) is None
