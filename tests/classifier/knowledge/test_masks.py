"""The masking table: refused at load when it names what nobody can do."""

from pathlib import Path

import pytest

from classifier.core.errors import BadKnowledge
from classifier.core.settings import read_settings
from classifier.knowledge.masks import STYLES, load_masks

TABLE = read_settings().data_home / "corpus" / "policy" / "masks.toml"


@pytest.mark.parametrize("profile", [None, "standard", "notice", "strict", "first6_last4"])
def test_every_profile_gives_each_form_a_style(profile):
    """No form is left without a style, the base fills the gaps."""
    policy = load_masks(TABLE, profile)
    assert set(policy.styles) == set(STYLES)
    assert policy.label


def test_six_and_four_is_told_as_insufficient():
    """The local custom 前六后四 can be chosen and carries its warning."""
    assert "十一分之一" in load_masks(TABLE, "first6_last4").warnings[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('active = "standard"', 'active = "nobody"'),
        ('id_card = "whole"', 'id_card = "first17"'),
        ('id_card = "whole"', 'id_cards = "whole"'),
        ('mobile = "first3_last4"\n', ""),
        ('base = "standard"', 'base = "notice"'),
        ("compound_surnames = [", "surnames = ["),
    ],
)
def test_a_bad_table_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """An unknown profile, form or style, a missing form, or a profile that stands on itself stops the load."""
    text = TABLE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "masks.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadKnowledge):
        load_masks(broken, None if "active" in old else "notice")


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    """Without a table nothing is masked by guess."""
    with pytest.raises(BadKnowledge):
        load_masks(tmp_path / "none.toml")
