"""The scorer at run time: two linear models over one feature vector (attribute, likeliest article), numpy only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from classifier.core.assessment import Attribute, Scores
from classifier.core.document import Document, Span, Where
from classifier.core.finding import Finding
from classifier.core.text import fold
from classifier.learn.features import Features, Indices, buckets_by_position, extract

LABELS = (Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD)
_STOPS = tuple(map(ord, "。！？；\n"))
_SHORTEST = 6
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
class Scorer:
    """Weights of the attribute model (3 x features) and of the article model (articles x features)."""

    weights: Float32
    intercept: Float32
    temperature: float
    articles: tuple[str, ...]
    article_weights: Float32
    article_intercept: Float32
    version: str

    _contrasts: Mapping[Attribute, Float32] = field(init=False, repr=False, compare=False)
    """The weight of each bucket for an attribute against the stronger of the other two: what tells it apart."""

    def __post_init__(self) -> None:
        for name in ("weights", "article_weights"):  # the weights of one bucket side by side: a document asks for whole columns
            object.__setattr__(self, name, np.asfortranarray(getattr(self, name)))
        object.__setattr__(self, "_contrasts", {label: self._contrast(label) for label in LABELS})

    def score(self, document: Document, findings: Sequence[Finding]) -> Scores:
        """Calibrated probabilities of the three attributes for one document."""
        return self.score_features(extract(document, findings))

    def score_features(self, features: Features) -> Scores:
        """Calibrated probabilities of the three attributes for what was extracted of a document."""
        logits = _columns(self.weights, features.indices) @ features.values + self.intercept
        return to_scores(logits.astype(np.float64) / self.temperature)

    def find_basis(self, features: Features, attribute: Attribute) -> str:
        """The likeliest article under an attribute."""
        allowed = BASES[attribute]
        if len(allowed) == 1:
            return allowed[0]
        votes = _columns(self.article_weights, features.indices) @ features.values + self.article_intercept
        known = [(vote, article) for vote, article in zip(votes.tolist(), self.articles, strict=True) if article in allowed]
        return max(known)[1] if known else allowed[0]

    def find_telling(self, document: Document, attribute: Attribute) -> Span | None:
        """The body sentence whose characters weigh most for an attribute against the other two; None where there is no sentence."""
        text = fold(document.text[:_TELLING_LIMIT])
        sentences = _split(text)
        unseen = [(b.span.start, b.span.end) for b in document.blocks if b.where in _UNSEEN]
        seen = np.ones(len(sentences), dtype=bool)
        for first, last in sentences[:, 0].searchsorted(np.array(unseen).reshape(-1, 2)).tolist():
            seen[first:last] = False
        sentences = sentences[seen]
        if not len(sentences):
            return None
        one, two = self._contrasts[attribute].take(buckets_by_position(text))
        sums = np.zeros(len(text) + 1)
        sums[1:] = (one + two).cumsum()
        starts, ends = sentences.T
        scores = (sums[ends] - sums[starts]) / np.sqrt(ends - starts)
        return Span(*sentences[scores.argmax()].tolist())

    def _contrast(self, attribute: Attribute) -> Float32:
        own, *others = (self.weights[(LABELS.index(attribute) + step) % len(LABELS)] for step in range(len(LABELS)))
        told: Float32 = own - np.maximum(*others)
        return told


def _split(text: str) -> Indices:
    """Start and end of every sentence of six characters or more, shape (sentences, 2)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_stop = codes == _STOPS[0]
    for stop in _STOPS[1:]:
        is_stop |= codes == stop
    stops = is_stop.nonzero()[0]
    spans = np.empty((len(stops) + 1, 2), dtype=np.int64)
    spans[0, 0], spans[-1, 1] = 0, len(codes)
    spans[1:, 0] = stops + 1
    spans[:-1, 1] = stops
    long = spans[:, 1] - spans[:, 0] >= _SHORTEST
    spans[:-1, 1] += codes[stops] != ord("\n")  # the stop belongs to its sentence, the line end does not
    return spans[long]


def _columns(weights: Float32, indices: Indices) -> Float32:
    """Some columns of weights that lie column by column: whole rows of the transposed are copied, not single numbers."""
    return weights.T.take(indices, axis=0).T


def to_scores(logits: npt.NDArray[np.float64]) -> Scores:
    """Softmax of three logits in the order of LABELS."""
    shifted = np.exp(logits - logits.max())
    shares = shifted / shifted.sum()
    return Scores(*(float(share) for share in shares))
