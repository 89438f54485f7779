"""Uploads on their way: names as typed, nothing left behind."""

from __future__ import annotations

import io
import os

import pytest

from review_ui.store import files
from review_ui.store.place import prepare


@pytest.fixture
def place(tmp_path):
    (tmp_path / "memory").mkdir()
    return prepare(tmp_path / "data", tmp_path / "memory")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("通知（终稿）.docx", "通知（终稿）.docx"),
        ("C:\\用户\\a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("a\n\0b.txt", "ab.txt"),
    ],
)
def test_names_are_kept_as_typed_without_paths(raw: str, kept: str) -> None:
    """Only the base name counts, Chinese stays Chinese."""
    assert files.clean_name(raw) == kept


@pytest.mark.parametrize("raw", ["", "..", "/", "字" * 100 + ".txt"])
def test_names_that_cannot_be_kept_are_refused(raw: str) -> None:
    """A cut name could hide what it says, so it is not cut."""
    with pytest.raises(files.BadName):
        files.clean_name(raw)


def test_adopted_files_are_private_and_random(place) -> None:
    """0600, under a random id; traversal in an id leads nowhere."""
    token = files.receive(place, io.BytesIO(b"abc"), "甲.txt")
    name = files.adopt(place, token)
    path = files.original(place, name)
    assert path.read_bytes() == b"abc"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="UUID"):
        files.original(place, "../mishen.sqlite3")


def test_destroy_overwrites_before_it_removes(place) -> None:
    """The bytes are gone even for somebody who still holds the file open."""
    token = files.receive(place, io.BytesIO("机密★1年".encode()), "甲.txt")
    held = files.waiting(place, token).open("rb")
    files.destroy(place, token)
    files.destroy(place, token)
    assert set(held.read()) == {0}
    held.close()
    assert files.uploads(place) == []


def test_the_spool_is_not_an_upload_and_is_cleared(place) -> None:
    """A sweep leaves it alone; a start empties it of what a killed process left."""
    (place.spool / "pymp-1").mkdir()
    (place.spool / "pymp-1" / "x").write_text("甲")
    (place.spool / "y").write_text("乙")
    assert files.sweep(place, set(), before=float("inf")) == 0
    files.clear_spool(place)
    assert list(place.spool.iterdir()) == []


def test_sweep_spares_known_and_young(place) -> None:
    """Only old uploads that no job knows are destroyed."""
    known, young, old = (files.receive(place, io.BytesIO(b"x"), "a.txt") for _ in range(3))
    for token in (known, old):
        os.utime(place.incoming / token, (1, 1))
    assert files.sweep(place, {known}, before=100.0) == 1
    assert {p.name for p in files.uploads(place)} == {known, young}
