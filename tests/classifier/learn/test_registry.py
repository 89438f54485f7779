"""Models are verified before use; what cannot be trusted is refused."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from classifier.core.errors import BadModel
from classifier.core.settings import read_settings
from classifier.learn import load_active, registry

MODELS = read_settings().data_home / "models"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    shutil.copytree(MODELS, tmp_path / "models")
    return tmp_path / "models"


def _folder(models: Path) -> Path:
    return models / "attribute" / (models / "attribute" / "ACTIVE").read_text().strip()


def test_the_active_model_loads() -> None:
    """The shipped model is whole."""
    assert load_active(MODELS).version.startswith("attribute/")


def test_a_changed_byte_is_refused(models: Path) -> None:
    """Weights that differ from their checksum are not used."""
    path = _folder(models) / "weights.npz"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(BadModel, match="校验和"):
        load_active(models)


@pytest.mark.parametrize(("key", "value"), [("features", 999), ("labels", ["withheld", "active", "on_request"])])
def test_another_generation_is_refused(models: Path, key: str, value: object) -> None:
    """A model of other features or label order is not used."""
    path = _folder(models) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(BadModel, match="不匹配"):
        load_active(models)


def test_a_pickle_in_disguise_is_refused(models: Path) -> None:
    """A weights file with object arrays never executes, even when its checksum is right."""
    import numpy as np

    path = _folder(models) / "weights.npz"
    np.savez(path, weights=np.array([{"a": 1}], dtype=object))
    manifest = _folder(models) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}))
    with pytest.raises(BadModel):
        load_active(models)


def test_missing_pieces_are_told(models: Path) -> None:
    """No weights, no manifest, no pointer: one Chinese line each."""
    (_folder(models) / "weights.npz").unlink()
    with pytest.raises(BadModel, match="权重"):
        load_active(models)
    (_folder(models) / "manifest.json").unlink()
    with pytest.raises(BadModel, match="清单"):
        load_active(models)
    (models / "attribute" / "ACTIVE").unlink()
    with pytest.raises(BadModel, match="启用"):
        load_active(models)


def test_card_and_manifest_agree() -> None:
    """The model card shows the manifest's numbers."""
    for entry in registry.list_models(MODELS):
        card = (MODELS / "attribute" / entry.version / "CARD.md").read_text(encoding="utf-8")
        assert str(entry.manifest["papers"]) in card
        assert entry.manifest["corpus"] in card


@pytest.fixture
def two(models: Path) -> Path:
    """A registry whose active model has a twin, version twin."""
    shutil.copytree(_folder(models), models / "attribute" / "twin")
    return models


def test_a_model_on_trial_is_told_and_does_not_move_the_active_one(two: Path) -> None:
    """EVALUATION is a pointer of its own."""
    before = registry.active_version(two)
    registry.put_on_trial(two, "twin")
    assert {e.version: (e.active, e.on_trial) for e in registry.list_models(two)}["twin"] == (False, True)
    assert registry.active_version(two) == before


def test_activating_ends_the_trial_and_can_be_taken_back(two: Path) -> None:
    """There and back again, and there once more."""
    before = registry.active_version(two)
    registry.put_on_trial(two, "twin")
    registry.activate(two, "twin")
    assert (registry.active_version(two), registry.trial_version(two), registry.previous_version(two)) == ("twin", None, before)
    registry.activate(two, before)
    assert registry.previous_version(two) == "twin"
    with pytest.raises(BadModel, match="已经是"):
        registry.activate(two, before)


def test_a_broken_model_cannot_be_activated(two: Path) -> None:
    """The pointer stays where it is."""
    (two / "attribute" / "twin" / "weights.npz").write_bytes(b"x")
    before = registry.active_version(two)
    with pytest.raises(BadModel, match="校验和"):
        registry.activate(two, "twin")
    assert registry.active_version(two) == before


@pytest.mark.parametrize("name", ["..", "a/b", "", ".x", "ACTIVE", "x" * 33, "版本"])
def test_a_version_is_a_plain_name(models: Path, name: str) -> None:
    """It becomes a folder."""
    with pytest.raises(BadModel, match="版本号"):
        registry.store(models, name, {}, {}, "")


def test_the_next_version_is_free(two: Path) -> None:
    """Numbers count, names do not."""
    (two / "attribute" / "9").mkdir()
    assert registry.next_version(two) == "10"
