"""Papers that disagree: the kinds of it, and the desk at which papers are looked at, compared and told of.

In: a ledger, and papers by file and part. Out: what two papers of like content are to one another, and Contradictions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from classifier.core.assessment import Attribute, Route
from classifier.holdings import verdicts
from classifier.holdings.copies import Key
from classifier.holdings.ledger import Ledger, Paper
from classifier.holdings.seal import Seal

MOST = 40
"""Papers named in one contradiction; the advice tells how many more there are."""
_OPEN = (Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD)
_DRAFT_TITLE = re.compile(r"征求意见稿|送审稿|讨论稿|审议稿|修改稿|草\s?案|草\s?稿|初稿|代拟稿|报批稿")
_DRAFT_RULES = ("process.draft@", "hidden.deleted_text@", "hidden.inserted_text@", "hidden.comment@")


class ContradictionKind(StrEnum):
    """In what way papers contradict one another, the surest first."""

    EQUAL_FILE = "equal_file"
    SAME_CONTENT = "same_content"
    DRAFT = "draft"
    FORWARDED = "forwarded"
    SAME_NUMBER = "same_number"
    MASKED = "masked"
    ALIKE = "alike"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return _LABELS[self]


_LABELS = {
    ContradictionKind.EQUAL_FILE: "同一文件",
    ContradictionKind.SAME_CONTENT: "内容相同",
    ContradictionKind.DRAFT: "草稿与定稿",
    ContradictionKind.FORWARDED: "转发与原件",
    ContradictionKind.SAME_NUMBER: "文号相同",
    ContradictionKind.MASKED: "个人信息多少不同",
    ContradictionKind.ALIKE: "内容很像",
}


@dataclass(frozen=True, slots=True)
class PaperRef:
    """One paper of a contradiction."""

    file: int
    part: int
    attribute: Attribute | None
    route: Route


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Papers that ought to agree."""

    kind: ContradictionKind
    papers: tuple[PaperRef, ...]
    advice: str
    """What to do, in plain Chinese, without a word of a paper."""


class Desk:
    """Papers looked at one by one, and which of them have been told of together."""

    def __init__(self, ledger: Ledger, seal: Seal | None) -> None:
        self._ledger, self._seal = ledger, seal
        self._families = {int(file) for (file,) in ledger.read("SELECT DISTINCT file FROM paper WHERE part = 1")}
        self._told: dict[Key, set[int]] = {}
        self._number = 0

    def look(self, keys: Iterable[Key]) -> dict[Key, Paper]:
        """Papers by file and part, without those whose attribute is that of a file inside them."""
        found = {}
        for key in keys:
            for _, paper in self._ledger.papers("paper.file = ? AND paper.part = ?", key):
                if not self._is_raised(key, paper):
                    found[key] = paper
        return found

    def attributes(self, keys: Sequence[Key]) -> dict[Key, str]:
        """The attributes alone: most heaps agree, and are not looked at closer."""
        question = "SELECT attribute FROM paper WHERE file = ? AND part = ?"
        return {key: str(self._ledger.read(question, key).fetchone()[0]) for key in keys}

    def _is_raised(self, key: Key, paper: Paper) -> bool:
        if key[1] != 0 or key[0] not in self._families:
            return False
        return any(r.step == "S0" and r.attribute is not None for r in verdicts.unpack(paper.verdict).reasons)

    def is_draft(self, paper: Paper) -> bool:
        """Whether a paper shows that it is not final: by a mark, comments or tracked changes, or its title."""
        if any(f'"{rule}' in paper.counts for rule in _DRAFT_RULES):
            return True
        title = self._seal.open_label(paper.label).title if self._seal is not None else None
        return bool(title and _DRAFT_TITLE.search(title))

    def tell(self, kind: ContradictionKind, papers: dict[Key, Paper], advice: str) -> Contradiction:
        """A contradiction; its papers are known from now on."""
        self._number += 1
        for key in papers:
            self._told.setdefault(key, set()).add(self._number)
        refs = [PaperRef(*key, paper.attribute, paper.route) for key, paper in papers.items()]
        if len(refs) > MOST:
            advice += f"（共 {len(refs)} 件，这里列出 {MOST} 件。）"
        return Contradiction(kind, tuple(_some_of_each(refs)), advice)

    def has_told(self, papers: Iterable[Key]) -> bool:
        """Whether one contradiction has told of all of them."""
        known = [self._told.get(key, set()) for key in papers]
        return bool(known) and bool(set.intersection(*known))


def _some_of_each(refs: list[PaperRef]) -> list[PaperRef]:
    """At most `MOST`, with every attribute among them."""
    if len(refs) <= MOST:
        return refs
    share = MOST // len({r.attribute for r in refs})
    chosen = [r for attribute in {r.attribute: None for r in refs} for r in [x for x in refs if x.attribute is attribute][:share]]
    return sorted(chosen, key=lambda r: (r.file, r.part))


def differ(papers: Iterable[Paper]) -> bool:
    """Whether papers have more than one attribute."""
    return len({paper.attribute for paper in papers}) > 1


def count_up(papers: Iterable[Paper]) -> str:
    """Attributes with their numbers of papers: 主动公开 3 件、不予公开 1 件."""
    counts: dict[str, int] = {}
    for paper in papers:
        name = paper.attribute.label if paper.attribute else Route.BLOCKED.label
        counts[name] = counts.get(name, 0) + 1
    return "、".join(f"{name} {count} 件" for name, count in counts.items())


def kind_of(one: Paper, other: Paper, desk: Desk) -> ContradictionKind | None:
    """What two papers of the same content and different attributes are to one another; None where that is as it should be."""
    if one.sha256 == other.sha256:
        return None  # told as equal files
    drafts = desk.is_draft(one), desk.is_draft(other)
    if drafts[0] is not drafts[1]:
        draft, final = (one, other) if drafts[0] else (other, one)
        return ContradictionKind.DRAFT if is_more_open(draft, final) else None
    if _are_two(one.number_key, other.number_key) or _are_two(one.title_key, other.title_key):
        return ContradictionKind.ALIKE
    mine, theirs = _masks(one), _masks(other)
    if mine != theirs:
        fuller, barer = (one, other) if mine > theirs else (other, one)
        if is_more_open(barer, fuller):
            return ContradictionKind.MASKED
    return ContradictionKind.SAME_CONTENT


def _are_two(one: bytes | None, other: bytes | None) -> bool:
    """Whether two keys are known and different."""
    return one is not None and other is not None and one != other


def is_more_open(one: Paper, other: Paper) -> bool:
    """Whether one paper would go further out than the other; a blocked one goes nowhere."""
    return rank(one) < rank(other)


def rank(paper: Paper) -> int:
    """How closed a paper is; a blocked one most."""
    return _OPEN.index(paper.attribute) if paper.attribute else len(_OPEN)


def _masks(paper: Paper) -> int:
    """Passages that would have to be masked."""
    return sum(int(count) for count, _, severity in json.loads(paper.counts).values() if severity == "redact")
