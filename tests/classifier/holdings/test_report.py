"""The report: a page that stands alone and a workbook, without a word too many."""

import datetime as dt
import json
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree, html

from classifier.core.assessment import Route
from classifier.core.errors import BadLedger
from classifier.holdings import workbook
from classifier.holdings.figures import Conflict, Report
from classifier.holdings.judgements import Label, Said, record_labels
from classifier.holdings.ledger import FileState, Ledger, Row
from classifier.holdings.listing import plain
from classifier.holdings.report import BOOK, PAGE, Wish, write_report
from classifier.holdings.sampling import draw
from classifier.holdings.seal import Label as Words
from classifier.holdings.workbook import PAGES
from classifier.knowledge import load_knowledge
from tests.classifier.holdings.made_ledger import SEAL, blocked, large_rows, made_ledger, paper, row

RULES = load_knowledge(Path(__file__).parents[3] / "corpus", None).book
NOW = dt.datetime(2026, 11, 24, 17, 40, tzinfo=dt.UTC)
EVIL = "=1+1</td><script>alert('x')</script>&\x00\x1b[2J"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _report(ledger: Ledger, wish: Wish = Wish(), conflicts: list[Conflict] | None = None) -> Report:  # noqa: B008 - frozen
    return write_report(ledger, SEAL, RULES, NOW, wish, conflicts)


def _page(folder: Path) -> str:
    return (folder / PAGE).read_text(encoding="utf-8")


def _sheets(folder: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(folder / BOOK) as book:
        names = [s.get("name") for s in etree.fromstring(book.read("xl/workbook.xml")).iter(_MAIN + "sheet")]
        return {name: etree.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")) for n, name in enumerate(names, 1)}


def _words(folder: Path) -> str:
    """Every word of both files."""
    with zipfile.ZipFile(folder / BOOK) as book:
        return _page(folder) + "".join(book.read(name).decode() for name in book.namelist())


def test_the_page_stands_alone(tmp_path: Path) -> None:
    """No script, no other file, no address outside."""
    _report(made_ledger(tmp_path, large_rows(300)))
    page = html.fromstring(_page(tmp_path))
    assert not page.xpath("//script | //link | //img | //iframe | //*[@src]")
    assert all(target.startswith("#") for target in page.xpath("//@href"))
    assert "url(" not in _page(tmp_path)
    ids = set(page.xpath("//@id"))
    assert {target[1:] for target in page.xpath("//@href")} <= ids
    assert page.xpath("//*[local-name()='svg']")


def test_the_workbook_has_its_pages_with_native_charts(tmp_path: Path) -> None:
    _report(made_ledger(tmp_path, large_rows(300)))
    assert tuple(_sheets(tmp_path)) == (*PAGES, "逐件清单", "时限逐件", "失败和未读逐件")
    with zipfile.ZipFile(tmp_path / BOOK) as book:
        assert sum(name.startswith("xl/charts/chart") for name in book.namelist()) == 6


def test_every_paper_stands_in_the_list_and_figures_agree_with_it(tmp_path: Path) -> None:
    told = _report(made_ledger(tmp_path, large_rows(300)))
    rows = _sheets(tmp_path)["逐件清单"].findall(f".//{_MAIN}row")
    assert len(rows) - 1 == told.figures.papers.papers == 300
    assert f"<b>{told.figures.papers.suggested}</b>" in _page(tmp_path)


def test_a_list_longer_than_a_sheet_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 120)
    _report(made_ledger(tmp_path, large_rows(300)))
    sheets = _sheets(tmp_path)
    counts = [len(sheets[name].findall(f".//{_MAIN}row")) - 1 for name in ("逐件清单", "逐件清单（2）", "逐件清单（3）")]
    assert counts == [120, 120, 60]


def test_hostile_titles_and_paths_become_neither_markup_nor_formula(tmp_path: Path) -> None:
    path = b"/\xe9\xa6\x86\xe8\x97\x8f/<img src=x onerror=alert(1)>/\xff\xfe@SUM(A1).pdf"
    rows = [
        row(
            path,
            paper(
                1,
                words=Words(EVIL, EVIL, EVIL, EVIL),
                kind="<b>x",
                issued=None,
                problems=("<i>",),
                counts='{"<s>@1": [1, "hint", "info"]}',
            ),
        ),
        row(path + b"2", paper(2, words=Words("http://evil.example/x", "-2", "@x"), issued="1970-01-01")),
    ]
    _report(made_ledger(tmp_path, rows, source="/馆藏<u>"), conflicts=[Conflict(plain(EVIL), (plain(EVIL),), plain(EVIL))])
    page = _page(tmp_path)
    assert "<script" not in page
    assert not re.search(r"<(?:img|b>x|i>|s>|u>)", page)
    assert "\x00" not in page
    assert "\x1b" not in page
    for sheet in _sheets(tmp_path).values():
        assert not sheet.findall(f".//{_MAIN}f")
        assert not sheet.findall(f".//{_MAIN}hyperlink")
    assert "=1+1" in _words(tmp_path)


def test_a_blocked_paper_leaves_no_word_and_no_path(tmp_path: Path) -> None:
    rows: list[Row] = [row("/馆藏/1990/绝密方案/代号青鸾.pdf", blocked(1, "top_secret", "20年")), row("/馆藏/甲/b.pdf", paper(2))]
    _report(made_ledger(tmp_path, rows))
    words = _words(tmp_path)
    assert "青鸾" not in words
    assert "绝密方案" not in words
    assert "代号" not in words
    assert re.search(r"<td>1</td><td>绝密</td><td>20年</td>", _page(tmp_path))


def test_without_words_there_is_no_title_unit_number_or_path(tmp_path: Path) -> None:
    rows = [row("/馆藏/水利局/密室.pdf", paper(1, problems=("no_text",), chars=0)), row("/馆藏/b.pdf", paper(2))]
    _report(made_ledger(tmp_path, rows, source="/柜子"), Wish(words=False))
    words = _words(tmp_path)
    for told in ("事项", "云府发", "水利局", "密室", "b.pdf", "柜子", tmp_path.name):
        assert told not in words
    assert "批次“（不显示）”" in words
    assert "来源：（不显示）" in words


def test_hours_are_told_only_with_the_callers_own_minutes(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row(f"/馆藏/{n}", paper(n)) for n in range(60)])
    _report(ledger)
    assert "节省" not in _page(tmp_path)
    _report(ledger, Wish(read_minutes=6.0, confirm_minutes=1.0))
    assert "约可节省 5 小时。这是假设下的推算，不是实测" in _page(tmp_path)


