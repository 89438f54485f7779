"""The scorer at run time: two linear models over one feature vector (attribute, likeliest article), numpy only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from classifier.core.assessment import Attribute, Scores
from classifier.core.document import Document, Span, Where
from classifier.core.finding import Finding
from classifier.core.text import fold
from classifier.learn.features import buckets_by_position, extract

LABELS = (Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD)
_SENTENCE = re.compile(r"[^。！？；\n]{6,}[。！？；]?")
_TELLING_LIMIT = 4_000
"""Characters searched for the telling sentence."""

_UNSEEN = (Where.NAME, Where.PROPERTY)
Float32 = npt.NDArray[np.float32]

BASES: dict[Attribute, tuple[str, ...]] = {
    Attribute.ACTIVE: ("条例:19", *(f"条例:20.{n}" for n in range(1, 16)), "条例:21"),
    Attribute.ON_REQUEST: ("条例:13",),
    Attribute.WITHHELD: ("条例:14", "条例:15", "条例:16.1", "条例:16.2"),
}
"""The articles that can carry each attribute."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What the model says of one document."""

    scores: Scores
    basis: dict[Attribute, str]
    telling: dict[Attribute, Span]


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of the attribute model (3 x features) and of the article model (articles x features)."""

    weights: Float32
    intercept: Float32
    temperature: float
    articles: tuple[str, ...]
    article_weights: Float32
    article_intercept: Float32
    version: str
    contrasts: Float32 = field(init=False, repr=False)
    """For each attribute, each weight against the stronger of the other two: what tells it apart."""

    def __post_init__(self) -> None:
        others = [np.delete(self.weights, i, axis=0).max(axis=0) for i in range(len(LABELS))]
        object.__setattr__(self, "contrasts", self.weights - np.stack(others))

    def score(self, document: Document, findings: Sequence[Finding]) -> Scores:
        """Calibrated probabilities of the three attributes for one document."""
        return self.learn(document, findings, telling=False).scores

    def learn(self, document: Document, findings: Sequence[Finding], *, telling: bool = True) -> Learned:
        """Probabilities, the likeliest article under each attribute, and the sentence that speaks most for it."""
        features = extract(document, findings)
        logits = self.weights[:, features.indices] @ features.values + self.intercept
        votes = self.article_weights[:, features.indices] @ features.values + self.article_intercept
        scores = to_scores(logits.astype(np.float64) / self.temperature)
        basis = {a: self._best_article(votes, BASES[a]) for a in LABELS}
        return Learned(scores, basis, self._telling(document) if telling else {})

    def _best_article(self, votes: Float32, allowed: tuple[str, ...]) -> str:
        known = [(float(votes[i]), a) for i, a in enumerate(self.articles) if a in allowed]
        return max(known)[1] if known else allowed[0]

    def _telling(self, document: Document) -> dict[Attribute, Span]:
        """For each attribute, the body sentence whose characters weigh most for it against the other two."""
        text = fold(document.text[:_TELLING_LIMIT])
        sentences = [m.span() for m in _SENTENCE.finditer(text) if document.where_at(m.start()) not in _UNSEEN]
        if not sentences:
            return {}
        weights = self.contrasts[:, buckets_by_position(text)].sum(axis=2)
        sums = np.concatenate([np.zeros((len(LABELS), 1)), weights.cumsum(axis=1)], axis=1)
        starts, ends = np.array(sentences).T
        scores = (sums[:, ends] - sums[:, starts]) / np.sqrt(ends - starts)
        return {label: Span(*sentences[int(row.argmax())]) for label, row in zip(LABELS, scores, strict=True)}


def to_scores(logits: npt.NDArray[np.float64]) -> Scores:
    """Softmax of three logits in the order of LABELS."""
    shifted = np.exp(logits - logits.max())
    shares = shifted / shifted.sum()
    return Scores(*(float(share) for share in shares))
