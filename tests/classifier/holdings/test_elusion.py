"""The certificate: an exact bound, or a refusal."""

import datetime as dt
import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute
from classifier.holdings.elusion import Certificate, Unfinished, certify
from classifier.holdings.judgements import Label, Said, record_labels, take_from_desk
from classifier.holdings.ledger import Ledger
from classifier.holdings.report import render_certificate
from classifier.holdings.sampling import BadSample, Sample, draw, read_drawn
from classifier.learn.guarantee import upper_bound
from tests.classifier.holdings.made_ledger import SEAL, add_run, blocked, made_ledger, paper, row

NOW = dt.datetime(2026, 11, 24, 17, 0, tzinfo=dt.UTC)


def _drawn(folder: Path, pile: int, size: int) -> tuple[Ledger, Sample]:
    ledger = made_ledger(folder, [row(f"/馆藏/{n}", paper(n)) for n in range(pile)])
    return ledger, draw(ledger, size, "s", NOW, f"指定抽取 {size} 件")


def _judge(ledger: Ledger, sample: Sample, wrong: dict[int, Said] | None = None, up_to: int | None = None) -> None:
    said = wrong or {}
    labels = [
        Label(n, said.get(n, Said.ACTIVE), "王敏", NOW.date(), "含身份证号" if n in said else "")
        for n in range(1, (up_to or sample.size) + 1)
    ]
    record_labels(ledger, sample, labels, NOW)


def _certified(folder: Path, pile: int, size: int, wrong: dict[int, Said] | None = None) -> Certificate:
    ledger, sample = _drawn(folder, pile, size)
    _judge(ledger, sample, wrong)
    return certify(ledger, SEAL, NOW)


def test_it_refuses_while_labels_are_missing_and_says_how_many(tmp_path: Path) -> None:
    ledger, sample = _drawn(tmp_path, 50, 20)
    _judge(ledger, sample, up_to=13)
    with pytest.raises(Unfinished, match="还有 7 件"):
        certify(ledger, SEAL, NOW)


def test_299_papers_without_a_miss_bound_the_misses_at_one_percent(tmp_path: Path) -> None:
    made = _certified(tmp_path, 900, 299)
    assert 0.0099 < made.open_claim.bound <= 0.01
    assert made.open_claim.at_most == math.floor(made.open_claim.bound * 900)
    assert [(p.papers, p.is_reached) for p in made.prices] == [(299, True), (598, False), (900, False)]
    assert made.prices[2].is_whole_pile


def test_every_miss_is_listed_and_the_closed_ones_are_bounded_apart(tmp_path: Path) -> None:
    made = _certified(tmp_path, 500, 100, {3: Said.WITHHELD, 8: Said.ON_REQUEST})
    assert (made.open_claim.misses, made.closed_claim.misses) == (2, 1)
    assert made.open_claim.bound == upper_bound(2, 100)
    assert made.closed_claim.bound == upper_bound(1, 100)
    assert [(m.number, m.said) for m in made.misses] == [(3, Said.WITHHELD), (8, Said.ON_REQUEST)]
    assert all(m.name and m.path for m in made.misses)


def test_a_miss_that_may_be_a_state_secret_is_named_by_its_number_only(tmp_path: Path) -> None:
    made = _certified(tmp_path, 50, 20, {4: Said.SECRET})
    (miss,) = made.misses
    assert (miss.number, miss.name, miss.path, miss.note) == (4, None, None, "")


def test_a_pile_that_was_looked_at_whole_has_a_share_and_no_chance(tmp_path: Path) -> None:
    made = _certified(tmp_path, 20, 300, {2: Said.WITHHELD})
    assert made.is_census
    assert made.open_claim.bound == 1 / 20
    assert made.open_claim.at_most == 1
    page, _ = render_certificate(made, "批次")
    assert "没有抽样误差" in page


def test_a_pile_that_changed_since_the_draw_is_told(tmp_path: Path) -> None:
    ledger, sample = _drawn(tmp_path, 50, 20)
    _judge(ledger, sample)
    add_run(ledger, [row("/馆藏/3", paper(3, attribute=Attribute.WITHHELD))])
    made = certify(ledger, SEAL, NOW)
    assert made.has_changed
    page, text = render_certificate(made, "批次")
    for told in (page, text):
        assert "只对抽样时的那一堆成立" in told
        assert sample.pile.digest in told


def test_a_miss_whose_file_was_stopped_since_is_not_named(tmp_path: Path) -> None:
    ledger, sample = _drawn(tmp_path, 5, 5)
    _judge(ledger, sample, dict.fromkeys(range(1, 6), Said.WITHHELD))
    add_run(ledger, [row("/馆藏/3", blocked(3))])
    names = [miss.path for miss in certify(ledger, SEAL, NOW).misses]
    assert names.count(None) == 1
    assert "/馆藏/3" not in names


