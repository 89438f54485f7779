"""models/name: the stored name model as checked bytes. What they mean is the business of detect.name_scorer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.core.errors import BadModel


@dataclass(frozen=True, slots=True)
class StoredNameModel:
    """Weights (npz, no pickle) whose checksum holds, and their manifest."""

    version: str
    manifest: Mapping[str, Any]
    raw: bytes


def read_active(folder: Path) -> StoredNameModel | None:
    """The model that `folder`/ACTIVE names; None when there is no such file (labels alone find names then).

    Raises:
        BadModel: a pointer to a model that is missing, unreadable or changed.
    """
    try:
        version = (folder / "ACTIVE").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    try:
        manifest = json.loads((folder / version / "manifest.json").read_text(encoding="utf-8"))
        raw = (folder / version / "weights.npz").read_bytes()
    except (OSError, ValueError) as error:
        raise BadModel(f"人名模型 {version} 读不出来。请重新安装或运行 scripts/train_names。") from error
    if not isinstance(manifest, dict) or manifest.get("task") != "name":
        raise BadModel(f"人名模型 {version} 的清单格式不对。")
    if hashlib.sha256(raw).hexdigest() != manifest.get("sha256"):
        raise BadModel(f"人名模型 {version} 的校验和不符，可能被改动过，已拒绝使用。请重新安装。")
    return StoredNameModel(version, manifest, raw)
