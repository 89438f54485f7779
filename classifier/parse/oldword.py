"""Binary Word files (.doc, .dot, Kingsoft .wps): the parts in order. Who bids for them stands here too.

In: untrusted bytes of an OLE container with a WordDocument stream. Out: body, notes, headers, comments, text boxes, properties,
embedded files and what a fast save left behind, on the Draft. Source: [MS-DOC]; design/PARSING B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier.core.errors import Unreadable

if TYPE_CHECKING:
    from classifier.parse.draft import Draft
    from classifier.parse.formats import Sample
    from classifier.parse.oldword_file import WordFile
    from classifier.parse.olebox import Box

EXTENSIONS = (".doc", ".dot", ".wps", ".wpt")
_OLD_HEADS = (b"\xdb\xa5\x2d\x00", b"\x9b\xa5\x21\x00", b"\xfe\x37\x1c\x00", b"\xfe\x37\x23\x00")
"""Word 2 and older, which had no container."""
_RIGHTS = "\x09DRMContent"
"""Rights management: the WordDocument stream then only says that the paper is protected."""
_LOCK_SIZES = (162, 165)


def bid(sample: Sample) -> float:
    """Certain with a WordDocument or Works stream in an OLE container; a broken container by its extension; lock files by their shape."""
    head = sample.head
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        from classifier.parse.olebox import kind

        found = kind(sample.untrusted)
        if found in ("word", "works"):
            return 0.95
        return 0.6 if found in ("", "other") and sample.extension in EXTENSIONS else 0.0
    if head.startswith(_OLD_HEADS):
        return 0.9
    return 0.85 if sample.extension in EXTENSIONS and is_lock(sample.untrusted) else 0.0


def is_lock(untrusted: bytes) -> bool:
    """Whether these are the bytes of a `~$` file: the length of a name, the name, and the name again in wide characters."""
    return len(untrusted) in _LOCK_SIZES and 0 < untrusted[0] <= 54 and untrusted[1:2] != b"\0" and untrusted.count(b"\0") > 20


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a binary Word file says.

    Raises:
        Unreadable: `encrypted`, `damaged` when there is nothing (more) to read.
    """
    from classifier.parse import oldword_early
    from classifier.parse.olebox import Box

    if is_lock(untrusted):
        oldword_early.read_lock(untrusted, draft)
        return
    if untrusted.startswith(_OLD_HEADS):
        oldword_early.read_text(untrusted, draft, "file")
        return
    box = Box(untrusted)
    try:
        if box.is_flawed:
            draft.problem("damaged", "directory")
        _read_box(box, draft)
    finally:
        box.close()


def _read_box(box: Box, draft: Draft) -> None:
    """Reads what is in the box."""
    from classifier.parse import oldword_early
    from classifier.parse.oldword_file import is_early, open_word
    from classifier.parse.olebox_objects import find_macros, read_objects
    from classifier.parse.olebox_properties import read_properties

    if box.has(_RIGHTS):
        raise Unreadable("encrypted")
    if box.kind == "works":
        oldword_early.read_works(box, draft)
        read_properties(box, draft)
    elif is_early(head := box.read("WordDocument", 32).ljust(32, b"\0")):
        oldword_early.read_text(box.take("WordDocument", draft), draft, "WordDocument", bool(head[11] & 1))
        read_properties(box, draft)
    else:
        word = open_word(box, draft)
        _read_word(word, box, draft)
    find_macros(box, draft)
    read_objects(box, "ObjectPool", draft)


def _read_word(word: WordFile, box: Box, draft: Draft) -> None:
    from classifier.parse.oldword_file import DRAWINGS
    from classifier.parse.oldword_leftover import add_leftovers, add_unknown_streams
    from classifier.parse.oldword_parts import add_custom_xml, add_names, tell_stories
    from classifier.parse.oldword_story import Stories
    from classifier.parse.olebox_drawing import add_shape_words, see_pictures
    from classifier.parse.olebox_properties import read_properties

    stories = Stories(word, draft)
    tell_stories(stories, word, draft)
    read_properties(box, draft)
    add_names(word, stories.sheet, draft)
    drawings, data = word.part(DRAWINGS), box.take("Data", draft)
    for records, part in ((drawings, "drawings"), (data, "Data"), (word.stream, "WordDocument")):
        see_pictures(records, part, draft)
    add_shape_words(drawings + data, draft)
    add_custom_xml(box, draft)
    add_unknown_streams(box, draft)
    add_leftovers(word, box.unused(), draft)
