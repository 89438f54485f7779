"""How people find a paper of a batch again: its number, its title, and its path below the folder the batch was given.

In: a ledger, and its key where titles may be shown. Out: Named papers. A paper with a state-secret marking has a number and nothing
else: its very path may be marked.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from classifier.core.assessment import Attribute, Route
from classifier.holdings.changes import LEFT, ORIGIN
from classifier.holdings.ledger import Ledger
from classifier.holdings.listing import plain, show_path, sources_of
from classifier.holdings.seal import Label, Seal

HIDDEN = "（涉密标志，不显示）"
"""What stands in place of title and path of a paper that is stopped."""
_PAPER = (
    "SELECT file.path, paper.attribute, paper.route, paper.label FROM paper JOIN file ON file.id = paper.file"
    " WHERE paper.file = ? AND paper.part = ?"
)


@dataclass(frozen=True, slots=True)
class Named:
    """One paper as people know it."""

    number: str
    """As `mishen batch locate` takes it: the file, and the part where it lies inside one."""
    attribute: Attribute | None
    route: Route
    title: str
    """Empty where there is none or no key is at hand."""
    path: str
    """The whole path, with the place inside the file."""
    below: str
    """The path below the folders of the batch, likewise."""

    @property
    def name(self) -> str:
        """What to call it on screen: its title, where there is one, and its path, for many papers have one title."""
        return f"《{self.title}》　{self.below}" if self.title and self.title != HIDDEN else self.below


class Catalogue:
    """Papers of a ledger by file and part."""

    def __init__(self, ledger: Ledger, seal: Seal | None) -> None:
        self._ledger, self._seal = ledger, seal
        self._root = _root(find_sources(ledger))

    def look(self, file: int, part: int, *, may_show: bool = True) -> Named:
        """One paper.

        Args:
            file: the number of its file.
            part: its place in the file.
            may_show: False for a paper that was blocked by another run.

        Raises:
            BadLedger: its words are sealed with another key.
        """
        path, attribute, route, sealed = self._ledger.read(_PAPER, (file, part)).fetchone()
        said = Attribute(attribute) if attribute is not None else None
        if not may_show or route == Route.BLOCKED:
            return Named(_number(file, part), said, Route(route), HIDDEN, HIDDEN, HIDDEN)
        label = self._seal.open_label(sealed) if self._seal else Label()
        inside = f" › {plain(label.member)}" if label.member else f" › 第 {part} 个内含文件" if part else ""
        below = show_path(self._below(bytes(path)))
        whole = os.fsencode(os.fsdecode(path)).decode("utf-8", "replace")
        return Named(_number(file, part), said, Route(route), plain(label.title), whole + inside, below + inside)

    def find(self, path: bytes, part: int, *, may_show: bool = True) -> Named:
        """One paper by the path of its file, which is in the ledger."""
        [file] = self._ledger.read("SELECT id FROM file WHERE path = ?", (path,)).fetchone()
        return self.look(int(file), part, may_show=may_show)

    def _below(self, path: bytes) -> bytes:
        return path[len(self._root) :] if self._root and path.startswith(self._root) else path


def find_sources(ledger: Ledger) -> tuple[bytes, ...]:
    """The folders and lists a batch was given; of a difference run those of the run it started from."""
    held = ledger.noted(ORIGIN)
    first = json.loads(held).get("sources", ()) if held else ()
    return tuple(dict.fromkeys((*map(os.fsencode, first), *sources_of(ledger))))


def _number(file: int, part: int) -> str:
    return f"{file}-{part}" if part else f"{file}"


def _root(sources: tuple[bytes, ...]) -> bytes:
    """The folder below which everything was found: the source, or what several sources have in common. Empty: there is none."""
    folders = [source.rstrip(b"/") for source in sources if source.startswith(b"/") and not source.endswith(b"/" + LEFT.encode())]
    if not folders:
        return b""
    root = folders[0] if len(folders) == 1 else os.path.commonpath([os.path.dirname(folder) for folder in folders])  # noqa: PTH120 - bytes
    return root.rstrip(b"/") + b"/" if root.strip(b"/") else b""
