"""The vault: texts and findings of papers by content, sealed, so that a difference run need not read a million files again.

One SQLite file beside the ledger. Losing it costs time, never a verdict: what is not in it is read from the file again. Blocked papers
are never kept（domain/02 §6）.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from classifier.core.errors import BadLedger
from classifier.holdings.seal import Seal

_TABLES = """
CREATE TABLE IF NOT EXISTS seal (fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kept (id BLOB PRIMARY KEY, sealed BLOB NOT NULL);
"""
_BROKEN = "批次的文本缓存（vault.sqlite）打不开或已损坏。删除它不影响结论，只是下次比对要重新读文件。"
_ASKED = 500


class Vault:
    """An open vault; ids come from `keeping.vault_id`, contents from `keeping.pack`."""

    def __init__(self, connection: sqlite3.Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    @staticmethod
    def open(path: Path, seal: Seal) -> Vault:
        """Open the vault at `path`, making it when there is none.

        Raises:
            BadLedger: damaged, or sealed with another key.
        """
        try:
            connection = sqlite3.connect(path, timeout=30.0)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_TABLES)
            held = connection.execute("SELECT fingerprint FROM seal").fetchone()
            if held is None:
                with connection:
                    connection.execute("INSERT INTO seal VALUES (?)", (seal.fingerprint(),))
        except sqlite3.Error as error:
            raise BadLedger(_BROKEN) from error
        if held is not None and held[0] != seal.fingerprint():
            connection.close()
            raise BadLedger("批次的文本缓存是用另一个密钥封存的。请换回原来的密钥文件，或删除 vault.sqlite（不影响结论）。")
        return Vault(connection, seal)

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def put(self, contents: Iterable[tuple[bytes, bytes]], *, anew: bool = False) -> None:
        """Keep contents (id, plain bytes) in one transaction; what is there already stays, or is replaced when `anew`."""
        rows = ((name, self._seal.close(plain, name)) for name, plain in contents)
        words = "INSERT OR REPLACE INTO kept VALUES (?, ?)" if anew else "INSERT OR IGNORE INTO kept VALUES (?, ?)"
        with self._connection:
            self._connection.executemany(words, rows)

    def take_over(self, other: Path, ledger: Path) -> None:
        """Keep what another vault of the same key holds of the papers in a ledger; what is there already stays.

        Raises:
            BadLedger: the other vault cannot be read.
        """
        try:
            self._connection.execute("ATTACH DATABASE ? AS other", (str(other),))
            self._connection.execute("ATTACH DATABASE ? AS ledger", (str(ledger),))
            with self._connection:
                self._connection.execute(
                    "INSERT OR IGNORE INTO kept SELECT id, sealed FROM other.kept"
                    " WHERE id IN (SELECT vault FROM ledger.paper WHERE vault IS NOT NULL)"
                )
            self._connection.execute("DETACH DATABASE ledger")
            self._connection.execute("DETACH DATABASE other")
        except sqlite3.Error as error:
            raise BadLedger(_BROKEN) from error

    def drop(self, names: Sequence[bytes]) -> None:
        """Forget contents for good: of a file that is blocked now, or is not what it was."""
        with self._connection:
            self._connection.executemany("DELETE FROM kept WHERE id = ?", [(name,) for name in names])

    def get(self, name: bytes) -> bytes | None:
        """The plain bytes, or None where nothing is kept.

        Raises:
            BadLedger: changed since they were kept.
        """
        found = self._connection.execute("SELECT sealed FROM kept WHERE id = ?", (name,)).fetchone()
        return None if found is None else self._seal.open(found[0], name)

    def get_many(self, names: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Ids and plain bytes of those that are kept, in no order.

        Raises:
            BadLedger: as `get`.
        """
        for start in range(0, len(names), _ASKED):
            asked = names[start : start + _ASKED]
            marks = ",".join("?" * len(asked))
            question = f"SELECT id, sealed FROM kept WHERE id IN ({marks})"  # noqa: S608 - marks only
            for name, sealed in self._connection.execute(question, asked):
                yield bytes(name), self._seal.open(sealed, name)
