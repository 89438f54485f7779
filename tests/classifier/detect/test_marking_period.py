"""When a period runs out: counted from the date of issue, by the calendar; never guessed (domain/02 §7)."""

import datetime as dt

import pytest

from classifier.core.settings import read_settings
from classifier.detect import merge
from classifier.detect.marking import detect
from classifier.detect.marking_period import expires
from classifier.detect.view import look
from classifier.knowledge import load_law, load_rules
from classifier.structure import annotate
from tests.classifier.papers import paper

CORPUS = read_settings().data_home / "corpus"
BOOK = load_rules(CORPUS / "rules", CORPUS / "terms", load_law(CORPUS / "law"))


@pytest.mark.parametrize(
    ("words", "issued", "last_day"),
    [
        ("机密★10年", "2010-03-01", dt.date(2020, 3, 1)),
        ("秘密★6个月", "2020-08-31", dt.date(2021, 2, 28)),
        ("秘密★1年半", "2020-01-15", dt.date(2021, 7, 15)),
        ("绝密★三十年", "1990-05-04", dt.date(2020, 5, 4)),
        ("秘密★15天", "2020-02-20", dt.date(2020, 3, 6)),
        ("机密★2027年10月1日", None, dt.date(2027, 10, 1)),
        ("机密★2027年", None, dt.date(2027, 12, 31)),
        ("机密★至2028.2", None, dt.date(2028, 2, 29)),
    ],
)
def test_a_period_ends_on_the_same_day_of_the_calendar(words: str, issued: str | None, last_day: dt.date) -> None:
    """Years and months end on the corresponding day, or on the last day of a shorter month."""
    assert expires(words, issued) == last_day


@pytest.mark.parametrize(
    ("words", "issued"),
    [
        ("机密★10年", None),
        ("秘密★长期", "1999-01-01"),
        ("绝密★启用前", "1999-01-01"),
        ("机密★", "1999-01-01"),
        ("秘密★2027年13月1日", None),
    ],
)
def test_what_does_not_say_its_end_is_never_over(words: str, issued: str | None) -> None:
    """No date of issue, an old open period, a condition, a broken date: no guess."""
    assert expires(words, issued) is None


@pytest.mark.parametrize(("today", "rule"), [(dt.date(2020, 3, 1), "marking.full@1"), (dt.date(2020, 3, 2), "marking.expired@1")])
def test_a_mark_is_in_force_to_the_end_of_its_last_day(today: dt.date, rule: str) -> None:
    """Both block: only the reason differs, and a person releases."""
    view = look(annotate(paper("机密★10年\n关于储备的通知\n各县区：\n　　请遵照执行。\n2010年3月1日")))
    found = [f for f in detect(view, BOOK, today) if f.rule.startswith("marking")]
    assert [(f.rule, f.severity.value) for f in merge(found)] == [(rule, "block")]
