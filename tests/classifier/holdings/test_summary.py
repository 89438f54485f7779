"""The figures of a batch."""

import datetime as dt
from pathlib import Path

from classifier.core.assessment import Attribute, Route
from classifier.holdings.clocks import Clock
from classifier.holdings.figures import NO_DATE, Figures, Gap
from classifier.holdings.ledger import FileState, Ledger, Row
from classifier.holdings.listing import Verdict, read_items
from classifier.holdings.summary import SHOWN, Tally, find_gap, read_runs
from classifier.knowledge import load_knowledge
from tests.classifier.holdings.made_ledger import SEAL, blocked, large_rows, made_ledger, paper, row

ROOT = Path(__file__).parents[3]
BOOK = load_knowledge(ROOT / "corpus", None).book


def _figures(folder: Path, *rows: Row) -> Figures:
    tally = Tally(BOOK)
    for item in read_items(made_ledger(folder, rows), SEAL, dt.date(2026, 11, 24)):
        tally.add(item)
    return tally.figures()


def test_each_paper_is_counted_once_in_every_grouping(tmp_path: Path) -> None:
    figures = _figures(tmp_path, *large_rows(400))
    assert figures.files == figures.papers.papers == 400
    for groups in (figures.years, figures.units, figures.kinds):
        assert sum(group.papers for group in groups) == 400
    assert sum(figures.routes.values()) == 400


def test_papers_are_counted_by_verdict_and_the_unread_apart(tmp_path: Path) -> None:
    lost = paper(3, attribute=Attribute.WITHHELD, route=Route.MANUAL, chars=0, problems=("timeout",))
    rows = (row("/馆藏/a", paper(1)), row("/馆藏/b", blocked(2)), row("/馆藏/c", lost, state=FileState.FAILED))
    figures = _figures(tmp_path, *rows)
    assert dict(zip(Verdict, figures.papers.verdicts, strict=True)) == {
        Verdict.ACTIVE: 1, Verdict.ON_REQUEST: 0, Verdict.WITHHELD: 0, Verdict.STOPPED: 1, Verdict.UNREAD: 1,
    }  # fmt: skip
    assert figures.states == {FileState.DONE: 2, FileState.FAILED: 1}
    assert figures.papers.suggested == 1
    assert [item.number for item in figures.stopped] == ["2"]
    assert [item.number for item in figures.failed] == ["3"]


def test_a_wrapper_counts_as_a_file_and_not_as_a_paper(tmp_path: Path) -> None:
    figures = _figures(tmp_path, row("/馆藏/a.zip", paper(1, chars=0), paper(2, part=1), paper(3, part=2)))
    assert (figures.files, figures.papers.papers, figures.wrappers) == (1, 2, 1)


def test_a_picture_beside_the_text_is_told_but_is_not_unread_text(tmp_path: Path) -> None:
    figures = _figures(
        tmp_path, row("/馆藏/a", paper(1, problems=("image",))), row("/馆藏/b", paper(2, problems=("page_no_text",)))
    )
    assert figures.unread == 1
    assert {cause.code: cause.is_beside for cause in figures.causes} == {"image": True, "page_no_text": False}
    assert all("请" in cause.advice for cause in figures.causes)


def test_findings_are_counted_by_rule_grade_and_category(tmp_path: Path) -> None:
    one = '{"personal.id_card@1": [2, "confirmed", "redact"], "personal.mobile@1": [1, "suspected", "redact"]}'
    other = '{"personal.id_card@1": [3, "suspected", "redact"], "gone.rule@1": [1, "hint", "info"]}'
    figures = _figures(tmp_path, row("/馆藏/a", paper(1, counts=one)), row("/馆藏/b", paper(2, counts=other)))
    first = figures.rules[0]
    assert (first.rule, first.papers, first.passages, first.grades) == ("personal.id_card@1", 2, 5, (1, 1, 0))
    assert ("个人信息", 2, 6) in figures.categories
    assert next(r for r in figures.rules if r.rule == "gone.rule@1").category == "—"


def test_years_are_in_order_and_the_undated_last(tmp_path: Path) -> None:
    rows = [row(f"/馆藏/{n}", paper(n, issued=day)) for n, day in enumerate(("2003-01-01", "1999-01-01"))]
    rows.append(row("/馆藏/x", blocked(9)))
    assert [group.name for group in _figures(tmp_path, *rows).years] == ["1999", "2003", NO_DATE]


def test_the_rows_of_a_clock_are_those_due_longest(tmp_path: Path) -> None:
    rows = [row(f"/馆藏/{n}", paper(n, issued=f"{1999 - n % 40}-01-01")) for n in range(6 * SHOWN)]
    opening = next(c for c in _figures(tmp_path, *rows).clocks if c.clock is Clock.OPENING)
    assert opening.papers == 6 * SHOWN
    days = [due.day for _, due in opening.first]
    assert len(days) == SHOWN
    assert days == sorted(days, key=str)
    assert days[0] == dt.date(1960 + 25, 1, 1)


def test_runs_tell_sources_and_maker(tmp_path: Path) -> None:
    (run,) = read_runs(made_ledger(tmp_path, [row("/馆藏/a", paper(1))]))
    assert (run.sources, run.code, run.files, run.state) == (("/馆藏",), "0.9.0", 1, "done")


def _run(ledger: Ledger, sources: str, state: str, found: int | None = 9) -> None:
    run = ledger.begin_run("2026-11-20T09:00:00+08:00", sources, 1, 1)
    ledger.note_run(run, state=state, found=found, skipped=1, seconds=1.0)


def test_a_batch_is_done_when_the_last_run_over_each_source_was(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    assert find_gap(ledger) is None
    _run(ledger, '["/b"]', "stopped")
    _run(ledger, '["/c"]', "done")
    assert find_gap(ledger) == Gap(9, 1)
    _run(ledger, '["/b"]', "done")
    assert find_gap(ledger) is None


def test_a_run_whose_process_is_gone_was_killed(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    _run(ledger, '["/b"]', "running", None)
    assert read_runs(ledger)[-1].state == "killed"
    assert find_gap(ledger) == Gap(None, 1)


def test_a_cancelled_run_is_a_gap_until_another_one_is_done(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", paper(1))])
    _run(ledger, '["/b"]', "cancelled")
    assert find_gap(ledger) == Gap(9, 1)
    _run(ledger, '["/c"]', "done")
    assert find_gap(ledger) is None
