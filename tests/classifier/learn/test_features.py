"""Features: deterministic, bounded, blind to the printed note and to digits."""

import math
from collections import Counter

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


def _bucket(gram: str, part: int) -> int:
    """The bucket of one n-gram, in plain numbers of 64 bits."""
    whole, joined = (1 << 64) - 1, 0
    for sign in gram:
        joined = (joined * 1_000_003 + (48 if sign in "0123456789" else ord(sign))) & whole
    mixed = (joined + (part * 8 + len(gram)) * 0x9E3779B97F4A7C15) & whole
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & whole
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & whole
    return (mixed ^ (mixed >> 31)) % features.TEXT_BUCKETS


def _add_up(parts: list[tuple[str, tuple[int, ...], float]]) -> dict[int, float]:
    """The vector of the text parts, n-gram by n-gram."""
    told: Counter[int] = Counter()
    for part, (text, sizes, strength) in enumerate(parts, 1):
        signs = [c for c in text if ord(c) > 32 and c != "\u3000"]
        grams = Counter(_bucket("".join(signs[i : i + n]), part) for n in sizes for i in range(len(signs) - n + 1))
        values = {bucket: 1 + math.log(count) for bucket, count in grams.items()}
        length = math.sqrt(sum(v * v for v in values.values()))
        for bucket, value in values.items():
            told[bucket] += strength * value / length
    return dict(told)


@pytest.mark.parametrize(
    "text", ["", "函", "关于\n各", "经费 12 万元，\u3000用于防汛。\n" * 3, "云溪市防汛物资储备工作情况\n" * 40]
)
def test_one_sweep_gives_what_counting_one_by_one_gives(text: str) -> None:
    """Title, head, body and tail are slices of one array, and weigh as if each were read alone."""
    document = annotate(paper(text, name="x"))
    found, body = features.extract(document, ()), features.body_text(document)
    title = document.elements.title or ""
    told = _add_up([(title, (1, 2), 0.5), (body[:160], (2, 3), 0.5), (body, (1, 2), 1.0), (body[-160:], (2, 3), 0.5)])
    words = {int(i): float(v) for i, v in zip(found.indices, found.values, strict=True) if i < features.TEXT_BUCKETS}
    assert words == pytest.approx(told, rel=1e-6)
