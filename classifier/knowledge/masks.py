"""The bureau's masking table. In: corpus/policy/masks.toml. Out: a frozen MaskPolicy, refused at load when it names what nobody can do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from classifier.core.errors import BadKnowledge

STYLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "id_card": frozenset({"whole", "first6_last4", "last4"}),
        "mobile": frozenset({"first3_last4", "whole"}),
        "landline": frozenset({"area_last2", "whole"}),
        "bank_card": frozenset({"last4", "whole"}),
        "birth_date": frozenset({"year", "year_month", "whole"}),
        "name": frozenset({"surname_some", "surname_stars", "whole"}),
        "email": frozenset({"first_and_domain", "whole"}),
        "plate": frozenset({"region_last2", "whole"}),
        "ends": frozenset({"first_last2", "whole"}),
        "tail": frozenset({"first2", "whole"}),
        "address": frozenset({"village", "town", "county", "whole"}),
        "health": frozenset({"whole", "general"}),
    }
)
"""Every mask form and the styles it can take (domain/04 §5, 默认 and 备选)."""


@dataclass(frozen=True, slots=True)
class MaskPolicy:
    """One profile: which style each form takes."""

    name: str
    label: str
    styles: Mapping[str, str]
    compound_surnames: frozenset[str]
    warnings: tuple[str, ...] = ()
    """One Chinese sentence for each style of this profile that hides too little."""


def _resolve(name: str, profiles: Mapping[str, Mapping[str, Any]], seen: tuple[str, ...] = ()) -> dict[str, str]:
    """The styles of a profile, those of its base beneath."""
    if name not in profiles or name in seen:
        raise BadKnowledge(f"遮盖规范没有“{name}”这一档，或者它以自己为底。请检查 corpus/policy/masks.toml。")
    own = profiles[name]
    styles = _resolve(str(own["base"]), profiles, (*seen, name)) if "base" in own else {}
    styles |= {form: str(style) for form, style in own.items() if form not in ("profile", "label", "base")}
    return styles


def load_masks(path: Path, profile: str | None = None) -> MaskPolicy:
    """The active profile of a masking table (or the one asked for).

    Raises:
        BadKnowledge: unreadable table, unknown profile, unknown form or style, or a form without a style.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        profiles = {str(entry["profile"]): entry for entry in data["profile"]}
        name = profile or str(data["active"])
        compound = frozenset(map(str, data["compound_surnames"]))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadKnowledge(f"遮盖规范 {path.name} 读不出来：{error}") from error
    styles = _resolve(name, profiles)
    wrong = [f"{form}={style}" for form, style in styles.items() if style not in STYLES.get(form, ())]
    missing = sorted(set(STYLES) - set(styles))
    if wrong or missing:
        raise BadKnowledge(f"遮盖规范的“{name}”档有不认识的做法 {wrong} 或者缺少 {missing}。")
    weak = data.get("insufficient", {})
    warnings = tuple(str(weak[key]) for form, style in styles.items() if (key := f"{form}.{style}") in weak)
    label = str(profiles[name].get("label", name))
    return MaskPolicy(name, label, MappingProxyType(styles), compound, warnings)
