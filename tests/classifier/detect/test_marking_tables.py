"""The tables beside the rules: every mark is found and stops what must stop; no mention is taken for a mark."""

import pytest

from classifier.core.assessment import Provenance, Route
from classifier.core.document import Document
from classifier.core.finding import Category, Finding, Severity
from classifier.core.settings import read_settings
from classifier.detect import detect
from classifier.judge import Case, judge
from classifier.knowledge import load_law, load_rules
from tests.classifier.detect.mark_tables import Row, document_of, rows

CORPUS = read_settings().data_home / "corpus"
LAW = load_law(CORPUS / "law")
BOOK = load_rules(CORPUS / "rules", CORPUS / "terms", LAW)
MARKS, MENTIONS = rows("marks.tsv"), rows("mentions.tsv")
CAUTIONS, CAUTION_MENTIONS = rows("caution_marks.tsv"), rows("caution_mentions.tsv")


def _name(row: Row) -> str:
    return f"{row.place}-{row.rule}-{row.note}"


def _only_marks(document: Document) -> tuple[Finding, ...]:
    return tuple(f for f in detect(document, BOOK) if f.severity is Severity.BLOCK)


def _of(category: Category, row: Row) -> list[Finding]:
    return [f for f in detect(document_of(row), BOOK) if f.category is category]


@pytest.mark.parametrize("row", MARKS, ids=_name)
def test_every_mark_is_found_by_its_rule(row: Row) -> None:
    """The named rule finds the mark where it stands."""
    found = {f.rule.partition("@")[0]: f.severity for f in _of(Category.STATE_SECRET, row)}
    assert row.rule in found
    assert (Severity.BLOCK in found.values()) == (BOOK.by_id(row.rule).severity is Severity.BLOCK)


@pytest.mark.parametrize("row", [row for row in MARKS if BOOK.by_id(row.rule).severity is Severity.BLOCK], ids=_name)
def test_a_marked_paper_is_stopped_without_a_word_of_it(row: Row) -> None:
    """The judge blocks it: no attribute, no text, only the marks（保密法:31）."""
    document = document_of(row)
    verdict = judge(Case(document, detect(document, BOOK), None, LAW), "x", Provenance("0", BOOK.version, "none"))
    assert (verdict.route, verdict.attribute, verdict.text or None) == (Route.BLOCKED, None, None)


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in MARKS
        if row.rule in ("marking.full", "marking.star", "marking.line", "marking.name") and "密码" not in row.text
    ],
    ids=_name,
)
def test_the_stopped_paper_names_its_level(row: Row) -> None:
    """However it was written, the level that is kept is one of the three（保密法:14）."""
    document = document_of(row)
    verdict = judge(Case(document, _only_marks(document), None, LAW), "x", Provenance("0", BOOK.version, "none"))
    assert verdict.elements.secret_marking is not None
    assert verdict.elements.secret_marking.level != "unknown"


@pytest.mark.parametrize("row", MENTIONS, ids=_name)
def test_no_mention_is_taken_for_a_mark(row: Row) -> None:
    """Laws, forms, news, contracts and stories give no state-secret finding, not even a hint."""
    assert [f.rule for f in _of(Category.STATE_SECRET, row)] == []


@pytest.mark.parametrize("row", CAUTIONS, ids=_name)
def test_every_caution_is_found(row: Row) -> None:
    """The named caution rule finds the mark."""
    assert row.rule in [f.rule.partition("@")[0] for f in _of(Category.WORK_SECRET, row)]


@pytest.mark.parametrize("row", CAUTION_MENTIONS, ids=_name)
def test_no_mention_is_taken_for_a_caution(row: Row) -> None:
    """Duties, systems and ordinary words give no caution."""
    assert [f.rule for f in _of(Category.WORK_SECRET, row)] == []


def test_the_tables_are_large_and_hold_nothing_twice() -> None:
    """At least 300 marks and 300 mentions, 60 cautions and 60 of their mentions, all different."""
    for table, least in ((MARKS, 300), (MENTIONS, 300), (CAUTIONS, 60), (CAUTION_MENTIONS, 60)):
        assert len({(row.place, row.text) for row in table}) == len(table) >= least
