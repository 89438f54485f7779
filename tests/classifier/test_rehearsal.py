"""`rules dry-run`: what would change is told, without a word of the papers."""

import json
from pathlib import Path

import pytest

from classifier.core.document import Where
from classifier.core.errors import BadKnowledge
from classifier.rehearsal import Target, is_changed, plan, rehearse_file, rehearse_store, stored_document

PAPER = "云溪市水利局关于开展节水宣传的通知\n各县（区）水利局：\n　　请做好青鸾工程宣传工作。联系人手机13857801234。\n云溪市水利局\n2026年4月2日"
PACK = '[pack]\nprefix = "yunxi"\nname = "规则"\nversion = "1"\npublisher = "办公室"\ndescription = "代号"\n'
RULE = """
[[rule]]
id = "yunxi.code_names"
version = 1
state = "evaluation"
method = "terms"
category = "public_security"
type = "passage"
severity = "review"
law = ["条例:14"]
why = "工程内部代号"
terms = ["青鸾工程"]
hits = ["青鸾工程进展"]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Target:
    place = tmp_path / "yunxi"
    place.mkdir()
    (place / "pack.toml").write_text(PACK, encoding="utf-8")
    (place / "rules.toml").write_text(RULE, encoding="utf-8")
    return Target(pack=str(place))


def test_a_packs_rule_on_trial_is_rehearsed_as_enabled(tmp_path: Path, pack: Target) -> None:
    """The rehearsal shows what enabling would do, before anything is enabled."""
    path = tmp_path / "通知.txt"
    path.write_text(PAPER, encoding="utf-8")
    [row] = rehearse_file((str(path), pack))
    assert "yunxi.code_names@1" not in row["before"]["findings"]
    assert row["after"]["findings"]["yunxi.code_names@1"] == 1
    assert is_changed(row)


def test_no_word_of_a_paper_is_told(tmp_path: Path, pack: Target) -> None:
    """Path, hash, rules and counts only."""
    path = tmp_path / "通知.txt"
    path.write_text(PAPER, encoding="utf-8")
    told = json.dumps(rehearse_file((str(path), pack)), ensure_ascii=False)
    assert "节水" not in told
    assert "青鸾" not in told
    assert "138" not in told.replace(rehearse_file((str(path), pack))[0]["sha256"], "")


def test_a_house_rule_is_rehearsed_off_and_on() -> None:
    """The same question for an enabled rule: what it does for us."""
    [row] = rehearse_store([("A1", PAPER, [])], Target(rule="personal.mobile"))
    assert row["source"] == "A1"
    assert row["after"]["findings"]["personal.mobile@1"] == 1
    assert "personal.mobile@1" not in row["before"]["findings"]


def test_a_rule_that_finds_nothing_changes_nothing() -> None:
    """Rows without a difference are not told."""
    [row] = rehearse_store([("A1", PAPER, [])], Target(rule="personal.vin"))
    assert not is_changed(row)


def test_an_unknown_rule_and_a_bad_pack_are_refused(tmp_path: Path) -> None:
    """Before any paper is read."""
    with pytest.raises(BadKnowledge, match="没有规则"):
        plan(Target(rule="no.such"))
    with pytest.raises(BadKnowledge, match=r"pack\.toml"):
        plan(Target(pack=str(tmp_path)))


def test_stored_text_gets_its_places_back() -> None:
    """A header of the stored text is a header again."""
    document = stored_document("页眉\n正文一\n正文二", [(0, 2, "header")])
    assert [(document.text[b.span.start : b.span.end], b.where) for b in document.blocks] == [
        ("页眉", Where.HEADER),
        ("正文一", Where.BODY),
        ("正文二", Where.BODY),
    ]
