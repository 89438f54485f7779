"""A zip under limits: what is remembered by its fingerprint is known by all its bytes, and one directory serves auction and reader."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from classifier.core.errors import Unreadable
from classifier.core.settings import Limits
from classifier.parse import package as packages
from classifier.parse.draft import Draft
from classifier.parse.package import Package

BITS = b"0" * 64
"""A place in a part whose characters may be 0 or 1: enough to give the part any checksum."""


def forge(data: bytes, checksum: int) -> bytes:
    """`data` with other characters in its BITS, so that it has this CRC-32: the checksum is linear, anybody can do it."""
    start, plain = data.index(BITS), zlib.crc32(data)
    rows = []
    for place in range(len(BITS)):
        changed = bytearray(data)
        changed[start + place] ^= 1
        rows.append((zlib.crc32(changed) ^ plain, 1 << place))
    wanted, chosen = plain ^ checksum, 0
    for bit in range(32):
        pivot = next(row for row in rows if row[0] >> bit & 1)
        rows = [(row[0] ^ pivot[0], row[1] ^ pivot[1]) if row[0] >> bit & 1 and row is not pivot else row for row in rows]
        rows.remove(pivot)
        if wanted >> bit & 1:
            wanted, chosen = wanted ^ pivot[0], chosen ^ pivot[1]
    forged = bytearray(data)
    for place in range(len(BITS)):
        forged[start + place] ^= chosen >> place & 1
    return bytes(forged)


def pack(data: bytes, name: str = "word/styles.xml", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def opened(untrusted: bytes, limits: Limits | None = None) -> Package:
    return Package(untrusted, Draft("", limits or Limits()))


def fingerprint(untrusted: bytes) -> bytes | None:
    package = opened(untrusted)
    return package.fingerprint(package.members[0])


def styles(name: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<w:styles xmlns:w="{space}"><w:style w:customStyle="1" w:styleId="q"><w:name w:val="{name}"/></w:style>'
        f"<!--{BITS.decode()}--></w:styles>"
    )


def test_a_part_that_carries_the_checksum_of_a_known_one_is_read(docx, read_bytes, places):
    """Name, size and checksum are those of a part that is remembered; only the bytes differ, and they decide."""
    known = styles("AAAA").encode()
    forged = forge(styles("BBBB").encode(), zlib.crc32(known))
    assert (len(forged), zlib.crc32(forged)) == (len(known), zlib.crc32(known))
    for _ in range(3):
        assert places(read_bytes(docx("", {"word/styles.xml": known})), "AAAA")
    document = read_bytes(docx("", {"word/styles.xml": forged}))
    assert places(document, "BBBB")
    assert not places(document, "AAAA")


def test_known_bytes_under_a_wrong_checksum_are_a_problem(docx, read_bytes, codes):
    """Remembering must not mend a file."""
    whole = docx("", {"word/styles.xml": styles("CCCC")})
    for _ in range(3):
        assert "part_unread" not in codes(read_bytes(whole))
    entry = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"word/styles.xml"))
    damaged = whole[: entry + 16] + bytes(4) + whole[entry + 20 :]
    assert "part_unread" in codes(read_bytes(damaged))


def test_limits_mean_the_same_whatever_is_remembered(docx, read_bytes, codes):
    paper = docx("<w:p><w:r><w:t>words</w:t></w:r></w:p>", {"word/styles.xml": styles("D" * 5000)})
    for _ in range(3):
        assert "bomb" not in codes(read_bytes(paper))
        assert "bomb" in codes(read_bytes(paper, limits=Limits(unpacked=4000)))


def test_a_fingerprint_is_that_of_the_bytes():
    assert fingerprint(pack(b"one")) == fingerprint(pack(b"one", "other.xml"))
    assert fingerprint(pack(b"one")) != fingerprint(pack(b"two"))
    assert fingerprint(pack(b"one")) != fingerprint(pack(b"one", method=zipfile.ZIP_STORED))


@pytest.mark.parametrize("place", [6, 14, 22, 26, 28, 30, 45])
def test_an_odd_local_header_is_left_to_the_stream(place):
    """Whatever byte of it is changed: the member is read as it was, or its Problem is that of the stream."""
    whole = pack(b"words " * 50)
    odd = bytearray(whole)
    odd[place] ^= 0x51
    draft = Draft("", Limits())
    package = Package(bytes(odd), draft)
    data = package.read(package.members[0])
    assert data == b"words " * 50 or [problem.code for problem in draft.problems] == ["part_unread"]


@pytest.mark.parametrize("claim", [3, 299, 301, 1 << 30])
def test_a_size_that_is_not_so_is_never_taken_as_whole(claim):
    whole = bytearray(pack(b"words " * 50))
    entry = whole.index(b"PK\x01\x02")
    whole[entry + 24 : entry + 28] = claim.to_bytes(4, "little")
    draft = Draft("", Limits())
    package = Package(bytes(whole), draft)
    data = package.read(package.members[0])
    assert data == b"words " * 50 or draft.problems  # a claim too large cuts nothing off
    assert not package.is_whole(package.members[0], data or b"")


def test_a_large_member_has_no_fingerprint():
    assert fingerprint(pack(bytes((1 << 20) + 1))) is None


def test_a_member_that_swells_is_a_bomb_before_it_is_whole():
    package = opened(pack(bytes(3 << 20)), Limits(ratio=10))
    with pytest.raises(Unreadable):
        package.read(package.members[0])


@pytest.mark.parametrize("form", ["docx", "pptx", "odt"])
def test_a_zip_is_opened_once(form, docx, open_samples, read_bytes, monkeypatch):
    calls = []
    real = packages.open_directory
    monkeypatch.setattr("classifier.parse.formats.open_directory", lambda data: (calls.append(1), real(data))[1])
    monkeypatch.setattr(packages, "open_directory", lambda data: (calls.append(2), real(data))[1])
    data = docx("<w:p/>") if form == "docx" else open_samples(form, "words")
    assert read_bytes(data, f"a.{form}").format == form
    assert calls == [1]
