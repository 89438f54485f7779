"""Active against candidate: counts, the exact test, and what stands against a promotion."""

from __future__ import annotations

import pytest

from classifier.core.assessment import Attribute
from classifier.learn.contest import LEAST, LEAST_WITHHELD, Bout, against, hold, sign_test, verdict
from classifier.learn.guarantee import upper_bound

A, R, W = Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD


def bouts(count: int, decided: Attribute, active: Attribute | None, candidate: Attribute | None, unit: str = "") -> list[Bout]:
    return [Bout(unit, decided, active, candidate)] * count


ENOUGH = bouts(LEAST, A, A, A) + bouts(LEAST_WITHHELD, W, W, W)


@pytest.mark.parametrize(
    ("gained", "lost", "expected"), [(0, 0, 1.0), (5, 5, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (9, 1, 22 / 1024), (3000, 0, 0.0)]
)
def test_the_sign_test_is_exact(gained: int, lost: int, expected: float) -> None:
    """Two-sided binomial with one half, as in the textbooks; large counts do not overflow."""
    assert sign_test(gained, lost) == pytest.approx(expected)


def test_counts() -> None:
    """Agreement, leaks, over-withholding, and who alone was right."""
    held = hold(bouts(3, W, A, W) + bouts(2, A, W, A) + bouts(1, R, R, A) + bouts(4, A, A, A))
    assert (held.papers, held.withheld, held.gained, held.lost) == (10, 3, 5, 1)
    assert (held.active.agreed, held.active.leaks, held.active.closed) == (5, 3, 2)
    assert (held.candidate.agreed, held.candidate.leaks, held.candidate.closed) == (9, 0, 0)


def test_a_model_that_says_nothing_agrees_with_nobody() -> None:
    """A stopped paper has no attribute."""
    assert hold(bouts(2, W, None, W)).active.agreed == 0


def test_the_worst_unit_is_where_the_candidate_loses_most() -> None:
    """Named with its counts; a unit with two papers is not called the worst."""
    held = hold(bouts(4, A, A, W, "甲科") + bouts(4, A, W, A, "乙科") + bouts(2, A, A, W, "丙科"))
    assert held.worst == ("甲科", 4, 4, 0)
    assert hold(bouts(2, A, A, W, "丙科")).worst is None


def test_one_more_leak_is_refused_however_much_else_is_gained() -> None:
    """Leaks first."""
    held = hold(ENOUGH + bouts(1, W, W, A) + bouts(50, A, W, A))
    assert "泄露更多" in (against(held) or "")
    assert verdict(held).startswith("结论：不宜启用")


def test_less_agreement_is_refused() -> None:
    """Even by one paper."""
    assert "一致的更少" in (against(hold(ENOUGH + bouts(1, A, A, R))) or "")


def test_too_few_decisions_are_refused() -> None:
    """In all, and of those that must stay in; the numbers are those that the exact bound asks for."""
    assert "至少要 59 件" in (against(hold(bouts(LEAST - 1, A, W, A))) or "")
    assert "至少要 19 件" in (against(hold(bouts(LEAST, A, W, A))) or "")
    assert against(hold(ENOUGH)) is None
    assert upper_bound(0, LEAST) <= 0.05 < upper_bound(0, LEAST - 1)
    assert upper_bound(0, LEAST_WITHHELD) <= 0.15 < upper_bound(0, LEAST_WITHHELD - 1)


def test_the_sentence_tells_chance_from_gain() -> None:
    """Equal, better by what may be chance, better beyond chance."""
    assert "看不出" in verdict(hold(ENOUGH))
    assert "可能是偶然" in verdict(hold(ENOUGH + bouts(2, A, W, A)))
    assert "不像是偶然" in verdict(hold(ENOUGH + bouts(9, A, W, A)))
