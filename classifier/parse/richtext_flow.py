"""The walk through an RTF file: groups, words, and the place of each.

In: untrusted bytes. Out: passages on the Draft, in the order of the file; notes, comments and boxes follow their paragraph.
No recursion: groups lie on a stack of limited height. Pictures and broken objects are Problems, objects are attached.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from classifier.core.document import Cell, Where
from classifier.parse.draft import Draft, Passage
from classifier.parse.richtext_groups import close_hex, close_words, say_tail
from classifier.parse.richtext_letters import decode, join_units
from classifier.parse.richtext_line import Line
from classifier.parse.richtext_state import State, Tables, dress, why_unseen
from classifier.parse.richtext_tokens import Token, read_tokens
from classifier.parse.richtext_words import CHARACTERS, PLACES, SIGNS, SILENT, WALKED, codec_of_page

_DEEPEST = 800
_HEX = {"pict", "objdata", "datastore"}
_HEADS = {"fonttbl": "fonts", "colortbl": "colours", "stylesheet": "styles", **{name: name for name in _HEX}}
_BREAKS = {"par", "sect", "nestcell", "nestrow"}


@dataclass(slots=True)
class _Frame:
    """A group whose words stand apart: a note, a header, a property."""

    line: Line
    depth: int
    goal: str = ""
    passages: list[Passage] = field(default_factory=list)


class Flow:
    """Walks one file. State that outlives a call: the stack of groups, the open lines, the characters not yet decoded."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.tables = Tables()
        self.property = ""
        """The name of the shape property whose value comes next."""
        self._state = State()
        self._stack: list[State] = []
        self._frames = [_Frame(Line(Where.BODY), 0)]
        self._bytes = bytearray()
        self._units: list[int] = []
        self._skip = 0
        self._fresh = self._starred = False
        self._overflow = 0
        self._ended = False
        self._tail = bytearray()
        self._default_font = -1
        self._style = -1
        self._hex = bytearray()
        self._table, self._row, self._column, self._gap = -1, 0, 0, "\n"
        self._in_table = False
        self._objects = 0

    def walk(self, untrusted: bytes) -> None:
        """Every token, then what is left open."""
        for token in read_tokens(untrusted):
            if self._ended:
                self._tail += token.data
                continue
            getattr(self, f"_on_{token.kind}")(token)
        self._flush()
        while len(self._frames) > 1:
            self._close_frame()
        self._break_line()
        if self._stack or not self._ended:
            self.draft.problem("damaged")
        say_tail(bytes(self._tail), self.draft)

    def _on_open(self, _token: Token) -> None:
        self._flush()
        self._skip = 0
        if len(self._stack) >= _DEEPEST:
            self._overflow += 1
            self.draft.problem("part_unread", "groups")
            return
        self._stack.append(self._state)
        if self._state.goal == "upr":
            self._state = replace(self._state, goal="skip")
        elif self._state.goal == "styles":
            self._state, self._style = State("styles"), 0
        self._fresh, self._starred = True, False

    def _on_close(self, _token: Token) -> None:
        self._flush()
        self._skip, self._fresh = 0, False
        if self._overflow:
            self._overflow -= 1
            return
        if not self._stack:
            return
        ended = self._state
        if len(self._frames) > 1 and self._frames[-1].depth == len(self._stack):
            self._close_frame()
        self._state = self._stack.pop()
        if ended.goal in _HEX and self._state.goal != ended.goal:
            self._close_hex(ended.goal)
        elif ended.goal == "styles" and self._style >= 0:
            self.tables.styles[self._style] = ended
            self._style = -1
        self._ended = not self._stack

    def _on_hex(self, token: Token) -> None:
        self._characters(bytes((int(token.data, 16),)))

    def _on_text(self, token: Token) -> None:
        self._characters(token.data)

    def _on_bin(self, token: Token) -> None:
        if self._state.goal in _HEX:
            self._hex += token.data.hex().encode()
        elif self._state.goal != "skip":
            self.draft.problem("part_unread", "binary")

    def _on_cut(self, _token: Token) -> None:
        self.draft.problem("damaged")

    def _on_sign(self, token: Token) -> None:
        sign = token.data
        if sign == b"*":
            self._starred = True
        elif sign in SIGNS:
            self._flush()
            self._say(SIGNS[sign])
        elif sign in (b"\n", b"\r"):
            self._break()
        elif sign in (b"\\", b"{", b"}"):
            self._characters(sign)

    def _on_word(self, token: Token) -> None:
        word, number = token.data.decode("ascii"), token.number
        fresh, starred = self._fresh, self._starred
        self._fresh = self._starred = False
        if word == "u":
            if len(self._bytes):
                self._flush()
            self._fresh = False
            self._units.append((number or 0) & 0xFFFF)
            self._skip = self._state.width
            return
        self._flush()
        self._skip = 0
        if word == "ud" and fresh:
            beneath = next((s.goal for s in reversed(self._stack) if s.goal not in ("upr", "skip")), "")
            self._state = replace(self._state, goal=beneath)
        elif self._state.goal == "skip" or (fresh and self._open_group(word, starred)):
            return
        elif self._state.goal in ("fonts", "colours"):
            self.tables.declare(word, number or 0)
        else:
            self._obey(word, number)

    def _open_group(self, word: str, starred: bool) -> bool:
        """Whether the first word of a group names a destination."""
        goal = self._state.goal
        if word in _HEADS:
            self._state = replace(self._state, goal=_HEADS[word])
            self._style = -1
            if word in _HEX:
                self._hex.clear()
        elif word == "upr":
            self._state = replace(self._state, goal="upr")
        elif goal in ("fonts", "colours", "styles"):
            if starred and word not in ("cs", "ds", "ts"):
                self._state = replace(self._state, goal="skip")
                return True
            return False
        elif word in SILENT:
            self._state = replace(self._state, goal="skip")
        elif word in PLACES:
            self._open_frame(word, *PLACES[word])
        elif starred and word not in WALKED:
            self._open_frame("unknown", Where.HIDDEN, "unused_part")
        elif goal == "pict" and word in WALKED:
            self._state = replace(self._state, goal="")
        else:
            return False
        return True

    def _open_frame(self, goal: str, place: Where, origin: str | None) -> None:
        plain = State(font=self._state.font, width=self._state.width)
        self._frames.append(_Frame(Line(place, origin), len(self._stack), goal))
        self._state = plain

    def _close_frame(self) -> None:
        frame = self._frames.pop()
        frame.passages += frame.line.settle()
        passages = close_words(frame.goal, frame.passages, self)
        outer = self._frames[-1]
        if len(self._frames) == 1 and not outer.line.text.strip():
            self.draft.add_all(passages)
        else:
            outer.line.after += passages

    def _obey(self, word: str, number: int | None) -> None:
        """A word that is no destination: a break, a character, a look."""
        if self._state.goal == "styles" and word in ("s", "cs", "ds", "ts"):
            self._style = number or 0
        elif word in ("ansicpg", "mac", "pc", "pca"):
            page = {"mac": 10000, "pc": 437, "pca": 850}.get(word, number or 1252)
            self.tables.codec = codec_of_page(page)
        elif word == "deff":
            self._default_font = number or 0
        elif word in _BREAKS:
            self._break()
        elif word == "cell":
            self._state = replace(self._state, table=True)
            self._break()
            self._column += 1
            self._gap += "\t"
        elif word == "row":
            self._row, self._column, self._gap = self._row + 1, 0, "\n"
        elif word in CHARACTERS:
            self._say(CHARACTERS[word])
        elif word in ("objlink", "objautlink", "objsub"):
            self.draft.problem("external", "object")
        else:
            self._state = dress(self._state, word, number, self.tables)

    def _characters(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
            if not data:
                return
        goal = self._state.goal
        self._fresh = False
        if goal in _HEX:
            self._hex += data
        elif goal == "colours":
            self.tables.end_colours(data.count(b";"))
        elif goal == "fonts":
            self.tables.name_font(data)
        elif goal not in ("skip", "styles", "upr"):
            if self._units:
                self._flush()
            self._bytes += data

    def _flush(self) -> None:
        """The characters so far, decoded with the font they stand in."""
        if not self._bytes and not self._units:
            return
        font = self._state.font if self._state.font >= 0 else self._default_font
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._say(decode(data, font, self.tables, self.draft))
        if self._units:
            units = self._units.copy()
            self._units.clear()
            self._say(join_units(units, font, self.tables))

    def _say(self, text: str) -> None:
        if self._state.goal in ("", *PLACES, "unknown"):
            why = why_unseen(self._state, self.tables)
            place = None if why is None else Where.REVISION if why in ("deleted_text", "inserted_text") else Where.HIDDEN
            self._frames[-1].line.say(text, place, why)

    def _break(self) -> None:
        """The end of a paragraph."""
        if self._state.goal == "":
            if len(self._frames) == 1:
                self._break_line()
            else:
                frame = self._frames[-1]
                frame.passages += frame.line.settle()

    def _break_line(self) -> None:
        line, cell = self._frames[0].line, None
        if self._state.table:
            if not self._in_table:
                self._table, self._row, self._column, self._gap = self._table + 1, 0, 0, "\n"
            cell = Cell(self._table, self._row, self._column)
        self._in_table = self._state.table
        passages = line.settle(cell, self._gap if cell is not None else "\n")
        if passages:
            self._gap = ""
        self.draft.add_all(passages)

    def _close_hex(self, goal: str) -> None:
        digits = bytes(self._hex.translate(None, b" \t;"))
        self._hex.clear()
        self._objects += goal == "objdata"
        close_hex(goal, digits, f"object{self._objects}", self.draft)


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything an RTF file says. Raises nothing: damage is a Problem."""
    start = untrusted.find(b"{\\rt")
    Flow(draft).walk(untrusted[max(0, start) :])
