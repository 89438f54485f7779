"""The key of the archive's batches, and what is sealed with it: words of papers in the ledger, texts in the vault.

AES-256-GCM (`cryptography`); equal words are found by HMAC-SHA256 without being readable. The key is a file of 32 random bytes that
only its owner may read, outside the out folder: whoever copies the out folder alone can read no word of any paper.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from classifier.core.errors import BadLedger

_KEY_BYTES = 32
_NONCE = 12
_HASH = 16


@dataclass(frozen=True, slots=True)
class Label:
    """The words by which people know a paper. None where the paper has none."""

    title: str | None = None
    number: str | None = None
    """发文字号."""
    issuer: str | None = None
    member: str | None = None
    """Path inside a container."""


def find_key(environment: Mapping[str, str]) -> Path:
    """Where the key lies: MISHEN_BATCH_KEY, else batch.key in the user's own data folder."""
    named = environment.get("MISHEN_BATCH_KEY")
    if named:
        return Path(named)
    home = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "mishen" / "batch.key"


class Seal:
    """Seals and unseals with one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise BadLedger("批次密钥文件不是密审写的（应为 32 字节）。请恢复密钥文件的备份。")
        self._cipher = AESGCM(key)
        self._hashing = hashlib.sha256(b"mishen batch words\0" + key).digest()
        # one block a value, each a block of its own on purpose: equal values must stay equal
        self._stand_ins = Cipher(AES(hashlib.sha256(b"mishen batch sketches\0" + key).digest()), ECB())  # noqa: S305

    @staticmethod
    def load(path: Path) -> Seal:
        """The seal with the key at `path`, which is made when there is none.

        Raises:
            BadLedger: the key cannot be read or made, or is none.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return Seal(path.read_bytes())
            with os.fdopen(handle, "wb") as file:
                file.write(os.urandom(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            return Seal(path.read_bytes())
        except OSError as error:
            raise BadLedger("批次密钥文件读不了或建不了。请检查权限，或用环境变量 MISHEN_BATCH_KEY 指明密钥文件。") from error

    def fingerprint(self) -> str:
        """Tells whether two keys are the same, and nothing else about them."""
        return self.key_of("fingerprint").hex()

    def key_of(self, words: str) -> bytes:
        """A keyed hash: equal words have equal keys, and without the key nobody can try out words."""
        return hmac.new(self._hashing, words.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()[:_HASH]

    def close(self, plain: bytes, bound: bytes = b"") -> bytes:
        """Sealed bytes. `bound` must be shown again to open them (a row's own id: sealed rows cannot be exchanged)."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, bound: bytes = b"") -> bytes:
        """What was sealed.

        Raises:
            BadLedger: sealed with another key or for another row, or changed since.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
        except InvalidTag as error:
            raise BadLedger("批次内容打不开：密钥不对，或者内容被改动过。请换回写它时的密钥文件。") from error

    def blind(self, sketch: bytes) -> bytes:
        """A sketch of little-endian uint32, each place and value replaced by its keyed stand-in of four bytes.

        Equal values at one place stay equal, so copies are found as before; without the key nobody can make a sketch to compare with.
        """
        values = np.frombuffer(sketch, dtype="<u4")
        blocks = np.zeros((len(values), 4), dtype="<u4")
        blocks[:, 0], blocks[:, 1] = np.arange(len(values)), values
        sealed = self._stand_ins.encryptor().update(blocks.tobytes())
        return np.frombuffer(sealed, dtype="<u4").reshape(-1, 4)[:, 0].tobytes()

    def close_label(self, label: Label) -> bytes:
        """The sealed words of a paper."""
        told = {"title": label.title, "number": label.number, "issuer": label.issuer, "member": label.member}
        return self.close(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def open_label(self, sealed: bytes | None) -> Label:
        """The words of a paper; an empty Label where none were kept.

        Raises:
            BadLedger: as `open`.
        """
        return Label() if sealed is None else Label(**json.loads(self.open(sealed).decode("utf-8", "surrogatepass")))
