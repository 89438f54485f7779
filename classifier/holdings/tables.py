"""Lists of a batch as tables for people: changes, contradictions and duplicates, as CSV and as a workbook, row by row.

Paths and, where the key is at hand, titles stand in them; nothing else of a paper, and of one that is stopped not even those. So each
file is for its owner alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from classifier.core.assessment import Attribute, Route
from classifier.core.errors import BadLedger
from classifier.holdings.catalogue import Catalogue, Named
from classifier.holdings.changes import Changed
from classifier.holdings.contradictions import Contradiction
from classifier.holdings.drafts import draft
from classifier.holdings.duplicates import Group
from classifier.holdings.reasons import RuleNames, tell_rule, tell_step

Cell = str | int
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS = 1_048_576
"""Rows of a sheet; the csv has all."""
_LONGEST = 32_000
"""Characters that go into a cell (it holds 32,767)."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a table looks like: the name of its sheet, the stem of its csv file, its columns and their widths."""

    sheet: str
    file: str
    columns: tuple[tuple[str, int], ...]

    @property
    def head(self) -> tuple[str, ...]:
        """The headings."""
        return tuple(name for name, _ in self.columns)


_PAPER = (("编号", 10), ("属性", 12), ("处理方式", 16), ("标题", 50), ("路径", 60))
CHANGES = Form(
    "变动清单",
    "changes",
    (
        ("编号", 10), ("变动", 10), ("原属性", 12), ("新属性", 12), ("原处理方式", 16), ("新处理方式", 16), ("把握（原→新）", 14),
        ("规则（原→新）", 50), ("不再主张", 34), ("新主张", 34), ("标题", 50), ("路径", 60),
    ),
)  # fmt: skip
CONTRADICTIONS = Form("矛盾", "contradictions", (("组号", 8), ("种类", 16), *_PAPER, ("怎么办", 90)))
DUPLICATES = Form("重复件", "duplicates", (("组号", 8), ("相同程度", 20), *_PAPER))

Table = tuple[Form, Iterable[tuple[Cell, ...]]]


def write_copies(
    catalogue: Catalogue, contradictions: Iterable[Contradiction], groups: Iterable[Group], folder: Path
) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """contradictions.csv, duplicates.csv, and both as sheets of contradictions.xlsx.

    Returns:
        Contradictions by the Chinese name of their kind; groups and papers of duplicates by the Chinese name of theirs.

    Raises:
        BadLedger: a file cannot be written, or words are sealed with another key.
    """
    kinds: dict[str, int] = {}
    sorts: dict[str, tuple[int, int]] = {}

    def contradiction_rows() -> Iterator[tuple[Cell, ...]]:
        for number, found in enumerate(contradictions, 1):
            kind = found.kind.label
            kinds[kind] = kinds.get(kind, 0) + 1
            for first, paper in enumerate(found.papers):
                yield number, kind, *_paper(catalogue.look(paper.file, paper.part)), "" if first else found.advice

    def duplicate_rows() -> Iterator[tuple[Cell, ...]]:
        for number, group in enumerate(groups, 1):
            sort = group.sameness.label
            counted, papers = sorts.get(sort, (0, 0))
            sorts[sort] = counted + 1, papers + len(group.papers)
            for key in group.papers:
                yield number, sort, *_paper(catalogue.look(*key))

    _write(folder, CONTRADICTIONS.file, ((CONTRADICTIONS, contradiction_rows()), (DUPLICATES, duplicate_rows())))
    return kinds, sorts


def _paper(paper: Named) -> tuple[Cell, ...]:
    return paper.number, attribute_label(paper.attribute), paper.route.label, paper.title, paper.path


def write_changes(catalogue: Catalogue, found: Iterable[Changed], rules: RuleNames, folder: Path) -> None:
    """changes.csv and changes.xlsx in a folder.

    Raises:
        BadLedger: as `write_copies`.
    """
    _write(folder, CHANGES.file, ((CHANGES, (_change_row(change, catalogue, rules) for change in found)),))


def _change_row(change: Changed, catalogue: Catalogue, rules: RuleNames) -> tuple[Cell, ...]:
    old, new, paper = change.old, change.new, look(change, catalogue)
    return (
        paper.number,
        change.kind.label,
        attribute_label(old.attribute) if old else "（原来没有）",
        attribute_label(new.attribute),
        old.route.label if old else "（原来没有）",
        new.route.label,
        sure(change),
        moved(change, rules),
        "；".join(map(tell_step, change.gone)),
        "；".join(map(tell_step, change.come)),
        paper.title,
        paper.path,
    )


def look(change: Changed, catalogue: Catalogue) -> Named:
    """The paper that changed; without a word where one of the runs stopped it."""
    return catalogue.look(change.file, change.part, may_show=bool(change.path))


def sure(change: Changed) -> str:
    """How sure the runs are: 80%→97%. A paper that is stopped has no such figure."""
    told = [
        "—" if said.route is Route.BLOCKED else f"{said.confidence:.0%}" for said in (change.old, change.new) if said is not None
    ]
    return "→".join(told)


def moved(change: Changed, rules: RuleNames) -> str:
    """Rules that find more or less: 手机号码（personal.mobile@1） 3→0."""
    return "；".join(f"{tell_rule(rule, rules)} {before}→{after}" for rule, (before, after) in change.rules.items())


def attribute_label(attribute: Attribute | None) -> str:
    """The Chinese name; a blocked paper has none."""
    return attribute.label if attribute else "—"


def _write(folder: Path, book: str, tables: Sequence[Table]) -> None:
    """A workbook and a csv file for each of its sheets, in one pass, each file whole or not at all."""
    import xlsxwriter  # type: ignore[import-untyped]  # the wheel carries no types

    try:
        with ExitStack() as stack:
            scratch = stack.enter_context(TemporaryDirectory(prefix=".tables", dir=folder))  # rows on their way hold titles too
            place = stack.enter_context(draft(folder / f"{book}.xlsx"))
            options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": scratch}
            workbook = xlsxwriter.Workbook(str(place), options)
            bold = workbook.add_format({"bold": True})
            for form, rows in tables:
                beside = stack.enter_context(draft(folder / f"{form.file}.csv"))
                with beside.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
                    _fill(workbook.add_worksheet(form.sheet), csv.writer(file), form, rows, bold)
            workbook.close()
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise BadLedger("清单写不进去（磁盘满，或者没有写的权限）。账本是完整的；腾出空间后再试。") from error


def _fill(sheet: Any, table: Any, form: Form, rows: Iterable[tuple[Cell, ...]], bold: Any) -> None:  # noqa: ANN401 - untyped writers
    sheet.freeze_panes(1, 0)
    for column, (name, width) in enumerate(form.columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, bold)
    table.writerow(form.head)
    for number, row in enumerate(rows, 1):
        cells = [cell for _, cell in zip(form.columns, row, strict=True)]
        table.writerow([_plain(cell) for cell in cells])
        if number < _ROWS:
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell[:_LONGEST])
                else:
                    sheet.write_number(number, column, cell)


def _plain(cell: Cell) -> Cell:
    """A cell no spreadsheet takes for a formula: a path may begin with anything."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
