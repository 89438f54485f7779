"""Mask forms: what stands in the cleaned copy."""

import pytest

from classifier.detect.masks import mask_for
from classifier.detect.spans import find_spans

TABLE = [
    ("mobile", "13812345678", "138****5678"),
    ("mobile", "+86 138 1234 5678", "138****5678"),
    ("id_card", "330102199003071230", "〔身份证号已隐去〕"),
    ("bank_card", "6222021234567890128", "**** **** **** 0128"),
    ("birth_date", "1990年3月7日", "1990年**月**日"),
    ("birth_date", "三月七日", "〔出生日期已隐去〕"),
    ("name", "张建国", "张某"),
    ("name", "欧阳清", "欧阳某"),
    ("name", "买买提·吐尔逊", "买买提某"),
    ("email", "zhang@example.com", "z***@example.com"),
    ("plate", "浙A12321", "浙A***21"),
    ("plate", "浙A·D12321", "浙A***21"),
    ("ends", "E12345612", "E******12"),
    ("landline", "0571-87654321", "0571-******21"),
    ("landline", "010-87654321", "010-******21"),
    ("tail", "wxid_abc123", "wx****"),
    ("address", "浙江省杭州市西湖区北山街道文三路200号3幢", "浙江省杭州市西湖区北山街道〔详细地址已隐去〕"),
    ("address", "杭州市西湖区文三路200号", "杭州市西湖区〔详细地址已隐去〕"),
    ("address", "幸福路3号", "〔地址已隐去〕"),
    ("health", "糖尿病", "〔健康信息已隐去〕"),
]


@pytest.mark.parametrize(("name", "value", "expected"), TABLE)
def test_mask(name, value, expected):
    """Each form follows the bureau's masking table."""
    assert mask_for(name, value) == expected


@pytest.mark.parametrize(("name", "value", "_expected"), TABLE)
def test_mask_of_a_mask_is_the_same(name, value, _expected):
    """Cleaning a cleaned copy changes nothing."""
    once = mask_for(name, value)
    assert mask_for(name, once) == once


LABELS = {
    "mobile": "联系电话：", "id_card": "身份证号：", "bank_card": "银行卡号：", "birth_date": "出生日期：", "name": "申请人：",
    "email": "邮箱：", "plate": "车牌：", "ends": "护照号：", "landline": "家庭电话：", "tail": "微信：", "health": "诊断：",
}  # fmt: skip


@pytest.mark.parametrize(("name", "_value", "mask"), [row for row in TABLE if row[0] in LABELS])
def test_nothing_is_found_in_a_masked_value(name, _value, mask):
    """A value that is masked already is no finding."""
    assert [kind for _s, _e, kind in find_spans(LABELS[name] + mask) if kind != "ADDRESS"] == []


def test_no_form_means_no_mask():
    """A passage that is judged and not masked has no mask."""
    assert mask_for(None, "任何内容") is None


def test_unknown_form_is_a_bug():
    """A rule that names a form that does not exist fails loudly."""
    with pytest.raises(KeyError):
        mask_for("nonsense", "138")
