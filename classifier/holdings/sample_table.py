"""The list of a sample on paper: written for people to fill in (xlsx with a drop-down, csv beside it), and read back from either."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from classifier.core.settings import Limits
from classifier.holdings import judgements, sampling
from classifier.holdings.judgements import Label, Said, find_faults, refuse_all
from classifier.holdings.ledger import Ledger
from classifier.holdings.listing import plain, show_path
from classifier.holdings.sampling import BadSample, Sample
from classifier.holdings.seal import Label as Words
from classifier.holdings.seal import Seal

COLUMNS = ("抽样", "序号", "人工判断", "判断人", "日期", "说明", "编号", "标题", "发文字号", "内含文件", "路径")
_NAMES = {
    "抽样": "mark", "抽样批号": "mark", "序号": "number", "样本号": "number", "人工判断": "said", "判断": "said", "结论": "said",
    "判断人": "who", "姓名": "who", "日期": "day", "判断日期": "day", "说明": "note", "备注": "note",
}  # fmt: skip
_SAID = {
    **{said.label: said for said in Said}, "涉密": Said.SECRET, "国家秘密": Said.SECRET, "依申请": Said.ON_REQUEST, "不公开": Said.WITHHELD,
}  # fmt: skip
"""What people write. A word that may mean several things, as 公开, is asked back: it must not become the most open of them."""
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?\Z")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LARGEST = 16 << 20


def write_lists(folder: Path, ledger: Ledger, seal: Seal | None, sample: Sample, *, words: bool = True) -> tuple[Path, Path]:
    """`sample-N.xlsx` and `sample-N.csv` in `folder`; a list that people have begun to fill in is never written over."""
    rows = tuple(_rows(ledger, seal if words else None, sample))
    book, plain_table = folder / f"sample-{sample.number}.xlsx", folder / f"sample-{sample.number}.csv"
    if not book.exists():
        _write_book(book, rows, sample)
    if not plain_table.exists():
        with plain_table.open("x", encoding="utf-8-sig", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(COLUMNS)
            writer.writerows([_harmless(str(cell)) for cell in row] for row in rows)
    for written in (book, plain_table):
        written.chmod(0o600)
    return book, plain_table


def _rows(ledger: Ledger, seal: Seal | None, sample: Sample) -> list[tuple[str | int, ...]]:
    labels = {label.number: label for label in judgements.read_labels(ledger, sample)}
    rows: list[tuple[str | int, ...]] = []
    for drawn in sampling.read_drawn(ledger, sample):
        label, may_be_named = sampling.label_of(ledger, drawn)
        named = seal.open_label(label) if seal else Words()
        stands = labels.get(drawn.number)
        told = (stands.said.label, stands.who, stands.day.isoformat(), stands.note) if stands else ("", "", "", "")
        path = show_path(drawn.path) if seal and may_be_named else f"内容摘要 {drawn.sha256.hex()[:16]}"
        words = [plain(w) for w in (*told, sampling.number_of(ledger, drawn), named.title, named.number, named.member)]
        rows.append((sample.mark, drawn.number, *words, path))
    return rows


def _harmless(cell: str) -> str:
    """A csv cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _write_book(path: Path, rows: Sequence[tuple[str | int, ...]], sample: Sample) -> None:
    import xlsxwriter  # type: ignore[import-untyped]  # the wheel carries no types

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("抽样清单")
        head = book.add_format({"bold": True, "bg_color": "#1d3a5f", "font_color": "#ffffff", "border": 1})
        fill = book.add_format({"bg_color": "#fff4d6", "border": 1, "num_format": "@"})
        sheet.write_row(0, 0, COLUMNS, head)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(place, column, cell)
                else:
                    sheet.write_string(place, column, cell, fill if 2 <= column <= 5 else None)
        choice = {"validate": "list", "source": [said.label for said in Said], "error_message": "请从下拉框里选择。"}
        sheet.data_validation(1, 2, max(1, len(rows)), 2, choice)
        for column, width in enumerate((14, 6, 14, 10, 12, 24, 9, 44, 20, 20, 60)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer(f"&L第 {sample.number} 次抽样 {sample.mark}&R第 &P 页，共 &N 页")


def read_labels(table: Path, sample: Sample, today: dt.date) -> tuple[Label, ...]:
    """The labels of a list that was filled in (csv in UTF-8 or GB18030, xlsx, xls, et, ods); rows without a judgement are left out.

    Raises:
        BadSample: the table cannot be read, misses a column, belongs to another sample, is not filled in, or has rows that say nothing
            clear; all of those are told, up to ten.
    """
    rows = _read_csv(table) if table.suffix.lower() in (".csv", ".txt") else _read_book(table)
    names = [_NAMES.get(name.strip().lstrip("\ufeff"), "") for name in rows[0]] if rows else []
    if not {"number", "said", "who"} <= set(names):
        raise BadSample("清单的第一行应当有“序号、人工判断、判断人”三列（还可以有日期、说明）。请用抽样时生成的清单填写。")
    labels: dict[int, Label] = {}
    faults: list[str] = []
    filled = 0
    for line, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip().removeprefix("'") for name, cell in zip(names, row, strict=False) if name}
        if not cells.get("said"):
            continue
        filled += 1
        label, wrong = _label(cells, line, sample, today)
        faults += wrong
        if label is not None and labels.setdefault(label.number, label).said is not label.said:
            faults.append(f"序号 {label.number}：清单里有两行，判断不同。")
    if not filled:
        raise BadSample("没有填写任何一件。请在“人工判断”和“判断人”两列填好后再交。")
    refuse_all(faults)
    return tuple(labels.values())


