"""Settings are read once, from the environment, and refuse nonsense."""

from pathlib import Path

import pytest

from classifier.core.errors import BadSettings
from classifier.core.settings import read_settings


def test_data_home_beside_the_package_is_found() -> None:
    """A checkout needs no setting at all."""
    assert (read_settings({}).data_home / "corpus" / "rules").is_dir()


def test_named_data_home_without_data_is_refused(tmp_path: Path) -> None:
    """A wrong folder is said at once, in Chinese."""
    with pytest.raises(BadSettings, match="MISHEN_DATA_HOME"):
        read_settings({"MISHEN_DATA_HOME": str(tmp_path)})


def test_seconds_must_be_a_number() -> None:
    """A time limit in words is refused."""
    with pytest.raises(BadSettings, match="秒数"):
        read_settings({"MISHEN_FILE_SECONDS": "soon"})


def test_seconds_are_taken_from_the_environment() -> None:
    """The per-file limit can be set."""
    assert read_settings({"MISHEN_FILE_SECONDS": "5"}).limits.seconds == 5


def test_rule_packs_lie_where_the_environment_says(tmp_path: Path) -> None:
    """MISHEN_RULES names their folder; without it a checkout has none."""
    assert read_settings({"MISHEN_RULES": str(tmp_path)}).packs == tmp_path
    assert read_settings({}).packs is None


def test_a_named_folder_of_packs_must_be_there(tmp_path: Path) -> None:
    """Rules that silently do not work would be worse than none."""
    with pytest.raises(BadSettings, match="MISHEN_RULES"):
        read_settings({"MISHEN_RULES": str(tmp_path / "none")})
