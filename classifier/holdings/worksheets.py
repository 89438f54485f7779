"""The pages of figures in the xlsx report: tables with native charts beside them, rows written from the top down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from classifier.core.assessment import Route
from classifier.core.finding import Grade
from classifier.holdings.charts import COLOURS
from classifier.holdings.figures import Group, Report
from classifier.holdings.ledger import FileState
from classifier.holdings.listing import Verdict
from classifier.holdings.moments import show_moment
from classifier.holdings.wording import CAUTIONS, STATES, gap_line, reason, route_name, run_lines, sample_line, saving_line

Cell = str | int | float | None
_CELL = 32_000
"""Characters that go into a cell (it holds 32,767)."""
_DRAWN = 60
"""Rows that a chart draws: more cannot be read."""


def write_row(sheet: Any, row: int, cells: Iterable[Cell], form: Any = None) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """Write cells as strings and numbers, and as nothing else."""
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, cell[:_CELL], form)
        elif cell is not None:
            sheet.write_number(row, column, cell, form)


class _Page:
    """One sheet while it is written from the top down."""

    def __init__(self, sheet: Any, formats: dict[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self.sheet, self._formats, self.row = sheet, formats, 0

    def title(self, words: str, note: str = "") -> None:
        write_row(self.sheet, self.row, (words,), self._formats["title"])
        self.row += 1
        if note:
            self.line(note)
        self.row += 1

    def line(self, *cells: Cell, form: str | None = None) -> None:
        write_row(self.sheet, self.row, cells, self._formats[form] if form else None)
        self.row += 1

    def table(
        self, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int] = (), form: str | None = None
    ) -> tuple[int, int]:
        """A table; its first and last row of figures."""
        self.line(*head, form="head")
        first = self.row
        for row in rows:
            self.line(*row, form=form)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        last = self.row - 1
        self.row += 1
        return first, last


def write_pages(book: Any, sheets: dict[str, Any], formats: dict[str, Any], report: Report) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """Write every page of figures; each sheet is still empty."""
    pages = {name: _Page(sheet, formats) for name, sheet in sheets.items()}
    figures = report.figures
    _overview(pages["概况"], book, report)
    _groups(pages["按年份"], book, "按年份", figures.years, "年份按文件日期；没有的按发文字号的年份；都没有的列入“年份不明”。")
    note = (
        "单位取发文机关；没有读到的取来源下第一级文件夹，标“（文件夹）”。疑似涉密的不列单位。"
        if report.words
        else "按要求略去文字，本页不列单位。"
    )
    _groups(pages["按单位"], book, "按单位", figures.units, note)
    _groups(pages["按文种"], book, "按文种", figures.kinds, "")
    _findings(pages["发现"], book, report)
    _failures(pages["失败和未读"], book, report)
    _clocks(pages["档案时限"], report)
    _conflicts(pages["矛盾和重复"], report)
    _samples(pages["抽样"], report)


def _overview(page: _Page, book: Any, report: Report) -> None:  # noqa: ANN401 - as above
    figures = report.figures
    page.title("馆藏批次审查报告", f"批次 {report.name}，报告生成于 {show_moment(report.made.isoformat())}")
    if report.gap:
        page.line(gap_line(report.gap), form="alarm")
    for words in CAUTIONS:
        page.line(words)
    page.row += 1
    page.table(
        ("文件", "个数"), [(STATES[s], figures.states.get(s, 0)) for s in FileState] + [("合计", figures.files)], (34, 14, 16, 20)
    )
    first, last = page.table(("建议", "件数"), zip((v.label for v in Verdict), figures.papers.verdicts, strict=True))
    chart = book.add_chart({"type": "doughnut"})
    points = [{"fill": {"color": colour}} for colour in COLOURS.values()]
    name = page.sheet.get_name()
    chart.add_series({"categories": [name, first, 0, last, 0], "values": [name, first, 1, last, 1], "points": points})
    chart.set_title({"name": "建议的公开属性"})
    page.sheet.insert_chart(9, 6, chart)
    rows: list[tuple[Cell, ...]] = [(route_name(route), figures.routes.get(route, 0)) for route in Route]
    rows += [
        ("其中没有读全或没有读到", figures.unread),
        ("不属于政府信息", figures.outside),
        ("只有内含文件的容器（不计件）", figures.wrappers),
    ]
    page.table(("处理方式", "件数"), rows)
    if report.saving:
        page.line(saving_line(report.saving))
        page.row += 1
    for run in report.runs:
        for line in run_lines(run):
            page.line(line)
        page.row += 1


def _groups(page: _Page, book: Any, title: str, groups: Sequence[Group], note: str) -> None:  # noqa: ANN401 - as above
    page.title(title, note)
    head = (title[1:], "合计", *(v.label for v in Verdict), "其中只需确认")
    rows = ((g.name, g.papers, *g.verdicts, g.suggested) for g in groups)
    first, last = page.table(head, rows, (36, 10, 12, 12, 12, 12, 12, 14))
    if not groups:
        return
    last, name = min(last, first + _DRAWN - 1), page.sheet.get_name()
    by_year = title == "按年份"
    chart = book.add_chart({"type": "column" if by_year else "bar", "subtype": "stacked"})
    for place, colour in enumerate(COLOURS.values()):
        column = place + 2
        chart.add_series({"name": [name, first - 1, column], "categories": [name, first, 0, last, 0],
                          "values": [name, first, column, last, column], "fill": {"color": colour}, "gap": 40})  # fmt: skip
    chart.set_title({"name": f"{title}的建议（件）"})
    chart.set_legend({"position": "bottom"})
    if not by_year:
        chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 860, "height": 420 if by_year else max(360, 26 * (last - first + 1) + 140)})
    page.sheet.insert_chart(2, 9, chart)
    page.sheet.freeze_panes(first, 1)


def _findings(page: _Page, book: Any, report: Report) -> None:  # noqa: ANN401 - as above
    page.title("发现", "件数是有这类内容的文件数，处数是段落数。只看过模型提示的不计。")
    first, last = page.table(("类别", "件数", "处数"), report.figures.categories, (34, 12, 10, 12, 12, 12, 12, 60))
    if report.figures.categories:
        name = page.sheet.get_name()
        chart = book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "fill": {"color": "#1d3a5f"},
                "gap": 40,
            }
        )
        chart.set_title({"name": "各类发现（件）"})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        page.sheet.insert_chart(2, 8, chart)
    head = ("规则", "类别", "件数", "处数", *(g.label for g in Grade), "编号")
    page.table(head, ((r.why, r.category, r.papers, r.passages, *r.grades, r.rule) for r in report.figures.rules))


def _failures(page: _Page, book: Any, report: Report) -> None:  # noqa: ANN401 - as above
    page.title("失败和未读", "没有读到的内容一律不作主动公开的建议。逐件见“失败和未读逐件”。一件可以有几个原因。")
    causes = report.figures.causes
    rows = ((reason(c.code), c.papers, "正文读到，其他部分须看" if c.is_beside else "正文没有读全", c.advice) for c in causes)
    first, last = page.table(("原因", "件数", "影响", "怎么办"), rows, (48, 10, 24, 90), "wrap")
    if causes:
        name = page.sheet.get_name()
        chart = book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "fill": {"color": "#c88a00"},
                "gap": 40,
            }
        )
        chart.set_title({"name": "没有读到的原因（件）"})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        page.sheet.insert_chart(last + 3, 0, chart, {"x_offset": 20})


def _clocks(page: _Page, report: Report) -> None:
    page.title(
        "档案时限",
        f"按 {show_moment(report.made.isoformat())[:10]} 计算。本页只提示该看什么，不作开放或解密的结论。逐件见“时限逐件”。",
    )
    head = ("时限", "合计", *(v.label for v in Verdict), "依据", "怎么办")
    rows = ((c.clock.label, c.papers, *c.verdicts, c.clock.law, c.clock.advice) for c in report.figures.clocks)
    page.table(head, rows, (40, 10, 12, 12, 12, 12, 12, 50, 100), "wrap")


def _conflicts(page: _Page, report: Report) -> None:
    page.title("矛盾和重复")
    if report.conflicts is None:
        page.line("这一次没有比对。")
        return
    page.line(
        f"共 {report.conflict_count} 组" + ("，以下列出前面的部分。" if report.conflict_count > len(report.conflicts) else "。")
    )
    page.table(
        ("类型", "文件", "怎么办"), ((c.kind, "\n".join(c.papers), c.advice) for c in report.conflicts), (24, 80, 60), "wrap"
    )


def _samples(page: _Page, report: Report) -> None:
    page.title("抽样", "从“建议主动公开、只需确认”的文件里随机抽取，由人逐件判断，说明最多漏判多少。")
    if not report.samples:
        page.line("还没有抽样。运行 mishen batch sample 抽取，填完清单后用 mishen batch certify 出具证书。")
    for sample in report.samples:
        page.line(sample_line(sample))
