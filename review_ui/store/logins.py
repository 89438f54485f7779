"""Logins: tokens of which only the hash is kept, and the counter that stops guessing."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import delete
from sqlalchemy.orm import Session

from review_ui.flow.clock import read, stamp
from review_ui.store.audit import digest
from review_ui.store.tables import LoginThrottle, User, UserSession

IDLE = dt.timedelta(minutes=15)
ABSOLUTE = dt.timedelta(hours=10)
MOST_FAILS = 5
MOST_FAILS_HERE = 30
"""By address: a whole office may stand behind one."""
LOCKED_FOR = dt.timedelta(minutes=15)


def start(session: Session, user: User, now: dt.datetime) -> str:
    """A new login; returns the token for the cookie (256 random bits)."""
    session.execute(delete(UserSession).where(UserSession.seen_at < stamp(now - IDLE)))
    token = secrets.token_urlsafe(32)
    session.add(UserSession(token=digest(token), user_id=user.id, created_at=stamp(now), seen_at=stamp(now)))
    session.flush()
    return token


def find(session: Session, token: str, now: dt.datetime) -> tuple[UserSession, User] | None:
    """The login behind a cookie, unless it sat idle, grew old, or its account was switched off."""
    row = session.get(UserSession, digest(token))
    if row is None or now - read(row.seen_at) > IDLE or now - read(row.created_at) > ABSOLUTE:
        return None
    user = session.get(User, row.user_id)
    return (row, user) if user is not None and user.active else None


def end(session: Session, token: str) -> None:
    """Log out."""
    session.execute(delete(UserSession).where(UserSession.token == digest(token)))


def end_all(session: Session, user: User) -> None:
    """End every login of a person (new password, lost machine)."""
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))


def locked(session: Session, keys: tuple[str, ...], now: dt.datetime) -> bool:
    """Whether one of the keys (account, address) failed too often lately."""
    rows = (session.get(LoginThrottle, digest(key)) for key in keys)
    return any(row is not None and row.until is not None and row.until > stamp(now) for row in rows)


def count_failure(session: Session, keys: tuple[str, ...], now: dt.datetime) -> None:
    """One more failed login for each key; the fifth locks it."""
    for key in keys:
        row = session.get(LoginThrottle, digest(key))
        if row is None:
            row = LoginThrottle(key=digest(key), fails=0)
            session.add(row)
        if row.until is not None and row.until <= stamp(now):
            row.fails, row.until = 0, None
        row.fails += 1
        if row.fails >= (MOST_FAILS_HERE if key.startswith("address:") else MOST_FAILS):
            row.until = stamp(now + LOCKED_FOR)
    session.flush()


def forget_failures(session: Session, keys: tuple[str, ...]) -> None:
    """A right password clears the count."""
    session.execute(delete(LoginThrottle).where(LoginThrottle.key.in_([digest(k) for k in keys])))
