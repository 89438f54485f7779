"""What becomes of an RTF group when it ends: fields, shape properties, names, objects, and what stands behind the file's end.

In: the words or bytes of the group. Out: passages, attached files, Problems.
"""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from typing import TYPE_CHECKING

from classifier.core.document import Where
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft, Passage
from classifier.parse.inset import see_picture
from classifier.parse.slides_objects import OLE, read_native
from classifier.parse.slides_package import attach
from classifier.parse.word_codes import is_default_bookmark, is_default_name, is_plain_code, symbol
from classifier.parse.xmltree import read_tree, texts

if TYPE_CHECKING:
    from classifier.parse.richtext_flow import Flow

_FETCHES = re.compile(r"\s*(?:INCLUDE|INCLUDEPICTURE|INCLUDETEXT|LINK|DDE|DDEAUTO|IMPORT|DATABASE|RD)\s", re.I)
_SYMBOL = re.compile(r'\s*SYMBOL\s+(\d{1,5})\s.{0,80}?\\f\s*"?([^"\\]{1,40})', re.I | re.S)
_FILES = (OLE, b"PK\x03\x04", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
_DESCRIPTIONS = {"wzDescription": "alt_text", "wzTooltip": "alt_text", "wzScript": "script"}
_SPEAKING_TAG = re.compile(r"href|src\s*=|<!--|alt\s*=|title", re.I)


def close_words(goal: str, passages: list[Passage], flow: Flow) -> list[Passage]:
    """What a group with words leaves in the text: some are boilerplate, some name what comes next."""
    text = "".join(passage.text for passage in passages)
    match goal:
        case "sn":
            flow.property = text.strip()
            return []
        case "sv":
            return _shape_property(flow.property, text, passages)
        case "fldinst":
            return _field(text, passages, flow.draft)
        case "bkmkstart":
            return [] if is_default_bookmark(text.strip()) else passages
        case "revtbl" | "protusertbl":
            names = [name.strip() for name in text.split(";")]
            return [_property(name) for name in names if name and name.lower() != "unknown"]
        case "template":
            if re.match(r"\s*(?:https?:|ftp:|\\\\)", text, re.I):
                flow.draft.problem("external", "template")
            return passages
        case "unknown":
            return passages if re.search("[\u3400-\u9fff]|[A-Za-z]{4}|[0-9]{6}", text) and not _is_code(text) else []
        case "htmltag" | "mhtmltag":
            return passages if _SPEAKING_TAG.search(text) else []
    return passages


def _is_code(text: str) -> bool:
    """Whether the words of an unknown group are only hexadecimal digits."""
    return len(text) > 40 and re.fullmatch(r"[0-9a-fA-F\s;]+", text) is not None


def _property(text: str) -> Passage:
    return Passage(((Where.PROPERTY, text),), origin="metadata")


def _shape_property(name: str, text: str, passages: list[Passage]) -> list[Passage]:
    if name in _DESCRIPTIONS:
        return [Passage(((Where.HIDDEN, text),), origin=_DESCRIPTIONS[name])]
    if name == "gtextUNICODE":
        return [Passage(((Where.TEXTBOX, text),))]
    if name == "wzName":
        return [] if is_default_name(text) else [_property(text)]
    return [passage for passage in passages if passage.pieces[0][0] is not Where.PROPERTY or passage.origin == "external_link"]


def _field(code: str, passages: list[Passage], draft: Draft) -> list[Passage]:
    if _FETCHES.match(code):
        draft.problem("external", "field")
    drawn = _SYMBOL.match(code)
    if drawn is not None:
        return [Passage(((Where.TEXTBOX, symbol(drawn[2].strip(), f"{0xF000 + int(drawn[1]) % 256:X}")),))]
    if is_plain_code(code):
        return [passage for passage in passages if passage.origin != "field_code"]
    hidden = [passage for passage in passages if passage.origin != "field_code"]
    return [Passage(((Where.HIDDEN, code),), origin="field_code"), *(replace(p) for p in hidden)]


def _bytes_of(digits: bytes) -> bytes | None:
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    except ValueError:
        return None


def close_hex(goal: str, digits: bytes, name: str, draft: Draft) -> None:
    """A picture, an object or a store of XML, written in hexadecimal digits."""
    if goal == "pict":
        if digits:
            see_picture(_bytes_of(digits), "picture", draft)
        return
    try:
        data = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    except ValueError:
        draft.problem("embedded", name)
        return
    if goal == "objdata":
        attach_object(data, name, draft)
    else:
        say_store(data, draft)


def attach_object(data: bytes, name: str, draft: Draft) -> None:
    """An object in its OLE 1 envelope: the file inside is attached; what can't be taken out is a Problem."""
    try:
        kind, native = _open_envelope(data)
    except (struct.error, ValueError):
        draft.problem("embedded", name)
        return
    inner = read_native(native) if kind == "package" else None
    if inner is not None:
        draft.attach(f"{name}/{inner[0]}", inner[1], name)
    elif native.startswith(_FILES):
        attach(name, native, draft)
    else:
        draft.problem("embedded", name)


def _open_envelope(data: bytes) -> tuple[str, bytes]:
    """The class (in lower case) and the bytes of an embedded object.

    Raises:
        ValueError, struct.error: for a link, or a broken envelope.
    """
    if data.startswith(OLE):
        return "", data
    _, form = struct.unpack_from("<II", data)
    if form != 2:
        raise ValueError("not embedded")
    place, names = 8, []
    for _ in range(3):
        (length,) = struct.unpack_from("<I", data, place)
        names.append(data[place + 4 : place + 4 + length].rstrip(b"\0").decode("latin-1"))
        place += 4 + length
    (size,) = struct.unpack_from("<I", data, place)
    native = data[place + 4 : place + 4 + size]
    if len(native) < size:
        raise ValueError("cut")
    return names[0].lower(), native


def say_store(data: bytes, draft: Draft) -> None:
    """The custom XML that Word keeps in an RTF file; usually it only names a citation style."""
    import io

    import olefile  # type: ignore[import-untyped]  # no type information in the wheel

    try:
        _, native = _open_envelope(data)
        with olefile.OleFileIO(io.BytesIO(native)) as container:
            items = [container.openstream(path).read() for path in container.listdir() if path[-1].lower() == "item"]
    except (OSError, ValueError, LookupError, RuntimeError, struct.error):
        draft.problem("part_unread", "datastore")
        return
    for item in items:
        root = read_tree(item, "datastore", draft)
        for text in texts(root) if root is not None else []:
            draft.add(text, Where.PROPERTY, origin="metadata")


def say_tail(tail: bytes, draft: Draft) -> None:
    """What stands behind the last brace: no reader shows it."""
    words = tail.strip(b"\0\r\n\t \x1a")
    if not words:
        return
    if words.startswith(_FILES):
        draft.problem("embedded", "after the end")
        return
    from classifier.parse.encoding import decode

    text, is_certain = decode(words)
    if not is_certain or sum(char < " " and char not in "\t\r\n" for char in text) * 50 > len(text):
        draft.problem("part_unread", "after the end")
    elif squeeze(text):
        draft.add(text, Where.HIDDEN, origin="unused_part")
