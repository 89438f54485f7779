"""One file of a batch: what a caged child makes of it, and what the parent takes of the answer.

`look` is the work of a child. `accept` is the parent's side: cheap, because it stands between every two files, and wary, because a
child may have been taken over by what it read: enums, lengths and counts are checked here, packed parts stay closed until somebody
needs them and their own reader checks them. Words of papers are sealed here, in the one process that holds the key.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier import pipeline
from classifier.core.assessment import Assessment, Attribute, Route
from classifier.core.document import Document
from classifier.core.finding import Finding, Grade, Severity
from classifier.core.problems import PROBLEMS
from classifier.holdings import blooms, keeping, recipes, verdicts
from classifier.holdings.keys import number_key, title_key
from classifier.holdings.ledger import Paper
from classifier.holdings.seal import Label, Seal
from classifier.judge import raise_by_members
from classifier.learn.likeness import sketch_one
from classifier.parse import read, read_text

_LEARNED = "model."
"""Rules whose findings only show what the model looked at."""
_SKETCH_BYTES = 512
_KEPT_BYTES = 64 << 20
_BLOOM_BYTES = 1 << 18
_PARTS = 5_000
_NAME = 1_024
"""Characters of a name inside a container or of a title: no honest one is longer, and longer ones are cut by the child."""
_HASH = re.compile(r"(?:[0-9a-f]{64})?\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_LEVELS = ("top_secret", "secret", "confidential", "unknown")
_GRADES = {grade.value: number for number, grade in enumerate((Grade.HINT, Grade.SUSPECTED, Grade.CONFIRMED))}
_SEVERITIES = {s.value: n for n, s in enumerate((Severity.INFO, Severity.REVIEW, Severity.REDACT, Severity.BLOCK))}
_ATTRIBUTES: dict[str | None, Attribute | None] = {None: None, **{a.value: a for a in Attribute}}
_ROUTES = {r.value: r for r in Route}


# --- the child's side


def warm() -> None:
    """Load what a child needs, before the cage closes.

    Raises:
        BadKnowledge, BadModel: data that cannot be trusted.
    """
    pipeline.warm()
    part = read_text("关于预热的通知\n各单位：\n　　请收悉。\n2026年4月2日\n", "text.txt")
    tell((part,), (pipeline.assess_document(part, pipeline.default_tools(), "text.txt"),))


def look(path: str) -> list[dict[str, Any]]:
    """The work of one child: a path in, one answer for each paper of the file out, the file itself first.

    A file with a state-secret marking anywhere in it gives one answer, without words（domain/02 §6.1）.
    """
    tools = pipeline.default_tools()
    parts = tuple(read(Path(path), tools.settings.limits).walk())
    family = tuple(pipeline.assess_document(part, tools, path) for part in parts)
    return tell(parts, (raise_by_members(family), *family[1:]))


def look_unread(path: str, code: str) -> list[dict[str, Any]]:
    """The answer for a file whose reader died, hung or ran out of memory: its name is all that is known."""
    return [_tell(0, pipeline.assess_unread(path, code), None)]


def tell(parts: Sequence[Document], family: Sequence[Assessment]) -> list[dict[str, Any]]:
    """Answers for the papers of one file; of a blocked file the first alone, and nothing that could be read."""
    if family[0].route is Route.BLOCKED:
        return [_tell(0, family[0], None)]
    return [_tell(number, said, part) for number, (said, part) in enumerate(zip(family, parts, strict=True))]


def _tell(number: int, said: Assessment, part: Document | None) -> dict[str, Any]:
    """One answer. `part` is None where nothing may be kept."""
    elements, mark = said.elements, said.elements.secret_marking
    today = dt.datetime.now().astimezone().date()
    told: dict[str, Any] = {
        "part": number,
        "sha256": said.sha256,
        "name": part.name[:_NAME] if part else "",
        "format": said.format,
        "pages": said.pages,
        "chars": said.chars,
        "attribute": said.attribute.value if said.attribute else None,
        "route": said.route.value,
        "confidence": said.confidence,
        "in_scope": said.in_scope,
        "kind": elements.doc_kind,
        "issued": elements.issue_date,
        "level": mark.level if mark else None,
        "period": mark.period[:40] if mark and mark.period else None,
        "declared": elements.declared_attribute,
        "problems": sorted({problem.code for problem in said.problems}),
        "counts": _count(said.findings),
        "label": None,
        "carried": None,
        "verdict": _pack(verdicts.pack(said, pipeline.default_tools().law, today)),
        "sketch": None,
        "bloom": None,
        "kept": None,
    }
    if part is None:
        return told
    told["label"] = {
        "title": _cut(elements.title),
        "number": _cut(elements.doc_no),
        "issuer": _cut(elements.issuer),
        "member": _cut(said.member),
    }
    told["carried"] = _cut(elements.forwarded.title) if elements.forwarded else None
    told["kept"] = _pack(keeping.pack(part, said.findings, _made_by(pipeline.default_tools())))
    sketched = sketch_one(visible_text(part))
    if sketched is not None:
        told["sketch"] = _pack(sketched.astype("<u4").tobytes())
    told["bloom"] = _pack(blooms.bloom(part.text))
    return told


_known: tuple[pipeline.Tools, str] | None = None


def _made_by(tools: pipeline.Tools) -> str:
    """`recipes.findings_key`, remembered for the tools of this process: hashing a rule book for every paper takes longer than its sketch."""
    global _known
    if _known is None or _known[0] is not tools:
        _known = (tools, recipes.findings_key(tools))
    return _known[1]


def visible_text(part: Document) -> str:
    """The text a reader of the paper sees, without the file's name and properties."""
    return "\n".join(part.text[b.span.start : b.span.end] for b in part.blocks if b.where.is_visible)


