"""Check digits and number grammars. Every check answers True (proved), False (impossible) or None (cannot tell).

Sources: GB 11643 (citizen number), GB 32100 (social credit code), ISO/IEC 7812 (cards), ISO 3779 (vehicles), the HK identity card scheme.
A check takes the compact value: no separators, upper case.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import MappingProxyType

_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLDEST_YEAR, _NEWEST_YEAR = 1900, 2099

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_SHAPE = re.compile(rf"[1-9ANY][{_USCC_ALPHABET}][0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")

_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_VIN_SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")

_CARD_NETWORKS = re.compile(
    r"62[0-9]{14,17}|9558[0-9]{12}(?:[0-9]{3})?"  # UnionPay, and the old ICBC range
    r"|4[0-9]{15}|5[1-5][0-9]{14}"  # Visa, Mastercard
    r"|3[47][0-9]{13}|35(?:2[89]|[3-8][0-9])[0-9]{12}|3(?:0[0-5]|[68][0-9])[0-9]{11}"  # American Express, JCB, Diners
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|(?:50|5[6-8]|6[37])[0-9]{14}"  # Discover, Maestro
)

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILE_SEGMENT = re.compile(r"1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[0-9]{8}")

_AREA = re.compile(
    r"10|2[0-9]|3(?:1[0-9]|35|49|5[0-9]|7[0-9]|9[1-8])|4(?:1[0-9]|2[179]|3[1-9]|5[1-9]|6[4789]|7[0-9]|8[23])"
    r"|5(?:1[0-9]|2[37]|3[0-9]|4[36]|5[0-9]|6[1-6]|7[0-9]|80|9[1-9])|6(?:3[1-5]|6[0238]|9[12])"
    r"|7(?:01|1[0-9]|2[248]|3[0-9]|4[3-6]|5[0-9]|6[0236]|6[89]|7[0-9]|9[0-9])"
    r"|8(?:1[236-8]|2[5-7]|3[0-9]|5[1-9]|7[0-9]|8[36-8]|9[1-8])"
    r"|9(?:0[123689]|1[1-79]|3[0-9]|4[13]|5[1-5]|7[0-7]|79|9[0-9])"
)
_LANDLINE = re.compile(r"0(?P<area>10|2[0-9]|[3-9][0-9]{2})(?P<number>[1-9][0-9]{6,7})")


def is_date(year: int, month: int, day: int) -> bool:
    """Whether the three numbers are a day of the calendar between 1900 and 2099."""
    if not _OLDEST_YEAR <= year <= _NEWEST_YEAR:
        return False
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def id_check_digit(first17: str) -> str:
    """The check character GB 11643 gives to the first 17 digits."""
    return _ID_CHECKS[sum(int(d) * w for d, w in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def check_id_card(value: str) -> bool | None:
    """GB 11643: True with province, birth date and check character right; None when only the check character is wrong."""
    if not _ID_SHAPE.fullmatch(value) or not is_date(int(value[6:10]), int(value[10:12]), int(value[12:14])):
        return False
    if value[:2] not in _PROVINCES and value[0] != "9":
        return False
    return True if id_check_digit(value[:17]) == value[17] else None


def check_id_card_15(value: str) -> bool | None:
    """The old 15-digit number has no check character: never True."""
    if len(value) != 15 or not value.isascii() or not value.isdigit() or value[:2] not in _PROVINCES:
        return False
    return None if is_date(1900 + int(value[6:8]), int(value[8:10]), int(value[10:12])) else False


def uscc_check_character(first17: str) -> str:
    """The check character GB 32100 gives to the first 17 characters."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def check_uscc(value: str) -> bool | None:
    """GB 32100: None when the shape is right and the check character is not."""
    if not _USCC_SHAPE.fullmatch(value) or len(set(value)) < 4:
        return False
    return True if uscc_check_character(value[:17]) == value[17] else None


def passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812 annex B, the doubling checksum of cards."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        number = int(digit)
        total += number if index % 2 == 0 else number * 2 - 9 * (number > 4)
    return total % 10 == 0


def check_bank_card(value: str) -> bool | None:
    """True for a card of a known network with a right checksum; None for 12 to 19 digits that only a label can explain."""
    if not (12 <= len(value) <= 19 and value.isascii() and value.isdigit()) or len(set(value)) < 2:
        return False
    return True if _CARD_NETWORKS.fullmatch(value) and passes_luhn(value) else None


def check_mobile(value: str) -> bool | None:
    """True in a number segment that is in use; None in one that is not (yet)."""
    if not _MOBILE.fullmatch(value):
        return False
    return True if _MOBILE_SEGMENT.fullmatch(value) else None


def check_landline(value: str) -> bool | None:
    """True with an area code in use and a subscriber number of 7 or 8 digits."""
    match = _LANDLINE.fullmatch(value)
    if not match:
        return False
    return True if _AREA.fullmatch(match["area"]) else None


def check_vin(value: str) -> bool | None:
    """ISO 3779: None when only the ninth character disagrees (it is not used everywhere)."""
    if not _VIN_SHAPE.fullmatch(value):
        return False
    total = sum((int(c) if c.isdigit() else _VIN_VALUES[c]) * w for c, w in zip(value, _VIN_WEIGHTS, strict=True))
    return True if value[8] == "0123456789X"[total % 11] else None


def check_hkid(value: str) -> bool | None:
    """Hong Kong identity card, `P1032651`: letters weigh 10 to 35, a missing first letter weighs 36."""
    if not re.fullmatch(r"[A-Z]{1,2}[0-9]{6}[0-9A]", value):
        return False
    body = value[:-1].rjust(8)
    codes = [36 if c == " " else int(c) if c.isdigit() else ord(c) - 55 for c in body]
    total = sum(c * w for c, w in zip(codes, range(9, 1, -1), strict=True))
    return True if value[-1] == "0123456789A"[(11 - total % 11) % 11] else None


VALIDATORS: MappingProxyType[str, Callable[[str], bool | None]] = MappingProxyType(
    {
        "id_card": check_id_card,
        "id_card_15": check_id_card_15,
        "uscc": check_uscc,
        "bank_card": check_bank_card,
        "mobile": check_mobile,
        "landline": check_landline,
        "vin": check_vin,
        "hkid": check_hkid,
    }
)
