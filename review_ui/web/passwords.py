"""Passwords: argon2id, and the rule a new one must pass."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST = 12
CLASSES = 3

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_gate = threading.Semaphore(2)
"""Two at a time: a hash costs 19 MiB and most of a core; guessing must not stop the office."""

_DUMMY = _hasher.hash("nobody has this password")
"""Unknown names cost the same time as known ones."""

_COMMON = (
    "password", "passw0rd", "qwerty", "asdfgh", "zxcvbn", "admin", "123456", "654321", "111111", "000000", "888888",
    "666666", "abc123", "abcdef", "iloveyou", "welcome", "letmein", "woaini", "mishen", "gongwen", "baomi", "zhengfu",
    "1qaz2wsx", "1q2w3e", "qazwsx", "p@ssw0rd", "p@ssword", "a123456", "zaq12wsx", "mima", "beijing", "zhongguo",
)  # fmt: skip
"""Words too many people use; a password that is mostly one of them is refused."""


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with _gate:
        return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether a password is right; takes the same time when there is no account."""
    with _gate:
        try:
            return _hasher.verify(stored or _DUMMY, password) and stored is not None
        except VerificationError:
            return False


def weakness(password: str, login: str) -> str | None:
    """Why a new password is refused, in Chinese, or None."""
    if len(password) < SHORTEST:
        return f"口令至少 {SHORTEST} 个字符。"
    if len(password) > 256:
        return "口令不能超过 256 个字符。"
    lower = password.lower()
    kinds = (any(c.islower() for c in password), any(c.isupper() for c in password), any(c.isdigit() for c in password))
    if sum(kinds) + any(not c.isalnum() for c in password) < CLASSES:
        return "口令须含大写字母、小写字母、数字、符号中的三类。"
    if login.lower() in lower:
        return "口令不能包含用户名。"
    if any(word in lower and len(lower) - len(word) < 8 for word in _COMMON) or len(set(lower)) < 6:
        return "口令过于常见或重复，请换一个。"
    return None
