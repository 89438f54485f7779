"""Persons of one surname get numbers that hold through the whole paper."""

from classifier.detect import detect
from classifier.detect.spans import _book, document_of


def _masks(text: str) -> list[tuple[str, str | None]]:
    found = detect(document_of(text), _book())
    return [(text[f.span.start : f.span.end], f.mask) for f in found if f.type == "person_name"]


def test_two_persons_of_one_surname_are_told_apart():
    """张某1 stays 张某1 to the end."""
    text = "申请人：张建国\n被申请人：张小明\n证人：李芳\n张小明欠张建国货款，李芳在场。"
    masks = dict(_masks(text))
    assert masks == {"张建国": "张某1", "张小明": "张某2", "李芳": "李某"}


def test_one_person_needs_no_number():
    """A single 张 is 张某."""
    assert set(_masks("申请人：张建国\n张建国到场。")) == {("张建国", "张某")}


def test_a_number_in_the_paper_is_not_given_again():
    """Where 张某 stands already for somebody, the newcomer is told apart from him."""
    masks = dict(_masks("张某1已另案处理。\n申请人：张建国\n证人：张小明"))
    assert set(masks.values()) == {"张某2", "张某3"}


def test_a_compound_surname_counts_as_one():
    """欧阳 and 欧 are two surnames."""
    masks = dict(_masks("申请人：欧阳清\n证人：欧小明"))
    assert masks == {"欧阳清": "欧阳某", "欧小明": "欧某"}
