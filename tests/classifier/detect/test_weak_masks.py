"""Masks of others that hide too little, and two masks of one number."""

import pytest

from classifier.core.finding import Severity
from classifier.detect.spans import _book, document_of
from classifier.detect.view import look
from classifier.detect.weak_masks import detect


def _found(text: str):
    return list(detect(look(document_of(text)), _book()))


@pytest.mark.parametrize(
    ("text", "severity", "mask"),
    [
        ("身份证号33010219900307****", Severity.REDACT, "〔身份证号已隐去〕"),
        ("身份证号3301021990****1230", Severity.REDACT, "〔身份证号已隐去〕"),
        ("身份证号330102********1230", Severity.INFO, None),
        ("手机138**345678", Severity.REDACT, "138****5678"),
        ("卡号62220212345678***28", None, None),
        ("卡号622202123456789**28", None, None),
        ("卡号6222021234567****28", None, None),
        ("卡号6222021234567***128", Severity.REDACT, "**** **** **** *128"),
    ],
)
def test_too_little_is_hidden(text, severity, mask):
    """Four stars in an identity number are none; six and four is told."""
    found = _found(text)
    if severity is None:
        assert all(f.severity is Severity.REDACT for f in found)
        return
    assert [(f.severity, f.mask) for f in found] == [(severity, mask)]


@pytest.mark.parametrize(
    "text",
    [
        "手机138****5678",
        "身份证3***************30",
        "**** **** **** 0128",
        "1200×800×16",
        "编号****",
        "330102199003071230",
        "______",
        "12345*6789",
    ],
)
def test_enough_is_hidden(text):
    """Good masks, sizes, blanks and plain numbers are no weak masks."""
    assert _found(text) == []


def test_two_masks_of_one_number_are_told():
    """Laid over each other they show it."""
    found = _found("甲表330102****0307****，乙表330102********1230，丙表******19900307123*")
    assert any("不同的遮法" in f.why for f in found)


def test_one_mask_of_one_number_everywhere_is_even():
    """The same mask twice is no contradiction."""
    found = _found("甲表330102*********230，乙表330102*********230")
    assert not any("不同的遮法" in f.why for f in found)
