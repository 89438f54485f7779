"""最有用的先看: how much a person's word on a paper would teach（active learning）. Pure; numbers and names of traits only.

Three things speak for a paper: the model is unsure, rules and model disagree, and nothing like it was decided yet. It is an order for
those who have time to choose; the queue's own order stays by date, because people wait behind the dates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DOUBT, DISPUTE, NOVELTY = 0.5, 0.3, 0.2
"""What each of the three counts: doubt is the best-proven measure（Settles 2009）, novelty keeps the list from showing one kind only."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of a waiting paper without its text."""

    no: str
    shares: tuple[float, ...] = ()
    """Probabilities of the attributes; empty where no model spoke."""
    learned: str | None = None
    """What the model alone says."""
    machine: str | None = None
    """What rules and model say together."""
    traits: frozenset[str] = frozenset()


def traits_of(title: str) -> frozenset[str]:
    """What a title is like: its pairs of neighbouring characters; the kind of document（文种）stands at its end."""
    words = "".join(c for c in title if not c.isspace() and not c.isdigit())
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def doubt(shares: tuple[float, ...]) -> float:
    """0 where the model is sure, 1 where all attributes are as likely (mean of entropy and lacking margin); 1 without a model."""
    if len(shares) < 2:
        return 1.0
    entropy = -sum(s * math.log(s) for s in shares if s > 0) / math.log(len(shares))
    first, second = sorted(shares, reverse=True)[:2]
    return (entropy + 1 - (first - second)) / 2


def novelty(traits: frozenset[str], decided: Mapping[str, int]) -> float:
    """1 where nothing of the paper was seen among decided ones, near 0 where all of it was seen often."""
    if not traits:
        return 1.0
    return sum(1 / (1 + decided.get(trait, 0)) for trait in traits) / len(traits)


def usefulness(sketch: Sketch, decided: Mapping[str, int]) -> float:
    """From 0 (teaches nothing) to 1.

    Args:
        sketch: the waiting paper.
        decided: how many decided papers have each trait.
    """
    disputed = sketch.learned is not None and sketch.learned != sketch.machine
    return DOUBT * doubt(sketch.shares) + DISPUTE * disputed + NOVELTY * novelty(sketch.traits, decided)


def most_useful(waiting: Iterable[Sketch], decided: Mapping[str, int]) -> list[str]:
    """Case numbers, most useful first; equal ones by number, so that the order stands still between two pages."""
    return [s.no for s in sorted(waiting, key=lambda s: (-round(usefulness(s, decided), 6), s.no))]
