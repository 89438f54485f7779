"""Lists of paths as people make them, on Unix or on Windows; and papers given in place of a list, which are refused unread.

In: a file, or standard input, of one path a line. Out: absolute paths as the file system writes them. A line that leads nowhere and does not
look like a path goes on by its number alone: it may be a sentence of somebody's paper, and must not reach the ledger.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from classifier.core.errors import BadSettings

_LOOKED = 200
"""Lines by which a list is told from a paper."""
_LINE = 1 << 16
_PATH, _NAME = 4096, 255
"""Bytes of the longest path, and of the longest name in it, that a file system knows."""
_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""What Windows writes before UTF-8, and before the two-byte encodings it calls Unicode."""
_ROOTED = re.compile(rb"/|\.{1,2}/|~/|[A-Za-z]:[\\/]|\\\\")
_SUFFIX = re.compile(rb"[^/\s]\.[A-Za-z0-9]{1,5}\Z")
_MISSING = "找不到要处理的文件夹或清单。请检查路径。"
_NO_LIST = "给出的文件不是清单。请给文件夹，或每行一个路径的文本清单；从管道读清单请用 -。"
_ENCODING = "清单不是 UTF-8 或 GBK 编码，请另存为 UTF-8。"


def check_list(source: str) -> None:
    """Whether a file may be a list of paths: a paper given by mistake is not read as one, and none of its words are told.

    Raises:
        BadSettings: it is none, or in an encoding that nobody can tell.
    """
    try:
        if not stat.S_ISREG(Path(source).stat().st_mode):  # a pipe or device is not even opened: it may never answer
            raise BadSettings(_NO_LIST)
        with Path(source).open("rb") as file:
            _check(list(islice(_lines(file), _LOOKED)))
    except OSError as error:
        raise BadSettings(_MISSING) from error


def open_stream(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream whose beginning has been looked at.

    Raises:
        BadSettings: as `check_list`.
    """
    first = list(islice(_lines(file), _LOOKED))
    _check(first)
    return chain(first, _lines(file))


def read_list(source: str) -> Iterator[bytes]:
    """The paths of a list, as `find_paths`.

    Raises:
        BadSettings: as `check_list`.
    """
    check_list(source)
    with Path(source).open("rb") as file:
        yield from find_paths(_lines(file), os.path.abspath(os.fsencode(source)))  # noqa: PTH100 - bytes


def read_own(path: Path) -> Iterator[bytes]:
    """The paths of a list that a batch wrote for itself: they are as the ledger has them, and may be gone."""
    with path.open("rb") as file:
        yield from (line.removesuffix(b"\n") for line in file)


def find_paths(lines: Iterable[bytes], name: bytes) -> Iterator[bytes]:
    """An absolute path for every line that is not blank; relative ones count from the working directory.

    Args:
        lines: as they were read.
        name: of the list, before the number of a line that is no path.
    """
    for number, line in enumerate(map(_plain, lines), 1):
        if not line:
            continue
        spelled = _spell(line)
        if spelled is not None:
            yield _whole(spelled)
        else:
            yield name + f"（第 {number} 行）".encode()


def _whole(path: bytes) -> bytes:
    """An absolute path. `..` stays where it stands: behind a link to a folder it does not undo the word before it."""
    return os.path.join(os.getcwdb(), path) if b".." in path.split(b"/") else os.path.abspath(path)  # noqa: PTH100, PTH109, PTH118


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length: what is no list may have no line ends at all."""
    yield from iter(lambda: file.readline(_LINE), b"")


def _plain(line: bytes) -> bytes:
    line = line.removeprefix(_MARK).rstrip(b"\r\n")
    return line if line.strip() else b""


def _check(lines: list[bytes]) -> None:
    if lines and lines[0].startswith(_WIDE):
        raise BadSettings(_ENCODING)
    if any(b"\0" in line for line in lines):
        raise BadSettings(_NO_LIST)
    told = [line for line in map(_plain, lines) if line]
    known = sum(any(_exists(spelling) for spelling in _spellings(line)) for line in told)
    if not all(_exists(line) or any(map(_is_text, _spellings(line))) for line in told):
        raise BadSettings(_ENCODING)
    if known * 2 < len(told):
        few = f"只有 {known} 行" if known else "没有一行"
        raise BadSettings(f"这个文件不像路径清单（{len(told)} 行里{few}是存在的路径）。要处理单个文件，请给它所在的文件夹。")


def _spell(line: bytes) -> bytes | None:
    """A line as the file system writes it; None where it leads nowhere and looks like no path."""
    spellings = list(_spellings(line))
    for spelling in spellings:
        if _exists(spelling):
            return spelling
    written = next(filter(_is_text, spellings), line)
    return written if _is_like_a_path(written) else None


def _spellings(line: bytes) -> Iterator[bytes]:
    """The line as it stands, for old archives hold names in any encoding, then as UTF-8 where it was written in GBK."""
    yield line
    if not line.isascii():
        with suppress(UnicodeDecodeError):
            yield line.decode("gb18030").encode()


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_like_a_path(line: bytes) -> bool:
    if len(line) > _PATH or any(len(name) > _NAME for name in line.split(b"/")):
        return False
    return bool(_ROOTED.match(line) or (_SUFFIX.search(line) and (b"/" in line or len(line.split()) == 1)))


def _exists(path: bytes) -> bool:
    try:
        os.lstat(path)
    except PermissionError:  # it is somewhere where we may not look
        return True
    except (OSError, ValueError):
        return False
    return True
