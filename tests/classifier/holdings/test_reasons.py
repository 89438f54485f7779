"""Steps and rules are told in words of the office."""

import re
from pathlib import Path

import pytest

import classifier.judge
from classifier.holdings.reasons import MEANINGS, name_rules, tell_rule, tell_step
from classifier.pipeline import default_tools


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("S5 active", "文种和内容：主动公开"),
        ("S4 withheld", "法律禁止公开、公共安全：不予公开"),
        ("S8", "标注的属性、转发的原件：提示核对"),
        ("S99", "S99：提示核对"),
    ],
)
def test_a_step_is_told_in_words(step: str, told: str) -> None:
    """With what it spoke for; one that nobody knows keeps its number."""
    assert tell_step(step) == told


def test_every_step_that_speaks_has_words() -> None:
    """Whatever the ladder writes into a reason."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path(classifier.judge.__file__).parent.glob("*.py"))
    assert set(re.findall(r'"(S\d{1,2})"', source)) == set(MEANINGS)


def test_a_rule_is_told_by_name_and_number() -> None:
    """By the first clause of why it is there, of a length that a line bears."""
    names = name_rules(default_tools().book.rules)
    assert tell_rule("hidden.comment@1", names) == "文件里有批注（hidden.comment@1）"
    assert all(0 < len(name) <= 24 for name in names.values())


def test_a_rule_that_is_gone_goes_by_its_number() -> None:
    """An old ledger may name it."""
    assert tell_rule("no.rule@3", {}) == "no.rule@3"
