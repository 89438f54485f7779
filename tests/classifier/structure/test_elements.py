"""GB/T 9704 elements are found where they stand, and only there."""

import pytest

from classifier.core.document import Block, Cell, Document, Role, Span
from classifier.structure import annotate
from classifier.structure.elements import read_date
from tests.classifier.papers import paper

RED_HEAD = """000123
特急
云溪市水利局文件

云水〔2026〕15号　　签发人：贺明川

云溪市水利局关于追加2026年度
防汛物资经费的请示

市人民政府：
　　一、基本情况
　　今年降雨偏多。
　　妥否，请批示。
　　附件：1.清单

云溪市水利局
2026年4月2日
（此件不予公开）

抄送：市财政局。
云溪市水利局办公室　　2026年4月3日印发"""


def test_red_head_paper() -> None:
    """A complete paper gives all its elements."""
    elements = annotate(paper(RED_HEAD)).elements
    assert elements.title == "云溪市水利局关于追加2026年度防汛物资经费的请示"
    assert elements.doc_no == "云水〔2026〕15号"
    assert elements.issuer == "云溪市水利局"
    assert elements.recipients == "市人民政府"
    assert elements.issue_date == "2026-04-02"
    assert elements.doc_kind == "请示"
    assert elements.urgency == "特急"
    assert elements.declared_attribute == "withheld"


def test_roles_are_given_to_blocks() -> None:
    """Each recognised line carries its role."""
    roles = {block.role for block in annotate(paper(RED_HEAD)).blocks}
    expected = {Role.COPY_NO, Role.URGENCY, Role.ISSUER_MARK, Role.DOC_NO, Role.TITLE, Role.RECIPIENTS, Role.HEADING}
    assert expected | {Role.ISSUER, Role.ISSUE_DATE, Role.ANNOTATION, Role.CC, Role.PRINT_LINE, Role.ATTACHMENT_NOTE} <= roles


@pytest.mark.parametrize(
    ("note", "attribute"),
    [
        ("（此件公开发布）", "active"),
        ("(此件主动公开)", "active"),
        ("（此件依申请公开）", "on_request"),
        ("（此件可依申请公开）", "on_request"),
        ("（此件不予公开）", "withheld"),
        ("信息公开属性：依申请公开", "on_request"),
        ("公开方式：主动公开", "active"),
        ("（此件删减后公开）", "active"),
        ("文件应当标明“此件公开发布”或者其他公开属性，由拟稿人提出并经领导审定，不得遗漏。", None),
        ("（联系人：陈露，电话：0578-6213320）", None),
    ],
)
def test_declared_attribute(note: str, attribute: str | None) -> None:
    """A printed note or field counts; running text that mentions one does not."""
    assert (
        annotate(paper(f"关于工作的通知\n各单位：\n请办理。\n云溪市水利局\n2026年4月2日\n{note}")).elements.declared_attribute
        == attribute
    )


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026年3月9日", "2026-03-09"),
        ("二〇一九年四月三日", "2019-04-03"),
        ("二○一一年十二月三十一日", "2011-12-31"),
        ("2026年13月1日", None),
        ("无", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    """Arabic and Chinese numerals are read; impossible dates are not."""
    assert read_date(text) == iso


def test_empty_paper_has_no_elements() -> None:
    """Nothing is invented for an empty paper."""
    elements = annotate(paper("")).elements
    assert elements.title is None
    assert elements.doc_kind is None


def test_annotate_changes_no_character() -> None:
    """Structure only points; the text stays as read."""
    document = paper(RED_HEAD)
    assert annotate(document).text == document.text


def test_caution_line_is_not_the_title() -> None:
    """A caution mark above the title does not become part of it."""
    document = annotate(paper("内部资料　注意保存\n\n云溪市突发环境事件应急预案（内部版）\n　　一、力量部署"))
    assert document.elements.title == "云溪市突发环境事件应急预案（内部版）"


def test_minutes_head_is_the_title() -> None:
    """In the minutes format the mark `…会议纪要` is the title, with the issuing body before it."""
    document = annotate(paper("云溪市住房和城乡建设局\n局长办公会议纪要\n〔2026〕6号\n\n时间：2026年3月11日\n主持：罗嘉言"))
    assert document.elements.title == "云溪市住房和城乡建设局局长办公会议纪要"
    assert document.elements.doc_kind == "会议纪要"


def test_a_table_cell_is_not_the_title() -> None:
    """A bare table has no title."""
    text = "序号\t姓名\t月保障金额"
    blocks = tuple(Block(Span(*span), cell=Cell(0, 0, i)) for i, span in enumerate([(0, 2), (3, 5), (6, 11)]))
    assert annotate(Document("0", "n", "csv", text, blocks)).elements.title is None


def test_of_two_printed_attributes_the_more_closed_counts() -> None:
    """A forwarded paper keeps its own note; mishen is never more open than any of them."""
    text = "（此件依申请公开）\n关于工作的通知\n各单位：\n请办理。\n云溪市水利局\n2026年4月2日\n（此件公开发布）"
    assert annotate(paper(text)).elements.declared_attribute == "on_request"
