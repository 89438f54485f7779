"""A stored model is taken only as it was written."""

import json
import shutil

import pytest

from classifier.core.errors import BadModel
from classifier.core.settings import read_settings
from classifier.knowledge.model_files import NAMES, PASSAGES, read_active

OWN = read_settings().data_home / "models"


@pytest.fixture
def folder(tmp_path):
    """A copy of models/name that may be spoilt."""
    return shutil.copytree(OWN / "name", tmp_path / "name")


@pytest.mark.parametrize("task", [NAMES, PASSAGES], ids=lambda task: task.name)
def test_our_model_is_whole(task):
    """The models that are shipped pass their own check."""
    stored = read_active(OWN, task)
    assert stored is not None
    assert stored.manifest["task"] == task.name


def test_no_model_is_no_error(tmp_path):
    """Without a model names are found by labels, and nothing fails."""
    assert read_active(tmp_path, NAMES) is None


def test_a_changed_weight_file_is_refused(folder):
    """One byte more, and the checksum differs."""
    path = folder / (folder / "ACTIVE").read_text().strip() / "weights.npz"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(BadModel, match="校验和不符"):
        read_active(folder.parent, NAMES)


def test_a_missing_weight_file_is_refused(folder):
    """A pointer to nothing is damage, not absence."""
    (folder / (folder / "ACTIVE").read_text().strip() / "weights.npz").unlink()
    with pytest.raises(BadModel, match="读不出来"):
        read_active(folder.parent, NAMES)


def test_a_manifest_of_another_task_is_refused(folder):
    """The attribute model's manifest does not pass for a name model."""
    path = folder / (folder / "ACTIVE").read_text().strip() / "manifest.json"
    path.write_text(json.dumps({"task": "attribute"}), encoding="utf-8")
    with pytest.raises(BadModel, match="格式不对"):
        read_active(folder.parent, NAMES)
