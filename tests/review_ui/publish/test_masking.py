"""The published text: what was masked is not in it, and nothing else is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.core.assessment import Assessment, Attribute, Provenance, Route
from classifier.core.document import Span, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from review_ui.publish.masking import FALLBACK, Place, mask, undecided
from review_ui.publish.package import Draft, Refused, prove
from review_ui.publish.spelling import bare, hunted
from review_ui.store.opinions import Rulings


def assessment(*spans: tuple[int, int], masks: str | None = None, redactions: tuple[Span, ...] = ()) -> Assessment:
    found = tuple(
        Finding(Category.PERSONAL_INFO, "name", "p@1", Span(*s), Grade.CONFIRMED, Severity.REDACT, ("条例:15",), "。", mask=masks)
        for s in spans
    )
    return Assessment(
        "a", "", "txt", Attribute.ACTIVE, True, 1.0, Route.REVIEW, (), found, Provenance("", "", ""), redactions=redactions
    )


@given(st.text(alphabet="甲乙丙丁1１ ·\n\u200b", min_size=1, max_size=40), st.data())
def test_no_masked_passage_survives(text: str, data: st.DataObject) -> None:
    """Whatever spans are masked, overlapping or not, none of their words is in the result."""
    position = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(position, position).filter(lambda p: p[0] < p[1]), max_size=4))
    masked = mask(text, assessment(*pairs), ())
    assert not any(secret in bare(masked.text) for secret in hunted(masked.secrets))


def test_echoes_are_masked_too() -> None:
    """A name masked in one place is masked wherever it stands."""
    masked = mask("王建业住在甲地。王建业来了。", assessment((0, 3)), ())
    assert masked.text == f"{FALLBACK}住在甲地。{FALLBACK}来了。\n"
    assert masked.count == 2
    assert masked.cover("王建业案") == f"{FALLBACK}案"


@pytest.mark.parametrize(
    ("named", "echo"),
    [
        ("刘小明", "刘 小 明"),
        ("刘小明", "刘\n小明"),
        ("刘小明", "刘\u3000小\u200b明"),
        ("买买提·艾力", "买买提艾力"),
        ("买买提艾力", "买买提•艾力"),
        ("440308199901101512", "４４０３０８ 19990110\n1512"),
    ],
)
def test_an_echo_in_another_spelling_is_masked_and_proved(named: str, echo: str) -> None:
    """Spaces, line breaks, middle dots and full-width forms hide nothing, neither from the mask nor from the proof."""
    masked = mask(f"{named}到场，{echo}签字。", assessment((0, len(named))), ())
    assert masked.text == f"{FALLBACK}到场，{FALLBACK}签字。\n"
    assert masked.cover(f"{echo}案") == f"{FALLBACK}案"
    prove(Draft(masked.text, b"", ""), masked, masked.text, (None,))
    for text, extracted, words in ((echo, echo, ()), ("。", f"。{echo}", ()), ("。", "。", (echo,))):
        with pytest.raises(Refused, match="leak"):
            prove(Draft(text, b"", ""), masked, extracted, words)


def test_asterisks_are_not_hunted() -> None:
    """A passage that shows nothing cannot be told from its own mask: the package is not refused for it."""
    masked = mask("账号****。", assessment((2, 6)), ())
    prove(Draft(masked.text, b"", ""), masked, masked.text, ())


def test_a_false_alarm_is_not_masked_but_a_wider_redaction_stays() -> None:
    """Clearing one of two findings under a redaction leaves the other masked."""
    both = assessment((0, 3), (3, 6), redactions=(Span(0, 6),))
    one = mask("王建业李大力。", both, (), Rulings(cleared=frozenset({0}))).text
    assert "李大力" not in one
    assert mask("王建业李大力。", both, (), Rulings(cleared=frozenset({0, 1}))).text == "王建业李大力。\n"


def test_people_may_hide_what_the_machine_only_points_at() -> None:
    """遮蔽 on a finding that asks for nothing masks it and its echoes."""
    pointed = replace(assessment((0, 3)), findings=(replace(assessment((0, 3)).findings[0], severity=Severity.REVIEW),))
    assert mask("王建业同志。王建业", pointed, ()).count == 0
    assert mask("王建业同志。王建业", pointed, (), Rulings(hidden=frozenset({0}))).text == f"{FALLBACK}同志。{FALLBACK}\n"


def test_a_maskable_hint_waits_for_a_word() -> None:
    """A finding with a mask that only asks for a look stays open until somebody rules; one without a mask does not ask."""
    found = assessment((0, 3)).findings[0]
    asking = replace(found, severity=Severity.REVIEW, mask="王某")
    both = replace(assessment((0, 3)), findings=(asking, replace(asking, mask=None)))
    assert undecided(both, Rulings()) == (0,)
    assert undecided(both, Rulings(decided=frozenset({0}))) == ()


def test_unseen_places_do_not_travel() -> None:
    """Comments, hidden text, properties and the file name are not published."""
    text = "正文\n批注\n页眉\n"
    places = [Place(Span(3, 6), Where.COMMENT), Place(Span(6, 9), Where.HEADER)]
    assert mask(text, assessment(), places).text == "正文\n页眉\n"


def test_content_hash_follows_the_text() -> None:
    """No text, no hash: an empty publication can never be signed for."""
    assert mask("", assessment(), ()).content == ""
    assert mask("甲", assessment(), ()).content != mask("乙", assessment(), ()).content


def test_an_everyday_word_is_masked_in_its_place_only() -> None:
    """与本人关系：女儿 hides this daughter, not the word in every other sentence; a name is hunted everywhere."""
    text = "与本人关系：女儿\n妇女儿童工作，女儿节。"
    finding = replace(assessment((6, 8), masks="〔家庭情况已隐去〕").findings[0], type="family")
    masked = mask(text, replace(assessment(), findings=(finding,)), ())
    assert masked.text == "与本人关系：〔家庭情况已隐去〕\n妇女儿童工作，女儿节。\n"
    named = replace(finding, type="person_name")
    assert "女儿" not in mask(text, replace(assessment(), findings=(named,)), ()).text
