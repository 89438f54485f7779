"""The matching engine gives what a run of every pattern over the whole text gives, and says which patterns it cannot speed up."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.core.finding import Category, Grade, Severity
from classifier.detect.anchors import cue, find_all, finds, heard, matches, places, term_places, unanchored, windows
from classifier.detect.cues import CUES
from classifier.detect.reaches import reach_of
from classifier.detect.spans import _book, document_of
from classifier.detect.view import look
from classifier.knowledge.rules import Method, Rule, RuleBook, RuleState


def rule(pattern=None, terms=(), identifier="test.rule"):
    """A rule made for one test."""
    return Rule(
        identifier,
        1,
        RuleState.ENABLED,
        Method.TERMS if terms else Method.PATTERN,
        Category.PROCESS_INFO,
        "test",
        Severity.REVIEW,
        Grade.CONFIRMED,
        ("条例:16",),
        "",
        pattern=None if pattern is None else re.compile(pattern, re.M),
        terms=tuple(terms),
    )


def same(pattern, text):
    """Whether the engine and the plain run give the same matches."""
    one = rule(pattern)
    view = look(document_of(text))
    found = [m.span() for m in matches(view, RuleBook((one,), "0"), one)]
    assert found == [m.span() for m in one.pattern.finditer(view.folded)]
    assert found == [m.span() for m in find_all(one.pattern, view.folded)]
    return found


ATOMS = st.sampled_from(
    ["密", "级", "件", "a", r"\s", r"\s*", r"[ \t]*", "[^。\n]", "[^密]", "[密件]", ".", r"\n", "$", "^", "(?=件)", "(?!\n)", "(?<!密)",
     "(?<=\n)", r"\b", r"(?=\s件)", "[^件]{0,3}", r"\d", "(?i:a)", r"(?!\s*级)", r"\Z"]
)  # fmt: skip
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["?", "{0,2}", "{1,3}", "+", "*?"])).map(lambda p: f"(?:{p[0]}){p[1]}"),
    ),
    max_leaves=8,
)
TEXTS = st.text("密级件a。 \n\t1", max_size=40)


PIECES = [p for r in _book().active() for h in (*r.hits, *r.misses) for p in (h, h[: len(h) // 2], h[len(h) // 2 :])]


@settings(deadline=None)
@given(PATTERNS, TEXTS)
def test_any_pattern_matches_as_over_the_whole_text(pattern, text):
    """Words, windows and their edges change no result."""
    same(pattern, text)


@settings(deadline=None)
@given(st.sampled_from([r for r in _book().active() if r.pattern is not None]), st.data())
def test_every_rule_matches_as_over_the_whole_text(one, data):
    """On texts put together from pieces of the rules' own examples, broken at any place."""
    own = [*one.hits, *one.misses]
    drawn = data.draw(st.lists(st.sampled_from([*own, "\n", "。", " ", "\n\n  "]) | st.sampled_from(PIECES), max_size=12))
    view = look(document_of("".join(drawn)))
    assert [m.span() for m in matches(view, _book(), one)] == [m.span() for m in one.pattern.finditer(view.folded)]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?:请|望)[^。\n]{0,9}(?:批准|批复)", {"批准", "批复"}),
        ("内部(?:资料|文件)?请勿外传", {"请勿外传"}),
        ("机[ \t]*密", {"机密", "机 ", "机\t"}),
        ("妥否|当否", {"妥否", "当否"}),
        ("[【（]内参[】）]", {"【内参】", "【内参）", "（内参】", "（内参）"}),
    ],
)
def test_words_of_a_pattern(pattern, words):
    """The rarest words that every match holds."""
    found = reach_of(re.compile(pattern, re.M)).words
    assert all(any(word in longer or longer in word for longer in words) for word in found) and found


@pytest.mark.parametrize("pattern", [r"\d{4}年", "[^密]+", "(?:密级|a)?", "密(?s:.*)级", r"密级\Z", r"密[^级]*件"])
def test_pattern_without_words_or_bound_is_told(pattern):
    """Such a rule is run over the whole text, and `unanchored` names it."""
    one = rule(pattern)
    expected = () if pattern == r"\d{4}年" else (one,)
    assert unanchored(RuleBook((one,), "0")) == expected


def test_a_line_is_searched_only_where_a_word_stands():
    """The window is the line of the word, not the text."""
    one = rule("妥否[^\n]*批示$")
    book = RuleBook((one,), "0")
    text = "第一行\n" * 50 + "妥否，请批示\n" + "后一行\n" * 50
    assert windows(look(document_of(text)), book, one.id) == [(200, 206)]


@pytest.mark.parametrize("pattern", ["妥否[^\n]*批示$", r"妥否，?请\s*批示", "[^。]{0,30}批示"])
def test_words_that_stand_everywhere_are_searched_as_one(pattern):
    """A hostile text: as many windows as words would say the same, slowly."""
    text = "妥否请批示\n妥否，请\n批示，" * 40
    one = rule(pattern)
    book = RuleBook((one,), "0")
    assert windows(look(document_of(text)), book, one.id) == [(0, len(text))]
    assert same(pattern, text)


def test_matches_over_two_lines():
    """A word at the end of one line, the rest at the start of the next, blank lines between."""
    assert same(r"特此\s*请示", "特此\n\n   请示。特此 请示") == [(0, 9), (10, 15)]


def test_terms_are_leftmost_longest():
    """国务院办公厅 is one term, not 国务院 and 办公厅."""
    one = rule(terms=["国务院", "国务院办公厅", "办公厅", "厅发"])
    found = term_places(look(document_of("国务院办公厅发办公厅")), RuleBook((one,), "0"))
    assert [(a, b) for _, a, b in found] == [(0, 6), (7, 10)]


def test_most_rules_have_words():
    """A new rule without words costs every document; more than a few need a reason."""
    assert len(unanchored(_book())) <= 2


@settings(deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "\n", "。", " ", "　", "密", "1"]), max_size=12))
def test_every_pattern_of_a_detector_matches_as_over_the_whole_text(pieces):
    """What detectors watch for is found as a plain run of each pattern finds it."""
    view = look(document_of("".join(pieces)))
    for known in CUES:
        if known.pattern is not None:
            assert [m.span() for m in finds(view, _book(), known)] == [m.span() for m in known.pattern.finditer(view.folded)]


def test_a_cue_tells_where_its_words_stand():
    """Overlaps and all, in text order; a cue without its words is not heard."""
    made = cue("征信", "信用")
    view = look(document_of("征信用于信用"))
    assert places(view, _book(), made) == [(0, 2), (1, 3), (4, 6)]
    assert heard(view, _book(), made)
    assert not heard(look(document_of("别的")), _book(), made)
