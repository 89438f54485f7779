"""A word that occurs is never denied; a word that does not is nearly always."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.core.text import fold
from classifier.holdings.blooms import Need, bloom, may_hold
from classifier.learn.dataset import load_samples
from classifier.pipeline import default_tools

TEXTS = [s.text for s in load_samples(default_tools().settings.data_home / "corpus" / "samples")[::5]]


def _need(*words: str) -> Need:
    return Need((frozenset(words),))


@settings(deadline=None)  # the first text makes the folding table
@given(st.text(max_size=300), st.data())
def test_a_word_that_occurs_may_occur(text: str, data: st.DataObject) -> None:
    """For every stretch of every text, as it is folded."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    word = fold(text)[start:end]
    assert may_hold([bloom(text)], [_need(word)]).all()


def test_words_that_do_not_occur_are_nearly_always_denied() -> None:
    """Fewer than 3 of 100 words of four characters that stand in no paper pass."""
    chance = random.Random(3)
    made = [bloom(text) for text in TEXTS]
    signs = sorted({c for text in TEXTS for c in text if "\u4e00" <= c <= "\u9fff"})
    words = ["".join(chance.choices(signs, k=4)) for _ in range(50)]
    passed = sum(int(may_hold(made, [_need(word)]).sum()) for word in words if not any(word in text for text in TEXTS))
    assert passed < 0.03 * 50 * len(TEXTS)


def test_one_of_the_words_is_enough_and_every_set_is_needed() -> None:
    """As a pattern with a context: a word of its own and a word beside it."""
    made = [bloom("采购合同已经签订"), bloom("采购计划已经下达"), bloom("会议已经召开")]
    assert may_hold(made, [_need("合同", "计划")]).tolist() == [True, True, False]
    assert may_hold(made, [Need((frozenset({"采购"}), frozenset({"签订"})))]).tolist() == [True, False, False]
    assert may_hold(made, [_need("签订"), _need("召开")]).tolist() == [True, False, True]


def test_nothing_known_means_any_paper() -> None:
    """Neither a rule without words nor a paper without a bloom is ruled out; no rule touches nobody."""
    made = [bloom("采购"), None]
    assert may_hold(made, [Need(())]).tolist() == [True, True]
    assert may_hold(made, [_need("会议")]).tolist() == [False, True]
    assert may_hold(made, []).tolist() == [False, False]


def test_many_papers_are_asked_in_heaps_without_a_difference() -> None:
    """Papers of all lengths, ten thousand of them."""
    texts = [text[: 1 + n % 700] for n, text in enumerate(TEXTS * 20)]
    made = [bloom(text) for text in texts]
    need = _need("应急", "合同", "值班")
    together = may_hold(made, [need])
    assert np.array_equal(together, np.concatenate([may_hold([one], [need]) for one in made]))
    assert all(
        told for text, told in zip(texts, together.tolist(), strict=True) if any(w in text for w in ("应急", "合同", "值班"))
    )


@pytest.mark.parametrize("text", ["", "一", "𠮷野家", "a" * 1_000_000])
def test_odd_texts_have_blooms_of_bounded_length(text: str) -> None:
    """Empty, one character, beyond the first 65,536, very long."""
    made = bloom(text)
    assert len(made) == 256
    assert may_hold([made], [_need(text[:2])]).all()
