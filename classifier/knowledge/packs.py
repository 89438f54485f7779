"""A bureau's own rule packs, beside the house rules: more rules, changed states, local regulations. A bad pack is left out whole.

A pack is a folder with pack.toml (who made it, which house rules it changes and why), *.toml (rules, as in corpus/rules), terms/
(word lists, open or sealed) and law/ (local regulations, as in corpus/law).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from classifier.core.errors import BadKnowledge
from classifier.core.finding import Category, Grade, Severity
from classifier.core.settings import Thresholds
from classifier.knowledge.law import Law, load_law
from classifier.knowledge.rules import Method, Pack, Refusal, Rule, RuleBook, RuleState, digest_of, load_rules, read_rules
from classifier.knowledge.tables import read_table, tables_in

_PREFIX = re.compile(r"[a-z][a-z0-9_]{1,30}")
_PACK_KEYS = frozenset({"prefix", "name", "version", "publisher", "description"})
_RULE_KEYS = frozenset(
    {
        "id", "version", "state", "method", "category", "type", "severity", "grade", "law", "why", "pattern", "terms", "term_files",
        "sealed_files", "validator", "places", "near", "not_near", "mask", "hits", "misses",
    }
)  # fmt: skip
_OVERRIDE_KEYS = frozenset({"rule", "state", "grade", "severity", "threshold", "value", "reason"})
_HOUSE_LINES = Thresholds()
_FAULTS = (TypeError, AttributeError, LookupError, ValueError, OverflowError, RecursionError, OSError)
"""What a file of the wrong shape can raise where no check foresaw it."""
VALIDATORS = frozenset({"id_card", "id_card_15", "uscc", "bank_card", "mobile", "landline", "vin", "hkid"})
"""Checks a rule may name; the detect room holds them, and a test holds both lists together."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The law and the rules of an installation: the house's, with the bureau's packs on top."""

    law: Law
    book: RuleBook


def load_knowledge(corpus: Path, packs: Path | None = None) -> Knowledge:
    """corpus/law, corpus/rules and corpus/terms, then every pack of a folder; bad packs stand in `book.refused`.

    Raises:
        BadKnowledge: the house's own data is bad.
    """
    law = load_law(corpus / "law")
    known = Knowledge(law, load_rules(corpus / "rules", corpus / "terms", law))
    return _install(known, pack_folders(packs))


def try_pack(corpus: Path, packs: Path | None, folder: Path) -> tuple[Knowledge, Knowledge]:
    """Before and after a pack: what is installed (its older version counts, if there is one), and that pack in place.

    Raises:
        BadKnowledge: the pack cannot be trusted.
    """
    house = load_knowledge(corpus)
    prefix = add_pack(house, folder).book.packs[-1].prefix
    installed = [place for place in pack_folders(packs) if place.resolve() != folder.resolve()]
    before = _install(house, installed)
    older = {pack.folder for pack in before.book.packs if pack.prefix == prefix}
    return before, add_pack(_install(house, [place for place in installed if place.name not in older]), folder)


def _install(known: Knowledge, folders: list[Path]) -> Knowledge:
    for folder in folders:
        try:
            known = add_pack(known, folder)
        except BadKnowledge as error:
            refusal = Refusal(folder.name, f"规则包 {folder.name} 没有装入：{error.message}")
            known = Knowledge(known.law, replace(known.book, refused=(*known.book.refused, refusal)))
    return known


def pack_folders(packs: Path | None) -> list[Path]:
    """The folders of a folder of packs that hold a pack.toml."""
    return sorted(path.parent for path in packs.glob("*/pack.toml")) if packs else []


def add_pack(known: Knowledge, folder: Path) -> Knowledge:
    """The knowledge with one more pack.

    Raises:
        BadKnowledge: anything in the pack that cannot be trusted; then nothing of it counts.
    """
    try:
        return _add(known, folder)
    except _FAULTS as error:  # a pack is a stranger's file: whatever is wrong with it, it costs the pack and not the house
        raise BadKnowledge(f"规则包格式有误（{type(error).__name__}），请对照说明检查各项的写法。") from error


