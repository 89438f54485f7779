"""models/ to Scorer: a manifest with checksums, weights without pickle, one pointer file that names the active model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier.core.errors import BadModel
from classifier.learn import features
from classifier.learn.scorer import LABELS, Scorer

TASK = "attribute"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the registry, as its manifest tells it."""

    version: str
    active: bool
    manifest: dict[str, Any]


def _pointer(models: Path) -> str:
    try:
        return (models / TASK / "ACTIVE").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadModel("没有启用的模型（models/attribute/ACTIVE）。请运行 scripts/train。") from error


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
    active = _pointer(models)
    folders = sorted(p for p in (models / TASK).iterdir() if (p / "manifest.json").is_file())
    return tuple(ModelEntry(p.name, p.name == active, _manifest(p)) for p in folders)


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
    return load(models, _pointer(models))
