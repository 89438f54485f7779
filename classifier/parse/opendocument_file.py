"""OpenDocument packages and flat files: which part holds what, and in which order it is said.

In: untrusted bytes. Out: passages on the Draft: headers, the content, objects inside it, footers, properties. Embedded files and
earlier versions are attached; pictures, macros, signatures and broken parts are Problems.
"""

from __future__ import annotations

from lxml import etree

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse.draft import Draft
from classifier.parse.inset import see_member
from classifier.parse.opendocument_looks import Looks, read_looks
from classifier.parse.opendocument_walk import Walk
from classifier.parse.opendocument_words import properties
from classifier.parse.package import Member, Package
from classifier.parse.slides_package import PICTURES, attach, extension_of, natural
from classifier.parse.word_looks import value
from classifier.parse.word_parts import anything
from classifier.parse.xmltree import local, read_tree

_FLOW = {"content.xml", "styles.xml"}
_LOOKS_ONLY = ("configurations2/", "layout-cache", "meta-inf/manifest.rdf", "manifest.rdf", "mimetype")


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything an OpenDocument file says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `bomb` when there is nothing (more) to read.
    """
    if not untrusted.startswith(b"PK"):
        root = read_tree(untrusted, "document", draft)
        if root is None:
            raise Unreadable("damaged")
        _say_paper([root], draft, "document")
        _say_properties(root, draft)
        return
    package = Package(untrusted, draft)
    try:
        _read_package(package, draft)
    finally:
        package.close()


def _read_package(package: Package, draft: Draft) -> None:
    members = sorted(package.members, key=lambda member: natural(member.name))
    _refuse_sealed(members, package, draft)
    trees: dict[str, etree._Element] = {}
    folders = {m.name.rpartition("/")[0] + "/" for m in members if m.name.rpartition("/")[2] == "content.xml"}
    objects = {member.name.rpartition("/")[2] for member in members if "/" not in member.name} | {f.strip("/") for f in folders}
    for member in members:
        name = member.name.lower()
        if member.size == 0:
            continue
        if name.endswith((".xml", ".rdf", ".xlb", ".xba", ".xdl")) and not name.startswith(("basic/", "dialogs/", "scripts/")):
            data = package.read(member)
            root = read_tree(data, member.name, draft) if data else None
            draft.tally("parts", 1, root is not None)
            if root is not None:
                trees[member.name] = root
        else:
            _take(member, package, draft, objects)
    if "content.xml" not in trees:
        draft.problem("part_unread", "content.xml")
    for folder in sorted(folders | {""}, key=lambda f: (f.count("/"), natural(f))):
        papers = [trees[folder + name] for name in ("styles.xml", "content.xml") if folder + name in trees]
        if papers:
            _say_paper(papers, draft, folder + "content.xml", inside=bool(folder))
    for name, root in trees.items():
        if name.rpartition("/")[2] not in _FLOW:
            _say_other(name, root, draft)


def _refuse_sealed(members: list[Member], package: Package, draft: Draft) -> None:
    """An encrypted document says so in its manifest; the parts then are noise.

    Raises:
        Unreadable: `encrypted`.
    """
    for member in members:
        if member.name.lower() == "encrypted-package":
            raise Unreadable("encrypted")
        if member.name == "META-INF/manifest.xml":
            data = package.read(member)
            root = read_tree(data, member.name, draft) if data else None
            if root is not None and any(True for _ in root.iter("{*}encryption-data")):
                raise Unreadable("encrypted")


def _take(member: Member, package: Package, draft: Draft, objects: set[str]) -> None:
    """A member that is no XML."""
    name, extension = member.name.lower(), extension_of(member.name)
    if name.startswith(("basic/", "scripts/", "dialogs/")):
        draft.problem("macro", member.name)
    elif name.startswith("objectreplacements/"):
        if member.name.rpartition("/")[2] not in objects:
            draft.problem("image", member.name)  # the picture of an object that is not here
    elif extension in PICTURES or name.startswith(("pictures/", "thumbnails/")):
        see_member(member, package, member.name, draft)
    elif name.startswith((*_LOOKS_ONLY, "fonts/")) or name.endswith(("mimetype", "layout-cache")):
        return
    elif (data := package.read(member)) is not None:
        attach(member.name, data, draft)


def _say_paper(papers: list[etree._Element], draft: Draft, part: str, *, inside: bool = False) -> None:
    """One document: its page styles and its content. One inside another is an object on the page."""
    looks = Looks()
    for root in papers:
        read_looks(root, looks)
    walk = Walk(draft, looks, part, Where.TEXTBOX if inside else Where.BODY)
    try:
        for place in (Where.HEADER, None, Where.FOOTER):
            for root in papers:
                if place is None:
                    walk.say_content(root)
                else:
                    walk.say_margins(root, place)
    except RecursionError:
        draft.problem("part_unread", part)
    walk.finish()


def _say_other(name: str, root: etree._Element, draft: Draft) -> None:
    """Properties, settings, signatures, and parts no grammar is known for."""
    kind, lower = local(root.tag), name.lower()
    if kind == "document-meta":
        _say_properties(root, draft)
    elif kind == "document-settings":
        for item in root.iter("{*}config-item"):
            if value(item, "name").startswith(("PrinterName", "CurrentDatabase")):
                draft.add(str(item.text or ""), Where.PROPERTY, origin="metadata")
    elif "signature" in kind or "signatures" in lower:
        draft.problem("signature", name)
    elif kind in ("manifest", "RDF", "math") or lower.startswith(_LOOKS_ONLY):
        for element in root.iter("{*}annotation") if kind == "math" else ():
            draft.add(str(element.text or ""), Where.TEXTBOX)
    else:
        for text in anything(root):
            draft.add(text, Where.PROPERTY, origin="unused_part")


def _say_properties(root: etree._Element, draft: Draft) -> None:
    for text in properties(root):
        draft.add(text, Where.PROPERTY, origin="metadata")
