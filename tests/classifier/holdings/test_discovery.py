"""Files of a batch are found as a stream; what cannot be looked at is told."""

import contextlib
import io
import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from classifier.core.errors import BadSettings
from classifier.holdings import discovery
from classifier.holdings.discovery import OtherBatch, Unreachable, check_source, count_files, find_files
from classifier.holdings.ledger import Entry
from classifier.holdings.order import LEFT


def _names(found, root: Path) -> list[str]:
    return [os.path.relpath(os.fsdecode(one.path), root) for one in found]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".hidden/x.txt", "b/.secret.txt", "c/deep/er/3.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def test_files_come_in_a_stable_order_without_hidden_ones(archive: Path) -> None:
    """A folder's own files by name, then its folders; nothing that starts with a dot."""
    assert _names(find_files([str(archive)]), archive) == ["a.txt", "b/1.txt", "b/2.txt", "c/deep/er/3.txt"]


def test_an_entry_carries_size_and_time(archive: Path) -> None:
    """Enough to tell later whether the file is still the same."""
    [first, *_] = find_files([str(archive)])
    looked = (archive / "a.txt").stat()
    assert first == Entry(os.fsencode(archive / "a.txt"), looked.st_size, looked.st_mtime_ns)


def test_links_to_folders_are_not_followed_and_links_to_files_are(archive: Path) -> None:
    """A link to a folder above would go round for ever."""
    (archive / "c" / "round").symlink_to(archive)
    (archive / "c" / "same.txt").symlink_to(archive / "a.txt")
    assert _names(find_files([str(archive / "c")]), archive) == ["c/same.txt", "c/deep/er/3.txt"]


def test_a_link_to_nothing_is_told(archive: Path) -> None:
    """A file that is gone must not be missing from the result without a word."""
    (archive / "c" / "gone.txt").symlink_to(archive / "nowhere")
    assert Unreachable(os.fsencode(archive / "c" / "gone.txt"), "not_found") in list(find_files([str(archive / "c")]))


def test_a_folder_nobody_may_enter_is_told(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk goes on behind it."""
    scandir = os.scandir

    def refuse(path):
        if path.endswith(b"/b"):
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr(discovery.os, "scandir", refuse)
    found = list(find_files([str(archive)]))
    assert Unreachable(os.fsencode(archive / "b"), "no_permission") in found
    assert _names(found, archive) == ["a.txt", "b", "c/deep/er/3.txt"]


def test_the_out_folder_is_not_walked(archive: Path) -> None:
    """A batch whose results lie inside the archive does not read itself."""
    out = archive / "b"
    assert _names(find_files([str(archive)], out), archive) == ["a.txt", "c/deep/er/3.txt"]


def test_a_list_is_read_line_by_line(archive: Path, tmp_path: Path) -> None:
    """Files, folders, blank lines and names that lead nowhere."""
    listed = tmp_path / "list.txt"
    listed.write_bytes(os.fsencode(archive / "a.txt") + b"\r\n\n" + os.fsencode(archive / "b") + b"\n/no/such/file\n")
    found = list(find_files([str(listed)]))
    assert _names(found[:3], archive) == ["a.txt", "b/1.txt", "b/2.txt"]
    assert found[3] == Unreachable(b"/no/such/file", "not_found")


def test_names_that_are_no_text_pass(tmp_path: Path) -> None:
    """Old archives hold names in GBK."""
    odd = os.fsencode(tmp_path) + b"/\xb9\xab\xce\xc4.txt"
    with open(odd, "wb"):  # noqa: PTH123 - bytes
        pass
    assert [one.path for one in find_files([str(tmp_path)])] == [odd]


def test_standard_input_is_a_list(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`find … | mishen batch run -`; how many there are nobody knows beforehand."""
    monkeypatch.setattr(discovery.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(os.fsencode(archive / "a.txt") + b"\n")))
    assert _names(find_files(["-"]), archive) == ["a.txt"]
    assert count_files(["-"]) is None


