"""Training papers: the format is strict, marks become spans, generated numbers are valid."""

import random
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute
from classifier.core.settings import read_settings
from classifier.detect.validators import VALIDATORS
from classifier.learn import dataset, numbers

HEAD = """=====
id: t-1
attribute: withheld
acceptable: withheld
kind: 请示
basis: 条例:16.2
in_scope: yes
bureau: 云溪市水利局
year: 2026
difficulty: 1
-----
"""
BODY = "申请人⟦personal_info.person_name:周某某⟧，证件⟦personal_info.id_card=1978⟧，座机⟦+landline⟧。⟦process_info.request_report:妥否，请批示。⟧\n"


def _write(folder: Path, text: str) -> Path:
    path = folder / "t.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_marks_become_spans(tmp_path: Path) -> None:
    """The words of each mark stand in the text, the spans point at them, plain numbers carry no span."""
    [sample] = dataset.read_samples(_write(tmp_path, HEAD + BODY))
    words = [(s.category.value, s.type, sample.text[s.span.start : s.span.end]) for s in sample.spans]
    assert words[0] == ("personal_info", "person_name", "周某某")
    assert words[2] == ("process_info", "request_report", "妥否，请批示。")
    assert words[1][2][6:10] == "1978"
    assert len(words) == 3
    assert "⟦" not in sample.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("attribute: withheld\n", "attribute: secret\n"),
        ("acceptable: withheld", "acceptable: active"),
        ("basis: 条例:16.2", "basis: 条例:99"),
        ("year: 2026\n", ""),
        ("-----", ""),
        ("person_name:周某某⟧", "person_name:周某某"),
        ("personal_info.id_card=1978", "personal_info.no_such"),
        ("process_info.request_report:", "odd.request_report:"),
    ],
)
def test_wrong_paper_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """A bad label, basis, field, mark or category is named, not guessed."""
    with pytest.raises(dataset.BadSample):
        list(dataset.read_samples(_write(tmp_path, (HEAD + BODY).replace(old, new, 1))))


def test_repeated_id_is_refused(tmp_path: Path) -> None:
    """An id names one paper."""
    _write(tmp_path, HEAD + BODY + HEAD + BODY)
    with pytest.raises(dataset.BadSample, match="重复"):
        dataset.load_samples(tmp_path)


@pytest.mark.parametrize("seed", range(20))
def test_generated_numbers_have_valid_check_digits(seed: int) -> None:
    """Identity numbers, cards and credit codes pass the detector's own validators."""
    chance = random.Random(seed)
    assert VALIDATORS["id_card"](numbers.id_card(chance))
    assert VALIDATORS["bank_card"](numbers.bank_card(chance))
    assert VALIDATORS["uscc"](numbers.uscc(chance))


def test_our_corpus_is_whole() -> None:
    """At least 600 papers, every attribute well represented, no state-secret marking, no paper twice."""
    samples = dataset.load_samples(read_settings().data_home / "corpus" / "samples")
    assert len(samples) >= 600
    for attribute in Attribute:
        assert sum(s.attribute is attribute for s in samples) >= 80
    assert len({s.text for s in samples}) == len(samples)
    assert not any("★" in s.text and "密★" in s.text for s in samples)
