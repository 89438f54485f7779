"""Five-way consistency: every voice is heard, and those against the verdict are named."""

from dataclasses import replace

import pytest

from classifier.core.assessment import Assessment, Attribute, Route
from classifier.core.document import Elements, Forwarded
from classifier.core.finding import Category, Grade
from tests.classifier.judge.test_policy import TEXT, _finding, _judge
from tests.classifier.papers import paper


def _told(verdict: Assessment) -> str:
    return next((r.text for r in verdict.reasons if r.text.startswith("五方核对不一致")), "")


def _said(verdict: Assessment) -> dict[str, Attribute | None]:
    return {v.name: v.attribute for v in verdict.voices}


def test_all_five_are_asked() -> None:
    """A silent voice is told as silent, not left out."""
    assert list(_said(_judge())) == ["learned", "note", "form", "marking", "forwarded"]


def test_agreeing_voices_leave_no_conflict() -> None:
    """Nothing is told when nobody objects."""
    assert _told(_judge()) == ""


def test_a_note_against_the_content_is_named_and_goes_to_a_person() -> None:
    """The printed note says closed, the content open: both are told."""
    document = replace(paper(TEXT), elements=Elements(declared_attribute="on_request"))
    verdict = _judge(scores=(0.999, 0.0005, 0.0005), document=document)
    if verdict.attribute is Attribute.ON_REQUEST:
        assert "同类文件：主动公开" in _told(verdict)
    else:
        assert "附注：依申请公开" in _told(verdict)
        assert verdict.route is Route.MANUAL


def test_a_caution_mark_speaks_and_a_hint_does_not() -> None:
    """Only a mark that stands is a voice."""
    assert _said(_judge(_finding(Category.WORK_SECRET)))["marking"] is Attribute.WITHHELD
    assert _said(_judge(_finding(Category.WORK_SECRET, grade=Grade.HINT)))["marking"] is None


def test_a_doubtful_model_stays_silent() -> None:
    """Below 0.6 the learned voice has nothing to say."""
    assert _said(_judge(scores=(0.5, 0.3, 0.2)))["learned"] is None


@pytest.mark.parametrize("declared", ["withheld", "on_request"])
def test_a_paper_passed_on_is_not_more_open_than_its_original(declared: str) -> None:
    """条例:10: the maker of the original decides."""
    carried = Forwarded("转发", "市水利局关于抗旱的意见", "市水利局", declared, enclosed=True)
    document = replace(paper(TEXT), elements=Elements(title="转发市水利局关于抗旱的意见的通知", forwarded=carried))
    verdict = _judge(scores=(0.9, 0.05, 0.05), document=document)
    assert verdict.attribute is Attribute(declared)
    assert _said(verdict)["forwarded"] is Attribute(declared)


def test_a_bureau_that_passes_on_a_paper_is_asked_to_check_the_original() -> None:
    """An unknown original is told; a government office's own act of forwarding is not."""
    carried = Forwarded("转发", "市水利局关于抗旱的意见", "市水利局")
    asked = "请核对原件的属性"
    for issuer, told in (("云溪市农业农村局", True), ("云溪市人民政府办公室", False)):
        document = replace(paper(TEXT), elements=Elements(issuer=issuer, forwarded=carried))
        assert any(asked in r.text for r in _judge(document=document).reasons) is told


def test_what_would_change_the_verdict_is_told() -> None:
    """A closing opinion without which the paper would be open is named with the attribute it would then have."""
    passage = replace(_finding(Category.LEGAL_BAN), type="passage")
    document = paper(TEXT)
    second = replace(passage, span=type(passage.span)(5, 9))
    verdict = _judge(passage, second, scores=(0.7, 0.2, 0.1), document=document)
    assert verdict.attribute is Attribute.WITHHELD
    [turn] = verdict.turns
    assert turn.attribute is Attribute.ACTIVE
    assert verdict.reasons[turn.reason].step == "S4"


def test_nothing_would_change_a_verdict_that_stands_on_two_legs() -> None:
    """With two deciding reasons neither alone turns it."""
    mark, ban = _finding(Category.WORK_SECRET), replace(_finding(Category.LEGAL_BAN), type="passage")
    assert _judge(mark, ban, replace(ban, span=type(ban.span)(6, 8)), scores=(0.1, 0.1, 0.8)).turns == ()
