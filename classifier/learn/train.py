"""Training: scikit-learn linear models on the hashed features, temperature on held-out writers, weights as npz.

The only module that imports scikit-learn and scipy; nothing at run time imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.core.assessment import Attribute
from classifier.learn.features import SIZE, Features
from classifier.learn.scorer import LABELS

Logits = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One prepared training paper."""

    features: Features
    attribute: Attribute
    article: str
    group: str
    """Writer and bureau: papers of one group never stand on both sides of a split."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything a Scorer needs, and the held-out logits for the card."""

    weights: npt.NDArray[np.float32]
    intercept: npt.NDArray[np.float32]
    temperature: float
    articles: tuple[str, ...]
    article_weights: npt.NDArray[np.float32]
    article_intercept: npt.NDArray[np.float32]
    held_out: Logits
    """Logits of each example from a fold that had not seen its group."""
    dummy: float
    """Accuracy of always saying the most frequent attribute."""


def to_matrix(examples: Sequence[Features]) -> Any:
    """The examples as one scipy CSR matrix."""
    from scipy import sparse

    pointers = np.cumsum([0, *(len(e.indices) for e in examples)])
    return sparse.csr_matrix(
        (np.concatenate([e.values for e in examples]), np.concatenate([e.indices for e in examples]), pointers),
        shape=(len(examples), SIZE),
    )


def _linear(strength: float, seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=400, tol=1e-3, random_state=seed, class_weight="balanced")


def find_temperature(logits: Logits, labels: npt.NDArray[np.int64]) -> float:
    """The one temperature that gives held-out logits the least log loss (Guo et al. 2017), by golden section on [0.2, 5]."""

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(scaled).sum(axis=1))
        return float((log_sum - scaled[np.arange(len(labels)), labels]).mean())

    low, high, ratio = 0.2, 5.0, (5**0.5 - 1) / 2
    while high - low > 1e-3:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return (low + high) / 2


def cross_validate(
    matrix: Any, labels: npt.NDArray[np.int64], groups: Sequence[str], strength: float, seed: int, folds: int = 6
) -> Logits:
    """Held-out logits: each example is scored by a model that saw no paper of its group."""
    from sklearn.model_selection import StratifiedGroupKFold

    out = np.zeros((len(labels), len(LABELS)))
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for seen, unseen in splitter.split(matrix, labels, groups):
        model = _linear(strength, seed).fit(matrix[seen], labels[seen])
        out[unseen] = model.decision_function(matrix[unseen])
    return out


def fit(examples: Sequence[Example], *, strength: float = 8.0, seed: int = 7) -> Fitted:
    """Train both linear models; same examples, same seed, same weights.

    Args:
        examples: prepared papers; all three attributes and at least three articles present.
        strength: scikit-learn's C.
        seed: for folds and solver.
    """
    matrix = to_matrix([e.features for e in examples])
    labels = np.array([LABELS.index(e.attribute) for e in examples], dtype=np.int64)
    held_out = cross_validate(matrix, labels, [e.group for e in examples], strength, seed)
    model = _linear(strength, seed).fit(matrix, labels)
    article = _linear(strength, seed).fit(matrix, [e.article for e in examples])
    return Fitted(
        weights=model.coef_.astype(np.float32),
        intercept=model.intercept_.astype(np.float32),
        temperature=round(find_temperature(held_out, labels), 4),
        articles=tuple(str(name) for name in article.classes_),
        article_weights=article.coef_.astype(np.float32),
        article_intercept=article.intercept_.astype(np.float32),
        held_out=held_out,
        dummy=float(np.bincount(labels).max() / len(labels)),
    )