def test_files_are_counted_without_being_looked_at(archive: Path) -> None:
    """The count is the number of files found."""
    assert count_files([str(archive)]) == len(list(find_files([str(archive)]))) == 4


def test_a_document_is_no_list(tmp_path: Path) -> None:
    """A docx given by mistake is refused, not read as paths."""
    (tmp_path / "x.docx").write_bytes(b"PK\x03\x04\0\0")
    with pytest.raises(BadSettings, match="清单"):
        check_source(str(tmp_path / "x.docx"))


def test_a_source_that_does_not_exist_is_refused() -> None:
    """Before anything is begun."""
    with pytest.raises(BadSettings):
        check_source("/no/such/folder")


def test_the_out_folder_of_another_batch_is_left_out(archive: Path) -> None:
    """Its ledger and reports are no papers; that it was left out is told."""
    for name in ("ledger.sqlite", "control", "report.html"):
        (archive / "c" / name).touch()
    found = list(find_files([str(archive)]))
    assert OtherBatch(os.fsencode(archive / "c")) in found
    assert _names(found, archive) == ["a.txt", "b/1.txt", "b/2.txt", "c"]
    assert count_files([str(archive)]) == 3


def test_pipes_and_sockets_are_told_and_never_opened(archive: Path, tmp_path: Path) -> None:
    """Opening a pipe that nobody writes to would wait for ever."""
    os.mkfifo(archive / "pipe")
    (archive / "link").symlink_to(archive / "pipe")
    server = socket.socket(socket.AF_UNIX)
    with contextlib.chdir(archive):  # the name of a socket must be short
        server.bind("socket")
    server.close()
    told = [one for one in find_files([str(archive)]) if isinstance(one, Unreachable)]
    assert told == [Unreachable(os.fsencode(archive / name), "unsupported") for name in ("link", "pipe", "socket")]
    (tmp_path / "list").write_text(f"{archive / 'pipe'}\n")
    assert list(find_files([str(tmp_path / "list")])) == [Unreachable(os.fsencode(archive / "pipe"), "unsupported")]


def test_a_list_on_standard_input_is_looked_at_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper in a pipe is refused too, before anything is written."""
    monkeypatch.setattr(discovery.sys, "stdin", SimpleNamespace(buffer=io.BytesIO("机密★10年\n".encode())))
    with pytest.raises(BadSettings, match="不像路径清单"):
        find_files(["-"])


def test_the_list_of_a_difference_run_is_taken_at_its_word(archive: Path, tmp_path: Path) -> None:
    """Most of its files may be gone by now, and their names may be no text: each is told as the ledger has it."""
    gone = os.fsencode(archive) + b"/\xb9\xab\xce\xc4.txt"
    (tmp_path / LEFT).write_bytes(gone + b"\n/gone/1\n" + os.fsencode(archive / "a.txt") + b"\n")
    check_source(str(tmp_path / LEFT), tmp_path)
    found = list(find_files([str(tmp_path / LEFT)], tmp_path))
    assert [one.path for one in found] == [gone, b"/gone/1", os.fsencode(archive / "a.txt")]
    assert count_files([str(tmp_path / LEFT)], tmp_path) == 3


def test_folders_in_a_list_are_counted_with_their_files(archive: Path, tmp_path: Path) -> None:
    """So that the rest can be told."""
    (tmp_path / "list").write_text(f"{archive}\n")
    assert count_files([str(tmp_path / "list")]) == 4


def test_a_flat_folder_is_sorted_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost between two pieces."""
    monkeypatch.setattr(discovery, "_PIECE", 7)
    for number in range(30):
        (tmp_path / f"{number:02d}.txt").touch()
    assert sorted(_names(find_files([str(tmp_path)]), tmp_path)) == [f"{n:02d}.txt" for n in range(30)]
