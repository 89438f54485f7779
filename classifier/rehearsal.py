"""`mishen rules dry-run`: what would change before a rule or a pack is enabled. Each paper is read once and judged twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from classifier import pipeline
from classifier.core.assessment import Assessment, Attribute, Route
from classifier.core.document import Block, Document, Span, Where
from classifier.core.settings import read_settings
from classifier.knowledge import Knowledge, RuleState, careful, load_knowledge
from classifier.knowledge.packs import try_pack
from classifier.parse import read
from classifier.pipeline import Tools, assess_document, load_tools

StoredPaper = tuple[str, str, list[tuple[int, int, str]]]
"""Case number, text, and the places of what is not body text, as the review store keeps them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The two books a paper is judged with."""

    before: Tools
    after: Tools


@dataclass(frozen=True, slots=True)
class Target:
    """What is tried out: one rule of the book, or a folder with a pack."""

    rule: str | None = None
    pack: str | None = None


def _enabled(known: Knowledge, prefix: str) -> Knowledge:
    """With every rule of a pack that is on trial enabled: that is what the rehearsal is for."""
    waiting = {r.id: RuleState.ENABLED for r in known.book.rules if r.pack == prefix and r.state is RuleState.EVALUATION}
    return Knowledge(known.law, known.book.restate(waiting))


@cache
def plan(target: Target) -> Plan:
    """The books before and after.

    Raises:
        BadKnowledge: there is no such rule, or the pack cannot be trusted.
    """
    settings = read_settings()
    base = load_tools(replace(settings, packs=None))
    if target.pack is not None:
        before, after = try_pack(settings.data_home / "corpus", settings.packs, Path(target.pack))
        after = _enabled(after, after.book.packs[-1].prefix)
    else:
        known = load_knowledge(settings.data_home / "corpus", settings.packs)
        rule = known.book.by_id(target.rule or "").id
        before = Knowledge(known.law, known.book.restate({rule: RuleState.DISABLED}))
        after = Knowledge(known.law, known.book.restate({rule: RuleState.ENABLED}))
    return Plan(_with(base, before), _with(base, after))


def _with(base: Tools, known: Knowledge) -> Tools:
    lines = careful(base.settings.thresholds, known.book)
    book = replace(known.book, rules=known.book.rules)
    return replace(base, law=known.law, book=book, settings=replace(base.settings, thresholds=lines))


def _verdict(assessment: Assessment) -> dict[str, Any]:
    return {
        "attribute": assessment.attribute.value if assessment.attribute else None,
        "route": assessment.route.value,
        "confidence": assessment.confidence,
        "findings": dict(Counter(f.rule for f in assessment.findings if f.rule.partition(".")[0] != "model")),
    }


def compare(document: Document, books: Plan, source: str) -> dict[str, Any]:
    """Both verdicts on one paper, without a word of it."""
    both = [_verdict(assess_document(document, tools, source)) for tools in (books.before, books.after)]
    return {"source": source, "sha256": document.sha256, "before": both[0], "after": both[1]}


def rehearse_file(item: tuple[str, Target]) -> list[dict[str, Any]]:
    """The work of one caged child: a file and everything inside it."""
    path, target = item
    books = plan(target)
    family = list(read(Path(path), books.before.settings.limits).walk())
    return [{**compare(document, books, path), "part": number} for number, document in enumerate(family)]


def accept(item: tuple[str, Target], told: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever a child sent
    """The rows of this very file, or ValueError and the like: a child may be taken over by what it reads."""
    if not isinstance(told, list) or not told or any(row["source"] != item[0] for row in told):
        raise ValueError("not an answer to what was asked")
    for row in told:
        for verdict in (row["before"], row["after"]):
            Route(verdict["route"])
            if verdict["attribute"] is not None:
                Attribute(verdict["attribute"])
            if not all(isinstance(k, str) and isinstance(v, int) for k, v in verdict["findings"].items()):
                raise ValueError("not counts")
    return told


def rehearse_files(paths: Iterable[str], target: Target, jobs: int = 1) -> Iterator[dict[str, Any]]:
    """Rows of all files; a file whose reader dies gives a row with `error`."""
    from classifier.batch import run

    seconds = read_settings().limits.seconds * 2
    items = ((path, target) for path in paths)
    for outcome in run(rehearse_file, items, jobs=jobs, seconds=seconds, accept=accept, warm=pipeline.warm):
        if outcome.value is None:
            yield {"source": outcome.item[0], "part": 0, "error": outcome.error or "internal"}
        else:
            yield from outcome.value


def stored_document(text: str, places: list[tuple[int, int, str]]) -> Document:
    """A Document from what the review store keeps: the text line by line, each line where it stood."""
    blocks, start = [], 0
    named = sorted((a, b, Where(where)) for a, b, where in places)
    for line in text.splitlines(keepends=True):
        span = Span(start, start + len(line.rstrip("\n")))
        where = next((w for a, b, w in named if a < span.end and span.start < b), Where.BODY)
        if span.end > span.start:
            blocks.append(Block(span, where))
        start += len(line)
    return Document(sha256="", name="", format="txt", text=text, blocks=tuple(blocks))


def rehearse_store(papers: Iterable[StoredPaper], target: Target) -> Iterator[dict[str, Any]]:
    """Rows of the papers of a review store, by case number. Their text was read in a cage when they came in."""
    books = plan(target)
    for number, text, places in papers:
        yield {**compare(stored_document(text, places), books, number), "part": None}


def is_changed(row: dict[str, Any]) -> bool:
    """Whether findings, attribute or route differ."""
    if "error" in row:
        return False
    return any(row["before"][key] != row["after"][key] for key in ("attribute", "route", "findings"))
