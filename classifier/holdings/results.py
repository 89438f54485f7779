"""The results of a batch as JSON lines: one contract object per paper, without a word of any paper, streamed from the ledger."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

from classifier.core.errors import BadLedger, BadSettings
from classifier.holdings import verdicts
from classifier.holdings.drafts import draft
from classifier.holdings.ledger import Ledger

_PACKED = ".gz"
_FULL = "结果文件写不进去（磁盘满，或者没有写的权限）。账本是完整的；腾出空间后运行 mishen batch export。"


def write_results(ledger: Ledger, path: Path) -> int:
    """Write one line a paper, in the order of the ledger; how many were written. A name that ends in .gz is compressed.

    Whole or not at all, and for its owner alone: the paths of the archive stand in it.

    Raises:
        BadSettings: the folder does not exist.
        BadLedger: the file cannot be written.
    """
    if not path.parent.is_dir():
        raise BadSettings("要写入的文件夹不存在。请先建好文件夹，或换一个位置。")
    count = 0
    try:
        with draft(path) as beside, _open(beside, packed=path.name.endswith(_PACKED)) as file:
            for told in _tell(ledger):
                file.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                count += 1
    except OSError as error:
        raise BadLedger(_FULL) from error
    return count


def _tell(ledger: Ledger) -> Iterator[dict[str, object]]:
    last, source = -1, ""
    for number, paper in ledger.papers():
        if number != last:
            last, source = number, os.fsdecode(ledger.path_of(number))
        try:
            yield verdicts.to_contract(paper.verdict, source, paper.sha256.hex())
        except BadLedger:  # one child's answer must not cost the archive its results
            yield {"source": source, "part": paper.part, "sha256": paper.sha256.hex(), "error": "unreadable_verdict"}


def _open(path: Path, *, packed: bool) -> gzip.GzipFile | io.BufferedWriter:
    if packed:
        return gzip.GzipFile(path, "wb", compresslevel=6)
    return path.open("wb")