def test_the_sample_is_told_with_its_bound_once_it_is_labelled(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row(f"/馆藏/{n}", paper(n)) for n in range(60)])
    sample = draw(ledger, 30, "s", NOW, "指定抽取 30 件")
    _report(ledger)
    assert "还差 30 件，不能下结论" in _page(tmp_path)
    record_labels(ledger, sample, [Label(n, Said.ACTIVE, "王敏", NOW.date()) for n in range(1, 31)], NOW)
    _report(ledger)
    assert "不超过 9.50%" in _page(tmp_path)


def test_contradictions_are_told_and_counted_or_not_spoken_of(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    _report(ledger)
    assert "矛盾和重复" not in html.fromstring(_page(tmp_path)).text_content()
    told = _report(ledger, conflicts=[Conflict("文号相同", ("第 1 号", "第 2 号"), "请统一。")] * 700)
    assert told.conflict_count == 700
    assert "共 700 组" in _page(tmp_path)


def test_an_empty_batch_has_a_report_too(tmp_path: Path) -> None:
    told = _report(Ledger.create(tmp_path / "ledger.sqlite"))
    assert told.figures.papers.papers == 0
    assert "全部读完" in _page(tmp_path)


def test_a_report_that_fails_leaves_the_old_one_and_nothing_beside(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    _report(ledger)
    before, names = _page(tmp_path), sorted(p.name for p in tmp_path.iterdir())
    ledger.write([row("/馆藏/b", paper(2, counts="[]"))], 1, 1)
    with pytest.raises(BadLedger):
        _report(ledger)
    assert _page(tmp_path) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == names


def test_only_the_owner_may_read_the_report(tmp_path: Path) -> None:
    _report(made_ledger(tmp_path, [row("/馆藏/a", paper(1))]))
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in (PAGE, BOOK)] == [0o600, 0o600]


def _table(folder: Path, name: str) -> list[list[str]]:
    """The cells of a sheet that are strings."""
    sheet = _sheets(folder)[name]
    return [["".join(cell.itertext()) for cell in line] for line in sheet.iter(_MAIN + "row")]


def test_files_without_text_tell_the_reason(tmp_path: Path) -> None:
    _report(made_ledger(tmp_path, [row("/馆藏/密室.pdf", paper(1, problems=("encrypted",), chars=0, route=Route.MANUAL))]))
    listed = html.fromstring(_page(tmp_path)).xpath("//section[@id='unread']//ul[@class='rows']/li")
    assert "文件有密码，系统没有读到内容" in listed[0].text_content()


def test_no_word_of_the_program_stands_in_the_report(tmp_path: Path) -> None:
    lost = {"chars": 0, "route": Route.MANUAL, "format": "unknown", "words": Words()}
    rows = [
        row(
            "/馆藏/a", paper(1, format="image", problems=("image",), counts='{"personal.id_card@1": [1, "confirmed", "redact"]}')
        ),
        row("/馆藏/b", paper(2, **lost, problems=("unsupported",))),
        row("/馆藏/c", paper(3, **lost, problems=("not_found",)), state=FileState.FAILED, error="not_found"),
        row("/馆藏/d", blocked(4)),
        row("/馆藏/e", state=FileState.AGAIN, error="crashed"),
    ]
    _report(made_ledger(tmp_path, rows))
    page = html.fromstring(_page(tmp_path))
    for style in page.xpath("//style"):
        style.drop_tree()
    words = page.text_content() + "".join("".join(line) for name in _sheets(tmp_path) for line in _table(tmp_path, name))
    for word in (
        "suggest",
        "manual",
        "review",
        "unknown",
        "image",
        "unsupported",
        "not_found",
        "crashed",
        "confirmed",
        "done",
        "S7",
    ):
        assert not re.search(rf"(?<![a-z.]){word}(?![a-z])", words), word
    assert "不认识的格式" in words
    assert re.search(r"[\u4e00-\u9fff]（personal\.id_card@1）", words)
    assert "疑似涉密停止" not in words


def test_filters_of_the_list_agree_with_the_overview(tmp_path: Path) -> None:
    rows = [row("/馆藏/a.zip", paper(1, chars=0, format="zip"), paper(2, part=1)), row("/馆藏/b", blocked(3))]
    told = _report(made_ledger(tmp_path, rows))
    column = [c for c in _sheets(tmp_path)["逐件清单"].iter(_MAIN + "c") if re.fullmatch(r"C\d+", c.get("r"))]
    assert [(c.get("r"), "".join(c.itertext())) for c in column] == [
        ("C1", "处理方式"), ("C3", "建议确认"), ("C4", "疑似涉密（停止处理）"),
    ]  # fmt: skip
    assert told.figures.routes == {Route.SUGGEST: 1, Route.BLOCKED: 1}
    assert "不含 1 个压缩包等容器" in _page(tmp_path)


def test_the_chart_of_findings_shows_every_category(tmp_path: Path) -> None:
    counts = json.dumps({rule.citation: [1, "hint", "info"] for rule in RULES.rules})
    told = _report(made_ledger(tmp_path, [row("/馆藏/a", paper(1, counts=counts))]))
    drawn = html.fromstring(_page(tmp_path)).xpath("//section[@id='findings']//*[local-name()='rect']")
    assert len(drawn) == len(told.figures.categories) > 12


def test_a_batch_that_is_not_done_says_so_in_both_files(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    ledger.note_run(1, state="stopped", found=400, skipped=370, seconds=1.0)
    _report(ledger)
    told = "批次没有做完：400 个文件里完成了 371 个，以下数字不是全部。"
    assert told in _page(tmp_path)
    assert [told] in _table(tmp_path, "概况")


def test_moments_are_those_of_beijing(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    ledger.note_run(1, state="done", found=1, skipped=0, seconds=1.0, ended="2026-11-20T02:00:00+00:00")
    _report(ledger)
    assert "生成于 2026-11-25 01:40" in _page(tmp_path)
    assert "2026-11-20 09:00 至 2026-11-20 10:00" in _page(tmp_path)
