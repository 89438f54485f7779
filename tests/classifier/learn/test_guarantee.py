"""The guarantee: exact bounds, lines chosen without peeking, and a refusal that says what is missing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.learn.guarantee import Trial, coverage_at, papers_needed, promise, risk_coverage, upper_bound


@pytest.mark.parametrize(
    ("risk", "needed"),
    [(0.005, (598, 947, 1258)), (0.01, (299, 473, 628)), (0.02, (149, 236, 313)), (0.05, (59, 93, 124))],
)
def test_sizes_are_those_of_the_exact_binomial(risk: float, needed: tuple[int, ...]) -> None:
    """The published table for 95 % (design/LEARNING §2), for 0, 1 and 2 misses."""
    assert tuple(papers_needed(misses, risk) for misses in range(3)) == needed


@given(st.integers(0, 40), st.integers(1, 400))
def test_the_bound_lies_above_the_share_and_falls_with_more_papers(misses: int, more: int) -> None:
    """One more paper without a miss never raises the bound."""
    papers = misses + more
    bound = upper_bound(misses, papers)
    assert misses / papers < bound <= 1
    assert upper_bound(misses, papers + 1) <= bound


def test_nothing_looked_at_promises_nothing() -> None:
    """No paper, bound one."""
    assert upper_bound(0, 0) == 1.0


@pytest.mark.parametrize(("misses", "papers", "level"), [(2, 1, 0.95), (-1, 3, 0.95), (0, 3, 1.0)])
def test_senseless_counts_are_refused(misses: int, papers: int, level: float) -> None:
    """A bound is never made up."""
    with pytest.raises(ValueError, match="misses"):
        upper_bound(misses, papers, level)


def _critical(number: int, *, active: bool = False, confidence: float = 0.8) -> list[Trial]:
    return [Trial(confidence, active, critical=True, right=not active)] * number


def test_enough_papers_without_a_miss_give_the_lowest_line() -> None:
    """299 critical papers, none called active: 1 % holds at every line."""
    told = promise(_critical(299), 0.01, grid=(0.9, 0.8, 0.7))
    assert (told.line, told.misses, told.missing) == (0.7, 0, 0)
    assert told.bound <= 0.01


def test_too_few_papers_are_refused_with_the_number_that_is_missing() -> None:
    """100 of 299: 199 more are needed."""
    told = promise(_critical(100), 0.01)
    assert (told.line, told.missing) == (None, 199)


def test_the_line_stops_above_the_first_miss_that_breaks_the_promise() -> None:
    """A leak at 0.85 keeps the line at 0.9 where only 299 papers carry it."""
    told = promise(_critical(298) + _critical(1, active=True, confidence=0.85), 0.01, grid=(0.9, 0.8, 0.7))
    assert told.line == 0.9


def test_a_line_below_a_failed_one_is_never_chosen() -> None:
    """Fixed sequence: the search ends at the first line that fails, whatever comes after."""
    told = promise(_critical(100) + _critical(3, active=True, confidence=0.95), 0.05, grid=(0.99, 0.9, 0.8))
    assert told.line == 0.99


def test_the_promise_is_kept_in_most_draws() -> None:
    """With a true leak rate of 2 % above every line, a 1 % promise is given in fewer than 5 % of draws (plus chance)."""
    chance = random.Random(7)
    broken = 0
    for _ in range(400):
        trials = [Trial(0.99, chance.random() < 0.02, critical=True, right=True) for _ in range(600)]
        broken += promise(trials, 0.01, grid=(0.9,)).line is not None
    assert broken <= 0.05 * 400 + 9


def test_risk_and_coverage_are_counted_from_the_surest_paper_down() -> None:
    """Papers that need more than a click count in the whole, not in the curve."""
    trials = [
        Trial(0.99, False, False, right=True, click=True),
        Trial(0.9, False, False, right=False, click=True),
        Trial(0.9, False, False, right=True, click=True),
        Trial(0.95, False, False, right=True, click=False),
    ]
    assert [(p.line, p.coverage, round(p.risk, 3)) for p in risk_coverage(trials)] == [(0.99, 0.25, 0.0), (0.9, 0.75, 0.333)]


def test_coverage_at_an_agreement_is_the_largest_share_that_keeps_it() -> None:
    """The curve need not be monotone: a later point may be good again."""
    trials = [Trial(1 - i / 100, False, False, right=i != 0, click=True) for i in range(50)]
    points = risk_coverage(trials)
    assert coverage_at(points, 0.97) == 1.0
    assert coverage_at(points, 0.99) == 0.0
    assert coverage_at((), 0.5) == 0.0
