"""Binary slide shows (.ppt, .pps, .pot, Kingsoft .dps): the slides in order, and what no slide shows. Bids stand here too.

In: untrusted bytes of an OLE container with a `PowerPoint Document` stream. Out: slides with their page, notes, comments,
headers, links, properties, embedded files and old versions, on the Draft. Source: [MS-PPT].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier.core.errors import Unreadable

if TYPE_CHECKING:
    from classifier.parse.draft import Draft
    from classifier.parse.formats import Sample
    from classifier.parse.olebox import Box

EXTENSIONS = (".ppt", ".pps", ".pot", ".dps", ".dpt")
_STREAM = "PowerPoint Document"
_SEALED = b"\xdf\xc4\xd1\xf3"


def bid(sample: Sample) -> float:
    """Certain with a PowerPoint stream in an OLE container; a broken container by its extension."""
    if not sample.head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return 0.0
    from classifier.parse.olebox import kind

    found = kind(sample.untrusted)
    if found == "slides":
        return 0.95
    return 0.6 if found in ("", "other") and sample.extension in EXTENSIONS else 0.0


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a binary slide show says.

    Raises:
        Unreadable: `encrypted`, `damaged`, `unsupported` (PowerPoint 95 and older).
    """
    from classifier.parse.olebox import Box

    box = Box(untrusted)
    try:
        if box.is_flawed:
            draft.problem("damaged", "directory")
        _read_box(box, draft)
    finally:
        box.close()


def _read_box(box: Box, draft: Draft) -> None:
    from classifier.parse.oldslides_deck import Deck
    from classifier.parse.olebox_drawing import see_pictures
    from classifier.parse.olebox_objects import find_macros, read_objects
    from classifier.parse.olebox_properties import read_properties

    below = "PP97_DUALSTORAGE/" if not box.has(_STREAM) and box.has(f"PP97_DUALSTORAGE/{_STREAM}") else ""
    if not box.has(below + _STREAM):
        raise Unreadable("unsupported" if box.has("PP40") else "damaged", _STREAM)
    user = box.read(below + "Current User")
    if user[12:16] == _SEALED or box.has("\x09DRMContent") or box.has("EncryptedSummary"):
        raise Unreadable("encrypted")
    data = box.take(below + _STREAM, draft)
    edit = int.from_bytes(user[16:20], "little") if len(user) >= 20 else 0
    if below:
        draft.problem("part_unread", "PP40")
    Deck(data, edit, draft).read()
    see_pictures(box.take(below + "Pictures", draft), "Pictures", draft)
    read_properties(box, draft)
    find_macros(box, draft)
    read_objects(box, "ObjectPool", draft)
