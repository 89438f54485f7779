"""The xlsx report, written row by row: the papers stream through once and memory stays flat, however many there are.

Every word goes in as a string: nothing that stands in a paper or a path can become a formula or a link. A list longer than a sheet may
be goes on in a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from classifier.core.problems import PROBLEMS, describe
from classifier.holdings import wording, worksheets
from classifier.holdings.clocks import LEVELS, Clock
from classifier.holdings.figures import Report
from classifier.holdings.listing import STOPPED, Item, Verdict
from classifier.holdings.reasons import RuleNames, tell_rule
from classifier.holdings.seal import Label
from classifier.holdings.wording import STATES, format_name
from classifier.holdings.worksheets import Cell, write_row

ROWS = 1_000_000
"""Rows of a list before it goes on in the next sheet (a sheet holds 1,048,576)."""
PAGES = ("概况", "按年份", "按单位", "按文种", "发现", "失败和未读", "档案时限", "矛盾和重复", "抽样")
_ITEM = (
    ("编号", 9), ("建议", 20), ("处理方式", 11), ("把握", 7), ("标题", 46), ("发文字号", 20), ("单位", 26), ("文种", 10), ("形成日期", 12),
    ("日期来源", 20), ("格式", 7), ("页数", 6), ("字数", 8), ("没有读到或须核对", 40), ("发现处数", 9), ("发现的规则", 40), ("内含文件", 24), ("路径", 70),
)  # fmt: skip
_DUE = (
    ("编号", 9), ("标题", 46), ("发文字号", 20), ("建议", 11), ("形成日期", 12), ("日期来源", 20), ("密级", 8), *((clock.label, 16) for clock in Clock),
    ("说明", 34), ("路径", 70),
)  # fmt: skip
_FAILED = (("编号", 9), ("状态", 12), ("格式", 8), ("没有读到或须核对", 80), ("标题", 46), ("路径", 70))


class CannotWrite(Exception):
    """The workbook could not be put together: no room, or no right to write."""


class _Listing:
    """A list that may run over several sheets; rows are written as they come."""

    def __init__(self, book: Any, name: str, columns: Sequence[tuple[str, int]], formats: dict[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book, self._name, self._columns, self._formats = book, name, columns, formats
        self._sheets = 1
        self.sheet = book.add_worksheet(name)
        self._row = 0
        self._head()

    def _head(self) -> None:
        for place, (_, width) in enumerate(self._columns):
            self.sheet.set_column(place, place, width)
        write_row(self.sheet, self._row, [name for name, _ in self._columns], self._formats["head"])
        self._first = self._row
        self.sheet.freeze_panes(self._row + 1, 1)
        self._row += 1

    def add(self, cells: Sequence[Cell]) -> None:
        """Write one row, on the next sheet where this one is full."""
        if self._row - self._first > ROWS:
            self.close()
            self._sheets += 1
            self.sheet = self._book.add_worksheet(f"{self._name}（{self._sheets}）")
            self._row = 0
            self._head()
        write_row(self.sheet, self._row, cells)
        self._row += 1

    def close(self) -> None:
        """Let the rows be filtered."""
        self.sheet.autofilter(self._first, 0, max(self._row - 1, self._first), len(self._columns) - 1)


class Workbook:
    """The workbook while it is written. `add` each paper, then `finish` with the figures."""

    def __init__(self, path: Path, names: RuleNames) -> None:
        self._names = names
        import xlsxwriter  # type: ignore[import-untyped]  # the wheel carries no types

        options = {
            "tmpdir": str(path.parent),
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.use_zip64()
        self._formats = {
            "head": self._book.add_format(
                {"bold": True, "bg_color": "#1d3a5f", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
            ),
            "alarm": self._book.add_format({"bold": True, "font_color": "#a61b1b", "bg_color": "#fdecec"}),
            "title": self._book.add_format({"bold": True, "font_size": 15}),
            "wrap": self._book.add_format({"text_wrap": True, "valign": "top"}),
        }
        self.pages: dict[str, Any] = {name: self._book.add_worksheet(name) for name in PAGES}
        self._list = _Listing(self._book, "逐件清单", _ITEM, self._formats)
        self._due = _Listing(self._book, "时限逐件", _DUE, self._formats)
        self._failed = _Listing(self._book, "失败和未读逐件", _FAILED, self._formats)
        for sheet in self._book.worksheets():
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)

    def add(self, item: Item) -> None:
        """Write one paper into the lists it belongs to."""
        self._list.add(_item_row(item, self._names))
        if item.is_wrapper:
            return
        if item.due:
            self._due.add(_due_row(item))
        if item.verdict is Verdict.UNREAD or item.problems:
            self._failed.add(_failed_row(item))

    def finish(self, report: Report) -> None:
        """Write the pages of figures and close the file."""
        worksheets.write_pages(self._book, self.pages, self._formats, report)
        for listing in (self._list, self._due, self._failed):
            listing.close()
        self._close()

    def abandon(self) -> None:
        """Let go of a workbook that will not be finished, and of its half-written parts."""
        with suppress(OSError, CannotWrite):
            self._close()

    def _close(self) -> None:
        import xlsxwriter

        try:
            self._book.close()
        except xlsxwriter.exceptions.XlsxWriterException as error:
            raise CannotWrite from error


def _item_row(item: Item, names: RuleNames) -> tuple[Cell, ...]:
    label = item.label or Label()
    stopped = item.verdict is Verdict.STOPPED
    title = f"（不显示，{LEVELS.get(item.level or '', '密级不明')}）" if stopped else label.title
    return (
        item.number,
        "容器，见内含文件" if item.is_wrapper else item.verdict.label,
        None if item.is_wrapper else STOPPED if stopped else item.route.label,
        None if stopped or item.is_wrapper or item.verdict is Verdict.UNREAD else round(item.confidence, 2),
        title,
        label.number,
        None if stopped else item.unit,
        item.kind,
        item.formed.day.isoformat() if item.formed else None,
        item.formed.basis.label if item.formed else None,
        format_name(item.format),
        item.pages,
        item.chars,
        _problems(item),
        sum(count for count, _, _ in item.counts.values()),
        "、".join(tell_rule(rule, names) for rule in item.counts),
        label.member,
        item.path,
    )


def _due_row(item: Item) -> tuple[Cell, ...]:
    days = {due.clock: due.day.isoformat() if due.day else "是" for due in item.due}
    label, marked = item.label or Label(), item.verdict is Verdict.STOPPED
    return (
        item.number,
        label.title,
        label.number,
        item.verdict.label,
        item.formed.day.isoformat() if item.formed else None,
        item.formed.basis.label if item.formed else None,
        LEVELS.get(item.level or "unknown") if marked else None,
        *(days.get(clock) for clock in Clock),
        "；".join(due.note for due in item.due if due.note),
        item.path,
    )


def _failed_row(item: Item) -> tuple[Cell, ...]:
    return (
        item.number,
        STATES[item.state],
        format_name(item.format),
        _problems(item),
        item.label.title if item.label else None,
        item.path,
    )


def _problems(item: Item) -> str:
    return " ".join(describe(code) if code in PROBLEMS else wording.reason(code) for code in item.problems)
