"""What a paper prints about its own disclosure: notes, fields, questions, ticked boxes; blanks inside the words change nothing."""

import pytest

from classifier.structure.declared import find_declared, most_closed

SAID = [
    ("（此件公开发布）", "active"),
    ("（此件依申请公开）", "on_request"),
    ("公开属性：不 予 公 开", "withheld"),
    ("公开属性：主动公开", "active"),
    ("主动公开□ 依申请公开□ 不予公开☑", "withheld"),
    ("公开类型：□主动公开 □依申请公开 √不予公开", "withheld"),
    ("公开属性：□主动公开 □依申请公开 ☑不予公开", "withheld"),
    ("主动公开（ ） 依申请公开（ ） 不予公开（√）", "withheld"),
    ("公开属性：主动公开□ 依申请公开☑ 不予公开□", "on_request"),
    ("公开属性：■主动公开 □依申请公开 □不予公开", "active"),
    ("是否公开：否", "withheld"),
    ("是否同意公开：同意", "active"),
    ("（此文不公开）", "withheld"),
    ("（本文不公开）", "withheld"),
    ("（该件不予公开）", "withheld"),
    ("（此件删减后公开）", "active"),
]
SILENT = [
    "公开属性：□主动公开 □依申请公开 □不予公开",
    "主动公开、依申请公开、不予公开三种属性",
    "各单位应当在公文办理时明确公开属性：主动公开的，自形成之日起二十个工作日内公开，不得拖延或者变相拒绝。",
    "关于进一步做好政府信息公开工作的通知",
]


@pytest.mark.parametrize(("line", "attribute"), SAID)
def test_what_is_printed_is_read(line: str, attribute: str) -> None:
    """One line, one answer."""
    assert most_closed(find_declared([line])) == attribute


@pytest.mark.parametrize("line", SILENT)
def test_an_empty_form_and_running_text_declare_nothing(line: str) -> None:
    """Empty boxes, lists of the three words, sentences about disclosure."""
    assert find_declared([line]) == []


def test_a_tick_that_belongs_to_no_option_closes() -> None:
    """Boxes on the other side of the words: nobody can tell, so the paper stays in until somebody looks."""
    assert most_closed(find_declared(["√ 公开属性：主动公开□ 依申请公开□ 不予公开□"])) == "withheld"


def test_the_most_closed_of_several_counts() -> None:
    """A paper printed twice with different notes."""
    assert most_closed(find_declared(["（此件公开发布）", "正文", "（此件不公开）"])) == "withheld"
