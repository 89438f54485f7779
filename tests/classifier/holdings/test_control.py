"""A running batch is told what is wanted of it; the lock ends with the process."""

from pathlib import Path

import pytest

from classifier.core.errors import BadSettings
from classifier.holdings import control
from classifier.holdings.control import Control, Wish, is_running, tell


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(control, "_LOOKED", 0.0)
    made = Control(tmp_path)
    yield made
    made.close()


def test_a_wish_is_heard(held: Control, tmp_path: Path) -> None:
    """Pause, go on, cancel, in whatever order."""
    assert held.wish() is Wish.GO
    for wish in (Wish.PAUSE, Wish.GO, Wish.CANCEL):
        assert tell(tmp_path, wish)
        assert held.wish() is wish


def test_two_runs_cannot_share_a_folder(held: Control, tmp_path: Path) -> None:
    """The second is refused with a sentence."""
    with pytest.raises(BadSettings, match="另一个批次"):
        Control(tmp_path)


def test_nobody_hears_where_nothing_runs(tmp_path: Path) -> None:
    """No file at all, or one that an ended run left."""
    assert not tell(tmp_path, Wish.PAUSE)
    Control(tmp_path).close()
    assert not is_running(tmp_path)
    assert not tell(tmp_path, Wish.PAUSE)


def test_an_old_wish_does_not_stop_a_new_run(tmp_path: Path) -> None:
    """A run that was cancelled can be begun again."""
    first = Control(tmp_path)
    tell(tmp_path, Wish.CANCEL)
    first.close()
    second = Control(tmp_path)
    assert second.wish() is Wish.GO
    second.close()


def test_garbage_in_the_file_is_no_wish(held: Control, tmp_path: Path) -> None:
    """Whatever stands there, the run goes on."""
    (tmp_path / control.FILE).write_bytes(b"\xff\xfe???")
    assert held.wish() is Wish.GO