def _label(cells: Mapping[str, str], line: int, sample: Sample, today: dt.date) -> tuple[Label | None, list[str]]:
    """The label of a row, and what is wrong with it, named by its number, by its line where it has none."""
    mark, number, said = cells.get("mark", ""), cells.get("number", ""), _SAID.get(cells["said"])
    if mark and mark != sample.mark:
        raise BadSample(f"清单属于另一次抽样（第 {line} 行的“抽样”是另一个）。请核对文件，或用 --sample 指明是第几次抽样。")
    if not re.fullmatch(r"\d{1,9}(?:\.0)?", number):
        return None, [f"表格第 {line} 行：序号不是数字。"]
    place, day = int(float(number)), _day(cells.get("day", ""), today)
    faults = []
    if said is None:
        faults.append(f"序号 {place}：人工判断只能是{'、'.join(s.label for s in Said)}。")
    if day is None:
        faults.append(f"序号 {place}：日期看不懂，请写成 2026-01-31 的样子。")
    label = Label(place, said or Said.SECRET, cells.get("who", ""), day or today, cells.get("note", ""))
    return (None if faults else label), [*faults, *find_faults(label, sample, today)]


def _day(words: str, today: dt.date) -> dt.date | None:
    """The day of the judgement; today where none is written, None for what is no day.

    Spreadsheets may keep days as numbers counted from 1899-12-30.
    """
    if not words:
        return today
    try:
        if re.fullmatch(r"\d{5}(?:\.\d+)?", words):
            return dt.date(1899, 12, 30) + dt.timedelta(int(float(words)))
        if found := _DAY.match(words):
            return dt.date(*(int(part) for part in found.groups()))
    except (ValueError, OverflowError):
        pass
    return None


def _read_csv(table: Path) -> list[list[str]]:
    try:
        if table.stat().st_size > _LARGEST:
            raise BadSample("清单太大，不像是抽样清单。请核对文件。")
        untrusted = table.read_bytes()
    except OSError as error:
        raise BadSample("清单读不出来。请检查路径和权限。") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(untrusted.decode(encoding), newline="")))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise BadSample("清单的编码认不出来。请另存为 UTF-8 的 csv，或直接交 xlsx。")


def _read_book(table: Path) -> list[list[str]]:
    """The cells of the first table, by the reader that reads every other file."""
    from classifier.parse import read

    document = read(table, Limits(bytes=_LARGEST))
    cells = {
        (block.cell.row, block.cell.column): document.text[block.span.start : block.span.end]
        for block in document.blocks
        if block.cell is not None and block.cell.table == 0
    }
    if not cells:
        raise BadSample("清单读不出来：不是表格文件，或者里面没有内容。请交 csv 或 xlsx。")
    rows, columns = max(row for row, _ in cells) + 1, max(column for _, column in cells) + 1
    if rows * columns > 1_000_000:
        raise BadSample("清单太大，不像是抽样清单。请核对文件。")
    return [[cells.get((row, column), "") for column in range(columns)] for row in range(rows)]
