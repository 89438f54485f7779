"""Settings, read once at the edge and handed down as the part each room needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
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
    """Confidence lines: from `suggest` on a click confirms, below `review` a person starts from nothing (domain/09 §1).

    Chosen on held-out writers of our corpus: at these lines 99.5 % of the suggestions are right, and 2 of 1,445 papers that must not go
    out are suggested 主动公开 (at most 0.5 % with 95 % confidence). The guide's 0.9 was meant for scores nobody had calibrated.
    """

    suggest: float = 0.80
    suggest_active: float = 0.85
    """The line for 主动公开, which a certificate (`mishen models certify`) may raise or lower."""
    review: float = 0.60
    doubt: float = 0.25
    """A share of 不予公开 above this, where 主动公开 is below `review`, keeps the paper closed until a person has looked."""

    def line(self, attribute: str) -> float:
        """The confidence from which a click is enough to confirm `attribute`."""
        return self.suggest_active if attribute == "active" else self.suggest


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between installations of the classifier."""

    data_home: Path
    """The folder that holds corpus/ and models/."""
    limits: Limits = field(default_factory=Limits)
    thresholds: Thresholds = field(default_factory=Thresholds)
    packs: Path | None = None
    """The folder of the bureau's own rule packs; None when it has none."""


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


@lru_cache(maxsize=4)
def _home_named(named: str | None) -> Path:
    return find_data_home({} if named is None else {"MISHEN_DATA_HOME": named})


def data_home() -> Path:
    """The data home of this process, looked for once per value of MISHEN_DATA_HOME: detectors ask for every document.

    Raises:
        BadSettings: as `find_data_home`.
    """
    return _home_named(os.environ.get("MISHEN_DATA_HOME"))


def find_packs(environment: Mapping[str, str], data_home: Path) -> Path | None:
    """The folder of rule packs: MISHEN_RULES, else rules/ beside corpus/ where there is one.

    Raises:
        BadSettings: MISHEN_RULES names no folder.
    """
    named = environment.get("MISHEN_RULES")
    if named and not Path(named).is_dir():
        raise BadSettings("MISHEN_RULES 指明的规则包目录不存在。请改正，或者取消这个环境变量。")
    place = Path(named) if named else data_home / "rules"
    return place if place.is_dir() else None


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
    home = find_data_home(source)
    return Settings(data_home=home, limits=limits, packs=find_packs(source, home))
