"""Word papers (docx, docm, dotx): every part of the package, each with its place.

In: untrusted bytes. Out: passages on the Draft, in the order header, body, footer, notes, comments, figures, hidden parts,
properties. Parts are told apart by their root element, not by their name or their relations: a part nobody refers to is still
in the file, and is read as HIDDEN. Embedded files go through the door,
pictures through text recognition; what is not read (macros, broken parts, what lies outside the file) is a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse import word_pictures, word_stock
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft, Passage
from classifier.parse.package import Member, Package
from classifier.parse.word_flow import Flow
from classifier.parse.word_looks import Styles, could_hide
from classifier.parse.word_stock import Stock
from classifier.parse.xmltree import local, read_sound, read_tree

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
class _Paper:
    """A part made of paragraphs."""

    name: str
    kind: str
    root: etree._Element
    data: bytes
    fingerprint: bytes | None
    """That of a part which other papers have too, when it was read without a fault."""


@dataclass(slots=True)
class _Contents:
    """A package sorted by what its members are."""

    papers: list[_Paper] = field(default_factory=list)
    stock: list[tuple[str, Stock]] = field(default_factory=list)
    """What the other parts say, with the name of each."""
    chunks: list[tuple[str, bytes]] = field(default_factory=list)
    """Web pages and texts shown as part of the body."""
    inner: list[Member] = field(default_factory=list)
    """Whole files: embedded objects, imported papers."""
    pictures: dict[str, Member] = field(default_factory=dict)

    def add(self, name: str, stock: Stock) -> None:
        """Takes in what a part says, if anything."""
        if not stock.is_silent:
            self.stock.append((name, stock))


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
    contents.stock.sort(key=lambda pair: natural(pair[0]))
    main = _main_part(contents)
    if main is None:
        draft.problem("part_unread", "word/document.xml")
    _say_papers(contents, main, draft)
    for name, stock in contents.stock:
        place = Where.TEXTBOX if stock.is_figure else Where.PROPERTY
        origin = _origin(stock.kind, stock.is_figure) or None
        _say_once([Passage(((place, text),), origin=origin) for text in stock.words], draft, name)
    relations = [(name, stock.relations) for name, stock in contents.stock if stock.kind == "Relationships"]
    word_pictures.read_pictures(relations, contents.pictures, package, draft)
    for member in contents.inner:
        if (data := package.read(member)) is not None:
            draft.attach(member.name, data, member.name)


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
    """Reads an XML part; one whose bytes many papers share is known already, and not even unpacked."""
    fingerprint = package.fingerprint(member)
    known = word_stock.recall(fingerprint)
    if known is not None:
        package.pass_over(member)
        contents.add(member.name, known)
        return
    data = package.read(member)
    if data is None:
        return
    root = read_sound(data)
    may_keep = word_stock.meet(fingerprint) and root is not None and package.is_whole(member, data)
    if root is None:
        root = read_tree(data, member.name, draft)
    if root is None:
        return
    try:
        kind = local(root.tag)
        if kind in _PLACES:
            contents.papers.append(_Paper(member.name, kind, root, data, fingerprint if may_keep else None))
            return
        stock = word_stock.read_stock(root)
    except ValueError:  # a part that was rescued can hold bytes that are no characters
        draft.problem("part_unread", member.name)
        return
    contents.add(member.name, stock)
    if may_keep and fingerprint is not None:
        word_stock.keep(fingerprint, stock)


def _main_part(contents: _Contents) -> _Paper | None:
    """The document that Word shows: the one the package names, else the first."""
    targets = {
        relation.target.lstrip("/").lower()
        for name, stock in contents.stock
        if name.lower() == "_rels/.rels"
        for relation in stock.relations
        if relation.kind.endswith("/officeDocument")
    }
    documents = sorted((paper for paper in contents.papers if paper.kind == "document"), key=_natural)
    return next((paper for paper in documents if paper.name.lower() in targets), documents[0] if documents else None)


def _say_papers(contents: _Contents, main: _Paper | None, draft: Draft) -> None:
    """The parts made of paragraphs, in the order a reader meets them; a header used twice is said once."""
    styles = next((stock.styles for _, stock in contents.stock if stock.styles is not None), Styles())
    seen: set[str] = set()
    tables = 0
    notes: dict[str, str] = {}
    for paper in sorted(contents.papers, key=lambda p: (_ORDER.index(p.kind), p is not main, _natural(p))):
        place = _PLACES[paper.kind] if paper.kind != "document" or paper is main else Where.HIDDEN
        looks = could_hide(paper.data) or styles.may_hide(paper.data)
        flow = Flow(styles, looks=looks, tables=tables, origin=_PAPER_ORIGINS.get(place))
        try:
            flow.walk(paper.root, place)
            _keep_silent(paper, flow, tables)
        except (RecursionError, ValueError):  # what was met before it is said
            draft.problem("part_unread", paper.name)
        tables = flow.tables
        notes = {**flow.properties, **notes}
        if place in (Where.HEADER, Where.FOOTER):
            text = squeeze("".join(passage.text for passage in flow.passages))
            if text not in seen:
                draft.add_all(flow.passages)
            seen.add(text)
        else:
            draft.add_all(flow.passages)
        if paper is main:
            _say_chunks(contents.chunks, draft)
    draft.add_all(Passage(((Where.PROPERTY, note),), origin=origin) for note, origin in notes.items())


def _keep_silent(paper: _Paper, flow: Flow, tables: int) -> None:
    """Notes and headers with nothing in them, which Word adds to every paper, say nothing in any other paper either."""
    is_silent = not flow.passages and not flow.properties and flow.tables == tables
    if is_silent and paper.kind != "document" and paper.fingerprint is not None:
        word_stock.keep(paper.fingerprint, Stock(paper.kind))


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


def _natural(paper: _Paper) -> tuple[str, int, str]:
    return natural(paper.name)


def natural(name: str) -> tuple[str, int, str]:
    """header2 before header10."""
    number = _NUMBER.search(name)
    return (_NUMBER.sub("", name), int(number[0][:9]) if number else 0, name)
