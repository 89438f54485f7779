"""A file with files inside it: the worst member wins; joined, every span still points at its words."""

from dataclasses import replace

import pytest

from classifier.contract import to_json
from classifier.core.assessment import Attribute, Route
from classifier.core.document import SNIPPETS_OF_ALL, Document, Problem, Snippet
from classifier.judge import join, raise_by_members
from classifier.parse import read_text
from classifier.pipeline import assess_document, default_tools

OPEN = "云溪市旅馆业管理办法\n第一条　为了规范旅馆业管理，根据有关法律，制定本办法。\n第十条　本办法自2026年5月1日起施行。"
CLOSED = "询问笔录\n被询问人：王建业，身份证号33050119720315123X，手机13857801234\n问：你何时开始营业？\n答：去年十月。"
MARKED = "机密★5年\n云溪市水利局关于有关情况的通知"


def _assess(*texts: str, outer: str = "") -> tuple:
    tools = default_tools()
    documents = [read_text(outer, "包.zip") if outer else Document("0", "包.zip", "zip", "", ())]
    documents += [replace(read_text(text, f"{n}.txt"), member=f"{n}.txt") for n, text in enumerate(texts, 1)]
    return tuple(assess_document(d, tools, "包.zip") for d in documents)


def test_a_lone_file_is_itself() -> None:
    """Nothing inside, nothing changed."""
    family = _assess(outer=OPEN)
    assert raise_by_members(family) is family[0]
    assert join(family) is family[0]


def test_the_most_closed_member_decides() -> None:
    """An archive is no more open than its most closed paper."""
    raised = raise_by_members(_assess(OPEN, CLOSED))
    assert raised.attribute is Attribute.WITHHELD
    assert any("第 2 个" in reason.text for reason in raised.reasons)


def test_a_container_without_words_has_no_say() -> None:
    """An archive of open papers is open."""
    assert raise_by_members(_assess(OPEN, OPEN)).attribute is Attribute.ACTIVE


def test_a_wrapper_gives_no_reasons_of_its_own() -> None:
    """Only the members' contents are judged; an archive's name is no paper."""
    joined = join(_assess(OPEN, CLOSED))
    assert not any("没有找到不予公开的具体内容" in reason.text for reason in joined.reasons)


@pytest.mark.parametrize("make", [raise_by_members, join])
def test_one_marked_member_blocks_all_and_leaves_no_words(make) -> None:
    """A state-secret marking anywhere stops the whole file; no text of any member is kept."""
    stopped = make(_assess(OPEN, MARKED, outer=OPEN))
    assert stopped.route is Route.BLOCKED
    assert stopped.attribute is None
    assert stopped.text == ""
    assert stopped.places == ()
    assert stopped.elements.title is None


def test_joined_spans_point_at_their_words() -> None:
    """Moved along, each finding still covers what its member's rule found."""
    family = _assess(OPEN, CLOSED, outer=OPEN)
    joined = join(family)
    words = [a.text[f.span.start : f.span.end] for a in family for f in a.findings]
    assert [joined.text[f.span.start : f.span.end] for f in joined.findings] == words
    assert any(joined.text[s.start : s.end] == "13857801234" for s in joined.redactions)
    assert all(i < len(joined.findings) for r in joined.reasons for i in r.findings)


def test_an_unread_member_is_told_by_its_number() -> None:
    """What was not read inside stays a problem of the whole, without the member's name."""
    tools = default_tools()
    outer = Document("0", "包.zip", "zip", "", ())
    inner = Document("1", "某某名单.ofd", "unknown", "", (), (Problem("unsupported"),), member="某某名单.ofd")
    joined = join(tuple(assess_document(d, tools, "包.zip") for d in (outer, inner)))
    assert Problem("unsupported", "member 1") in joined.problems
    assert joined.route is Route.MANUAL


def _with_snippets(text: str, count: int, member: str | None = None) -> Document:
    pictures = tuple(Snippet(b"%d" % n, n) for n in range(1, count + 1))
    return replace(read_text(text, "a.txt"), member=member, snippets=pictures, problems=(Problem("ocr_low"),))


def test_snippets_are_joined_and_say_which_member_they_belong_to() -> None:
    """The outer file's have no number, the members' have; together they have a limit."""
    tools = default_tools()
    documents = [_with_snippets(OPEN, 2), _with_snippets(CLOSED, 1, "1.txt"), _with_snippets(CLOSED, 300, "2.txt")]
    joined = join(tuple(assess_document(d, tools, "包.zip") for d in documents))
    assert [(s.page, s.member) for s in joined.snippets[:4]] == [(1, None), (2, None), (1, 1), (1, 2)]
    assert len(joined.snippets) == SNIPPETS_OF_ALL


def test_blocked_papers_keep_no_snippet() -> None:
    """Neither alone nor in a family, and none is in the contract or a printed Assessment."""
    tools = default_tools()
    family = tuple(assess_document(d, tools, "包.zip") for d in (_with_snippets(OPEN, 2), _with_snippets(MARKED, 2, "1.txt")))
    assert family[1].route is Route.BLOCKED
    assert family[1].snippets == ()
    assert join(family).snippets == raise_by_members(family).snippets == ()
    assert len(family[0].snippets) == 2
    assert "Snippet" not in repr(family[0])
    assert "snippets" not in to_json(family[0])
