"""Lists and results written whole or not at all, for their owner's eyes alone: paths and titles of the archive stand in them.

In: the name a file is to have. Out: a draft beside it under another name, which takes its place when all of it is on disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """An empty file beside `path` that nobody else may read, to be written by the caller; renamed to `path` at the end.

    On any fault it is removed, and what stood at `path` still stands there.

    Raises:
        OSError: it cannot be made, written or renamed.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)  # of a process of that number that was killed
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield beside
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
