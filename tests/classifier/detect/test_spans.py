"""find_spans as a whole: rule examples, spans, purity, hostile input, speed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.core.document import Where
from classifier.detect.spans import PERSONAL, TYPE_NAMES, _book, document_of, find_personal, find_spans
from classifier.detect.view import look
from classifier.knowledge.rules import Method, Rule, RuleBook, RuleState

RULES = [rule for rule in _book().rules if rule.method is Method.CODE and rule.id.startswith(("personal.", "commercial."))]


@pytest.mark.parametrize(
    ("rule", "example"), [(r, e) for r in RULES for e in r.hits], ids=lambda x: x.id if isinstance(x, Rule) else ""
)
def test_rule_finds_its_example(rule, example):
    """Each rule finds every example it names."""
    assert rule.citation in {f.rule for f in find_personal(document_of(example), _book())}


@pytest.mark.parametrize(
    ("rule", "example"), [(r, e) for r in RULES for e in r.misses], ids=lambda x: x.id if isinstance(x, Rule) else ""
)
def test_rule_leaves_its_counter_example(rule, example):
    """Each rule leaves alone what it names as harmless."""
    assert rule.citation not in {f.rule for f in find_personal(document_of(example), _book())}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_that_is_off_finds_nothing(rule):
    """A rule that is not enabled yields nothing."""
    rest = tuple(r for r in _book().rules if r.id != rule.id)
    book = RuleBook((*rest, _off(rule)), "test")
    assert all(f.rule != rule.citation for e in rule.hits for f in find_personal(document_of(e), book))


def _off(rule: Rule) -> Rule:
    from dataclasses import replace

    return replace(rule, state=RuleState.DISABLED)


def test_every_type_has_a_public_name():
    """Whatever a rule finds can be scored."""
    assert {rule.type for rule in RULES} <= set(TYPE_NAMES)


UNTIMED = settings(deadline=None)
"""The first text of a process loads models and tables, and a busy machine stops for a moment at any: `test_hostile_input_is_quick`
measures, in processor time."""
ALPHABET = "0123456789Xx×ABEGHMSlO〇一二三张李王建国市区路号室姓名：身份证电话手机护照车牌京浙微信住址@.-—()（）【】|\t\n ，。年月日出生\u200b\U00020000"


@UNTIMED
@given(st.text(alphabet=ALPHABET, max_size=80) | st.text(max_size=80))
def test_spans_lie_inside_the_text_and_never_overlap(text):
    """Spans are ordered, not empty, inside the text, apart from each other, and the same the second time."""
    spans = find_spans(text)
    edges = [0, *(edge for start, end, _kind in spans for edge in (start, end)), len(text)]
    assert edges == sorted(edges)
    assert all(start < end for start, end, _kind in spans)
    assert find_spans(text) == spans


@UNTIMED
@given(st.text(alphabet=ALPHABET, max_size=60))
def test_findings_carry_place_law_and_no_words(text):
    """A finding says where it is and which article matters; its reason holds no words of the document."""
    for finding in find_personal(document_of(text), _book()):
        assert finding.where is Where.BODY
        assert finding.law
        assert finding.why in {rule.why for rule in RULES}


HOSTILE = {
    "digits": "1234567890" * 5000,
    "ones": "1" * 50000,
    "digit space": "1 " * 25000,
    "digit line": "1\n" * 25000,
    "figures": "1234 5678 " * 5000,
    "mobiles": "138 " * 12500,
    "local part": "a." * 25000 + "@",
    "at": "@" * 50000,
    "addresses at": "a@" * 25000,
    "colons": "12:" * 16000,
    "places": "省市区" * 16000,
    "streets": "路1号" * 16000,
    "homes": "住址" * 25000,
    "village": "住址：" + "村" * 50000,
    "plates": "京A" * 25000,
    "plates 1": "京A1" * 16000,
    "labels": "姓名" * 25000,
    "labels colon": "姓名：张" * 12500,
    "names": "姓名：" + "张三、" * 16000,
    "surnames": "张" * 50000,
    "heads": "姓名|" * 16000,
    "Chinese numerals": "一二三" * 16000,
    "Chinese numeral space": "一 " * 25000,
    "brackets": "(" * 50000,
    "look-alikes": "lO" * 25000,
    "versions": "1.1." * 12500,
    "births": "出生1" * 16000,
    "diagnoses": "诊断：" * 16000,
    "plus": "+1 " * 16000,
    "spaces": " " * 50000,
    "wide joints": "1     " * 8000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_is_quick(text):
    """Fifty kilobytes made to be slow cost about a tenth of a second; a second tells linear from quadratic on a busy machine."""
    view, book = look(document_of(text)), _book()
    for detect in PERSONAL:
        best = min(_seconds(detect, view, book) for _ in range(3))
        assert best < 1.0, detect.__module__


def _seconds(detect, view, book) -> float:
    began = time.process_time()
    for _finding in detect(view, book):
        pass
    return time.process_time() - began


def test_empty_text():
    """Nothing in, nothing out."""
    assert find_spans("") == []
