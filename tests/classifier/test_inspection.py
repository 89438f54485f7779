"""`rules check`: examples that do not hold and patterns that run away are named."""

import re
from dataclasses import replace

from classifier.inspection import SLOW, Flaw, inspect
from classifier.knowledge import Knowledge, Rule, RuleState
from classifier.pipeline import default_tools

LAW, BOOK = default_tools().law, default_tools().book
RULE = replace(
    BOOK.by_id("process.report_closing"),
    id="yunxi.word",
    pack="yunxi",
    pattern=re.compile("青鸾工程"),
    near=None,
    not_near=None,
    places=None,
    type="yunxi",
    hits=("青鸾工程进展",),
    misses=("白泽工程",),
)


def _flaws(rule: Rule) -> list[Flaw]:
    return list(inspect(Knowledge(LAW, replace(BOOK, rules=(*BOOK.rules, rule))), "yunxi"))


def test_a_good_rule_has_no_flaw() -> None:
    """Hits hit, misses miss, the pattern is quick; also while it is switched off."""
    assert _flaws(RULE) == []
    assert _flaws(replace(RULE, state=RuleState.DISABLED)) == []


def test_a_hit_that_does_not_hit_is_told() -> None:
    """The flaw shows the example."""
    [flaw] = _flaws(replace(RULE, hits=("白泽工程进展",)))
    assert flaw.grave
    assert "白泽工程进展" in flaw.message


def test_a_miss_that_hits_is_told() -> None:
    """The flaw shows the example."""
    [flaw] = _flaws(replace(RULE, misses=("青鸾工程",)))
    assert flaw.grave
    assert "不应命中" in flaw.message


def test_a_runaway_pattern_is_stopped_and_refused() -> None:
    """(a+)+ over a long row of letters would never end."""
    [flaw] = _flaws(replace(RULE, pattern=re.compile("青鸾工程|(?:a+)+b")))
    assert flaw.grave
    assert "一直算下去" in flaw.message


def test_a_slow_pattern_is_only_told() -> None:
    """Quadratic work over blanks: slow, and said so, but it ends."""
    flaws = _flaws(replace(RULE, pattern=re.compile(r"青鸾工程|\s*\s*x")))
    assert flaws
    assert SLOW > 0
    assert all(flaw.rule == "yunxi.word" for flaw in flaws)
