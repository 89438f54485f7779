"""Moments as people of the office read them: Beijing time, to the minute."""

from __future__ import annotations

import datetime as dt

BEIJING = dt.timezone(dt.timedelta(hours=8), "北京时间")


def tell_now() -> str:
    """Tell the present moment in ISO form, in Beijing time."""
    return dt.datetime.now(BEIJING).isoformat(timespec="seconds")


def show_moment(told: str) -> str:
    """An ISO moment as 2026-11-25 02:42 in Beijing time; one without a zone was written in the machine's own."""
    try:
        return f"{dt.datetime.fromisoformat(told).astimezone(BEIJING):%Y-%m-%d %H:%M}"
    except ValueError:
        return told
