"""Word papers (docx, docm, dotx): every part of the package, each with its place.

In: untrusted bytes. Out: passages on the Draft, in the order header, body, footer, notes, comments, figures, hidden parts,
properties. Parts are told apart by their root element, not by their name or their relations: a part nobody refers to is still
in the file, and is read as HIDDEN. Embedded files go through the door,
pictures through text recognition; what is not read (macros, broken parts, what lies outside the file) is a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse import word_pictures
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft, Passage
from classifier.parse.package import Member, Package
from classifier.parse.word_flow import Flow
from classifier.parse.word_looks import Styles, could_hide, read_styles, value
from classifier.parse.word_parts import is_figure, words
from classifier.parse.word_stock import Stock, is_shared, read_stock
from classifier.parse.xmltree import local, read_tree

_XML = {".xml", ".rels", ".vml"}
_DRESS = {".odttf", ".ttf", ".otf", ".fntdata", ".cat", ".pcz"}
"""Fonts: they hold shapes of letters, no words."""
_FILES = {".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".rtf", ".mht", ".mhtml", ".doc", ".xls", ".ppt", ".pdf", ".odt"}
"""Whole files inside the package; they go through the same door."""
_PLACES = {
    "hdr": Where.HEADER,
    "document": Where.BODY,
    "ftr": Where.FOOTER,
    "footnotes": Where.NOTE,
    "endnotes": Where.NOTE,
    "comments": Where.COMMENT,
    "glossaryDocument": Where.HIDDEN,
}
_ORDER = list(_PLACES)
_PAPER_ORIGINS = {Where.COMMENT: "comment", Where.HIDDEN: "unused_part"}
_ORIGINS = {
    "coreProperties": "metadata",
    "Properties": "metadata",
    "people": "metadata",
    "settings": "metadata",
    "styles": "metadata",
    "numbering": "metadata",
    "Relationships": "external_link",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    root: etree._Element
    looks: bool
    """Whether its bytes mention anything that could hide a run."""

    @property
    def kind(self) -> str:
        return local(self.root.tag)


@dataclass(slots=True)
class _Contents:
    """A package sorted by what its members are."""

    parts: list[_Part] = field(default_factory=list)
    stock: list[tuple[str, Stock]] = field(default_factory=list)
    chunks: list[tuple[str, bytes]] = field(default_factory=list)
    """Web pages and texts shown as part of the body."""
    inner: list[Member] = field(default_factory=list)
    """Whole files: embedded objects, imported papers."""
    pictures: dict[str, Member] = field(default_factory=dict)


def is_sealed(untrusted: bytes) -> bool:
    """Whether these bytes are an office file under a password: an OLE container with an `EncryptedPackage` stream."""
    return untrusted.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in untrusted


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a Word package says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb` or `unsupported` when there is nothing (more) to read.
    """
    if is_sealed(untrusted):
        raise Unreadable("encrypted")
    package = Package(untrusted, draft)
    try:
        _read_package(package, draft)
    finally:
        package.close()


def _read_package(package: Package, draft: Draft) -> None:
    contents = _Contents()
    for member in package.members:
        _sort(member, package, contents, draft)
    draft.tally("parts", len(package.members), len(package.members))
    main = _main_part(contents.parts)
    if main is None:
        draft.problem("part_unread", "word/document.xml")
    _say_papers(contents, main, draft)
    for name, place, said, origin in sorted(_words_of_parts(contents)):
        _say_once([Passage(((place, text),), origin=origin or None) for text in said], draft, name[2])
    word_pictures.read_pictures(
        [(part.name, part.root) for part in sorted(contents.parts, key=_natural) if part.kind == "Relationships"],
        contents.pictures,
        package,
        draft,
    )
    for member in contents.inner:
        if (data := package.read(member)) is not None:
            draft.attach(member.name, data, member.name)


def _words_of_parts(contents: _Contents) -> Iterator[tuple[tuple[str, int, str], Where, tuple[str, ...], str]]:
    """Each part without paragraphs: its place in the order, where its words belong, the words, how they were out of sight."""
    for name, stock in contents.stock:
        yield (
            natural(name),
            Where.TEXTBOX if stock.is_figure else Where.PROPERTY,
            stock.words,
            _origin(stock.kind, stock.is_figure),
        )
    for part in contents.parts:
        if part.kind not in _PLACES:
            figure = is_figure(part.root)
            yield (
                natural(part.name),
                Where.TEXTBOX if figure else Where.PROPERTY,
                tuple(words(part.root)),
                _origin(part.kind, figure),
            )


def _origin(kind: str, figure: bool) -> str:
    return "" if figure else _ORIGINS.get(kind, "unused_part")


