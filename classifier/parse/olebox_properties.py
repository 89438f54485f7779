"""The property streams of an OLE container: title, author, company, manager, links and custom properties.

In: an open Box. Out: PROPERTY passages on the Draft. Dates and counters stay out. Source: [MS-OLEPS], [MS-OSHARED] 2.3.3.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator

from classifier.core.document import Where
from classifier.parse.draft import Draft
from classifier.parse.olebox import Box
from classifier.parse.word_codes import is_default_bookmark

_SUMMARY = "\x05SummaryInformation"
_DOCUMENT = "\x05DocumentSummaryInformation"
_WANTED = {
    _SUMMARY: (2, 3, 4, 5, 6, 7, 8),  # title, subject, author, keywords, comments, template, last author
    _DOCUMENT: (2, 13, 14, 15, 26, 27, 28, 29),  # category, part titles, manager, company, content type, status …
}
_TEMPLATE = 7
_PART_TITLES = 13
"""In a slide show these are fonts, themes and titles that stand on the slides."""
_DEFAULT_TEMPLATE = re.compile(r"(?:normal|wps|kso|默认|普通|blank)[^\\/]*", re.I)
_PROGRAM = {"KSOProductBuildVer", "ICV", "KSOTemplateDocerSaveRecord", "_PID_LINKBASE", "_PID_GUID", "_AdHocReviewCycleID"}
_LINKS = "_PID_HLINKS"
_MOST = 4_000


def read_properties(box: Box, draft: Draft) -> None:
    """Adds the words of both property streams, each once."""
    said: dict[str, str] = {}
    for stream in (_SUMMARY, _DOCUMENT):
        data = box.take(stream, draft)
        if not data:
            continue
        try:
            wanted = tuple(n for n in _WANTED[stream] if n != _PART_TITLES or box.kind == "word")
            for text, origin in _words(data, stream, wanted):
                said.setdefault(text.strip("\0 \r\n\t"), origin)
        except (struct.error, ValueError, LookupError):
            draft.problem("part_unread", stream[1:])
    for text, origin in said.items():
        if text:
            draft.add(text, Where.PROPERTY, origin=origin)


def _words(data: bytes, stream: str, wanted: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    if data[:2] != b"\xfe\xff":
        raise ValueError("no property set")
    (sets,) = struct.unpack_from("<I", data, 24)
    for number in range(min(sets, 2)):
        (start,) = struct.unpack_from("<I", data, 28 + number * 20 + 16)
        section = data[start:]
        places = _places(section)
        page = _code_page(section, places)
        if number == 0:
            yield from _known(section, places, page, wanted, has_template=stream == _SUMMARY)
        else:
            yield from _custom(section, places, page)


def _places(section: bytes) -> dict[int, int]:
    (count,) = struct.unpack_from("<I", section, 4)
    pairs = (struct.unpack_from("<II", section, 8 + 8 * n) for n in range(min(count, _MOST, (len(section) - 8) // 8)))
    return dict(pairs)


def _code_page(section: bytes, places: dict[int, int]) -> str:
    """The codec of 8-bit strings; property 1 names it."""
    number = struct.unpack_from("<H", section, places[1] + 4)[0] if 1 in places and places[1] + 6 <= len(section) else 936
    name = {1200: "utf-16-le", 65001: "utf-8", 936: "gb18030", 10008: "gb18030", 10000: "mac-roman"}.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "gb18030"
    return name


def _known(
    section: bytes, places: dict[int, int], page: str, wanted: tuple[int, ...], *, has_template: bool
) -> Iterator[tuple[str, str]]:
    for identity in wanted:
        if identity not in places:
            continue
        texts = _value(section, places[identity], page)
        if identity == _TEMPLATE and has_template:
            texts = [text for text in texts if not _DEFAULT_TEMPLATE.fullmatch(text.strip("\0 "))]
        for text in texts:
            yield text, "metadata"


def _custom(section: bytes, places: dict[int, int], page: str) -> Iterator[tuple[str, str]]:
    """Properties a person or another program has added, as `name：value`; the addresses behind links as they are."""
    names = _dictionary(section, places[0], page) if 0 in places else {}
    for identity, name in names.items():
        if identity not in places or name in _PROGRAM:
            continue
        if name == _LINKS:
            for link in _links(section, places[identity]):
                if not is_default_bookmark(link):
                    yield link, "external_link"
            continue
        value = " ".join(text.strip("\0 ") for text in _value(section, places[identity], page)).strip()
        if value:
            yield f"{name}：{value}", "metadata"


def _dictionary(section: bytes, at: int, page: str) -> dict[int, str]:
    (count,) = struct.unpack_from("<I", section, at)
    at += 4
    names: dict[int, str] = {}
    for _ in range(min(count, _MOST)):
        identity, length = struct.unpack_from("<II", section, at)
        size = length * 2 if page == "utf-16-le" else length
        if size > len(section):
            break
        names[identity] = section[at + 8 : at + 8 + size].decode(page, "replace").strip("\0")
        at += 8 + size + (-size % 4 if page == "utf-16-le" else 0)
    return names


def _value(section: bytes, at: int, page: str) -> list[str]:
    """The words of one value; numbers become words too (a custom property may be one), other types give nothing."""
    (kind,) = struct.unpack_from("<I", section, at)
    at += 4
    if kind in (0x1E, 0x08, 0x1F):
        return [_string(section, at, kind, page)[0]]
    if kind in (0x101E, 0x101F):
        return _vector(section, at, kind & 0xFF, page)
    if kind in (0x02, 0x03, 0x13):
        return [str(struct.unpack_from("<h" if kind == 0x02 else "<i", section, at)[0])]
    return [repr(struct.unpack_from("<d", section, at)[0])] if kind == 0x05 else []


def _vector(section: bytes, at: int, kind: int, page: str) -> list[str]:
    (count,) = struct.unpack_from("<I", section, at)
    at += 4
    texts = []
    for _ in range(min(count, _MOST)):
        text, at = _string(section, at, kind, page)
        texts.append(text)
        if at >= len(section):
            break
    return texts


def _string(section: bytes, at: int, kind: int, page: str) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", section, at)
    size = length * 2 if kind == 0x1F else length
    codec = "utf-16-le" if kind == 0x1F else page
    end = at + 4 + size
    return section[at + 4 : end].decode(codec, "replace").strip("\0"), end + (-size % 4 if kind == 0x1F else 0)


def _links(section: bytes, at: int) -> Iterator[str]:
    """The wide strings of the block of links: six values a link, the fifth is the address, the sixth the place in it."""
    (size,) = struct.unpack_from("<I", section, at + 4)
    blob = section[at + 8 : at + 8 + size]
    place = 4
    while place + 8 <= len(blob):
        kind, length = struct.unpack_from("<II", blob, place)
        if kind != 0x1F:
            place += 8
            continue
        yield blob[place + 8 : place + 8 + 2 * length].decode("utf-16-le", "replace").strip("\0")
        place += 8 + 2 * length + (-2 * length % 4)
