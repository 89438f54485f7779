"""Mask forms: what stands in the cleaned copy, by the masking table (corpus/policy/masks.toml) and its cases."""

import csv
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.core.settings import read_settings
from classifier.detect.masks import active_policy, mask_for
from classifier.detect.spans import find_spans
from classifier.knowledge.masks import STYLES, MaskPolicy, load_masks

POLICY = read_settings().data_home / "corpus" / "policy"
PROFILES = ("standard", "notice", "strict", "first6_last4")


def _rows() -> list[tuple[str, str, str, str]]:
    lines = (POLICY / "masks_cases.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    return [(a, b, c, d) for a, b, c, d in rows[1:]]


TABLE = _rows()


@cache
def _profile(name: str) -> MaskPolicy:
    return load_masks(POLICY / "masks.toml", name)


def test_the_table_is_large_enough():
    """The masking table is proved by at least eighty cases, every form among them."""
    assert len(TABLE) >= 80
    assert set(STYLES) <= {row[1] for row in TABLE}


@pytest.mark.parametrize(("profile", "form", "value", "expected"), TABLE)
def test_mask(profile, form, value, expected):
    """Each form follows the bureau's masking table."""
    assert mask_for(form, value, _profile(profile)) == expected


@pytest.mark.parametrize(("profile", "form", "value", "_expected"), TABLE)
def test_mask_of_a_mask_is_the_same(profile, form, value, _expected):
    """Cleaning a cleaned copy changes nothing."""
    once = mask_for(form, value, _profile(profile))
    assert mask_for(form, once, _profile(profile)) == once


@given(
    st.sampled_from(PROFILES),
    st.sampled_from(sorted(STYLES)),
    st.text(alphabet="0123456789Xx张欧阳王建国某·-－ 年月日.@浙AB省市县区镇村路号*〔已隐去〕abc", min_size=2, max_size=24),
)
def test_any_mask_is_its_own_mask(profile, form, value):
    """For any words, masking twice is masking once."""
    once = mask_for(form, value, _profile(profile))
    assert mask_for(form, once, _profile(profile)) == once


@given(
    st.sampled_from(["standard", "notice", "strict"]),
    st.from_regex(r"[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])[0-9]{3}[0-9X]", fullmatch=True),
)
def test_no_digit_of_an_identity_number_stays(profile, number):
    """Under the recommended profiles nothing of an identity number is left."""
    assert not re.search("[0-9]", mask_for("id_card", number, _profile(profile)))


@given(st.sampled_from(PROFILES), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_four_digits_of_a_mobile_are_hidden(profile, number):
    """At most seven digits of a mobile number stay."""
    assert sum(c.isdigit() for c in mask_for("mobile", number, _profile(profile))) <= 7


@given(st.sampled_from(PROFILES), st.from_regex(r"62[0-9]{14,17}", fullmatch=True))
def test_four_digits_of_a_card_stay_at_most(profile, number):
    """At most the last four digits of a card number stay."""
    assert sum(c.isdigit() for c in mask_for("bank_card", number, _profile(profile))) <= 4


def test_a_passage_with_a_veiled_name_is_still_masked():
    """The word 某 in a clause does not save the illness beside it."""
    assert mask_for("health", "佘某静患糖尿病") == "〔健康信息已隐去〕"


LABELS = {
    "mobile": "联系电话：", "id_card": "身份证号：", "bank_card": "银行卡号：", "birth_date": "出生日期：", "name": "申请人：",
    "email": "邮箱：", "plate": "车牌：", "ends": "护照号：", "landline": "家庭电话：", "tail": "微信：", "health": "诊断：",
}  # fmt: skip


@pytest.mark.parametrize(
    ("form", "mask"), [(form, mask) for profile, form, _value, mask in TABLE if form in LABELS and profile == "standard"]
)
def test_nothing_is_found_in_a_masked_value(form, mask):
    """A value that is masked already is no finding."""
    assert [kind for _s, _e, kind in find_spans(LABELS[form] + mask) if kind != "ADDRESS"] == []


def test_no_form_means_no_mask():
    """A passage that is judged and not masked has no mask."""
    assert mask_for(None, "任何内容") is None


def test_unknown_form_is_a_bug():
    """A rule that names a form that does not exist fails loudly."""
    with pytest.raises(KeyError):
        mask_for("nonsense", "138")


def test_the_active_profile_has_no_warning():
    """What is recommended out of the box hides enough."""
    assert active_policy().warnings == ()
