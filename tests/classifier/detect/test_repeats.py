"""A name that must be masked once must be masked everywhere."""

import pytest

from classifier.core.finding import Severity
from classifier.core.settings import read_settings
from classifier.detect import detect
from classifier.knowledge import load_law, load_rules
from classifier.pipeline import assess_text
from classifier.structure import annotate
from tests.classifier.papers import paper

CORPUS = read_settings().data_home / "corpus"
BOOK = load_rules(CORPUS / "rules", CORPUS / "terms", load_law(CORPUS / "law"))
TEXT = "行政处罚决定书\n当事人：王建业，身份证号码：33050119720315123X，住址：云溪市柳荫路18号。\n经查，王建业自去年十月起行医。对王建业处以罚款。"


def test_every_mention_of_a_private_name_is_masked() -> None:
    """No occurrence of a redacted name stays outside the masks."""
    findings = detect(annotate(paper(TEXT)), BOOK)
    masked = [f.span for f in findings if f.severity is Severity.REDACT]
    at = TEXT.find("王建业")
    while at >= 0:
        assert any(s.start <= at and s.end >= at + 3 for s in masked), at
        at = TEXT.find("王建业", at + 3)


def test_an_official_is_not_followed() -> None:
    """A name that is only information is not turned into a mask by being repeated."""
    text = "关于工作的通知\n联系人：丁一帆，电话：0578-6210087。\n请与丁一帆联系。"
    assert all(f.severity is not Severity.REDACT for f in detect(annotate(paper(text)), BOOK) if f.type == "person_name")


@pytest.mark.parametrize(
    ("named", "echo"), [("刘小明", "刘 小 明"), ("刘小明", "刘\n小明"), ("刘小明", "刘\u3000小明"), ("买买提·艾力", "买买提艾力")]
)
def test_a_mention_in_another_spelling_is_masked(named: str, echo: str) -> None:
    """A name set apart, broken over two lines or written without its middle dot is the same name."""
    text = f"行政处罚决定书\n当事人：{named}，身份证号码：33050119720315123X。\n经查，{echo}自去年十月起行医。"
    at = text.rindex(echo)
    masks = [f for f in detect(annotate(paper(text)), BOOK) if f.severity is Severity.REDACT and f.type == "person_name"]
    assert [f.span.end for f in masks if f.span.start == at] == [at + len(echo)]
    assert len({f.mask for f in masks}) == 1


def test_a_later_given_name_is_masked() -> None:
    """李秀英 is called 秀英 further down: the same person; 王秀英 is another one."""
    text = "行政处罚决定书\n当事人：李秀英，身份证号码：33050119720315123X。\n经查，秀英自去年十月起行医，秀英拒不改正。王秀英不知情。"
    masks = [f.span for f in detect(annotate(paper(text)), BOOK) if f.severity is Severity.REDACT and f.type == "person_name"]
    covered = {i for s in masks for i in range(s.start, s.end)}
    assert {text.index("，秀英自") + 1, text.index("，秀英拒") + 1} <= covered
    assert text.index("王秀英") + 1 not in covered


def test_a_given_name_that_is_a_word_is_not_followed() -> None:
    """李和平 is masked, the word 和平 is not."""
    text = "行政处罚决定书\n当事人：李和平，身份证号码：33050119720315123X。\n经查，双方和平协商，和平解决。"
    masks = [f.span for f in detect(annotate(paper(text)), BOOK) if f.severity is Severity.REDACT and f.type == "person_name"]
    assert all(s.start < text.index("经查") for s in masks)


def test_a_mention_told_as_harmless_is_masked_once_the_person_is() -> None:
    """当事人：X masks every X: an unlabelled mention must not stand between the mask and the cleaned copy."""
    text = "行政处罚决定书\n当事人：王小明，男。\n经查，王小明于2025年3月无证经营。\n"
    verdict = assess_text(text, "决定书.txt")
    places = [i for i in range(len(text)) if text.startswith("王小明", i)]
    assert len(places) == 2
    assert all(any(s.start <= i < s.end for s in verdict.redactions) for i in places)