def test_other_samples_of_the_batch_are_told(tmp_path: Path) -> None:
    ledger, first = _drawn(tmp_path, 50, 20)
    _judge(ledger, first, {1: Said.WITHHELD})
    missed = read_drawn(ledger, first)[0].sha256
    second = draw(ledger, 10, "t", NOW, "")
    _judge(ledger, second, {d.number: Said.WITHHELD for d in read_drawn(ledger, second) if d.sha256 == missed})
    made = certify(ledger, SEAL, NOW)
    assert [(o.sample.number, o.labelled, o.misses) for o in made.others] == [(1, 20, 1)]
    assert "其他抽样" in render_certificate(made, "批次")[1]


@pytest.mark.parametrize(("pile", "size", "misses"), [(60, 30, 0), (60, 30, 2), (200, 100, 5), (1000, 299, 1), (40, 39, 3)])
def test_the_binomial_bound_is_careful_for_a_finite_pile(pile: int, size: int, misses: int) -> None:
    """With more misses in the pile than the bound allows, so few in the sample come by chance less than once in twenty."""
    most = math.floor(upper_bound(misses, size) * pile + 1e-9)
    bad = most + 1
    chance = sum(math.comb(bad, k) * math.comb(pile - bad, size - k) for k in range(misses + 1)) / math.comb(pile, size)
    assert chance <= 0.05


def test_hostile_words_cannot_leave_their_place_in_the_page(tmp_path: Path) -> None:
    ledger, sample = _drawn(tmp_path, 20, 5)
    evil = '"><script>alert(1)</script>'
    record_labels(ledger, sample, [Label(n, Said.WITHHELD, evil, NOW.date(), evil) for n in range(1, 6)], NOW)
    page, text = render_certificate(certify(ledger, SEAL, NOW), evil)
    assert "<script" not in page
    assert "&lt;script" in page
    assert "有 95% 的把握" in text


def test_samples_that_contradict_one_another_certify_nothing(tmp_path: Path) -> None:
    ledger, first = _drawn(tmp_path, 20, 20)
    _judge(ledger, first, dict.fromkeys((3, 8, 9), Said.WITHHELD))
    _judge(ledger, draw(ledger, 20, "s", NOW, ""))
    for number in (1, 2):
        with pytest.raises(BadSample, match=r"第 1 次与第 2 次抽样对同一件的判断不同（3 件），请先核对。.*序号 3、8、9"):
            certify(ledger, SEAL, NOW, number)


def test_a_bound_below_the_misses_that_are_known_is_not_offered_for_more_work(tmp_path: Path) -> None:
    made = _certified(tmp_path, 64, 30, {2: Said.WITHHELD})
    assert [p.is_impossible for p in made.prices] == [True, True, True]
    for told in render_certificate(made, "批次"):
        assert "已发现 1 件漏判，占这一堆的 1.56%，先改判并移出后重新运行、重新抽样，才可能说不超过 1%。" in told
        assert "要把这一堆全部看完" not in told


def test_a_bound_above_the_misses_that_are_known_keeps_its_price(tmp_path: Path) -> None:
    made = _certified(tmp_path, 150, 60, {2: Said.WITHHELD})
    assert [p.is_impossible for p in made.prices] == [False, True, True]


def test_what_list_and_desk_say_differently_is_told_on_the_certificate(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Answer:
        number: int = 2
        said: str = "withheld"
        who: str = "办公室"
        at: str = "2026-11-24T10:00:00+00:00"
        note: str = ""

    ledger, sample = _drawn(tmp_path, 20, 5)
    _judge(ledger, sample)
    take_from_desk(ledger, sample, [Answer()], NOW)
    made = certify(ledger, SEAL, NOW)
    assert made.open_claim.misses == 1
    assert all("清单与审查台判断不同" in told for told in render_certificate(made, "批次"))


def test_moments_are_those_of_beijing(tmp_path: Path) -> None:
    for told in render_certificate(_certified(tmp_path, 20, 5), "批次"):
        assert "出具于 2026-11-25 01:00" in told


def test_a_list_that_is_not_what_was_drawn_certifies_nothing(tmp_path: Path) -> None:
    """One paper exchanged for another in the ledger: the digest of the draw gives it away."""
    ledger, sample = _drawn(tmp_path, 30, 5)
    _judge(ledger, sample)
    with closing(sqlite3.connect(ledger.path)) as connection, connection:
        connection.execute("UPDATE sample_item SET sha256 = zeroblob(32) WHERE number = 3")
    with pytest.raises(BadSample, match="与抽取时不一致"):
        certify(ledger, SEAL, NOW)
