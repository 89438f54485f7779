"""Rules as data: what to look for, which article makes it matter, and the examples that prove it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from classifier.core.document import Where
from classifier.core.errors import BadKnowledge
from classifier.core.finding import Category, Grade, Severity
from classifier.knowledge.law import Law
from classifier.knowledge.sealed import SealedTerms, read_sealed
from classifier.knowledge.tables import read_table, tables_in


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
    sealed: tuple[SealedTerms, ...] = ()
    """Term lists that can be compared with, not read; such a rule needs no example, which would give a term away."""
    pack: str = ""
    """The bureau's pack it comes from; empty for a house rule."""
    override: str = ""
    """Why a bureau changed its state, grade or severity; empty where nobody did."""

    @property
    def citation(self) -> str:
        """`personal.id_card@1`, the stable name a finding carries."""
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Pack:
    """A bureau's own rules and changes, as its pack.toml names them."""

    prefix: str
    """Its rules are `prefix.name`."""
    name: str
    version: str
    publisher: str
    description: str
    folder: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pack that was left out, whole; the message says where the fault is and what to do."""

    folder: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    """All rules in file order, and one hash that names exactly this book. Equal only to itself, so it is a cheap cache key."""

    rules: tuple[Rule, ...]
    version: str
    packs: tuple[Pack, ...] = ()
    refused: tuple[Refusal, ...] = ()
    """Packs that could not be trusted; the others and the house rules work."""
    lines: Mapping[str, float] = field(default_factory=dict)
    """Confidence lines that a pack made more careful: a name of `core.settings.Thresholds` to its value."""
    trial: RuleBook | None = field(init=False, repr=False)
    """The rules on trial, enabled, and no other: what they find is recorded apart and moves nothing. None when none is on trial."""
    _enabled: tuple[Rule, ...] = field(init=False, repr=False)
    _by_id: Mapping[str, Rule] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_enabled", tuple(rule for rule in self.rules if rule.state is RuleState.ENABLED))
        object.__setattr__(self, "_by_id", {rule.id: rule for rule in self.rules})
        trial = None
        if any(rule.state is RuleState.EVALUATION for rule in self.rules):
            trial = RuleBook(tuple(replace(rule, state=_ON_TRIAL[rule.state]) for rule in self.rules), self.version)
        object.__setattr__(self, "trial", trial)

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
            raise BadKnowledge(f"规则库没有规则 {identifier}。请用 mishen rules list 查看全部规则。") from None

    def restate(self, states: Mapping[str, RuleState]) -> RuleBook:
        """The same book with other states, for trying out; its version stays, so it must never make a verdict that is kept."""
        return replace(self, rules=tuple(replace(rule, state=states.get(rule.id, rule.state)) for rule in self.rules))


_ON_TRIAL = {
    RuleState.ENABLED: RuleState.DISABLED,
    RuleState.EVALUATION: RuleState.ENABLED,
    RuleState.DISABLED: RuleState.DISABLED,
}


def _compile(source: str | None, name: str) -> re.Pattern[str] | None:
    if source is None:
        return None
    try:
        return re.compile(source, re.M)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadKnowledge(f"规则 {name} 的表达式有误：{error}") from error


_TEXTS = (
    "id", "state", "method", "category", "type", "severity", "grade", "why", "pattern", "near", "not_near", "mask", "validator",
)  # fmt: skip
_LISTS = ("law", "terms", "term_files", "sealed_files", "places", "hits", "misses")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _check_types(entry: Mapping[str, Any], name: str) -> None:
    """Every field is of its kind: what is not would break a paper later, or be looked for letter by letter."""
    for key in _TEXTS:
        if key in entry and not _is_text(entry[key]):
            raise BadKnowledge(f'规则 {name} 的 {key} 应是不空的文字，加引号，例如 {key} = "……"。')
    for key in _LISTS:
        if key in entry and not (isinstance(entry[key], list) and all(map(_is_text, entry[key]))):
            raise BadKnowledge(f'规则 {name} 的 {key} 应是方括号里的一组文字，每项不空、加引号，例如 {key} = ["……"]。')
    if "version" in entry and type(entry["version"]) is not int:
        raise BadKnowledge(f"规则 {name} 的 version 应是整数，不加引号，例如 version = 1。")


def _stay_inside(name: str) -> str:
    """The name of a term list, which lies in the pack's own folder and nowhere else."""
    if Path(name).name != name or name in (".", ".."):
        raise BadKnowledge(f"词表 {name} 的名称不对：词表只能放在规则包自己的 terms 文件夹里，只写文件名。")
    return name


