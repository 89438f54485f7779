"""msg: an Outlook message in an OLE container: subject, people, bodies, files, and every other string it stores.

In: untrusted bytes. Out: passages, child Documents, Problems. A message inside goes through the door as a file of its own.
Source: [MS-OXMSG] 2.1 to 2.4, [MS-OXPROPS].
"""

from __future__ import annotations

import re
import struct
from email import policy
from email.parser import Parser

from classifier.core.document import Where
from classifier.parse import mail_bodies, mail_rtf, olebox_writer
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode
from classifier.parse.mail_words import add_headers
from classifier.parse.olebox import Box

_STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})(?:-[0-9A-F]{8})?", re.I)
_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SENDER = (0x0C1A, 0x5D01, 0x0C1F)
_SHOWN = ((0x0E04, "To"), (0x0E03, "Cc"))
_BCC = 0x0E02
_NO_WORDS = {_BODY, _HTML, _HEADERS, 0x001A, 0x0C1E, 0x0064, 0x0075, 0x0077, 0x0E1D, 0x003D, 0x3002, 0x8585}
"""Read on their own, or the class of the message, the kind of an address, a prefix like `Re: `."""
_FILE_NAMES = (0x3707, 0x3704, 0x3001)
_PERSON = (0x3001, 0x39FE, 0x3003)
_PAGES = {65001: "utf-8", 936: "gb18030", 54936: "gb18030", 52936: "hz", 20127: "cp1252", 28591: "cp1252", 1200: "utf-16-le"}


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything the message says."""
    box = Box(untrusted)
    try:
        if box.is_flawed:
            draft.problem("damaged")
        _Message(box, draft).read()
    finally:
        box.close()


class _Message:
    """Reads one message. State: its code page, and the strings already on the Draft."""

    def __init__(self, box: Box, draft: Draft) -> None:
        self._box = box
        self._draft = draft
        numbers = _fixed(box.read("__properties_version1.0"))
        page = numbers.get(0x3FFD) or numbers.get(0x3FDE) or 0
        self._page = _PAGES.get(page, f"cp{page}" if page else "")
        web_page = numbers.get(0x3FDE) or page
        self._web_page = _PAGES.get(web_page, f"cp{web_page}" if web_page else "")
        self._said: set[str] = set()

    def read(self) -> None:
        """Headers, bodies, files, the rest."""
        found = self._strings("")
        self._add_people(found)
        self._add_bodies(found)
        for number, storage in enumerate(self._storages("__attach_version1.0_"), 1):
            self._add_file(storage, f"attachment {number}")
        headers = found.get(_HEADERS, "")
        if headers:
            self._add_transport(headers)
        for number, text in found.items():
            if number not in _NO_WORDS:
                self._say(text, Where.PROPERTY, "metadata")

    def _add_people(self, found: dict[int, str]) -> None:
        self._say(found.get(_SUBJECT, ""), Where.BODY)
        sender = " ".join(dict.fromkeys(found[number] for number in _SENDER if found.get(number)))
        self._say(f"From: {sender}" if sender else "", Where.HEADER)
        for number, name in _SHOWN:
            if found.get(number):
                self._say(f"{name}: {found[number]}", Where.HEADER)
        if found.get(_BCC):
            self._say(f"Bcc: {found[_BCC]}", Where.HIDDEN, "mail_header")
        for storage in self._storages("__recip_version1.0_"):
            self._draft.tally("recipients")
            kind = _fixed(self._box.read(f"{storage}/__properties_version1.0")).get(0x0C15, 1)
            strings = self._strings(storage)
            person = " ".join(dict.fromkeys(strings[number] for number in _PERSON if strings.get(number)))
            if kind in (1, 2):
                self._say(person, Where.HEADER)
            else:
                self._say(f"Bcc: {person}", Where.HIDDEN, "mail_header")
            for number, text in strings.items():
                if text not in person and number not in _NO_WORDS:
                    self._say(text, Where.HIDDEN, "mail_header")

    def _add_bodies(self, found: dict[int, str]) -> None:
        """The page is what Outlook shows; plain and rich bodies may say more."""
        begin = len(self._draft.text)
        source = ""
        page = self._box.read(f"__substg1.0_{_HTML:04X}0102")
        if page:
            source = mail_bodies.add_page(page, self._web_page, self._draft)
        elif found.get(_HTML):
            source = mail_bodies.add_page(found[_HTML].encode("utf-8", "replace"), "utf-8", self._draft)
        plain = found.get(_BODY, "")
        shown = self._draft.text[begin:]
        if shown.strip():
            mail_bodies.add_differences(plain, shown, source, self._draft)
        elif plain.strip():
            mail_bodies.add_text(plain, self._draft)
        rich = self._box.read(f"__substg1.0_{_RTF:04X}0102")
        if rich:
            mail_rtf.add_body(rich, self._draft, begin, source)

    def _add_file(self, storage: str, place: str) -> None:
        self._draft.tally("attachments")
        strings = self._strings(storage)
        name = next((strings[number] for number in _FILE_NAMES if strings.get(number)), "")
        data = f"{storage}/__substg1.0_37010102"
        inside = f"{storage}/__substg1.0_3701000D"
        before = len(self._draft.problems)
        if self._box.has(data):
            self._draft.attach(_base(name), self._box.take(data, self._draft), place)
        elif any(True for _ in self._box.streams(inside)):
            self._add_inside(inside, name, place)
        elif _fixed(self._box.read(f"{storage}/__properties_version1.0")).get(0x3705) in (2, 3, 4, 7):
            self._draft.problem("external", place)  # only a path or an address
        else:
            self._draft.problem("part_unread", place)
        if len(self._draft.problems) > before:
            self._say(name, Where.PROPERTY, None)
        for text in strings.values():
            if text != name:
                self._say(text, Where.PROPERTY, "metadata")

    def _add_inside(self, storage: str, name: str, place: str) -> None:
        """A message or an object inside: its storage becomes a container of its own."""
        streams = {path[len(storage) + 1 :]: self._box.take(path, self._draft) for path in self._box.streams(storage)}
        is_message = "__properties_version1.0" in streams
        try:
            packed = olebox_writer.pack(streams)
        except (ValueError, StopIteration):  # larger than the writer takes
            self._draft.problem("embedded", place)
            self._draft.tally("members", 1, 0)
            return
        self._draft.attach(_base(name or "message") + (".msg" if is_message else ""), packed, place)

    def _add_transport(self, headers: str) -> None:
        """The headers it came with."""
        message = Parser(policy=policy.compat32).parsestr(headers, headersonly=True)
        lines = Draft("", self._draft.limits)
        add_headers(message, lines)
        for line in lines.text.split("\n"):
            self._say(line, Where.HIDDEN, "mail_header")

    def _strings(self, storage: str) -> dict[int, str]:
        """All strings directly in a storage, by property; several values of one property stand on lines of their own."""
        found: dict[int, str] = {}
        depth = storage.count("/") + 1 if storage else 0
        for path in self._box.streams(storage):
            match = _STREAM.fullmatch(path.rpartition("/")[2])
            if match is None or path.count("/") != depth:
                continue
            number, kind = int(match[1], 16), int(match[2], 16)
            if kind & 0xFFF not in (0x1E, 0x1F) or (kind & 0x1000 and "-" not in path.rpartition("/")[2]):
                continue
            raw = self._box.take(path, self._draft)
            text = raw.decode("utf-16-le", "replace") if kind & 1 else decode(raw, self._page)[0]
            text = text.rstrip("\0")
            found[number] = f"{found[number]}\n{text}" if number in found else text
        return found

    def _storages(self, prefix: str) -> list[str]:
        return [path for path in self._box.storages() if path.lower().startswith(prefix)]

    def _say(self, text: str, where: Where, origin: str | None = None) -> None:
        """Each string once: Outlook stores a subject five times."""
        text = text.strip()
        if text and not any(text == said or (len(text) > 3 and text in said) for said in self._said):
            self._said.add(text)
            self._draft.add(text, where, origin=origin)


def _fixed(data: bytes) -> dict[int, int]:
    """Numbers in a property stream: 16-byte lines behind a head of 32, 24 or 8 bytes."""
    start = 8 if len(data) % 16 == 8 else 0
    found: dict[int, int] = {}
    for place in range(start, len(data) - 15, 16):
        kind, number, _, value = struct.unpack_from("<HHIi", data, place)
        if kind == 3:
            found[number] = value
    return found


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].replace("\0", "") or "member"
