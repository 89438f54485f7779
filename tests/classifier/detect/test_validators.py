"""Check digits: three answers, and what each means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.detect import validators as v


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("330102199003071230", True),
        ("11010519491231002X", True),
        ("830000199002141233", True),
        ("330102199003071235", None),
        ("330102199013071230", False),
        ("330102199002301230", False),
        ("990102199003071230", None),
        ("170102199003071230", False),
        ("33010219900307123", False),
        ("33010217900307123X", False),
        ("", False),
    ],
)
def test_id_card(value, verdict):
    """Province and date decide between impossible and possible, the check character between possible and proved."""
    assert v.check_id_card(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"), [("110101900307123", None), ("110101901307123", False), ("990101900307123", False), ("1101", False)]
)
def test_old_id_card_is_never_proved(value, verdict):
    """Fifteen digits have no check character."""
    assert v.check_id_card_15(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("91330100MA2ABCDE1R", True),
        ("52100000500000784G", True),
        ("91330100MA2ABCDE1X", None),
        ("91330100MA2ABCDI1R", False),
        ("111111111111111111", False),
        ("9133", False),
    ],
)
def test_uscc(value, verdict):
    """GB 32100 has its own alphabet and weights."""
    assert v.check_uscc(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("6222021234567890128", True),
        ("4111111111111111", True),
        ("4111111111111112", None),
        ("9999999999999995", None),
        ("0000000000000000", False),
        ("62220212345", False),
    ],
)
def test_bank_card(value, verdict):
    """A known network and a right checksum prove a card; other numbers of that length need a label."""
    assert v.check_bank_card(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"), [("13812345678", True), ("16012345678", None), ("12812345678", False), ("1381234567", False)]
)
def test_mobile(value, verdict):
    """Segments not in use are possible, not proved."""
    assert v.check_mobile(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("057187654321", True),
        ("01087654321", True),
        ("03701234567", True),
        ("06991234567", None),
        ("017458073021", False),
        ("0571", False),
    ],
)
def test_landline(value, verdict):
    """The area code must be one in use."""
    assert v.check_landline(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"), [("1M8GDM9AXKP042788", True), ("LFV3A23C5D3000001", None), ("LFV3A23C5D300000O", False)]
)
def test_vin(value, verdict):
    """The ninth character is not used by every maker."""
    assert v.check_vin(value) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"), [("P1032651", True), ("A1234563", True), ("AB9876543", True), ("A1234569", None), ("1234567", False)]
)
def test_hkid(value, verdict):
    """A missing first letter weighs as a space."""
    assert v.check_hkid(value) is verdict


@given(st.text(max_size=20))
def test_checks_answer_for_any_text(value):
    """No check raises, whatever it is given."""
    for check in v.VALIDATORS.values():
        assert check(value) in (True, False, None)


@given(st.from_regex(r"[0-9]{17}", fullmatch=True), st.integers(0, 16))
def test_one_wrong_digit_never_passes(first, place):
    """The citizen number's checksum notices every single wrong digit."""
    good = first + v.id_check_digit(first)
    wrong = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
    assert v.id_check_digit(wrong[:17]) != wrong[17]
