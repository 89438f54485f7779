"""What an OFD document holds besides its pages: properties, outline, bookmarks, attachments, signatures, tags, extensions.

In: the roots of OFD.xml and Document.xml. Out: words with their place on the Draft, attached files as children, Problems for
signatures. Nothing is verified, no address is followed.
"""

from __future__ import annotations

import re
from posixpath import basename

from lxml import etree

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.ofd_parts import Parts, child, children, inside, text_of
from classifier.parse.ofd_seal import read_seal
from classifier.parse.xmltree import local

_INFO = ("Title", "Author", "Subject", "Abstract", "Keywords")
"""Creator, its version and the dates name programs, not people."""
_PROGRAM_DATA = re.compile(
    r"template-version|native[-_]producer|producer-version|ofd\.producer|VersionDetail|os\.\w+|java\.[\w.]+|pdf2ofdlib", re.I
)
_WORDS = re.compile(r"[^\W\d_]")
_PLACES = {"ObjectRef", "PageFile", "FileLoc", "BaseLoc", "SignedValueLoc", "File", "CheckValue", "SignedValue"}
"""Elements that name a part or an object by number."""


def read_info(body: etree._Element, draft: Draft) -> None:
    """The document's properties, custom ones with their names."""
    info = child(body, "DocInfo")
    for element in info if info is not None else ():
        name = local(element.tag)
        if name == "Keywords" and len(element):
            for keyword in element:
                draft.add(text_of(keyword), Where.PROPERTY, origin="metadata")
        elif name in _INFO:
            draft.add(text_of(element), Where.PROPERTY, origin="metadata")
        elif name == "CustomDatas":
            for data in inside(element, "CustomData"):
                if not _PROGRAM_DATA.fullmatch(data.get("Name") or ""):
                    draft.add(f"{data.get('Name') or ''}：{text_of(data)}", Where.PROPERTY, origin="metadata")


def read_outline(document: etree._Element, draft: Draft) -> None:
    """Titles of the outline and names of bookmarks that the text does not say anyway."""
    titles = [element.get("Title") or "" for element in inside(document, "OutlineElem")]
    titles += [element.get("Name") or "" for element in inside(document, "Bookmark")]
    said = squeeze(draft.text) if titles else ""
    for title in dict.fromkeys(titles):
        if squeeze(title) not in said:
            draft.add(title, Where.PROPERTY, origin="bookmark")


def read_attachments(document: etree._Element, base: str, parts: Parts, draft: Draft) -> None:
    """Files attached to the document, hidden ones too, each read through the door."""
    for link in children(document, "Attachments"):
        found = parts.linked(text_of(link), base)
        for attachment in inside(found[1], "Attachment") if found else ():
            _attach(attachment, found[0] if found else base, base, parts, draft)


def _attach(attachment: etree._Element, listing: str, base: str, parts: Parts, draft: Draft) -> None:
    place = text_of(child(attachment, "FileLoc"))
    name = parts.find(place, listing) or parts.find(place, base)
    title = attachment.get("Name") or ""
    if squeeze(title).lower() not in basename(name or "").lower():
        draft.add(title, Where.PROPERTY, origin="metadata")
    if name is None:
        draft.problem("attachment", place.strip().lstrip("/"))
        draft.tally("attachments", 1, 0)
        return
    if name in parts.seen:
        return
    data = parts.read(name)
    draft.tally("attachments", 1, int(data is not None))
    if data is not None:
        draft.attach(parts.shown(name), data, parts.shown(name))


def read_signatures(body: etree._Element, base: str, parts: Parts, draft: Draft) -> None:
    """Signatures and seals: a Problem each, with the names they carry as properties."""
    words: dict[str, None] = {}
    for link in children(body, "Signatures"):
        draft.problem("signature", text_of(link).strip().lstrip("/"))
        found = parts.linked(text_of(link), base)
        for entry in inside(found[1], "Signature") if found else ():
            place = entry.get("BaseLoc") or text_of(child(entry, "BaseLoc"))
            signature = parts.linked(place, found[0] if found else base) if place else None
            if signature is not None:
                words |= _read_signature(*signature, parts, draft)
    for text in words:
        if _WORDS.search(text):
            draft.add(text, Where.PROPERTY, origin="metadata")


def _read_signature(name: str, root: etree._Element, parts: Parts, draft: Draft) -> dict[str, None]:
    draft.problem("signature", parts.shown(name))
    words: dict[str, None] = {}
    for provider in inside(root, "Provider"):
        words |= dict.fromkeys(provider.get(key) or text_of(child(provider, key)) for key in ("ProviderName", "Company"))
    for key in ("Parameter", "Property"):
        words |= dict.fromkeys(text_of(item) for item in inside(root, key))
    places = [text_of(item) for seal in inside(root, "Seal") for item in children(seal, "BaseLoc")]
    places += [text_of(item) for item in inside(root, "SignedValue")]
    for place in places:
        part = parts.find(place, name)
        data = parts.read(part) if part is not None and part not in parts.seen else None
        if data is not None:
            words |= dict.fromkeys(open_seal(parts.shown(part or name), data, draft))
    return words


def open_seal(name: str, untrusted: bytes, draft: Draft) -> list[str]:
    """The names in a seal or signed value; its picture is read when it is an OFD itself, else the signature's Problem stands for it."""
    names, pictures = read_seal(untrusted)
    for picture in pictures:
        if picture.startswith(b"PK"):
            draft.attach(f"{name}/seal.ofd", picture, name)
        else:
            draft.tally("images", 1, 0)
    return names


def read_tags(document: etree._Element, base: str, parts: Parts, draft: Draft) -> None:
    """Custom tags and extensions: what programs wrote beside the pages."""
    for key in ("CustomTags", "Extensions"):
        for link in children(document, key):
            found = parts.linked(text_of(link), base)
            if found is None:
                continue
            for element in found[1].iter():
                _read_tag(element, found[0], parts, draft)


def _read_tag(element: etree._Element, listing: str, parts: Parts, draft: Draft) -> None:
    name, words = local(element.tag), (element.text or "").strip()
    if name in ("FileLoc", "ExtendData", "SchemaLoc"):
        part = parts.find(words, listing)
        if part is None:
            draft.problem("part_unread", words.lstrip("/"))
        elif part not in parts.seen:
            root = parts.tree(part, keep=False)
            for text in every_word(root) if root is not None else ():
                draft.add(text, Where.PROPERTY, origin="metadata")
    elif name in ("Property", "Data") and _WORDS.search(words):
        draft.add(f"{element.get('Name') or ''}：{words}", Where.PROPERTY, origin="metadata")


def visible_text(draft: Draft) -> str:
    """What a reader of the pages sees, without white space: parts that say the same again hide nothing."""
    text = draft.text
    return squeeze("".join(text[b.span.start : b.span.end] for b in draft.blocks if b.where.is_visible and b.origin is None))


def every_word(root: etree._Element) -> list[str]:
    """Every text of a part without a grammar, but for references to objects and parts (writers forget to declare prefixes)."""
    found: dict[str, None] = {}
    for element in root.iter():
        if local(element.tag).rpartition(":")[2] not in _PLACES:
            found[(element.text or "").strip()] = None
        found[(element.tail or "").strip()] = None
    return [words for words in found if words]
