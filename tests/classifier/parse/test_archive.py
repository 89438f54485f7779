"""Archives: every member is read or named in a Problem, nothing leaves memory, limits hold while bytes stream."""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.core.document import Where
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import read

WORDS = "关于做好信访工作的通知，联系电话13800138000。"
KINDS = ("zip", "tar", "gz", "bz2", "xz", "7z", "rar")
MEMBERS = {"甲/通知.txt": WORDS.encode(), "b.txt": "第二个文件".encode()}


def make_zip(members=MEMBERS, comment=b"", **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("method", zipfile.ZIP_DEFLATED)) as package:
        for name, data in members.items():
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            info.compress_type = options.get("method", zipfile.ZIP_DEFLATED)
            package.writestr(info, data)
        package.comment = comment
    return out.getvalue()


def make_tar(members=MEMBERS, *special: tarfile.TarInfo, encoding="utf-8", form=tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", encoding=encoding, format=form) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in special:
            tar.addfile(info)
    return out.getvalue()


def make_7z(members=MEMBERS, **options) -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        archive.set_encoded_header_mode(bool(options.get("header_encryption")))  # so that a test can change names
        for name, data in members.items():
            archive.writestr(data, name)
    return out.getvalue()


def make_rar(members=MEMBERS) -> bytes:
    """A rar 5 whose members are only stored."""

    def vint(number: int) -> bytes:
        out = b""
        while number > 127:
            out, number = out + bytes([number & 127 | 128]), number >> 7
        return out + bytes([number])

    def block(header: bytes) -> bytes:
        sized = vint(len(header)) + header
        return struct.pack("<I", zlib.crc32(sized)) + sized

    out = b"Rar!\x1a\x07\x01\x00" + block(vint(1) + vint(0) + vint(0))
    for name, data in members.items():
        raw = name.encode()
        sizes = vint(len(data)) + vint(4) + vint(len(data)) + vint(0o100644) + struct.pack("<I", zlib.crc32(data))
        out += block(vint(2) + vint(2) + sizes + vint(0) + vint(1) + vint(len(raw)) + raw) + data
    return out + block(vint(5) + vint(0) + vint(0))


@functools.cache
def sample(kind: str) -> bytes:
    """A sound archive of each kind."""
    return {
        "zip": make_zip,
        "tar": make_tar,
        "gz": lambda: gzip.compress(make_tar(), mtime=0),
        "bz2": lambda: bz2.compress(WORDS.encode()),
        "xz": lambda: lzma.compress(WORDS.encode()),
        "7z": make_7z,
        "rar": make_rar,
    }[kind]()


def check(document) -> None:
    """The promises of a Document, and of all inside it."""
    for one in document.walk():
        end = 0
        for block in one.blocks:
            assert end <= block.span.start < block.span.end <= len(one.text)
            end = block.span.end
        assert all(problem.code in PROBLEMS for problem in one.problems)


def whole_text(document) -> str:
    return "\n".join(one.text for one in document.walk())


def all_codes(document) -> set[str]:
    return {problem.code for one in document.walk() for problem in one.problems}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_archive_is_read_in_full(kind, read_bytes):
    """Every member is a child with its words, and nothing is reported."""
    document = read_bytes(sample(kind), f"a.{kind}" if kind not in ("bz2", "xz") else f"通知.txt.{kind}")
    check(document)
    assert document.format == kind
    assert all_codes(document) == set()
    assert WORDS in whole_text(document)
    assert [tally.kind for tally in document.receipt.tallies] == ["members"]
    if kind not in ("bz2", "xz"):
        assert [child.member for child in document.children] == ["甲/通知.txt", "b.txt"]
        assert document.text.startswith("甲\n")  # the folder's name stands in no child


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_without_extension_is_known_by_its_bytes(kind, read_bytes):
    assert read_bytes(sample(kind), "a").format == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tenths", range(10))
def test_a_cut_archive_never_passes_as_whole(kind, tenths, read_bytes):
    whole = sample(kind)
    document = read_bytes(whole[: len(whole) * tenths // 10], f"a.{kind}")
    check(document)
    is_whole = kind == "tar" and tenths >= 4  # only zeros behind the end mark are lost
    assert bool(all_codes(document)) is not is_whole


@pytest.mark.parametrize("kind", KINDS)
def test_changed_archives_never_raise(kind, tmp_path_factory):
    """Flipped bits, then 60 copies that hypothesis cut, overwrote and repeated."""
    whole = sample(kind)
    path = tmp_path_factory.mktemp("changed") / f"a.{kind}"
    for step in range(24):
        data = bytearray(whole)
        data[len(data) * step // 24] ^= 1 << (step % 8)
        path.write_bytes(data)
        check(read(path, Limits()))
    changes = st.lists(st.tuples(st.integers(0, len(whole)), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def go(edits):
        data = whole
        for place, cut, put in edits:
            data = data[:place] + put + data[place + cut :]
        path.write_bytes(data)
        check(read(path, Limits()))

    go()


@pytest.mark.parametrize("kind", ["zip", "tar", "7z", "rar"])
@pytest.mark.parametrize("name", ["../上级.txt", "/etc/名单.txt", "C:\\名单.txt", "a/../../b.txt"])
def test_names_that_point_outside_stay_shut(kind, name, read_bytes, tmp_path):
    """The member is reported, its name is text, the file beside it is still read, and nothing appears on the disk."""
    members = {name: b"escaped", "b.txt": WORDS.encode()}
    if kind == "7z":  # py7zr refuses to write such names: the archive is made with a harmless one of the same length
        harmless = "x" * len(name)
        data = make_7z({harmless: b"escaped", "b.txt": WORDS.encode()})
        assert harmless.encode("utf-16-le") in data
        data = bytearray(data.replace(harmless.encode("utf-16-le"), name.encode("utf-16-le")))
        start, size = struct.unpack_from("<QQ", data, 12)
        struct.pack_into("<I", data, 28, zlib.crc32(data[32 + start : 32 + start + size]))
        struct.pack_into("<I", data, 8, zlib.crc32(data[12:32]))
    else:
        data = {"zip": make_zip, "tar": make_tar, "rar": make_rar}[kind](members)
    document = read_bytes(bytes(data), f"a.{kind}")
    assert "unsafe_name" in {problem.code for problem in document.problems}
    assert WORDS in whole_text(document)
    assert "escaped" not in whole_text(document)
    assert name.rpartition("/")[2].rpartition("\\")[2] in document.text
    assert [path.name for path in tmp_path.rglob("*")] == [f"a.{kind}"]


def test_links_and_devices_in_a_tar_stay_shut(read_bytes, codes):
    link, device, hard = tarfile.TarInfo("链接"), tarfile.TarInfo("dev"), tarfile.TarInfo("又名.txt")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device.type = tarfile.BLKTYPE
    hard.type, hard.linkname = tarfile.LNKTYPE, "b.txt"
    document = read_bytes(make_tar(MEMBERS, link, device, hard), "a.tar")
    assert codes(document) == {"unsafe_name"}
    assert [problem.where for problem in document.problems] == ["member 3", "member 4"]
    assert all(words in document.text for words in ("链接", "/etc/passwd", "又名.txt"))


def test_a_link_in_a_zip_stays_shut(read_bytes, codes):
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    assert codes(read_bytes(make_zip({info: b"/etc/passwd"}), "a.zip")) == {"unsafe_name"}


def test_chinese_names_of_every_age_are_read(read_bytes):
    """GBK bytes without a flag, UTF-8 with bit 11, UTF-8 without it, and Info-ZIP's own field."""
    for encoding in ("gb18030", "utf-8"):
        raw = "名单.txt".encode(encoding)
        data = make_zip({"x" * len(raw): b"words"}).replace(b"x" * len(raw), raw)
        assert read_bytes(data, "a.zip").children[0].name == "名单.txt"
    info = zipfile.ZipInfo("old.txt")
    field = b"\x01" + struct.pack("<I", zlib.crc32(b"old.txt")) + "名单.txt".encode()
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert read_bytes(make_zip({info: b"words"}), "a.zip").children[0].name == "名单.txt"
    old = make_tar({"名单.txt": b"words"}, encoding="gb18030", form=tarfile.GNU_FORMAT)
    assert read_bytes(old, "a.tar").children[0].name == "名单.txt"


def test_sealed_members_are_named(read_bytes):
    """A password on one member: the member's number, its name, and the other member's words."""
    data = bytearray(make_zip())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    document = read_bytes(bytes(data), "a.zip")
    assert ("encrypted", "member 1") in {(problem.code, problem.where) for problem in document.problems}
    assert "通知.txt" in document.text
    assert len(document.children) == 1


def test_a_sealed_7z_says_so(read_bytes, codes):
    assert codes(read_bytes(make_7z(password="x"), "a.7z")) == {"encrypted"}
    sealed = read_bytes(make_7z(password="x", header_encryption=True), "a.7z")
    assert codes(sealed) == {"encrypted"}


def test_comments_are_text_out_of_sight(read_bytes, places):
    info = zipfile.ZipInfo("b.txt")
    info.comment = "成员批语".encode("gb18030")
    document = read_bytes(make_zip({info: b"words"}, comment="归档说明：内部".encode("gb18030")), "a.zip")
    assert places(document, "归档说明：内部") == places(document, "成员批语") == {Where.HIDDEN}
    assert {block.origin for block in document.blocks if block.where is Where.HIDDEN} == {"file_comment"}


def test_a_file_deleted_from_the_directory_is_found(read_bytes, codes):
    """Two zips behind each other: readers see the last directory only."""
    document = read_bytes(make_zip({"old.txt": "旧稿内容".encode()}) + make_zip(), "a.zip")
    assert "旧稿内容" in whole_text(document)
    assert "damaged" in codes(document)


def test_a_zip_without_directory_is_read_from_its_local_headers(read_bytes, codes):
    whole = make_zip()
    document = read_bytes(whole[: whole.index(b"PK\x01\x02")], "a.zip")
    assert "damaged" in codes(document)
    assert WORDS in whole_text(document)


def test_two_members_of_one_name_are_both_read(read_bytes, codes):
    with pytest.warns(UserWarning, match="Duplicate"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("a.txt", "甲甲")
            package.writestr("a.txt", "乙乙")
    document = read_bytes(out.getvalue(), "a.zip")
    assert [child.text.splitlines()[0] for child in document.children] == ["甲甲", "乙乙"]
    assert "damaged" in codes(document)


@pytest.mark.parametrize("kind", ["zip", "tar", "7z", "rar"])
def test_an_empty_archive_says_so(kind, read_bytes, codes):
    data = {"zip": make_zip, "tar": make_tar, "7z": make_7z, "rar": make_rar}[kind]({})
    assert "empty" in codes(read_bytes(data, f"a.{kind}"))


@pytest.mark.parametrize("kind", ["zip", "gz", "bz2", "xz", "7z"])
def test_what_swells_is_a_bomb(kind, read_bytes, codes):
    """Thirty megabytes of zeros: stopped while they stream."""
    zeros = bytes(30_000_000)
    data = {
        "zip": lambda: make_zip({"a.txt": zeros}),
        "gz": lambda: gzip.compress(zeros, mtime=0),
        "bz2": lambda: bz2.compress(zeros),
        "xz": lambda: lzma.compress(zeros, preset=0),
        "7z": lambda: make_7z({"a.txt": zeros}, filters=[{"id": 0x21, "preset": 0}]),
    }[kind]()
    document = read_bytes(data, f"a.{kind}")
    assert "bomb" in codes(document)
    assert not document.children


def test_a_member_over_the_limit_of_bytes_stays_shut(read_bytes, codes):
    document = read_bytes(make_zip({"big.txt": b"ab" * 6000, "b.txt": WORDS.encode()}), "a.zip", Limits(bytes=10_000))
    assert codes(document) == {"too_large"}
    assert WORDS in whole_text(document)
    assert "big.txt" in document.text


def test_the_limit_of_members_stops_and_names_the_rest(read_bytes, codes):
    document = read_bytes(make_zip({f"{n}.txt": b"words" for n in range(9)}), "a.zip", Limits(members=4))
    assert codes(document) == {"too_many_members"}
    assert len(document.children) == 4
    assert "8.txt" in document.text
    assert (document.receipt.tallies[0].found, document.receipt.tallies[0].read) == (9, 4)


def test_the_name_and_comment_in_a_gzip_header_are_text(read_bytes, places):
    packed = gzip.compress(WORDS.encode(), mtime=0)
    head = packed[:3] + bytes([8 | 16]) + packed[4:10] + "名单.txt".encode("gb18030") + b"\0" + "批语".encode() + b"\0"
    document = read_bytes(head + packed[10:], "a.gz")
    assert document.children[0].name == "名单.txt"
    assert places(document, "批语") == {Where.HIDDEN}


def test_what_follows_a_stream_is_read_or_reported(read_bytes, codes):
    """A second gzip member is part of the file; other bytes are a Problem; a second tar behind the first is read."""
    two = gzip.compress(b"first ", mtime=0) + gzip.compress(b"second", mtime=0)
    assert "first second" in whole_text(read_bytes(two, "a.txt.gz"))
    assert "part_unread" in codes(read_bytes(two + b"hidden words", "a.txt.gz"))
    both = make_tar() + make_tar({"c.txt": "藏在后面".encode()})
    assert "藏在后面" in whole_text(read_bytes(both, "a.tar"))
    assert "damaged" in codes(read_bytes(make_tar() + b"words behind the end", "a.tar"))


def test_a_self_extracting_zip_is_read_and_its_program_reported(read_bytes, codes):
    document = read_bytes(b"MZ" + bytes(range(256)) * 4 + make_zip(), "setup.exe")
    assert document.format == "zip"
    assert {"mismatch", "part_unread"} <= codes(document)
    assert WORDS in whole_text(document)


def test_a_zip_with_content_types_alone_stays_a_zip(read_bytes):
    assert read_bytes(make_zip({"[Content_Types].xml": b"<Types/>", "b.txt": b"words"}), "a.zip").format == "zip"


def test_a_volume_of_a_split_rar_says_so(read_bytes, codes):
    """The rest stands in other files."""
    data = bytearray(make_rar())
    data[15] = 1  # the main header's flags
    data[8:12] = struct.pack("<I", zlib.crc32(data[12:16]))
    assert "part_unread" in codes(read_bytes(bytes(data), "a.rar"))


def test_without_libarchive_a_rar_is_unsupported(read_bytes, codes, monkeypatch):
    from classifier.parse import archive_rar

    monkeypatch.setattr(archive_rar, "_library", lambda: None)
    assert codes(read_bytes(make_rar(), "a.rar")) == {"unsupported"}


def test_the_reader_writes_nothing(monkeypatch, tmp_path: Path):
    """No file is opened for writing, whatever the archive."""
    path = tmp_path / "a"
    opened: list[str] = []
    real = io.open

    def watch(file, mode="r", *rest, **named):
        if set(mode) & set("wax+"):
            opened.append(str(file))
        return real(file, mode, *rest, **named)

    for kind in KINDS:
        path.write_bytes(sample(kind))
        with monkeypatch.context() as patch:
            patch.setattr("builtins.open", watch)
            patch.setattr("io.open", watch)
            patch.setattr(Path, "mkdir", lambda *_, **__: opened.append("folder"))
            read(path, Limits())
    assert opened == []
