"""Word papers (docx, docm, dotx): every part of the package, each with its place.

In: untrusted bytes. Out: passages on the Draft, in the order header, body, footer, notes, comments, figures, hidden parts,
properties. Parts are told apart by their root element, not by their name or their relations: a part nobody refers to is still
in the file, and is read as HIDDEN. What is not read (pictures, embedded files, macros, broken parts) is a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from posixpath import dirname, normpath

from lxml import etree

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft, Passage
from classifier.parse.package import Member, Package
from classifier.parse.word_flow import Flow
from classifier.parse.word_looks import Styles, could_hide, read_styles, value
from classifier.parse.word_parts import is_figure, words
from classifier.parse.xmltree import local, read_tree

_XML = {".xml", ".rels", ".vml"}
_PICTURES = {
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".emz", ".wmz", ".svg", ".webp", ".wdp",
    ".jxr", ".heic", ".pict", ".pcx", ".jfif",
}  # fmt: skip
_DRESS = {".odttf", ".ttf", ".otf", ".fntdata", ".cat", ".pcz"}
"""Fonts: they hold shapes of letters, no words."""
_SPEAKING_PICTURE = 10 * 1024
"""A picture of more than 10 KB can hold a page of words; smaller ones are lines, dots and logos."""
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
    sizes = {member.name.lower(): member.size for member in package.members}
    parts: list[_Part] = []
    chunks: list[tuple[str, bytes]] = []
    for member in package.members:
        if (extension := _extension(member.name)) in _XML:
            parts += _read_part(member, package, draft)
        elif extension in (".htm", ".html", ".xhtml", ".txt") and (data := package.read(member)) is not None:
            chunks.append((extension, data))
        else:
            _report(member, extension, package, draft)
    _report_pictures(parts, sizes, draft)
    main = _main_part(parts)
    if main is None:
        draft.problem("part_unread", "word/document.xml")
    _say_papers(parts, main, chunks, draft)
    for part in sorted(parts, key=_natural):
        if part.kind not in _PLACES:
            where = Where.TEXTBOX if is_figure(part.root) else Where.PROPERTY
            _say_once([Passage(((where, text),)) for text in words(part.root)], draft, part.name)


def _read_part(member: Member, package: Package, draft: Draft) -> list[_Part]:
    data = package.read(member)
    if data is None:
        return []
    root = read_tree(data, member.name, draft)
    return [] if root is None else [_Part(member.name, root, could_hide(data))]


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


def _say_papers(parts: list[_Part], main: _Part | None, chunks: list[tuple[str, bytes]], draft: Draft) -> None:
    """The parts made of paragraphs, in the order a reader meets them; a header used twice is said once."""
    styles = next((read_styles(p.root) for p in sorted(parts, key=_natural) if p.kind == "styles"), Styles())
    papers = [part for part in parts if part.kind in _PLACES]
    seen: set[str] = set()
    tables = 0
    notes: dict[str, None] = {}
    for part in sorted(papers, key=lambda p: (_ORDER.index(p.kind), p is not main, _natural(p))):
        flow = Flow(styles, looks=part.looks, tables=tables)
        place = _PLACES[part.kind] if part.kind != "document" or part is main else Where.HIDDEN
        try:
            flow.walk(part.root, place)
        except RecursionError:
            draft.problem("part_unread", part.name)
        tables = flow.tables
        notes.update(flow.properties)
        text = squeeze("".join(passage.text for passage in flow.passages))
        if not (place in (Where.HEADER, Where.FOOTER) and text in seen):
            draft.add_all(flow.passages)
        if place in (Where.HEADER, Where.FOOTER):
            seen.add(text)
        if part is main:
            _say_chunks(chunks, draft)
    draft.add_all(Passage(((Where.PROPERTY, note),)) for note in notes)


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


def _report(member: Member, extension: str, package: Package, draft: Draft) -> None:
    """A member that is not text: what it is decides what stays unread."""
    name = member.name.lower()
    if "vbaproject" in name or "vbadata" in name:
        draft.problem("macro", member.name)
    elif extension in _PICTURES or extension in _DRESS or "printersettings" in name or member.size == 0:
        return  # pictures are reported where they are shown
    elif (
        "/embeddings/" in name
        or "/activex/" in name
        or "afchunk" in name
        or extension in (".docx", ".xlsx", ".pptx", ".rtf", ".mht")
    ):
        draft.problem("embedded", member.name)
    else:
        head = (package.read(member) or b"")[:8]
        draft.problem("embedded" if head.startswith((_OLE, b"PK\x03\x04", b"%PDF")) else "part_unread", member.name)


def _report_pictures(parts: list[_Part], sizes: dict[str, int], draft: Draft) -> None:
    """One Problem for each part that shows large pictures, and one for large pictures that no part shows."""
    shown: set[str] = set()
    for part in sorted(parts, key=_natural):
        if part.kind != "Relationships":
            continue
        folder = dirname(dirname(part.name))
        source = part.name.replace("_rels/", "").removesuffix(".rels") or "package"
        for relation in part.root:
            if value(relation, "TargetMode").lower() == "external":
                continue
            target = value(relation, "Target")
            path = (
                normpath(target.lstrip("/")) if target.startswith("/") else normpath(f"{folder}/{target}").lstrip("/")
            ).lower()
            if _extension(path) in _PICTURES and sizes.get(path, 0) > _SPEAKING_PICTURE:
                shown.add(path)
                draft.problem("image", source)
    for path, size in sizes.items():
        if _extension(path) in _PICTURES and size > _SPEAKING_PICTURE and path not in shown:
            draft.problem("image", path)


def _extension(name: str) -> str:
    """`.xml` of `word/document.xml`, and `.rels` of `_rels/.rels`, which is all extension."""
    base = name.rpartition("/")[2].lower()
    return base[base.rfind(".") :] if "." in base else ""


def _natural(part: _Part) -> tuple[str, int, str]:
    """header2 before header10."""
    number = _NUMBER.search(part.name)
    return (_NUMBER.sub("", part.name), int(number[0][:9]) if number else 0, part.name)
