"""最有用的先看: doubt, dispute and novelty each move a paper forward."""

from __future__ import annotations

import pytest

from review_ui.flow.usefulness import Sketch, doubt, most_useful, novelty, traits_of, usefulness

SURE = (0.98, 0.01, 0.01)


def test_doubt_goes_from_sure_to_even() -> None:
    """0 for one certain attribute, 1 for three equal ones or no model, between the two for a close pair."""
    assert doubt((1.0, 0.0, 0.0)) == 0
    assert doubt((1 / 3, 1 / 3, 1 / 3)) == pytest.approx(1)
    assert doubt(()) == 1
    assert doubt(SURE) < doubt((0.6, 0.3, 0.1)) < doubt((0.5, 0.45, 0.05))


def test_novelty_falls_with_what_was_decided() -> None:
    """A title never met is all new; one met often is next to nothing."""
    traits = traits_of("关于绿化的通知")
    assert novelty(traits, {}) == 1
    assert novelty(traits, dict.fromkeys(traits, 9)) == pytest.approx(0.1)
    assert novelty(frozenset(), {"x": 3}) == 1


def test_traits_ignore_numbers_and_spaces() -> None:
    """The third notice is like the second."""
    assert traits_of("第 2 号通知") == traits_of("第3号通知")


def test_each_part_moves_a_paper_forward() -> None:
    """Less sure, disputed, or new: each alone is enough to come before the plain one."""
    old = dict.fromkeys(traits_of("甲乙丙"), 50)
    plain = Sketch("plain", SURE, "active", "active", traits_of("甲乙丙"))
    for other in (
        Sketch("doubtful", (0.5, 0.4, 0.1), "active", "active", traits_of("甲乙丙")),
        Sketch("disputed", SURE, "active", "withheld", traits_of("甲乙丙")),
        Sketch("new", SURE, "active", "active", traits_of("丁戊己")),
    ):
        assert most_useful([plain, other], old) == [other.no, "plain"]


def test_usefulness_stays_within_its_range_and_equal_ones_stand_still() -> None:
    """Between 0 and 1; equal papers keep the order of their numbers."""
    assert usefulness(Sketch("a"), {}) <= 1
    assert usefulness(Sketch("a", (1.0, 0.0, 0.0), "active", "active", frozenset("x")), {"x": 10**9}) < 0.001
    assert most_useful([Sketch("b"), Sketch("a")], {}) == ["a", "b"]
