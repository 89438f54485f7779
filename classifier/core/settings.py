"""Settings, read once at the edge and handed down as the part each room needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from classifier.core.errors import BadSettings


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an untrusted file is read before it counts as unread (design/SECURITY §3.3)."""

    bytes: int = 100 * 1024 * 1024
    chars: int = 20_000_000
    pages: int = 3_000
    members: int = 2_000
    unpacked: int = 1024 * 1024 * 1024
    ratio: int = 200
    depth: int = 3
    seconds: float = 60.0
    """Wall time one file may take in a worker."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence lines of domain/09 §1: from `suggest` on a click confirms, below `review` a person starts from nothing."""

    suggest: float = 0.90
    review: float = 0.60
    doubt: float = 0.25
    """A share of 不予公开 above this, where 主动公开 is below `review`, keeps the paper closed until a person has looked."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between installations of the classifier."""

    data_home: Path
    """The folder that holds corpus/ and models/."""
    limits: Limits = field(default_factory=Limits)
    thresholds: Thresholds = field(default_factory=Thresholds)


def find_data_home(environment: Mapping[str, str]) -> Path:
    """The folder with corpus/ and models/: MISHEN_DATA_HOME, else beside the package, else sys.prefix/share/mishen.

    Raises:
        BadSettings: when none of them holds corpus/law.
    """
    named = environment.get("MISHEN_DATA_HOME")
    places = [Path(named)] if named else [Path(__file__).resolve().parents[2], Path(sys.prefix) / "share" / "mishen"]
    for place in places:
        if (place / "corpus" / "law").is_dir():
            return place
    raise BadSettings("找不到 corpus/ 和 models/ 数据目录。请用环境变量 MISHEN_DATA_HOME 指明。")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment (default os.environ). The only reader of the environment in `classifier`."""
    source = os.environ if environment is None else environment
    limits = Limits()
    seconds = source.get("MISHEN_FILE_SECONDS")
    if seconds:
        try:
            limits = Limits(seconds=float(seconds))
        except ValueError as error:
            raise BadSettings("MISHEN_FILE_SECONDS 应是秒数，例如 60。") from error
    return Settings(data_home=find_data_home(source), limits=limits)
