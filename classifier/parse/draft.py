"""A Document while it is being read: the only mutable thing in this room, thrown away when the Document is made.

In: pieces of text with their place, in reading order. Out: one text with blocks that point into it. Every piece is cleaned
here, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from classifier.core.document import (
    SNIPPET_BYTES,
    SNIPPETS,
    Block,
    Cell,
    Document,
    Problem,
    Receipt,
    Snippet,
    Span,
    Tally,
    Where,
)
from classifier.core.settings import Limits
from classifier.parse.cleaning import clean

if TYPE_CHECKING:
    from classifier.parse.package import Directory

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SAFE_PLACE = re.compile(r"[A-Za-z0-9 _./\[\]#-]{1,100}")


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph or cell on its way into the text.

    `pieces` follow each other without a gap (a tracked insertion inside a sentence is its own piece), `gap` stands before them.
    """

    pieces: tuple[tuple[Where, str], ...]
    cell: Cell | None = None
    gap: str = "\n"
    origin: str | None = None
    """How the pieces that are not BODY were out of sight (core.document.ORIGINS)."""

    @property
    def text(self) -> str:
        """The characters of all pieces."""
        return "".join(text for _, text in self.pieces)


def shows(pieces: Iterable[tuple[Where, str]]) -> bool:
    """Whether any piece has a character that is no white space."""
    whole = "".join([text for _, text in pieces])
    return bool(whole) and not whole.isspace()


class Draft:
    """Collects passages and problems; `finish` makes the Document."""

    def __init__(self, name: str, limits: Limits, open_child: Callable[[str, bytes], Document | str] | None = None) -> None:
        self.name = name
        self.limits = limits
        self.pages: int | None = None
        self.looked: dict[bytes, bool] = {}
        """Digests of the pictures that text recognition looked at, and whether it could."""
        self.directory: Directory | None = None
        """What the auction found in the file, when it is a zip: the reader need not open it again."""
        self._open_child = open_child
        self._children: list[Document] = []
        self._tallies: dict[str, list[int]] = {}
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._problems: dict[Problem, None] = {}
        self._snippets: dict[Snippet, None] = {}

    @property
    def blocks(self) -> list[Block]:
        """The blocks so far."""
        return self._blocks

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems so far, in the order met, each once."""
        return tuple(self._problems)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    @property
    def has_words(self) -> bool:
        """Whether anything but file properties was read."""
        return any(block.where is not Where.PROPERTY for block in self._blocks)

    @property
    def has_members(self) -> bool:
        """Whether files were found inside this one: a container needs no words of its own."""
        return bool(self._children) or "members" in self._tallies

    @property
    def has_tallies(self) -> bool:
        """Whether the reader counted anything for the receipt."""
        return bool(self._tallies)

    @property
    def is_full(self) -> bool:
        """Whether the limit of characters is reached; further passages are dropped and the Document says so."""
        return self._length >= self.limits.chars

    @property
    def has_snippets_enough(self) -> bool:
        """Whether the limit of snippets is reached; further ones are dropped, their Problem stays."""
        return len(self._snippets) >= SNIPPETS

    def snip(self, png: bytes, page: int | None = None) -> None:
        """Keeps a picture of what was not read surely, once; one that is empty, too large or too many is left out."""
        if png and len(png) <= SNIPPET_BYTES and not self.has_snippets_enough:
            self._snippets[Snippet(png, page)] = None

    def tally(self, kind: str, found: int = 1, read: int = 1) -> None:
        """Counts things of a kind for the reading receipt: found in the file, and read."""
        line = self._tallies.setdefault(kind, [0, 0])
        line[0] += found
        line[1] += read

    def attach(self, name: str, untrusted: bytes, where: str = "") -> None:
        """A file inside this one: read at once through the same door, so that only one is in memory.

        `name` is the path the container gives it (it becomes `member`); `where` is the part for the Problem when it can't be read.
        """
        child = self._open_child(name, untrusted) if self._open_child else "embedded"
        self.tally("members", 1, 0 if isinstance(child, str) else 1)
        if isinstance(child, str):
            self.problem(child, where or "member")
        else:
            self._children.append(child)

    def problem(self, code: str, where: str = "") -> None:
        """Notes something unread. A place that could carry words of the document (a strange part name) is left out."""
        self._problems[Problem(code, where if _SAFE_PLACE.fullmatch(where) else "")] = None

    def add(
        self,
        text: str,
        where: Where = Where.BODY,
        *,
        page: int | None = None,
        cell: Cell | None = None,
        gap: str = "\n",
        origin: str | None = None,
    ) -> None:
        """Adds one passage of one place."""
        self.add_passage(Passage(((where, text),), cell, gap, origin), page=page)

    def add_all(self, passages: Iterable[Passage]) -> None:
        """Adds passages in order."""
        for passage in passages:
            self.add_passage(passage)

    def add_passage(self, passage: Passage, *, page: int | None = None) -> None:
        """Adds a passage: its pieces become blocks that touch; blank passages leave nothing."""
        pieces = [(where, clean(text)) for where, text in passage.pieces]
        if not shows(pieces):
            return
        last = self._blocks[-1] if self._blocks else None
        if last is not None and last.cell is not None and last.cell == passage.cell:
            if last.where is pieces[0][0] and last.span.end == self._length:
                self._extend(last, "\n" + pieces.pop(0)[1])
            else:
                self._write("\n")
        elif last is not None:
            self._write(passage.gap)
        for where, text in pieces:
            start = self._length
            self._write(text)
            if self._length > start:
                origin = passage.origin if where is not Where.BODY else None
                self._blocks.append(Block(Span(start, self._length), where, page, passage.cell, origin=origin))

    def add_lines(self, text: str, where: Where = Where.BODY, *, page: int | None = None) -> None:
        """Adds plain text as it stands, blank lines included, one block per line that shows something."""
        if self._blocks:
            self._write("\n")
        offset = self._length
        self._write(clean(text))
        blocks, written = self._blocks, self._parts[-1] if self._length > offset else ""
        for line in _LINE.finditer(written):
            blocks.append(Block(Span(offset + line.start(), offset + line.end()), where, page))

    def move(self, index: int, where: Where) -> None:
        """Gives one block another place (a page's margin lines are known only when all pages are read)."""
        block = self._blocks[index]
        self._blocks[index] = replace(block, where=where)

    def finish(self, sha256: str, format_name: str, size: int = 0) -> Document:
        """The Document; the file's name is its last block, also when the text was cut."""
        name = clean(self.name).replace("\n", " ")
        if name.strip():
            if self._parts:
                self._parts.append("\n")
                self._length += 1
            self._blocks.append(Block(Span(self._length, self._length + len(name)), Where.NAME))
            self._parts.append(name)
        tallies = tuple(Tally(kind, found, read) for kind, (found, read) in self._tallies.items())
        return Document(
            sha256,
            self.name,
            format_name,
            self.text,
            tuple(self._blocks),
            self.problems,
            self.pages,
            receipt=Receipt(size, tallies),
            snippets=tuple(self._snippets),
            children=tuple(self._children),
        )

    def _write(self, text: str) -> None:
        room = self.limits.chars - self._length
        if len(text) > room:
            text = text[: max(0, room)]
            self.problem("too_long")
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _extend(self, last: Block, text: str) -> None:
        self._write(text)
        self._blocks[-1] = replace(last, span=Span(last.span.start, self._length))
