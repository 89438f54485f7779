"""Finding the files of a batch: folders are walked and lists are read as a stream, whatever their length.

In: folders, or lists of paths (lists.py; `-` for standard input). Out: one Entry a file, one Unreachable for whatever could not be
looked at: a folder nobody may enter is a line in the result, never a crash and never silence. Only names and sizes are looked at here;
pipes, sockets and devices are never opened.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from classifier.holdings import lists
from classifier.holdings.control import FILE as CONTROL
from classifier.holdings.ledger import Entry
from classifier.holdings.order import LEDGER, LEFT

_PIECE = 20_000
"""Names of one folder sorted at a time: the order is the same on every run, and a flat folder of a million costs no memory."""
_BATCH = (os.fsencode(LEDGER), os.fsencode(CONTROL))
"""What lies in the out folder of every batch."""
STANDARD_INPUT = "-"
_STANDARD_NAME = "标准输入".encode()


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A path that leads to no file: a folder that may not be read, a line of a list that names nothing."""

    path: bytes
    code: str
    """`no_permission`, `not_found`, `unsupported` or `part_unread`, keys of core.problems.PROBLEMS."""


@dataclass(frozen=True, slots=True)
class OtherBatch:
    """The out folder of another batch: ledgers and reports are no papers of the archive, and are left out."""

    path: bytes


Found = Entry | Unreachable | OtherBatch


def find_files(sources: Sequence[str], out: Path | None = None) -> Generator[Found, None, None]:
    """Every file of the sources, as absolute paths; hidden files and links to folders are left out. A folder is open: close it.

    Args:
        sources: folders, lists of paths, or `-`.
        out: the batch's own folder, which is not walked.

    Raises:
        BadSettings: a source does not exist, or is a file and no list of paths.
    """
    standard = lists.open_stream(sys.stdin.buffer) if STANDARD_INPUT in sources else iter(())  # refused now, not in the middle
    return _find(sources, out, standard)


def _find(sources: Sequence[str], out: Path | None, standard: Iterator[bytes]) -> Generator[Found, None, None]:
    own = _identity(os.fsencode(out)) if out is not None else None
    for source in sources:
        if source == STANDARD_INPUT:
            yield from _listed(lists.find_paths(standard, _STANDARD_NAME), own)
        elif Path(source).is_dir():
            yield from _walk(os.path.abspath(os.fsencode(source)), own)  # noqa: PTH100 - links stay as the archive wrote them
        else:
            yield from _listed(_read(source, out), own)


def _read(source: str, out: Path | None) -> Iterator[bytes]:
    return lists.read_own(Path(source)) if _is_own_list(source, out) else lists.read_list(source)


def _is_own_list(source: str, out: Path | None) -> bool:
    return out is not None and Path(source).name == LEFT and Path(source).parent.absolute() == out.absolute()


def check_source(source: str, out: Path | None = None) -> None:
    """Look at a source before anything is begun.

    Raises:
        BadSettings: as `find_files`.
    """
    if source != STANDARD_INPUT and not Path(source).is_dir() and not _is_own_list(source, out):
        lists.check_list(source)


def count_files(sources: Sequence[str], out: Path | None = None) -> int | None:
    """How many files there are, without looking at any of them; None where only reading the source tells (standard input)."""
    if STANDARD_INPUT in sources:
        return None
    own = _identity(os.fsencode(out)) if out is not None else None
    total = 0
    for source in sources:
        if Path(source).is_dir():
            found: Iterator[object] = _names(os.path.abspath(os.fsencode(source)), own)  # noqa: PTH100 - as above
        else:
            found = _listed(_read(source, out), own)
        total += sum(not isinstance(one, OtherBatch) for one in found)
    return total


def _listed(paths: Iterator[bytes], own: tuple[int, int] | None) -> Iterator[Found]:
    for path in paths:
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


def _walk(folder: bytes, own: tuple[int, int] | None) -> Iterator[Found]:
    for found in _names(folder, own):
        if not isinstance(found, os.DirEntry):
            yield found
            continue
        try:
            looked = found.stat()
        except OSError as error:  # removed since, or a link into a folder nobody may enter
            yield Unreachable(found.path, _code(error))
            continue
        yield Entry(found.path, looked.st_size, looked.st_mtime_ns)


def _names(folder: bytes, own: tuple[int, int] | None) -> Iterator[os.DirEntry[bytes] | Unreachable | OtherBatch]:
    """Files under a folder, then those of the folders in it, however deep they lie; one folder is open at a time."""
    waiting = [folder]
    while waiting:
        inner: list[bytes] = []
        yield from _names_in(waiting.pop(), own, inner)
        waiting += reversed(inner)


def _names_in(
    folder: bytes, own: tuple[int, int] | None, folders: list[bytes]
) -> Iterator[os.DirEntry[bytes] | Unreachable | OtherBatch]:
    """Files of one folder; the folders in it are added to `folders`."""
    if own is not None and _identity(folder) == own:
        return
    if all(os.path.lexists(os.path.join(folder, name)) for name in _BATCH):  # noqa: PTH118 - bytes
        yield OtherBatch(folder)
        return
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
                    elif not os.path.exists(entry.path):  # noqa: PTH110 - bytes
                        yield Unreachable(entry.path, "not_found")
                    elif not entry.is_dir():
                        yield Unreachable(entry.path, "unsupported")
                except OSError as error:
                    yield Unreachable(entry.path, _code(error))
    except OSError as error:
        yield Unreachable(folder, _code(error))


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
