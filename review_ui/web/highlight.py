"""Marks in the text: split once on the server at every span boundary, never nested, offsets untouched（UX-01, UX-03）."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from classifier.core.document import Span, Where
from review_ui.publish.masking import Place


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text covered by the same findings all along."""

    text: str
    ids: tuple[int, ...] = ()
    anchor: str = ""
    """The element id where at least one finding begins, else empty."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Segments from one place of the file."""

    where: Where
    segments: tuple[Segment, ...]


@dataclass(slots=True)
class _Marks:
    """The findings that begin and end at each boundary."""

    begins: dict[int, list[int]] = field(default_factory=dict)
    ends: dict[int, list[int]] = field(default_factory=dict)


def flatten(text: str, findings: Mapping[int, Span], places: Sequence[Place]) -> list[Stretch]:
    """The text as stretches of segments; joined again they are exactly the text."""
    marks = _Marks()
    for number, span in findings.items():
        if span.start < span.end:
            marks.begins.setdefault(span.start, []).append(number)
            marks.ends.setdefault(span.end, []).append(number)
    boundaries = sorted({*marks.begins, *marks.ends})
    stretches: list[Stretch] = []
    open_ids: set[int] = set()
    for start, end, where in _rooms(len(text), places):
        inside = boundaries[bisect_right(boundaries, start) : bisect_left(boundaries, end)]
        segments = []
        for left, right in pairwise([start, *inside, end]):
            open_ids.difference_update(marks.ends.get(left, ()))
            begun = marks.begins.get(left, [])
            open_ids.update(begun)
            segments.append(Segment(text[left:right], tuple(sorted(open_ids)), f"m{min(begun)}" if begun else ""))
        stretches.append(Stretch(where, tuple(segments)))
    return stretches


def anchors(findings: Mapping[int, Span]) -> dict[int, str]:
    """Finding → the element id its first segment carries (shared by findings that begin together)."""
    first: dict[int, int] = {}
    for number, span in findings.items():
        first[span.start] = min(number, first.get(span.start, number))
    return {number: f"m{first[span.start]}" for number, span in findings.items()}


def _rooms(length: int, places: Iterable[Place]) -> list[tuple[int, int, Where]]:
    """The whole text cut at places: body between them, neighbours of the same kind joined."""
    rooms: list[tuple[int, int, Where]] = []
    position = 0
    for place in sorted(places, key=lambda p: p.span):
        start, end = max(position, place.span.start), min(length, place.span.end)
        if end <= start:
            continue
        if start > position:
            rooms.append((position, start, Where.BODY))
        rooms.append((start, end, place.where))
        position = end
    if position < length:
        rooms.append((position, length, Where.BODY))
    return rooms
