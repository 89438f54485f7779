"""Active model against candidate on decisions that people signed: counts, an exact test, and one sentence. Pure; no text.

The test is McNemar's in its exact form（binomial on the papers on which only one of the two agrees with the people）.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifier.core.assessment import Attribute
from classifier.learn.guarantee import papers_needed

LEAST = papers_needed(0, 0.05)
"""Decisions a promotion needs (59): so many without one that got worse bound the share that gets worse by 5 % at the level 95 %."""
LEAST_WITHHELD = papers_needed(0, 0.15)
"""不予公开 among them (19): "no new leak" says little on fewer (at 19 it bounds new leaks by 15 %)."""
_SMALL_UNIT = 3
"""A unit with fewer decisions is not called the worst: one paper would decide it."""


@dataclass(frozen=True, slots=True)
class Bout:
    """One signed decision, and what both models say of the paper."""

    unit: str
    decided: Attribute
    active: Attribute | None
    candidate: Attribute | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How one model did."""

    agreed: int
    leaks: int
    """People said 不予公开, the model 主动公开."""
    closed: int
    """People said 主动公开, the model 不予公开."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Both models over the same decisions."""

    papers: int
    withheld: int
    active: Tally
    candidate: Tally
    gained: int
    """Papers on which only the candidate agrees with the people."""
    lost: int
    """Papers on which only the active model does."""
    p_value: float
    worst: tuple[str, int, int, int] | None
    """The unit in which the candidate does worst against the active model: name, papers, active agreed, candidate agreed."""


def sign_test(gained: int, lost: int) -> float:
    """Two-sided exact binomial test that both are as likely; 1.0 where the models never differ."""
    papers = gained + lost
    if papers == 0:
        return 1.0
    tail = sum(math.comb(papers, k) for k in range(min(gained, lost) + 1))
    return min(1.0, tail / (1 << (papers - 1)))


def _tally(pairs: Iterable[tuple[Attribute, Attribute | None]]) -> Tally:
    pairs = list(pairs)
    return Tally(
        agreed=sum(said is decided for decided, said in pairs),
        leaks=sum(decided is Attribute.WITHHELD and said is Attribute.ACTIVE for decided, said in pairs),
        closed=sum(decided is Attribute.ACTIVE and said is Attribute.WITHHELD for decided, said in pairs),
    )


def hold(bouts: Sequence[Bout]) -> Contest:
    """Count."""
    gained = sum(b.candidate is b.decided and b.active is not b.decided for b in bouts)
    lost = sum(b.active is b.decided and b.candidate is not b.decided for b in bouts)
    return Contest(
        papers=len(bouts),
        withheld=sum(b.decided is Attribute.WITHHELD for b in bouts),
        active=_tally((b.decided, b.active) for b in bouts),
        candidate=_tally((b.decided, b.candidate) for b in bouts),
        gained=gained,
        lost=lost,
        p_value=sign_test(gained, lost),
        worst=_worst(bouts),
    )


def _worst(bouts: Sequence[Bout]) -> tuple[str, int, int, int] | None:
    rows = []
    for unit in sorted({b.unit for b in bouts if b.unit}):
        own = [b for b in bouts if b.unit == unit]
        if len(own) >= _SMALL_UNIT:
            rows.append((unit, len(own), sum(b.active is b.decided for b in own), sum(b.candidate is b.decided for b in own)))
    return min(rows, key=lambda r: ((r[3] - r[2]) / r[1], r[3] / r[1]), default=None)


def against(contest: Contest) -> str | None:
    """What stands against a promotion, as one Chinese sentence; None when nothing does."""
    old, new = contest.active, contest.candidate
    if new.leaks > old.leaks:
        return f"候选模型的泄露更多：{new.leaks} 件，现用模型 {old.leaks} 件。"
    if new.agreed < old.agreed:
        return f"候选模型与决定一致的更少：{new.agreed} 件，现用模型 {old.agreed} 件。"
    if contest.papers < LEAST:
        return f"可比的决定只有 {contest.papers} 件，至少要 {LEAST} 件。请在试用中再积累。"
    if contest.withheld < LEAST_WITHHELD:
        return f"其中不予公开的只有 {contest.withheld} 件，至少要 {LEAST_WITHHELD} 件，才说得清泄露没有变多。"
    return None


def verdict(contest: Contest) -> str:
    """The outcome as sentences a person can act on."""
    obstacle = against(contest)
    if obstacle is not None:
        return f"结论：不宜启用候选模型。{obstacle}"
    if contest.gained == contest.lost:
        return "结论：可以启用候选模型，但看不出比现用模型好：泄露没有更多，与决定一致的一样多。"
    sure = "差别不像是偶然" if contest.p_value < 0.05 else "差别也可能是偶然"
    return (
        f"结论：可以启用候选模型。泄露没有更多，与决定一致的多 {contest.gained - contest.lost} 件"
        f"（{sure}，p = {contest.p_value:.3f}）。"
    )
