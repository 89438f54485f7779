"""Sentences with marked names (corpus/names), and the same sentences with other names: contexts are written, names are drawn.

Every name in corpus/names is invented or history; the generator draws from the lists in corpus/terms.
"""

from __future__ import annotations

import itertools
import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MARK = re.compile("⟦([opx]):([^⟦⟧]+)⟧")
_PAPER_MARK = re.compile("⟦[^:⟦⟧]*:?([^⟦⟧]*)⟧")
_NAME_MARK = re.compile("⟦personal_info.person_name:([\u4e00-\u9fff·]{2,9})⟧")
_OTHER_MARK = re.compile("⟦[^⟦⟧]*⟧")
_KEPT = re.compile("[某×*]|^[老小大阿].$|^.$|[A-Za-z]|.[嫂婶叔爷奶哥姐]$|.大[妈爷娘伯姐哥]$")
"""Forms that are not a full name: left as they were written."""
_ENDS = [
    "斯基",
    "诺夫",
    "维奇",
    "耶夫",
    "连科",
    "尔森",
    "德森",
    "顿",
    "尔",
    "斯",
    "特",
    "德",
    "拉",
    "娜",
    "曼",
    "夫",
    "诺",
    "里",
    "尼",
    "亚",
    "克",
    "森",
    "茨",
    "伊",
    "莱",
    "格",
    "姆",
    "巴",
]


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence: its words and the names in it as (start, end, o | p | x)."""

    text: str
    names: tuple[tuple[int, int, str], ...]
    writer: str


def read_marked(line: str, writer: str) -> Marked:
    """A line of corpus/names without its marks."""
    text, names, at = "", [], 0
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        names.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        at = match.end()
    return Marked(text + line[at:], tuple(names), writer)


@dataclass(frozen=True, slots=True)
class Paper:
    """The lines of one of our papers, and the names that are marked in it."""

    lines: tuple[str, ...]
    names: frozenset[str]


def read_papers(folder: Path) -> list[Paper]:
    """The papers in corpus/samples without their marks. Only names that must not go out are marked there."""
    out = []
    for path in sorted(folder.glob("w*.txt")):
        for paper in path.read_text(encoding="utf-8").split("=====\n")[1:]:
            body = paper.partition("-----\n")[2]
            lines = [line.strip() for line in _PAPER_MARK.sub(r"\1", body).splitlines() if len(line.strip()) > 8]
            out.append(Paper(tuple(lines), frozenset(_NAME_MARK.findall(body))))
    return out


def read_corpus(folder: Path) -> list[Marked]:
    """Every sentence of corpus/names/n*.txt."""
    out = []
    for path in sorted(folder.glob("n*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                sentence = read_marked(line.rstrip(), path.stem)
                if not _OTHER_MARK.search(sentence.text):
                    out.append(sentence)
    return out


@dataclass(frozen=True, slots=True)
class Lists:
    """What names are drawn from, commonest first."""

    surnames: tuple[str, ...]
    rare: tuple[str, ...]
    """Surnames that are ordinary words too."""
    compound: tuple[str, ...]
    given: tuple[str, ...]
    japanese: tuple[str, ...]
    foreign: tuple[str, ...]
    syllables: tuple[str, ...]
    figures: tuple[str, ...]


def read_lists(terms: Path) -> Lists:
    """The lists of corpus/terms."""

    def lines(name: str) -> list[str]:
        raw = (terms / name).read_text(encoding="utf-8").splitlines()
        return [w.strip() for w in raw if w.strip() and not w.startswith("#")]

    given = [w for w in lines("given_name_characters.txt") + lines("given_name_more.txt") if len(w) == 1]
    syllables = [w for w in lines("transliteration.txt") if not w.startswith("-")]
    surnames = lines("surnames.txt")
    return Lists(
        tuple(s for s in surnames if len(s) == 1), tuple(lines("surnames_more.txt")), tuple(s for s in surnames if len(s) == 2), tuple(given), tuple(lines("japanese_surnames.txt")), tuple(lines("foreign_names.txt")), tuple(syllables),
        tuple(lines("public_figures.txt")),
    )  # fmt: skip


@cache
def _shares(count: int, flat: float) -> tuple[float, ...]:
    """Running shares of a list whose front is likelier (a Zipf curve, the flatter the larger `flat`)."""
    return tuple(itertools.accumulate(1 / (place + flat) ** 1.2 for place in range(count)))


def _pick(words: tuple[str, ...], chance: random.Random, flat: float) -> str:
    """A word; the front of the list is likelier."""
    return chance.choices(words, cum_weights=_shares(len(words), flat))[0]


def draw_han(lists: Lists, chance: random.Random) -> str:
    """A surname (one in sixty of two characters) and a given name."""
    draw = chance.random()
    usual = _pick(lists.surnames, chance, 8)
    surname = chance.choice(lists.compound) if draw < 0.03 else chance.choice(lists.rare) if draw < 0.09 else usual
    first = _pick(lists.given, chance, 60)
    return surname + first if chance.random() < 0.22 else surname + first + _pick(lists.given, chance, 60)


def _draw_piece(lists: Lists, chance: random.Random) -> str:
    if chance.random() < 0.55:
        return chance.choice(lists.foreign)
    body = "".join(chance.choice(lists.syllables) for _ in range(chance.choice((1, 1, 2, 2, 3))))
    return body + chance.choice(_ENDS)


def draw_foreign(lists: Lists, chance: random.Random, *, dotted: bool) -> str:
    """A transliterated name of one piece, or of two or three with middle dots; now and then a Japanese one."""
    if dotted:
        return "·".join(_draw_piece(lists, chance) for _ in range(3 if chance.random() < 0.12 else 2))
    if chance.random() < 0.15:
        return (
            chance.choice(lists.japanese)
            + _pick(lists.given, chance, 100)
            + chance.choice(("", "一", "郎", "子", "雄", "夫", "太郎", "三"))
        )
    return _draw_piece(lists, chance)


def _replace(name: str, label: str, lists: Lists, chance: random.Random) -> str:
    """Another name of the same make."""
    if _KEPT.search(name):
        return name
    if label == "x" and chance.random() < 0.25:
        return chance.choice(lists.figures)
    if "·" in name:
        return draw_foreign(lists, chance, dotted=True)
    if len(name) <= 3 and (name[0] in lists.surnames + lists.rare or name[:2] in lists.compound):
        foreign = label == "x" and chance.random() < 0.15
        return draw_foreign(lists, chance, dotted=False) if foreign else draw_han(lists, chance)
    if len(name) >= 3 and name[:2] not in lists.compound:
        return draw_foreign(lists, chance, dotted=chance.random() < 0.2)
    return draw_han(lists, chance) if len(name) == 4 else name


def vary(sentence: Marked, lists: Lists, chance: random.Random) -> Marked:
    """The sentence with other names; one name stays one name."""
    swap = {sentence.text[a:b]: "" for a, b, _ in sentence.names}
    text, names, at = "", [], 0
    for start, end, label in sentence.names:
        old = sentence.text[start:end]
        swap[old] = swap[old] or _replace(old, label, lists, chance)
        text += sentence.text[at:start]
        names.append((len(text), len(text) + len(swap[old]), label))
        text += swap[old]
        at = end
    return Marked(text + sentence.text[at:], tuple(names), sentence.writer)
