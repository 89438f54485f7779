"""A glance changes no match, and is refused where nothing is known of how a match begins."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.detect.openings import glance

PIECES = st.sampled_from(
    ["密", "[密件]", "[a-c]", "(?<!级)密", "(?<=\\n)件", "密{1,2}", "级?", "(?P<x>件)", "^[ ]*", "件{2}", "(?=密)", "\\n"]
)
PATTERNS = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: f"(?:{'|'.join(parts)})"),
        inner.map(lambda part: f"(?:{part})+"),
    ),
    max_leaves=6,
)


@settings(deadline=None)  # a new pattern is compiled each time
@given(PATTERNS, st.text("密级件abd \n", max_size=30))
def test_matches_and_groups_are_the_same(pattern, text):
    """Whatever the alternatives begin with: signs, looks behind, repetitions, things that may be left out."""
    pattern = re.sub(r"\(\?P<x>", "(", pattern)
    plain = re.compile(pattern, re.M)
    try:
        quick = glance(plain)
    except ValueError:
        return
    assert [(m.span(), m.groups()) for m in quick.finditer(text)] == [(m.span(), m.groups()) for m in plain.finditer(text)]


@pytest.mark.parametrize("pattern", ["密|[^级]", "密?", "(?i)a", r"密|\d", "(?=密)", "密|.级", r"(密)|\1"])
def test_pattern_that_can_begin_with_anything_is_refused(pattern):
    """It would lose matches, or gain nothing."""
    with pytest.raises(ValueError, match="begins"):
        glance(re.compile(pattern))


def test_signs_with_a_meaning_in_classes_are_plain():
    """A bracket, a bar, a caret and a backslash are signs like others."""
    quick = glance(re.compile(r"\]a|\\b|\^c|-d|[\]\\^-]e"))
    assert [m[0] for m in quick.finditer(r"]a\b^c-d^e-e")] == ["]a", r"\b", "^c", "-d", "^e", "-e"]
