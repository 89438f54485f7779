"""How far a batch is, in counts and sentences."""

import io
from types import SimpleNamespace

import pytest

from classifier.core.assessment import Attribute, Route
from classifier.holdings.ledger import FileState
from classifier.holdings.progress import Counter, Show, Tally, duration, sentence


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_come_from_the_recent_past() -> None:
    """A slow start is forgotten after half a minute."""
    clock = _Clock()
    counter = Counter(clock)
    counter.tally.total = 1000
    for _ in range(100):
        clock.now += 1.0
        for _ in range(5):
            counter.count(FileState.DONE, ())
        told = counter.look()
    assert told.rate == pytest.approx(5.0)
    assert told.left == pytest.approx(100.0)


def test_what_is_known_already_does_not_count_as_work() -> None:
    """Skipped files bring the end nearer and leave the rate alone."""
    clock = _Clock()
    counter = Counter(clock)
    counter.tally.total, counter.tally.skipped = 100, 90
    clock.now += 20.0
    counter.count(FileState.DONE, ())
    clock.now += 2.0
    counter.count(FileState.DONE, ())
    assert counter.look().rate == pytest.approx(0.5)
    assert counter.look().left == pytest.approx(16.0)


def test_the_sentence_tells_counts_failures_and_verdicts() -> None:
    """One line for people; the verdicts are those of this run."""
    tally = Tally(total=10, done=3, failed=1, again=1, skipped=2, rate=2.0)
    tally.verdicts.update(active=3, unread=1)
    assert sentence(tally) == (
        "7/10 个文件，以前已完成 2，本次 5，每秒 2.0，还需 2 秒，失败 1（待单独重试 1）；"
        "本次：主动公开 3 · 依申请公开 0 · 不予公开 0 · 疑似涉密停止 0 · 没有读到 1"
    )


def test_a_run_that_stops_tells_what_is_left_and_no_time() -> None:
    """Nothing goes on, so nothing takes 0 seconds more."""
    told = sentence(Tally(total=421, done=409, rate=56.8, over=True))
    assert "还有 12 个没有处理" in told
    assert "还需" not in told


@pytest.mark.parametrize(("done", "rate"), [(421, 9.0), (420, 9.0), (3, 0.0)])
def test_no_time_left_is_not_told(done: int, rate: float) -> None:
    """`还需 0 秒` says nothing, and without a rate nobody knows."""
    assert "还需" not in sentence(Tally(total=421, done=done, rate=rate))


def _paper(attribute: Attribute | None, chars: int, *problems: str) -> SimpleNamespace:
    return SimpleNamespace(
        attribute=attribute, chars=chars, problems=problems, route=Route.REVIEW if attribute else Route.BLOCKED
    )


@pytest.mark.parametrize(
    ("state", "paper", "counted"),
    [
        (FileState.DONE, _paper(Attribute.ACTIVE, 9), "active"),
        (FileState.DONE, _paper(Attribute.WITHHELD, 9, "part_unread"), "withheld"),
        (FileState.DONE, _paper(Attribute.WITHHELD, 0, "encrypted"), "unread"),
        (FileState.DONE, _paper(Attribute.ACTIVE, 0), None),
        (FileState.FAILED, _paper(Attribute.WITHHELD, 0), "unread"),
        (FileState.FAILED, _paper(None, 0), "blocked"),
    ],
)
def test_papers_are_counted_as_the_report_counts(state: FileState, paper: SimpleNamespace, counted: str | None) -> None:
    """Containers are no papers; what nobody read has no verdict."""
    counter = Counter(_Clock())
    counter.count(state, (paper,))
    assert [kind for kind, count in counter.tally.verdicts.items() if count] == ([counted] if counted else [])
    assert counter.tally.papers == (counted is not None)


def test_a_tally_survives_the_ledger() -> None:
    """Another terminal reads what this one wrote, and a newer version's words do no harm."""
    tally = Tally(total=10, done=3)
    assert Tally.of(tally.to_json()) == tally
    assert Tally.of('{"done": 4, "something_new": 1}').done == 4
    assert Tally.of(None) == Tally()


@pytest.mark.parametrize(("seconds", "words"), [(59, "59 秒"), (61, "1 分 01 秒"), (3 * 3600 + 120, "3 小时 02 分")])
def test_durations_are_words(seconds: float, words: str) -> None:
    """As people say them."""
    assert duration(seconds) == words


def test_a_log_gets_a_line_now_and_then() -> None:
    """Not one for every file."""
    clock, stream = _Clock(), io.StringIO()
    with Show(stream, clock=clock) as show:
        for _ in range(25):
            clock.now += 1.0
            show.update(Tally())
    assert stream.getvalue().count("\n") == 2


def test_quiet_is_quiet() -> None:
    """Nothing at all."""
    stream = io.StringIO()
    with Show(stream, quiet=True) as show:
        show.update(Tally(), now=True)
        show.say("x")
    assert stream.getvalue() == ""
