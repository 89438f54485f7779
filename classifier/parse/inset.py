"""A picture inside another file: its words by text recognition; what is not looked at is counted and a Problem.

In: the picture's bytes and the part that holds it. Out: lines with Where.OCR on the Draft, or a Problem. Pixels decide, not bytes: a
whole page in black and white fits into 4 KB. Only a picture of one colour, or too thin for a letter, is passed over.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from classifier.core.document import Where
from classifier.parse.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.core.document import Document
    from classifier.core.settings import Limits
    from classifier.parse.package import Member, Package

_LOOKS = 40
"""Different pictures recognised per file, a logo 0.1 s and a page about a second; the rest stay a Problem."""
_LARGEST = 32 << 20
_READABLE = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"\x28\0\0\0")
_THUMBNAIL = re.compile(r"(?:.*/)?thumbnails?(?:/.*|\.\w+)", re.I)
_TINY_PAGE = 300
"""Pixels of the longer side up to which a preview of the first page has letters that nobody can read."""
_ICON = 128
"""Pixels of the longer side of dots, arrows and badges."""
_KEPT = 64
_HEAVIEST = 1 << 16
_known: dict[tuple[bytes, Limits], Document] = {}
"""What the last pictures said: the logo of a template is recognised once per process."""
_blank: dict[bytes, bool] = {}
"""Digests of the last pictures that showed nothing."""


def see_picture(untrusted: bytes | None, where: str, draft: Draft, *, name: str = "") -> None:
    """Reads one picture, each once per file; None stands for bytes that could not be taken out. `name` is its own in the package."""
    digest = hashlib.blake2b(untrusted or b"", digest_size=20).digest()
    if untrusted and digest in draft.looked:
        draft.tally("images", 1, int(draft.looked[digest]))
        if not draft.looked[digest]:
            draft.problem("image", where)
        return
    if not untrusted or not untrusted.startswith(_READABLE) or len(untrusted) > _LARGEST or not may_look(draft):
        draft.tally("images", 1, 0)
        draft.problem("image", where)
        return
    try:
        from classifier.parse import ocr, ocr_pixels
    except ImportError:  # an option of the installation
        draft.tally("images", 1, 0)
        draft.problem("image", where)
        return
    if _is_blank(untrusted, digest, ocr_pixels.is_blank):
        draft.tally("images")
        return
    seen = _recognise(untrusted, (digest, draft.limits), ocr.read_image)
    draft.looked[digest] = any(tally.read for tally in seen.receipt.tallies)
    size = ocr_pixels.size_of(untrusted)
    is_preview = _THUMBNAIL.fullmatch(name) is not None and max(size) <= _TINY_PAGE
    say(seen, where, draft, is_silent=is_preview or is_icon(seen, size))


def see_member(member: Member, package: Package, where: str, draft: Draft) -> None:
    """Reads a picture of a package, which is not even unpacked when the file has had its looks."""
    data = package.read(member) if may_look(draft) and member.size <= _LARGEST else None
    see_picture(data, where, draft, name=member.name)


def may_look(draft: Draft) -> bool:
    """Whether the file has looks left."""
    return len(draft.looked) < _LOOKS


def _is_blank(untrusted: bytes, digest: bytes, look: Callable[[bytes], bool]) -> bool:
    """Whether a picture shows nothing: the white preview that a program puts into every paper is unfolded once per process."""
    if _blank.pop(digest, False) or look(untrusted):
        _blank[digest] = True  # the last one looked at stands last
        if len(_blank) > _KEPT:
            del _blank[next(iter(_blank))]
        return True
    return False


def _recognise(untrusted: bytes, key: tuple[bytes, Limits], read: Callable[..., None]) -> Document:
    """What a picture says, as a Document of its own."""
    known = _known.pop(key, None)
    if known is None:
        trial = Draft("", key[1])
        read(untrusted, trial, where_part="picture")
        known = trial.finish("", "image")
        weight = len(known.text) + sum(len(snippet.png) for snippet in known.snippets)
        if weight > _HEAVIEST or any(problem.code != "ocr_low" for problem in known.problems):
            return known
    _known[key] = known  # the last one looked at stands last
    if len(_known) > _KEPT:
        del _known[next(iter(_known))]
    return known


def is_icon(seen: Document, size: tuple[int, ...]) -> bool:
    """Whether a picture is a dot, an arrow or a badge that reads as a lone sign: what it shows is no word, surely read or not."""
    lines = [line for line in seen.text.split("\n") if line.strip()]
    return max(size) <= _ICON and all(len(line.strip()) == 1 for line in lines)


def say(seen: Document, where: str, draft: Draft, *, page: int | None = None, is_silent: bool = False) -> None:
    """Adds what a picture said to the file that holds it; a silent one (an icon, a preview) leaves no doubt behind."""
    for block in seen.blocks:
        if block.origin is None or not is_silent:
            draft.add(seen.text[block.span.start : block.span.end], Where.OCR, page=page, origin=block.origin)
    for tally in seen.receipt.tallies:
        draft.tally(tally.kind, tally.found, tally.read)
    for problem in seen.problems:
        if not (is_silent and problem.code == "ocr_low"):
            draft.problem(problem.code, where)
    for snippet in () if is_silent else seen.snippets:
        draft.snip(snippet.png, page)
