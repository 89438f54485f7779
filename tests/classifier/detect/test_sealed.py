"""Sealed lists find what the open list finds."""

from pathlib import Path

import ahocorasick_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.core.settings import read_settings
from classifier.detect import detect
from classifier.detect.sealed import find_terms
from classifier.detect.spans import document_of
from classifier.knowledge import load_knowledge
from classifier.knowledge.sealed import read_sealed, seal_terms

PACK = '[pack]\nprefix = "yunxi"\nname = "规则"\nversion = "1"\npublisher = "办公室"\ndescription = "代号"\n'
RULE = """
[[rule]]
id = "yunxi.code_names"
version = 1
method = "terms"
category = "public_security"
type = "passage"
severity = "review"
law = ["条例:14"]
why = "工程内部代号"
sealed_files = ["a.sealed"]
not_near = "小说"
"""
LETTERS = "甲乙丙A𠮷\n"
WORDS = st.lists(st.text(LETTERS.strip(), min_size=2, max_size=15), min_size=1, max_size=12)


def _sealed(words: list[str], folder: Path):
    path = folder / "a.sealed"
    path.write_text(seal_terms(words, b"0" * 16), encoding="utf-8")
    return read_sealed(path)


@given(words=WORDS, text=st.text(LETTERS, max_size=80))
@settings(max_examples=150, deadline=None)
def test_the_hits_are_those_of_the_open_list(tmp_path_factory, words: list[str], text: str) -> None:
    """Leftmost, longest, without overlaps; short and long terms, characters beyond the first plane, ends of the text."""
    automaton = ahocorasick_rs.AhoCorasick(sorted(set(words)), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    expected = [(start, end) for _, start, end in automaton.find_matches_as_indexes(text)]
    assert find_terms(text, _sealed(words, tmp_path_factory.mktemp("list"))) == expected


def test_a_term_across_two_stretches_is_found(tmp_path: Path) -> None:
    """A long text is worked on in stretches; none of its seams hides a word."""
    terms = _sealed(["青鸾工程", "白泽"], tmp_path)
    for place in (32_764, 32_765, 32_766, 32_767, 32_768):
        text = "水" * place + "青鸾工程" + "水" * 40_000 + "白泽"
        assert find_terms(text, terms) == [(place, place + 4), (len(text) - 2, len(text))]


def test_a_rule_with_a_sealed_list_finds_and_spares(tmp_path: Path) -> None:
    """The finding is that of any rule; the words of its context still count."""
    place = tmp_path / "yunxi"
    (place / "terms").mkdir(parents=True)
    (place / "pack.toml").write_text(PACK, encoding="utf-8")
    (place / "rules.toml").write_text(RULE, encoding="utf-8")
    (place / "terms" / "a.sealed").write_text(seal_terms(["青鸾工程"]), encoding="utf-8")
    book = load_knowledge(read_settings().data_home / "corpus", tmp_path).book
    found = [f for f in detect(document_of("请报送青鸾工程进展。"), book) if f.rule == "yunxi.code_names@1"]
    assert [(f.span.start, f.span.end, f.why) for f in found] == [(3, 7, "工程内部代号")]
    assert not [f for f in detect(document_of("小说《青鸾工程》出版。"), book) if f.rule == "yunxi.code_names@1"]
