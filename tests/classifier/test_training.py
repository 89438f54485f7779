"""Training from decisions: what is refused, what is kept out, and that no word of a paper leaves it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute
from classifier.core.settings import Settings
from classifier.learn import registry
from classifier.learn.signed import SignedDecision, split_by_time
from classifier.pipeline import load_tools
from classifier.training import CannotTrain, Plan, Trained, prepare_decisions, train
from tests.review_ui.decided import PLACES, small_home, words


def decision(number: int, attribute: Attribute, unit: str = "") -> SignedDecision:
    at = f"2026-03-{number // 24 + 1:02}T{number % 24:02}:00:00Z"
    text = words(attribute, number)
    return SignedDecision(f"CASE-{number:03}", text, (), attribute, (), unit, 2024, at)


DECISIONS = [decision(n, list(Attribute)[n % 3], f"科室{n % 7}") for n in range(60)]
DECISIONS[10] = replace(
    DECISIONS[10], attribute=Attribute.WITHHELD if DECISIONS[10].attribute is Attribute.ACTIVE else Attribute.ACTIVE
)
"""A planted error: a paper of one kind, signed as another."""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return small_home(tmp_path_factory.mktemp("training"))


@pytest.fixture(scope="module")
def trained(home) -> Trained:
    return train(Plan("2"), Settings(home), DECISIONS)


def test_the_folder_is_a_model_that_loads(home, trained) -> None:
    """Manifest, weights and card; nothing is activated or put on trial by training itself."""
    assert registry.load(home / "models", "2").version == "attribute/2"
    assert registry.active_version(home / "models") == "1"
    assert registry.trial_version(home / "models") is None


def test_the_manifest_counts_and_hashes(home, trained) -> None:
    """What it was trained on, seed, fingerprint, and held-out decisions as hashes that compare can find again."""
    told = json.loads((trained.folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["trained_on"]["decisions"] == 48
    assert told["trained_on"]["weight"] == 3.0
    assert told["trained_on"]["until"] == max(d.at for d in split_by_time(DECISIONS, 0.2).taught)
    assert told["held_out"]["ids"] == [d.mark for d in split_by_time(DECISIONS, 0.2).held_out]
    assert told["seed"] == 7
    assert len(told["decisions"]) == 16


def test_no_word_of_a_paper_is_in_the_folder(trained) -> None:
    """No text, no place, no case number, no unit."""
    said = (trained.folder / "manifest.json").read_text(encoding="utf-8") + (trained.folder / "CARD.md").read_text(
        encoding="utf-8"
    )
    assert not any(word in said for word in (*PLACES, "节水", "泵站", "CASE-", "科室0"))
    assert "Signed decisions of the bureau: 48" in said


def test_held_out_decisions_are_never_trained_on(home, trained) -> None:
    """Whatever was signed under them, the weights are the same; what was trained on moves them."""
    marks = {d.mark for d in split_by_time(DECISIONS, 0.2).held_out}

    def turned(held_out: bool) -> list[SignedDecision]:
        return [
            replace(d, attribute=Attribute.ACTIVE) if (d.mark in marks) is held_out and d.number > "CASE-020" else d
            for d in DECISIONS
        ]

    first = registry.load(home / "models", "2").weights
    train(Plan("3"), Settings(home), turned(held_out=True))
    assert (registry.load(home / "models", "3").weights == first).all()
    train(Plan("4"), Settings(home), turned(held_out=False))
    assert (registry.load(home / "models", "4").weights != first).any()


def test_a_planted_error_is_a_suspect(trained) -> None:
    """With its number; honest papers of the same kind are not."""
    numbers = [number for number, _ in trained.suspects]
    assert "CASE-010" in numbers
    assert len(numbers) <= 6


def test_too_few_decisions_are_refused(home) -> None:
    """With the count and what to do; equal texts count once."""
    with pytest.raises(CannotTrain, match="只有 29 件，至少要 30 件"):
        train(Plan("5"), Settings(home), DECISIONS[:29])
    same = [replace(d, number=f"X{d.number}") for d in DECISIONS[:29]]
    with pytest.raises(CannotTrain, match="29 件与别的件文字相同"):
        train(Plan("5"), Settings(home), DECISIONS[:29] + same)
    assert not (home / "models" / "attribute" / "5").exists()


def test_a_missing_attribute_is_named(home) -> None:
    """A model that never saw one cannot tell it."""
    open_only = [decision(n, Attribute.ACTIVE) for n in range(40)]
    with pytest.raises(CannotTrain, match="没有“依申请公开”“不予公开”的文件"):
        train(Plan("5"), Settings(home), open_only)


def test_a_paper_with_a_secrecy_mark_teaches_nothing(home) -> None:
    """Such a text should not be in a store; if it is, it is left out and counted."""
    marked = replace(DECISIONS[0], text="机密★10年\n\n" + DECISIONS[0].text)
    prepared = prepare_decisions([marked, DECISIONS[1]], load_tools(Settings(home), with_model=False), 3.0)
    assert prepared.ids == ("CASE-001",)


def test_groups_are_units_where_there_are_enough(home) -> None:
    """Else each paper stands for itself: one unit cannot be held out of itself."""
    tools = load_tools(Settings(home), with_model=False)
    assert {e.group for e in prepare_decisions(DECISIONS[:14], tools, 1.0).examples} == {f"unit/科室{n}" for n in range(7)}
    assert (
        len({e.group for e in prepare_decisions([replace(d, unit="办公室") for d in DECISIONS[:14]], tools, 1.0).examples}) == 14
    )


def test_scripts_train_shares_the_way_and_prints_suspects(home) -> None:
    """The developers' tool: same folder, our own papers' ids only."""
    script = Path(__file__).resolve().parents[2] / "scripts" / "train"
    done = subprocess.run(
        [sys.executable, str(script), "--home", str(home), "--version", "s", "--suspects"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "label suspects:" in done.stdout
    told = json.loads((home / "models" / "attribute" / "s" / "manifest.json").read_text(encoding="utf-8"))
    assert told["trained_on"]["decisions"] == 0
    assert registry.active_version(home / "models") == "1"
