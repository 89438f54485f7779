"""The parts of a slide show and what binds them: trees by name, relations by id.

In: an open Package. Out: a Deck of parts; everything that is not XML is attached, counted or reported on the way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from posixpath import dirname, normpath

from lxml import etree

from classifier.parse.draft import Draft
from classifier.parse.inset import see_member
from classifier.parse.package import Member, Package
from classifier.parse.slides_objects import OLE, unwrap
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local, read_tree

PICTURES = frozenset(
    {
        ".png", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".emf", ".wmf", ".emz", ".wmz", ".svg", ".webp",
        ".wdp", ".jxr", ".heic", ".pict", ".pct", ".pcx", ".jfif",
    }
)  # fmt: skip
_XML = {".xml", ".rels", ".vml"}
_FONTS = {".odttf", ".ttf", ".otf", ".fntdata", ".cat", ".pcz"}
_NUMBER = re.compile(r"\d+")
_FILES = (OLE, b"PK\x03\x04", b"%PDF", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Link:
    """One relation: the last word of its type, the part (or address) it leads to."""

    kind: str
    target: str
    outside: bool


@dataclass(slots=True)
class Part:
    """One XML part with its relations."""

    name: str
    root: etree._Element
    links: dict[str, Link] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The local name of its root."""
        return local(self.root.tag)

    def first(self, kind: str) -> str:
        """The target of the first relation of a kind, in lower case; "" when there is none."""
        return next((link.target.lower() for link in self.links.values() if link.kind == kind and not link.outside), "")


@dataclass(slots=True)
class Deck:
    """All parts by their name in lower case, in natural order, ."""

    parts: dict[str, Part] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> list[Part]:
        """The parts whose root has one of these names."""
        return [part for part in self.parts.values() if part.kind in kinds]

    def follow(self, part: Part | None, kind: str) -> Part | None:
        """The part at the end of the first relation of a kind."""
        return self.parts.get(part.first(kind)) if part is not None else None


def open_deck(package: Package, draft: Draft) -> Deck:
    """Reads every XML part; files inside are attached, pictures counted, the rest is a Problem."""
    deck = Deck()
    relations: list[Part] = []
    for member in sorted(package.members, key=lambda m: natural(m.name)):
        extension = extension_of(member.name)
        if extension not in _XML:
            _take(member, extension, package, draft)
            continue
        data = package.read(member)
        root = read_tree(data, member.name, draft) if data else None
        draft.tally("parts", 1, root is not None)
        if root is not None and extension == ".rels":
            relations.append(Part(member.name, root))
        elif root is not None:
            deck.parts[member.name.lower()] = Part(member.name, root)
    for part in relations:
        _bind(part, deck)
    return deck


def _bind(relations: Part, deck: Deck) -> None:
    """Gives a part its relations, the addresses inside the package made absolute."""
    folder = dirname(dirname(relations.name))
    source = (f"{folder}/" if folder else "") + relations.name.rpartition("/")[2].removesuffix(".rels")
    owner = deck.parts.get(source.lower())
    if owner is None:
        owner = deck.parts[relations.name.lower()] = relations
    for element in relations.root:
        target, outside = value(element, "Target"), value(element, "TargetMode").lower() == "external"
        if not outside:
            target = normpath(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}").lstrip("/")
        owner.links[value(element, "Id")] = Link(value(element, "Type").rpartition("/")[2], target, outside)


def _take(member: Member, extension: str, package: Package, draft: Draft) -> None:
    """A member that is not XML."""
    name = member.name.lower()
    if "vbaproject" in name or "vbadata" in name:
        draft.problem("macro", member.name)
    elif extension in PICTURES:
        see_member(member, package, member.name, draft)
    elif extension in _FONTS or "printersettings" in name or member.size == 0:
        return
    elif "/activex/" in name:
        draft.problem("form", member.name)
    elif (data := package.read(member)) is not None:
        if "/embeddings/" in name or data.startswith(_FILES) or extension in (".docx", ".xlsx", ".txt", ".htm", ".html"):
            attach(member.name, data, draft)
        else:
            draft.problem("part_unread", member.name)  # films, sounds, fonts of a strange kind


def attach(name: str, data: bytes, draft: Draft) -> None:
    """A file inside the show, taken out of its OLE envelope where it has one."""
    try:
        inner = unwrap(data)
    except (OSError, ValueError, LookupError, RuntimeError):
        draft.problem("embedded", name)
        return
    draft.attach(f"{name}/{inner[0]}" if inner else name, inner[1] if inner else data, name)


def extension_of(name: str) -> str:
    """`.xml` of `ppt/presentation.xml`, and `.rels` of `_rels/.rels`, which is all extension."""
    base = name.rpartition("/")[2].lower()
    return base[base.rfind(".") :] if "." in base else ""


def natural(name: str) -> tuple[str, int, str]:
    """slide2 before slide10."""
    number = _NUMBER.search(name)
    return (_NUMBER.sub("", name), int(number[0][:9]) if number else 0, name)
