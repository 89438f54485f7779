"""People, their roles, and the one-time codes with which they set a password."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from review_ui.flow.case import Person, Role
from review_ui.flow.clock import stamp
from review_ui.store.audit import digest
from review_ui.store.tables import Activation, RoleGrant, User, UserSession

CODE_LIFE = dt.timedelta(hours=24)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O and 1/I: the codes are read from a terminal and typed."""


def random_code(groups: int, size: int = 4) -> str:
    """Groups of unmistakable characters, `7K2M-9QXD`."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups))


def create(session: Session, login: str, name: str, now: dt.datetime, unit: str = "") -> User:
    """A new account: no password, no role."""
    user = User(id=secrets.token_hex(16), login=login.lower(), name=name, unit=unit, created_at=stamp(now))
    session.add(user)
    session.flush()
    return user


def issue_code(session: Session, user: User, now: dt.datetime) -> str:
    """A new one-time code; older ones of the account die. Only the hash is stored. 80 random bits."""
    session.execute(delete(Activation).where(Activation.user_id == user.id))
    code = random_code(4)
    session.add(Activation(code=digest(code), user_id=user.id, expires_at=stamp(now + CODE_LIFE)))
    session.flush()
    return code


def redeem(session: Session, login: str, code: str, now: dt.datetime) -> User | None:
    """The account a code belongs to, if login and code fit and it is still good; the code is used up."""
    row = session.get(Activation, digest(code.strip().upper()))
    if row is None:
        return None
    user = session.get(User, row.user_id)
    if user is None or user.login != login.strip().lower() or row.expires_at < stamp(now) or not user.active:
        return None
    session.delete(row)
    return user


def by_login(session: Session, login: str) -> User | None:
    """The account with this login name."""
    return session.scalars(select(User).where(User.login == login.strip().lower())).first()


def everyone(session: Session) -> list[User]:
    """All accounts, by login name."""
    return list(session.scalars(select(User).order_by(User.login)))


def names(session: Session) -> dict[str, str]:
    """Account id → the name shown on screen."""
    return {user.id: user.name for user in everyone(session)}


def roles(user: User) -> frozenset[Role]:
    """The roles granted to a person."""
    return frozenset(Role(g.role) for g in user.grants)


def person(user: User) -> Person:
    """The flow's view of an account."""
    return Person(id=user.id, roles=roles(user))


def grant(session: Session, user: User, wanted: Iterable[Role], now: dt.datetime) -> None:
    """Give roles; ones already held stay as they are."""
    for role in set(wanted) - roles(user):
        user.grants.append(RoleGrant(user_id=user.id, role=role.value, granted_at=stamp(now)))
    session.flush()


def revoke(session: Session, user: User, role: Role) -> None:
    """Take a role away; the person's logins end so that no open page keeps the right."""
    for held in list(user.grants):
        if held.role == role.value:
            session.delete(held)
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    session.flush()
    session.refresh(user)


def holders(session: Session, role: Role) -> int:
    """How many active people hold a role."""
    query = select(func.count()).select_from(RoleGrant).join(User, User.id == RoleGrant.user_id)
    return session.scalar(query.where(RoleGrant.role == role.value, User.active)) or 0


def disable(session: Session, user: User, *, active: bool) -> None:
    """Switch an account off (its logins end at once) or on again."""
    user.active = active
    if not active:
        session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    session.flush()
