"""THE STORY: a file goes in, an Assessment comes out: parse -> structure -> detect -> score -> judge.

This is the first file to read. Each line of `assess_document` is one room; the rooms do not know each other.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import metadata
from pathlib import Path

from classifier import certificate
from classifier.core.assessment import Assessment, Partial, Provenance, Route
from classifier.core.document import Document, Problem
from classifier.core.finding import Finding, Severity
from classifier.core.settings import Settings, read_settings
from classifier.detect import detect, pattern, process, sayings
from classifier.detect.view import look
from classifier.judge import Case, join, judge, raise_by_members
from classifier.judge.case import Lesson
from classifier.knowledge import Law, RuleBook, careful, load_knowledge
from classifier.learn import Scorer, load_active
from classifier.learn.features import extract
from classifier.parse import read, read_text
from classifier.partial import find_partial
from classifier.structure import annotate

__all__ = [
    "Tools",
    "assess",
    "assess_document",
    "assess_family",
    "assess_parts",
    "assess_text",
    "assess_unread",
    "glance",
    "load_tools",
    "prepare",
    "read_family",
]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a process needs to assess: loaded once, never changed."""

    settings: Settings
    law: Law
    book: RuleBook
    scorer: Scorer | None
    """None when models/ holds no active model: then nothing is suggested and a person decides."""
    provenance: Provenance


@cache
def _code_version() -> str:
    """The release, and a hash of the programs as they lie here: a verdict names the very code that made it."""
    home = Path(__file__).parent
    programs = hashlib.sha256()
    for program in sorted(home.rglob("*.py")):
        programs.update(program.read_bytes())
    try:
        release = metadata.version("mishen")
    except metadata.PackageNotFoundError:
        release = "0"
    return f"{release}+{programs.hexdigest()[:8]}"


def load_tools(settings: Settings, *, with_model: bool = True) -> Tools:
    """Law, rules and model from `settings.data_home`.

    Raises:
        BadKnowledge, BadModel: data that cannot be trusted (nothing is assessed with it).
    """
    known = load_knowledge(settings.data_home / "corpus", settings.packs)
    law, book = known.law, known.book
    models = settings.data_home / "models"
    has_model = with_model and (models / "attribute" / "ACTIVE").exists()
    scorer = load_active(models) if has_model else None
    made_by = Provenance(_code_version(), book.version, scorer.version if scorer else "none")
    held = certificate.read(models / scorer.version) if scorer else None
    lines = certificate.certified(settings.thresholds, held, made_by)
    return Tools(replace(settings, thresholds=careful(lines, book)), law, book, scorer, made_by)


@cache
def default_tools() -> Tools:
    """The tools of this installation, loaded once per process."""
    return load_tools(read_settings())


_WARMING = "关于预热的通知\n各单位：\n　　（一）Ａ１ 联系人张三，电话010-12345678。\n2026年4月2日\n"


def warm() -> None:
    """Load now what a child needs later: the tools and every reader, some of which look for libraries that a cage hides.

    Raises:
        BadKnowledge, BadModel: data that cannot be trusted.
    """
    default_tools()
    for reader in pkgutil.iter_modules(importlib.import_module("classifier.parse").__path__, "classifier.parse."):
        with suppress(ImportError):  # an optional library is missing; its formats will be told as unread
            importlib.import_module(reader.name)
    assess_text(_WARMING)  # patterns and tables that are made at first use


def prepare(document: Document, tools: Tools) -> tuple[Document, tuple[Finding, ...]]:
    """Structure and detect: what both the judge and the training need of a document."""
    annotated = annotate(document)
    return annotated, detect(annotated, tools.book)


def _learn(document: Document, findings: tuple[Finding, ...], tools: Tools) -> Lesson | None:
    scorer = tools.scorer
    if scorer is None:
        return None
    features = extract(document, findings)
    return Lesson(scorer.score_features(features), partial(scorer.find_basis, features), partial(scorer.find_telling, document))


def assess_document(document: Document, tools: Tools, source: str, found: tuple[Finding, ...] | None = None) -> Assessment:
    """The Assessment of a document that has been read, with the smallest masking that would open it where it is closed.

    `found`: what these rules are known to find in it, where that was kept from an earlier time; it is not searched again then.
    """
    assessment = _assess_as_it_is(document, tools, source, found)
    opening = _find_partial(document, assessment, tools, source)
    shadow = _watch(document, assessment, tools)
    return replace(assessment, partial=opening, shadow=shadow) if opening or shadow else assessment


_BY_WORDS = (pattern.detect, sayings.detect, process.detect)
"""The detectors that read a passage by its own words, and need no more of the paper than its kind."""


