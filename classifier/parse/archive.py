"""Archives: who is one, and each kind by its own reader: zip, tar, gz, bz2, xz, 7z and rar.

In: a Sample, then untrusted bytes. Out: a score below every format that is a zip underneath; a child Document per member and a
Problem for every member that stays shut. Nothing is written to disk, no program is started. The readers are loaded when needed.
"""

from __future__ import annotations

from classifier.parse.draft import Draft
from classifier.parse.formats import Sample

_BLOCK = 512


def bid_zip(sample: Sample) -> float:
    """A zip that no office format wants; also one behind the program that unpacks it."""
    if sample.head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")):
        return 0.4
    return 0.35 if sample.head.startswith(b"MZ") and b"PK\x05\x06" in sample.untrusted[-66_000:] else 0.0


def bid_tar(sample: Sample) -> float:
    """The mark at byte 257, or a header whose checksum holds."""
    from classifier.parse import archive_tar

    if sample.head[257:262] == b"ustar":
        return 0.9
    if sample.extension == ".tar" and not sample.untrusted.strip(b"\0"):
        return 0.5  # a tar with nothing in it
    return 0.75 if archive_tar.is_tar(sample.head[:_BLOCK]) else 0.0


def bid_gz(sample: Sample) -> float:
    """The mark of gzip."""
    return 0.9 if sample.head.startswith(b"\x1f\x8b") else 0.0


def bid_bz2(sample: Sample) -> float:
    """The mark of bzip2, a level, and the number pi (or the root of pi, where nothing is inside)."""
    head = sample.head
    is_one = head.startswith(b"BZh") and head[3:4].isdigit()
    return 0.9 if is_one and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90") else 0.0


def bid_xz(sample: Sample) -> float:
    """The mark of xz; lzma, which has none, by its usual first bytes and its name."""
    if sample.head.startswith(b"\xfd7zXZ\0"):
        return 0.9
    return 0.6 if sample.extension == ".lzma" and sample.head.startswith(b"\x5d\0\0") else 0.0


def bid_7z(sample: Sample) -> float:
    """The mark of 7z."""
    return 0.9 if sample.head.startswith(b"7z\xbc\xaf\x27\x1c") else 0.0


def bid_rar(sample: Sample) -> float:
    """The mark of rar, version 4 or 5."""
    return 0.9 if sample.head.startswith(b"Rar!\x1a\x07") else 0.0


def read_zip(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of a zip."""
    from classifier.parse import archive_zip

    archive_zip.read(untrusted, draft)


def read_tar(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of a tar."""
    from classifier.parse import archive_tar

    archive_tar.read(untrusted, draft)


def read_gz(untrusted: bytes, draft: Draft) -> None:
    """Adds what a gzip file holds."""
    from classifier.parse import archive_stream

    archive_stream.read_gz(untrusted, draft)


def read_bz2(untrusted: bytes, draft: Draft) -> None:
    """Adds what a bzip2 file holds."""
    from classifier.parse import archive_stream

    archive_stream.read_bz2(untrusted, draft)


def read_xz(untrusted: bytes, draft: Draft) -> None:
    """Adds what an xz or lzma file holds."""
    from classifier.parse import archive_stream

    archive_stream.read_xz(untrusted, draft)


def read_7z(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of a 7z."""
    from classifier.parse import archive_seven

    archive_seven.read(untrusted, draft)


def read_rar(untrusted: bytes, draft: Draft) -> None:
    """Adds every member of a rar."""
    from classifier.parse import archive_rar

    archive_rar.read(untrusted, draft)
