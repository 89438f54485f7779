"""How far a batch is, in counts and sentences."""

import io

import pytest

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
    """One line for people."""
    tally = Tally(total=10, done=3, failed=1, again=1, skipped=2, rate=2.0)
    tally.verdicts["active"] = 3
    assert sentence(tally) == (
        "7/10 个文件，以前已完成 2，每秒 2.0，还需 2 秒，失败 1（待单独重试 1）；主动公开 3 · 依申请公开 0 · 不予公开 0 · 疑似涉密停止 0"
    )


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
