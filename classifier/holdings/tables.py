"""Lists of a batch as tables for people: contradictions and changes, as CSV and as a workbook, row by row.

Paths of the archive and numbers stand in them, no word of a paper; of blocked papers not even the path.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from classifier.core.assessment import Attribute, Route
from classifier.core.errors import BadLedger
from classifier.holdings.changes import Changed
from classifier.holdings.contradictions import Contradiction, PaperRef
from classifier.holdings.ledger import Ledger

CONTRADICTIONS = "contradictions"
CHANGES = "changes"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTRADICTION_HEAD = ("编号", "种类", "文件号", "件号", "属性", "处理方式", "路径", "怎么办")
_CHANGE_HEAD = (
    "文件号",
    "件号",
    "变动",
    "原属性",
    "新属性",
    "原处理方式",
    "新处理方式",
    "规则（原→新）",
    "不再说",
    "新说",
    "路径",
)
_WIDTHS = {"路径": 60, "怎么办": 90, "规则（原→新）": 50, "不再说": 24, "新说": 24}


def write_contradictions(ledger: Ledger, found: Iterable[Contradiction], folder: Path) -> dict[str, int]:
    """contradictions.csv and contradictions.xlsx in a folder; how many of each kind (by its Chinese name).

    Raises:
        BadLedger: a file cannot be written.
    """
    counts: dict[str, int] = {}

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, contradiction in enumerate(found, 1):
            kind = contradiction.kind.label
            counts[kind] = counts.get(kind, 0) + 1
            for first, paper in enumerate(contradiction.papers):
                yield _contradiction_row(ledger, number, kind, paper, "" if first else contradiction.advice)

    _write(folder / CONTRADICTIONS, _CONTRADICTION_HEAD, rows())
    return counts


def _contradiction_row(ledger: Ledger, number: int, kind: str, paper: PaperRef, advice: str) -> tuple[Any, ...]:
    path = "" if paper.route is Route.BLOCKED else _path(ledger.path_of(paper.file))
    return number, kind, paper.file, paper.part, attribute_label(paper.attribute), paper.route.label, path, advice


def write_changes(found: Iterable[Changed], folder: Path) -> None:
    """changes.csv and changes.xlsx in a folder.

    Raises:
        BadLedger: a file cannot be written.
    """
    _write(folder / CHANGES, _CHANGE_HEAD, map(change_row, found))


def change_row(change: Changed) -> tuple[Any, ...]:
    """One change as a row of the table."""
    old, new = change.old, change.new
    rules = "；".join(f"{rule} {before}→{after}" for rule, (before, after) in change.rules.items())
    return (
        change.file,
        change.part,
        change.kind.label,
        attribute_label(old.attribute) if old else "（原来没有）",
        attribute_label(new.attribute),
        old.route.label if old else "（原来没有）",
        new.route.label,
        f"{old.confidence:.0%}→{new.confidence:.0%}" if old else f"{new.confidence:.0%}",
        rules,
        "；".join(map(step_label, change.gone)),
        "；".join(map(step_label, change.come)),
        _path(change.path) if change.path else "（涉密标志，路径不显示）",
    )


def attribute_label(attribute: Attribute | None) -> str:
    """The Chinese name; a blocked paper has none."""
    return attribute.label if attribute else "—"


def step_label(step: str) -> str:
    """`S5 withheld` as S5 不予公开."""
    name, _, attribute = step.partition(" ")
    return f"{name} {Attribute(attribute).label}" if attribute else name


def _path(path: bytes) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _write(base: Path, head: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Both forms in one pass, each whole or not at all."""
    import xlsxwriter  # type: ignore[import-untyped]  # the wheel carries no types

    drafts = [base.with_name(f".{base.name}.{os.getpid()}.{form}") for form in ("csv", "xlsx")]
    try:
        with drafts[0].open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
            book = xlsxwriter.Workbook(
                str(drafts[1]), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
            )
            sheet, bold, table = book.add_worksheet(), book.add_format({"bold": True}), csv.writer(file)
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(head):
                sheet.set_column(column, column, _WIDTHS.get(name, 12))
                sheet.write_string(0, column, name, bold)
            table.writerow(head)
            for number, row in enumerate(rows, 1):
                table.writerow([_plain(cell) for cell in row])
                if number < 1_048_576:  # a sheet has no more rows; the csv has all
                    for column, cell in enumerate(row):
                        sheet.write(number, column, cell)
            book.close()
        for draft, form in zip(drafts, ("csv", "xlsx"), strict=True):
            draft.replace(base.with_suffix(f".{form}"))
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise BadLedger("清单写不进去（磁盘满，或者没有写的权限）。账本是完整的；腾出空间后再试。") from error
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _plain(cell: object) -> object:
    """A cell no spreadsheet takes for a formula: a path may begin with anything."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