def _sort(member: Member, package: Package, contents: _Contents, draft: Draft) -> None:
    """Reads a part, or puts a member that is none where it is read later."""
    extension, name = _extension(member.name), member.name.lower()
    if extension in _XML:
        _read_part(member, package, contents, draft)
    elif extension in (".htm", ".html", ".xhtml", ".txt") and "/embeddings/" not in name:
        if (data := package.read(member)) is not None:
            contents.chunks.append((extension, data))
    elif extension in word_pictures.PICTURES:
        contents.pictures[name] = member
    elif "vbaproject" in name or "vbadata" in name:
        draft.problem("macro", member.name)
    elif extension in _DRESS or "printersettings" in name or member.size == 0:
        return
    elif "/activex/" in name:
        draft.problem("embedded", member.name)
    elif "/embeddings/" in name or "afchunk" in name or extension in _FILES:
        contents.inner.append(member)
    else:
        head = (package.read(member) or b"")[:8]
        if head.startswith((_OLE, b"PK\x03\x04", b"%PDF", b"{\\rtf")):
            contents.inner.append(member)
        else:
            draft.problem("part_unread", member.name)


def _read_part(member: Member, package: Package, contents: _Contents, draft: Draft) -> None:
    data = package.read(member)
    if data is None:
        return
    if is_shared(member.name) and (stock := read_stock(data, member.name, draft, frozenset(_PLACES))) is not None:
        contents.stock.append((member.name, stock))
        return
    root = read_tree(data, member.name, draft)
    if root is not None:
        contents.parts.append(_Part(member.name, root, could_hide(data)))


def _main_part(parts: list[_Part]) -> _Part | None:
    """The document that Word shows: the one the package names, else the first."""
    targets = {
        value(relation, "Target").lstrip("/").lower()
        for part in parts
        if part.name.lower() == "_rels/.rels"
        for relation in part.root
        if value(relation, "Type").endswith("/officeDocument")
    }
    documents = sorted((part for part in parts if part.kind == "document"), key=_natural)
    return next((part for part in documents if part.name.lower() in targets), documents[0] if documents else None)


def _say_papers(contents: _Contents, main: _Part | None, draft: Draft) -> None:
    """The parts made of paragraphs, in the order a reader meets them; a header used twice is said once."""
    styles = _styles(contents)
    papers = [part for part in contents.parts if part.kind in _PLACES]
    seen: set[str] = set()
    tables = 0
    notes: dict[str, str] = {}
    for part in sorted(papers, key=lambda p: (_ORDER.index(p.kind), p is not main, _natural(p))):
        place = _PLACES[part.kind] if part.kind != "document" or part is main else Where.HIDDEN
        flow = Flow(styles, looks=part.looks, tables=tables, origin=_PAPER_ORIGINS.get(place))
        try:
            flow.walk(part.root, place)
        except RecursionError:
            draft.problem("part_unread", part.name)
        tables = flow.tables
        notes = {**flow.properties, **notes}
        text = squeeze("".join(passage.text for passage in flow.passages))
        if not (place in (Where.HEADER, Where.FOOTER) and text in seen):
            draft.add_all(flow.passages)
        if place in (Where.HEADER, Where.FOOTER):
            seen.add(text)
        if part is main:
            _say_chunks(contents.chunks, draft)
    draft.add_all(Passage(((Where.PROPERTY, note),), origin=origin) for note, origin in notes.items())


def _styles(contents: _Contents) -> Styles:
    """The styles of the paper: of word/styles.xml, whose parsed form is remembered, or of the first part of that kind."""
    found = [(natural(name), stock.styles) for name, stock in contents.stock if stock.styles is not None]
    found += [(natural(part.name), read_styles(part.root)) for part in contents.parts if part.kind == "styles"]
    return min(found, key=lambda pair: pair[0])[1] if found else Styles()


def _say_chunks(chunks: list[tuple[str, bytes]], draft: Draft) -> None:
    """Web pages and texts that Word shows as part of the body (altChunk)."""
    from classifier.parse import plain, web

    for extension, data in chunks:
        reader: Callable[[bytes, Draft], None] = plain.read if extension == ".txt" else web.read
        reader(data, draft)


def _say_once(passages: list[Passage], draft: Draft, part: str) -> None:
    """A diagram is stored twice, as data and as drawing; the second copy says nothing new."""
    if "diagram" in part.lower() and passages:
        known = squeeze(draft.text)
        passages = [passage for passage in passages if squeeze(passage.text) not in known]
    draft.add_all(passages)


def _extension(name: str) -> str:
    """`.xml` of `word/document.xml`, and `.rels` of `_rels/.rels`, which is all extension."""
    base = name.rpartition("/")[2].lower()
    return base[base.rfind(".") :] if "." in base else ""


def _natural(part: _Part) -> tuple[str, int, str]:
    return natural(part.name)


def natural(name: str) -> tuple[str, int, str]:
    """header2 before header10."""
    number = _NUMBER.search(name)
    return (_NUMBER.sub("", name), int(number[0][:9]) if number else 0, name)
