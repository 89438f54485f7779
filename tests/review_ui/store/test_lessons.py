"""What counts as a signed decision, and the list of suspects."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from classifier.core.assessment import Attribute
from classifier.learn.suspects import Suspect
from review_ui.store import doubts, lessons
from review_ui.store.tables import LabelSuspect, ShadowOpinion

from .. import decided


@pytest.fixture
def told(bureau, tmp_path):
    """A function that finishes one case and returns its number."""

    def one(attribute: Attribute, number: int = 0, **more) -> str:
        return decided.finish(bureau, decided.words(attribute, number), attribute, folder=tmp_path, **more)

    return one


def read(bureau):
    with bureau.database.reading() as session:
        return {d.number: d for d in lessons.signed_decisions(session)}


def test_a_finished_case_is_a_decision(bureau, told) -> None:
    """The last signature's attribute and articles, the paper's year, the model of that day, the candidate's word."""
    no = told(Attribute.WITHHELD, machine=Attribute.ACTIVE)
    with bureau.database.writing() as session:
        session.add(ShadowOpinion(case_no=no, model="attribute/9", attribute="withheld", confidence=0.7, made_at="x"))
        session.commit()
    [decision] = read(bureau).values()
    assert (decision.attribute, decision.machine, decision.article) == (Attribute.WITHHELD, Attribute.ACTIVE, "条例:16.2")
    assert (decision.year, decision.model, dict(decision.beside)) == (2024, "attribute/1", {"attribute/9": Attribute.WITHHELD})
    assert "请示" in decision.text
    assert "请示" not in repr(decision)


def test_an_unfinished_or_returned_case_is_none(bureau, told) -> None:
    """Only what still stands teaches."""
    no = told(Attribute.ACTIVE)
    assert no in read(bureau)
    decided.take_back(bureau, no)
    bureau.assessed()
    assert read(bureau) == {}


def test_a_paper_opened_by_masking_is_left_out(bureau, told) -> None:
    """区分处理: the text as it came is not what people let out; a closed one still teaches."""
    told(Attribute.ACTIVE, partial=True)
    kept = told(Attribute.WITHHELD, partial=True)
    assert set(read(bureau)) == {kept}


def test_a_paper_that_was_not_read_in_full_is_left_out(bureau, told) -> None:
    """People decided on more than its text; a picture beside the text does not matter."""
    told(Attribute.WITHHELD, problem="damaged")
    kept = told(Attribute.WITHHELD, 1, problem="image")
    assert set(read(bureau)) == {kept}


def suspect(given: Attribute, suggested: Attribute) -> Suspect:
    return Suspect(0, given, suggested, 0.1, 0.8, 0.85, 0.7)


def test_a_new_list_replaces_the_old_and_changed_cases_leave_it(bureau, told) -> None:
    """The list is of one training; a case that people took up again is not on it."""
    first, second = told(Attribute.ACTIVE), told(Attribute.WITHHELD)
    found = suspect(Attribute.ACTIVE, Attribute.WITHHELD)
    with bureau.database.writing() as session:
        lessons.keep_suspects(session, [(second, suspect(Attribute.WITHHELD, Attribute.ACTIVE))], bureau.clock())
        assert lessons.keep_suspects(session, [(first, found)], bureau.clock()) == 1
        session.commit()
    with bureau.database.reading() as session:
        assert [row.case_no for row in session.scalars(select(LabelSuspect))] == [first]
        assert [row.no for _, row in doubts.listed(session)] == [first]
    decided.take_back(bureau, first)
    with bureau.database.reading() as session:
        assert doubts.listed(session) == []
    assert bureau.row(first).attribute is None
