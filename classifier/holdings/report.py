"""The report of a batch: one pass over the ledger, a page that stands alone (report.html) and a workbook (report.xlsx).

Words of papers are unsealed for the archivist's own report; papers with a state-secret marking show their number, level and period only,
and without words every paper shows its number only. The page needs no script and no other file.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from classifier.core.assessment import Route
from classifier.core.errors import BadLedger
from classifier.core.finding import Grade
from classifier.holdings import charts, judgements, sampling, wording
from classifier.holdings.clocks import LEVELS, Clock
from classifier.holdings.elusion import Certificate
from classifier.holdings.figures import Conflict, Report, SampleState, Saving
from classifier.holdings.judgements import Said
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.listing import Verdict, read_items
from classifier.holdings.moments import BEIJING, show_moment
from classifier.holdings.reasons import name_rules
from classifier.holdings.seal import Seal
from classifier.holdings.summary import Tally, find_gap, read_runs
from classifier.holdings.workbook import CannotWrite, Workbook
from classifier.knowledge import RuleBook
from classifier.learn.guarantee import upper_bound

PAGE, BOOK = "report.html", "report.xlsx"
_CONFLICTS = 500
"""Groups of contradictions and copies that are written out; all are counted."""
_ON_PAGE = 30
"""Units, kinds, rules and rows of a list on the page."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a report."""

    words: bool = True
    read_minutes: float | None = None
    confirm_minutes: float = 1.0
    """Minutes of a person per paper, by the caller's own count; without them no hours are told."""


def write_report(
    ledger: Ledger, seal: Seal | None, book: RuleBook, made: dt.datetime, wish: Wish, conflicts: Iterable[Conflict] | None = None
) -> Report:
    """Write report.html and report.xlsx beside the ledger, each whole or not at all.

    Args:
        ledger: the batch.
        seal: opens the words; None leaves them out.
        book: names the rules.
        made: the moment, for the clocks and the head of the report.
        wish: what is asked for.
        conflicts: contradictions and copies, where they were looked for.

    Raises:
        BadLedger: the ledger cannot be read, or the folder cannot be written.
    """
    folder, tally = ledger.path.parent, Tally(book)
    try:
        with tempfile.TemporaryDirectory(prefix=".report", dir=folder) as beside:  # what is half written holds words too
            page, workbook = Path(beside) / PAGE, Path(beside) / BOOK
            sheets = Workbook(workbook, name_rules(book.rules))
            try:
                for item in read_items(ledger, seal, made.astimezone(BEIJING).date(), words=wish.words):
                    tally.add(item)
                    sheets.add(item)
                report = _gather(ledger, tally, made, wish, conflicts, words=wish.words and seal is not None)
            except BaseException:
                sheets.abandon()
                raise
            sheets.finish(report)
            page.write_text(render(report), encoding="utf-8")
            for done in (page, workbook):
                done.chmod(0o600)
                done.replace(folder / done.name)
    except (OSError, CannotWrite) as error:
        raise BadLedger("报告写不进去（磁盘满，或者没有写的权限）。账本是完整的；腾出空间后再试。") from error
    return report


def _gather(
    ledger: Ledger, tally: Tally, made: dt.datetime, wish: Wish, conflicts: Iterable[Conflict] | None, *, words: bool
) -> Report:
    figures, saving = tally.figures(), None
    if wish.read_minutes is not None:
        saving = Saving(wish.read_minutes, wish.confirm_minutes, figures.routes.get(Route.SUGGEST, 0))
    kept: list[Conflict] = []
    count = 0
    for count, conflict in enumerate(conflicts or (), 1):
        if count <= _CONFLICTS:
            kept.append(conflict)
    runs = read_runs(ledger)
    return Report(
        name=ledger.path.resolve().parent.name if words else wording.HIDDEN,
        made=made,
        words=words,
        runs=runs if words else tuple(replace(run, sources=(wording.HIDDEN,)) for run in runs),
        gap=find_gap(ledger),
        figures=figures,
        samples=read_states(ledger),
        conflicts=None if conflicts is None else tuple(kept),
        conflict_count=count,
        saving=saving,
    )


def read_states(ledger: Ledger) -> tuple[SampleState, ...]:
    """How far each sample of the batch is."""
    samples = sampling.read_samples(ledger)
    now = sampling.pile_of(ledger).digest if samples else ""
    states = []
    for sample in samples:
        labels = judgements.read_labels(ledger, sample)
        misses = sum(label.said is not Said.ACTIVE for label in labels)
        bound = upper_bound(misses, sample.size) if len(labels) == sample.size else None
        states.append(
            SampleState(
                sample.number,
                sample.drawn,
                sample.asked,
                sample.size,
                sample.pile.papers,
                len(labels),
                misses,
                bound,
                now != sample.pile.digest,
            )
        )
    return tuple(states)


def render(report: Report) -> str:
    """The page of a report."""
    figures = report.figures
    return _fill(
        "report.html",
        report=report,
        figures=figures,
        verdicts=tuple(Verdict),
        colours=charts.COLOURS,
        routes=tuple(Route),
        grades=tuple(Grade),
        file_states=tuple(FileState),
        levels=LEVELS,
        undated=Clock.UNDATED,
        wording=wording,
        limit=_ON_PAGE,
        share=charts.share_bar(figures.papers.verdicts, 1000),
        wide=charts.year_chart(figures.years, 1000, 260),
        narrow=charts.year_chart(figures.years, 340, 220),
        categories=charts.bar_chart([(name, papers) for name, papers, _ in figures.categories], 340),
        causes=charts.bar_chart([(wording.reason(c.code), c.papers) for c in figures.causes], 340, "#c88a00"),
    )


def render_certificate(certificate: Certificate, name: str) -> tuple[str, str]:
    """A certificate as a page to be printed and signed, and as plain text."""
    told = {"c": certificate, "s": certificate.sample, "name": name, "said": tuple(Said), "wording": wording}
    return _fill("certificate.html", **told), _fill("certificate.txt", **told)


def _fill(template: str, **told: object) -> str:
    """A filled template; everything that is put into a page is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).with_name("templates")
    room = Environment(
        loader=FileSystemLoader(folder),
        autoescape=template.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters["thousands"] = lambda number: f"{number:,}"
    room.filters["moment"] = lambda moment: show_moment(moment if isinstance(moment, str) else moment.isoformat())
    room.filters["percent"] = lambda share: f"{share:.2%}"
    return room.get_template(template).render(**told)
