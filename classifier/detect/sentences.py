"""The sentences of a text, their hashed characters and their cue words, for a detector that judges a sentence by what it says.

Everything is one sweep of numpy over the text: the n-grams of all sentences are hashed at once and lie side by side, so the cost
grows with the characters and not with the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

VERSION = 1
"""Raise it whenever a feature changes meaning: a model names the version it was trained with."""

BUCKETS = 1 << 16
SIZES = (1, 2, 3)
"""Characters of a sentence are read one, two and three at a time; its neighbours and the whole paper in pairs."""
PAIR = 2
_OWN, _NEAR, _TITLE, _PAPER = 1, 2, 3, 4
_STOPS = tuple(map(ord, "。！？；"))
_SHORTEST, _LONGEST = 6, 600
_SENTENCE = re.compile(rf"[^。！？；\n]{{{_SHORTEST},{_LONGEST}}}[。！？；]?")
"""For texts with a stretch too long for one sentence: it is cut."""
_OPENING = 6_000
"""Characters of a paper that tell what sort of paper it is."""
_COUNTED = 200
"""Sentences whose cue words tell what sort of paper it is."""
CUE_SCALE = 0.28
"""What one cue word weighs beside the characters of its sentence."""
_MOST = 3
"""Cue words of one family that count in one sentence."""

Codes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def split(text: str) -> Indices:
    """Start and end of every sentence of six characters or more, shape (sentences, 2)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_stop = codes == 10
    for stop in _STOPS:
        is_stop |= codes == stop
    stops = is_stop.nonzero()[0]
    spans = np.empty((len(stops) + 1, 2), dtype=np.int64)
    spans[0, 0], spans[-1, 1] = 0, len(codes)
    spans[1:, 0] = stops + 1
    spans[:-1, 1] = stops
    lengths = spans[:, 1] - spans[:, 0]
    if len(codes) > _LONGEST and lengths.max() > _LONGEST:
        return np.array([m.span() for m in _SENTENCE.finditer(text)], dtype=np.int64).reshape(-1, 2)
    spans[:-1, 1] += codes[stops] != 10  # the stop belongs to its sentence, the line end does not
    return spans[lengths >= _SHORTEST]


def codes_of(text: str) -> Codes:
    """Code points; every digit is one symbol, for dates and amounts carry no reason."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    codes[(codes >= 48) & (codes <= 57)] = 48
    return codes


def tells(codes: Codes) -> Flags:
    """Which characters are words: Han characters, letters, digits. Rules of dots, blanks and table bars tell nothing."""
    lower = codes | np.uint64(32)
    told: Flags = ((codes >= 0x3400) & (codes <= 0x9FFF)) | (codes == 48) | ((lower >= 97) & (lower <= 122))
    return told


def _join(shorter: Codes, codes: Codes, size: int) -> Codes:
    """The n-grams of `size` as one number each, from those one character shorter; none where the text is shorter."""
    many = max(0, len(codes) - size + 1)
    joined = shorter[:many] * np.uint64(1_000_003)
    joined += codes[size - 1 : size - 1 + many]
    return joined


def _mix(grams: Sequence[tuple[Codes, int, int]]) -> Indices:
    """The buckets of joined n-grams, each with its size and salt, one after the other (a 64-bit finaliser: multiply and shift)."""
    mixed = np.concatenate([joined for joined, _, _ in grams])
    salts = [((salt * 8 + size) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF for _, size, salt in grams]
    mixed += np.array(salts, dtype=np.uint64).repeat([len(joined) for joined, _, _ in grams])
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    mixed &= np.uint64(BUCKETS - 1)
    return mixed.astype(np.int64)


def buckets(codes: Codes, size: int, salt: int) -> Indices:
    """The bucket of the n-gram that starts at each character."""
    joined = codes
    for longer in range(2, size + 1):
        joined = _join(joined, codes, longer)
    return _mix([(joined, size, salt)])


def neighbourhoods(spans: Indices) -> Indices:
    """Each sentence together with the one before and the one after it."""
    around = spans.copy()
    around[1:, 0] = spans[:-1, 0]
    around[:-1, 1] = spans[1:, 1]
    return around


@dataclass(frozen=True, slots=True)
class Part:
    """One way of reading sentences: the buckets of the n-grams that begin with a word's character, and the stretch of each sentence."""

    near: bool
    buckets: Indices
    spans: Indices
    """Start and end (exclusive) in `buckets` of each sentence; those of neighbourhoods overlap."""
    scale: Floats
    """What one n-gram of each sentence weighs: long sentences do not shout."""


