"""Rules as data: each has law, reason and examples; the examples run through the whole detector."""

from pathlib import Path

import pytest

from classifier.core.errors import BadKnowledge
from classifier.core.settings import read_settings
from classifier.detect import detect
from classifier.inspection import example_document
from classifier.knowledge import Rule, load_law, load_rules

CORPUS = read_settings().data_home / "corpus"
LAW = load_law(CORPUS / "law")
BOOK = load_rules(CORPUS / "rules", CORPUS / "terms", LAW)

EXAMPLES = [(rule, text, True) for rule in BOOK.active() for text in rule.hits] + [
    (rule, text, False) for rule in BOOK.active() for text in rule.misses
]

GOOD = """
[[rule]]
id = "test.word"
version = 1
method = "pattern"
category = "work_secret"
type = "caution_marking"
severity = "review"
law = ["保密法:64"]
why = "试"
pattern = "内部"
hits = ["内部"]
"""


@pytest.mark.parametrize(("rule", "text", "expected"), EXAMPLES, ids=lambda v: v.id if isinstance(v, Rule) else None)
def test_examples_of_each_rule(rule: Rule, text: str, expected: bool) -> None:
    """Every hit of a rule is found by it, no miss is (another rule of the same type may speak for a hit)."""
    findings = detect(example_document(text), BOOK)
    same_rule = [f for f in findings if f.rule == rule.citation]
    same_type = [f for f in findings if f.category is rule.category and f.type == rule.type]
    assert bool(same_type if expected else same_rule) is expected


def test_every_rule_gives_a_chinese_reason() -> None:
    """A clerk can read why; no rule speaks English."""
    for rule in BOOK.rules:
        assert any("\u4e00" <= c <= "\u9fff" for c in rule.why), rule.id


def test_the_version_names_the_content(tmp_path: Path) -> None:
    """Changing a rule changes the book's version."""
    (tmp_path / "r.toml").write_text(GOOD, encoding="utf-8")
    first = load_rules(tmp_path, tmp_path, LAW).version
    (tmp_path / "r.toml").write_text(GOOD.replace('pattern = "内部"', 'pattern = "内部."'), encoding="utf-8")
    assert load_rules(tmp_path, tmp_path, LAW).version != first


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["保密法:64"]', '["保密法:999"]', "保密法:999"),
        ('["保密法:64"]', "[]", "法律依据"),
        ('hits = ["内部"]', "hits = []", "命中例子"),
        ('"内部"\nhits', '"内部("\nhits', "表达式"),
        ('category = "work_secret"', 'category = "odd"', "test.word"),
        ('pattern = "内部"\n', "", "找什么"),
        ("version = 1\n", "", "version"),
    ],
)
def test_bad_rule_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """An unknown article, no law, no example, a bad pattern or category stop the load and name the rule."""
    (tmp_path / "r.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadKnowledge, match=message):
        load_rules(tmp_path, tmp_path, LAW)


def test_repeated_rule_id_is_refused(tmp_path: Path) -> None:
    """An id names one rule."""
    (tmp_path / "a.toml").write_text(GOOD + GOOD, encoding="utf-8")
    with pytest.raises(BadKnowledge, match="重复"):
        load_rules(tmp_path, tmp_path, LAW)


def test_disabled_rule_stays_silent(tmp_path: Path) -> None:
    """A disabled rule is in the book but not active."""
    (tmp_path / "a.toml").write_text(GOOD.replace("version = 1", 'version = 1\nstate = "disabled"'), encoding="utf-8")
    book = load_rules(tmp_path, tmp_path, LAW)
    assert len(book.rules) == 1
    assert book.active() == ()
