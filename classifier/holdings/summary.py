"""One pass over the papers of a batch, and everything a report counts comes out. Memory does not grow with the number of papers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from classifier.core.assessment import Route
from classifier.core.finding import Grade
from classifier.core.problems import BESIDE_THE_TEXT, PROBLEMS, describe
from classifier.holdings.clocks import Clock, Due
from classifier.holdings.control import is_running, true_state
from classifier.holdings.figures import NO_DATE, Cause, ClockFigure, Figures, Gap, Group, RuleFigure, Run
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.listing import Item, Verdict, plain, read_sources
from classifier.knowledge import RuleBook

SHOWN = 50
"""Rows of a list that are kept for a page; the workbook has all of them."""
_GROUPS = 20_000
"""Different issuers that are counted apart: recognition errors must not fill the memory."""
_OTHER = "其他单位（名称太多，合并计数）"
_UNKNOWN_RULE = ("—", "现在的规则库里没有这条规则")
_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
_GRADES = {grade.value: place for place, grade in enumerate(Grade)}


@dataclass(slots=True)
class _Grouping:
    """Counts by name while the papers pass."""

    counts: dict[str, list[int]] = field(default_factory=dict)

    def add(self, name: str, verdict: int, *, suggested: bool) -> None:
        """Count one paper under a name."""
        if name not in self.counts and len(self.counts) >= _GROUPS:
            name = _OTHER
        row = self.counts.setdefault(name, [0] * (len(Verdict) + 1))
        row[verdict] += 1
        row[-1] += suggested

    def groups(self) -> tuple[Group, ...]:
        """The groups, largest first."""
        found = (Group(name, tuple(row[:-1]), row[-1]) for name, row in self.counts.items())
        return tuple(sorted(found, key=lambda g: (-g.papers, g.name)))


class Tally:
    """Counts papers one by one; `figures` tells the result. Rules are named by the rule book of now."""

    def __init__(self, book: RuleBook) -> None:
        self._known = {rule.id: (rule.category.label, rule.why) for rule in book.rules}
        self._files: Counter[FileState] = Counter()
        self._last = -1
        self._routes: Counter[Route] = Counter()
        self._outside = self._unread = self._wrappers = 0
        self._all, self._years, self._units, self._kinds = _Grouping(), _Grouping(), _Grouping(), _Grouping()
        self._formats: Counter[str] = Counter()
        self._rules: dict[str, list[int]] = {}
        self._categories: dict[str, list[int]] = {}
        self._causes: Counter[str] = Counter()
        self._clocks: dict[Clock, list[int]] = {clock: [0] * len(Verdict) for clock in Clock}
        self._first: dict[Clock, list[tuple[Item, Due]]] = {clock: [] for clock in Clock}
        self._stopped: list[Item] = []
        self._failed: list[Item] = []

    def add(self, item: Item) -> None:
        """Count one paper; papers come in file order."""
        if item.file != self._last:
            self._last = item.file
            self._files[item.state] += 1
        if item.is_wrapper:
            self._wrappers += 1
            return
        verdict, suggested = _ORDER[item.verdict], item.route is Route.SUGGEST
        self._all.add("", verdict, suggested=suggested)
        self._years.add(str(item.formed.day.year) if item.formed else NO_DATE, verdict, suggested=suggested)
        self._kinds.add(item.kind or "文种不明", verdict, suggested=suggested)
        if item.unit is not None:
            self._units.add(item.unit, verdict, suggested=suggested)
        self._routes[item.route] += 1
        self._outside += not item.in_scope
        self._formats[item.format] += 1
        self._add_findings(item)
        self._causes.update(set(item.problems))
        self._unread += item.verdict is Verdict.UNREAD or any(code not in BESIDE_THE_TEXT for code in item.problems)
        for due in item.due:
            self._clocks[due.clock][verdict] += 1
            self._keep(self._first[due.clock], item, due)
        for pile, belongs in ((self._stopped, item.verdict is Verdict.STOPPED), (self._failed, item.verdict is Verdict.UNREAD)):
            if belongs and len(pile) < SHOWN:
                pile.append(item)

    def _add_findings(self, item: Item) -> None:
        families: dict[str, int] = {}
        for rule, (count, grade, _) in item.counts.items():
            row = self._rules.setdefault(rule, [0] * (2 + len(Grade)))
            row[0] += 1
            row[1] += count
            row[2 + _GRADES[grade]] += 1
            family = self._name(rule)[0]
            families[family] = families.get(family, 0) + count
        for family, count in families.items():
            row = self._categories.setdefault(family, [0, 0])
            row[0] += 1
            row[1] += count

    def _name(self, rule: str) -> tuple[str, str]:
        return self._known.get(rule.partition("@")[0], _UNKNOWN_RULE)

    @staticmethod
    def _keep(rows: list[tuple[Item, Due]], item: Item, due: Due) -> None:
        """Keep the rows that are due longest; those without a day in file order."""
        rows.append((item, due))
        if len(rows) > 4 * SHOWN:
            rows.sort(key=_longest)
            del rows[SHOWN:]

    def figures(self) -> Figures:
        """What was counted so far."""
        rules = (RuleFigure(rule, *self._name(rule), row[0], row[1], tuple(row[2:])) for rule, row in self._rules.items())
        return Figures(
            files=self._files.total(),
            states=dict(self._files),
            papers=next(iter(self._all.groups()), Group("", (0,) * len(Verdict), 0)),
            routes=dict(self._routes),
            outside=self._outside,
            unread=self._unread,
            wrappers=self._wrappers,
            years=tuple(sorted(self._years.groups(), key=lambda g: (g.name == NO_DATE, g.name))),
            units=self._units.groups(),
            kinds=self._kinds.groups(),
            formats=tuple(self._formats.most_common()),
            rules=tuple(sorted(rules, key=lambda r: (-r.papers, r.rule))),
            categories=tuple((name, row[0], row[1]) for name, row in sorted(self._categories.items(), key=lambda c: -c[1][0])),
            causes=tuple(_cause(code, count) for code, count in self._causes.most_common()),
            clocks=tuple(ClockFigure(clock, sum(row), tuple(row), self._rows(clock)) for clock, row in self._clocks.items()),
            stopped=tuple(self._stopped),
            failed=tuple(self._failed),
        )

    def _rows(self, clock: Clock) -> tuple[tuple[Item, Due], ...]:
        return tuple(sorted(self._first[clock], key=_longest)[:SHOWN])


def _longest(row: tuple[Item, Due]) -> tuple[bool, str, int, int]:
    item, due = row
    return due.day is None, due.day.isoformat() if due.day else "", item.file, item.part


def _cause(code: str, papers: int) -> Cause:
    advice = describe(code) if code in PROBLEMS else "原因没有记录。请转人工审查并告知管理员。"
    return Cause(code, advice, papers, code in BESIDE_THE_TEXT)


_RUNS = (
    "SELECT run.id, began, ended, state, sources, jobs, found, skipped, seconds, code, rules, model,"
    " (SELECT count(*) FROM file WHERE file.run = run.id) FROM run JOIN maker ON maker.id = run.maker ORDER BY run.id"
)


_UNFINISHED = ("running", "paused", "stopped", "killed")


def read_runs(ledger: Ledger) -> tuple[Run, ...]:
    """The runs of a batch, oldest first."""
    alive = is_running(ledger.path.parent)
    return tuple(
        Run(row[0], row[1], row[2], true_state(row[3], alive=alive), tuple(plain(s) for s in read_sources(row[4])), *row[5:])
        for row in ledger.read(_RUNS)
    )


def find_gap(ledger: Ledger) -> Gap | None:
    """What is missing of a batch; None when the last run over each of its sources came to its end.

    A run that people cancelled counts as long as it is the last: after that they wanted something else.
    """
    alive = is_running(ledger.path.parent)
    rows = ledger.read("SELECT sources, id, state, found, skipped FROM run ORDER BY id").fetchall()
    last = {sources: (run, true_state(state, alive=alive), found, skipped) for sources, run, state, found, skipped in rows}
    newest = rows[-1][1] if rows else 0
    for run, state, found, skipped in sorted(last.values(), reverse=True):
        if state not in _UNFINISHED and not (state == "cancelled" and run == newest):
            continue
        own, again = ledger.read(
            "SELECT count(*) FILTER (WHERE state != 'again'), count(*) FILTER (WHERE state = 'again') FROM file WHERE run = ?",
            (run,),
        ).fetchone()
        done = skipped + own
        if again or found is None or done < found or (state in ("running", "paused")):
            return Gap(found, done if found is None else min(done, found))
    return None
