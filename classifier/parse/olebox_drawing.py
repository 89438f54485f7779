"""Office drawings inside binary files: pictures, and the words of shapes (WordArt, alternative texts).

In: the bytes of a stream that holds Escher records. Out: the words of pictures, and words with their origin. The records are found
by their headers, so that a broken container hides nothing. Source: [MS-ODRAW] 2.2.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from classifier.core.document import Where
from classifier.parse.draft import Draft
from classifier.parse.inset import see_picture
from classifier.parse.word_codes import is_default_name

_RASTER = re.compile(rb"\x89PNG|\xff\xd8\xff|II\*\0|MM\0\*|\x28\0\0\0")
_HEAD = 8 + 16 + 16 + 4
"""Bytes of a picture's record before its file begins, at most: header, two digests, a tag."""
_BLIP = re.compile(rb"[\x1a-\x1f\x29\x2a]\xf0")
_KINDS = {0xF01A: "emf", 0xF01B: "wmf", 0xF01C: "pict", 0xF01D: "jpg", 0xF01E: "png", 0xF01F: "dib", 0xF029: "tif", 0xF02A: "jpg"}
_INSTANCES = {0x3D4, 0x3D5, 0x216, 0x217, 0x542, 0x543, 0x46A, 0x46B, 0x6E2, 0x6E3, 0x6E0, 0x6E1, 0x7A8, 0x7A9, 0x6E4, 0x6E5}
_OPTIONS = re.compile(
    rb"[\x03\x13\x23\x33\x43\x53\x63\x73\x83\x93\xa3\xb3\xc3\xd3\xe3\xf3][\x00-\x0f](?:\x0b\xf0|\x21\xf1|\x22\xf1)"
)
_WORDART, _NAME, _DESCRIPTION, _LINK = 0x00C0, 0x0380, 0x0381, 0x0382
_PICTURE_NAME = 0x0105
_TEXTS = {_WORDART, _NAME, _DESCRIPTION, _PICTURE_NAME}
_GIVEN = re.compile(
    r"(?:shape|图形|图片|picture|image|object|对象|_x0000_\w+|(?:[A-Z]\w+ )+\d+|.*(?:placeholder|占位符)|https?://schemas\S*)\W*\w{0,12}",
    re.I,
)


def pictures(data: bytes) -> Iterator[tuple[int, str, int]]:
    """Offset, kind and size of every picture."""
    at = 0
    while found := _BLIP.search(data, at):
        start = found.start() - 2
        at = found.start() + 1
        if start < 0:
            continue
        if start + 8 > len(data):
            return
        first, kind, size = struct.unpack_from("<HHI", data, start)
        if first & 0xF == 0 and first >> 4 in _INSTANCES and 16 < size <= len(data) - start - 8:
            yield start, _KINDS[kind], size
            at = start + 8 + size


def see_pictures(data: bytes, part: str, draft: Draft) -> None:
    """Reads the pictures of a stream; those that are no pixels are a Problem."""
    for start, _, size in pictures(data):
        begin = _RASTER.search(data, start + 8 + 16, min(start + _HEAD + 4, start + 8 + size))
        see_picture(data[begin.start() if begin else start : start + 8 + size], part, draft)


def add_shape_words(data: bytes, draft: Draft) -> None:
    """Adds WordArt (a watermark, a red head) as text boxes and the descriptions of shapes as alternative text, each once."""
    said: dict[tuple[int, str], None] = {}
    for option, text in _option_texts(data):
        said[(option, text)] = None
    for option, text in said:
        if option == _WORDART:
            draft.add(text, Where.TEXTBOX)
        elif not is_default_name(text) and not _GIVEN.fullmatch(text):
            draft.add(text, Where.HIDDEN, origin="alt_text")


def _option_texts(data: bytes) -> Iterator[tuple[int, str]]:
    for found in _OPTIONS.finditer(data):
        start = found.start()
        if start + 8 > len(data):
            return
        first, _, size = struct.unpack_from("<HHI", data, start)
        count = first >> 4
        if count * 6 > size or size > len(data) - start - 8:
            continue
        yield from _texts_of(data[start + 8 : start + 8 + size], count)


def _texts_of(options: bytes, count: int) -> Iterator[tuple[int, str]]:
    """The words of one table of options: the long values follow the table in its order."""
    at = count * 6
    for number in range(count):
        identity, value = struct.unpack_from("<HI", options, number * 6)
        if not identity & 0x8000:
            continue
        if value > len(options) - at:
            return
        if identity & 0x3FFF in _TEXTS:
            text = options[at : at + value].decode("utf-16-le", "replace").strip("\0 ")
            if text and "\ufffd" not in text:
                yield identity & 0x3FFF, text
        at += value
