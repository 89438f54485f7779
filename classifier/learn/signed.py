"""A decision that people of a bureau signed, as training and comparison see it: the paper, the attribute, when and in which unit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from classifier.core.assessment import Attribute
from classifier.core.text import fold
from classifier.learn.scorer import BASES


@dataclass(frozen=True, slots=True)
class SignedDecision:
    """One finished case: what it said, and the attribute under which the last name stands."""

    number: str
    text: str = field(repr=False)
    places: tuple[tuple[int, int, str], ...]
    attribute: Attribute
    basis: tuple[str, ...]
    unit: str
    year: int | None
    """Of the paper."""
    at: str
    """When it was signed, UTC."""
    machine: Attribute | None = None
    """What the active model of that day said."""
    model: str = ""
    """That model, `attribute/1`."""
    beside: Mapping[str, Attribute] = field(default_factory=dict)
    """What candidates said at the same time, by model."""

    @property
    def mark(self) -> str:
        """The case's number as a manifest may keep it: a hash."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]

    @property
    def article(self) -> str:
        """The first named article that can carry the attribute; empty where none was named."""
        return next((b for b in self.basis if b in BASES[self.attribute]), "")


def digest(text: str) -> str:
    """One value for texts that differ in spaces and widths only."""
    return hashlib.sha256("".join(fold(text).split()).encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(decisions: Iterable[SignedDecision]) -> str:
    """One hash over the decisions: which ones, on which text, with which attribute."""
    whole = hashlib.sha256()
    for line in sorted(f"{d.mark} {d.attribute.value} {digest(d.text)}" for d in decisions):
        whole.update(line.encode())
    return whole.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Split:
    """Decisions to learn from, and the last ones by time, which no training sees."""

    taught: tuple[SignedDecision, ...]
    held_out: tuple[SignedDecision, ...]


def split_by_time(decisions: Iterable[SignedDecision], share: float) -> Split:
    """Keep the last `share` out. Of equal texts the newest counts, so that none stands on both sides."""
    newest: dict[str, SignedDecision] = {}
    for decision in sorted(decisions, key=lambda d: (d.at, d.number)):
        newest.pop(digest(decision.text), None)
        newest[digest(decision.text)] = decision
    ordered = tuple(newest.values())
    cut = len(ordered) - round(len(ordered) * share)
    return Split(ordered[:cut], ordered[cut:])
