"""The page of a report in a browser: readable on a desk, on a phone and on paper."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier.holdings.elusion import certify
from classifier.holdings.judgements import Label, Said, record_labels
from classifier.holdings.report import PAGE, Wish, render_certificate, write_report
from classifier.holdings.sampling import draw
from classifier.knowledge import load_knowledge
from tests.classifier.holdings.made_ledger import SEAL, large_rows, made_ledger

CHROMIUM = Path("/usr/bin/chromium")
NOW = dt.datetime(2026, 11, 24, 17, 40, tzinfo=dt.UTC)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="NO BROWSER: Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A report and a certificate."""
    folder = tmp_path_factory.mktemp("out")
    ledger = made_ledger(folder, large_rows(800))
    sample = draw(ledger, 60, "s", NOW, "指定抽取 60 件")
    labels = [Label(n, Said.WITHHELD if n == 7 else Said.ACTIVE, "王敏", NOW.date()) for n in range(1, 61)]
    record_labels(ledger, sample, labels, NOW)
    write_report(ledger, SEAL, load_knowledge(Path(__file__).parents[3] / "corpus", None).book, NOW, Wish())
    paper = folder / "certificate.html"
    paper.write_text(render_certificate(certify(ledger, SEAL, NOW), "馆藏一批")[0], encoding="utf-8")
    return folder / PAGE, paper


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("which", [0, 1])
def test_nothing_runs_out_of_the_page(browser, pages: tuple[Path, Path], which: int, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(pages[which].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    cut = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
    assert page.evaluate(
        "[...document.querySelectorAll('svg text')].every(t => !t.getClientRects().length || t.getBoundingClientRect().height >= 10)"
    )
    assert said == []
    page.close()


def test_the_certificate_prints_on_one_or_two_pages(browser, pages: tuple[Path, Path]) -> None:
    import pypdfium2

    page = browser.new_page()
    page.goto(pages[1].as_uri())
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) <= 2
    assert "单位（盖章）" in "".join(printed[n].get_textpage().get_text_range() for n in range(len(printed)))
    printed.close()
    page.close()
