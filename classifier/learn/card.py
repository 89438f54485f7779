"""The model card (CARD.md) and its figures: what a model was trained on and how it did on papers it had not seen. No words of papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifier.core.assessment import Attribute
from classifier.learn.scorer import LABELS, to_scores
from classifier.learn.train import Fitted

_HEAD = (
    "Linear model (support vector machine, one per attribute) on hashed character 1-2-grams of title, head, body and tail, plus flags of",
    "structure and findings; a second one names the likeliest article. Temperature-scaled on held-out groups. Weights are float16",
    "npz without pickle; `scripts/train` (or `mishen train`) rebuilds them.",
)
_TAIL = (
    "Limits: trained on invented papers and, where named above, on the decisions of one bureau; Chinese only; reads the first 12,000",
    "characters; knows nothing of images. It suggests, people decide.",
)


@dataclass(frozen=True, slots=True)
class Taught:
    """What the card needs to know of one example: its label, and who wrote or sent it (`w3`, `decisions`)."""

    attribute: Attribute
    source: str


def said(fitted: Fitted) -> list[Attribute]:
    """The attribute each example was given by a fold that had not seen its group."""
    return [LABELS[i] for i in fitted.held_out.argmax(axis=1)]


def accuracy(fitted: Fitted, taught: Sequence[Taught]) -> float:
    """Held-out agreement."""
    return sum(a is t.attribute for a, t in zip(said(fitted), taught, strict=True)) / len(taught)


def calibration_error(fitted: Fitted, taught: Sequence[Taught], bins: int = 10) -> float:
    """Expected calibration error of the held-out probabilities after temperature."""
    scores = [to_scores(row / fitted.temperature) for row in fitted.held_out]
    confidence = np.array([s.of(s.best()) for s in scores])
    right = np.array([s.best() is t.attribute for s, t in zip(scores, taught, strict=True)])
    edges = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(confidence[edges == b].mean() - right[edges == b].mean()) * (edges == b).mean() for b in set(edges)))


def held_out_table(fitted: Fitted, taught: Sequence[Taught]) -> list[str]:
    """Held-out agreement by attribute and source."""
    labels = said(fitted)
    lines = ["| group | papers | agreement | leaks (withheld said active) |", "|---|---|---|---|"]
    groups: list[tuple[str, Callable[[Taught], bool]]] = [("all", lambda _: True)]
    groups += [(a.label, lambda t, a=a: t.attribute is a) for a in Attribute]  # type: ignore[misc] # the default binds a
    groups += [(s, lambda t, s=s: t.source == s) for s in sorted({t.source for t in taught})]  # type: ignore[misc] # as above
    for name, test in groups:
        chosen = [i for i, t in enumerate(taught) if test(t)]
        if chosen:
            right = sum(labels[i] is taught[i].attribute for i in chosen)
            leaks = sum(taught[i].attribute is Attribute.WITHHELD and labels[i] is Attribute.ACTIVE for i in chosen)
            lines.append(f"| {name} | {len(chosen)} | {right / len(chosen):.3f} | {leaks} |")
    return lines


def write_card(manifest: dict[str, Any], table: Sequence[str]) -> str:
    """CARD.md from the manifest and the table."""
    counts = ", ".join(f"{name} {count}" for name, count in sorted(manifest["attributes"].items()))
    lines = [
        f"# Model attribute/{manifest['version']}",
        "",
        *_HEAD,
        "",
        f"Papers of corpus/samples, which we wrote ourselves: {manifest['papers']}; corpus {manifest['corpus']}.",
    ]
    own = manifest["trained_on"]["decisions"]
    if own:
        kept = manifest["held_out"]
        lines += [
            f"Signed decisions of the bureau: {own}, each counted {manifest['trained_on']['weight']:g} times; fingerprint "
            f"{manifest['decisions']}. The last {kept['count']}",
            "by time were kept out: `mishen models compare` judges on them and on what is signed from now on.",
        ]
    return "\n".join(
        [
            *lines,
            f"Attributes: {counts}; temperature {manifest['temperature']}; held-out calibration error {manifest['held_out_ece']};",
            f"always saying the commonest attribute: {manifest['dummy_accuracy']:.3f}.",
            "",
            "Held out by writer and bureau (6 folds; decisions by unit). What is ours is invented: the figures on documents that real",
            "offices wrote are printed by `scripts/evaluate` and stand in README.md.",
            "",
            *table,
            "",
            *_TAIL,
            "",
        ]
    )
