"""eml and mhtml: headers, bodies, attachments; broken MIME as far as it goes.

In: untrusted bytes. Out: passages, child Documents, Problems. Nothing is fetched, nothing is decrypted.
Source: RFC 5322, 2045 to 2049, 2183, 8551, 3156.
"""

from __future__ import annotations

import base64
import binascii
import re
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_tz
from pathlib import PurePosixPath

from classifier.core.document import Where
from classifier.parse import mail_bodies, mail_tnef
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode
from classifier.parse.mail_words import add_headers, file_name, header_text, raw_text

_POLICY = policy.Compat32(max_line_length=None)
_MBOX = re.compile(rb"(?:\A|\n\r?\n)(?=From [^\r\n]{1,300}\r?\n[A-Za-z][A-Za-z0-9_-]{1,60}:)")
_CODINGS = {
    "",
    "7bit",
    "8bit",
    "binary",
    "base64",
    "quoted-printable",
    "x-uuencode",
    "uuencode",
    "x-uue",
    "uue",
    "7-bit",
    "8-bit",
}
_SMALL_TALK = re.compile(r"this is a (?:multi-?part|cryptographically)|mime|this message contains", re.I)
_LOST_PART = re.compile(r"^--([^\s\"]{3,200})[ \t]*\r?\nContent-[A-Za-z-]+:", re.M)
_GLUED = re.compile(r"\"[^\";\s(][^;]*:")
"""A header that runs into the next one."""
_STYLE_WORDS = re.compile(r"content\s*:\s*[\"']([^\"']{2,500})[\"']", re.I)
_ENDINGS = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/bmp": ".bmp", "image/tiff": ".tif",
    "application/pdf": ".pdf", "text/csv": ".csv", "text/rtf": ".rtf", "application/rtf": ".rtf", "application/zip": ".zip",
}  # fmt: skip
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_SMIME = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}


def read(untrusted: bytes, draft: Draft, *, is_page: bool = False) -> None:
    """Adds everything a mail (or, with `is_page`, a saved page) says."""
    starts = [match.end() for match in _MBOX.finditer(untrusted)] if untrusted.startswith(b"From ") else []
    if len(starts) > 1:
        for number, start in enumerate(starts):
            end = starts[number + 1] if number + 1 < len(starts) else len(untrusted)
            draft.attach(f"message {number + 1}.eml", untrusted[start:end], f"message {number + 1}")
        return
    try:
        message = BytesParser(policy=_POLICY).parsebytes(untrusted.lstrip(b"\r\n"))
        _Reader(draft, is_page=is_page).whole(message)
    except RecursionError:  # hundreds of parts inside each other
        draft.problem("too_deep")
        draft.add_lines(decode(untrusted)[0], Where.HIDDEN)


