"""转发 and 批转 notices: the paper they carry, its maker, and what it prints of itself."""

import pytest

from classifier.core.document import Forwarded
from classifier.structure import annotate
from tests.classifier.papers import paper

NOTICE = """云溪市人民政府办公室转发市水利局关于加强节水工作意见的通知
各县（区）人民政府：
　　现将市水利局《关于加强节水工作意见》转发给你们，请认真执行。
2024年3月5日
（此件公开发布）
关于加强节水工作意见
市水利局
　　一、提高认识。
（此件依申请公开）
"""


def _forwarded(text: str) -> Forwarded | None:
    return annotate(paper(text)).elements.forwarded


def test_the_carried_paper_its_maker_and_its_own_note_are_found() -> None:
    """The note behind the carried paper's title is its own, the one before it the notice's."""
    carried = _forwarded(NOTICE)
    assert carried is not None
    assert (carried.verb, carried.maker, carried.declared_attribute, carried.enclosed) == ("转发", "市水利局", "on_request", True)


def test_a_note_of_the_notice_is_not_the_carried_papers() -> None:
    """Without an enclosed paper nothing is known of its note."""
    carried = _forwarded(NOTICE.partition("关于加强节水工作意见\n市水利局")[0])
    assert carried is not None
    assert (carried.declared_attribute, carried.enclosed) == (None, False)


@pytest.mark.parametrize("title", ["关于印发《节水工作方案》的通知", "关于开展节水宣传的通知", "关于请求转发节水意见的请示"])
def test_other_papers_carry_none(title: str) -> None:
    """印发 issues one's own paper."""
    assert _forwarded(f"云溪市水利局{title}\n各县（区）水利局：\n　　请执行。\n") is None
