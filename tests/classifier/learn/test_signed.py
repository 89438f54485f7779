"""Signed decisions: split by time, no equal text on both sides, hashes instead of numbers."""

from __future__ import annotations

from classifier.core.assessment import Attribute
from classifier.learn.signed import SignedDecision, fingerprint, split_by_time


def decision(number: int, text: str | None = None, attribute: Attribute = Attribute.ACTIVE, basis=()) -> SignedDecision:
    return SignedDecision(
        f"N{number:03}", text or f"第{number}件公告的全文", (), attribute, basis, "", 2024, f"2026-01-{number:02}"
    )


def test_the_last_by_time_are_kept_out() -> None:
    """Whatever order they come in."""
    split = split_by_time([decision(n) for n in (3, 10, 1, 2, 9, 5, 4, 8, 6, 7)], 0.2)
    assert [d.number for d in split.held_out] == ["N009", "N010"]
    assert len(split.taught) == 8


def test_equal_texts_never_stand_on_both_sides() -> None:
    """The newest of them counts, spaces and widths apart."""
    split = split_by_time(
        [*(decision(n) for n in range(1, 9)), decision(9, "第 1 件公告的全文"), decision(10, "第２件公告的全文")], 0.25
    )
    numbers = [d.number for d in split.taught + split.held_out]
    assert "N001" not in numbers
    assert "N002" not in numbers
    assert [d.number for d in split.held_out] == ["N009", "N010"]


def test_marks_hide_the_number_and_the_fingerprint_sees_a_change() -> None:
    """A changed attribute is another training set; the order is none."""
    first, second = decision(1), decision(2)
    assert "N001" not in first.mark
    assert fingerprint([first, second]) == fingerprint([second, first])
    assert fingerprint([first, second]) != fingerprint([first, decision(2, attribute=Attribute.WITHHELD)])


def test_only_an_article_that_can_carry_the_attribute_counts() -> None:
    """And none where none was named."""
    assert decision(1, attribute=Attribute.WITHHELD, basis=("条例:19", "条例:15")).article == "条例:15"
    assert decision(1).article == ""
