"""What people say of a sample: on the list and on the desk, the stricter one stands."""

import datetime as dt
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from classifier.holdings.judgements import (
    Label,
    Said,
    count_corrections,
    find_contradicted,
    find_disputes,
    read_labels,
    record_labels,
    take_from_desk,
)
from classifier.holdings.ledger import Ledger
from classifier.holdings.sampling import BadSample, Sample, draw, find_sample
from tests.classifier.holdings.made_ledger import made_ledger, paper, row

NOW = dt.datetime(2026, 11, 24, 17, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


@dataclass(frozen=True)
class _Answer:
    """As the desk tells it."""

    number: int
    said: str
    who: str = "办公室"
    at: str = "2026-11-24T16:30:00+00:00"
    note: str = ""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return made_ledger(tmp_path, [row(f"/馆藏/{n}", paper(n)) for n in range(40)])


@pytest.fixture
def sample(ledger: Ledger) -> Sample:
    return draw(ledger, 5, "s", NOW, "")


def _said(ledger: Ledger, sample: Sample) -> dict[int, Said]:
    return {label.number: label.said for label in read_labels(ledger, sample)}


def _label(number: int, said: Said = Said.ACTIVE, who: str = "王敏", day: dt.date = TODAY) -> Label:
    return Label(number, said, who, day)


def test_the_last_label_stands_and_corrections_are_counted(ledger: Ledger, sample: Sample) -> None:
    assert record_labels(ledger, sample, [_label(1), _label(2)], NOW) == 2
    assert record_labels(ledger, sample, [_label(1), _label(2, Said.WITHHELD)], NOW) == 1
    assert [label.said for label in read_labels(ledger, sample)] == [Said.ACTIVE, Said.WITHHELD]
    assert count_corrections(ledger, sample) == 1


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (_label(6), "序号 6：第 1 次抽样只有序号 1 至 5"),
        (_label(0), "序号 0"),
        (_label(2, who=" "), "判断人"),
        (_label(2, day=TODAY + dt.timedelta(1)), "今天以后"),
    ],
)
def test_a_label_that_cannot_be_is_refused_and_the_others_of_its_list_with_it(
    ledger: Ledger, sample: Sample, bad: Label, told: str
) -> None:
    with pytest.raises(BadSample, match=told):
        record_labels(ledger, sample, [_label(1), bad], NOW)
    assert read_labels(ledger, sample) == ()


def test_labels_of_one_sample_do_not_count_for_another(ledger: Ledger) -> None:
    first, second = draw(ledger, 5, "s", NOW, ""), draw(ledger, 5, "t", NOW, "")
    record_labels(ledger, first, [_label(1)], NOW)
    assert read_labels(ledger, second) == ()
    assert find_sample(ledger, 1) == first
    assert find_sample(ledger) == second


def test_all_faults_are_told_up_to_ten(ledger: Ledger, sample: Sample) -> None:
    with pytest.raises(BadSample) as refused:
        record_labels(ledger, sample, [_label(n, who="") for n in range(1, 6)] + [_label(n) for n in range(6, 13)], NOW)
    assert "12 处要改" in refused.value.message
    assert refused.value.message.count("序号 ") == 15  # a number out of range names the range too
    assert "另有 2 处" in refused.value.message


def test_a_judgement_of_the_desk_is_taken_once(ledger: Ledger, sample: Sample) -> None:
    assert take_from_desk(ledger, sample, [_Answer(1, "active"), _Answer(2, "withheld")], NOW).new == 2
    assert take_from_desk(ledger, sample, [_Answer(1, "active"), _Answer(2, "withheld")], NOW).new == 0
    assert take_from_desk(ledger, sample, [_Answer(1, "active", at="2026-11-24T16:40:00+00:00")], NOW).new == 1
    assert _said(ledger, sample) == {1: Said.ACTIVE, 2: Said.WITHHELD}


def test_the_day_of_a_judgement_is_that_of_beijing(ledger: Ledger, sample: Sample) -> None:
    take_from_desk(ledger, sample, [_Answer(1, "active", at="2026-11-24T16:30:00+00:00")], NOW)
    assert read_labels(ledger, sample)[0].day == dt.date(2026, 11, 25)


def test_a_stricter_list_is_not_undone_by_the_desk_and_both_are_told(ledger: Ledger, sample: Sample) -> None:
    take_from_desk(ledger, sample, [_Answer(4, "active")], NOW)
    record_labels(ledger, sample, [_label(4, Said.SECRET, "张档案")], NOW)
    for new, at in ((0, "2026-11-24T16:30:00+00:00"), (1, "2026-11-24T18:00:00+00:00")):
        taken = take_from_desk(ledger, sample, [_Answer(4, "active", at=at)], NOW)
        assert taken.new == new
        assert taken.conflicts == (
            "序号 4：清单上是“疑似涉密”（张档案），审查台上是“主动公开”（办公室），已按从严的记。请核对。",
        )
        assert _said(ledger, sample) == {4: Said.SECRET}


def test_a_stricter_desk_is_not_undone_by_a_later_list(ledger: Ledger, sample: Sample) -> None:
    take_from_desk(ledger, sample, [_Answer(1, "on_request"), _Answer(2, "active")], NOW)
    record_labels(ledger, sample, [_label(1), _label(2)], NOW)
    assert _said(ledger, sample) == {1: Said.ON_REQUEST, 2: Said.ACTIVE}
    assert len(find_disputes(ledger, sample)) == 1


def test_a_dispute_ends_when_the_wrong_side_is_mended(ledger: Ledger, sample: Sample) -> None:
    take_from_desk(ledger, sample, [_Answer(1, "active")], NOW)
    record_labels(ledger, sample, [_label(1, Said.WITHHELD)], NOW)
    record_labels(ledger, sample, [_label(1)], NOW)
    assert find_disputes(ledger, sample) == ()
    assert _said(ledger, sample) == {1: Said.ACTIVE}
    assert count_corrections(ledger, sample) == 1


def test_other_samples_that_say_something_else_of_the_same_paper_are_found(ledger: Ledger) -> None:
    first, second, third = (draw(ledger, size, "same", NOW, "") for size in (5, 6, 4))
    record_labels(ledger, first, [_label(n) for n in range(1, 6)], NOW)
    record_labels(ledger, second, [_label(n, Said.SECRET if n in (2, 6) else Said.ACTIVE) for n in range(1, 7)], NOW)
    record_labels(ledger, third, [_label(1)], NOW)
    assert find_contradicted(ledger, first) == {2: (2,)}
    assert find_contradicted(ledger, third) == {}


def test_a_ledger_that_was_sampled_before_labels_had_a_source_is_read_and_goes_on(tmp_path: Path, ledger: Ledger) -> None:
    draw(ledger, 5, "s", NOW, "")
    with sqlite3.connect(tmp_path / "ledger.sqlite") as old:
        old.execute("ALTER TABLE sample_label DROP COLUMN source")
        old.execute("ALTER TABLE sample_label DROP COLUMN at")
        old.execute("INSERT INTO sample_label VALUES (1, 1, 3, 'withheld', '王敏', '2026-11-01', '', '2026-11-01')")
    again = Ledger.open(tmp_path / "ledger.sqlite")
    sample = find_sample(again)
    assert _said(again, sample) == {3: Said.WITHHELD}
    assert take_from_desk(again, sample, [_Answer(3, "active")], NOW).conflicts
    assert _said(again, sample) == {3: Said.WITHHELD}
