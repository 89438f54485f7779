"""Hardened XML: no entities, no DTD, no network, no huge trees. The only place where this room makes XML parsers.

In: untrusted bytes of one XML part. Out: its root element, or None with a Problem on the Draft.
Source: design/SECURITY §1 H3 and §3.3.
"""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from classifier.parse.draft import Draft

LARGEST_PART = 64 * 1024 * 1024
"""A larger XML part would need gigabytes as a tree; no office paper comes near it."""


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        recover=recover,
    )


@lru_cache(maxsize=4096)
def local(tag: object) -> str:
    """The name of a tag without its namespace; "" for comments and entities."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def read_tree(untrusted: bytes, part: str, draft: Draft) -> etree._Element | None:
    """The root of a part. A broken part is read as far as it goes, with a Problem; a DTD, which none should have, too."""
    if len(untrusted) > LARGEST_PART:
        draft.problem("part_unread", part)
        return None
    try:
        root = etree.fromstring(untrusted, _parser(recover=False))
    except (etree.LxmlError, ValueError):
        draft.problem("part_unread", part)
        root = _rescue(untrusted)
    if root is None:
        return None
    if _has_dtd(root):
        draft.problem("part_unread", part)
    return _straighten(root)


def read_sound(untrusted: bytes) -> etree._Element | None:
    """The root of a part without any fault; None for every other, which `read_tree` then reads as far as it goes."""
    if len(untrusted) > LARGEST_PART:
        return None
    try:
        root = etree.fromstring(untrusted, _parser(recover=False))
    except (etree.LxmlError, ValueError):
        return None
    return None if _has_dtd(root) else _straighten(root)


def _has_dtd(root: etree._Element) -> bool:
    """Whether the part declares a document type, entities and all."""
    return bool(getattr(root.getroottree().docinfo, "doctype", ""))


def _straighten(root: etree._Element) -> etree._Element:
    """Lets a text go on where a comment cuts it, as every program shows it: what followed the comment then stands before it.

    Without this `机<!-- -->密` would be the text 机, and 密 the tail of a comment, which no reader of texts looks at.
    """
    for parent in {comment.getparent() for comment in root.iter(etree.Comment)}:
        if parent is not None:
            _join_texts(parent)
    return root


def _join_texts(parent: etree._Element) -> None:
    """Puts what follows the comments of an element behind the child, or the text, that stands before them."""
    before: etree._Element | None = None
    moved: list[str] = []
    for child in parent:
        if isinstance(child, etree._Comment):
            moved.append(child.tail or "")
            child.tail = None
        else:
            _put(moved, before, parent)
            before, moved = child, []
    _put(moved, before, parent)


def _put(moved: list[str], before: etree._Element | None, parent: etree._Element) -> None:
    if not any(moved):
        return
    if before is None:
        parent.text = "".join([parent.text or "", *moved])
    else:
        before.tail = "".join([before.tail or "", *moved])


def texts(element: etree._Element) -> list[str]:
    """Every piece of text below an element, in order."""
    return [str(text) for text in element.itertext()]


def _rescue(untrusted: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(untrusted, _parser(recover=True))
    except (etree.LxmlError, ValueError):
        return None
