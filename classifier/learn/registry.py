"""models/ to Scorer: a manifest with checksums, weights without pickle, one pointer file that names the active model."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier.core.errors import BadModel
from classifier.learn import features
from classifier.learn.scorer import LABELS, Scorer

TASK = "attribute"
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_POINTERS = ("ACTIVE", "EVALUATION", "PREVIOUS")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the registry, as its manifest tells it."""

    version: str
    active: bool
    manifest: dict[str, Any]
    on_trial: bool = False
    """Runs beside the active model; what it says is recorded and moves nothing."""


def _named(models: Path, pointer: str) -> str | None:
    try:
        return (models / TASK / pointer).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def active_version(models: Path) -> str:
    """The version that ACTIVE names.

    Raises:
        BadModel: there is none.
    """
    version = _named(models, "ACTIVE")
    if version is None:
        raise BadModel("没有启用的模型（models/attribute/ACTIVE）。请运行 scripts/train。")
    return version


def trial_version(models: Path) -> str | None:
    """The version that EVALUATION names: the candidate that runs beside the active model, if there is one."""
    return _named(models, "EVALUATION")


def previous_version(models: Path) -> str | None:
    """The version that was active before the last promotion."""
    return _named(models, "PREVIOUS")


def is_version(version: str) -> bool:
    """Whether a version can be a folder's name."""
    return bool(_VERSION.fullmatch(version)) and version not in _POINTERS


def check_version(version: str) -> str:
    """The version, if it can be a folder's name.

    Raises:
        BadModel: it cannot.
    """
    if not is_version(version):
        raise BadModel("模型版本号只能用字母、数字、点、横线，以字母或数字开头，最多 32 个字符。")
    return version


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadModel(f"模型 {folder.name} 的清单读不出来。请重新安装或运行 scripts/train。") from error
    if not isinstance(manifest, dict):
        raise BadModel(f"模型 {folder.name} 的清单格式不对。")
    return manifest


def list_models(models: Path) -> tuple[ModelEntry, ...]:
    """Every model of the registry, newest name last."""
    active, trial = active_version(models), trial_version(models)
    folders = sorted(p for p in (models / TASK).iterdir() if (p / "manifest.json").is_file())
    return tuple(ModelEntry(p.name, p.name == active, _manifest(p), p.name == trial) for p in folders)


def load(models: Path, version: str) -> Scorer:
    """The scorer of one model version.

    Raises:
        BadModel: a missing file, a checksum that differs, other labels or another feature version.
    """
    folder = models / TASK / version
    manifest = _manifest(folder)
    try:
        raw = (folder / "weights.npz").read_bytes()
    except OSError as error:
        raise BadModel(f"模型 {version} 缺少权重文件。请重新安装。") from error
    if hashlib.sha256(raw).hexdigest() != manifest.get("sha256"):
        raise BadModel(f"模型 {version} 的校验和不符，可能被改动过，已拒绝使用。请重新安装。")
    if manifest.get("labels") != [label.value for label in LABELS] or manifest.get("features") != features.VERSION:
        raise BadModel(f"模型 {version} 与本版本程序不匹配。请运行 scripts/train 重新训练。")
    try:
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    except ValueError as error:  # object arrays would need pickle, which executes on load
        raise BadModel(f"模型 {version} 的权重文件不是普通数组，已拒绝使用。请重新安装。") from error
    articles = tuple(manifest.get("articles", ()))
    shapes = {
        "weights": (len(LABELS), features.SIZE),
        "intercept": (len(LABELS),),
        "article_weights": (len(articles), features.SIZE),
        "article_intercept": (len(articles),),
    }
    if any(name not in arrays or arrays[name].shape != shape for name, shape in shapes.items()):
        raise BadModel(f"模型 {version} 的形状不对。请重新安装。")
    return Scorer(
        weights=arrays["weights"],
        intercept=arrays["intercept"],
        temperature=float(manifest["temperature"]),
        articles=articles,
        article_weights=arrays["article_weights"],
        article_intercept=arrays["article_intercept"],
        version=f"{TASK}/{version}",
    )


def load_active(models: Path) -> Scorer:
    """The scorer that models/attribute/ACTIVE names (same errors as `load`)."""
    return load(models, active_version(models))


def next_version(models: Path) -> str:
    """The next whole number that no model has."""
    taken = [int(p.name) for p in (models / TASK).glob("*") if p.name.isdigit() and p.name.isascii()]
    return str(max(taken, default=0) + 1)


def store(models: Path, version: str, arrays: dict[str, Any], manifest: dict[str, Any], card: str) -> Path:
    """Write a model's folder: weights first, the manifest that vouches for them last.

    Raises:
        BadModel: a version that is no name, or a folder that cannot be written.
    """
    folder = models / TASK / check_version(version)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    raw = stream.getvalue()
    told = {"task": TASK, "version": version, "sha256": hashlib.sha256(raw).hexdigest(), **manifest}
    with _writing():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights.npz").write_bytes(raw)
        (folder / "CARD.md").write_text(card, encoding="utf-8")
        (folder / "manifest.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder


def put_on_trial(models: Path, version: str) -> None:
    """Let a model run beside the active one."""
    _point(models, "EVALUATION", version)


def activate(models: Path, version: str) -> None:
    """Make a model the active one and remember which one was; a trial of it is over.

    Raises:
        BadModel: the model cannot be trusted, or the folder cannot be written.
    """
    load(models, version)
    former = _named(models, "ACTIVE")
    if former == version:
        raise BadModel(f"模型 {version} 已经是启用的模型。")
    if former is not None:
        _point(models, "PREVIOUS", former)
    _point(models, "ACTIVE", version)
    if trial_version(models) == version:
        with _writing():
            (models / TASK / "EVALUATION").unlink()


def _point(models: Path, pointer: str, version: str) -> None:
    """Replace a pointer file at once: whoever reads it sees the old name or the new one."""
    path = models / TASK / pointer
    with _writing():
        draft = path.with_name(f".{pointer}.{os.getpid()}")
        draft.write_text(version + "\n", encoding="utf-8")
        draft.replace(path)


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadModel("模型目录不能写入。请用安装本系统的账号运行。") from error
