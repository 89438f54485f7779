"""What a verdict is made with is written down, comes back, and tells what a change can touch."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.core.errors import BadLedger
from classifier.core.finding import Category, Grade, Severity
from classifier.core.settings import Limits, Thresholds
from classifier.holdings.ledger import Ledger, Maker
from classifier.holdings.recipe_notes import recall, remember
from classifier.holdings.recipes import compare, findings_key, need_of, prints_of, recipe_of, words_of
from classifier.holdings.seal import Seal
from classifier.knowledge.rules import Method, Rule, RuleBook, RuleState
from classifier.pipeline import Tools, default_tools

TOOLS = default_tools()
RULE = Rule(
    id="test.rule",
    version=1,
    state=RuleState.ENABLED,
    method=Method.PATTERN,
    category=Category.INTERNAL_AFFAIRS,
    type="internal_procedure",
    severity=Severity.REVIEW,
    grade=Grade.CONFIRMED,
    law=("条例:16.1",),
    why="",
    pattern=re.compile("值班安排表"),
)


def _with(*rules: Rule) -> Tools:
    return replace(TOOLS, book=RuleBook((*TOOLS.book.rules, *rules), "0"))


def test_the_same_tools_differ_in_nothing() -> None:
    """Read again from the ledger or made anew."""
    told = compare(recipe_of(TOOLS), recipe_of(replace(TOOLS, book=replace(TOOLS.book))))
    assert (told.reading, told.searching, told.judging, told.needs, told.rules, told.causes) == (False, False, False, (), (), ())


def test_a_recipe_comes_back_from_the_ledger_and_is_sealed_there(tmp_path: Path) -> None:
    """Word lists of a bureau may stand in it."""
    ledger, seal = Ledger.create(tmp_path / "ledger.sqlite"), Seal(b"k" * 32)
    tools = _with(replace(RULE, method=Method.TERMS, pattern=None, terms=("春雷行动",)))
    maker = ledger.maker(Maker("1", "2", "3", "4"))
    remember(ledger, seal, maker, recipe_of(tools))
    held = recall(ledger, seal, maker)
    assert held is not None
    assert compare(held, recipe_of(tools)).causes == ()
    assert held.findings_key == findings_key(tools)
    assert recall(ledger, seal, maker + 1) is None
    assert "春雷行动" not in str(ledger.read("SELECT * FROM meta").fetchall())
    with pytest.raises(BadLedger):
        recall(ledger, Seal(b"l" * 32), maker)


def test_a_new_rule_needs_only_papers_with_its_words() -> None:
    """And names itself."""
    told = compare(recipe_of(TOOLS), recipe_of(_with(RULE)))
    assert (told.rules, told.searching, told.judging) == (("test.rule",), False, False)
    assert [need.sets for need in told.needs] == [(frozenset({"值班安排表"}),)]


def test_a_changed_rule_needs_papers_with_its_old_or_its_new_words() -> None:
    """An old finding may have covered another rule's, so it matters even where the ledger does not show it."""
    old, new = _with(RULE), _with(replace(RULE, version=2, pattern=re.compile("采购清单")))
    told = {word for need in compare(recipe_of(old), recipe_of(new)).needs for words in need.sets for word in words}
    assert told == {"值班安排表", "采购清单"}


def test_of_a_changed_list_only_the_terms_that_came_or_went_matter() -> None:
    """A list of thousands may grow by one."""
    old = replace(RULE, method=Method.TERMS, pattern=None, terms=("甲乙丙", "丁戊己"))
    told = compare(recipe_of(_with(old)), recipe_of(_with(replace(old, terms=("甲乙丙", "庚辛壬")))))
    assert [need.sets for need in told.needs] == [(frozenset({"丁戊己", "庚辛壬"}),)]


CODE = next(rule for rule in TOOLS.book.rules if rule.method is Method.CODE)


@pytest.mark.parametrize(
    ("change", "cause", "work"),
    [
        (lambda t: replace(t, provenance=replace(t.provenance, code="x")), "code", "searching"),
        (lambda t: replace(t, book=TOOLS.book.restate({CODE.id: RuleState.DISABLED})), "rules", "searching"),
        (lambda t: replace(t, book=RuleBook((*t.book.rules[9:], *t.book.rules[:9]), "0")), "order", "searching"),
        (lambda t: _with(replace(RULE, pattern=re.compile(r"\d{5}"))), "rules", "searching"),
        (lambda t: _with(replace(RULE, pattern=re.compile("□□同意"))), "rules", "searching"),
        (lambda t: replace(t, scorer=None), "model", "judging"),
        (lambda t: replace(t, settings=replace(t.settings, thresholds=Thresholds(suggest=0.9))), "lines", "judging"),
        (lambda t: replace(t, settings=replace(t.settings, limits=Limits(pages=1))), "limits", "reading"),
    ],
    ids=["code", "code rule", "order", "no words", "mask sign", "model", "lines", "limits"],
)
def test_every_other_change_asks_for_its_own_work(change: Callable[[Tools], Tools], cause: str, work: str) -> None:
    """Read, search or judge again; the mask sign may come into a text while the judge tries out a masking."""
    told = compare(recipe_of(TOOLS), recipe_of(change(TOOLS)))
    assert cause in told.causes
    assert getattr(told, work)


def test_a_time_limit_changes_no_verdict() -> None:
    """It only decides who is tried again."""
    told = recipe_of(replace(TOOLS, settings=replace(TOOLS.settings, limits=Limits(seconds=5))))
    assert compare(recipe_of(TOOLS), told).causes == ()


def test_an_unknown_recipe_asks_to_search_everything() -> None:
    """Nobody can tell what was different."""
    assert compare(None, recipe_of(TOOLS)).searching


def test_a_disabled_rule_is_no_rule_and_one_on_trial_is() -> None:
    """What it finds on trial stands in the verdict too."""
    names = [{r.id for r in prints_of(_with(replace(RULE, state=state)).book)} for state in RuleState]
    assert ["test.rule" in told for told in names] == [True, True, False]


def test_the_words_of_a_pattern_stand_in_each_of_its_own_examples() -> None:
    """For every pattern of the house: what it cannot do without, it does not do without."""
    checked = 0
    for rule in TOOLS.book.rules:
        if rule.method is Method.PATTERN and rule.pattern is not None:
            for hit in rule.hits:
                for match in rule.pattern.finditer(hit):
                    words = words_of(rule.pattern)
                    assert not words or any(word in match.group() for word in words)
                    checked += 1
    assert checked > 50


def test_a_context_is_needed_as_much_as_the_pattern() -> None:
    """But not for terms, which take their places from one another wherever they stand."""
    near = replace(RULE, near=re.compile("节假日"))
    assert len(need_of(near).sets) == 2
    assert len(need_of(replace(near, method=Method.TERMS, pattern=None, terms=("甲",))).sets) == 1