def read_parts(text: str, spans: Indices) -> tuple[Part, ...]:
    """The sentences of a text as the model reads them."""
    codes = codes_of(text)
    told = tells(codes)
    before = np.zeros(len(codes) + 1, dtype=np.int64)
    told.cumsum(out=before[1:])
    pairs = _join(codes, codes, 2)
    joined = {1: codes, 2: pairs, 3: _join(pairs, codes, 3)}
    kept = {size: grams[told[: len(grams)]] for size, grams in joined.items()}
    around = neighbourhoods(spans)
    own, near = (1 / np.sqrt(np.maximum(8, length)) for length in (len(SIZES) * _told(before, spans), _told(before, around)))
    ways = (*((size, _OWN, spans, own) for size in SIZES), (PAIR, _NEAR, around, near))
    found = _mix([(kept[size], size, salt) for size, salt, _, _ in ways])
    parts, at = [], 0
    for size, salt, wide, scale in ways:
        stretch = np.empty_like(wide)
        stretch[:, 0] = before[wide[:, 0]]
        stretch[:, 1] = before[np.maximum(wide[:, 0], wide[:, 1] - size + 1)]
        parts.append(Part(salt == _NEAR, found[at : at + len(kept[size])], stretch, scale))
        at += len(kept[size])
    return tuple(parts)


def _told(before: Indices, spans: Indices) -> Indices:
    """How many characters of words each stretch holds."""
    return before[spans[:, 1]] - before[spans[:, 0]]


def read_paper(text: str, title: str) -> tuple[Indices, Floats]:
    """The sparse vector of a whole paper: pairs of its opening characters and the characters of its title, each of length one."""
    titles, opening = codes_of(title), codes_of(text[:_OPENING])
    heads = [(titles, 1, _TITLE), (_join(titles, titles, PAIR), PAIR, _TITLE)]
    body = (_join(opening, opening, PAIR), PAIR, _PAPER)
    found = _mix([body, *heads])
    parts = [_bag(found[: len(body[0])]), _bag(found[len(body[0]) :])]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def _bag(found: Indices) -> tuple[Indices, Floats]:
    if len(found) == 0:
        return found, np.zeros(0)
    ordered = found.astype(np.uint16)  # a bucket is a number of sixteen bits: sorted by counting
    ordered.sort(kind="stable")
    first = np.flatnonzero(_firsts(ordered))
    counts = np.empty(len(first), dtype=np.int64)
    np.subtract(first[1:], first[:-1], out=counts[:-1])
    counts[-1] = len(ordered) - first[-1]
    values = 1.0 + np.log(counts)
    return ordered.take(first).astype(np.int64), values / np.sqrt((values * values).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """The cue words of all families as one automaton; `owned[i]` says which families word i belongs to."""

    automaton: Any
    owned: Floats


def make_cues(families: Mapping[str, tuple[str, ...]]) -> Cues:
    """The automaton of cue words, families in the order given."""
    import ahocorasick_rs

    words = list(dict.fromkeys(word for family in families.values() for word in family))
    owned = np.array([[word in family for family in families.values()] for word in words], dtype=np.float64)
    quickest = ahocorasick_rs.Implementation.DFA
    return Cues(ahocorasick_rs.AhoCorasick(words, implementation=quickest), owned.reshape(len(words), len(families)))


def count_cues(text: str, spans: Indices, cues: Cues) -> Floats:
    """How many different cue words of each family stand in each sentence, at most three: shape (sentences, families)."""
    counts = np.zeros((len(spans), cues.owned.shape[1]))
    hits = cues.automaton.find_matches_as_indexes(text, overlapping=True)
    if not hits or not len(spans):
        return counts
    found = np.array(hits, dtype=np.int64)
    rows = np.searchsorted(spans[:, 0], found[:, 1], side="right") - 1
    inside = (rows >= 0) & (found[:, 2] <= spans[np.maximum(rows, 0), 1])
    pairs = rows[inside] * len(cues.owned) + found[inside, 0]
    if not len(pairs):
        return counts
    pairs.sort()
    pairs = pairs[_firsts(pairs)]
    rows, words = np.divmod(pairs, len(cues.owned))
    first = _firsts(rows).nonzero()[0]
    counts[rows[first]] = np.add.reduceat(cues.owned.take(words, axis=0), first, axis=0)
    return np.minimum(counts, _MOST, out=counts)


def _firsts(ordered: npt.NDArray[np.integer[Any]]) -> Flags:
    """Which of the numbers in order differ from the one before."""
    changes = np.empty(len(ordered), dtype=bool)
    changes[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    return changes


def sum_cues(counts: Floats) -> Floats:
    """What the cue words say of the whole paper: how many, and how dense, for each family."""
    total = counts[:_COUNTED].sum(axis=0)
    return np.concatenate([0.7 * np.log1p(total) / 3, 0.7 * total / max(min(len(counts), _COUNTED), 5)])
