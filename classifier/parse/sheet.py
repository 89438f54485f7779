"""Spreadsheets of Excel and WPS since 2007 (xlsx, xlsm, xltx): every part of the package, each with its place.

In: untrusted bytes. Out: passages on the Draft: sheet by sheet in tab order, each with its drawings and comments, then names, pivots,
links, properties. A part nobody refers to is still in the file and is read. Unread (pictures, macros, broken parts) is a Problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import dirname, normpath

from lxml import etree

from classifier.core.document import Cell, Where
from classifier.core.errors import Unreadable
from classifier.parse.draft import Draft
from classifier.parse.inset import see_picture
from classifier.parse.package import Member, Package
from classifier.parse.sheet_cells import CellReader, area
from classifier.parse.sheet_looks import read_looks, style_words
from classifier.parse.sheet_objects import PICTURES, read_binary
from classifier.parse.sheet_page import Page
from classifier.parse.sheet_parts import Said, words
from classifier.parse.sheet_strings import read_shared
from classifier.parse.sheet_tail import tail_words
from classifier.parse.xmltree import local, read_tree

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEET = re.compile(rb"<(?:\w+:)?(?:worksheet|chartsheet|dialogsheet|macrosheet)[\s>/]")
_XML = {".xml", ".rels", ".vml"}
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Link:
    """One relation of a part: what kind, and a part or an outside address."""

    id: str
    kind: str
    target: str
    is_outside: bool


@dataclass(slots=True)
class Book:
    """The package while it is read; `left` are the parts not said yet."""

    package: Package
    draft: Draft
    left: dict[str, Member] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def take(self, path: str) -> bytes | None:
        """The bytes of a part, once."""
        member = self.left.pop(path.lower(), None)
        if member is None:
            return None
        data = self.package.read(member)
        self.draft.tally("parts", 1, int(data is not None))
        return data

    def tree(self, path: str) -> etree._Element | None:
        """The root of an XML part, once."""
        data = self.take(path)
        return None if data is None else read_tree(data, path, self.draft)

    def linked(self, path: str, *kinds: str) -> list[str]:
        """The parts a part refers to, of some kinds or all."""
        links = self.links.get(path.lower(), [])
        return [link.target for link in links if not link.is_outside and (not kinds or link.kind in kinds)]


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a spreadsheet package says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb` when there is nothing (more) to read.
    """
    if untrusted.startswith(OLE):
        raise Unreadable("encrypted")
    package = Package(untrusted, draft)
    try:
        book = open_book(package, draft)
        _read_book(book)
        sweep(book)
    finally:
        package.close()


def open_book(package: Package, draft: Draft) -> Book:
    """The Book with its relations; outside targets are said and reported."""
    book = Book(package, draft, {m.name.lower().replace("\\", "/").lstrip("/"): m for m in package.members})
    for path in [path for path in book.left if path.endswith(".rels")]:
        root = book.tree(path)
        folder = dirname(dirname(path))
        source = f"{folder}/{path.rpartition('/')[2].removesuffix('.rels')}".lstrip("/")
        for relation in root if root is not None else ():
            link = _link(relation, folder)
            book.links.setdefault(source, []).append(link)
    return book


def _link(relation: etree._Element, folder: str) -> Link:
    target, kind = relation.get("Target", ""), relation.get("Type", "").rpartition("/")[2]
    if relation.get("TargetMode", "").lower() == "external":
        return Link(relation.get("Id", ""), kind, target, True)
    path = normpath(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}").lstrip("/").lower()
    return Link(relation.get("Id", ""), kind, path, False)


def _read_book(book: Book) -> None:
    draft = book.draft
    main = next(iter(book.linked("", "officeDocument")), "xl/workbook.xml")
    root = book.tree(main)
    if root is None or local(root.tag) != "workbook":
        draft.problem("part_unread", "xl/workbook.xml")
    sheets = list(root.iterfind("{*}sheets/{*}sheet")) if root is not None else []
    book.names = frozenset(sheet.get("name", "") for sheet in sheets)
    cells = _cell_reader(book, main, root)
    targets = {link.id: link.target for link in book.links.get(main, []) if not link.is_outside}
    for number, sheet in enumerate(sheets):
        path = next((targets[v] for k, v in sheet.attrib.items() if local(k) == "id" and v in targets), "")
        page = Page(draft, number, sheet.get("name", ""), sheet.get("state", "visible").lower(), book.names)
        read_page(book, path, page, cells)
    orphans = [path for path in book.left if path.endswith(".xml") and "sheets/" in path]
    for number, path in enumerate(sorted(orphans), len(sheets)):  # sheets the workbook does not name
        read_page(book, path, Page(draft, number, "", "unused", book.names), cells)
    if root is not None:
        for piece in tail_words(root, book.names):
            say(piece, draft)
    for item in cells.strings:  # strings no cell shows: what was deleted may still be here
        if not item.used:
            draft.add(item.text, Where.HIDDEN, origin="unused_part")
        draft.add(item.guide, Where.HIDDEN, origin="hidden_text")


