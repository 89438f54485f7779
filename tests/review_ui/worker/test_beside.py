"""A candidate model beside the active one: recorded, shown to nobody, and never in the way."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from classifier.core.assessment import Attribute
from classifier.core.settings import Settings
from classifier.learn import registry
from classifier.pipeline import load_tools
from review_ui.flow import Role
from review_ui.store.tables import ShadowOpinion
from review_ui.worker import beside, look
from review_ui.worker.beside import Opinion

from .. import decided
from ..conftest import ROOT, SECRET, fake_look

SAID = Opinion("attribute/9", Attribute.WITHHELD, 0.75)
PAPER = decided.words(Attribute.ACTIVE, 1)


def engine_saying(said: Opinion | None):
    """The fake engine with a candidate's word beside each readable paper."""

    def engine(paths):
        for path in paths:
            sight = fake_look(path)
            yield SimpleNamespace(value=sight if sight.blocked else replace(sight, beside=said), error=None)

    return engine


def opinions(bureau) -> list[ShadowOpinion]:
    with bureau.database.reading() as session:
        return list(session.scalars(select(ShadowOpinion)))


def test_the_candidates_word_is_recorded_and_moves_nothing(bureau) -> None:
    """One row; attribute and route of the case are the active model's; no page or event shows the other word."""
    no = bureau.upload("关于绿化的通知\n全文。\n")
    bureau.work(engine_saying(SAID))
    [kept] = opinions(bureau)
    assert (kept.case_no, kept.model, kept.attribute, kept.confidence) == (no, "attribute/9", "withheld", 0.75)
    row = bureau.row(no)
    assert (row.machine, row.route) == ("active", "review")
    shown = bureau.visit(Role.DRAFTER).get(f"/case/{no}").get_data(as_text=True)
    assert "attribute/9" not in shown
    assert "0.75" not in shown
    assert "75%" not in shown


def test_a_fault_is_a_code_in_the_log(bureau, caplog) -> None:
    """The case lands as ever."""
    no = bureau.upload("关于绿化的通知\n全文。\n")
    with caplog.at_level(logging.WARNING, "review_ui.worker"):
        bureau.work(engine_saying(Opinion("attribute/9", fault="bad_model")))
    assert bureau.row(no).stage == "received"
    assert opinions(bureau) == []
    assert f"candidate attribute/9 said nothing of case {no}: bad_model" in caplog.text
    assert "绿化" not in caplog.text


def test_a_blocked_paper_has_no_opinion(bureau) -> None:
    """Nothing is kept of it."""
    bureau.upload(f"{SECRET}\n方案\n")
    bureau.work(engine_saying(SAID))
    assert opinions(bureau) == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """A data home whose model 1 also stands as candidate 2, and a desk that uses it."""
    place = decided.small_home(tmp_path, "none")
    models = place / "models"
    manifest = json.loads((models / "attribute" / "1" / "manifest.json").read_text())
    (models / "attribute" / "2").mkdir()
    (models / "attribute" / "2" / "weights.npz").write_bytes((models / "attribute" / "1" / "weights.npz").read_bytes())
    (models / "attribute" / "2" / "manifest.json").write_text(json.dumps(manifest | {"version": "2"}))
    tools = load_tools(Settings(place))
    monkeypatch.setattr(beside, "default_tools", lambda: tools)
    monkeypatch.setattr(look, "default_tools", lambda: tools)
    beside._tools.cache_clear()
    return place


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "公告.txt"
    path.write_text(PAPER, encoding="utf-8")
    return path


def test_without_a_candidate_nothing_is_asked(home, paper) -> None:
    """No pointer, no opinion."""
    assert look.look(paper).beside is None


def test_a_candidate_is_asked_of_what_was_read(home, paper) -> None:
    """The same weights say the same as the active model; the opinion survives the pipe."""
    registry.put_on_trial(home / "models", "2")
    sight = look.accept(paper, json.loads(json.dumps(look.look_as_json(paper))))
    assert sight.assessment is not None
    assert sight.beside == Opinion("attribute/2", Attribute(sight.assessment["attribute"]), sight.assessment["confidence"])


@pytest.mark.parametrize("pointer", ["3", "../../etc", ""])
def test_a_broken_candidate_costs_nothing_but_a_code(home, paper, pointer: str) -> None:
    """A missing folder, a name that is none, an empty pointer: the active model's verdict stands alone."""
    (home / "models" / "attribute" / "EVALUATION").write_text(pointer + "\n")
    sight = look.accept(paper, json.loads(json.dumps(look.look_as_json(paper))))
    assert sight.assessment is not None
    assert sight.beside is None if not pointer else sight.beside.fault == "bad_model"


def test_a_candidate_that_fails_while_judging_costs_nothing(home, paper, monkeypatch) -> None:
    """Whatever it raises, the case lives."""
    registry.put_on_trial(home / "models", "2")
    monkeypatch.setattr(beside, "glance", lambda *_: 1 / 0)
    assert look.look(paper).beside == Opinion("attribute/2", fault="internal")


def test_a_long_paper_is_not_read_twice(home, paper, monkeypatch) -> None:
    """The second look would eat the time of the first."""
    registry.put_on_trial(home / "models", "2")
    monkeypatch.setattr(beside, "MOST_CHARS", 10)
    assert look.look(paper).beside == Opinion("attribute/2", fault="long")


@pytest.mark.parametrize(
    "change",
    [
        {"model": "other/2"},
        {"model": "attribute/../x"},
        {"attribute": "open"},
        {"confidence": 7},
        {"confidence": "x"},
        {"fault": "密" * 3},
        {"fault": None},
    ],
)
def test_a_forged_opinion_is_refused(change: dict) -> None:
    """The child read a stranger's file."""
    with pytest.raises((ValueError, TypeError)):
        beside.accept(beside.as_json(SAID) | change)
    assert beside.accept(beside.as_json(SAID)) == SAID


CAGED = """
import sys
from pathlib import Path
from classifier.batch import run
from classifier.pipeline import warm
from review_ui.worker.look import accept, look_as_json

if __name__ == "__main__":
    for outcome in run(look_as_json, [Path(sys.argv[1])] * 2, jobs=1, seconds=60, accept=accept, warm=warm):
        said = outcome.value and outcome.value.beside
        print(outcome.error, said and (said.model, said.fault, said.attribute is not None))
"""


def test_the_cage_lets_a_candidate_be_read(home, paper, tmp_path) -> None:
    """In life the opinion is made in the caged child, which may read models/ and write nothing."""
    registry.put_on_trial(home / "models", "2")
    script = tmp_path / "caged.py"
    script.write_text(CAGED)
    env = {**os.environ, "MISHEN_DATA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script), str(paper)], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.splitlines() == ["None ('attribute/2', '', True)"] * 2
