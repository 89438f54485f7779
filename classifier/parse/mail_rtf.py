"""The rich body of Outlook: compressed RTF, and the words in it, to be compared with the other bodies.

In: the bytes of PidTagRtfCompressed. Out: RTF, its plain words, HTML that Outlook packed into it.
Source: [MS-OXRTFCP] 2.1 and 3.1, [MS-OXRTFEX].
"""

from __future__ import annotations

import re
import struct

from classifier.parse import mail_bodies
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode

_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(rb"\\'([0-9a-fA-F]{2})|\\([a-z]{1,32})(-?\d{1,10})? ?|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S)
_SKIPPED = {
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"objdata", b"themedata", b"datastore", b"listtable",
    b"listoverridetable", b"rsidtbl", b"generator", b"latentstyles", b"colorschememapping", b"mhtmltag", b"fldinst", b"xmlnstbl",
}  # fmt: skip
_SIGNS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n", b"emdash": "—", b"endash": "–", b"bullet": "•",
          b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"sect": "\n", b"page": "\n"}  # fmt: skip
_MOST = 64 << 20


def add_body(compressed: bytes, draft: Draft, begin: int, source: str) -> None:
    """Adds what only the rich body says; where nothing else was added since `begin`, the whole of it as a file."""
    try:
        rtf = decompress(compressed)
    except (struct.error, IndexError, ValueError):
        draft.problem("damaged", "rtf body")
        return
    is_page = b"\\fromhtml" in rtf[:2000]
    words = words_of(rtf, is_page=is_page)
    if draft.text[begin:].strip():
        if is_page:
            words = re.sub(r"<(?:style|head)\b.*?</(?:style|head)>|<!--.*?-->|<[^>]*>", "\n", words, flags=re.S | re.I)
        mail_bodies.add_differences(words, draft.text[begin:], source, draft)
    elif is_page:
        mail_bodies.add_page(words.encode("utf-8", "replace"), "utf-8", draft)
    elif words.strip():
        draft.attach("body.rtf", rtf, "rtf body")


def decompress(untrusted: bytes) -> bytes:
    """RTF out of LZFu (or its uncompressed form MELA).

    Raises:
        ValueError: for any other mark. struct.error: when there is no header.
    """
    _, size, mark, _ = struct.unpack_from("<IIII", untrusted)
    if mark == 0x414C454D:
        return untrusted[16 : 16 + size]
    if mark != 0x75465A4C:
        raise ValueError("no LZFu")
    window = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    write = len(_DICTIONARY)
    out = bytearray()
    place = 16
    while place < len(untrusted) and len(out) < min(size, _MOST):
        control = untrusted[place]
        place += 1
        for bit in range(8):
            if place >= len(untrusted):
                break
            if control >> bit & 1:
                pair = int.from_bytes(untrusted[place : place + 2], "big")
                place += 2
                read, count = pair >> 4, (pair & 15) + 2
                if read == write:  # the end mark
                    return bytes(out)
                piece = bytearray()
                for step in range(count):
                    piece.append(window[(read + step) & 4095])
                    window[(write + step) & 4095] = piece[-1]
            else:
                piece = bytearray(untrusted[place : place + 1])
                place += 1
                window[write] = piece[0]
            write = (write + len(piece)) & 4095
            out += piece
    return bytes(out[:size])


def words_of(rtf: bytes, *, is_page: bool) -> str:
    """The words of an RTF; with `is_page` the HTML that was packed into it."""
    out: list[str] = []
    pending = bytearray()
    page = _code_page(rtf)
    stack: list[tuple[bool, bool, int]] = []
    skip, is_rtf_only, unicode_count, to_drop = False, False, 1, 0

    def flush() -> None:
        if pending:
            out.append(decode(bytes(pending), page)[0])
            pending.clear()

    for match in _TOKEN.finditer(rtf):
        byte, word, number, sign, brace, text = match.groups()
        is_silent = skip or is_rtf_only
        if brace == b"{":
            stack.append((skip, is_rtf_only, unicode_count))
        elif brace == b"}":
            if stack:
                skip, is_rtf_only, unicode_count = stack.pop()
        elif byte is not None:
            if to_drop:
                to_drop -= 1
            elif not is_silent:
                pending.append(int(byte, 16))
        elif word is not None:
            if word == b"htmlrtf":
                is_rtf_only = is_page and number != b"0"
            elif word == b"uc":
                unicode_count = int(number or 1)
            elif word == b"u" and number:
                flush()
                out.append("" if is_silent else chr(int(number) & 0xFFFF))
                to_drop = unicode_count
            elif word in _SKIPPED:
                skip = True
            elif word in _SIGNS and not is_silent:
                flush()
                out.append(_SIGNS[word])
        elif sign is not None:
            if sign == b"*":
                skip = skip or rtf[match.end() : match.end() + 8] != b"\\htmltag"
            elif sign in b"\\{}" and not is_silent:
                pending += sign
            elif sign == b"~" and not is_silent:
                pending += b" "
        elif text:
            kept = text[to_drop:] if to_drop else text
            to_drop = max(0, to_drop - len(text))
            if not is_silent:
                pending += kept
    flush()
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _code_page(rtf: bytes) -> str:
    match = re.search(rb"\\ansicpg(\d{3,5})", rtf[:500])
    return f"cp{match[1].decode()}" if match else "cp1252"
