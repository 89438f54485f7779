"""The count that everything else agrees with."""

import datetime as dt
from pathlib import Path

from classifier.core.assessment import Attribute, Route
from classifier.holdings.figures import Counts, count_papers
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.listing import read_items
from classifier.holdings.summary import Tally
from classifier.knowledge import load_knowledge
from tests.classifier.holdings.made_ledger import SEAL, blocked, large_rows, made_ledger, paper, row

BOOK = load_knowledge(Path(__file__).parents[3] / "corpus", None).book


def test_containers_are_no_papers_and_the_unread_have_no_verdict(tmp_path: Path) -> None:
    lost = {"attribute": Attribute.WITHHELD, "route": Route.MANUAL, "chars": 0}
    rows = [
        row("/馆藏/a.zip", paper(1, chars=0), paper(2, part=1), paper(3, part=2, attribute=Attribute.ON_REQUEST)),
        row("/馆藏/b", blocked(4)),
        row("/馆藏/c", paper(5, **lost, problems=("no_text",))),
        row("/馆藏/d", paper(6, **lost, problems=("timeout",)), state=FileState.FAILED),
        row("/馆藏/e", paper(7, attribute=Attribute.WITHHELD), state=FileState.FAILED),
        row("/馆藏/f", state=FileState.AGAIN, error="crashed"),
        row("/馆藏/g", blocked(8), state=FileState.FAILED),
    ]
    counts = count_papers(made_ledger(tmp_path, rows))
    assert counts == Counts(active=1, on_request=1, withheld=0, blocked=2, unread=4, containers=1)
    assert counts.papers == 8


def test_it_counts_as_the_report_does(tmp_path: Path) -> None:
    ledger, tally = made_ledger(tmp_path, large_rows(900)), Tally(BOOK)
    for item in read_items(ledger, SEAL, dt.date(2026, 11, 24)):
        tally.add(item)
    counts, figures = count_papers(ledger), tally.figures()
    assert (counts.active, counts.on_request, counts.withheld, counts.blocked, counts.unread) == figures.papers.verdicts
    assert counts.containers == figures.wrappers


def test_it_is_answered_without_the_rows_themselves(tmp_path: Path) -> None:
    """A row holds sketches and blobs: a million of them are gigabytes."""
    from classifier.holdings import figures

    ledger = Ledger.create(tmp_path / "ledger.sqlite")
    plan = " ".join(
        str(step) for step in ledger.read(f"EXPLAIN QUERY PLAN SELECT {figures._KINDS}, count(*) FROM paper GROUP BY 1")
    )
    assert "COVERING INDEX" in plan
