"""Moments are told in Beijing time, to the minute."""

import re

import pytest

from classifier.holdings.moments import show_moment, tell_now


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("2026-11-24T18:42:07+00:00", "2026-11-25 02:42"),
        ("2026-11-25T02:42:07+08:00", "2026-11-25 02:42"),
        ("—", "—"),
    ],
)
def test_a_moment_is_shown_in_beijing_time(told: str, shown: str) -> None:
    """Whatever zone it was written in; what is none stays as it is."""
    assert show_moment(told) == shown


def test_now_is_told_with_its_zone() -> None:
    """So that it can be read anywhere."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", tell_now())
