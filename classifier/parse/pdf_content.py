"""What a page's drawing commands could hide, told from the commands alone: where nothing could, no object is looked at.

In: the objects of a file. Out: Signs per page. Looking at every object through PDFium costs more than reading the page; these
checks cost a tenth of it. A page whose commands cannot be unpacked counts as one that could hide anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from classifier.parse.pdf_objects import Objects

_CLEAR_VALUE = re.compile(rb"/ca\s+([\d.]+)")
_FAINT = 0.06
_BLANKS = bytes.maketrans(b"\0\t\n\f\r", b"     ")
"""Any white space of PDF may stand around an operator: one kind is looked for."""
_REACH, _NEAR = 96, 12
"""Bytes before an operator that hold its numbers; those that are enough for one number, mostly."""
_SHAPE = re.compile(rb"[lcvyhe] +(?:f\*?|F|[bB]\*?) ")
_PAINTS = (b"f", b"F", b"b", b"B")
_WHITE = 0.93
_THIN = 3.0
"""Points; a lower filled shape is a line of a table."""
_TINY = 2.5


@dataclass(frozen=True, slots=True)
class Signs:
    """What the commands of a page hold."""

    pictures: bool = True
    """Pictures or forms are drawn."""
    modes: bool = True
    """Letters are drawn in another mode than filled."""
    colours: bool = True
    """A white or clear fill colour is set."""
    tiny: bool = True
    """Sizes and matrices together may make letters too small to read."""
    covers: bool = True
    """A shape or picture may be drawn over (or, in the same colour, below) letters."""
    is_whole: bool = True
    """Whether the packing of the commands holds to the end."""

    @property
    def any(self) -> bool:
        """Whether the page's objects must be looked at."""
        return self.modes or self.colours or self.tiny or self.covers

    def __or__(self, other: Signs) -> Signs:
        return Signs(
            self.pictures or other.pictures,
            self.modes or other.modes,
            self.colours or other.colours,
            self.tiny or other.tiny,
            self.covers or other.covers,
            self.is_whole and other.is_whole,
        )


ANYTHING = Signs()
_NOTHING = Signs(False, False, False, False, False)


class Contents:
    """The Signs of each page. State that outlives a call: those of the forms, which any page may draw."""

    def __init__(self, objects: Objects, count: int) -> None:
        self._objects = objects
        self._pages = objects.pages()
        self._known = objects.is_complete and len(self._pages) == count
        self._clear = any(_is_clear(body) for _, body in objects.bodies(b"/ca"))
        self._forms: Signs | None = None

    def of(self, number: int) -> Signs:
        """The Signs of a page, counted from 0."""
        if not self._known:
            return ANYTHING
        pieces: list[bytes] = []
        whole = known = True
        for part in self._objects.references(self._pages[number], b"Contents"):
            decoded = self._objects.decode(part)
            if decoded is None or not decoded.is_known:
                known = False
                continue
            whole = whole and decoded.is_whole
            pieces.append(decoded.data)
        if not known:
            return Signs(is_whole=whole)
        signs = self._look(b"\n".join(pieces), whole)
        return signs | self._of_forms() if signs.pictures else signs

    def _of_forms(self) -> Signs:
        if self._forms is None:
            self._forms = _NOTHING
            for number, body in self._objects.bodies(b"/Form"):
                decoded = self._objects.decode(number) if b"/Subtype" in body else None
                if decoded is None:
                    continue
                self._forms |= self._look(decoded.data, True) if decoded.is_known else ANYTHING
        return self._forms

    def _look(self, content: bytes, whole: bool) -> Signs:
        flat = b" %b " % content.translate(_BLANKS)
        pictures = b" Do" in flat or b" BI" in flat
        return Signs(
            pictures,
            any(mode >= 1 for mode in _numbers(flat, b" Tr")),
            (self._clear and b" gs" in flat) or _is_white(flat),
            _is_tiny(flat),
            pictures or b" sh" in flat or _covers(flat),
            whole,
        )


def _is_clear(body: bytes) -> bool:
    return any(_number(value) < _FAINT for value in _CLEAR_VALUE.findall(body))


def _number(token: bytes) -> float:
    try:
        return float(token)
    except ValueError:
        return 0.0


def _before(content: bytes, operator: bytes, reach: int = _REACH) -> set[bytes]:
    """The last bytes before each use of an operator, equal ones once."""
    return {piece[-reach:] for piece, follower in pairwise(content.split(operator)) if not follower[:1].isalpha()}


def _numbers(content: bytes, operator: bytes) -> set[float]:
    """The number right before each use of an operator; 0 where it is none."""
    words = [tail.rsplit(None, 1) for tail in _before(content, operator, _NEAR)]
    if any(len(word) < 2 for word in words):  # a number longer than that
        words = [tail.rsplit(None, 1) for tail in _before(content, operator)]
    return {_number(word[-1]) if word else 0.0 for word in words}


def _operands(content: bytes, operator: bytes, count: int, keep: int = 9) -> list[list[float]]:
    """The numbers before each use of an operator, the first `keep` of them, equal ones once."""
    found = {tuple(tail.split()[-count:][:keep]) for tail in _before(content, operator)}
    wanted = min(count, keep)
    return [[_number(token) for token in tokens] for tokens in found if len(tokens) == wanted]


def _is_white(content: bytes) -> bool:
    """Whether a fill colour close to white is set."""
    grey, other = [b" g"], [b" sc", b" scn"] if b" sc" in content else []
    return (
        any(min(colour) >= _WHITE for colour in _operands(content, b" rg", 3))
        or any(max(colour) <= 1 - _WHITE for space in [b" k", *other] for colour in _operands(content, space, 4))
        or any(shade >= _WHITE for space in [*grey, *other] for shade in _numbers(content, space))
    )


def _least(content: bytes, operator: bytes) -> float:
    """The smallest vertical scale a matrix operator sets."""
    return min((max(abs(m[2]), abs(m[3])) for m in _operands(content, operator, 6, 4)), default=1.0)


def _is_tiny(content: bytes) -> bool:
    """Whether size and matrices together could make letters too small to read (the least of each, so rather yes than no)."""
    size = min((abs(size) for size in _numbers(content, b" Tf")), default=99.0)
    return size <= 90 and size * _least(content, b" Tm") * min(1.0, _least(content, b" cm")) <= _TINY


def _covers(content: bytes) -> bool:
    """Whether a shape large enough to hide a letter is filled."""
    if _SHAPE.search(content):
        return True
    pieces = content.split(b" re")
    if len(pieces) == 1:
        return False
    scale = max([1.0, *(max(abs(m[0]), abs(m[1]), abs(m[3])) for m in _operands(content, b" cm", 6, 4))])
    for piece, follower in pairwise(pieces):
        head = follower[:12].lstrip()
        if head.startswith(_PAINTS) or head[:1].isdigit() or head[:1] in (b"-", b"."):
            sides = [abs(_number(token)) for token in piece[-64:].split()[-2:]]
            if sides and min(sides) * scale > _THIN:
                return True
    return False
