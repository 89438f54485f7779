"""A file is there whole or not at all, and nobody but its owner reads it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier.holdings.drafts import draft


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    """While it is written and afterwards, whatever the umask."""
    with draft(tmp_path / "list.csv") as beside:
        beside.write_text("甲", encoding="utf-8")
        assert beside.stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "list.csv").exists()
    assert (tmp_path / "list.csv").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_a_fault_leaves_what_stood_there(tmp_path: Path) -> None:
    """And no draft beside it."""
    (tmp_path / "list.csv").write_text("旧", encoding="utf-8")
    with pytest.raises(RuntimeError), draft(tmp_path / "list.csv") as beside:
        beside.write_text("半", encoding="utf-8")
        raise RuntimeError
    assert (tmp_path / "list.csv").read_text(encoding="utf-8") == "旧"
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_a_link_in_the_place_of_the_draft_is_not_followed(tmp_path: Path) -> None:
    """Somebody may have guessed its name."""
    (tmp_path / f".list.csv.{os.getpid()}").symlink_to(tmp_path / "other")
    with draft(tmp_path / "list.csv") as beside:
        beside.write_text("甲", encoding="utf-8")
    assert not (tmp_path / "other").exists()
