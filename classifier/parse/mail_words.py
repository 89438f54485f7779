"""The words of mail headers: RFC 2047 and RFC 2231 names, raw GBK, and the lines worth showing.

In: header values as compat32 keeps them (lone surrogates for bytes that are not ASCII). Out: characters.
Source: RFC 2047, 2231, 5322.
"""

from __future__ import annotations

import base64
import binascii
import re
from email.message import Message
from urllib.parse import unquote_to_bytes

from classifier.core.document import Where
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode

_WORD = re.compile(r"=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z-]*)?\?([BbQq])\?([^?\s]*(?:[ ][^?\s]+)*)\?=")
_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})")
_FOLD = re.compile(r"\r?\n[ \t]*|[\r\n]")
SHOWN = ("subject", "from", "to", "cc", "date")
"""What every mail program shows above the text, in this order."""
_PLUMBING = {
    "content-type", "content-transfer-encoding", "mime-version", "content-disposition", "content-id", "content-location",
    "dkim-signature", "arc-seal", "arc-message-signature", "domainkey-signature", "x-google-dkim-signature", "autocrypt",
    "x-gm-message-state", "x-google-smtp-source", "x-microsoft-antispam-message-info", "x-ms-exchange-antispam-messagedata-0",
    "x-ms-exchange-antispam-messagedata-chunkcount", "arc-authentication-results",
}  # fmt: skip
"""Headers without words: how parts are packed, and signatures of servers."""


def add_headers(message: Message, draft: Draft) -> None:
    """The subject as the first line of the text, the shown headers, then what only the source of the mail shows."""
    lines: list[tuple[str, str]] = [(name, header_text(str(value))) for name, value in message.raw_items()]
    for wanted in SHOWN:
        for name, text in lines:
            if name.lower() == wanted:
                if wanted == "subject":
                    draft.add(text)
                else:
                    draft.add(f"{name}: {text}", Where.HEADER)
    for name, text in lines:
        if name.lower() not in _PLUMBING and name.lower() not in SHOWN and text.strip():
            draft.add(f"{name}: {text}", Where.HIDDEN, origin="mail_header")


def header_text(value: str) -> str:
    """A header as people read it: unfolded, encoded words decoded, raw bytes as the Chinese they are."""
    flat = raw_text(_FOLD.sub(" ", value))
    parts: list[str] = []
    place = 0
    pending: tuple[str, bytes] | None = None  # neighbours of one character set join before they are decoded
    for match in _WORD.finditer(flat):
        gap = flat[place : match.start()]
        data = _unpack(match[2].upper(), match[3])
        charset = match[1].lower()
        if pending and not gap.strip() and pending[0] == charset:
            pending = (charset, pending[1] + data)
        else:
            if pending:
                parts.append(decode(pending[1], pending[0])[0])
            if not pending or gap.strip():
                parts.append(gap)
            pending = (charset, data)
        place = match.end()
    if pending:
        parts.append(decode(pending[1], pending[0])[0])
    parts.append(flat[place:])
    return "".join(parts).strip()


def raw_text(value: str) -> str:
    """Characters for bytes that no header may hold and every Chinese mailer once wrote."""
    if value.isascii():
        return value
    return decode(value.encode("utf-8", "surrogateescape"))[0]


def file_name(part: Message) -> str:
    """The name of an attachment, however it is written; "" without one."""
    for parameter, header in (("filename", "content-disposition"), ("name", "content-type")):
        try:
            value = _readable(part, header).get_param(parameter, header=header)
        except (ValueError, LookupError, TypeError, AttributeError):  # the standard library's slips on broken parameters
            continue
        if isinstance(value, tuple):
            raw = value[2].encode("latin-1", "replace") if value[2].isascii() or value[0] else value[2].encode("utf-8")
            text = decode(raw, value[0] or "")[0]
        else:
            text = header_text(str(value or ""))
        if text.strip():
            return _percent(text.strip())
    return ""


def _readable(part: Message, header: str) -> Message:
    """The part, or, where the header holds raw bytes, a copy of that header in characters."""
    raw = next((str(value) for name, value in part.raw_items() if name.lower() == header), "")
    if raw.isascii():
        return part
    copy = Message()
    copy[header] = raw_text(raw)
    return copy


def _percent(text: str) -> str:
    """Some mailers write URL escapes into plain names."""
    if re.fullmatch(r"[^%]*(?:%[0-9A-Fa-f]{2}[^%]*){3,}", text):
        return decode(unquote_to_bytes(text))[0]
    return text


def _unpack(kind: str, text: str) -> bytes:
    if kind == "Q":
        raw = text.replace("_", " ").encode("utf-8", "surrogateescape")
        return _QUOTED.sub(lambda match: bytes([int(match[1], 16)]), raw)
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
