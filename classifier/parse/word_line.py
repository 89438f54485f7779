"""One paragraph of a Word part while it is walked: its runs, and how they become passages.

In: runs, each with its place and whether it stands aside of its line. Out: the line as one piece, then what stood aside in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from classifier.core.document import Where
from classifier.parse.draft import Passage

Pieces = tuple[tuple[Where, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text, whether it stands aside of its line, and how it was out of sight."""

    place: Where
    aside: bool
    text: str
    origin: str | None = None


@dataclass(slots=True)
class Line:
    """One paragraph while it is walked: its runs, the field code that is open, and the passages that follow it."""

    runs: list[Run] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    after: list[Passage] = field(default_factory=list)

    def settle(self) -> Iterator[tuple[Pieces, str | None]]:
        """The line as one passage, then what stood aside in it, runs of one place joined; each with its origin."""
        inline = [run for run in self.runs if not run.aside]
        yield tuple(_join(inline)), _common_origin(inline)
        hidden: list[Run] = []
        for run in self.runs:
            last = hidden[-1] if hidden else None
            if not run.aside:
                hidden.append(Run(run.place, False, ""))  # keeps what stood apart apart
            elif last is not None and last.text and (last.place, last.origin) == (run.place, run.origin):
                hidden[-1] = Run(run.place, True, last.text + run.text, run.origin)
            else:
                hidden.append(run)
        for run in hidden:
            yield ((run.place, run.text),), run.origin


def _common_origin(runs: list[Run]) -> str | None:
    """The origin of what stands in a line besides its body; None where pieces differ, for a passage has but one."""
    origins = {run.origin for run in runs if run.place is not Where.BODY}
    return origins.pop() if len(origins) == 1 else None


def _join(runs: list[Run]) -> list[tuple[Where, str]]:
    joined: list[tuple[Where, list[str]]] = []
    for run in runs:
        if joined and joined[-1][0] is run.place:
            joined[-1][1].append(run.text)
        else:
            joined.append((run.place, [run.text]))
    return [(place, "".join(texts)) for place, texts in joined]
