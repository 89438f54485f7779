"""Features: deterministic, bounded, blind to the printed note and to digits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.learn import features
from classifier.structure import annotate
from tests.classifier.papers import paper


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_bounded_finite_vector(text: str) -> None:
    """Indices stay inside the space, values are finite, indices are distinct."""
    found = features.extract(annotate(paper(text)), ())
    assert ((found.indices >= 0) & (found.indices < features.SIZE)).all()
    assert np.isfinite(found.values).all()
    assert len(np.unique(found.indices)) == len(found.indices)


def test_same_paper_same_vector() -> None:
    """No chance, no hash seed of the process."""
    one, two = (features.extract(annotate(paper("关于工作的通知\n各单位：\n请办理。")), ()) for _ in range(2))
    assert (one.indices == two.indices).all()
    assert (one.values == two.values).all()


def test_the_printed_note_is_not_read() -> None:
    """The scorer judges the content; the issuing body's own answer is compared later (S8)."""
    base = "关于工作的通知\n各单位：\n请办理。\n云溪市水利局\n2026年4月2日\n"
    one, two = (features.body_text(annotate(paper(base + note))) for note in ("（此件公开发布）", "（此件不予公开）"))
    assert one == two


def test_digits_carry_nothing() -> None:
    """Dates and amounts of another year give the same n-grams."""
    one, two = (features.extract(annotate(paper(f"经费{n}万元用于防汛")), ()) for n in ("286", "974"))
    assert (one.indices == two.indices).all()


@pytest.mark.parametrize("length", [10, 1_000, 100_000])
def test_long_and_short_papers_weigh_alike(length: int) -> None:
    """Each part has a fixed Euclidean length, so a long report does not shout."""
    values = features.extract(annotate(paper("防汛物资储备工作情况" * (length // 10))), ()).values
    assert 1.0 < float(np.sqrt((values**2).sum())) < 2.5