def _count(findings: Sequence[Finding]) -> dict[str, list[Any]]:
    """Findings by rule: how many, the surest grade and the gravest severity."""
    counts: dict[str, list[Any]] = {}
    for finding in findings:
        if finding.rule.startswith(_LEARNED):
            continue
        grade, severity = finding.grade, finding.severity  # text to JSON, and quicker than their values
        known = counts.setdefault(finding.rule, [0, grade, severity])
        known[0] += 1
        if _GRADES[grade] > _GRADES[known[1]]:
            known[1] = grade
        if _SEVERITIES[severity] > _SEVERITIES[known[2]]:
            known[2] = severity
    return counts


def _cut(words: str | None) -> str | None:
    return words[:_NAME] if words else None


def _pack(plain: bytes) -> str:
    return b2a_base64(plain, newline=False).decode("ascii")


# --- the parent's side


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is written of one answer: rows for the ledger, contents for the vault."""

    papers: tuple[Paper, ...]
    kept: tuple[tuple[bytes, bytes], ...] = ()


def accept(told: Any, seal: Seal) -> Accepted:  # noqa: ANN401 - whatever a child sent
    """The papers of one file as the ledger keeps them.

    Raises:
        ValueError, TypeError, LookupError, AttributeError: this is not how an honest child answers.
    """
    if not isinstance(told, list) or not 1 <= len(told) <= _PARTS:
        raise ValueError("no list of answers")
    kept: list[tuple[bytes, bytes]] = []
    papers = tuple(_accept(number, answer, seal, kept) for number, answer in enumerate(told))
    if len(papers) > 1 and any(p.route is Route.BLOCKED for p in papers):
        raise ValueError("a blocked file has one answer")
    return Accepted(papers, tuple(kept))


def _accept(number: int, told: dict[str, Any], seal: Seal, kept: list[tuple[bytes, bytes]]) -> Paper:
    route, attribute = _ROUTES[told["route"]], _ATTRIBUTES[told["attribute"]]
    blocked = route is Route.BLOCKED
    label = told["label"]
    words_left = [key for key in ("label", "kept", "sketch", "bloom", "carried") if told[key]]
    if told["part"] != number or blocked is not (attribute is None) or (blocked and words_left):
        raise ValueError("the answer contradicts itself")
    confidence, in_scope = told["confidence"], told["in_scope"]
    if not isinstance(in_scope, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        raise ValueError("no verdict")
    verdict = _open(told["verdict"], verdicts.LONGEST)
    if not verdicts.says(verdict, told["attribute"], told["route"], confidence):
        raise ValueError("the verdict tells another story")
    sha256 = bytes.fromhex(_match(_HASH, told["sha256"]))
    words = Label()
    if label is not None:
        words = Label(*(_maybe(label[key], _NAME) for key in ("title", "number", "issuer", "member")))
    vault = None
    if told["kept"] is not None:
        vault = keeping.vault_id(sha256, _word(told["name"], _NAME), words.member)
        kept.append((vault, _open(told["kept"], _KEPT_BYTES)))
    sketched = None if told["sketch"] is None else _open(told["sketch"], _SKETCH_BYTES)
    if sketched is not None and len(sketched) != _SKETCH_BYTES:
        raise ValueError("no sketch")
    return Paper(
        part=number,
        sha256=sha256,
        format=_word(told["format"], 20),
        pages=None if told["pages"] is None else _whole(told["pages"]),
        chars=_whole(told["chars"]),
        attribute=attribute,
        route=route,
        confidence=float(confidence),
        in_scope=in_scope,
        kind=_plain(told["kind"]),
        issued=None if told["issued"] is None else _match(_DAY, told["issued"]),
        level=None if told["level"] is None else _LEVELS[_LEVELS.index(told["level"])],
        period=_plain(told["period"]),
        declared=None if told["declared"] is None else Attribute(told["declared"]).value,
        problems=_problems(told["problems"]),
        counts=_counts(told["counts"]),
        number_key=number_key(seal, words.number) if words.number else None,
        title_key=title_key(seal, words.title) if words.title else None,
        carried_key=title_key(seal, carried) if (carried := _maybe(told["carried"], _NAME)) else None,
        label=None if label is None else seal.close_label(words),
        verdict=verdict,
        sketch=None if sketched is None else seal.blind(sketched),
        bloom=None if told["bloom"] is None else seal.close(_open(told["bloom"], _BLOOM_BYTES)),
        vault=vault,
    )


def _counts(told: Any) -> str:  # noqa: ANN401 - from a child
    """The counts as the ledger keeps them: JSON, in the order of the rule ids."""
    if not isinstance(told, dict) or len(told) > 2_000:
        raise ValueError("no counts")
    for rule, (count, grade, severity) in told.items():
        _word(rule, 200)
        if type(count) is not int or count < 1 or grade not in _GRADES or severity not in _SEVERITIES:
            raise ValueError("no counts")
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _problems(told: Any) -> tuple[str, ...]:  # noqa: ANN401 - from a child
    if not isinstance(told, list) or not all(code in PROBLEMS for code in told):
        raise ValueError("no problem that is known")
    return tuple(told)


def _word(told: Any, most: int) -> str:  # noqa: ANN401 - from a child
    if not isinstance(told, str) or len(told) > most:
        raise ValueError("no word")
    return told


def _maybe(told: Any, most: int) -> str | None:  # noqa: ANN401 - from a child
    return None if told is None else _word(told, most)


def _plain(told: Any) -> str | None:  # noqa: ANN401 - from a child
    """A short word that SQLite can hold: no half of a character."""
    word = _maybe(told, 40)
    if word is not None:
        word.encode()
    return word


def _match(pattern: re.Pattern[str], told: Any) -> str:  # noqa: ANN401 - from a child
    if not isinstance(told, str) or pattern.match(told) is None:
        raise ValueError("not of that shape")
    return told


def _whole(told: Any) -> int:  # noqa: ANN401 - from a child
    if type(told) is not int or not 0 <= told < 1 << 40:
        raise ValueError("no count")
    return told


def _open(told: Any, most: int) -> bytes:  # noqa: ANN401 - from a child
    if not isinstance(told, str) or len(told) > most * 2:
        raise ValueError("too long")
    return a2b_base64(told, strict_mode=True)
