"""Rules as data: what to look for, which article makes it matter, and the examples that prove it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from classifier.core.document import Where
from classifier.core.errors import BadKnowledge
from classifier.core.finding import Category, Grade, Severity
from classifier.knowledge.law import Law


class RuleState(StrEnum):
    """`evaluation` runs in shadow: recorded, shown to nobody, measured against decisions."""

    ENABLED = "enabled"
    EVALUATION = "evaluation"
    DISABLED = "disabled"


class Method(StrEnum):
    """How a rule finds its passages."""

    PATTERN = "pattern"
    """A regular expression on the folded text; group `hit` (else the whole match) is the span."""
    TERMS = "terms"
    """A list of words, matched in one pass with all other lists."""
    CODE = "code"
    """A function of the detect room, named by the rule id; the rule holds its words and examples."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of corpus/rules."""

    id: str
    version: int
    state: RuleState
    method: Method
    category: Category
    type: str
    severity: Severity
    grade: Grade
    law: tuple[str, ...]
    why: str
    """One plain Chinese sentence shown with each finding."""
    pattern: re.Pattern[str] | None = None
    terms: tuple[str, ...] = ()
    validator: str | None = None
    """Name of a three-valued check in detect.validators (True confirmed, False dropped, None suspected)."""
    places: frozenset[Where] | None = None
    """Places where the rule looks; None means everywhere."""
    near: re.Pattern[str] | None = None
    """Must match in the same sentence or line (about 40 characters around)."""
    not_near: re.Pattern[str] | None = None
    """Must not match there: the harmless uses of the same words."""
    mask: str | None = None
    """Name of a mask form in detect.masks."""
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    @property
    def citation(self) -> str:
        """`personal.id_card@1`, the stable name a finding carries."""
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    """All rules in file order, and one hash that names exactly this book. Equal only to itself, so it is a cheap cache key."""

    rules: tuple[Rule, ...]
    version: str
    _enabled: tuple[Rule, ...] = field(init=False, repr=False)
    _by_id: Mapping[str, Rule] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_enabled", tuple(rule for rule in self.rules if rule.state is RuleState.ENABLED))
        object.__setattr__(self, "_by_id", {rule.id: rule for rule in self.rules})

    def active(self) -> tuple[Rule, ...]:
        """The enabled rules."""
        return self._enabled

    def by_id(self, identifier: str) -> Rule:
        """The rule with this id.

        Raises:
            BadKnowledge: when there is none.
        """
        try:
            return self._by_id[identifier]
        except KeyError:
            raise BadKnowledge(f"规则库没有规则 {identifier}。请用 mishen rules 查看全部规则。") from None


def _compile(source: str | None, name: str) -> re.Pattern[str] | None:
    if source is None:
        return None
    try:
        return re.compile(source, re.M)
    except re.error as error:
        raise BadKnowledge(f"规则 {name} 的表达式有误：{error}") from error


def _read_terms(entry: Mapping[str, Any], terms_folder: Path) -> tuple[str, ...]:
    terms = list(entry.get("terms", []))
    for name in entry.get("term_files", []):
        lines = (terms_folder / name).read_text(encoding="utf-8").splitlines()
        terms += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(dict.fromkeys(terms))


def _read_rule(entry: Mapping[str, Any], terms_folder: Path, law: Law) -> Rule:
    name = str(entry.get("id", "?"))
    try:
        rule = Rule(
            id=entry["id"],
            version=int(entry["version"]),
            state=RuleState(entry.get("state", "enabled")),
            method=Method(entry["method"]),
            category=Category(entry["category"]),
            type=entry["type"],
            severity=Severity(entry["severity"]),
            grade=Grade(entry.get("grade", "confirmed")),
            law=tuple(entry["law"]),
            why=entry["why"],
            pattern=_compile(entry.get("pattern"), name),
            terms=_read_terms(entry, terms_folder),
            validator=entry.get("validator"),
            places=frozenset(map(Where, entry["places"])) if "places" in entry else None,
            near=_compile(entry.get("near"), name),
            not_near=_compile(entry.get("not_near"), name),
            mask=entry.get("mask"),
            hits=tuple(entry.get("hits", [])),
            misses=tuple(entry.get("misses", [])),
        )
    except (KeyError, ValueError, OSError) as error:
        raise BadKnowledge(f"规则 {name} 不完整或取值有误：{error}") from error
    for article in rule.law:
        law.article(article)
    if (rule.method is Method.PATTERN and rule.pattern is None) or (rule.method is Method.TERMS and not rule.terms):
        raise BadKnowledge(f"规则 {name} 没有写明要找什么。")
    if not rule.law or not rule.hits:
        raise BadKnowledge(f"规则 {name} 必须有法律依据和至少一个命中例子。")
    return rule


def load_rules(folder: Path, terms_folder: Path, law: Law) -> RuleBook:
    """Read every rule file of a folder (corpus/rules) and its term lists (corpus/terms).

    Raises:
        BadKnowledge: a rule without law or example, with an unknown article, a bad pattern, or a repeated id.
    """
    rules: dict[str, Rule] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        raw = path.read_bytes()
        digest.update(raw)
        try:
            data = tomllib.loads(raw.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadKnowledge(f"{path.name} 不是正确的 TOML：{error}") from error
        for entry in data.get("rule", []):
            rule = _read_rule(entry, terms_folder, law)
            if rule.id in rules:
                raise BadKnowledge(f"{path.name}：规则 {rule.id} 重复。")
            rules[rule.id] = rule
    for path in sorted(terms_folder.glob("*.txt")):
        digest.update(path.read_bytes())
    return RuleBook(tuple(rules.values()), digest.hexdigest()[:12])
