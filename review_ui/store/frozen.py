"""Frozen sets: papers of an archive's batch on the desk. The list is fixed first, whole; then its files are brought in, a few at a time.

A set that was broken off goes on where it stopped: the same list has the same digest and is the same set. A file whose content is no
longer what the batch saw is left out and said so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.core.assessment import Attribute
from review_ui.flow.case import FINISHED, Stage
from review_ui.flow.clock import stamp
from review_ui.store import audit, cases, jobs
from review_ui.store.accounts import random_code
from review_ui.store.tables import FrozenItem, FrozenLabel, FrozenSet, ReviewCase, User

PEOPLE, BATCH, SAMPLE = 0, 1, 2
"""Lanes: people's uploads first; papers of a batch after them; a sample is labelled on its own page and lies on no desk."""

PURPOSES = {"doubtful": "待人工审查", "changed": "结论有变化", "sample": "抽样核验"}
ANSWERS = {**{a.value: a.label for a in Attribute}, "secret": "疑似涉密"}
"""What may be said of a paper of a sample."""
LEFT_OUT = {"changed": "文件内容已变，与批次时不同", "gone": "文件已不在原处"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One paper of a list: its number in the list, the hash of its file, and what the machine said in the batch."""

    number: int
    sha256: str
    machine: Attribute | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a set has come, in papers."""

    brought: int
    left_out: int
    decided: int
    """Signed to the end, or labelled (samples)."""
    stopped: int
    """Blocked at the second look."""


def digest_of(purpose: str, wanted: Iterable[Wanted]) -> str:
    """The SHA-256 of a list, in hex; it names the set."""
    lines = [purpose] + [f"{w.number} {w.sha256} {w.machine.value if w.machine else '-'}" for w in wanted]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def freeze(
    session: Session, owner: User, name: str, purpose: str, wanted: Sequence[Wanted], now: dt.datetime
) -> tuple[FrozenSet, bool]:
    """The set of this list, made when it is new; says whether it was."""
    known = find(session, purpose, wanted)
    if known is not None:
        return known, False
    made = FrozenSet(
        id=random_code(2),
        name=name,
        purpose=purpose,
        digest=digest_of(purpose, wanted),
        size=len(wanted),
        owner_id=owner.id,
        created_at=stamp(now),
    )
    session.add(made)
    session.flush()
    session.add_all(
        FrozenItem(set_id=made.id, number=w.number, sha256=w.sha256, machine=w.machine.value if w.machine else None)
        for w in wanted
    )
    session.flush()
    audit.append(session, now, owner.id, "freeze", made.id, {"purpose": purpose, "size": len(wanted), "digest": made.digest})
    return made, True


def find(session: Session, purpose: str, wanted: Iterable[Wanted]) -> FrozenSet | None:
    """The set of this list, if it was ever sent."""
    return session.scalars(select(FrozenSet).where(FrozenSet.digest == digest_of(purpose, wanted))).first()


def holds(session: Session, held: FrozenSet) -> bool:
    """Whether the items are still those the digest was made of."""
    wanted = [Wanted(i.number, i.sha256, Attribute(i.machine) if i.machine else None) for i in items(session, held.id)]
    return digest_of(held.purpose, wanted) == held.digest


def items(session: Session, set_id: str) -> list[FrozenItem]:
    """The papers of a set, by number."""
    return list(session.scalars(select(FrozenItem).where(FrozenItem.set_id == set_id).order_by(FrozenItem.number)))


def to_bring(session: Session, set_id: str) -> list[tuple[int, str]]:
    """Number and hash of the papers whose files are still outside."""
    outside = (FrozenItem.set_id == set_id, FrozenItem.case_no.is_(None), FrozenItem.left_out.is_(None))
    rows = session.execute(select(FrozenItem.number, FrozenItem.sha256).where(*outside).order_by(FrozenItem.number))
    return [(number, sha256) for number, sha256 in rows]


def sent(session: Session, purpose: str) -> tuple[set[str], int]:
    """Hashes of the papers that sets of a purpose have brought in or left out for good, and how many such sets there are.

    A set that was broken off does not count: it is sent again first, and goes on.
    """
    open_ones = select(FrozenItem.set_id).where(FrozenItem.case_no.is_(None), FrozenItem.left_out.is_(None))
    whole = (FrozenSet.purpose == purpose, FrozenSet.id.not_in(open_ones))
    hashes = select(FrozenItem.sha256).join(FrozenSet, FrozenSet.id == FrozenItem.set_id).where(*whole)
    count = session.scalar(select(func.count()).select_from(FrozenSet).where(*whole)) or 0
    return set(session.scalars(hashes)), count


def bring(session: Session, held: FrozenSet, number: int, token: str, now: dt.datetime) -> str:
    """A case for one paper, whose file lies in the incoming folder under `token`; its number."""
    item = session.get_one(FrozenItem, (held.id, number))
    lane = SAMPLE if held.purpose == "sample" else BATCH
    row = cases.create(session, session.get_one(User, held.owner_id), now, lane)
    item.case_no = row.no
    jobs.enqueue(session, row.no, "assess", now, incoming=token, lane=lane)
    return row.no


def leave_out(session: Session, held: FrozenSet, number: int, reason: str, now: dt.datetime) -> None:
    """A paper that cannot be brought in; `reason` is a key of LEFT_OUT."""
    session.get_one(FrozenItem, (held.id, number)).left_out = reason
    session.flush()
    audit.append(session, now, held.owner_id, "left_out", held.id, {"number": number, "reason": reason})


def sets(session: Session) -> list[tuple[FrozenSet, Progress]]:
    """All sets, newest first, with how far they have come."""
    found = session.scalars(select(FrozenSet).order_by(FrozenSet.created_at.desc(), FrozenSet.id))
    return [(held, progress(session, held)) for held in found.all()]


def progress(session: Session, held: FrozenSet) -> Progress:
    """How far one set has come."""
    item, case = FrozenItem, ReviewCase

    def count(*conditions: object) -> int:
        query = select(func.count()).select_from(item).outerjoin(case, case.no == item.case_no)
        return session.scalar(query.where(item.set_id == held.id, *conditions)) or 0  # type: ignore[arg-type]  # SQL conditions

    if held.purpose == "sample":
        labelled = select(func.count(func.distinct(FrozenLabel.number))).where(FrozenLabel.set_id == held.id)
        decided = session.scalar(labelled) or 0
    else:
        decided = count(case.stage.in_([stage.value for stage in FINISHED]))
    stopped = count(case.stage.in_((Stage.BLOCKED.value, Stage.INCIDENT_CLOSED.value)))
    return Progress(count(item.case_no.is_not(None)), count(item.left_out.is_not(None)), decided, stopped)


def rows(
    session: Session, set_id: str, first: int = 0, most: int | None = None
) -> list[tuple[FrozenItem, ReviewCase | None, FrozenLabel | None]]:
    """The papers of a set from number `first` on, with their cases and their standing labels, by number."""
    standing = labels(session, set_id)
    query = select(FrozenItem, ReviewCase).outerjoin(ReviewCase, ReviewCase.no == FrozenItem.case_no)
    wanted = query.where(FrozenItem.set_id == set_id, FrozenItem.number >= first).order_by(FrozenItem.number).limit(most)
    found = session.execute(wanted)
    return [(item, case, standing.get(item.number)) for item, case in found]


def labels(session: Session, set_id: str) -> dict[int, FrozenLabel]:
    """The standing label of each labelled paper: the latest."""
    query = select(FrozenLabel).where(FrozenLabel.set_id == set_id).order_by(FrozenLabel.id)
    return {label.number: label for label in session.scalars(query)}


def put_label(session: Session, held: FrozenSet, number: int, user: User, said: str, note: str, now: dt.datetime) -> None:
    """Remember what a person says of a paper of a sample; `said` is a key of ANSWERS."""
    session.add(FrozenLabel(set_id=held.id, number=number, user_id=user.id, said=said, note=note, at=stamp(now)))
    session.flush()
    audit.append(session, now, user.id, "sample_label", held.id, {"number": number, "said": said})
