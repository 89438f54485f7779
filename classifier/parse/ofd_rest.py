"""Parts of an OFD package that no page uses, and pictures.

In: what the reader has not asked for. Out: HIDDEN text with its origin (`unused_part`, `old_revision`), other files as children,
pictures read by OCR where it is installed.
"""

from __future__ import annotations

from posixpath import splitext

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft
from classifier.parse.ofd_drawing import Drawing, Pen, Resources
from classifier.parse.ofd_lines import join
from classifier.parse.ofd_looks import Frame
from classifier.parse.ofd_parts import Parts, inside, leftovers, text_of
from classifier.parse.ofd_tail import every_word, open_seal, visible_text
from classifier.parse.xmltree import local

_FONTS = {".ttf", ".otf", ".ttc", ".cff", ".pfb", ".t1"}
_PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".jb2", ".jbig2", ".jp2", ".webp"}
_SIGNED = {".dat", ".esl"}


class Album:
    """Pictures, each looked at once. State that outlives a call: those seen."""

    def __init__(self, parts: Parts, draft: Draft) -> None:
        self._parts = parts
        self._draft = draft
        self._seen: set[str] = set()

    def show(self, name: str | None, page: int | None, *, can_speak: bool = True) -> None:
        """A picture on a page, or one that no page shows (None); `can_speak` is off for what is shown smaller than a thumbnail."""
        place = f"page {page}" if page else self._parts.shown(name) if name else ""
        if name is None:
            self._draft.problem("part_unread", place)
        elif name not in self._seen:
            data = self._parts.read(name) or b""
            self._seen.add(name)
            self._read(data, page, place, can_speak=can_speak)

    def _read(self, data: bytes, page: int | None, place: str, *, can_speak: bool) -> None:
        try:
            from classifier.parse import ocr, ocr_pixels
        except ImportError:  # the OCR room is an option of the installation
            self._draft.problem("ocr_off", place)
            self._draft.tally("images", 1, 0)
            return
        if not can_speak and ocr_pixels.is_blank(data):
            self._draft.tally("images")
            return
        ocr.read_image(data, self._draft, page=page, where_part=place)


def read_rest(parts: Parts, album: Album, old: set[str], is_sealed: bool, draft: Draft) -> None:
    """Every part that nothing led to; `old` are those of earlier versions."""
    said = visible_text(draft)
    told: set[str] = set()
    for name in dict.fromkeys(parts.names):
        if name in parts.seen or draft.is_full:
            continue
        origin = "old_revision" if name in old else "unused_part"
        ending = splitext(name)[1]
        if ending in _FONTS:
            parts.seen.add(name)
        elif ending in _PICTURES:
            album.show(name, None)
        elif ending == ".xml":
            for words in _unused_words(parts, name, origin):
                if squeeze(words) not in said and words not in told:  # what the pages say, too, is hidden from nobody
                    told.add(words)
                    draft.add(words, Where.HIDDEN, origin=origin)
        elif (data := parts.read(name)) is not None and not (is_sealed and ending in _SIGNED):
            _open_unused(parts.shown(name), ending, data, origin, draft)


def _unused_words(parts: Parts, name: str, origin: str) -> list[str]:
    """An XML part that no page uses: its lines, then all its other words."""
    root = parts.tree(name, keep=False)
    if root is None:
        return []
    if local(root.tag) in ("Page", "PageAnnot", "Res"):
        drawing, pen = Drawing(), Pen(parts, Resources())
        for key in ("Content", "Appearance", "CellContent"):
            for holder in root.iter("{*}" + key):
                pen.draw(holder, Frame(), drawing)
        lines = [line.text for line in join([(piece, origin) for piece in drawing.pieces])]
        lines += [text_of(item) for key in ("Remark", "Parameter") for item in inside(root, key)]
        lines += leftovers(root, parts.links)
    else:
        titles = [element.get(key) or "" for element in root.iter("{*}*") for key in ("Title", "Name", "Creator", "AreaName")]
        known = {
            "Document",
            "OFD",
            "Annotations",
            "Attachments",
            "Signatures",
            "Signature",
            "DocVersion",
            "Extensions",
            "CustomTags",
        }
        lines = [*titles, *(leftovers(root, parts.links) if local(root.tag) in known else every_word(root))]
    return list(dict.fromkeys(lines))


def _open_unused(name: str, ending: str, data: bytes, origin: str, draft: Draft) -> None:
    """Another file that nothing led to: a seal or signature, or something to be read through the door."""
    if ending in _SIGNED and data[:1] == b"\x30":
        draft.problem("signature", name)
        for words in open_seal(name, data, draft):
            draft.add(words, Where.HIDDEN, origin=origin)
    else:
        draft.attach(name, data, name)
