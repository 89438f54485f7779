"""Islands: the short stretches of digits and Latin letters in a sea of Chinese, where every number rule looks first.

A number may be written with joints between its digits. Soft joints (space, hyphen, dot, zero-width) are how people group digits;
hard joints (line end, tab, cell border, bracket) may be two different numbers side by side, so they need more proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
SOFT = " \u3000.\\-\u00b7\u2022\u2027_" + INVISIBLE
HARD = "\n\r\t\\|\u2502\u3010\u3011\\[\\]()（）\u3014\u3015"
JOINT = f"[{SOFT}{HARD}]{{0,6}}"
"""What may stand between two characters of one number (six covers a line end with an indent of four)."""
_CHINESE = "〇零一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖幺"
_GATE = re.compile(f"[0-9A-Za-z{_CHINESE}](?:{JOINT}[0-9A-Za-z{_CHINESE}×χΧхХ✕]){{4,}}")
_DIGITS = re.compile(f"[0-9{_CHINESE}]")
_DISGUISED = re.compile(f"[{_CHINESE}OoQDlISsBZz×χΧхХ✕]")
_HARD = re.compile(f"[{HARD}]")
_SOFT = re.compile(f"[{SOFT}]")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_FILLER = re.compile(f"[{SOFT}{HARD}]+")

_CHINESE_DIGITS = {**dict(zip("〇零一壹幺二贰貳三叁參四肆五伍六陆陸七柒八捌九玖", "001112223334455666778899", strict=True))}
_CROSSES = dict.fromkeys("×χΧхХ✕x", "X")
_LOOK_ALIKES = {"O": "0", "o": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "S": "5", "s": "5", "B": "8", "Z": "2", "z": "2"}
_CROSS_TABLE = str.maketrans(_CROSSES)
UNMASK_DIGITS = str.maketrans(_CHINESE_DIGITS | _CROSSES | _LOOK_ALIKES)
"""Chinese numerals and letters that scanners confuse with digits, for numbers made of digits only. 1:1."""
UNMASK_LETTERS = str.maketrans(_CHINESE_DIGITS | _CROSSES | {"O": "0", "o": "0", "l": "1", "I": "1", "i": "1"})
"""The same for numbers that hold letters: only letters that such numbers never use."""


class Joint(IntEnum):
    """The hardest joint inside a number."""

    NONE = 0
    SOFT = 1
    HARD = 2


@dataclass(frozen=True, slots=True)
class Island:
    """One stretch [start, end) of the folded text. `disguised`: it holds Chinese numerals or look-alikes of digits."""

    start: int
    end: int
    disguised: bool
    size: int
    """Digits and letters in it, without the joints: no number in it is longer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch that has the shape of a number. `value` is compact: joints removed, upper case."""

    start: int
    end: int
    value: str
    joint: Joint
    disguised: bool
    groups: tuple[int, ...]
    """Lengths of the pieces between joints, (3, 4, 4)."""

    def is_mixed(self, text: str) -> bool:
        """Whether ordinary digits or Latin letters stand among the disguised ones."""
        return re.search("[0-9A-Za-z]", text[self.start : self.end]) is not None

    @property
    def is_plain(self) -> bool:
        """Written as one run of ordinary digits and letters."""
        return self.joint is Joint.NONE and not self.disguised


def find_islands(text: str) -> Iterator[Island]:
    """The islands of a folded text, in order. Stretches without at least four digits hold no number and are left out."""
    for match in _GATE.finditer(text):
        piece = _FILLER.sub("", match.group())
        plain = piece.isascii() and piece.isdecimal()
        if plain or len(_DIGITS.findall(piece)) >= 4:
            yield Island(*match.span(), not plain and _DISGUISED.search(piece) is not None, len(piece))


def _measure(text: str, start: int, end: int, value: str, disguised: bool) -> Candidate:
    raw = _UNSEEN.sub("", text[start:end])
    joint = Joint.HARD if _HARD.search(raw) else Joint.SOFT if _SOFT.search(raw) else Joint.NONE
    pieces = [p for p in _FILLER.split(_UNSEEN.sub("", value)) if p]
    return Candidate(start, end, "".join(pieces).translate(_CROSS_TABLE).upper(), joint, disguised, tuple(map(len, pieces)))


def find_candidates(
    text: str, island: Island, shape: re.Pattern[str], unmask: dict[int, str] = UNMASK_DIGITS
) -> Iterator[Candidate]:
    """Matches of `shape` in an island, first as written, then with disguises taken off (those not seen before)."""
    seen: list[tuple[int, int]] = []
    for match in shape.finditer(text, island.start, island.end):
        seen.append(match.span())
        yield _measure(text, match.start(), match.end(), match.group(), disguised=False)
    if not island.disguised:
        return
    plain = text[island.start : island.end].translate(unmask)
    known = 0
    for match in shape.finditer(plain):
        start, end = match.start() + island.start, match.end() + island.start
        while known < len(seen) and seen[known][1] <= start:
            known += 1
        if known == len(seen) or seen[known][0] >= end:
            yield _measure(text, start, end, match.group(), disguised=True)


def shorten(text: str, found: Candidate) -> Candidate | None:
    """The candidate without its last group, or None when it is one run."""
    if len(found.groups) < 2:
        return None
    gaps = [gap.start() for gap in _FILLER.finditer(text, found.start, found.end)]
    if not gaps:
        return None
    value = found.value[: len(found.value) - found.groups[-1]]
    raw = text[found.start : gaps[-1]]
    joint = Joint.HARD if _HARD.search(raw) else Joint.SOFT if len(found.groups) > 2 else Joint.NONE
    return Candidate(found.start, gaps[-1], value, joint, found.disguised, found.groups[:-1])


def spaced(first: str, *rest: str, bounded: bool = True) -> str:
    """A shape whose parts may have joints between them, bounded by anything that is no digit and (if `bounded`) no Latin letter."""
    letters = "A-Za-z" if bounded else ""
    return f"(?<![0-9{letters}])" + first + "".join(f"{JOINT}{part}" for part in rest) + f"(?![0-9{letters}])"


def repeat(part: str, low: int, high: int | None = None) -> str:
    """`part` from low to high times, each with a joint before it."""
    return f"(?:{JOINT}{part}){{{low},{high or low}}}"