def _cell_reader(book: Book, main: str, root: etree._Element | None) -> CellReader:
    folder = dirname(main)
    shared = next(iter(book.linked(main, "sharedStrings")), f"{folder}/sharedstrings.xml")
    styles = book.tree(next(iter(book.linked(main, "styles")), f"{folder}/styles.xml"))
    settings = root.find("{*}workbookPr") if root is not None else None
    is_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    strings = read_shared(book.tree(shared))
    for text in style_words(styles) if styles is not None else ():
        book.draft.add(text, Where.PROPERTY)
    return CellReader(strings, read_looks(styles), is_1904)


def read_page(book: Book, path: str, page: Page, cells: CellReader) -> None:
    """One sheet: its name, cells, print margins, then the drawings, comments and tables that belong to it."""
    data = book.take(path) if path else None
    page.open()
    if data is None or not _SHEET.search(data[:65536]):
        book.draft.tally("sheets", 1, 0)
        book.draft.problem("part_unread", path or "xl/worksheets")
        return
    if "macrosheet" in path:
        book.draft.problem("macro", path)
    root, is_whole = cells.read(data, page)
    if not is_whole:
        book.draft.problem("part_unread", path)
    page.close()
    if root is not None:
        for piece in tail_words(root, book.names):
            say(piece, book.draft, page)
    say_linked(book, path, page)


def say_linked(book: Book, path: str, page: Page | None) -> None:
    """The XML parts that a sheet refers to, and what those refer to, each once."""
    for target in book.linked(path):
        if target in book.left and _extension(target) in _XML and "pivotcache" not in target:
            root = book.tree(target)
            if root is not None:
                _say_part(root, target, book, page)
            say_linked(book, target, page)


def _say_part(root: etree._Element, path: str, book: Book, page: Page | None) -> None:
    kind = local(root.tag)
    if kind in ("externalLink", "connections", "volTypes"):
        book.draft.problem("external", path)
    elif kind == "Signature":
        book.draft.problem("signature", path)
        return
    for piece in words(root):
        say(piece, book.draft, page)


def say(piece: Said, draft: Draft, page: Page | None = None) -> None:
    """One piece; what a hidden sheet shows is as hidden as its cells."""
    where, origin = piece.where, piece.origin
    if page is not None and page.origin and where in (Where.TEXTBOX, Where.HEADER, Where.FOOTER):
        where, origin = Where.HIDDEN, page.origin
    place = area(piece.ref) if piece.ref and page is not None else None
    cell = Cell(page.number, max(0, place[0]), place[1]) if place and page is not None else None
    draft.add(piece.text, where, origin=origin, cell=cell)


def sweep(book: Book) -> None:
    """All parts not said yet, then the addresses outside the file."""
    draft = book.draft
    for path in sorted(book.left, key=_natural):
        member = book.left[path]
        extension = _extension(path)
        if extension in PICTURES:
            see_picture(book.take(path), path, draft, name=path)
        elif extension in _XML:
            root = book.tree(path)
            if root is not None:
                _say_part(root, path, book, None)
        else:
            data = book.take(path)
            if data is not None:
                read_binary(data, member.name, draft)
    for source, links in sorted(book.links.items()):
        for link in links:
            if link.is_outside:
                _say_outside(link, source, draft)


def _say_outside(link: Link, source: str, draft: Draft) -> None:
    if link.kind == "hyperlink":
        draft.add(link.target, Where.PROPERTY)
        return
    draft.problem("external", source)
    draft.add(link.target, Where.HIDDEN, origin="external_link")


def _extension(path: str) -> str:
    """`.xml`; `.rels` for `_rels/.rels`, which is all extension."""
    base = path.rpartition("/")[2]
    return PurePosixPath(f"x{base}").suffix.lower()


def _natural(path: str) -> tuple[bool, str, int, str]:
    """Properties last; slicer2 before slicer10."""
    number = _NUMBER.search(path)
    return (path.startswith("docprops/"), _NUMBER.sub("", path), int(number[0][:9]) if number else 0, path)
