"""Certificates: labels read strictly, trials counted rightly, and a line that counts only for what it was made with."""

from dataclasses import replace
from pathlib import Path

import pytest

from classifier import certificate
from classifier.certificate import BadLabels, Labelled
from classifier.core.assessment import Assessment, Attribute, Provenance, Route
from classifier.core.settings import Thresholds
from classifier.learn.guarantee import Trial

MADE_BY = Provenance("1", "rules", "attribute/1")
SAFE = [Trial(0.5, active=False, critical=True, right=True)] * 299


def _table(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _verdict(attribute: Attribute, route: Route = Route.SUGGEST) -> Assessment:
    return Assessment("", "", "txt", attribute, True, 0.97, route, (), (), MADE_BY)


def test_labels_are_read_with_second_answers_and_danger(tmp_path: Path) -> None:
    """Columns beyond path and attribute may be absent or empty."""
    table = _table(tmp_path, "path,attribute,acceptable,dangerous\na.txt,withheld,withheld|on_request,1\nb.txt,active,,\n")
    first, second = certificate.read_labels(table)
    assert first == Labelled("a.txt", Attribute.WITHHELD, frozenset({Attribute.WITHHELD, Attribute.ON_REQUEST}), True)
    assert (second.acceptable, second.dangerous) == (frozenset({Attribute.ACTIVE}), False)


@pytest.mark.parametrize(("text", "told"), [("", "没有内容"), ("path\na\n", "缺少"), ("path,attribute\na.txt,公开\n", "第 2 行")])
def test_bad_labels_are_refused_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    """A half-read table would make a false promise."""
    with pytest.raises(BadLabels, match=told):
        certificate.read_labels(_table(tmp_path, text))


def test_a_paper_for_which_active_is_acceptable_is_not_critical() -> None:
    """Unless it is called dangerous."""
    label = Labelled("a", Attribute.WITHHELD, frozenset({Attribute.WITHHELD, Attribute.ACTIVE}), False)
    assert not label.is_critical
    assert replace(label, dangerous=True).is_critical


@pytest.mark.parametrize(
    ("attribute", "route", "active"),
    [
        (Attribute.ACTIVE, Route.SUGGEST, True),
        (Attribute.ACTIVE, Route.REVIEW, False),
        (Attribute.WITHHELD, Route.SUGGEST, False),
    ],
)
def test_only_a_suggested_active_paper_counts_as_let_out(attribute: Attribute, route: Route, active: bool) -> None:
    """A person looks at everything else."""
    label = Labelled("a", Attribute.WITHHELD, frozenset({Attribute.WITHHELD}), True)
    assert certificate.to_trial(label, _verdict(attribute, route)).active is active


def test_a_certificate_survives_its_file(tmp_path: Path) -> None:
    """What was written is read again."""
    made = certificate.certify(SAFE, MADE_BY, "0" * 64, "2026-11-24", 0.01)
    certificate.write(tmp_path, made)
    assert certificate.read(tmp_path) == made


@pytest.mark.parametrize("content", ["", "{}", '{"schema":"other"}', "[]", '{"schema":"mishen.certificate/1"}'])
def test_a_broken_certificate_is_no_certificate(tmp_path: Path, content: str) -> None:
    """Then the default line counts."""
    (tmp_path / certificate.FILE).write_text(content, encoding="utf-8")
    assert certificate.read(tmp_path) is None


def test_the_line_counts_for_the_same_code_rules_and_model_only() -> None:
    """Any change voids it."""
    made = certificate.certify(SAFE, MADE_BY, "", "2026-11-24", 0.01)
    default = Thresholds()
    assert certificate.certified(default, made, MADE_BY).suggest_active == made.promise.line
    for other in (Provenance("2", "rules", "attribute/1"), Provenance("1", "r", "attribute/1"), Provenance("1", "rules", "m")):
        assert certificate.certified(default, made, other) == default


def test_a_refusal_changes_nothing() -> None:
    """Too few labels promise nothing, and move no line."""
    refused = certificate.certify(SAFE[:10], MADE_BY, "", "2026-11-24", 0.01)
    assert refused.promise.line is None
    assert certificate.certified(Thresholds(), refused, MADE_BY) == Thresholds()
