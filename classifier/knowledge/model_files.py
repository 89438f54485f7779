"""models/<task>: the active model of a task as checked bytes. What they mean is the business of the room that reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.core.errors import BadModel


@dataclass(frozen=True, slots=True)
class StoredModel:
    """Weights (npz, no pickle) whose checksum holds, and their manifest."""

    version: str
    manifest: Mapping[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is for: its folder below models/, its name for people, the script that rebuilds it."""

    name: str
    label: str
    script: str


NAMES = Task("name", "人名模型", "scripts/train_names")
PASSAGES = Task("passage", "片段模型", "scripts/train_passages")


def read_active(models: Path, task: Task) -> StoredModel | None:
    """The model that models/<task>/ACTIVE names; None when there is no such file (rules alone work then).

    Raises:
        BadModel: a pointer to a model that is missing, unreadable or changed.
    """
    folder = models / task.name
    try:
        version = (folder / "ACTIVE").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    try:
        manifest = json.loads((folder / version / "manifest.json").read_text(encoding="utf-8"))
        raw = (folder / version / "weights.npz").read_bytes()
    except (OSError, ValueError) as error:
        raise BadModel(f"{task.label} {version} 读不出来。请重新安装或运行 {task.script}。") from error
    if not isinstance(manifest, dict) or manifest.get("task") != task.name:
        raise BadModel(f"{task.label} {version} 的清单格式不对。")
    if hashlib.sha256(raw).hexdigest() != manifest.get("sha256"):
        raise BadModel(f"{task.label} {version} 的校验和不符，可能被改动过，已拒绝使用。请重新安装。")
    return StoredModel(version, manifest, raw)
