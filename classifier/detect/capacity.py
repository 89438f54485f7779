"""In which capacity a person is named: in office, privately, or as a public figure; by the words beside the name.

A name in office (局长张三) is public (条例:20.2), a private one (患者李四) is for a person to look at; where the words say nothing,
the learned label speaks, and only when it is sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from classifier.core.finding import Severity
from classifier.detect.name_scorer import Mention

_LONGEST = 7
_SHORT = ("摄", "文", "图")
"""The only labels of one character: 文/王明."""
_SIGNS = ' \u3000:：（(“"|\t'
_SURE = 0.95
"""A learned 私人身份 below this stays a mere mention: most papers name people in office."""


class Capacity(StrEnum):
    """Whose name it is."""

    OFFICIAL = "official"
    PRIVATE = "private"
    OTHER = "other"

    @property
    def severity(self) -> Severity:
        """A private person's name is looked at; officials and public figures are only told."""
        return Severity.REVIEW if self is Capacity.PRIVATE else Severity.INFO


@dataclass(frozen=True, slots=True)
class Labels:
    """Words that stand before or after names, with the capacity they give."""

    before: Mapping[str, Capacity]
    lengths: Mapping[str, Sequence[int]]
    """How long those before names are that end in a character, the longest first."""
    after: Mapping[str, Capacity]
    figures: frozenset[str]


_OFFICE_AFTER = frozenset(
    [
        "同志",
        "局长",
        "主任",
        "书记",
        "厂长",
        "经理",
        "总统",
        "总理",
        "首相",
        "主席",
        "部长",
        "外长",
        "大使",
        "将军",
        "院士",
        "市长",
        "省长",
        "县长",
        "镇长",
        "校长",
        "院长",
        "教授",
        "等同志",
    ]
)
_PRIVATE_AFTER = frozenset(
    [
        "的妻子",
        "的丈夫",
        "的儿子",
        "的女儿",
        "的父亲",
        "的母亲",
        "的家",
        "家中",
        "家里",
        "之子",
        "之女",
        "之妻",
        "老人",
        "大爷",
        "大妈",
        "大娘",
    ]
)


@lru_cache(maxsize=2)
def load_labels(terms: Path) -> Labels:
    """The labels of a corpus/terms folder: name_neighbours.txt (o in office, p private) and public_figures.txt."""
    before: dict[str, Capacity] = {}
    for line in (terms / "name_neighbours.txt").read_text(encoding="utf-8").splitlines():
        letter, _, word = line.partition(" ")
        if letter in ("o", "p"):
            before.setdefault(word, Capacity.OFFICIAL if letter == "o" else Capacity.PRIVATE)
    after = dict.fromkeys(_OFFICE_AFTER, Capacity.OFFICIAL) | dict.fromkeys(_PRIVATE_AFTER, Capacity.PRIVATE)
    lines = (terms / "public_figures.txt").read_text(encoding="utf-8").splitlines()
    lengths: dict[str, set[int]] = {}
    for word in before:
        if len(word) in range(2, _LONGEST + 1) or word in _SHORT:
            lengths.setdefault(word[-1], set()).add(len(word))
    ordered = {sign: sorted(found, reverse=True) for sign, found in lengths.items()}
    return Labels(before, ordered, after, frozenset(w for w in lines if w and not w.startswith("#")))


def _by_words(text: str, mention: Mention, labels: Labels) -> Capacity | None:
    """What the longest label directly before the name says, else the form of address behind it."""
    left = text[max(0, mention.start - _LONGEST - 3) : mention.start].rstrip(_SIGNS)
    for length in labels.lengths.get(left[-1:], ()):
        if found := labels.before.get(left[-length:]):
            return found
    right = text[mention.end : mention.end + 4]
    return next((labels.after[right[:n]] for n in (4, 3, 2) if right[:n] in labels.after), None)


def read_capacities(text: str, mentions: Sequence[Mention], labels: Labels) -> list[tuple[Capacity, bool]]:
    """The capacity of every mention (in text order), and whether words said so. A list shares the label of its first name."""
    read: list[tuple[Capacity, bool]] = []
    for number, mention in enumerate(mentions):
        told = _by_words(text, mention, labels)
        before = mentions[number - 1] if number else None
        if told is None and before and text[before.end : mention.start].strip() in ("、", "", "和", "，") and read[-1][1]:
            told = read[-1][0] if mention.start - before.end <= 2 else None
        if text[mention.start : mention.end] in labels.figures:
            read.append((told if told is Capacity.PRIVATE else Capacity.OTHER, False))
        elif told:
            read.append((told, True))
        elif mention.capacity == "p" and mention.sureness >= _SURE:
            read.append((Capacity.PRIVATE, False))
        else:
            read.append((Capacity.OTHER if mention.capacity == "x" else Capacity.OFFICIAL, False))
    return read
