"""The parts of an OFD package: found by their location, read once, and what no grammar of ours takes out of them kept as residue.

In: an open Package. Out: trees and bytes on request; State that outlives a call: which parts were asked for, and the residue.
Source: GB/T 33190-2016 §7 (locations are relative to the part that names them, or start at the root with a slash).
"""

from __future__ import annotations

import re
from posixpath import basename, dirname, normpath

from lxml import etree

from classifier.core.errors import Unreadable
from classifier.parse.draft import Draft
from classifier.parse.package import Package
from classifier.parse.xmltree import local, read_tree

OBJECTS = 1_500_000
"""Elements walked in one file: composites that draw composites could otherwise draw for ever."""
_LETTER = re.compile(r"[^\W\d_]|\d{4}")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_TAKEN = {
    "TextCode", "AbbreviatedData", "Glyphs", "PhysicalBox", "ApplicationBox", "ContentBox", "BleedBox", "CropBox",
    "MaxUnitID", "MaxSignId", "PublicRes", "DocumentRes", "PageRes", "FileLoc", "BaseLoc", "MediaFile", "FontFile",
    "DocRoot", "Signatures", "Annotations", "Attachments", "CustomTags", "Extensions", "ObjectRef", "CheckValue",
    "SignedValue", "SignatureMethod", "SignatureDateTime", "SignedValueLoc", "DocID", "Title", "Author", "Subject",
    "Abstract", "CreationDate", "ModDate", "DocUsage", "Cover", "Creator", "CreatorVersion", "Keyword", "CustomData",
    "Remark", "Parameter", "Thumbnail", "Profile", "Palette", "CV", "PageFile", "File", "SchemaLoc", "Provider",
    "ProviderName", "Company", "Version", "Property", "ExtendData", "BorderColor", "Substitution", "Data", "Export", "Edit",
    "Annot", "Signature", "Watermark", "PrintScreen", "CopyText", "ContentRegist", "Seal", "Loc", "NeedsFocus", "PageMode",
    "PageLayout", "TabDisplay", "HideToolbar", "HideMenubar", "HideWindowUI", "ZoomMode", "Zoom", "Relation", "Algorithm",
    "Proof",
}  # fmt: skip
"""Elements whose text is read by its own grammar, or is a number, a place, a path."""
_NAMED = frozenset(("FontName", "FamilyName", "Name", "Title", "Creator", "ProviderName", "Company", "URI", "Base", "AppName"))
"""Attributes whose words are read by their own grammar, or name a font."""


class Parts:
    """Parts by location. `seen` are the names asked for, `residue` words nobody reads, `links` addresses behind actions."""

    def __init__(self, package: Package, draft: Draft) -> None:
        self.draft = draft
        self.seen: set[str] = set()
        self.residue: dict[str, None] = {}
        self.links: dict[str, None] = {}
        self._package = package
        self._members = {_key(member.name): member for member in package.members}
        self._unread: set[str] = set()
        self._walked = 0

    @property
    def names(self) -> list[str]:
        """The names of all parts, in the order of the package."""
        return [_key(member.name) for member in self._package.members]

    def find(self, location: str, base: str = "") -> str | None:
        """The name of the part at a location, seen from the part `base`; None when there is none."""
        place = location.strip().replace("\\", "/")
        if not place:
            return None
        folder = dirname(base)
        tries = [place] if place.startswith("/") else [f"{folder}/{place}", place]
        tries += [f"{folder.partition('/')[0]}/{place}", f"{folder}/Res/{basename(place)}"]  # writers who start from the document
        for candidate in tries:
            name = _key(normpath("/" + candidate.lstrip("/")))
            if name in self._members:
                return name
        return None

    def read(self, name: str) -> bytes | None:
        """The bytes of a part, or None with a Problem."""
        self.seen.add(name)
        untrusted = self._package.read(self._members[name])
        if untrusted is None:
            self._unread.add(name)
        return untrusted

    @property
    def readable(self) -> int:
        """How many of the parts asked for gave bytes."""
        return len(self.seen) - len(self._unread)

    def shown(self, name: str) -> str:
        """The name as the package spells it."""
        return self._members[name].name

    def tree(self, name: str, *, keep: bool = True) -> etree._Element | None:
        """The root of a part. Unless `keep` is off, words our grammar does not take from it become residue."""
        untrusted = self.read(name)
        if untrusted is None:
            return None
        root = read_tree(untrusted, self.shown(name), self.draft)
        if root is not None and keep:
            for words in leftovers(root, self.links):
                self.residue[words] = None
        return root

    def linked(self, location: str, base: str, *, keep: bool = True) -> tuple[str, etree._Element] | None:
        """Name and root of the part at a location; a location that leads nowhere is a Problem."""
        name = self.find(location, base)
        if name is None:
            self.draft.problem("part_unread", location.strip().lstrip("/"))
            return None
        root = self.tree(name, keep=keep)
        return None if root is None else (name, root)

    def step(self) -> None:
        """Counts one element walked.

        Raises:
            Unreadable: `bomb`, when drawing this file would never end.
        """
        self._walked += 1
        if self._walked > OBJECTS:
            raise Unreadable("bomb")


def leftovers(root: etree._Element, links: dict[str, None]) -> list[str]:
    """Comments, texts of unknown elements, text between elements, Chinese in odd attributes; addresses go to `links`."""
    found = []
    for node in root.iter():
        name = local(node.tag)
        if not name:
            found.append(node.text or "")
        elif name == "URI":
            links[node.get("Base", "") + node.get("URI", "")] = None
        elif name not in _TAKEN and node.text and _LETTER.search(node.text):
            found.append(node.text)
        if node.tail and _LETTER.search(node.tail):
            found.append(node.tail)
        if name and node.attrib:
            found += [str(value) for key, value in node.attrib.items() if _HAN.search(str(value)) and local(key) not in _NAMED]
    return [words for words in found if words.strip()]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of a name, whatever its namespace: writers differ, some have none."""
    return next((item for item in element if local(item.tag) == name), None)


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """All children of a name."""
    return [item for item in element if local(item.tag) == name]


def inside(element: etree._Element, name: str) -> list[etree._Element]:
    """All elements of a name below an element."""
    return list(element.iter("{*}" + name))


def text_of(element: etree._Element | None) -> str:
    """All text below an element; "" for None."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext())


def _key(name: str) -> str:
    """A part's name as we compare it: as given, without a leading slash; case counts only where the package says so."""
    return name.replace("\\", "/").lstrip("/").lower()
