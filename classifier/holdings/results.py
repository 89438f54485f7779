"""The results of a batch as JSON lines: one contract object per paper, without a word of any paper, streamed from the ledger."""

from __future__ import annotations

import json
import os
from pathlib import Path

from classifier.core.errors import BadLedger
from classifier.holdings import verdicts
from classifier.holdings.ledger import Ledger


def write_results(ledger: Ledger, path: Path) -> int:
    """Write one line a paper, in the order of the ledger; how many were written.

    Written under another name and renamed: who reads `path` sees the old results or all of the new ones.

    Raises:
        BadLedger: a verdict cannot be opened, or the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    count, last, source = 0, -1, ""
    try:
        with beside.open("w", encoding="utf-8", errors="replace") as file:
            for number, paper in ledger.papers():
                if number != last:
                    last, source = number, os.fsdecode(ledger.path_of(number))
                told = verdicts.to_contract(paper.verdict, source, paper.sha256.hex())
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
                count += 1
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise BadLedger(
            "结果文件写不进去（磁盘满，或者没有写的权限）。账本是完整的；腾出空间后运行 mishen batch export。"
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return count
