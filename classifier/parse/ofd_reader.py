"""OFD packages (GB/T 33190-2016): every document, page by page, then whatever else is in the package.

In: untrusted bytes of the zip. Out: passages in the order pages, outline, signatures, attachments, properties, parts no page uses,
older versions. A part that nobody asked for is read last and is HIDDEN; so are words no grammar of ours takes from a part.
Not read: shapes of letters (fonts), drawings made of lines, what signatures are worth.
"""

from __future__ import annotations

from lxml import etree

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.ofd_drawing import Drawing, Pen, Resources
from classifier.parse.ofd_lines import join
from classifier.parse.ofd_looks import Frame
from classifier.parse.ofd_page import Memory, Sheet, can_speak, page_box, read_page
from classifier.parse.ofd_parts import Parts, child, children, inside, text_of
from classifier.parse.ofd_rest import Album, read_rest
from classifier.parse.ofd_tail import read_attachments, read_info, read_outline, read_signatures, read_tags, visible_text
from classifier.parse.package import Package
from classifier.parse.xmltree import local

_CRYPT = "encryptions.xml"


class _Reader:
    """State that outlives a call: the number of pages so far, templates kept open."""

    def __init__(self, parts: Parts, draft: Draft) -> None:
        self.parts = parts
        self.draft = draft
        self.page = 0
        self.memory = Memory()
        self.old: set[str] = set()
        self.album = Album(parts, draft)

    def read_body(self, body: etree._Element, root_name: str) -> None:
        """One document: DocRoot and all that hangs on it."""
        found = self.parts.linked(text_of(child(body, "DocRoot")), root_name)
        if found is not None:
            _Document(self, *found).read()
        read_signatures(body, root_name, self.parts, self.draft)
        read_info(body, self.draft)
        for version in inside(body, "Version"):
            self._mark_old(version.get("BaseLoc") or "", root_name)

    def _mark_old(self, location: str, base: str) -> None:
        """Notes the parts of a version, so that those the current one does not use are called an old revision."""
        found = self.parts.linked(location, base)
        if found is None:
            return
        name, root = found
        for key in ("File", "DocRoot"):
            for item in inside(root, key):
                part = self.parts.find(text_of(item), name)
                if part is not None:
                    self.old.add(part)


