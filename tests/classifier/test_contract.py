"""The contract `mishen.assessment/1`: exact keys, round trip, nothing of a blocked paper."""

import json
from pathlib import Path

import pytest

from classifier import contract
from classifier.pipeline import assess_text

OPEN = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好宣传工作。联系人手机13857801234。\n云溪市水利局\n2026年4月2日"
KEYS = [
    "schema", "source", "member", "sha256", "format", "pages", "chars", "elements", "attribute", "in_scope", "confidence", "scores", "route",
    "needs_human", "reasons", "findings", "redactions", "publishable_after_redaction", "partial", "voices", "turns",
    "shadow", "citations", "problems", "receipt", "provenance",
]  # fmt: skip
ELEMENTS = [
    "title",
    "doc_no",
    "issuer",
    "recipients",
    "issue_date",
    "doc_kind",
    "urgency",
    "annotation",
    "declared_attribute",
    "secret_marking",
    "forwarded",
]
FINDING = ["id", "category", "type", "rule", "start", "end", "where", "page", "grade", "severity", "law", "why", "text", "mask"]


def test_keys_stand_as_promised() -> None:
    """Programs rely on every key; a key may be added, none may change."""
    data = contract.to_json(assess_text(OPEN))
    assert list(data) == KEYS
    assert list(data["elements"]) == ELEMENTS
    assert all(list(f) == FINDING for f in data["findings"])
    assert data["schema"] == "mishen.assessment/1"


def test_spans_point_at_their_words() -> None:
    """`start` and `end` are code points into the text; `text` is what stands there."""
    mobile = next(f for f in contract.to_json(assess_text(OPEN))["findings"] if f["type"] == "mobile")
    assert OPEN[mobile["start"] : mobile["end"]] == mobile["text"] == "13857801234"
    assert mobile["mask"] == "138****1234"


def test_no_text_leaves_no_words() -> None:
    """`--no-text`: no finding text, no mask, no title."""
    dumped = json.dumps(contract.to_json(assess_text(OPEN), with_text=False), ensure_ascii=False)
    assert "13857801234" not in dumped
    assert "节水" not in dumped
    assert "138****1234" not in dumped


def test_json_and_back() -> None:
    """from_json rebuilds the Assessment (its whole text apart)."""
    verdict = assess_text(OPEN)
    data = json.loads(json.dumps(contract.to_json(verdict)))
    assert contract.to_json(contract.from_json(data), with_text=False) == contract.to_json(verdict, with_text=False) | {
        "elements": data["elements"] | dict.fromkeys(("title", "doc_no", "issuer", "recipients", "annotation"))
    }


def test_blocked_paper_keeps_only_the_marking() -> None:
    """The hard stop: attribute null, level, period and place of the mark, not one word of the paper."""
    data = contract.to_json(assess_text("机密★5年\n" + OPEN))
    assert data["attribute"] is None
    assert data["route"] == "blocked"
    assert data["elements"]["secret_marking"] == {"level": "secret", "period": "5年", "where": "body"}
    dumped = json.dumps(data, ensure_ascii=False)
    assert "节水" not in dumped
    assert "13857801234" not in dumped
    assert all("text" not in f for f in data["findings"])


def test_another_schema_is_refused() -> None:
    """A reader never guesses."""
    with pytest.raises(ValueError, match="schema"):
        contract.from_json({"schema": "mishen.assessment/9"})


def test_manual_names_every_key() -> None:
    """CONTRACT.md tells each key of the object."""
    manual = (Path(__file__).parents[2] / "CONTRACT.md").read_text(encoding="utf-8")
    for key in [*KEYS, *ELEMENTS, *FINDING]:
        assert f"`{key}`" in manual, key
