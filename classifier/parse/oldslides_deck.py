"""The slides of a binary slide show, read from its records.

In: the `PowerPoint Document` stream. Out: passages on the Draft: each slide with its notes and comments, then masters, links,
objects, and old versions that an edit left behind. Source: [MS-PPT] 2.4 (document), 2.5 (slides), 2.9 (text), 2.10 (objects).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.draft import Draft
from classifier.parse.oldslides_records import Record, living, records, walk
from classifier.parse.olebox_drawing import add_shape_words

DOCUMENT, SLIDE, SLIDE_ATOM, NOTES, NOTES_ATOM, PLACE, MASTER, SHOW = 1000, 1006, 1007, 1008, 1009, 1011, 1016, 1017
CHARS, BYTES, STRING, LIST, LINK, OBJECT, LINES, COMMENT, SEALED = 4000, 4008, 4026, 4080, 4055, 4113, 4057, 12000, 12052
HANDOUT, MACROS_ATOM = 4041, 1024
_SLIDES, _MASTERS, _NOTES = 0, 1, 2
_HIDDEN = 0x04
_LIVE = (DOCUMENT, SLIDE, NOTES, MASTER, HANDOUT, OBJECT)
_PROMPTS = re.compile(r"Click to edit|单击此处编辑|单击以编辑|按一下以編輯|Click icon|^\s*[*‹›#<>\s]*$", re.S)
_MOST_OLD = 5_000
_LARGEST_OBJECT = 64 * 1024 * 1024


@dataclass(slots=True)
class _Page:
    """One slide as the document lists it: the object that draws it, and the texts that the outline keeps for it."""

    reference: int
    number: int
    texts: list[str] = field(default_factory=list)


class Deck:
    """A slide show while it is read."""

    def __init__(self, data: bytes, edit: int, draft: Draft) -> None:
        self._data = data
        self._draft = draft
        self._top = list(records(data, 0, len(data)))
        if any(record.kind == SEALED for record in self._top):
            raise Unreadable("encrypted")
        self._by_place = {record.at: record for record in self._top}
        self._places = living(data, edit)
        if not self._places:
            draft.problem("damaged", "user edits")
            self._places = {-n: r.at for n, r in enumerate(self._top, 1) if r.kind in _LIVE}
        self._done: set[int] = set()

    def read(self) -> None:
        """Adds everything."""
        document = self._newest(DOCUMENT)
        if document is None:
            self._draft.problem("damaged", "document")
        else:
            self._read_document(document)
        for record in self._living():
            if record.kind in (SLIDE, NOTES, MASTER, HANDOUT):
                self._read_rest(record)
            elif record.kind == OBJECT:
                self._attach(record)
        self._read_old()

    def _living(self) -> Iterator[Record]:
        """The objects in use that no slide has taken yet, in the order of the stream."""
        for place in sorted(set(self._places.values())):
            if place not in self._done and place in self._by_place:
                yield self._by_place[place]

    def _newest(self, kind: int) -> Record | None:
        found = [self._by_place[at] for at in self._places.values() if at in self._by_place and self._by_place[at].kind == kind]
        return max(found, key=lambda record: record.at, default=None)

    def _read_document(self, document: Record) -> None:
        self._done.add(document.at)
        lists: dict[int, list[_Page]] = {}
        for record in records(self._data, document.start, document.end):
            if record.kind == LIST:
                lists[record.instance] = self._pages(record)
        notes = {page.number: page for page in lists.get(_NOTES, [])}
        for number, page in enumerate(lists.get(_SLIDES, []), 1):
            self._read_slide(number, page, notes)
        self._draft.pages = len(lists.get(_SLIDES, [])) or None
        for page in lists.get(_MASTERS, []):
            self._say_all([text for text in page.texts if not _PROMPTS.search(text)], Where.HEADER, None, None)
        for record in walk(self._data, document):
            if record.kind == LINES:
                self._say_lines(record)
            elif record.kind == LINK:
                strings = list(self._strings(record))
                self._say_all([text for instance, text in strings if instance], Where.PROPERTY, None, "external_link")
            elif record.kind == MACROS_ATOM and any(self._data[record.start + 4 : record.start + 8]):
                self._draft.problem("macro", "VBAInfo")

    def _pages(self, listing: Record) -> list[_Page]:
        pages: list[_Page] = []
        for record in records(self._data, listing.start, listing.end):
            if record.kind == PLACE and record.end - record.start >= 16:
                reference, _, _, number = struct.unpack_from("<IIII", self._data, record.start)
                pages.append(_Page(reference, number))
            elif pages and (text := self._text(record)):
                pages[-1].texts.append(text)
        return pages

    def _read_slide(self, number: int, page: _Page, notes: dict[int, _Page]) -> None:
        record = self._by_place.get(self._places.get(page.reference, -1))
        is_hidden = record is not None and self._is_hidden(record)
        where, origin = (Where.HIDDEN, "hidden_slide") if is_hidden else (Where.BODY, None)
        self._draft.tally("slides", 1, int(record is not None))
        self._say_all(page.texts, where, number, origin)
        if record is None:
            self._draft.problem("damaged", f"slide {number}")
            return
        self._done.add(record.at)
        self._say_drawing(record, where, number, origin)
        reference = next((struct.unpack_from("<I", self._data, r.start + 16)[0] for r in self._atoms(record, SLIDE_ATOM, 20)), 0)
        spoken = notes.get(reference) if reference else None
        if spoken is not None:
            self._say_all(spoken.texts, Where.NOTE, number, "speaker_notes")
            paper = self._by_place.get(self._places.get(spoken.reference, -1))
            if paper is not None:
                self._done.add(paper.at)
                self._say_drawing(paper, Where.NOTE, number, "speaker_notes")

    def _atoms(self, record: Record, kind: int, least: int) -> Iterator[Record]:
        for inner in records(self._data, record.start, record.end):
            if inner.kind == kind and inner.end - inner.start >= least:
                yield inner

    def _is_hidden(self, slide: Record) -> bool:
        return any(self._data[atom.start + 10] & _HIDDEN for atom in self._atoms(slide, SHOW, 12))

    def _say_drawing(self, record: Record, where: Where, page: int | None, origin: str | None) -> None:
        """Texts, comments, headers and shape words of a slide or a page of notes."""
        for inner in walk(self._data, record):
            if inner.kind == COMMENT:
                found = dict(self._strings(inner))
                self._say_all([found.get(0, ""), found.get(1, "")], Where.COMMENT, page, "comment")
            elif inner.kind == LINES:
                self._say_lines(inner)
            elif (text := self._text(inner)) and not (where is Where.NOTE and _PROMPTS.search(text)):
                self._draft.add(text, where, page=page, origin=origin)
        add_shape_words(self._data[record.start : record.end], self._draft)

    def _read_rest(self, record: Record) -> None:
        """Masters (their fixed words stand on every slide), the handout, and slides that no list names."""
        self._done.add(record.at)
        if record.kind in (MASTER, HANDOUT):
            texts = [text for inner in walk(self._data, record) if (text := self._text(inner))]
            self._say_all([text for text in texts if not _PROMPTS.search(text)], Where.HEADER, None, None)
            add_shape_words(self._data[record.start : record.end], self._draft)
        elif self._is_named(record):
            self._say_drawing(record, Where.HIDDEN, None, "unused_part")
        else:
            self._say_prompts_aside(record)

    def _is_named(self, record: Record) -> bool:
        """Whether it is a slide or notes of its own, not the title master or the master of notes (which no one refers to by place)."""
        atoms = self._atoms(record, SLIDE_ATOM if record.kind == SLIDE else NOTES_ATOM, 4)
        if record.kind == NOTES:
            return any(struct.unpack_from("<I", self._data, atom.start)[0] for atom in atoms)
        return any(struct.unpack_from("<I", self._data, atom.start + 12)[0] for atom in atoms if atom.end - atom.start >= 16)

    def _say_prompts_aside(self, record: Record) -> None:
        texts = [text for inner in walk(self._data, record) if (text := self._text(inner))]
        self._say_all([text for text in texts if not _PROMPTS.search(text)], Where.HEADER, None, None)

    def _read_old(self) -> None:
        """Versions of slides and notes that a later save has replaced: the file still carries them."""
        living_places = set(self._places.values())
        now = "".join(self._draft.text.split())
        said: set[str] = set()
        for record in self._top:
            if record.kind in (DOCUMENT, SLIDE, NOTES, MASTER) and record.at not in living_places:
                for inner in walk(self._data, record):
                    text = self._text(inner)
                    flat = "".join(text.split())
                    if len(said) >= _MOST_OLD:
                        self._draft.problem("too_long", "old versions")
                        return
                    if flat and flat not in said and flat not in now and not _PROMPTS.search(text):
                        self._draft.add(text, Where.HIDDEN, origin="old_revision")
                        said.add(flat)

    def _say_lines(self, record: Record) -> None:
        for instance, text in self._strings(record):
            self._draft.add(text, Where.FOOTER if instance == 2 else Where.HEADER)

    def _say_all(self, texts: list[str], where: Where, page: int | None, origin: str | None) -> None:
        for text in texts:
            self._draft.add(text, where, page=page, origin=origin)

    def _strings(self, record: Record) -> Iterator[tuple[int, str]]:
        for inner in records(self._data, record.start, record.end):
            if inner.kind == STRING:
                yield inner.instance, self._data[inner.start : inner.end].decode("utf-16-le", "replace")

    def _text(self, record: Record) -> str:
        """The words of a text record; bytes are the lower halves of characters."""
        raw = self._data[record.start : record.end]
        if record.kind == CHARS:
            return raw.decode("utf-16-le", "replace")
        return raw.decode("latin-1") if record.kind == BYTES else ""

    def _attach(self, record: Record) -> None:
        """An embedded object: an OLE container, mostly deflated."""
        self._done.add(record.at)
        raw, part = self._data[record.start : record.end], f"object {record.at}"
        if record.instance == 1:
            unpacker = zlib.decompressobj()
            claimed = int.from_bytes(raw[:4], "little")
            if claimed > min(_LARGEST_OBJECT, max(1 << 20, self._draft.limits.ratio * len(raw))):
                self._draft.problem("bomb", part)
                return
            try:
                raw = unpacker.decompress(raw[4:], claimed + 1)
            except zlib.error:
                self._draft.problem("embedded", part)
                return
        _attach_container(raw, part, self._draft)


def _attach_container(raw: bytes, part: str, draft: Draft) -> None:
    from classifier.parse.olebox import MAGIC, Box
    from classifier.parse.olebox_objects import read_object

    if not raw.startswith(MAGIC):
        draft.attach(part, raw, part)
        return
    try:
        box = Box(raw)
    except Unreadable:
        draft.problem("embedded", part)
        return
    try:
        if any(stream.lower().startswith("vba/") for stream in box.streams()):
            draft.problem("macro", part)
        elif box.kind in ("word", "slides", "sheet", "mail", "works"):
            draft.attach(part, raw, part)
        else:
            read_object(box, "", draft)
    finally:
        box.close()
