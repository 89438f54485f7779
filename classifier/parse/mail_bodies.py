"""The bodies of a mail: plain text, HTML, and what stands in only one of two that should say the same.

In: the bytes of a body and its declared character set. Out: passages on the Draft.
Source: RFC 2046 5.1.4, 3676; a reader sees one alternative, a search through the file finds both.
"""

from __future__ import annotations

import binascii
import html
import re

from classifier.core.document import Where
from classifier.parse import web
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_LINK = re.compile(r"<?(?:https?://|mailto:|cid:|tel:)[^\s<>\[\]\"]+>?|\[(?:cid|image|图片|图像)[^\]]{0,200}\]", re.I)
_MARKS = re.compile(r"[\W_]+")
_UU_BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.M)
_UU_END = re.compile(r"^(?:`| )?\r?\n?end[ \t]*\r?$", re.M)
_SEALED = "-----BEGIN PGP MESSAGE-----"
_SIGNED = re.compile(r"^-----BEGIN PGP (?:SIGNED MESSAGE|SIGNATURE)-----", re.M)


def add_text(text: str, draft: Draft, *, is_flowed: bool = False) -> None:
    """A plain body, its files in uuencode taken out and opened."""
    if is_flowed:
        text = re.sub(r"(?<=[^\n\-]) \r?\n(?=[^>\s])", " ", text)
    if _SEALED in text:
        draft.problem("encrypted", "PGP message")
    if _SIGNED.search(text):
        draft.problem("signature", "PGP")
    text, files = _split_uuencode(text, draft)
    if text.strip():
        draft.add_lines(text)
    for name, data in files:
        draft.attach(name, data, "uuencode")


def add_page(untrusted: bytes, charset: str, draft: Draft) -> str:
    """An HTML body through the reader of web pages; its source comes back, for comparing."""
    declared = _DECLARED.search(untrusted[:4096])
    names = [charset, declared[1].decode("ascii", "ignore") if declared else ""]
    text, is_sure = decode(untrusted, next((name for name in names if name), ""))
    if not is_sure:
        draft.problem("encoding")
    web.read(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"), draft)
    return text


def plain_text(untrusted: bytes, charset: str, draft: Draft) -> str:
    """The characters of a plain body."""
    text, is_sure = decode(untrusted, charset)
    if not is_sure and text.strip():
        draft.problem("encoding")
    return text


def add_differences(other: str, shown: str, source: str, draft: Draft) -> None:
    """Adds the lines of an alternative nobody sees that say something the shown one does not."""
    seen = _bare(shown)
    addresses = html.unescape(source)
    for line in other.splitlines():
        links = [link.strip("<>") for link in _LINK.findall(line) if not link.startswith("[")]
        words = _bare(_LINK.sub("", line))
        if (words and words not in seen) or any(link not in addresses and link not in shown for link in links):
            draft.add(line.strip(), Where.HIDDEN, origin="invisible_text")


def _bare(text: str) -> str:
    """Letters, digits and characters only: two forms of one text differ in everything else."""
    return _MARKS.sub("", text).casefold()


def _split_uuencode(text: str, draft: Draft) -> tuple[str, list[tuple[str, bytes]]]:
    files: list[tuple[str, bytes]] = []
    rest: list[str] = []
    place = 0
    while begin := _UU_BEGIN.search(text, place):
        end = _UU_END.search(text, begin.end())
        lines = text[begin.end() : end.start() if end else len(text)].splitlines()
        data = [decoded for line in lines if line and (decoded := _uu_line(line)) is not None]
        if not data:  # a sentence that happens to start like a file
            rest.append(text[place : begin.end()])
            place = begin.end()
            continue
        if end is None or len(data) < len([line for line in lines if line]):
            draft.problem("damaged", "uuencode")
        rest.append(text[place : begin.start()])
        files.append((begin[1].strip(), b"".join(data)))
        place = end.end() if end else len(text)
    return "".join(rest) + text[place:], files


def _uu_line(line: str) -> bytes | None:
    try:
        return binascii.a2b_uu(line.encode("ascii", "replace"))
    except binascii.Error:
        count = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3  # some encoders leave odd bytes at the end of a line
        try:
            return binascii.a2b_uu(line[:count].encode("ascii", "replace"))
        except binascii.Error:
            return None