def _add(known: Knowledge, folder: Path) -> Knowledge:
    if not (folder / "pack.toml").is_file():
        raise BadKnowledge(f"{folder.name} 里没有 pack.toml，不是规则包。")
    data = read_table(folder / "pack.toml")
    pack = _read_pack(data, folder)
    taken = {rule.id.partition(".")[0] for rule in known.book.rules} | {p.prefix for p in known.book.packs}
    if pack.prefix in taken:
        raise BadKnowledge(f"pack.toml：前缀 {pack.prefix} 已被使用，请换一个。")
    law = load_law(folder / "law", known.law)
    _check_law(law, known.law)
    changed = {rule.id: rule for rule in known.book.rules}
    lines = dict(known.book.lines)
    for entry in tables_in(data, "override", folder / "pack.toml"):
        _check_override(entry)
        if "threshold" in entry:
            _tighten(lines, entry)
        else:
            rule = _override(entry, changed)
            changed[rule.id] = rule
    masks = frozenset(rule.mask for rule in known.book.rules if rule.mask)
    own = {rule.id: rule for rule in _own_rules(folder, pack, law, masks)}
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in (".toml", ".txt", ".sealed"))
    book = RuleBook(
        (*changed.values(), *own.values()),
        _mix(known.book.version, digest_of(files)),
        (*known.book.packs, pack),
        known.book.refused,
        MappingProxyType(lines),
    )
    return Knowledge(law, book)


def _mix(version: str, other: str) -> str:
    """A version that names both."""
    return f"{int(version, 16) ^ int(other, 16):012x}"


def _read_pack(data: Mapping[str, Any], folder: Path) -> Pack:
    head = data.get("pack", {})
    if odd := set(data) - {"pack", "override"}:
        raise BadKnowledge(
            f"pack.toml：不认识 {'、'.join(sorted(odd))}；只能有 [pack] 和 [[override]]，规则写在另外的 .toml 文件里。"
        )
    if not isinstance(head, dict):
        raise BadKnowledge("pack.toml：pack 应写作 [pack]（一层方括号），下面各项每行一个。")
    missing, odd = _PACK_KEYS - set(head), set(head) - _PACK_KEYS
    if missing or odd:
        told = "、".join(sorted(missing or odd))
        raise BadKnowledge(f"pack.toml：[pack] {'缺少' if missing else '里不认识'} {told}。")
    if not all(isinstance(value, str) and value.strip() for value in head.values()):
        raise BadKnowledge('pack.toml：[pack] 的各项都应是不空的文字，例如 version = "1"。')
    if not _PREFIX.fullmatch(head["prefix"]):
        raise BadKnowledge(f"pack.toml：前缀 {head['prefix']} 应是小写字母开头的字母、数字或下划线，例如 lanjiang。")
    return Pack(head["prefix"], head["name"], head["version"], head["publisher"], head["description"], folder.name)


def _check_law(law: Law, house: Law) -> None:
    """What a local regulation shows to a reader is text."""
    for article in (a for i in law.articles if i not in house.articles for a in law.editions(i)):
        texts = (article.statute, article.place, article.gist)
        if not all(isinstance(text, str) and text.strip() for text in texts) or not isinstance(article.checked, bool):
            raise BadKnowledge(f"law：条文 {article.id} 的 name、place、gist 应是不空的文字，checked 应是 true 或 false。")


def _own_rules(folder: Path, pack: Pack, law: Law, masks: frozenset[str]) -> Iterator[Rule]:
    seen: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        if path.name == "pack.toml":
            continue
        for entry in tables_in(read_table(path), "rule", path):
            if odd := set(entry) - _RULE_KEYS:
                raise BadKnowledge(f"{path.name}：规则 {entry.get('id', '?')} 里不认识 {'、'.join(sorted(odd))}，请检查拼写。")
        for rule in read_rules(path, folder / "terms", law):
            _check_own(rule, pack, path, masks)
            if rule.id in seen:
                raise BadKnowledge(f"{path.name}：规则 {rule.id} 重复。")
            seen.add(rule.id)
            yield replace(rule, pack=pack.prefix)


def _check_own(rule: Rule, pack: Pack, path: Path, masks: frozenset[str]) -> None:
    if not rule.id.startswith(f"{pack.prefix}.") or rule.id == f"{pack.prefix}.":
        raise BadKnowledge(f"{path.name}：规则 {rule.id} 应以 {pack.prefix}. 开头。")
    if rule.method is Method.CODE:
        raise BadKnowledge(f"{path.name}：规则 {rule.id} 的 method 只能是 pattern 或 terms，不能是 code。")
    if rule.validator is not None and rule.validator not in VALIDATORS:
        raise BadKnowledge(f"{path.name}：规则 {rule.id} 的 validator 只能是 {'、'.join(sorted(VALIDATORS))}。")
    if rule.mask is not None and rule.mask not in masks:
        raise BadKnowledge(f"{path.name}：规则 {rule.id} 的 mask 只能是 {'、'.join(sorted(masks))}。")
    if rule.category is Category.STATE_SECRET and rule.severity is not Severity.BLOCK and rule.grade is not Grade.HINT:
        # where findings of one category overlap the surer one speaks: a surer remark must not hush a stop
        raise BadKnowledge(f"{path.name}：规则 {rule.id} 属于国家秘密标志，severity 应为 block，或者 grade 应为 hint。")
    if rule.severity is Severity.BLOCK and rule.category is not Category.STATE_SECRET:
        raise BadKnowledge(f"{path.name}：规则 {rule.id} 不能停止（block）：只有国家秘密标志才停止处理，请改为 review。")


