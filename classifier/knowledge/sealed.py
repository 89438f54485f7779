"""Sealed term lists: words that are found in a text although the file does not show them.

The file holds, for each term, its length, a keyed BLAKE2b digest of it (128 bits) and a cheap salted rolling hash (32 bits) with which
nearly all places of a text are ruled out. What this is worth, honestly: nobody *reads* the list, by accident or over a shoulder,
and it can be copied and archived without its words. It does not stop a determined attacker who has the file: the salt is in it, so
words can be *guessed* and tested, millions a second, and a two-character name falls at once. A slow key derivation would not
help (one key serves the whole list), and a slow digest for each term would cost the scan as much as the attacker. Keep the file
as you keep the list; sealing is against curiosity, not against code breakers. State secrets never belong in any list.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from classifier.core.errors import BadKnowledge
from classifier.core.text import fold

FILTER_LENGTH = 8
"""The rolling hash covers at most so many leading characters; longer terms are told apart by their digest."""
MULTIPLIER = 0x9E3779B1
"""Odd, so that no character of a window is lost; the hash is taken modulo 2**32."""
_ALGORITHM = "blake2b-128+roll32"
_HEADER = "# 密审封存词表：词语不能读出，只能比对；由 mishen rules seal 生成，请勿手工修改。"


@dataclass(frozen=True, slots=True, eq=False)
class SealedTerms:
    """One sealed list."""

    salt: bytes
    filters: dict[int, frozenset[int]]
    """Filter length to the rolling hashes of the terms that open with such a window."""
    digests: dict[int, frozenset[bytes]]
    """Length of the term to the digests."""
    count: int

    def holds(self, word: str) -> bool:
        """Whether a (folded) word is in the list."""
        known = self.digests.get(len(word))
        return known is not None and digest(self.salt, word) in known


def digest(salt: bytes, term: str) -> bytes:
    """The keyed digest of a term."""
    return hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=16, key=salt).digest()


@lru_cache(maxsize=8)
def character_table(salt: bytes) -> bytes:
    """65,536 little-endian 32-bit numbers, one for each character: what the rolling hash adds for it."""
    return hashlib.shake_128(b"roll" + salt).digest(65536 * 4)


def fold_code(code: int) -> int:
    """The place of a code point in the character table; those beyond the first 65,536 share places."""
    return (code ^ (code >> 16) * 0x9E37) & 0xFFFF


def roll(salt: bytes, window: str) -> int:
    """The rolling hash of a window (`detect.sealed` computes the same for all windows of a text at once)."""
    table, value = character_table(salt), 0
    for char in reversed(window):
        place = fold_code(ord(char)) * 4
        value = (value * MULTIPLIER + int.from_bytes(table[place : place + 4], "little")) & 0xFFFFFFFF
    return value


def seal_terms(terms: Iterable[str], salt: bytes | None = None) -> str:
    """The text of a sealed file for a list of terms; blank lines, comments and repetitions are left out.

    Raises:
        BadKnowledge: no term is left, or one is a single character (it would be no secret, and hit everywhere).
    """
    salt = salt or secrets.token_bytes(16)
    words = list(dict.fromkeys(fold(t.strip()) for t in terms if t.strip() and not t.startswith("#")))
    if not words:
        raise BadKnowledge("词表里没有词语，无法封存。每行写一个词。")
    if any(len(word) < 2 for word in words):
        raise BadKnowledge("词表里有单个字的词：一猜就中，封存没有意义，请改成两个字以上。")
    rows = sorted(f"{len(w)} {roll(salt, w[:FILTER_LENGTH]):08x} {digest(salt, w).hex()}" for w in words)
    head = [
        _HEADER,
        f"algorithm = {_ALGORITHM}",
        f"salt = {salt.hex()}",
        f"lengths = {' '.join(map(str, sorted({len(w) for w in words})))}",
        f"count = {len(rows)}",
        f"check = {_checksum(rows)}",
        "",
    ]
    return "\n".join([*head, *rows]) + "\n"


def _checksum(rows: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode("ascii")).hexdigest()[:16]


def read_sealed(path: Path) -> SealedTerms:
    """Read a sealed file.

    Raises:
        BadKnowledge: another algorithm, a damaged or edited file.
    """
    fields: dict[str, str] = {}
    rows: list[str] = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "=" in line and not line.startswith("#"):
                name, _, value = line.partition("=")
                fields[name.strip()] = value.strip()
            elif line and not line.startswith("#"):
                rows.append(line)
        if fields["algorithm"] != _ALGORITHM:
            raise BadKnowledge(f"封存词表 {path.name} 的算法 {fields['algorithm']} 不认识，请用本版 mishen rules seal 重新封存。")
        if int(fields["count"]) != len(rows) or fields["check"] != _checksum(rows):
            raise ValueError("changed after sealing")
        return _collect(bytes.fromhex(fields["salt"]), rows)
    except (KeyError, ValueError, OSError) as error:
        raise BadKnowledge(f"封存词表 {path.name} 读不出或被改动过，请从原词表重新封存（mishen rules seal）。") from error


def _collect(salt: bytes, rows: list[str]) -> SealedTerms:
    filters: dict[int, set[int]] = {}
    digests: dict[int, set[bytes]] = {}
    for row in rows:
        length, rolled, told = row.split()
        filters.setdefault(min(int(length), FILTER_LENGTH), set()).add(int(rolled, 16))
        digests.setdefault(int(length), set()).add(bytes.fromhex(told))
    return SealedTerms(
        salt,
        {length: frozenset(values) for length, values in filters.items()},
        {length: frozenset(values) for length, values in digests.items()},
        len(rows),
    )
