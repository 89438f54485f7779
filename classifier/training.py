"""Training: papers of corpus/samples and the bureau's signed decisions -> examples -> fitted model -> a folder of models/attribute.

Nothing at run time imports this module; `mishen train` and `scripts/train` share it. No word of a paper reaches manifest, card or log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.core.assessment import Attribute
from classifier.core.document import Document
from classifier.core.errors import ClassifierError, ExitCode
from classifier.core.finding import Severity
from classifier.core.settings import Settings
from classifier.learn import card, dataset, features, registry
from classifier.learn.card import Taught
from classifier.learn.scorer import BASES, LABELS, Scorer, to_scores
from classifier.learn.signed import SignedDecision, Split, digest, fingerprint, split_by_time
from classifier.learn.suspects import Suspect, find_suspects
from classifier.learn.train import FOLDS, Example, Fitted, fit
from classifier.parse import read_text
from classifier.pipeline import Tools, load_tools, prepare
from classifier.rehearsal import stored_document

LEAST_DECISIONS = 30
"""Fewer teach nothing and their last fifth measures nothing."""

_USUAL = {Attribute.ACTIVE: "条例:19", Attribute.ON_REQUEST: "条例:13", Attribute.WITHHELD: "条例:16.1"}


class CannotTrain(ClassifierError):
    """Too little to learn from; the message says what is missing."""

    code = "cannot_train"
    exit_code = ExitCode.BAD_DATA


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be chosen for one training."""

    version: str
    strength: float = 1.0
    seed: int = 7
    weight: float = 3.0
    """How much a signed decision counts beside a paper of the corpus: invented papers are many, the bureau's own practice is what counts."""
    held_out: float = 0.2
    """Share of the decisions, the last by time, that no training sees."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of one training."""

    folder: Path
    manifest: dict[str, Any]
    table: tuple[str, ...]
    suspects: tuple[tuple[str, Suspect], ...]
    """Case number (or id of the corpus paper) and what is suspect of its label."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples with what the card and the suspects need beside them."""

    examples: tuple[Example, ...]
    taught: tuple[Taught, ...]
    ids: tuple[str, ...]

    def __add__(self, other: Prepared) -> Prepared:
        return Prepared(self.examples + other.examples, self.taught + other.taught, self.ids + other.ids)


def article_of(sample: dataset.Sample) -> str:
    """The first basis that can carry the sample's attribute (papers out of scope teach the nearest one)."""
    return next((b for b in sample.basis if b in BASES[sample.attribute]), _USUAL[sample.attribute])


def _features(document: Document, tools: Tools) -> features.Features | None:
    """As the product itself would see it; None where a secrecy marking stops the paper: nothing is learned from such a text."""
    annotated, findings = prepare(document, tools)
    if any(f.severity is Severity.BLOCK for f in findings):
        return None
    return features.extract(annotated, findings)


def prepare_samples(samples: Sequence[dataset.Sample], tools: Tools) -> Prepared:
    """The papers of corpus/samples; ours carry marks on purpose, and are kept as they are."""
    examples, taught = [], []
    for sample in samples:
        document, findings = prepare(read_text(sample.text, "文书.txt"), tools)
        group = f"{sample.writer}/{sample.bureau}"
        examples.append(Example(features.extract(document, findings), sample.attribute, article_of(sample), group))
        taught.append(Taught(sample.attribute, sample.writer))
    return Prepared(tuple(examples), tuple(taught), tuple(s.id for s in samples))


def prepare_decisions(decisions: Sequence[SignedDecision], tools: Tools, weight: float) -> Prepared:
    """Signed decisions, grouped by unit; where the bureau names too few units to hold one out, each paper stands for itself."""
    by_unit = len({d.unit for d in decisions if d.unit}) >= FOLDS
    examples, taught, ids = [], [], []
    for decision in decisions:
        seen = _features(stored_document(decision.text, list(decision.places)), tools)
        if seen is None:
            continue
        group = f"unit/{decision.unit or decision.mark}" if by_unit else f"paper/{decision.mark}"
        examples.append(Example(seen, decision.attribute, decision.article, group, weight))
        taught.append(Taught(decision.attribute, "decisions"))
        ids.append(decision.number)
    return Prepared(tuple(examples), tuple(taught), tuple(ids))


def require_enough(decisions: Sequence[SignedDecision], split: Split) -> None:
    """Refuse a training that would teach next to nothing.

    Raises:
        CannotTrain: too few decisions, or an attribute that none of those to be learned from has.
    """
    count = len(split.taught) + len(split.held_out)
    if count < LEAST_DECISIONS:
        again = len(decisions) - count
        same = f"（另有 {again} 件与别的件文字相同，不重复计）" if again else ""
        raise CannotTrain(f"已办结的决定只有 {count} 件{same}，至少要 {LEAST_DECISIONS} 件才能训练。请在办结更多文件后再试。")
    missing = [a.label for a in Attribute if all(d.attribute is not a for d in split.taught)]
    if missing:
        raise CannotTrain(
            f"可用来训练的 {len(split.taught)} 件决定里没有“{'”“'.join(missing)}”的文件，学不到区别。请在办结这类文件后再试。"
        )


