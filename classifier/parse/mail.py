"""Mail: who is one, and the readers of eml, mhtml and msg, which are loaded when needed.

In: a Sample, then untrusted bytes. Out: a score by the headers at the start; text, headers and attachments on the Draft.
"""

from __future__ import annotations

import re

from classifier.parse.draft import Draft
from classifier.parse.formats import Sample, is_text

_HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9_-]{1,60}):", re.M)
_START = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\r\n]{1,300}\r?\n)?[A-Za-z][A-Za-z0-9_-]{1,60}:[ \t\r\n]")
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_CARRIED = {
    b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to", b"content-type", b"dkim-signature",
    b"x-mailer", b"envelope-to", b"content-transfer-encoding", b"x-originating-ip", b"x-received", b"x-mimeole",
}  # fmt: skip
"""Headers that programs write; people type only the others."""
_TYPED = {b"from", b"to", b"subject", b"date", b"cc", b"bcc", b"reply-to", b"sender"}
_ARCHIVED = re.compile(rb"^(?:From:\s*\"?<?\s*(?:Saved by|Von|\xe7\x94\xb1)|Snapshot-Content-Location:)", re.I | re.M)
_RELATED = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)
_MSG_STREAM = "__properties_version1.0".encode("utf-16-le")


def bid_eml(sample: Sample) -> float:
    """Near certain with headers of a mail server; likely when it is called a mail."""
    score = _headers(sample)
    if sample.extension in (".eml", ".emlx"):
        return max(score, 0.8 if _START.match(sample.head) else 0.65 if is_text(sample) else 0.0)
    return score


def bid_mhtml(sample: Sample) -> float:
    """A mail that a browser or Word saved: its own headers, or its parts belong together and it is called so."""
    head = sample.head
    if not _headers(sample) and not (sample.extension in (".mht", ".mhtml") and _START.match(head)):
        return 0.0
    if sample.extension in (".mht", ".mhtml") or _ARCHIVED.search(head):
        return 0.88
    is_page = _RELATED.search(head) is not None and not re.search(rb"^(?:From|To|Received):", head, re.I | re.M)
    return 0.88 if is_page else 0.0


def bid_msg(sample: Sample) -> float:
    """An OLE container with the properties of a message at its root."""
    if not sample.untrusted.startswith(b"\xd0\xcf\x11\xe0") or _MSG_STREAM not in sample.untrusted:
        return 0.0
    from classifier.parse import olebox

    return 0.97 if olebox.kind(sample.untrusted) == "mail" else 0.0


def read_eml(untrusted: bytes, draft: Draft) -> None:
    """Adds the words of a mail, and its attachments."""
    from classifier.parse import mail_message

    mail_message.read(untrusted, draft)


def read_mhtml(untrusted: bytes, draft: Draft) -> None:
    """Adds the words of a saved page, and what belongs to it."""
    from classifier.parse import mail_message

    mail_message.read(untrusted, draft, is_page=True)


def read_msg(untrusted: bytes, draft: Draft) -> None:
    """Adds the words of an Outlook message, and its attachments."""
    from classifier.parse import mail_outlook

    mail_outlook.read(untrusted, draft)


def _headers(sample: Sample) -> float:
    """How sure the first lines are headers of a mail."""
    head = sample.head
    if not _START.match(head):
        return 0.0
    stop = _EMPTY_LINE.search(head.lstrip(b"\r\n"))
    names = {name.lower() for name in _HEADER.findall(head.lstrip(b"\r\n")[: stop.start() if stop else None])}
    carried, typed = len(names & _CARRIED), len(names & _TYPED)
    if carried and carried + typed >= 2:
        return 0.85
    return 0.6 if typed >= 3 or (typed == 2 and b"from" in names) else 0.0