def _read_terms(entry: Mapping[str, Any], terms_folder: Path) -> tuple[str, ...]:
    terms = list(entry.get("terms", []))
    for name in entry.get("term_files", []):
        _stay_inside(name)
        lines = (terms_folder / name).read_text(encoding="utf-8").splitlines()
        terms += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(dict.fromkeys(terms))


def _read_rule(entry: Mapping[str, Any], terms_folder: Path, law: Law) -> Rule:
    name = str(entry.get("id") or "?")
    _check_types(entry, name)
    try:
        rule = Rule(
            id=entry["id"],
            version=entry["version"],
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
            sealed=tuple(read_sealed(terms_folder / _stay_inside(name)) for name in entry.get("sealed_files", [])),
        )
    except KeyError as error:
        raise BadKnowledge(f"规则 {name} 缺少字段 {error}，请补上。") from error
    except (ValueError, TypeError, OSError) as error:
        raise BadKnowledge(f"规则 {name} 取值有误：{error}") from error
    for article in rule.law:
        law.article(article)
    nothing = (rule.method is Method.PATTERN and rule.pattern is None) or (
        rule.method is Method.TERMS and not rule.terms and not rule.sealed
    )
    if nothing:
        raise BadKnowledge(f"规则 {name} 没有写明要找什么（pattern、terms、term_files 或 sealed_files）。")
    if not rule.law or not (rule.hits or rule.sealed):
        raise BadKnowledge(f"规则 {name} 必须有法律依据（law）和至少一个命中例子（hits）。")
    return rule


def digest_of(paths: list[Path]) -> str:
    """One hash of the content of many files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _line_of(path: Path, identifier: object) -> int:
    """The line on which a rule names itself; 1 where it does not."""
    wanted = re.compile(rf"""^\s*id\s*=\s*(["']?){re.escape(str(identifier))}\1\s*(#|$)""")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if wanted.match(line)), 1)


def read_rules(path: Path, terms_folder: Path, law: Law) -> Iterator[Rule]:
    """The rules of one file.

    Raises:
        BadKnowledge: with file, line and rule.
    """
    for entry in tables_in(read_table(path), "rule", path):
        try:
            yield _read_rule(entry, terms_folder, law)
        except BadKnowledge as error:
            raise BadKnowledge(f"{path.name} 第 {_line_of(path, entry.get('id'))} 行：{error.message}") from error


def load_rules(folder: Path, terms_folder: Path, law: Law) -> RuleBook:
    """Read every rule file of a folder (corpus/rules) and its term lists (corpus/terms).

    Raises:
        BadKnowledge: a rule without law or example, with an unknown article, a bad pattern, or a repeated id.
    """
    rules: dict[str, Rule] = {}
    files = sorted(folder.glob("*.toml"))
    for path in files:
        for rule in read_rules(path, terms_folder, law):
            if rule.id in rules:
                raise BadKnowledge(f"{path.name}：规则 {rule.id} 重复。")
            rules[rule.id] = rule
    lists = sorted(terms_folder.glob("*.txt")) + sorted(terms_folder.glob("*.sealed"))
    return RuleBook(tuple(rules.values()), digest_of(files + lists))
