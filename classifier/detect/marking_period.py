"""When the period of a marking has run out, by the calendar（保密法:20, :24; domain/02 §7）. A guess for people: never a release."""

from __future__ import annotations

import datetime as dt
import re

_HAN = (
    {c: i for i, c in enumerate("〇一二三四五六七八九")}
    | {"零": 0, "两": 2}
    | {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
)
_LENGTH = re.compile(r"(?P<n>\d{1,3}|[一二三四五六七八九十廿两壹贰叁肆伍陆柒捌玖拾]{1,4})(?P<unit>年半?|个?月|周|个?星期|日|天)")
_DATE = re.compile(r"(?P<y>(?:19|20)\d{2})[年.\-/](?:(?P<m>\d{1,2})[月.\-/]?(?P<d>\d{1,2})?)?")
_DAYS = {"周": 7, "星期": 7, "个星期": 7, "日": 1, "天": 1}


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    text = text.replace("拾", "十").replace("廿", "二十")
    tens, ten, ones = text.partition("十")
    if ten:
        return (_HAN.get(tens, 1) if tens else 1) * 10 + (_HAN.get(ones, 0) if ones else 0)
    return _HAN.get(text, 0)


def _add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last day of the month where there is none（民法典:202）."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (following - dt.timedelta(1)).day))


def expires(words: str, issued: str | None) -> dt.date | None:
    """The last day a marking holds; None when the words or the date of issue do not say (长期, conditions, no date).

    `words` are the folded words of the marking, `issued` is the ISO date of issue: the period runs from there（保密法条例:19）.
    """
    after = "".join(words.split()).rpartition("密")[2]
    try:
        if date := _DATE.search(after):
            year, month = int(date["y"]), int(date["m"] or 12)
            if date["d"]:
                return dt.date(year, month, int(date["d"]))
            return _add_months(dt.date(year, month, 1), 1) - dt.timedelta(1)
        if issued and (length := _LENGTH.search(after)):
            start, count, unit = dt.date.fromisoformat(issued), _number(length["n"]), length["unit"]
            if not count:
                return None
            if unit in _DAYS:
                return start + dt.timedelta(count * _DAYS[unit])
            months = count * 12 + (6 if unit.endswith("半") else 0) if unit.startswith("年") else count
            return _add_months(start, months)
    except (ValueError, OverflowError):
        return None
    return None
