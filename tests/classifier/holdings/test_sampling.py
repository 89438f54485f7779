"""The elusion sample: chance that can be replayed, frozen once drawn."""

import datetime as dt
import random
from collections import Counter
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute, Route
from classifier.holdings.ledger import FileState, Ledger
from classifier.holdings.sampling import BadSample, draw, find_sample, number_of, order_key, pile_of, read_drawn, read_samples
from tests.classifier.holdings.made_ledger import add_run, blocked, made_ledger, paper, row

NOW = dt.datetime(2026, 11, 24, 17, 0, tzinfo=dt.UTC)


def _ledger(folder: Path, count: int = 40, *, shuffled: bool = False) -> Ledger:
    rows = [row(f"/馆藏/{n}", paper(n)) for n in range(count)]
    if shuffled:
        random.Random(1).shuffle(rows)
    folder.mkdir(exist_ok=True)
    return made_ledger(folder, rows)


def test_the_pile_is_what_was_read_and_needs_only_a_click_for_active(tmp_path: Path) -> None:
    rows = [
        row("/馆藏/a", paper(1)),
        row("/馆藏/b", paper(2, route=Route.REVIEW)),
        row("/馆藏/c", paper(3, attribute=Attribute.ON_REQUEST)),
        row("/馆藏/d.zip", paper(4, chars=0, format="zip"), paper(5, part=1)),
        row("/馆藏/e", blocked(6)),
        row("/馆藏/f", paper(7), state=FileState.FAILED),
        row("/馆藏/copy of a", paper(1)),
    ]
    pile = pile_of(made_ledger(tmp_path, rows))
    assert (pile.papers, pile.copies) == (2, 3)


def test_the_same_seed_draws_the_same_papers_in_whatever_order_files_were_found(tmp_path: Path) -> None:
    one, other = _ledger(tmp_path / "a"), _ledger(tmp_path / "b", shuffled=True)
    drawn = [[d.sha256 for d in read_drawn(ledger, draw(ledger, 10, "种子", NOW, ""))] for ledger in (one, other)]
    assert drawn[0] == drawn[1]
    assert read_samples(one)[0].list_digest == read_samples(other)[0].list_digest
    third = draw(one, 10, "另一个", NOW, "")
    assert [d.sha256 for d in read_drawn(one, third)] != drawn[0]


def test_every_paper_is_drawn_equally_often() -> None:
    """300 seeds, 5 of 20 papers: each is drawn about 75 times (chi square far from what chance forbids)."""
    hashes = [bytes([n]) * 32 for n in range(20)]
    counts = Counter(h for seed in range(300) for h in sorted(hashes, key=lambda s: order_key(str(seed), s, 0))[:5])
    square = sum((counts[h] - 75) ** 2 / 75 for h in hashes)
    assert square < 45


def test_a_sample_stays_as_it_was_when_the_batch_goes_on(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    sample = draw(ledger, 10, "s", NOW, "指定抽取 10 件")
    before = read_drawn(ledger, sample)
    add_run(ledger, [row(f"/馆藏/{n}", paper(n, attribute=Attribute.WITHHELD)) for n in range(40)])
    assert read_drawn(ledger, sample) == before
    assert find_sample(ledger) == sample
    assert pile_of(ledger).digest != sample.pile.digest


def test_a_run_with_the_same_results_leaves_the_pile_the_same(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    digest = pile_of(ledger).digest
    add_run(ledger, [row(f"/馆藏/{n}", paper(n)) for n in reversed(range(40))])
    assert pile_of(ledger).digest == digest


def test_a_sample_larger_than_the_pile_is_the_whole_pile(tmp_path: Path) -> None:
    sample = draw(_ledger(tmp_path, 7), 300, "s", NOW, "")
    assert sample.size == sample.pile.papers == 7


def test_an_empty_pile_gives_no_sample(tmp_path: Path) -> None:
    with pytest.raises(BadSample, match="没有可以抽样"):
        draw(made_ledger(tmp_path, [row("/馆藏/a", blocked(1))]), 5, "s", NOW, "")


def test_what_made_the_verdicts_is_recorded(tmp_path: Path) -> None:
    assert draw(_ledger(tmp_path), 5, "s", NOW, "").makers == (("0.9.0", "a1b2c3d4e5f6", "attribute/4"),)


def test_a_ledger_without_a_sample_says_so(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    assert read_samples(ledger) == ()
    with pytest.raises(BadSample, match="还没有抽样"):
        find_sample(ledger)


def test_a_drawn_paper_has_the_number_of_the_report(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, [row("/馆藏/a", blocked(9)), row("/馆藏/b.zip", paper(1, chars=0), paper(2, part=1))])
    (drawn,) = read_drawn(ledger, draw(ledger, 1, "s", NOW, ""))
    assert number_of(ledger, drawn) == "2-1"
    add_run(ledger, [row("/馆藏/b.zip", paper(5))])
    assert number_of(ledger, drawn) == ""
