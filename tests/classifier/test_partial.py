"""区分处理: the smallest masking that opens a closed paper, proved by judging the masked paper."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from classifier.core.assessment import Assessment, Attribute, Provenance, Reason, Route
from classifier.core.document import Document, Problem, Span
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.partial import blank, find_partial
from tests.classifier.papers import paper

TEXT = "云溪市公示\n" + "甲" * 200 + "底价甲底价乙"


def _verdict(document: Document) -> Assessment:
    """A judge that closes a paper as long as 底 stands in it, and calls every 底价 or 价乙 a passage."""
    spans = [Span(i, i + 3) for i in range(len(document.text)) if document.text[i : i + 2] == "底价"]
    ban = (Category.LEGAL_BAN, "t", "r.r@1")
    found = tuple(Finding(*ban, s, Grade.SUSPECTED, Severity.REVIEW, ("条例:14",), "因为。") for s in spans)
    attribute = Attribute.WITHHELD if found else Attribute.ACTIVE
    reason = Reason(attribute, ("条例:14",), "因为。", tuple(range(len(found))), "S4")
    return Assessment(
        "", "", "txt", attribute, True, 0.9, Route.REVIEW, (reason,), found, Provenance("0", "r", "m"), chars=len(document.text)
    )


def test_a_paper_closed_by_two_passages_opens_without_both() -> None:
    """Both are needed, nothing else is offered."""
    document = paper(TEXT)
    partial = find_partial(document, _verdict(document), _verdict)
    assert partial is not None
    assert [document.text[s.start : s.end] for s in partial.spans] == ["底价甲", "底价乙"]
    assert partial.attribute is Attribute.ACTIVE


def test_a_passage_that_need_not_be_masked_is_given_back() -> None:
    """Only what keeps the paper closed stays out."""
    document = paper(TEXT)
    harmless = replace(_verdict(document).findings[0], span=Span(0, 3))
    told = _verdict(document)
    partial = find_partial(document, replace(told, findings=(harmless, *told.findings)), _verdict)
    assert partial is not None
    assert Span(0, 3) not in partial.spans


def test_an_open_paper_needs_no_partial() -> None:
    """Nothing to open."""
    document = paper("云溪市公示\n没有什么。")
    assert find_partial(document, _verdict(document), _verdict) is None


def test_a_paper_that_stays_closed_is_not_offered() -> None:
    """What is offered has been judged again; a judge that still says no ends it."""
    document = paper(TEXT)
    told = _verdict(document)
    assert find_partial(document, told, lambda _: told) is None


def test_a_paper_closed_by_a_caution_mark_is_closed_whole() -> None:
    """S3 speaks of the whole paper: no masking opens it."""
    document = paper(TEXT)
    told = _verdict(document)
    marked = replace(told, reasons=(Reason(Attribute.WITHHELD, ("条例:17",), "内部。", (0,), "S3"),))
    assert find_partial(document, marked, _verdict) is None


def test_an_unread_paper_is_not_offered() -> None:
    """Nobody knows what stands in the unread part."""
    document = paper(TEXT)
    told = replace(_verdict(document), problems=(Problem("encrypted"),))
    assert find_partial(document, told, _verdict) is None


def test_a_paper_that_is_mostly_passage_is_not_offered() -> None:
    """条例:37 asks for parts that can be told apart; two words left are none."""
    document = paper("底价甲底价乙")
    assert find_partial(document, _verdict(document), _verdict) is None


@given(st.text("甲乙\n\t", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_blanking_keeps_length_lines_and_everything_outside(text: str, pairs: list[tuple[int, int]]) -> None:
    """Spans of the copy are spans of the original."""
    spans = [Span(min(p), min(max(p), len(text))) for p in pairs if min(p) <= len(text)]
    copy = blank(replace(paper("甲"), text=text), spans).text
    inside = {i for s in spans for i in range(s.start, s.end)}
    assert len(copy) == len(text)
    assert all(c == ("□" if i in inside and text[i] not in "\n\t" else text[i]) for i, c in enumerate(copy))


def test_names_and_addresses_go_with_the_passages() -> None:
    """An offer of ours leaves no personal data that somebody would still have to judge."""
    told = _verdict(paper(TEXT))
    name = Finding(
        Category.PERSONAL_INFO, "person_name", "r.n@1", Span(6, 9), Grade.SUSPECTED, Severity.REVIEW, ("条例:15",), "姓名。"
    )
    partial = find_partial(paper(TEXT), replace(told, findings=(*told.findings, name)), _verdict)
    assert partial is not None
    assert Span(6, 9) in partial.spans


def test_an_offer_that_leaves_personal_data_is_none() -> None:
    """What the second judging finds and nobody blanked closes the offer."""
    document = paper(TEXT)
    left = Finding(
        Category.PERSONAL_INFO, "address", "r.a@1", Span(0, 3), Grade.SUSPECTED, Severity.REVIEW, ("条例:15",), "住址。"
    )

    def judge(masked: Document) -> Assessment:
        verdict = _verdict(masked)
        return replace(verdict, findings=(*verdict.findings, left))

    assert find_partial(document, _verdict(document), judge) is None


def _count(seen: list[str], judge: Callable[[Document], Assessment]) -> Callable[[Document], Assessment]:
    return lambda document: (seen.append(document.text), judge(document))[1]


def test_a_passage_that_rules_name_again_costs_no_second_judgement() -> None:
    """Two passages that the rules find again in their own lines: the paper is judged once, with both out."""
    document, seen = paper(TEXT), []
    partial = find_partial(document, _verdict(document), _count(seen, _verdict), lambda lines: _verdict(lines).findings)
    assert partial == find_partial(document, _verdict(document), _verdict)
    assert len(seen) == 1


def test_a_passage_that_no_rule_names_again_is_judged() -> None:
    """A nose that finds nothing saves nothing: both passages are given back once and judged."""
    document, seen = paper(TEXT), []
    partial = find_partial(document, _verdict(document), _count(seen, _verdict), lambda _: ())
    assert partial is not None
    assert len(seen) == 3


def test_only_the_rule_that_named_a_passage_keeps_it_out() -> None:
    """What another rule finds there, or a hint, does not spare the judgement that gives a harmless passage back."""
    document = paper(TEXT)
    harmless = replace(_verdict(document).findings[0], span=Span(0, 3))
    told = _verdict(document)
    told = replace(told, findings=(harmless, *told.findings))
    others = (replace(harmless, rule="r.other@1"), replace(harmless, severity=Severity.INFO))
    partial = find_partial(document, told, _verdict, lambda _: others)
    assert partial is not None
    assert Span(0, 3) not in partial.spans


def test_the_rules_see_the_passage_unmasked_and_the_others_masked() -> None:
    """The lines that are cut out are those of the copy, with what stays out blanked, and the places are shifted with them."""
    document, shown = paper("第一行\n" + TEXT), []
    find_partial(document, _verdict(document), _verdict, lambda lines: (shown.append(lines.text), ())[1])
    assert any("底价甲□□□" in text for text in shown)
    assert any("□□□底价乙" in text for text in shown)
