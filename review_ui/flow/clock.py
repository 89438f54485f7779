"""Times as UTC strings: they sort, they hash, and SQLite gives them back as they were."""

from __future__ import annotations

import datetime as dt

BEIJING = dt.timezone(dt.timedelta(hours=8))
REPORT_WITHIN = dt.timedelta(hours=24)
"""泄密报告 24 小时（保密法实施条例 第六十一条）."""


def stamp(now: dt.datetime) -> str:
    """`2026-11-24T02:05:00Z`; the time must know its zone."""
    return now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> dt.datetime:
    """The moment behind a stamp."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def beijing(text: str) -> str:
    """`2026年11月24日 10:05`, Beijing time, for the screen."""
    moment = read(text).astimezone(BEIJING)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def report_left(found_at: str, now: dt.datetime) -> dt.timedelta:
    """Time left until the report to the secrecy office is due; negative when overdue."""
    return read(found_at) + REPORT_WITHIN - now.astimezone(dt.UTC)


def beijing_short(text: str) -> str:
    """`2026-11-24 10:05`, Beijing time, for narrow columns."""
    return f"{read(text).astimezone(BEIJING):%Y-%m-%d %H:%M}"
