"""A guarantee that can be checked: how many papers that must stay in may be suggested 主动公开, with exact binomial bounds.

In: labelled trials (what a person says, what mishen says). Out: a line for the confidence of 主动公开 and the promise that goes with
it, or a refusal that says how many labels are missing. Nothing here looks at a text.

The bound is Clopper and Pearson's (1934), one-sided. Lines are tried from the strictest down and the first that fails ends the
search (fixed sequence testing, as in Learn-Then-Test, Angelopoulos et al. 2021): so the level holds for the line that was chosen,
which picking the best of many lines would not give.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 0.95
GRID: tuple[float, ...] = tuple(round(0.995 - 0.005 * step, 3) for step in range(60))
"""Lines to try, strictest first: 0.995 down to 0.70."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One labelled paper. `critical`: it must not go out. `active`: mishen would suggest 主动公开 were its confidence high enough."""

    confidence: float
    active: bool
    critical: bool
    right: bool
    """Whether what mishen says is acceptable to the person who labelled."""
    click: bool = False
    """Whether nothing but the confidence stands between the paper and a confirming click."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised. `line` is None when nothing can be: then `missing` says how many more critical papers are needed."""

    risk: float
    level: float
    line: float | None
    critical: int
    misses: int
    bound: float
    """Upper bound of the share of critical papers suggested 主动公开, at `level`."""
    suggested: int
    """Papers that are suggested 主动公开 at the line."""
    papers: int
    missing: int
    """Further critical papers needed, if no further miss occurs; 0 when the promise stands."""


def _log_tail(misses: int, papers: int, share: float) -> float:
    """Log P(X <= misses) for X binomial (papers, share), 0 < share < 1."""
    base = math.lgamma(papers + 1)
    terms = [
        base - math.lgamma(k + 1) - math.lgamma(papers - k + 1) + k * math.log(share) + (papers - k) * math.log1p(-share)
        for k in range(misses + 1)
    ]
    top = max(terms)
    return top + math.log(sum(math.exp(term - top) for term in terms))


def upper_bound(misses: int, papers: int, level: float = LEVEL) -> float:
    """The exact one-sided upper bound of a share of which `misses` of `papers` were seen; 1.0 when nothing was looked at.

    Raises:
        ValueError: for more misses than papers or a level outside (0, 1).
    """
    if not 0 <= misses <= papers or not 0 < level < 1:
        raise ValueError("misses must lie within papers and level within (0, 1)")
    if misses == papers:
        return 1.0
    low, high, goal = misses / papers, 1.0, math.log(1 - level)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _log_tail(misses, papers, middle) > goal else (low, middle)
    return high


def papers_needed(misses: int, risk: float, level: float = LEVEL) -> int:
    """The smallest number of papers with `misses` among them whose upper bound is at most `risk` (299 for 1 % without a miss)."""
    low, high = misses, max(4, 2 * misses + 1)
    while upper_bound(misses, high, level) > risk:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if upper_bound(misses, middle, level) > risk else (low, middle)
    return high


def promise(trials: Sequence[Trial], risk: float, level: float = LEVEL, grid: Sequence[float] = GRID) -> Promise:
    """The lowest line for 主动公开 that keeps the bound, or a refusal.

    Args:
        trials: labelled papers that the model has not learned from.
        risk: the largest share of critical papers that may be suggested, for example 0.01.
        level: how sure the promise must be.
        grid: lines to try, strictest first; fixed before the labels are seen.
    """
    critical = [t for t in trials if t.critical]
    best: Promise | None = None
    first = 0
    for line in grid:
        misses = sum(t.active and t.confidence >= line for t in critical)
        if line == grid[0]:
            first = misses
        bound = upper_bound(misses, len(critical), level)
        if bound > risk:
            break
        suggested = sum(t.active and t.confidence >= line for t in trials)
        best = Promise(risk, level, line, len(critical), misses, bound, suggested, len(trials), 0)
    if best is not None:
        return best
    missing = max(1, papers_needed(first, risk, level) - len(critical))
    return Promise(risk, level, None, len(critical), first, upper_bound(first, len(critical), level), 0, len(trials), missing)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the risk-coverage curve: at this line so many papers need only a click, and so many of those are wrong."""

    line: float
    coverage: float
    risk: float


def risk_coverage(trials: Sequence[Trial]) -> tuple[Point, ...]:
    """Coverage and error among the papers that a click would confirm, for every confidence that occurs, strictest first."""
    if not trials:
        return ()
    ordered = sorted((t for t in trials if t.click), key=lambda t: -t.confidence)
    points: list[Point] = []
    wrong = 0
    for count, trial in enumerate(ordered, 1):
        wrong += not trial.right
        last = count == len(ordered) or ordered[count].confidence < trial.confidence
        if last:
            points.append(Point(trial.confidence, count / len(trials), wrong / count))
    return tuple(points)


def coverage_at(points: Sequence[Point], agreement: float) -> float:
    """The largest share of papers that a click would confirm while at least `agreement` of them are right; 0 if none."""
    return max((p.coverage for p in points if 1 - p.risk >= agreement), default=0.0)
