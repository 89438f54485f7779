"""The rule for new passwords."""

from __future__ import annotations

import pytest

from review_ui.web.passwords import fits, hash_password, weakness


@pytest.mark.parametrize(
    "password",
    ["Ab1-short", "alllowercase123", "Zhangsan-2026!", "Password1234", "Aa1Aa1Aa1Aa1", "Admin@123456", "x" * 300],
)
def test_weak_passwords_are_refused(password: str) -> None:
    """Short, of two kinds, with the user's name, common, repeated or endless."""
    assert weakness(password, "zhangsan") is not None


@pytest.mark.parametrize("password", ["Correct-horse-2026", "qiu Tian 78 luoye", "秋天的落叶Abc1234567"])
def test_good_passwords_pass(password: str) -> None:
    """Spaces and Chinese are welcome."""
    assert weakness(password, "zhangsan") is None


def test_unknown_accounts_fail_like_wrong_passwords() -> None:
    """No hash never fits, not even the dummy's own word."""
    assert fits(hash_password("Correct-horse-2026"), "Correct-horse-2026")
    assert not fits(None, "nobody has this password")
