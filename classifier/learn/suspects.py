"""Decisions whose label may be an error, by confident learning（Northcutt, Jiang and Chuang 2021）: shown to people, never changed.

In: probabilities from models that had not seen the paper, and the labels people gave. A paper is suspect where its own label gets
less than that label's mean self-confidence and another label gets more than that other label's mean. Pure numbers; no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.core.assessment import Attribute
from classifier.learn.scorer import LABELS


@dataclass(frozen=True, slots=True)
class Suspect:
    """One label to look at again."""

    index: int
    given: Attribute
    suggested: Attribute
    given_share: float
    """Probability of the given label."""
    given_mean: float
    """What papers with that label get on average."""
    suggested_share: float
    suggested_mean: float

    @property
    def is_leak(self) -> bool:
        """Whether a paper that may have to stay in was let out: these come first."""
        return self.given is Attribute.ACTIVE and self.suggested is Attribute.WITHHELD


def find_suspects(shares: npt.NDArray[np.float64], labels: Sequence[Attribute]) -> tuple[Suspect, ...]:
    """Suspects, possible leaks first, then by how far the other label leads.

    Args:
        shares: calibrated out-of-sample probabilities, one row for each paper, columns as LABELS.
        labels: what people said.
    """
    given = np.array([LABELS.index(label) for label in labels], dtype=np.int64)
    own = shares[np.arange(len(given)), given]
    # A label that nobody gave has no mean: nothing can be suggested by it.
    means = np.array([own[given == k].mean() if (given == k).any() else np.inf for k in range(len(LABELS))])
    found = []
    for i, row in enumerate(shares):
        others = [k for k in range(len(LABELS)) if k != given[i] and row[k] >= means[k] and row[k] > row[given[i]]]
        if not others or row[given[i]] >= means[given[i]]:
            continue
        best = max(others, key=lambda k: row[k])
        shown = (float(row[given[i]]), float(means[given[i]]), float(row[best]), float(means[best]))
        found.append(Suspect(i, labels[i], LABELS[best], *shown))
    return tuple(sorted(found, key=lambda s: (not s.is_leak, s.given_share - s.suggested_share, s.index)))
