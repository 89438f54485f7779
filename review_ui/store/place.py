"""Where things lie on disk. One data folder, 0700; uploads wait on tmpfs until they were looked at."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the point is that this is memory, not disk; the folder below it is 0700 and checked
"""Linux shared memory: an upload with a secrecy mark never reaches a disk."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one installation."""

    data: Path
    incoming: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "mishen.sqlite3"

    @property
    def originals(self) -> Path:
        """Uploaded files that passed the scan, under random names."""
        return self.data / "originals"

    @property
    def snippets(self) -> Path:
        """Pictures of what was not read surely: a folder for each original, under its random name."""
        return self.data / "snippets"

    @property
    def packages(self) -> Path:
        """Publication packages, under random names."""
        return self.data / "packages"

    @property
    def spool(self) -> Path:
        """Where libraries put temporary files: beside the uploads, so in memory too."""
        return self.incoming / "spool"

    @property
    def lock(self) -> Path:
        """Held while the schema is brought up to date."""
        return self.data / "migrate.lock"

    @property
    def key(self) -> Path:
        """The random key behind form tokens."""
        return self.data / "form.key"


def prepare(data: Path, memory: Path = MEMORY) -> Place:
    """The Place of a data folder, with its folders made, private to this account.

    Raises:
        PermissionError: when the folder on tmpfs belongs to someone else.
    """
    data = data.resolve()
    if memory.is_dir() and os.access(memory, os.W_OK):
        incoming = memory / f"mishen-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"
    else:
        incoming = data / "incoming"
    place = Place(data=data, incoming=incoming)
    for folder in (data, incoming, place.spool, place.originals, place.snippets, place.packages):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(folder)
    return place


def _check_private(folder: Path) -> None:
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid():
        raise PermissionError(f"目录 {folder} 不属于本账号，为安全起见停止运行。")
    if stat.S_IMODE(info.st_mode) & 0o077:
        folder.chmod(0o700)
