"""Near copies by MinHash (Broder 1997): papers whose character 5-grams overlap by more than a line, found without comparing all with all.

In: texts. Out: pairs of positions and their likeness. The sketches come from rensa (Rust, MIT); 5-grams are hashed here in one sweep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_GRAM = 5
_PERMUTATIONS = 128
_BANDS = 32
"""32 bands of 4 rows: pairs of likeness 0.8 are met with probability 1 - 5e-8, of 0.5 with 0.87."""
_SEED = 20261124


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Two texts that are much alike. `likeness` is the estimated share of common 5-grams (Jaccard), 0 to 1."""

    first: int
    second: int
    likeness: float


def shingles(text: str) -> npt.NDArray[np.uint64]:
    """Hashes of the character 5-grams of a text, without blanks and with all digits alike, each once."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    codes = np.where((codes >= 48) & (codes <= 57), np.uint64(48), codes)
    codes = codes[(codes > 32) & (codes != 0x3000)]
    if len(codes) < _GRAM:
        return np.unique(codes)
    joined = codes[: len(codes) - _GRAM + 1].copy()
    for shift in range(1, _GRAM):
        joined = joined * np.uint64(0x9E3779B97F4A7C15) + codes[shift : len(codes) - _GRAM + 1 + shift]
    joined = (joined ^ (joined >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.unique(joined ^ (joined >> np.uint64(29)))


def sketch(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """One MinHash sketch per text: shape (len(texts), 128). Empty texts have a sketch that is like nothing."""
    from rensa import RMinHash  # type: ignore[import-untyped]  # the wheel carries no types

    if not texts:
        return np.zeros((0, _PERMUTATIONS), dtype=np.uint32)
    sets = [shingles(text).tolist() or [(1 << 63) + number] for number, text in enumerate(texts)]
    made = RMinHash.digest_matrix_from_token_hash_sets(sets, _PERMUTATIONS, _SEED)
    return np.array(made.to_rows(), dtype=np.uint32)


def find_near_copies(sketches: npt.NDArray[np.uint32], least: float = 0.8) -> Iterator[NearCopy]:
    """Pairs of at least that likeness, each once, by (first, second).

    Of a heap of copies neighbours are paired (a-b, b-c), not all with all: a thousand copies of one form give 999 pairs.
    """
    rows = _PERMUTATIONS // _BANDS
    met: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        piece = np.ascontiguousarray(sketches[:, band * rows : (band + 1) * rows])
        keys = piece.view([("", piece.dtype)] * rows).ravel()
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        met.update((int(min(a, b)), int(max(a, b))) for a, b in zip(order[same], order[same + 1], strict=True))
    for first, second in sorted(met):
        likeness = float((sketches[first] == sketches[second]).mean())
        if likeness >= least:
            yield NearCopy(first, second, likeness)
