"""Invented numbers with valid check digits, for the training papers (never for a real person: issued codes are not used).

Sources of the check digits: GB 11643 (身份证), Luhn / ISO 7812 (银行卡), GB 32100 (统一社会信用代码).
"""

from __future__ import annotations

import random
from collections.abc import Callable

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_REGIONS = ("110105", "320311", "330109", "350203", "370602", "410311", "420106", "440305", "510107", "610103")
_PROVINCES = "京沪浙苏鲁豫鄂粤川陕"


def id_card(chance: random.Random, hint: str = "") -> str:
    """An 18-digit identity number with valid date and check digit; `hint` is the birth year."""
    year = int(hint) if hint.isdigit() else chance.randint(1950, 2008)
    body = f"{chance.choice(_REGIONS)}{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{chance.randint(1, 999):03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def mobile(chance: random.Random, hint: str = "") -> str:
    """An 11-digit mobile number."""
    del hint
    return (
        chance.choice(("135", "136", "138", "139", "150", "152", "158", "177", "186", "189"))
        + f"{chance.randint(0, 99999999):08d}"
    )


def bank_card(chance: random.Random, hint: str = "") -> str:
    """A 19-digit card number starting with 62 and passing Luhn."""
    del hint
    body = "6217" + "".join(chance.choice("0123456789") for _ in range(14))
    total = 0
    for index, char in enumerate(reversed(body)):
        value = int(char) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def uscc(chance: random.Random, hint: str = "") -> str:
    """An 18-character unified social credit code with valid check character."""
    del hint
    body = "91" + chance.choice(_REGIONS) + "MA" + "".join(chance.choice(_USCC_CHARS) for _ in range(7))
    total = sum(_USCC_CHARS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _USCC_CHARS[-total % 31]


def plate(chance: random.Random, hint: str = "") -> str:
    """A car plate, `浙B·3K517`."""
    del hint
    return f"{chance.choice(_PROVINCES)}{chance.choice('ABCEF')}{''.join(chance.choice('ABCDEFGHJK123456789') for _ in range(5))}"


def passport(chance: random.Random, hint: str = "") -> str:
    """An ordinary passport number, `E12345678`."""
    del hint
    return f"E{chance.randint(0, 99999999):08d}"


def email(chance: random.Random, hint: str = "") -> str:
    """A private mail address at a reserved domain (RFC 2606)."""
    del hint
    return f"{chance.choice(('lin', 'zhou', 'hx', 'mmq', 'gaoy'))}{chance.randint(10, 9999)}@example.com"


def landline(chance: random.Random, hint: str = "") -> str:
    """An office landline, `0573-8…`."""
    del hint
    return f"0{chance.randint(310, 999)}-{chance.randint(2000000, 8999999)}"


MAKERS: dict[str, Callable[[random.Random, str], str]] = {
    "id_card": id_card,
    "mobile": mobile,
    "bank_card": bank_card,
    "uscc": uscc,
    "plate": plate,
    "passport": passport,
    "email": email,
    "landline": landline,
}
