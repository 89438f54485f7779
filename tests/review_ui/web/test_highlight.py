"""Marks: the text survives every way of splitting it（UX-03）."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from classifier.core.document import Span, Where
from review_ui.publish.masking import Place
from review_ui.web.highlight import flatten


@given(st.text(alphabet="甲𠮷a\r\n", max_size=30), st.data())
def test_segments_joined_are_the_text(text: str, data: st.DataObject) -> None:
    """Overlapping spans, astral characters and line ends: nothing is lost, each character carries exactly its findings."""
    position = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(position, position).map(sorted), max_size=5))
    cuts = sorted(data.draw(st.sets(position, max_size=4)))
    places = [Place(Span(a, b), Where.HEADER) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    findings = {i: Span(*pair) for i, pair in enumerate(spans)}
    segments = [s for stretch in flatten(text, findings, places) for s in stretch.segments]
    assert "".join(s.text for s in segments) == text
    carried = [s.ids for s in segments for _ in s.text]
    expected = [tuple(i for i, s in findings.items() if s.start <= p < s.end) for p in range(len(text))]
    assert carried == expected
