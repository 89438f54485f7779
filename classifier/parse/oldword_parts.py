"""The stories of a binary Word file in order, and the names it carries: authors, paths, bookmarks, variables, custom XML.

In: a WordFile. Out: passages on the Draft. Source: [MS-DOC] 2.3 (stories), 2.8.16, 2.9.272 (strings).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import pairwise

from classifier.core.document import Where
from classifier.parse import oldword_file as tables
from classifier.parse.draft import Draft
from classifier.parse.oldword_file import STORIES, WordFile, positions_of, strings_of
from classifier.parse.oldword_story import Stories
from classifier.parse.oldword_styles import Sheet
from classifier.parse.olebox import Box, place
from classifier.parse.word_codes import is_default_bookmark

_HEADERS_BEFORE_SECTIONS = 6
"""The first stories are the lines between text and notes."""
_FOOTERS = {2, 3, 5}
_DATE_SIZE = 30
_ASSOCIATED = {1: "template", 2: "", 3: "", 4: "", 6: "", 7: "", 8: "merge", 9: "merge"}
_DEFAULT_TEMPLATE = re.compile(r"(?:.*[\\/])?(?:normal|wps|kso|默认|普通)[^\\/]*", re.I)
_LINKED_STYLE = re.compile(r"\s*(?:Char|字符)\s*\d*$")
_PRINTER = re.compile(rb"\\\\[\x21-\x7e\x80-\xff]{3,120}")


def tell_stories(stories: Stories, word: WordFile, draft: Draft) -> None:
    """Body, text boxes, notes, comments, headers and footers, the boxes in them."""
    spans, at = dict[str, tuple[int, int]](), 0
    for name in STORIES:
        spans[name] = (at, at + word.counts[name])
        at += word.counts[name]
    for name, where in (("main", Where.BODY), ("boxes", Where.TEXTBOX), ("notes", Where.NOTE), ("endnotes", Where.NOTE)):
        stories.tell(*spans[name], where)
    _tell_comments(stories, word, spans["comments"], draft)
    _tell_headers(stories, word, spans["headers"])
    stories.tell(*spans["header_boxes"], Where.HEADER)
    stories.tell(*spans["macros"], Where.HIDDEN, "unused_part")
    draft.tally("parts", sum(count > 0 for count in word.counts.values()), sum(count > 0 for count in word.counts.values()))


def _parts(starts: list[int], span: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    """The numbered parts of a story; one part where the table of starts is lost. What lies outside the starts is told too."""
    first, last = span
    usable = [start for start in starts if 0 <= start <= last - first]
    if usable != starts or starts != sorted(starts) or not starts:
        yield 0, first, last
        return
    edges = [0, *starts[1:-1], last - first] if len(starts) > 1 else [0, last - first]
    for number, (start, end) in enumerate(pairwise(edges)):
        yield number, first + start, first + end


def _tell_headers(stories: Stories, word: WordFile, span: tuple[int, int]) -> None:
    for number, start, end in _parts(positions_of(word.part(tables.HEADER_STARTS), 0), span):
        kind = (number - _HEADERS_BEFORE_SECTIONS) % 6
        if 0 < number < _HEADERS_BEFORE_SECTIONS:
            stories.tell(start, end, Where.NOTE)
        else:
            stories.tell(start, end, Where.FOOTER if kind in _FOOTERS and number else Where.HEADER)


def _tell_comments(stories: Stories, word: WordFile, span: tuple[int, int], draft: Draft) -> None:
    """Each comment after the name of its author."""
    refs, owners = word.part(tables.COMMENT_REFS), _owners(word.part(tables.OWNERS))
    count = max(0, (len(refs) - 4) // (4 + _DATE_SIZE))
    for number, start, end in _parts(positions_of(word.part(tables.COMMENT_STARTS), 0), span):
        if number < count:
            record = refs[4 * (count + 1) + _DATE_SIZE * number :][:_DATE_SIZE]
            (owner,) = struct.unpack_from("<H", record, 20)
            if owner < len(owners) and word.text[start:end].strip("\0\r\x05"):
                draft.add(owners[owner], Where.COMMENT, origin="comment")
        stories.tell(start, end, Where.COMMENT, "comment")


def _owners(table: bytes) -> list[str]:
    at, names = 0, []
    while at + 2 <= len(table):
        (length,) = struct.unpack_from("<H", table, at)
        names.append(table[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace"))
        at += 2 + 2 * length
    return names


def add_names(word: WordFile, sheet: Sheet, draft: Draft) -> None:
    """Names and paths, each once: who saved and revised it and where, templates, variables, styles, network printers, bookmarks."""
    said: dict[tuple[Where, str, str], None] = {}
    for where, origin, text in _names(word, sheet):
        if text.strip("\0 \r\n"):
            said[(where, origin, text.strip("\0 \r\n"))] = None
    text_now = draft.text
    known = {
        text_now[block.span.start : block.span.end] for block in draft.blocks if block.where in (Where.PROPERTY, Where.COMMENT)
    }
    for where, origin, text in said:
        if where is not Where.PROPERTY or text not in known:
            draft.add(text, where, origin=origin)


def _names(word: WordFile, sheet: Sheet) -> Iterator[tuple[Where, str, str]]:
    associated = strings_of(word.part(tables.ASSOCIATED))
    for number, kind in _ASSOCIATED.items():
        text = associated[number] if number < len(associated) else ""
        if not (kind == "template" and _DEFAULT_TEMPLATE.fullmatch(text)):
            yield Where.PROPERTY, "external_link" if kind == "merge" else "metadata", text
    for name in (
        *strings_of(word.part(tables.REVISERS)),
        *strings_of(word.part(tables.SAVED_BY)),
        *_owners(word.part(tables.OWNERS)),
    ):
        if name != "Unknown":
            yield Where.PROPERTY, "metadata", name
    for name in (*_variables(word.part(tables.VARIABLES)), *_printers(word.part(tables.PRINTER))):
        yield Where.PROPERTY, "metadata", name
    for name in sheet.names:
        if not _LINKED_STYLE.search(name):
            yield Where.PROPERTY, "metadata", name
    for name in strings_of(word.part(tables.BOOKMARKS)):
        if not is_default_bookmark(name):
            yield Where.HIDDEN, "bookmark", name


def _variables(table: bytes) -> Iterator[str]:
    """`name：value` of document variables: a table of names, then the values, each with its length."""
    names = strings_of(table)
    at = 6 + sum(2 + 2 * len(name.encode("utf-16-le", "surrogatepass")) // 2 + 4 for name in names)
    for name in names:
        value = ""
        if at + 2 <= len(table):
            (length,) = struct.unpack_from("<H", table, at)
            value = table[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
            at += 2 + 2 * length + 2
        yield f"{name}：{value}"


def _printers(table: bytes) -> Iterator[str]:
    """Printers on other computers: their names tell the network."""
    for found in _PRINTER.finditer(table):
        yield found.group().decode("gb18030", "replace")


def add_custom_xml(box: Box, draft: Draft) -> None:
    """The words of data parts that travel with the file."""
    items = [path for path in box.streams("MsoDataStore") if path.lower().endswith("/item")]
    if not items:
        return
    from classifier.parse.word_parts import words
    from classifier.parse.xmltree import read_tree

    for number, path in enumerate(items, 1):
        root = read_tree(box.take(path, draft), place(f"MsoDataStore/{number}"), draft)
        for text in words(root) if root is not None else ():
            draft.add(text, Where.PROPERTY, origin="metadata")
