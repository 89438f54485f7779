"""Finding the files of a batch: folders are walked and lists are read as a stream, whatever their length.

In: folders, or lists of paths (one a line, `-` for standard input). Out: one Entry a file, one Unreachable for whatever could not be
looked at: a folder nobody may enter is a line in the result, never a crash and never silence. Only names and sizes are looked at here.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from classifier.core.errors import BadSettings
from classifier.holdings.ledger import Entry

_PIECE = 20_000
"""Names of one folder sorted at a time: the order is the same on every run, and a flat folder of a million costs no memory."""
_SNIFFED = 4096
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A path that leads to no file: a folder that may not be read, a line of a list that names nothing."""

    path: bytes
    code: str
    """`no_permission`, `not_found` or `part_unread`, keys of core.problems.PROBLEMS."""


def find_files(sources: Sequence[str], out: Path | None = None) -> Iterator[Entry | Unreachable]:
    """Every file of the sources, as absolute paths; hidden files and links to folders are left out.

    Args:
        sources: folders, lists of paths, or `-`.
        out: the batch's own folder, which is not walked.

    Raises:
        BadSettings: a source does not exist, or is a file and no list of paths.
    """
    own = _identity(os.fsencode(out)) if out is not None else None
    for source in sources:
        if source == STANDARD_INPUT:
            yield from _listed(sys.stdin.buffer, own)
        elif Path(source).is_dir():
            yield from _walk(os.path.abspath(os.fsencode(source)), own)  # noqa: PTH100 - links stay as the archive wrote them
        else:
            check_list(source)
            with Path(source).open("rb") as lines:
                yield from _listed(lines, own)


def check_source(source: str) -> None:
    """Look at a source before anything is begun.

    Raises:
        BadSettings: as `find_files`.
    """
    if source != STANDARD_INPUT and not Path(source).is_dir():
        check_list(source)


def check_list(source: str) -> None:
    """Whether a file may be a list of paths: a document given by mistake is not read as one.

    Raises:
        BadSettings: it is none.
    """
    try:
        with Path(source).open("rb") as file:
            start = file.read(_SNIFFED)
    except OSError as error:
        raise BadSettings("找不到要处理的文件夹或清单。请检查路径。") from error
    if b"\0" in start:
        raise BadSettings("给出的文件不是清单。请给文件夹，或每行一个路径的文本清单。")


def count_files(sources: Sequence[str], out: Path | None = None) -> int | None:
    """How many files there are, without looking at any of them; None where only reading the source tells (standard input)."""
    if STANDARD_INPUT in sources:
        return None
    own = _identity(os.fsencode(out)) if out is not None else None
    total = 0
    for source in sources:
        if Path(source).is_dir():
            total += sum(1 for _ in _names(os.path.abspath(os.fsencode(source)), own))  # noqa: PTH100 - as above
        else:
            with Path(source).open("rb") as lines:
                total += sum(1 for line in lines if line.strip())
    return total


def _listed(lines: Iterator[bytes], own: tuple[int, int] | None) -> Iterator[Entry | Unreachable]:
    for line in lines:
        path = line.rstrip(b"\r\n")
        if not path.strip():
            continue
        path = os.path.abspath(path)  # noqa: PTH100 - bytes
        try:
            found = os.stat(path)  # noqa: PTH116 - bytes
        except (OSError, ValueError) as error:
            yield Unreachable(path, _code(error))
            continue
        if stat.S_ISDIR(found.st_mode):
            yield from _walk(path, own)
        elif stat.S_ISREG(found.st_mode):
            yield Entry(path, found.st_size, found.st_mtime_ns)
        else:
            yield Unreachable(path, "unsupported")


def _walk(folder: bytes, own: tuple[int, int] | None) -> Iterator[Entry | Unreachable]:
    for found in _names(folder, own):
        if isinstance(found, Unreachable):
            yield found
            continue
        try:
            looked = found.stat()
        except OSError as error:  # removed since, or a link into a folder nobody may enter
            yield Unreachable(found.path, _code(error))
            continue
        yield Entry(found.path, looked.st_size, looked.st_mtime_ns)


def _names(folder: bytes, own: tuple[int, int] | None) -> Iterator[os.DirEntry[bytes] | Unreachable]:
    """Files under a folder, then those of the folders in it; one folder is open at a time."""
    if own is not None and _identity(folder) == own:
        return
    folders: list[bytes] = []
    try:
        with os.scandir(folder) as entries:
            for entry in _in_order(entries):
                if entry.name.startswith(b"."):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file():
                        yield entry
                    elif entry.is_symlink() and not entry.is_dir():
                        yield Unreachable(entry.path, "not_found")
                except OSError as error:
                    yield Unreachable(entry.path, _code(error))
    except OSError as error:
        yield Unreachable(folder, _code(error))
    for inner in folders:
        yield from _names(inner, own)


def _in_order(entries: Iterator[os.DirEntry[bytes]]) -> Iterator[os.DirEntry[bytes]]:
    while piece := sorted(islice(entries, _PIECE), key=lambda entry: entry.name):
        yield from piece


def _identity(folder: bytes) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)  # noqa: PTH116 - bytes
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _code(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "no_permission"
    return "not_found" if isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError)) else "part_unread"