class _Document:
    """One document of the package."""

    def __init__(self, reader: _Reader, name: str, root: etree._Element) -> None:
        self.reader, self.name, self.root = reader, name, root
        self.parts, self.draft = reader.parts, reader.draft
        self.resources = Resources()
        self.pen = Pen(self.parts, self.resources)
        self.templates: dict[str, tuple[str, str | None]] = {}
        self.open_templates: dict[str, etree._Element | None] = {}

    def read(self) -> None:
        """Adds the document."""
        for key in ("PublicRes", "DocumentRes"):
            for link in inside(self.root, key):
                self._take_resources(text_of(link), self.name)
        for template in inside(self.root, "TemplatePage"):
            part = self.parts.find(template.get("BaseLoc") or "", self.name)
            self.templates[template.get("ID") or ""] = (template.get("ZOrder") or "Background", part)
        annotations = self._annotations()
        for holder in children(self.root, "Pages"):
            for page in children(holder, "Page"):
                if not self._read_page(page, annotations):
                    return
        self._add_unused_units()
        read_outline(self.root, self.draft)
        read_attachments(self.root, self.name, self.parts, self.draft)
        read_tags(self.root, self.name, self.parts, self.draft)

    def _read_page(self, page: etree._Element, annotations: dict[str, list[str]]) -> bool:
        """Adds a page; False when a limit is reached."""
        reader = self.reader
        if reader.page >= self.draft.limits.pages or self.draft.is_full:
            self.draft.problem("too_long" if self.draft.is_full else "too_many_pages")
            return False
        reader.page += 1
        found = self.parts.linked(page.get("BaseLoc") or "", self.name)
        self.draft.tally("pages", 1, int(found is not None))
        if found is None:
            self.draft.problem("part_unread", f"page {reader.page}")
            return True
        name, root = found
        for link in children(root, "PageRes"):
            self._take_resources(text_of(link), name)
        behind, before = self._templates_of(root)
        notes = [note for part in annotations.get(page.get("ID") or "", []) for note in self._notes(part)]
        sheet = Sheet(reader.page, name, root, page_box(root, self.root), behind, before, notes)
        for number, box in read_page(sheet, self.pen, reader.memory, self.draft):
            reader.album.show(self.resources.media.get(number), sheet.number, can_speak=can_speak(box, sheet.box))
        return True

    def _templates_of(self, root: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
        """The templates behind and before a page."""
        behind: list[etree._Element] = []
        before: list[etree._Element] = []
        for use in children(root, "Template"):
            order, name = self.templates.get(use.get("TemplateID") or "", ("", None))
            if name is None:
                self.draft.problem("part_unread", f"page {self.reader.page}")
                continue
            if name not in self.open_templates:
                self.open_templates[name] = self.parts.tree(name)
            opened = self.open_templates[name]
            if opened is not None:
                (before if (use.get("ZOrder") or order) == "Foreground" else behind).append(opened)
        return behind, before

    def _annotations(self) -> dict[str, list[str]]:
        """Names of annotation parts by page number."""
        found: dict[str, list[str]] = {}
        pages = {page.get("ID") for page in inside(self.root, "Page")}
        for link in children(self.root, "Annotations"):
            listing = self.parts.linked(text_of(link), self.name)
            for page in inside(listing[1], "Page") if listing else ():
                place = text_of(child(page, "FileLoc"))
                part = self.parts.find(place, listing[0] if listing else "") or self.parts.find(place, self.name)
                if part is None:
                    if page.get("PageID") in pages:  # lists often name pages that were taken out
                        self.draft.problem("part_unread", place.strip().lstrip("/"))
                else:
                    found.setdefault(page.get("PageID") or "", []).append(part)
        return found

    def _notes(self, part: str) -> list[etree._Element]:
        root = self.parts.tree(part)
        return [] if root is None else children(root, "Annot")

    def _take_resources(self, location: str, base: str) -> None:
        found = self.parts.linked(location, base)
        if found is None:
            return
        name, root = found
        folder = (root.get("BaseLoc") or "").strip("/ ")
        for element in root.iter("{*}DrawParam", "{*}CompositeGraphicUnit", "{*}MultiMedia"):
            number, kind = element.get("ID") or "", local(element.tag)
            if kind == "DrawParam":
                self.resources.params[number] = element
            elif kind == "CompositeGraphicUnit":
                self.resources.units[number] = element
            else:
                place = text_of(child(element, "MediaFile")).strip()
                self.resources.media[number] = self.parts.find(f"{folder}/{place}" if folder else place, name) or self.parts.find(
                    place, name
                )

    def _add_unused_units(self) -> None:
        """Text of composites that no page draws, unless a page says the same."""
        drawing = Drawing()
        for number, unit in self.resources.units.items():
            if number not in self.resources.used:
                self.pen.draw(unit, Frame(), drawing)
        said = visible_text(self.draft) if drawing.pieces else ""
        for line in join([(piece, "unused_part") for piece in drawing.pieces]):
            if squeeze(line.text) not in said:
                self.draft.add(line.text, Where.HIDDEN, origin="unused_part")


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything an OFD package says.

    Raises:
        Unreadable: `damaged`, `bomb` or `encrypted` when there is nothing (more) to read.
    """
    package = Package(untrusted, draft)
    try:
        _read_package(Parts(package, draft), draft)
    finally:
        package.close()


def _read_package(parts: Parts, draft: Draft) -> None:
    is_sealed = any(name.rpartition("/")[2] == _CRYPT for name in parts.names)
    if is_sealed:  # GM/T 0099: parts replaced by ciphertext; what stands in the clear is read all the same
        draft.problem("encrypted")
    reader = _Reader(parts, draft)
    main = parts.find("/OFD.xml")
    root = parts.tree(main) if main is not None else None
    if main is None or root is None:
        if is_sealed:
            raise Unreadable("encrypted")
        draft.problem("damaged")  # no way in: every part counts as unused
    else:
        for body in inside(root, "DocBody"):
            reader.read_body(body, main)
        if not inside(root, "DocBody"):
            draft.problem("damaged")
    draft.pages = reader.page
    reader.memory.settle(draft)
    read_rest(parts, reader.album, reader.old, is_sealed, draft)
    for words in parts.links:
        draft.add(words, Where.PROPERTY, origin="external_link")
    for words in parts.residue:
        draft.add(words, Where.HIDDEN, origin="hidden_text")
    draft.tally("parts", len(set(parts.names)), parts.readable)
