"""The ladder: a marking stops all, unread parts are never 主动公开, every verdict has an article."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.core.assessment import Attribute, Provenance, Route, Scores
from classifier.core.document import Block, Document, Elements, Problem, Span, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Thresholds, read_settings
from classifier.judge import Case, judge, ladder
from classifier.judge.case import Lesson
from classifier.knowledge import load_law
from tests.classifier.papers import paper

LAW = load_law(read_settings().data_home / "corpus" / "law")
MADE_BY = Provenance("0", "r", "m")
TEXT = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好宣传工作，方便群众了解节水知识。"

NAMED = replace(paper(TEXT), elements=Elements(title="云溪市水利局关于开展节水宣传的通知"))


def _lesson(active: float, on_request: float, withheld: float) -> Lesson:
    basis = {Attribute.ACTIVE: "条例:19", Attribute.ON_REQUEST: "条例:13", Attribute.WITHHELD: "条例:16.2"}
    return Lesson(Scores(active, on_request, withheld), basis.__getitem__, lambda _: Span(0, 10))


def _finding(
    category: Category, severity: Severity = Severity.REVIEW, grade: Grade = Grade.CONFIRMED, span: Span = Span(0, 4)
) -> Finding:
    return Finding(category, "t", "r.r@1", span, grade, severity, ("条例:14",), "因为。")


def _judge(*findings: Finding, scores: tuple[float, float, float] | None = (0.96, 0.02, 0.02), document: Document | None = None):
    lesson = _lesson(*scores) if scores else None
    return judge(Case(document or NAMED, findings, lesson, LAW), "文书.txt", MADE_BY)


def test_plain_open_paper_is_suggested_active() -> None:
    """Nothing sensitive, sure model: one click."""
    verdict = _judge()
    assert (verdict.attribute, verdict.route) == (Attribute.ACTIVE, Route.SUGGEST)
    assert not verdict.needs_human


def test_a_paper_nobody_can_name_is_looked_at_before_it_goes_out() -> None:
    """Neither title nor kind: the catalogue（条例:12）could not even name it."""
    nameless = replace(paper(TEXT), elements=Elements())
    assert _judge(document=nameless).route is Route.REVIEW


@pytest.mark.parametrize("code", sorted(set(PROBLEMS) - {"mismatch", "macro", "form"}))
@pytest.mark.parametrize("scores", [(0.96, 0.02, 0.02), None])
def test_of_a_paper_nobody_read_only_that_is_said(code: str, scores: tuple[float, float, float] | None) -> None:
    """No shares of a model that saw nothing, and no “没有依据就应当公开”: closed, by hand, because it was not read."""
    verdict = _judge(scores=scores, document=replace(paper(""), problems=(Problem(code),)))
    assert (verdict.attribute, verdict.route, verdict.confidence) == (Attribute.WITHHELD, Route.MANUAL, 0.0)
    assert verdict.scores is None
    assert {reason.step for reason in verdict.reasons} == {"S0"}
    assert [reason.law for reason in verdict.reasons if reason.attribute] == [("条例:17",)]


def test_a_mark_in_the_name_of_a_paper_nobody_read_is_still_told() -> None:
    """The name is all that is known, and it is evidence."""
    named = replace(paper("", name="内部资料.docx"), problems=(Problem("encrypted"),))
    verdict = _judge(_finding(Category.WORK_SECRET), document=named)
    assert {reason.step for reason in verdict.reasons} == {"S0", "S3"}
    assert verdict.scores is None


def test_marking_stops_everything() -> None:
    """S1: no attribute, no text, no elements, route blocked; only the marks are kept."""
    marked = paper("机密★5年\n" + TEXT)
    mark = _finding(Category.STATE_SECRET, Severity.BLOCK, span=Span(0, 5))
    verdict = _judge(mark, _finding(Category.PERSONAL_INFO, Severity.REDACT), document=marked)
    assert (verdict.attribute, verdict.route, verdict.text) == (None, Route.BLOCKED, "")
    assert verdict.findings == (mark,)
    assert verdict.elements.title is None
    told = verdict.elements.secret_marking
    assert told is not None
    assert (told.level, told.period, told.where) == ("secret", "5年", Where.BODY)


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_any_problem_needs_a_person(code: str) -> None:
    """S0: one unread part is enough, however sure the model is."""
    verdict = _judge(document=replace(paper(TEXT), problems=(Problem(code),)))
    assert verdict.needs_human
    assert not verdict.publishable_after_redaction
    if code not in ("image", "mismatch", "macro", "form"):
        assert verdict.attribute is not Attribute.ACTIVE


def test_no_model_means_no_suggestion() -> None:
    """Without a model a person decides from nothing."""
    assert _judge(scores=None).route is Route.MANUAL


def test_caution_mark_withholds_and_goes_to_a_person() -> None:
    """S3: a caution mark freezes publication even when the model is sure of 主动公开."""
    verdict = _judge(_finding(Category.WORK_SECRET))
    assert verdict.attribute is Attribute.WITHHELD
    assert verdict.route is Route.MANUAL


def test_personal_items_are_masked_not_withheld() -> None:
    """S6: the law asks for severance, not for withholding the whole paper."""
    verdict = _judge(_finding(Category.PERSONAL_INFO, Severity.REDACT))
    assert verdict.attribute is Attribute.ACTIVE
    assert verdict.redactions == (Span(0, 4),)
    assert verdict.publishable_after_redaction
    assert verdict.route is Route.REVIEW


def test_declared_conflict_is_named_and_goes_to_a_person() -> None:
    """S8: note and content disagree, so nobody clicks it through."""
    document = replace(paper(TEXT), elements=Elements(declared_attribute="active"))
    verdict = _judge(scores=(0.01, 0.01, 0.98), document=document)
    assert verdict.attribute is Attribute.WITHHELD
    assert verdict.route is Route.MANUAL
    assert any("不一致" in reason.text for reason in verdict.reasons)


def test_a_more_closed_note_is_followed() -> None:
    """S8: mishen is never more open than the issuing body."""
    document = replace(paper(TEXT), elements=Elements(declared_attribute="withheld"))
    assert _judge(document=document).attribute is Attribute.WITHHELD


def test_an_unsure_open_paper_with_real_doubt_is_kept_closed() -> None:
    """A leak is far worse than a paper that waits for a person."""
    verdict = _judge(scores=(0.5, 0.15, 0.35))
    assert (verdict.attribute, verdict.route) == (Attribute.WITHHELD, Route.MANUAL)


def test_an_unsure_open_paper_without_doubt_stays_open() -> None:
    """Over-withholding is an error too."""
    assert _judge(scores=(0.5, 0.4, 0.1)).attribute is Attribute.ACTIVE


def test_party_number_is_out_of_scope() -> None:
    """S2: a Party number is not government information."""
    document = replace(paper(TEXT), elements=Elements(doc_no="云委发〔2026〕3号"))
    verdict = _judge(document=document)
    assert not verdict.in_scope
    assert verdict.needs_human


@pytest.mark.parametrize("number", ["云政发〔2026〕3号", "云发改审〔2026〕3号", "云教〔2026〕3号", "云卫健委发〔2026〕8号"])
def test_government_number_is_in_scope(number: str) -> None:
    """A commission of the government (发改委, 卫健委) is not a Party committee."""
    assert _judge(document=replace(paper(TEXT), elements=Elements(doc_no=number))).in_scope


SCORES = st.tuples(*[st.floats(0.001, 1.0)] * 3).map(lambda t: tuple(x / sum(t) for x in t))
FINDINGS = st.lists(
    st.builds(
        _finding,
        st.sampled_from(Category),
        st.sampled_from([Severity.REDACT, Severity.REVIEW, Severity.INFO]),
        st.sampled_from(Grade),
    ),
    max_size=4,
)


@given(SCORES, FINDINGS)
def test_every_verdict_has_an_article_and_a_passage(scores: tuple[float, float, float], findings: list[Finding]) -> None:
    """No attribute without law and evidence, for any scores and findings; indices point at findings that exist."""
    verdict = _judge(*findings, scores=scores)
    own = [r for r in verdict.reasons if r.attribute is verdict.attribute]
    assert own
    assert all(r.law for r in own)
    assert any(r.findings for r in own)
    assert all(i < len(verdict.findings) for r in verdict.reasons for i in r.findings)


@given(SCORES, FINDINGS)
def test_a_suggestion_is_always_sure(scores: tuple[float, float, float], findings: list[Finding]) -> None:
    """Route `suggest` needs confidence at the line and no step that asks for more; masks count only in what goes out."""
    verdict = _judge(*findings, scores=scores)
    if verdict.route is Route.SUGGEST:
        assert verdict.confidence >= Thresholds().line(verdict.attribute.value)
        assert verdict.attribute is Attribute.WITHHELD or not verdict.redactions  # `Opinion.going_out`


@pytest.mark.parametrize(
    ("title", "attribute"),
    [
        ("云溪市人民政府办公室转发市水利局关于加强节水工作请示的通知", Attribute.ACTIVE),
        ("云溪市水利局关于加强节水工作的请示", Attribute.WITHHELD),
    ],
)
def test_a_forwarded_request_has_become_an_outcome(title: str, attribute: Attribute) -> None:
    """The closing words of a request count in the request itself, not in the notice that forwards the decided paper."""
    asked = replace(_finding(Category.PROCESS_INFO), type="request_report", rule="process.request_closing@1")
    kind = "通知" if title.endswith("通知") else "请示"
    document = replace(paper(TEXT), elements=Elements(title=title, doc_kind=kind))
    assert _judge(asked, scores=(0.64, 0.24, 0.12), document=document).attribute is attribute


def test_withholding_without_a_passage_is_never_suggested() -> None:
    """Over-withholding is named: a likeness alone is no article（条例:13）."""
    verdict = _judge(scores=(0.01, 0.01, 0.98))
    assert verdict.attribute is Attribute.WITHHELD
    assert verdict.route is Route.REVIEW
    assert any(reason.text.startswith("无不予公开依据") for reason in verdict.reasons)


def test_every_block_of_a_hidden_origin_is_exported_as_hidden() -> None:
    """One finding speaks for its whole origin; a footnote stays a footnote."""
    kinds = ((Where.BODY, None), (Where.NOTE, "speaker_notes"), (Where.NOTE, None), (Where.OCR, "speaker_notes"))
    blocks = tuple(Block(Span(i, i + 1), where, origin=origin) for i, (where, origin) in enumerate(kinds))
    found = replace(_finding(Category.HIDDEN, span=Span(1, 2)), type="speaker_notes")
    verdict = _judge(found, document=replace(paper(TEXT), blocks=blocks))
    assert [where for _, where in verdict.places] == [Where.HIDDEN, Where.NOTE, Where.HIDDEN]
    told = _judge(replace(found, severity=Severity.INFO), document=replace(paper(TEXT), blocks=blocks))
    assert [where for _, where in told.places] == [Where.NOTE, Where.NOTE, Where.OCR]


@given(st.text("_＿—□ \u3000年月×Xx签字日期：:人\t\n|公〔", max_size=60))
def test_a_form_is_known_by_the_full_expression_alone(text: str) -> None:
    """Counting signs first only saves work: it never decides against the expression."""
    needed = max(ladder._BLANKS, len(text) / ladder._BLANK_EVERY)
    assert ladder._is_blank_form(text) is (len(ladder._BLANK.findall(text)) >= needed)


def test_what_an_attribute_rests_on_is_asked_for_the_verdict_alone() -> None:
    """The telling sentence and the likeliest article cost time: nobody looks for those of attributes that are not given."""
    asked: list[Attribute] = []
    lesson = Lesson(Scores(0.96, 0.02, 0.02), lambda _: "条例:19", lambda a: (asked.append(a), Span(0, 10))[1])
    verdict = judge(Case(NAMED, (), lesson, LAW), "文书.txt", MADE_BY)
    assert asked == [verdict.attribute]
