"""Enabled, evaluation, disabled: rules on trial are watched apart and never move a verdict."""

from dataclasses import replace

import pytest

from classifier.knowledge import RuleState
from classifier.pipeline import Tools, assess_text, default_tools

PAPER = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好宣传工作。联系人手机13857801234。\n云溪市水利局\n2026年4月2日"


def _tools(state: RuleState) -> Tools:
    tools = default_tools()
    return replace(tools, book=tools.book.restate({"personal.mobile": state}))


def test_a_rule_on_trial_moves_nothing_and_is_recorded_apart() -> None:
    """The verdict is that of the disabled rule; what it found stands in `shadow`."""
    off, trial = (assess_text(PAPER, tools=_tools(s)) for s in (RuleState.DISABLED, RuleState.EVALUATION))
    assert replace(trial, shadow=()) == off
    assert [f.type for f in trial.shadow] == ["mobile"]
    assert off.shadow == ()


def test_the_trial_book_holds_the_rules_on_trial_only() -> None:
    """What is enabled is not looked for twice."""
    trial = _tools(RuleState.EVALUATION).book.trial
    assert trial is not None
    assert [r.id for r in trial.active()] == ["personal.mobile"]
    assert trial.trial is None


def test_without_rules_on_trial_nothing_is_looked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The enabled path costs what it cost."""
    from classifier import pipeline

    calls = []
    real = pipeline.detect
    monkeypatch.setattr(pipeline, "detect", lambda d, b: calls.append(b) or real(d, b))
    tools = _tools(RuleState.ENABLED)
    if tools.book.trial is not None:
        tools = replace(tools, book=replace(tools.book, rules=tools.book.active()))
    assess_text(PAPER, tools=tools)
    assert set(calls) == {tools.book}


def test_a_blocked_paper_has_no_shadow() -> None:
    """Nothing of a marked paper is kept, not even places."""
    assert assess_text("机密★5年\n" + PAPER, tools=_tools(RuleState.EVALUATION)).shadow == ()
