"""Label-error suspects: a planted error is found, honest labels and mere doubt are not, possible leaks come first."""

from __future__ import annotations

import numpy as np

from classifier.core.assessment import Attribute
from classifier.learn.suspects import find_suspects

A, R, W = Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD
CLEAN = [((0.9, 0.05, 0.05), A)] * 10 + [((0.1, 0.8, 0.1), R)] * 10 + [((0.05, 0.05, 0.9), W)] * 10


def find(rows):
    return find_suspects(np.array([r[0] for r in rows]), [r[1] for r in rows])


def test_honest_labels_raise_no_suspicion() -> None:
    """Nothing below its class's mean with another above its own."""
    assert find(CLEAN) == ()


def test_a_planted_error_is_found() -> None:
    """Its own label far below the mean, the other above its threshold; the numbers behind it are told."""
    [found] = find([*CLEAN, ((0.03, 0.02, 0.95), R)])
    assert (found.index, found.given, found.suggested) == (30, R, W)
    assert found.given_share < found.given_mean
    assert found.suggested_share >= found.suggested_mean
    assert not found.is_leak


def test_mere_doubt_is_not_an_error() -> None:
    """The other label is likelier but not as likely as it is for its own papers."""
    assert find([*CLEAN, ((0.4, 0.05, 0.55), A)]) == ()


def test_possible_leaks_come_first() -> None:
    """主动公开 that looks like 不予公开 before a clearer error the other way."""
    found = find([*CLEAN, ((0.99, 0.0, 0.01), W), ((0.05, 0.03, 0.92), A)])
    assert [s.index for s in found] == [31, 30]
    assert found[0].is_leak


def test_a_label_nobody_gave_suggests_nothing() -> None:
    """It has no threshold."""
    assert find([((0.1, 0.9, 0.0), A), ((0.9, 0.1, 0.0), A), ((0.0, 0.1, 0.9), W)]) == ()
