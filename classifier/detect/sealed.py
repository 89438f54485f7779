"""Sealed term lists over a text: rolling hashes of all windows at once (numpy), a bit table, and a digest only where it says maybe."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from classifier.core.finding import Finding
from classifier.detect.pattern import make_finding
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook
from classifier.knowledge.sealed import FILTER_LENGTH, MULTIPLIER, SealedTerms, character_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STRETCH = 8_192
"""Windows of each length worked on at a time: what they need stays in the processor's cache."""
_MASK = 0xFFFFFFFF
_END = (1 << 64) - 1
"""Behind the last known hash: every search ends on something."""


@dataclass(frozen=True, slots=True)
class _Tables:
    """What one list needs: numbers of characters, powers, a table of the hashes' leading bits, and the hashes themselves."""

    lengths: tuple[int, ...]
    numbers: NDArray[np.uint32]
    powers: NDArray[np.uint32]
    inverses: NDArray[np.uint32]
    shift: np.uint32
    marked: NDArray[np.bool_]
    """For all lengths together: nearly every window is ruled out here."""
    known: NDArray[np.uint64]
    """(place in `lengths`, hash), sorted: of the few that are left, nearly all that pass here are terms."""


@lru_cache(maxsize=16)
def _tables(terms: SealedTerms) -> _Tables:
    import numpy as np

    lengths = tuple(sorted(terms.filters))
    known = sorted(row << 32 | value for row, length in enumerate(lengths) for value in terms.filters[length])
    shift = np.uint32(32 - min(20, max(14, (len(known) * 128).bit_length())))
    hashes = np.array([*known, _END], dtype=np.uint64)
    marked = np.zeros(1 << (32 - int(shift)), dtype=np.bool_)
    marked[(hashes[:-1] & np.uint64(_MASK)).astype(np.uint32) >> shift] = True
    numbers = np.frombuffer(character_table(terms.salt), dtype="<u4").astype(np.uint32)
    return _Tables(
        lengths,
        numbers,
        _powers(MULTIPLIER, _STRETCH + lengths[-1]),
        _powers(pow(MULTIPLIER, -1, 1 << 32), _STRETCH),
        shift,
        marked,
        hashes,
    )


def _powers(base: int, count: int) -> NDArray[np.uint32]:
    """1, base, base squared …, modulo 2**32."""
    import numpy as np

    made = np.full(count, base, dtype=np.uint32)
    made[0] = 1
    return np.multiply.accumulate(made, dtype=np.uint32)


def _codes(text: str) -> NDArray[np.uint16]:
    """The code points of a text as places in the character table (`knowledge.sealed.fold_code`)."""
    import numpy as np

    short = text.encode("utf-16-le", "surrogatepass")
    if len(short) == 2 * len(text):  # no character beyond the first 65,536: each is its own place
        return np.frombuffer(short, dtype="<u2")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    places: NDArray[np.uint16] = ((codes ^ (codes >> np.uint32(16)) * np.uint32(0x9E37)) & np.uint32(0xFFFF)).astype(np.uint16)
    return places


def _candidates(codes: NDArray[np.uint16], terms: SealedTerms) -> Iterator[tuple[int, int]]:
    """(filter length, start) of every window whose rolling hash is in the list.

    The hash of a window is a difference of two running sums, brought to its start by an inverse power: all windows of all
    lengths at once. Windows that run over the end count as if nothing followed; `find_terms` looks at their length.
    """
    import numpy as np

    made = _tables(terms)
    longest = made.lengths[-1]
    for first in range(0, codes.size, _STRETCH):
        part = made.numbers.take(codes[first : first + _STRETCH + longest - 1])
        part *= made.powers[: part.size]
        count = min(_STRETCH, codes.size - first)
        sums = np.empty(count + longest + 1, dtype=np.uint32)
        sums[0] = 0
        np.add.accumulate(part, out=sums[1 : part.size + 1])
        sums[part.size + 1 :] = sums[part.size]
        windows = np.empty((len(made.lengths), count), dtype=np.uint32)
        for row, length in enumerate(made.lengths):
            np.subtract(sums[length : length + count], sums[:count], out=windows[row])
        windows *= made.inverses[:count]
        flat = windows.ravel()
        left = made.marked.take(flat >> made.shift).nonzero()[0]  # flat, and take: a fifth of the time of two dimensions
        if not left.size:
            continue
        values = (left // count).astype(np.uint64) << np.uint64(32) | flat[left]
        for place in left[made.known[made.known.searchsorted(values)] == values].tolist():
            yield made.lengths[place // count], first + place % count


@lru_cache(maxsize=16)
def _keyed(terms: SealedTerms) -> tuple[list[int], hashlib.blake2b, dict[int, frozenset[bytes]]]:
    """The lengths of long terms, the digest with its key already in it (`knowledge.sealed.digest`), and the digests by length."""
    lengths = set(terms.filters) | set(terms.digests)
    digests = {length: terms.digests.get(length, frozenset()) for length in lengths}
    long = sorted(length for length in terms.digests if length >= FILTER_LENGTH)
    return long, hashlib.blake2b(digest_size=16, key=terms.salt), digests


def find_terms(text: str, terms: SealedTerms) -> list[tuple[int, int]]:
    """Where the terms stand in a (folded) text: leftmost, then longest, without overlaps, as the open lists are found."""
    known: dict[str, bool] = {}  # of this text only: its words do not stay in memory
    found = []
    long, keyed, digests = _keyed(terms)
    for length, start in _candidates(_codes(text), terms):
        for size in long if length == FILTER_LENGTH else (length,):
            word = text[start : start + size]
            if len(word) < size:
                break  # it runs over the end, and so do the longer ones
            held = known.get(word)
            if held is None:
                one = keyed.copy()
                one.update(word.encode("utf-8", "surrogatepass"))
                held = known[word] = one.digest() in digests[size]
            if held:
                found.append((start, -start - size))
    kept, last = [], 0
    for start, minus_end in sorted(found):
        if start >= last:
            last = -minus_end
            kept.append((start, last))
    return kept


@lru_cache(maxsize=4)
def _rules(book: RuleBook) -> tuple[Rule, ...]:
    return tuple(rule for rule in book.active() if rule.sealed)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Findings of every enabled rule that has sealed lists; numpy is loaded only then."""
    for rule in _rules(book):
        for terms in rule.sealed:
            for start, end in find_terms(view.folded, terms):
                if finding := make_finding(rule, view, start, end):
                    yield finding
