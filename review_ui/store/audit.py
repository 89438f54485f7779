"""The audit chain: append-only links, each holding the hash of the one before（domain/05 §9）.

Only strings and integers are hashed, and the hashed bytes are stored as they were, so nothing can change on its way through SQL.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from review_ui.flow.clock import stamp
from review_ui.store.tables import AuditEvent, CaseEvent

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found."""

    count: int
    head: str
    broken_at: int | None = None
    """The first link that does not hold; None when all hold."""


def canonical(fields: Mapping[str, str | int]) -> str:
    """The one way to write a set of fields; what is hashed is exactly this."""
    return json.dumps(dict(fields), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a string, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def append(
    session: Session, now: dt.datetime, actor: str, action: str, target: str = "", detail: Mapping[str, str | int] | None = None
) -> AuditEvent:
    """Add one link in the caller's write transaction; the caller's lock keeps the order."""
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).first()
    seq = last.seq + 1 if last else 1
    at = stamp(now)
    body = canonical({"seq": seq, "at": at, "actor": actor, "action": action, "object": target, **(detail or {})})
    previous = last.hash if last else GENESIS
    link = AuditEvent(
        seq=seq, at=at, actor=actor, action=action, object=target, body=body, previous=previous, hash=digest(previous + body)
    )
    session.add(link)
    session.flush()
    return link


def verify(session: Session, known: tuple[int, str] | None = None) -> Verdict:
    """Walk the whole chain and the case events it vouches for.

    `known` is a link noted on paper earlier (number, hash): it shows a chain that was cut short or rewritten as a whole.
    """
    previous, count = GENESIS, 0
    vouched: set[str] = set()
    for link in session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).yield_per(500):
        count += 1
        if link.seq != count or link.previous != previous or not _holds(link):
            return Verdict(count, previous, broken_at=count)
        if known and known[0] == count and not link.hash.startswith(known[1]):
            return Verdict(count, link.hash, broken_at=count)
        if event := json.loads(link.body).get("event"):
            vouched.add(event)
        previous = link.hash
    if known and known[0] > count:
        return Verdict(count, previous, broken_at=count + 1)
    if not _events_hold(session, vouched):
        return Verdict(count, previous, broken_at=0)
    return Verdict(count, previous)


def _holds(link: AuditEvent) -> bool:
    """Whether the hash fits, and the columns people search by say the same as the hashed body."""
    if digest(link.previous + link.body) != link.hash:
        return False
    body = json.loads(link.body)
    columns = {"seq": link.seq, "at": link.at, "actor": link.actor, "action": link.action, "object": link.object}
    return all(body.get(key) == value for key, value in columns.items())


def _events_hold(session: Session, vouched: set[str]) -> bool:
    """Whether every case event is unchanged, none is missing and none was slipped in."""
    seen = set()
    for event in session.scalars(select(CaseEvent)).yield_per(500):
        if digest(event.body) != event.digest or event.digest not in vouched:
            return False
        body = json.loads(event.body)
        if (body["case"], body["actor"], body["role"]) != (event.case_no, event.actor, event.role):
            return False
        seen.add(event.digest)
    return seen == vouched
