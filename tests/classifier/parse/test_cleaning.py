"""Cleaning: the one look at a text finds every character that any of its rules would change."""

from __future__ import annotations

import sys

import pytest

from classifier.parse import cleaning
from classifier.parse.cleaning import clean


def test_no_character_that_a_rule_changes_is_passed_over():
    rules = (cleaning._LINE_END, cleaning._INVISIBLE, cleaning._LONE_SURROGATE)
    missed = [c for c in map(chr, range(sys.maxunicode + 1)) if any(r.match(c) for r in rules) and not cleaning._ODD.match(c)]
    assert missed == []


def test_a_text_without_odd_characters_is_the_same_object():
    text = "机密★1年\u3000（第 3 号）\n"
    assert clean(text) is text


@pytest.mark.parametrize(
    ("dirty", "clean_text"),
    [
        ("机\u200b密", "机密"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0b\u2028b", "a\n\nb"),
        ("a\ud800b", "a\ufffdb"),
        ("密\U000e0041", "密"),
    ],
)
def test_each_rule_is_applied(dirty, clean_text):
    assert clean(dirty) == clean_text
