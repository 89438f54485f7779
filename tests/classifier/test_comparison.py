"""Active against candidate: which decisions count, and from which model."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.comparison import compare, rows
from classifier.core.assessment import Attribute
from classifier.core.errors import BadModel
from classifier.core.settings import Settings
from classifier.learn import registry
from classifier.learn.signed import SignedDecision
from tests.review_ui.decided import small_home, words

W, A = Attribute.WITHHELD, Attribute.ACTIVE


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Model 1 active; candidate 2 has the same weights and kept case C1 out."""
    place = small_home(tmp_path, "none")
    models = place / "models" / "attribute"
    shutil.copytree(models / "1", models / "2")
    tell(place, "2", held_out={"ids": [decision("C1").mark]})
    registry.put_on_trial(place / "models", "2")
    return place


def tell(home: Path, version: str, **more) -> None:
    path = home / "models" / "attribute" / version / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"version": version, **more}), encoding="utf-8")


def decision(number: str, **change) -> SignedDecision:
    made = SignedDecision(number, words(W, 1), (), W, (), "甲科", 2024, "2026-02-01T00:00:00Z", A, "attribute/1")
    return replace(made, **change)


def test_held_out_decisions_are_judged_now_by_both(home) -> None:
    """The same weights agree; what was neither kept out nor seen by the candidate does not count."""
    told = compare(Settings(home), [decision("C1"), decision("C2")])
    assert told.held_out.papers == 1
    assert told.held_out.active == told.held_out.candidate
    assert told.later.papers == 0


def test_later_decisions_count_as_both_said_then(home) -> None:
    """Only beside the model that is active now, and only what this candidate said."""
    told = compare(
        Settings(home),
        [
            decision("C2", beside={"attribute/2": W}),
            decision("C3", beside={"attribute/2": W}, model="attribute/0"),
            decision("C4", beside={"attribute/7": W}),
        ],
    )
    assert (told.later.papers, told.later.gained, told.later.active.leaks) == (1, 1, 1)
    assert told.both.papers == 1


def test_a_kept_out_decision_counts_once(home) -> None:
    """Even if the candidate saw it come in."""
    assert compare(Settings(home), [decision("C1", beside={"attribute/2": W})]).both.papers == 1


def test_what_the_active_model_learned_from_does_not_count(home) -> None:
    """It would flatter it."""
    tell(home, "1", trained_on={"until": "2026-03-01T00:00:00Z"})
    assert compare(Settings(home), [decision("C1")]).held_out.papers == 0
    assert compare(Settings(home), [decision("C1", at="2026-03-02T00:00:00Z")]).held_out.papers == 1


def test_without_a_candidate_it_is_told(home) -> None:
    """What to run, or that there is nothing to compare."""
    with pytest.raises(BadModel, match="就是启用的"):
        compare(Settings(home), [], "1")
    (home / "models" / "attribute" / "EVALUATION").unlink()
    with pytest.raises(BadModel, match="mishen train"):
        compare(Settings(home), [])


def test_the_table_is_whole_without_decisions(home) -> None:
    """Dashes, not a division by nothing."""
    assert {cell for row in rows(compare(Settings(home), [])) for cell in row[1:]} == {"—"}
