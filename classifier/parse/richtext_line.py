"""One paragraph while it is read (RTF, OpenDocument, slides): what a reader sees in one line, what he does not see behind it.

In: pieces of text with their place and origin. Out: passages for the Draft. A tracked insertion stays inside its sentence, so
that a number is found whole; hidden, white or deleted pieces follow the paragraph, each joined with its like.

    line.say("机密"); line.say("秘", Where.REVISION, "deleted_text"); line.say("★5年")
      ->   机密★5年   BODY
           秘         REVISION deleted_text
"""

from __future__ import annotations

from classifier.core.document import Cell, Where
from classifier.parse.draft import Passage


class Line:
    """The open paragraph; `place` and `origin` are those of a piece that says nothing else."""

    def __init__(self, place: Where, origin: str | None = None) -> None:
        self.place = place
        self.origin = origin
        self.after: list[Passage] = []
        """What follows the paragraph: notes, comments, boxes anchored in it."""
        self._runs: list[tuple[Where, str | None, str]] = []

    @property
    def text(self) -> str:
        """The characters said so far, in sight or not."""
        return "".join(text for _, _, text in self._runs)

    def say(self, text: str, place: Where | None = None, origin: str | None = None) -> None:
        """One piece; without a place it belongs to the line. In a line that is out of sight as a whole it stays where it is."""
        if not text:
            return
        if place is None or (self.origin is not None and origin != "deleted_text"):
            place, origin = self.place, self.origin
        self._runs.append((place, origin, text))

    def settle(self, cell: Cell | None = None, gap: str = "\n") -> list[Passage]:
        """The passages of the finished paragraph; the line is empty afterwards."""
        seen: list[tuple[Where, str]] = []
        aside: list[tuple[Where, str | None, str]] = []
        origin = self.origin
        for where, why, text in self._runs:
            if (where, why) == (self.place, self.origin) or why == "inserted_text":
                origin = why or origin
                _join(seen, where, text)
                aside.append((where, "", ""))  # keeps what stood apart apart
            elif aside and aside[-1][:2] == (where, why):
                aside[-1] = (where, why, aside[-1][2] + text)
            else:
                aside.append((where, why, text))
        passages = [Passage(tuple(seen), cell, gap, origin)] if any(text.strip() for _, text in seen) else []
        for where, why, text in aside:
            if text.strip():
                passages.append(Passage(((where, text),), cell, "\n" if passages else gap, why))
        passages += self.after
        self._runs, self.after = [], []
        return passages


def _join(pieces: list[tuple[Where, str]], where: Where, text: str) -> None:
    if pieces and pieces[-1][0] is where:
        pieces[-1] = (where, pieces[-1][1] + text)
    else:
        pieces.append((where, text))