class _Reader:
    """Walks the parts of one mail. State: the number of the part, for Problems."""

    def __init__(self, draft: Draft, *, is_page: bool) -> None:
        self._draft = draft
        self._is_page = is_page
        self._number = 0

    @property
    def _place(self) -> str:
        return f"part {self._number}"

    def whole(self, message: Message) -> None:
        """The headers and all parts."""
        add_headers(message, self._draft)
        date = str(message.get("date", "")).strip()
        if date and parsedate_tz(date) is None:
            self._draft.problem("damaged", "header Date")
        self.part(message)

    def part(self, part: Message) -> None:
        """One part, whatever it is."""
        self._number += 1
        for defect in part.defects:
            if type(defect).__name__ != "MultipartInvariantViolationDefect":
                self._draft.problem("damaged", self._place)
        if _GLUED.search(str(part.get("content-type", ""))):
            self._draft.problem("damaged", self._place)
        if self._number > 1:
            self._draft.add(header_text(str(part.get("content-description", ""))), Where.PROPERTY)
        kind = part.get_content_type()
        if part.is_multipart():
            self._draft.tally("parts")
            self._many(part, kind)
        elif kind in _SIGNATURES:
            self._draft.tally("parts")
            self._draft.problem("signature", self._place)
        else:
            self._draft.tally("parts")
            self._single(part, kind)

    def _many(self, part: Message, kind: str) -> None:
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if kind == "message/rfc822" or kind == "message/global":
            self._enclosed(part, children)
        elif kind.startswith("message/"):  # delivery reports: blocks of headers
            for child in children:
                self._draft.add_lines("\n".join(f"{name}: {header_text(str(value))}" for name, value in child.raw_items()))
                if not child.is_multipart() and str(child.get_payload()).strip():
                    self._draft.add_lines(raw_text(str(child.get_payload())))
        elif kind == "multipart/encrypted":
            self._draft.problem("encrypted", self._place)
            self._draft.tally("members", 1, 0)
        elif kind == "multipart/alternative":
            self._around(part.preamble)
            self._alternatives(children)
            self._around(part.epilogue)
        else:
            if kind == "multipart/signed":
                self._draft.problem("signature", self._place)
            self._around(part.preamble)
            for child in self._in_order(part, children):
                self.part(child)
            self._around(part.epilogue)

    def _in_order(self, part: Message, children: list[Message]) -> list[Message]:
        """The parts as they are shown: in `related` the page first, wherever it stands."""
        start = str(part.get_param("start", "")) if part.get_content_type() == "multipart/related" else ""
        if start:
            children = sorted(children, key=lambda child: str(child.get("content-id", "")).strip() != start.strip())
        return children

    def _alternatives(self, children: list[Message]) -> None:
        """The richest form is shown (RFC 2046: the last that can be); what only the others say is kept as unseen."""
        plain = [child for child in children if child.get_content_type() == "text/plain" and not _is_file(child)]
        rich = [child for child in children if child not in plain]
        begin = len(self._draft.text)
        sources = "".join(str(child.get_payload()) for child in plain[1:])
        for child in rich:
            self.part(child)
            sources += "".join(self._source(leaf) for leaf in child.walk() if leaf.get_content_type() == "text/html")
        shown = self._draft.text[begin:]
        for child in plain:
            if not shown.strip() or self._draft.is_full:
                self.part(child)
                shown = self._draft.text[begin:]
                continue
            self._number += 1
            self._draft.tally("parts")
            text = mail_bodies.plain_text(self._bytes(child), _charset(child), self._draft)
            mail_bodies.add_differences(text, shown, sources, self._draft)

    def _source(self, part: Message) -> str:
        payload = part.get_payload(decode=True)
        return decode(payload, _charset(part))[0] if isinstance(payload, bytes) else ""

    def _around(self, words: str | None) -> None:
        """Before the first and behind the last boundary stand words that no mail program shows."""
        text = raw_text(words or "").strip()
        if _LOST_PART.search(text):
            self._rescue(words or "")
        elif text and not (len(text) < 300 and _SMALL_TALK.search(text)):
            self._draft.add(text, Where.HIDDEN, origin="invisible_text")

    def _rescue(self, words: str) -> None:
        """Parts whose boundary is not the one that was announced, or stands there once too often."""
        self._draft.problem("damaged", self._place)
        boundary = _LOST_PART.search(words)
        assert boundary is not None
        head = f'Content-Type: multipart/mixed; boundary="{boundary[1]}"\n\n'
        found = BytesParser(policy=_POLICY).parsebytes((head + words).encode("utf-8", "surrogateescape"))
        if found.is_multipart():
            self.part(found)
        else:
            self._draft.add_lines(raw_text(words), Where.HIDDEN)

    def _enclosed(self, part: Message, children: list[Message]) -> None:
        """A mail inside the mail goes through the door as a file of its own."""
        name = file_name(part) or "message.eml"
        for child in children:
            coding = str(part.get("content-transfer-encoding", "")).strip().lower()
            try:
                raw = base64.b64decode(str(child.get_payload())) if coding == "base64" else child.as_bytes(policy=_POLICY)
            except (binascii.Error, ValueError, LookupError, TypeError, AttributeError):  # what it was cannot be written again
                self._draft.problem("part_unread", self._place)
                continue
            self._attach(name if "." in name[-6:] else name + ".eml", raw)

    def _single(self, part: Message, kind: str) -> None:
        data = self._bytes(part)
        name = file_name(part)
        if part.get_content_maintype() == "multipart" and _LOST_PART.search(str(part.get_payload())):
            self._rescue(str(part.get_payload()))
        elif kind == "text/plain" and not _is_file(part):
            text = mail_bodies.plain_text(data, _charset(part), self._draft)
            mail_bodies.add_text(text, self._draft, is_flowed=str(part.get_param("format", "")).lower() == "flowed")
        elif kind == "text/html" and not _is_file(part):
            mail_bodies.add_page(data, _charset(part), self._draft)
        elif kind in ("text/css", "text/javascript", "application/javascript"):
            self._code(decode(data, _charset(part))[0], kind)
        elif kind.startswith(("text/", "message/", "multipart/")) and not _is_file(part) and kind not in ("text/rtf", "text/csv"):
            if kind in ("message/partial", "message/external-body"):
                self._draft.problem("external" if kind.endswith("body") else "part_unread", self._place)
            self._draft.add_lines(mail_bodies.plain_text(data, _charset(part), self._draft))
        elif kind in _SMIME or (name.lower().endswith(".p7m") and kind.startswith("application/")):
            self._sealed(part, data, name)
        elif kind in _TNEF or data.startswith(mail_tnef.MAGIC):
            mail_tnef.read(data, self._draft, self._place)
        elif kind in ("application/pgp-encrypted",):
            self._draft.problem("encrypted", self._place)
        elif data or name:
            self._attach(name or self._location(part) or f"part-{self._number}{_ENDINGS.get(kind, '')}", data)
        else:
            self._draft.problem("empty", self._place)

    def _location(self, part: Message) -> str:
        """The last step of a part's address in a saved page; only an ending that is one counts."""
        name = PurePosixPath(header_text(str(part.get("content-location", ""))).split("?")[0]).name
        return name if self._is_page and len(PurePosixPath(name).suffix) in (4, 5) else ""

    def _code(self, text: str, kind: str) -> None:
        """Style sheets can put words on the page; scripts hold any."""
        if kind == "text/css":
            for words in _STYLE_WORDS.findall(text):
                self._draft.add(words, Where.HIDDEN, origin="script")
        else:
            self._draft.add(text, Where.HIDDEN, origin="script")

    def _sealed(self, part: Message, data: bytes, name: str) -> None:
        """S/MIME: an envelope is encrypted; a signed one holds its mail in the clear."""
        content = mail_tnef.signed_content(data)
        if content is None:
            is_signed = "signed" in str(part.get_param("smime-type", "")).lower()
            self._draft.problem("signature" if is_signed else "encrypted", self._place)
            self._draft.problem("embedded" if is_signed else "encrypted", self._place)
            self._draft.tally("members", 1, 0)
            self._draft.add(name, Where.PROPERTY)
        else:
            self._draft.problem("signature", self._place)
            self._attach("signed.eml", content)

    def _bytes(self, part: Message) -> bytes:
        """The decoded bytes of a part; a coding nobody knows, or one that breaks off, is a Problem."""
        coding = str(part.get("content-transfer-encoding", "")).strip().lower()
        if coding not in _CODINGS:
            self._draft.problem("part_unread", self._place)
        known = len(part.defects)
        payload = part.get_payload(decode=True)
        if len(part.defects) > known:
            self._draft.problem("damaged", self._place)
        return payload if isinstance(payload, bytes) else b""

    def _attach(self, name: str, data: bytes) -> None:
        """Hands a file to the door; a name with folders in it, and one that stays shut, is text of the mail."""
        base = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name or "member"
        before = len(self._draft.problems)
        self._draft.attach(base, data, self._place)
        if len(self._draft.problems) > before or base != name:
            self._draft.add(name, Where.PROPERTY)


def _is_file(part: Message) -> bool:
    """Whether a part is an attachment and no body."""
    return bool(file_name(part)) or part.get_content_disposition() == "attachment"


def _charset(part: Message) -> str:
    """The declared character set; "" where none, or none that names one."""
    try:
        return str(part.get_content_charset("") or "")
    except (ValueError, LookupError, TypeError, AttributeError):  # the standard library's slips on broken parameters
        return ""
