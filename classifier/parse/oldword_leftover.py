"""Old text in a binary Word file: what a fast save or an overwritten line left in the stream, outside the piece table.

In: a WordFile and the unused sectors of its container. Out: HIDDEN passages with origin `old_revision`, only runs that read as words. Source: [MS-DOC] 2.4.1 (text lies
only where the pieces say); 2.9.38.
"""

from __future__ import annotations

import re
import struct

from classifier.core.document import Where
from classifier.parse.draft import Draft
from classifier.parse.oldword_file import CHARACTER_RUNS, PARAGRAPH_RUNS, SECTIONS, WordFile, narrow, units
from classifier.parse.olebox import Box, place

_PAGE = 512
_SHORTEST = 8
_WIDE = re.compile("[\x20-\x7e\u2014\u2018-\u201d\u2026\u3000-\u3011\u3014\u3015\u4e00-\u9fa5\uff01-\uff5e\t\r★○×℃]{4,}")
_HAN = re.compile("[\u4e00-\u9fa5]")
_LATIN = re.compile("[\x20-\x7e\t\r]{12,}")
_LATIN_WORDS = re.compile(r"[A-Za-z][a-z]{2,}[ ,.;]")
_NUMBER = re.compile(r"\d[\d\-]{6,}")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{11,18}[\dXx]?(?!\d)")
_MOST = 2_000
_LONG_STREAM = 4_096
_MOST_RUNS = 20_000
_KNOWN = ("worddocument", "0table", "1table", "data", "objectpool", "macros", "msodatastore", "_signatures", "_xmlsignatures")


def add_leftovers(word: WordFile, unused: bytes, draft: Draft) -> None:
    """Adds each old run once, in the order of the stream; what the paper still says is left out.

    `unused` are the sectors of the container that belong to no stream.
    """
    now = _squeeze(draft.text)
    said: dict[str, None] = {}
    found = [text for start, end in _gaps(word) for text in _runs(word.stream[start:end])]
    found += [text for text in _runs(unused) if _is_sentence(text)]
    if len(found) > _MOST_RUNS:
        draft.problem("part_unread", "old text")
    for text in found[:_MOST_RUNS]:
        for line in text.split("\r"):
            flat = _squeeze(line)
            if len(flat) >= 4 and flat not in now and len(said) < _MOST:
                said[line.strip()] = None
    for text in said:
        draft.add(text, Where.HIDDEN, origin="old_revision")


def add_unknown_streams(box: Box, draft: Draft) -> None:
    """Words in streams that Word does not know; a long one without any is a Problem: it is not understood."""
    for path in box.streams():
        root = path.split("/")[0].lower()
        if root in _KNOWN or root[:1] < " ":
            continue
        data = box.take(path, draft)
        said = dict.fromkeys(text.strip() for text in _runs(data))
        for text in said:
            draft.add(text, Where.HIDDEN, origin="unused_part")
        if not said and len(data) > _LONG_STREAM:
            draft.problem("part_unread", place(path))


def _squeeze(text: str) -> str:
    return "".join(text.split()).replace("\x07", "")


def _gaps(word: WordFile) -> list[tuple[int, int]]:
    """The stretches of the stream that neither the head nor the pieces nor the formatting use."""
    first, _ = word.text_range
    size = len(word.stream)
    used = [(0, min(first, size) if first >= 0x200 else 0x200)]
    used += [(piece.offset, piece.offset + (piece.end - piece.start) * piece.width) for piece in word.pieces]
    for number in (CHARACTER_RUNS, PARAGRAPH_RUNS):
        table = word.part(number)
        count = max(0, (len(table) - 4) // 8)
        for n in range(count):
            (page,) = struct.unpack_from("<I", table, 4 * (count + 1) + 4 * n)
            used.append(((page & 0x3FFFFF) * _PAGE, (page & 0x3FFFFF) * _PAGE + _PAGE))
    used += _sections(word)
    gaps, at = [], 0
    for start, end in sorted(used):
        if start - at >= _SHORTEST:
            gaps.append((at, start))
        at = max(at, end)
    if size - at >= _SHORTEST:
        gaps.append((at, size))
    return gaps


def _sections(word: WordFile) -> list[tuple[int, int]]:
    table, used = word.part(SECTIONS), []
    count = max(0, (len(table) - 4) // 16)
    for n in range(count):
        (at,) = struct.unpack_from("<I", table, 4 * (count + 1) + 12 * n + 2)
        if at + 2 <= len(word.stream):
            used.append((at, at + 2 + int.from_bytes(word.stream[at : at + 2], "little")))
    return used


def _runs(raw: bytes) -> list[str]:
    return [*_wide_runs(raw), *_narrow_runs(raw)]


def _is_sentence(text: str) -> bool:
    """What a lost sector must hold to be told: old tables of fonts, styles and streams also read as words, but as short ones."""
    return len(_HAN.findall(text)) >= 10 or len(_LATIN_WORDS.findall(text + " ")) >= 8 or bool(_LONG_NUMBER.search(text))


def _wide_runs(raw: bytes) -> list[str]:
    """Runs of 16-bit text on even places: several everyday Chinese characters, a long number, or English words."""
    return [text.strip() for text in _WIDE.findall(units(raw[: len(raw) // 2 * 2])) if _reads_wide(text)]


def _reads_wide(text: str) -> bool:
    """Chance bytes make Chinese characters too, but rare ones: most of a real line is in everyday use (GB 2312, level 1)."""
    han = _HAN.findall(text)
    if len(han) >= 4:
        return sum(map(_is_everyday, han)) >= 0.85 * len(han)
    return bool(_NUMBER.search(text)) or len(_LATIN_WORDS.findall(text + " ")) >= 2


def _is_everyday(char: str) -> bool:
    try:
        return char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def _narrow_runs(raw: bytes) -> list[str]:
    """Runs of 8-bit text: several English words, or a long number."""
    return [
        text.strip()
        for text in _LATIN.findall(narrow(raw) if len(raw) < 1 << 22 else raw.decode("latin-1"))
        if len(_LATIN_WORDS.findall(text + " ")) >= 3 or _NUMBER.search(text)
    ]
