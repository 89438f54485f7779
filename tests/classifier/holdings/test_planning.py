"""Each file gets as little work as can be proved enough; what cannot be proved is read again."""

import datetime as dt
from dataclasses import replace

import pytest

from classifier.core.assessment import Attribute, Route
from classifier.holdings.blooms import Need, bloom
from classifier.holdings.ledger import Entry, FileState, Paper
from classifier.holdings.planning import OldFile, Work, _day, plan
from classifier.holdings.recipes import Change

TODAY = dt.date(2026, 11, 24)
PAPER = Paper(
    part=0, sha256=b"1", format="txt", pages=None, chars=9, attribute=Attribute.ACTIVE, route=Route.SUGGEST, confidence=0.9,
    in_scope=True, kind=None, issued=None, level=None, period=None, declared=None, problems=(), counts="{}", number_key=None,
    title_key=None, carried_key=None, label=None, verdict=b"", sketch=None, bloom=bloom("关于采购的通知"), vault=b"v",
)  # fmt: skip
FILE = OldFile(1, Entry(b"/a", 1, 1), b"1", FileState.DONE, 1, 0.1, 7, TODAY, (PAPER,))
BLOCKED = replace(PAPER, attribute=None, route=Route.BLOCKED, bloom=None, vault=None)
NEED = Need((frozenset({"采购"}),))
ELSEWHERE = Need((frozenset({"值班"}),))


def _work(file: OldFile, change: Change, today: dt.date = TODAY) -> Work:
    [(_, work)] = plan(iter([file]), {7: change}, today, bytes)
    return work


@pytest.mark.parametrize(
    ("change", "work"),
    [
        (Change(), Work.KEEP),
        (Change(needs=(ELSEWHERE,), rules=("a.b",)), Work.KEEP),
        (Change(needs=(NEED,), rules=("a.b",)), Work.SEARCH),
        (Change(needs=(ELSEWHERE,), rules=("a.b",), judging=True), Work.SCORE),
        (Change(needs=(NEED,), judging=True), Work.SEARCH),
        (Change(searching=True), Work.SEARCH),
        (Change(reading=True), Work.READ),
    ],
)
def test_a_paper_gets_the_least_that_is_enough(change: Change, work: Work) -> None:
    """By what changed and what words it has."""
    assert _work(FILE, change) is work


def test_an_old_finding_of_a_changed_rule_counts() -> None:
    """Whatever its words are said to be."""
    file = replace(FILE, papers=(replace(PAPER, counts='{"a.b@1":[1,"confirmed","review"]}'),))
    assert _work(file, Change(needs=(ELSEWHERE,), rules=("a.b",))) is Work.SEARCH
    assert _work(file, Change(needs=(ELSEWHERE,), rules=("a.bc",))) is Work.KEEP


def test_a_family_goes_together() -> None:
    """The outer file is as closed as its worst member: one touched member, and all are judged again."""
    member = replace(PAPER, part=1, bloom=bloom("值班安排"))
    assert _work(replace(FILE, papers=(PAPER, member)), Change(needs=(ELSEWHERE,))) is Work.SEARCH


def test_what_was_not_kept_is_read_if_it_is_touched() -> None:
    """And left alone if it is not."""
    file = replace(FILE, papers=(replace(PAPER, vault=None),))
    assert _work(file, Change(needs=(NEED,))) is Work.READ
    assert _work(file, Change(needs=(ELSEWHERE,))) is Work.KEEP
    assert _work(file, Change(judging=True)) is Work.READ


def test_a_blocked_file_is_read_when_any_rule_changed() -> None:
    """Nothing of it was kept, so nobody knows its words; a model never sees it."""
    file = replace(FILE, papers=(BLOCKED,))
    assert _work(file, Change(needs=(ELSEWHERE,))) is Work.READ
    assert _work(file, Change(judging=True, causes=("model",))) is Work.KEEP


def test_a_blocked_file_is_read_when_the_law_changed() -> None:
    """Its verdict cites the law as it stood."""
    assert _work(replace(FILE, papers=(BLOCKED,)), Change(judging=True, causes=("law",))) is Work.READ


def test_a_run_is_of_one_day_by_the_clock_of_the_machine() -> None:
    """Whatever zone its moments were written in; over midnight it is of none."""
    now = dt.datetime(2026, 11, 24, 12).astimezone()
    beijing, utc = (now.astimezone(dt.timezone(dt.timedelta(hours=h))).isoformat() for h in (8, 0))
    assert _day(beijing, utc) == now.date()
    assert _day(beijing, None) is None
    assert _day(beijing, (now + dt.timedelta(1)).isoformat()) is None


def test_a_period_of_secrecy_may_have_run_out_since() -> None:
    """On the same day it has not; a mark taken for run out holds again only if the clock goes back."""
    timed = replace(FILE, papers=(replace(BLOCKED, period="10年"),))
    assert _work(timed, Change()) is Work.KEEP
    assert _work(timed, Change(), TODAY + dt.timedelta(1)) is Work.READ
    expired = replace(FILE, papers=(replace(PAPER, counts='{"marking.expired@1":[1,"suspected","review"]}'),))
    assert _work(expired, Change(), TODAY + dt.timedelta(1)) is Work.KEEP
    assert _work(expired, Change(), TODAY - dt.timedelta(1)) is Work.SEARCH


@pytest.mark.parametrize("state", [FileState.AGAIN, FileState.FAILED])
def test_a_file_of_which_nothing_is_known_is_read(state: FileState) -> None:
    """A full run would try it again too."""
    assert _work(replace(FILE, state=state), Change()) is Work.READ
