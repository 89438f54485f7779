"""From signed cases to an active model by the command line: train, compare, refuse, promote, go back; and the audit chain of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from classifier.cli import cli as mishen
from classifier.core.assessment import Attribute
from classifier.core.errors import BadModel, BadSettings
from classifier.learn import registry
from classifier.learn.signed import split_by_time
from review_ui import cli as desk
from review_ui.flow import Role
from review_ui.store import audit
from review_ui.store.place import prepare
from review_ui.store.tables import AuditEvent, LabelSuspect, ShadowOpinion

from . import decided


@pytest.fixture
def office(bureau, tmp_path, monkeypatch):
    """A store of 36 finished cases, one of them signed wrongly, and a small data home; the commands find both."""
    home = decided.small_home(tmp_path)
    monkeypatch.setenv("MISHEN_DATA_HOME", str(home))
    decided.fill(bureau, tmp_path, each=12)
    bureau.wrong = decided.finish(bureau, decided.words(Attribute.WITHHELD, 40), Attribute.ACTIVE, folder=tmp_path)
    for number in range(41, 44):  # the wrong one must not be among the newest
        for attribute in Attribute:
            decided.finish(bureau, decided.words(attribute, number), attribute, folder=tmp_path)
    bureau.models = home / "models"
    yield bureau
    shutil.rmtree(prepare(bureau.place.data).incoming)


def run(*args: str):
    return CliRunner().invoke(mishen, list(args), catch_exceptions=False)


def links(bureau, action: str) -> list[dict]:
    with bureau.database.reading() as session:
        assert audit.verify(session).broken_at is None
        found = session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq))
        return [json.loads(link.body) for link in found]


def test_train_puts_a_candidate_on_trial_and_lists_suspects(office) -> None:
    """The active model stays; the wrong signature is listed with its case; the chain knows; nothing else changed."""
    done = run("train", "--from-store", "--data", str(office.place.data))
    assert done.exit_code == 0, done.output
    assert "本单位的决定 37 件" in done.output
    assert "留作比较的决定 9 件" in done.output
    assert "没有启用" in done.output
    assert registry.active_version(office.models) == "1"
    assert registry.trial_version(office.models) == "2"
    with office.database.reading() as session:
        suspects = {row.case_no: (row.given, row.suggested) for row in session.scalars(select(LabelSuspect))}
    assert suspects[office.wrong] == ("active", "withheld")
    assert office.row(office.wrong).attribute == "active"
    assert office.wrong in office.visit(Role.PRINCIPAL_LEADER).get("/doubtful").get_data(as_text=True)
    assert links(office, "model_trained")[0]["papers"] == 37
    assert not any(place in done.output for place in decided.PLACES)
    listed = run("models", "list").output
    assert "1\t启用" in listed
    assert "2\t试用" in listed
    with pytest.raises(BadModel, match="已经有了"):
        run("train", "--version", "2")


def test_compare_promote_and_rollback(office) -> None:
    """Few decisions refuse a promotion unless somebody says why; both ways are in the chain; rollback leads back."""
    data = ("--data", str(office.place.data))
    run("train", "--from-store", *data)
    told = run("models", "compare", *data).output
    assert "现用 attribute/1 → 候选 attribute/2" in told
    assert "9（3）" in told
    assert "结论：不宜启用候选模型。" in told
    with pytest.raises(BadModel, match="没有启用模型 2"):
        run("models", "promote", "2", *data)
    with pytest.raises(BadModel, match="没有比较过"):
        run("models", "promote", "2")
    assert registry.active_version(office.models) == "1"
    assert run("models", "promote", "2", *data, "--reason", "本单位试用一季，领导同意").exit_code == 0
    assert registry.active_version(office.models) == "2"
    [link] = links(office, "model_promoted")
    assert (link["object"], link["former"], link["papers"]) == ("attribute/2", "attribute/1", 9)
    assert link["reason"] == "本单位试用一季，领导同意"
    assert link["by"]
    assert run("models", "rollback", *data).exit_code == 0
    assert registry.active_version(office.models) == "1"
    assert links(office, "model_rolled_back")[0]["object"] == "attribute/1"
    page = office.visit(Role.AUDIT_ADMIN).get("/audit").get_data(as_text=True)
    assert "启用模型" in page
    assert "理由：本单位试用一季" in page


def test_a_promotion_that_fails_is_not_in_the_chain(office) -> None:
    """Pointer and chain move together."""
    run("train", "--from-store", "--data", str(office.place.data))

    def fail() -> None:
        raise BadModel("模型目录不能写入。")

    with pytest.raises(BadModel):
        desk.note_model(office.place.data, "model_promoted", "attribute/2", {}, fail)
    assert links(office, "model_promoted") == []


def test_decisions_since_the_trial_count_as_the_candidate_said_then(office, tmp_path) -> None:
    """Only cases that the candidate saw beside the model that is active now, and none twice."""
    data = ("--data", str(office.place.data))
    run("train", "--from-store", *data)
    for number in range(50, 54):
        no = decided.finish(
            office, decided.words(Attribute.WITHHELD, number), Attribute.WITHHELD, machine=Attribute.ACTIVE, folder=tmp_path
        )
        with office.database.writing() as session:
            session.add(ShadowOpinion(case_no=no, model="attribute/2", attribute="withheld", confidence=0.8, made_at="x"))
            session.commit()
    decided.finish(office, decided.words(Attribute.ACTIVE, 55), Attribute.ACTIVE, folder=tmp_path)
    told = run("models", "compare", *data).output
    assert "4（4）" in told
    assert "13（7）" in told
    assert "4 → 0" in told


def test_enough_good_decisions_open_the_way(office, tmp_path, monkeypatch) -> None:
    """59 comparable decisions, 19 of them 不予公开, none worse: promoted without a reason."""
    data = ("--data", str(office.place.data))
    run("train", "--from-store", *data)
    for number in range(60, 80):
        for attribute in Attribute:
            no = decided.finish(office, decided.words(attribute, number), attribute, folder=tmp_path)
            with office.database.writing() as session:
                session.add(
                    ShadowOpinion(case_no=no, model="attribute/2", attribute=attribute.value, confidence=0.8, made_at="x")
                )
                session.commit()
    done = run("models", "promote", "2", *data)
    assert done.exit_code == 0, done.output
    assert "可以启用候选模型" in done.output
    assert registry.active_version(office.models) == "2"


def test_a_wrong_store_is_told_before_training(office, tmp_path) -> None:
    """And no folder is made."""
    with pytest.raises(BadSettings, match="--data"):
        run("train", "--from-store", "--data", str(tmp_path / "none"))
    assert sorted(p.name for p in (office.models / "attribute").iterdir() if p.is_dir()) == ["1"]


def test_what_is_kept_out_is_what_was_signed_last(office) -> None:
    """By the time of the last signature."""
    decisions = desk.signed_decisions(office.place.data)
    split = split_by_time(decisions, 0.2)
    assert max(d.at for d in split.taught) <= min(d.at for d in split.held_out)


def test_help_is_chinese_and_light() -> None:
    """`mishen --help` and `mishen train --help` load neither scikit-learn nor numpy."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom classifier.cli import cli\n"
        "out = [CliRunner().invoke(cli, a).output for a in (['--help'], ['train', '--help'], ['models', 'promote', '--help'])]\n"
        "print([m for m in ('sklearn', 'scipy', 'numpy', 'sqlalchemy') if m in sys.modules], '候选模型不会自己启用' in out[1])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert done.stdout.strip() == "[] True"


def test_assessing_never_loads_scikit_learn() -> None:
    """Training is the only place that does."""
    code = (
        "import sys\nfrom classifier import pipeline\npipeline.assess_text('关于绿化的通知')\n"
        "import review_ui.worker.look, review_ui.app\nprint([m for m in ('sklearn', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
