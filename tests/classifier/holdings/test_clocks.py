"""Clocks of the archives law: pure, with today as an argument."""

import datetime as dt

import pytest

from classifier.holdings.clocks import (
    Basis,
    Clock,
    Due,
    Formed,
    after_years,
    find_due,
    find_formed,
    find_secrecy,
    year_of_folders,
    year_of_number,
)

TODAY = dt.date(2026, 11, 24)


def _rung(formed: Formed | None) -> dict[Clock, dt.date | None]:
    return {due.clock: due.day for due in find_due(formed, TODAY)}


def _on(day: str) -> Formed:
    return Formed(dt.date.fromisoformat(day), Basis.PAPER)


def test_opening_review_is_due_on_the_day_25_years_are_full_and_not_before() -> None:
    """档案法 第二十七条: 自形成之日起满二十五年."""
    assert _rung(_on("2001-11-24"))[Clock.OPENING] == TODAY
    assert Clock.OPENING not in _rung(_on("2001-11-25"))
    assert _rung(_on("2001-11-25"))[Clock.OPENING_SOON] == dt.date(2026, 11, 25)
    assert Clock.OPENING_SOON not in _rung(_on("2002-11-25"))


def test_transfer_is_due_after_10_years_for_counties_and_20_for_cities() -> None:
    """档案法实施条例 第二十条第二款."""
    assert Clock.TRANSFER_COUNTY in _rung(_on("2016-11-24"))
    assert Clock.TRANSFER_COUNTY not in _rung(_on("2016-11-25"))
    assert Clock.TRANSFER_CITY in _rung(_on("2006-11-24"))
    assert Clock.TRANSFER_CITY not in _rung(_on("2006-11-25"))


def test_a_young_paper_rings_no_clock() -> None:
    assert find_due(_on("2025-01-01"), TODAY) == ()


def test_a_paper_without_a_day_is_listed_as_undated_and_nothing_else() -> None:
    assert find_due(None, TODAY) == (Due(Clock.UNDATED, None),)


@pytest.mark.parametrize(
    ("issued", "number", "folder", "expected"),
    [
        ("2001-03-02", "云府发〔1998〕2号", 1997, Formed(dt.date(2001, 3, 2), Basis.PAPER)),
        (None, "云府发〔1998〕2号", 1997, Formed(dt.date(1998, 12, 31), Basis.NUMBER)),
        ("无", "云府发〔1998〕2号", None, Formed(dt.date(1998, 12, 31), Basis.NUMBER)),
        (None, "云府发2号", 1997, Formed(dt.date(1997, 12, 31), Basis.FOLDER)),
        (None, None, None, None),
    ],
)
def test_the_day_comes_from_the_paper_then_the_number_then_the_folder(
    issued: str | None, number: str | None, folder: int | None, expected: Formed | None
) -> None:
    """A year alone counts to its last day, so that no clock rings too early."""
    assert find_formed(issued, number, folder) == expected


@pytest.mark.parametrize(
    ("number", "year"),
    [("国发〔2008〕9号", 2008), ("云政办发[1999]3号", 1999), ("（2003）云民初字第12号", 2003), ("2005年第3号", 2005), ("云府发12号", None),
     ("12011998号", None), (None, None)],
)  # fmt: skip
def test_the_year_of_a_document_number(number: str | None, year: int | None) -> None:
    assert year_of_number(number) == year


@pytest.mark.parametrize(
    ("path", "year"),
    [("/馆藏/1998/永久/1.pdf", 1998), ("/馆藏/2001年度/2003/1.pdf", 2003), ("/馆藏/1998-永久/1.pdf", 1998), ("/馆藏/2003-2008/1.pdf", None),
     ("/馆藏/20010203/1.pdf", None), ("/馆藏/1998.pdf", None)],
)  # fmt: skip
def test_the_year_of_a_folder_is_one_that_is_named_for_a_year(path: str, year: int | None) -> None:
    assert year_of_folders(path) == year


@pytest.mark.parametrize(("level", "years"), [("top_secret", 30), ("secret", 20), ("confidential", 10)])
def test_without_a_period_the_longest_of_the_level_is_presumed(level: str, years: int) -> None:
    """保密法 第二十条; the day after the last day is the first on which it is presumed over."""
    last = after_years(TODAY, -years)
    before = find_secrecy(level, None, Formed(last - dt.timedelta(1), Basis.PAPER), TODAY)
    assert [d.clock for d in before] == [Clock.SECRECY_OVER]
    assert find_secrecy(level, None, Formed(last, Basis.PAPER), TODAY) == ()


@pytest.mark.parametrize(
    ("period", "issued", "expected"),
    [
        ("5年", "2010-01-01", Clock.SECRECY_OVER),
        ("30年", "2010-01-01", None),
        ("6个月", "2026-01-01", Clock.SECRECY_OVER),
        ("2020年10月1日", None, Clock.SECRECY_OVER),
        ("2020年10月1日解密", None, Clock.SECRECY_OVER),
        ("2030年10月1日", None, None),
        ("长期", "1980-01-01", Clock.SECRECY_OPEN),
        ("长期", None, Clock.SECRECY_OPEN),
        ("启用前", "1980-01-01", Clock.SECRECY_OPEN),
        ("10年", None, Clock.UNDATED),
    ],
)
def test_a_stated_period_is_followed_and_never_guessed(period: str, issued: str | None, expected: Clock | None) -> None:
    formed = _on(issued) if issued else None
    assert [due.clock for due in find_secrecy("secret", period, formed, TODAY)] == ([expected] if expected else [])


def test_a_cipher_telegram_has_no_longest_period() -> None:
    assert find_secrecy("unknown", None, _on("1950-01-01"), TODAY)[0].clock is Clock.SECRECY_OPEN


def test_no_clock_says_declassified_and_each_cites_its_law() -> None:
    for clock in Clock:
        assert "《" in clock.law
        assert "已解密" not in clock.label + clock.advice
    assert "询问原定密机关" in Clock.SECRECY_OVER.label
    assert "不是解密结论" in Clock.SECRECY_OVER.advice


def test_the_29th_of_february_becomes_the_28th() -> None:
    assert after_years(dt.date(2000, 2, 29), 25) == dt.date(2025, 2, 28)