def train(plan: Plan, settings: Settings, decisions: Sequence[SignedDecision] | None = None) -> Trained:
    """Train a model and write its folder. It is not activated and not put on trial: that is for the caller to say.

    Args:
        plan: version, strength, seed, weight of decisions, share held out.
        settings: where corpus/ and models/ lie.
        decisions: signed decisions of a store; None trains on corpus/samples alone.

    Raises:
        CannotTrain: too few decisions, or one attribute is missing.
        BadKnowledge, BadModel: data that cannot be trusted, or models/ that cannot be written.
    """
    registry.check_version(plan.version)
    split = split_by_time(decisions or (), plan.held_out)
    if decisions is not None:
        require_enough(decisions, split)
    samples = dataset.load_samples(settings.data_home / "corpus" / "samples")
    kept = {digest(d.text) for d in split.held_out}
    samples = tuple(s for s in samples if not kept or digest(s.text) not in kept)
    tools = load_tools(settings, with_model=False)
    own = prepare_decisions(split.taught, tools, plan.weight)
    prepared = prepare_samples(samples, tools) + own
    fitted = fit(prepared.examples, strength=plan.strength, seed=plan.seed)
    manifest = _manifest(plan, settings, prepared, fitted) | _own_part(plan, split, own)
    table = card.held_out_table(fitted, prepared.taught)
    arrays = {
        "weights": prune(fitted.weights, 0.01),
        "intercept": fitted.intercept,
        "article_weights": prune(fitted.article_weights, 0.03),
        "article_intercept": fitted.article_intercept,
    }
    text = card.write_card({"version": plan.version, **manifest}, table)
    folder = registry.store(settings.data_home / "models", plan.version, arrays, manifest, text)
    later = prepare_decisions(split.held_out, tools, plan.weight)
    return Trained(folder, manifest, tuple(table), _suspects(prepared, fitted, own, later))


def prune(weights: npt.NDArray[np.float32], least: float) -> npt.NDArray[np.float16]:
    """Weights as float16 with the smallest set to zero: a third of the file, the same verdicts (checked by scripts/evaluate)."""
    return np.where(np.abs(weights) < least, 0, weights).astype(np.float16)


def _manifest(plan: Plan, settings: Settings, prepared: Prepared, fitted: Fitted) -> dict[str, Any]:
    return {
        "labels": [label.value for label in LABELS],
        "articles": list(fitted.articles),
        "features": features.VERSION,
        "temperature": fitted.temperature,
        "corpus": dataset.fingerprint(settings.data_home / "corpus" / "samples"),
        "papers": sum(t.source != "decisions" for t in prepared.taught),
        "attributes": dict(Counter(t.attribute.value for t in prepared.taught)),
        "strength": plan.strength,
        "seed": plan.seed,
        "held_out_accuracy": round(card.accuracy(fitted, prepared.taught), 4),
        "held_out_ece": round(card.calibration_error(fitted, prepared.taught), 4),
        "dummy_accuracy": round(fitted.dummy, 4),
    }


def _own_part(plan: Plan, split: Split, own: Prepared) -> dict[str, Any]:
    """What the manifest says of decisions: counts, hashes, a fingerprint."""
    used = set(own.ids)
    taught = [d for d in split.taught if d.number in used]
    counts = dict(Counter(d.attribute.value for d in taught))
    years = dict(sorted(Counter(str(d.year or "unknown") for d in taught).items()))
    stopped = len(split.taught) - len(taught)
    until = taught[-1].at if taught else None
    return {
        "trained_on": {
            "decisions": len(taught),
            "weight": plan.weight,
            "attributes": counts,
            "years": years,
            "stopped": stopped,
            "until": until,
        },
        "decisions": fingerprint(split.taught),
        "held_out": {"count": len(split.held_out), "share": plan.held_out, "ids": [d.mark for d in split.held_out]},
    }


def _suspects(prepared: Prepared, fitted: Fitted, own: Prepared, later: Prepared) -> tuple[tuple[str, Suspect], ...]:
    """Of the decisions where there are any, else of the corpus: every paper scored by a model that had not seen it."""
    logits = fitted.held_out[-len(own.ids) :] if own.ids else fitted.held_out
    unseen = own + later if own.ids else prepared
    if later.ids and own.ids:
        scorer = _scorer(fitted)
        logits = np.concatenate([logits, np.stack([_logits(scorer, e) for e in later.examples])])
    shares = np.array([_shares(row / fitted.temperature) for row in logits])
    found = find_suspects(shares, [e.attribute for e in unseen.examples])
    return tuple((unseen.ids[s.index], s) for s in found)


def _scorer(fitted: Fitted) -> Scorer:
    learned = (fitted.articles, fitted.article_weights, fitted.article_intercept)
    return Scorer(fitted.weights, fitted.intercept, fitted.temperature, *learned, "attribute/draft")


def _logits(scorer: Scorer, example: Example) -> npt.NDArray[np.float64]:
    found = example.features
    row: npt.NDArray[np.float64] = (scorer.weights[:, found.indices] @ found.values + scorer.intercept).astype(np.float64)
    return row


def _shares(logits: npt.NDArray[np.float64]) -> tuple[float, ...]:
    scores = to_scores(logits)
    return tuple(scores.of(label) for label in LABELS)
