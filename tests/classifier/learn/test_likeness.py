"""Near copies: changed digits and a changed sentence are still a copy; another matter is none; heaps stay linear."""

import random

from classifier.learn.likeness import find_near_copies, shingles, sketch

SENTENCES = [
    f"第{'一二三四五六七八九十'[i % 10]}项工作由有关单位按照职责分工落实{chr(0x4E00 + 37 * i)}{chr(0x5000 + 53 * i)}并于年底前报告进展情况"
    for i in range(60)
]
PAPER = "。".join(SENTENCES[:20])


def _pairs(*texts: str) -> list[tuple[int, int]]:
    return [(c.first, c.second) for c in find_near_copies(sketch(texts))]


def test_a_paper_with_other_digits_and_blanks_is_a_copy() -> None:
    """Dates and numbers are what a form letter changes."""
    assert _pairs("2024年3月1日" + PAPER, "2025年4月2日　" + PAPER) == [(0, 1)]


def test_a_paper_with_one_sentence_more_is_a_copy() -> None:
    """One of twenty sentences leaves a likeness above 0.8."""
    assert _pairs(PAPER, PAPER + "。" + SENTENCES[30]) == [(0, 1)]


def test_another_matter_in_the_same_form_is_none() -> None:
    """Half of the sentences differ."""
    assert _pairs(PAPER, "。".join(SENTENCES[:8] + SENTENCES[40:52])) == []


def test_empty_and_tiny_texts_are_copies_of_nothing_but_themselves() -> None:
    """No characters, no likeness."""
    assert _pairs("", "", "甲", "乙") == []
    assert _pairs("请假条", "请假条") == [(0, 1)]


def test_a_heap_of_copies_gives_one_pair_less_than_papers() -> None:
    """Not all with all."""
    assert len(_pairs(*[PAPER] * 50)) == 49


def test_nothing_in_nothing_out() -> None:
    """An empty drawer."""
    assert list(find_near_copies(sketch([]))) == []


def test_likeness_is_near_the_true_share() -> None:
    """128 permutations: within 0.15 of the share of common 5-grams in all of 20 random pairs."""
    chance = random.Random(7)
    for _ in range(20):
        shared = chance.randint(12, 20)
        first, second = "。".join(SENTENCES[:20]), "。".join(SENTENCES[:shared] + SENTENCES[40 : 60 - shared])
        one, two = set(shingles(first).tolist()), set(shingles(second).tolist())
        copies = list(find_near_copies(sketch([first, second]), least=0.0))
        assert all(abs(c.likeness - len(one & two) / len(one | two)) < 0.15 for c in copies)
