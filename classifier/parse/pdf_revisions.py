"""Earlier states of a PDF: an incremental save appends to the file, and what was there before is still inside.

In: the bytes and the Draft of the present state, digests of the files already read. Out: the words that only an earlier state has, as HIDDEN `old_revision`, and the
files that only it carries. A state is the bytes up to an earlier `%%EOF`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from classifier.core.document import Document, Where
from classifier.core.errors import Unreadable
from classifier.parse.cleaning import squeeze
from classifier.parse.draft import Draft

_END = re.compile(rb"startxref\s+\d{1,12}\s+%%EOF\r?\n?")
_REVISIONS = 5
_SHORT = 2

Reader = Callable[[bytes, Draft], None]


def find_ends(untrusted: bytes) -> list[int]:
    """Where earlier states end. The first end of a file made for the web (linearized) is no state, nor is one inside an attachment."""
    if untrusted.count(b"%%EOF") < 2:
        return []
    ends = [match.end() for match in _END.finditer(untrusted)][:-1]
    if ends and b"/Linearized" in untrusted[:1024]:
        ends = ends[1:]
    return ends


def read_revisions(untrusted: bytes, draft: Draft, known: set[bytes], read_state: Reader) -> None:
    """Adds what the last earlier states say and the present one does not."""
    states = [untrusted[:end] for end in find_ends(untrusted)]
    if len(states) > _REVISIONS:
        draft.problem("part_unread", "revisions")
    said: str | None = None
    for number, state in enumerate(reversed(states[-_REVISIONS:]), 1):
        if said is None:
            said = squeeze(draft.text)
        said += _read_state(state, number, draft, said, known, read_state)
    if states:
        draft.tally("revisions", len(states), min(len(states), _REVISIONS))


def _read_state(state: bytes, number: int, draft: Draft, said: str, known: set[bytes], read_state: Reader) -> str:
    """Adds what one state has of its own, and gives it back squeezed."""
    carried: list[tuple[str, bytes]] = []

    def keep(name: str, data: bytes) -> Document | str:
        carried.append((name, data))
        return "embedded"

    old = Draft("", draft.limits, keep)
    try:
        read_state(state, old)
    except Unreadable:
        draft.problem("part_unread", f"revision {number}")
        return ""
    new, whole = "", old.text
    for block in old.blocks:
        text = whole[block.span.start : block.span.end]
        flat = squeeze(text)
        if len(flat) >= _SHORT and flat not in said and flat not in new:
            draft.add(text, Where.HIDDEN, page=block.page, origin="old_revision")
            new += flat
    for name, data in carried:
        if (digest := hashlib.sha256(data).digest()) not in known:
            known.add(digest)
            draft.attach(name, data, f"revision {number}")
    return new