def _find_partial(document: Document, assessment: Assessment, tools: Tools, source: str) -> Partial | None:
    def smell(lines: Document) -> list[Finding]:
        view = look(lines)
        return [finding for detector in _BY_WORDS for finding in detector(view, tools.book)]

    return find_partial(document, assessment, lambda masked: _assess_as_it_is(masked, tools, source, in_short=True), smell)


def _watch(document: Document, assessment: Assessment, tools: Tools) -> tuple[Finding, ...]:
    """What the rules on trial find, after the verdict: they cannot move it, and cost nothing where there are none."""
    if tools.book.trial is None or assessment.route is Route.BLOCKED:
        return ()
    return prepare(document, replace(tools, book=tools.book.trial))[1]


def _assess_as_it_is(
    document: Document, tools: Tools, source: str, found: tuple[Finding, ...] | None = None, *, in_short: bool = False
) -> Assessment:
    """The Assessment without what only the screen needs; in short also without the sentence that tells most."""
    document, findings = prepare(document, tools) if found is None else (annotate(document), found)
    blocked = any(f.severity is Severity.BLOCK for f in findings)
    lesson = None if blocked else _learn(document, findings, tools)
    if lesson and in_short:
        lesson = replace(lesson, telling=lambda _: None)
    return judge(Case(document, findings, lesson, tools.law, tools.settings.thresholds), source, tools.provenance)


def assess_family(path: Path | str, *, name: str | None = None, tools: Tools | None = None) -> tuple[Assessment, ...]:
    """Assess one file and every file inside it: the outer one first, raised by its worst member. Never raises for a bad file.

    Args:
        path: the file; its content decides how it is read, not its extension.
        name: the name the file had for its owner, when it is stored under another.
        tools: law, rules and model; the installation's own by default.

    Raises:
        BadKnowledge, BadModel: when corpus/ or models/ cannot be trusted.
    """
    family = _family(path, name, tools or default_tools())
    outer = raise_by_members(family)
    # A marking anywhere stops the whole file: nothing is said of its other members, not even their names（domain/02 §6.1）.
    return (outer,) if outer.route is Route.BLOCKED else (outer, *family[1:])


def _family(path: Path | str, name: str | None, tools: Tools) -> tuple[Assessment, ...]:
    document = read(Path(path), tools.settings.limits, name=name)
    source = str(path) if name is None else name
    return tuple(assess_document(part, tools, source) for part in document.walk())


def assess_parts(path: Path | str, *, name: str, tools: Tools) -> tuple[Assessment, tuple[Document, ...]]:
    """As `assess`, with the documents that were read: a candidate model may look at them too, without a second reading."""
    parts = tuple(read(Path(path), tools.settings.limits, name=name).walk())
    return join(tuple(assess_document(part, tools, name) for part in parts)), parts


def glance(parts: Sequence[Document], tools: Tools, source: str) -> Assessment:
    """The verdict on documents that have been read, without what only the screen needs (maskings, rules on trial)."""
    return join(tuple(_assess_as_it_is(part, tools, source) for part in parts))


def assess(path: Path | str, *, name: str | None = None, tools: Tools | None = None) -> Assessment:
    """Assess one file with all that is inside it as one: one text, the worst member's attribute (arguments as assess_family)."""
    return join(_family(path, name, tools or default_tools()))


def assess_text(text: str, name: str = "text.txt", *, tools: Tools | None = None) -> Assessment:
    """Assess a text that is already in memory, as if it were the file `name`."""
    return assess_document(read_text(text, name), tools or default_tools(), source=name)


def read_family(path: Path | str, *, tools: Tools | None = None) -> tuple[Document, ...] | None:
    """Everything read of one file and of the files inside it; None when a state-secret marking stands anywhere in it.

    For looking at what was read (`mishen read`), not for judging.
    """
    chosen = tools or default_tools()
    documents = tuple(read(Path(path), chosen.settings.limits).walk())
    marked = any(f.severity is Severity.BLOCK for d in documents for f in prepare(d, chosen)[1])
    return None if marked else documents


def assess_unread(source: str, code: str, *, tools: Tools | None = None) -> Assessment:
    """The Assessment of a file whose reader died or ran out of time: nothing known, a person decides."""
    chosen = tools or default_tools()
    path = Path(source)
    digest = ""
    if path.is_file():  # no pipe or device: opening one may never end
        with suppress(OSError), path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    named = read_text("", path.name)  # the name is the only thing known, and it may itself carry a mark
    document, findings = prepare(replace(named, sha256=digest, format="unknown", problems=(Problem(code),)), chosen)
    return judge(Case(document, findings, None, chosen.law, chosen.settings.thresholds), source, chosen.provenance)
