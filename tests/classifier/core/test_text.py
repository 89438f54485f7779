"""Folding keeps every position, so spans found on folded text hold for the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.core.text import fold


@given(st.text())
def test_length_never_changes(text: str) -> None:
    """One character in, one character out, for any text."""
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """Folding is idempotent."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("１３８", "138"),
        ("ＡＢ", "AB"),
        ("𝟏𝟐", "12"),
        ("٣٤", "34"),
        ("①②", "12"),
        ("a－b", "a-b"),
        ("二○一二", "二〇一二"),
        ("＠", "@"),
    ],
)
def test_exotic_forms_become_plain(written: str, plain: str) -> None:
    """Full-width, mathematical, Arabic-Indic and circled forms fold to the plain character."""
    assert fold(written) == plain


@pytest.mark.parametrize("kept", ["，", "：", "（", "）", "；", "。", "★", "〔2026〕", "《》", "\u3000"])
def test_chinese_punctuation_stays(kept: str) -> None:
    """Rules are written in Chinese, so Chinese punctuation is not folded to ASCII."""
    assert fold(kept) == kept
