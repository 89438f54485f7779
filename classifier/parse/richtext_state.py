"""What an RTF group inherits from the one around it: font, looks, where its words go.

In: control words. Out: the next State. Source: RTF specification 1.9.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from classifier.parse.richtext_words import codec_of_charset, codec_of_page

_TINY = 6
"""Half points: three points and less cannot be read on paper."""
_WHITE = 0xF8


@dataclass(frozen=True, slots=True)
class State:
    """The settings of one group."""

    goal: str = ""
    """The destination: "" for words in the current line, a name of `PLACES`, or `skip`, `colours`, `fonts`, `hex`, `styles`."""
    font: int = -1
    width: int = 1
    """How many characters stand in for each `\\uN`."""
    hidden: bool = False
    deleted: bool = False
    revised: bool = False
    colour: int = 0
    size: int = 24
    painted: bool = False
    """A highlight or shading behind the characters."""
    shaded: bool = False
    """A shading of the paragraph."""
    table: bool = False


@dataclass(slots=True)
class Tables:
    """Fonts, colours, styles and the code page: what the head of the file declares."""

    codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    """The codec of each font; "symbol" for fonts that put pictures on letters."""
    names: dict[int, str] = field(default_factory=dict)
    colours: list[tuple[int, int, int] | None] = field(default_factory=list)
    styles: dict[int, State] = field(default_factory=dict)
    """Looks of character and paragraph styles, by number."""
    row_painted: bool = False
    """Whether a cell of the current row has a colour."""
    _font: int = -1
    _colour: list[int] = field(default_factory=lambda: [-1, -1, -1])

    def codec_of(self, font: int) -> str:
        """The codec for words in a font."""
        return self.fonts.get(font, self.codec)

    def is_white(self, colour: int) -> bool:
        """Whether a colour of the table is that of paper."""
        found = self.colours[colour] if 0 <= colour < len(self.colours) else None
        return found is not None and min(found) >= _WHITE

    def declare(self, word: str, number: int) -> None:
        """A word of the font or colour table."""
        if word in ("red", "green", "blue"):
            self._colour[("red", "green", "blue").index(word)] = number
        elif word == "f":
            self._font = number
        elif word == "fcharset":
            self.fonts[self._font] = "symbol" if number == 2 else codec_of_charset(number, self.codec)
        elif word == "cpg" and number > 0:
            self.fonts[self._font] = codec_of_page(number)

    def name_font(self, name: bytes) -> None:
        """A piece of the name of the font that was declared last."""
        self.names[self._font] = (self.names.get(self._font, "") + name.decode("latin-1").rstrip(";"))[:200]

    def end_colours(self, count: int) -> None:
        """So many semicolons: each ends a colour; one without numbers is the automatic one."""
        for _ in range(min(count, 10_000)):
            red, green, blue = self._colour
            self.colours.append((red, green, blue) if min(self._colour) >= 0 else None)
            self._colour = [-1, -1, -1]


def why_unseen(state: State, tables: Tables) -> str | None:
    """The origin of a run with this look, or None when a reader sees it."""
    if state.deleted:
        return "deleted_text"
    if state.hidden:
        return "hidden_text"
    if state.size <= _TINY:
        return "tiny_text"
    if tables.is_white(state.colour) and not (state.painted or state.shaded or (state.table and tables.row_painted)):
        return "white_text"
    return "inserted_text" if state.revised else None


def dress(state: State, word: str, number: int | None, tables: Tables) -> State:
    """The state after a control word about looks; the same object for every other word."""
    on = number is None or number != 0
    match word:
        case "f":
            return replace(state, font=number or 0)
        case "uc":
            return replace(state, width=min(max(number or 0, 0), 16))
        case "v":
            return replace(state, hidden=on)
        case "deleted" | "mvf":
            return replace(state, deleted=on)
        case "revised" | "mvt":
            return replace(state, revised=on)
        case "cf":
            return replace(state, colour=number or 0)
        case "fs":
            return replace(state, size=24 if number is None else number)
        case "highlight" | "chcbpat" | "chcfpat" | "cb":
            return replace(state, painted=bool(number) and not tables.is_white(number or 0))
        case "cbpat" | "shading":
            return replace(state, shaded=bool(number) and not (word == "cbpat" and tables.is_white(number or 0)))
        case "trowd":
            tables.row_painted = False
        case "clcbpat" | "clcfpat" | "clshdng":
            tables.row_painted = tables.row_painted or bool(number)
        case "intbl":
            return replace(state, table=True)
        case "pard":
            return replace(state, table=False, shaded=False)
        case "plain":
            return replace(state, hidden=False, deleted=False, revised=False, colour=0, size=24, painted=False, font=-1)
        case "cs" | "s":
            style = tables.styles.get(number or 0)
            if style is not None:
                return replace(state, hidden=style.hidden, colour=style.colour, size=style.size, painted=style.painted)
    return state