def _check_override(entry: Mapping[str, Any]) -> None:
    told = entry.get("rule") or entry.get("threshold") or "?"
    if odd := set(entry) - _OVERRIDE_KEYS:
        raise BadKnowledge(f"pack.toml：对 {told} 的 [[override]] 里不认识 {'、'.join(sorted(odd))}。")
    if ("rule" in entry) == ("threshold" in entry):
        raise BadKnowledge("pack.toml：每个 [[override]] 写明一条规则（rule）或者一条把握线（threshold）。")
    if not isinstance(entry.get("reason"), str) or not entry["reason"].strip():
        raise BadKnowledge(f"pack.toml：对 {told} 的 [[override]] 没有写明理由（reason）。")
    for key in ("rule", "threshold", "state", "grade", "severity"):
        if key in entry and not isinstance(entry[key], str):
            raise BadKnowledge(f"pack.toml：对 {told} 的 [[override]] 里 {key} 应是文字，加引号。")


def _override(entry: Mapping[str, Any], rules: Mapping[str, Rule]) -> Rule:
    """A house rule in another state, or of another grade or severity."""
    rule = rules.get(entry["rule"])
    if rule is None or rule.pack:
        raise BadKnowledge(
            f"pack.toml：[[override]] 里的 {entry['rule']} 不是本系统自带的规则，请用 mishen rules list 查看编号。"
        )
    if rule.category is Category.STATE_SECRET and rule.severity is Severity.BLOCK:
        raise BadKnowledge(
            f"pack.toml：{rule.id} 是国家秘密标志的停止规则，任何规则包都不能停用、试用或者放宽。请删去这一条 [[override]]。"
        )
    if rule.override:
        raise BadKnowledge(f"pack.toml：{rule.id} 被改了两次，请只留一条 [[override]]。")
    if not {"state", "grade", "severity"} & set(entry):
        raise BadKnowledge(f"pack.toml：对 {rule.id} 的 [[override]] 没有写明改什么（state、grade 或 severity）。")
    if rule.category is Category.STATE_SECRET and {"grade", "severity"} & set(entry):
        raise BadKnowledge(f"pack.toml：{rule.id} 属于国家秘密标志，只能改 state，不能改 grade 和 severity。")
    try:
        changed = replace(
            rule,
            state=RuleState(entry.get("state", rule.state)),
            grade=Grade(entry.get("grade", rule.grade)),
            severity=Severity(entry.get("severity", rule.severity)),
            override=entry["reason"],
        )
    except ValueError as error:
        raise BadKnowledge(f"pack.toml：对 {rule.id} 的 [[override]] 取值有误：{error}") from error
    if rule.category is Category.STATE_SECRET and changed.state is not RuleState.ENABLED:
        raise BadKnowledge(
            f"pack.toml：{rule.id} 属于国家秘密标志，任何规则包都不能停用或者试用，只能启用。请删去这一条 [[override]]。"
        )
    if changed.severity is Severity.BLOCK:
        raise BadKnowledge(f"pack.toml：{rule.id} 不能改成停止（block）：只有国家秘密标志才停止处理。")
    return changed


def _tighten(lines: dict[str, float], entry: Mapping[str, Any]) -> None:
    """A confidence line may only become more careful than the house's: more papers go to a person, never fewer."""
    name, value = entry["threshold"], entry.get("value")
    house = getattr(_HOUSE_LINES, str(name), None) if name in Thresholds.__slots__ else None
    if house is None or not isinstance(value, float) or not 0.0 <= value <= 1.0:
        raise BadKnowledge(
            f"pack.toml：把握线 {name} 不认识，或者 value 不是 0 到 1 的小数；可改 {'、'.join(Thresholds.__slots__)}。"
        )
    falls = name == "doubt"
    if value > house if falls else value < house:
        raise BadKnowledge(f"pack.toml：把握线 {name} 只能改得更谨慎（{'不高于' if falls else '不低于'} {house}）。")
    lines[name] = min(value, lines.get(name, value)) if falls else max(value, lines.get(name, value))


def careful(thresholds: Thresholds, book: RuleBook) -> Thresholds:
    """The more careful of both: the installation's confidence lines and those of its packs."""
    names = {name: (min if name == "doubt" else max)(getattr(thresholds, name), value) for name, value in book.lines.items()}
    return replace(thresholds, **names)
