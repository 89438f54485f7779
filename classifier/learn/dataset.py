"""The training papers of corpus/samples: text format in, frozen Samples out. The format is told in corpus/samples/README.md."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifier.core.assessment import Attribute
from classifier.core.document import Span
from classifier.core.errors import BadKnowledge
from classifier.core.finding import Category
from classifier.learn.numbers import MAKERS

_PAPER = re.compile(r"^={5,}[ \t]*$", re.M)
_HEAD_END = re.compile(r"^-{5,}[ \t]*$", re.M)
_MARK = re.compile(r"⟦(?P<plain>\+)?(?P<name>[a-z_.]+)(?:=(?P<hint>[^:⟧]*))?(?::(?P<words>[^⟧]*))?⟧")
_BASIS = re.compile(r"^(?:条例:(?:13|14|15|16\.[12]|19|20\.(?:1[0-5]|[1-9])|21)|党务公开|非政府信息)$")
_CATEGORIES = {c.value for c in Category}


@dataclass(frozen=True, slots=True)
class SampleSpan:
    """A sensitive passage marked by the writer."""

    span: Span
    category: Category
    type: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One training paper with its labels."""

    id: str
    writer: str
    text: str
    attribute: Attribute
    acceptable: frozenset[Attribute]
    kind: str
    basis: tuple[str, ...]
    in_scope: bool
    bureau: str
    year: int
    difficulty: int
    spans: tuple[SampleSpan, ...]
    pair: str | None = None


class BadSample(BadKnowledge):
    """A paper that does not follow the format; the message names the paper and what to mend."""

    code = "bad_sample"


def _fields(head: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _expand(raw: str, identifier: str) -> tuple[str, tuple[SampleSpan, ...]]:
    """The text with every mark replaced by its words, and the spans they cover."""
    chance = random.Random(identifier)  # noqa: S311 - reproducible invented numbers, not secrets
    out: list[str] = []
    spans: list[SampleSpan] = []
    at = length = 0
    for match in _MARK.finditer(raw):
        out.append(raw[at : match.start()])
        length += match.start() - at
        category, _, kind = match["name"].rpartition(".")
        words = match["words"]
        if words is None:
            if kind not in MAKERS:
                raise BadSample(f"{identifier}：⟦{match['name']}⟧ 没有生成器，请写成 ⟦类:文字⟧。")
            words = MAKERS[kind](chance, match["hint"] or "")
        if not match["plain"]:
            if category not in _CATEGORIES:
                raise BadSample(f"{identifier}：不认识的类别 {category!r}。")
            if "\n" in words:
                raise BadSample(f"{identifier}：标注不能跨行（{match['name']}）。")
            spans.append(SampleSpan(Span(length, length + len(words)), Category(category), kind))
        out.append(words)
        length += len(words)
        at = match.end()
    out.append(raw[at:])
    text = "".join(out)
    if "⟦" in text or "⟧" in text:
        raise BadSample(f"{identifier}：有没写完整的标注 ⟦…⟧。")
    return text, tuple(spans)


def _read_sample(chunk: str, writer: str) -> Sample:
    parts = _HEAD_END.split(chunk, maxsplit=1)
    if len(parts) != 2:
        raise BadSample(f"{writer}：缺少 ----- 分隔线：{parts[0].strip().splitlines()[0][:40]}")
    head = _fields(parts[0])
    identifier = head.get("id", "?")
    try:
        basis = tuple(b.strip() for b in re.split(r"[,，]", head["basis"]) if b.strip())
        text, spans = _expand(parts[1].strip("\n"), identifier)
        sample = Sample(
            id=head["id"],
            writer=writer,
            text=text,
            attribute=Attribute(head["attribute"]),
            acceptable=frozenset(Attribute(a.strip()) for a in head["acceptable"].split("|")),
            kind=head["kind"],
            basis=basis,
            in_scope={"yes": True, "no": False}[head["in_scope"]],
            bureau=head["bureau"],
            year=int(head["year"]),
            difficulty=int(head.get("difficulty", "2")),
            spans=spans,
            pair=head.get("pair"),
        )
    except (KeyError, ValueError) as error:
        raise BadSample(f"{identifier}：字段缺失或取值不对：{error}") from error
    wrong = [b for b in basis if not _BASIS.match(b)]
    if wrong or not basis:
        raise BadSample(f"{identifier}：basis 取值不对：{wrong or '空'}")
    if sample.attribute not in sample.acceptable:
        raise BadSample(f"{identifier}：acceptable 必须包含 attribute。")
    if len(sample.text.strip()) < 20:
        raise BadSample(f"{identifier}：正文太短。")
    return sample


def read_samples(path: Path) -> Iterator[Sample]:
    """The papers of one file, in file order.

    Raises:
        BadSample: at the first paper that does not follow the format.
    """
    writer = re.sub(r"[a-z]+$", "", path.stem)
    for chunk in _PAPER.split(path.read_text(encoding="utf-8")):
        if chunk.strip():
            yield _read_sample(chunk, writer)


def load_samples(folder: Path) -> tuple[Sample, ...]:
    """Every paper of corpus/samples, ids unique.

    Raises:
        BadSample: a paper that does not follow the format, or a repeated id.
    """
    samples: dict[str, Sample] = {}
    for path in sorted(folder.glob("*.txt")):
        for sample in read_samples(path):
            if sample.id in samples:
                raise BadSample(f"{path.name}：编号 {sample.id} 重复。")
            samples[sample.id] = sample
    return tuple(samples.values())


def fingerprint(folder: Path) -> str:
    """One hash over all sample files: the training-data version in a model's manifest."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.txt")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
