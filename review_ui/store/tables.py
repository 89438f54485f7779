"""The tables. Times are UTC strings, ids are random, and the only words of documents are in `document_text` and `assessment`."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=_NAMES)


class User(Base):
    """A person with an account. Rights are in role_grant, never here."""

    __tablename__ = "user"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40), default="")
    password: Mapped[str | None] = mapped_column(String(200))
    """argon2id hash; None until the account is activated."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[str] = mapped_column(String(20))
    single_keys: Mapped[bool] = mapped_column(default=True)
    """Whether one-letter keys work on the review page (WCAG 2.1.4)."""
    grants: Mapped[list[RoleGrant]] = relationship(lazy="selectin")


class RoleGrant(Base):
    """One role of one person, given by the security officer."""

    __tablename__ = "role_grant"
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)
    granted_at: Mapped[str] = mapped_column(String(20))


class UserSession(Base):
    """A login. Only the SHA-256 of the token is kept, so a copy of the database opens nothing."""

    __tablename__ = "user_session"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[str] = mapped_column(String(20))


class Activation(Base):
    """A one-time code with which a person sets the first password."""

    __tablename__ = "activation"
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[str] = mapped_column(String(20))


class LoginThrottle(Base):
    """Failed logins, counted by account and by address (hashed: a mistyped password may stand in the name field)."""

    __tablename__ = "login_throttle"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fails: Mapped[int] = mapped_column(default=0)
    until: Mapped[str | None] = mapped_column(String(20))


class ReviewCase(Base):
    """One document on its way. `version` stops the second of two people who decide at the same time."""

    __tablename__ = "review_case"
    no: Mapped[str] = mapped_column(String(16), primary_key=True)
    uploader_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[str] = mapped_column(String(20), index=True)
    changed_at: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(30), index=True)
    attribute: Mapped[str | None] = mapped_column(String(12))
    machine: Mapped[str | None] = mapped_column(String(12))
    route: Mapped[str | None] = mapped_column(String(12))
    title: Mapped[str | None] = mapped_column(Text)
    file_name: Mapped[str | None] = mapped_column(Text)
    doc_no: Mapped[str | None] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(String(36))
    sha256: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    lane: Mapped[int] = mapped_column(default=0, server_default="0")
    """How it came: `frozen.PEOPLE` (somebody waits), `frozen.BATCH` (after those), `frozen.SAMPLE` (on no desk, only on its set's page)."""
    uploader: Mapped[User] = relationship(lazy="joined")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own class attribute


class Incident(Base):
    """A suspected state secret: random number, time, uploader (through the case), rules, level, place. Nothing else."""

    __tablename__ = "incident"
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), primary_key=True)
    found_at: Mapped[str] = mapped_column(String(20))
    rules: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(20))
    places: Mapped[str] = mapped_column(Text)


class Job(Base):
    """Work for the worker process, under a lease: whoever dies loses it, and nobody else's result is overwritten."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('queued','running','done','failed','dead')", name="state"),
        CheckConstraint("kind in ('assess','package')", name="kind"),
        Index("ix_job_state_lease", "state", "lease_until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    tries: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[str | None] = mapped_column(String(20))
    incoming: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str | None] = mapped_column(String(40))
    lane: Mapped[int] = mapped_column(default=0, server_default="0")
    """That of its case: people's work is claimed first."""
    created_at: Mapped[str] = mapped_column(String(20))


class AssessmentRow(Base):
    """What the machine said: JSON of `mishen.assessment/1` without the text."""

    __tablename__ = "assessment"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), index=True)
    made_at: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)


class DocumentText(Base):
    """The text of a document that passed the scan, for the review page."""

    __tablename__ = "document_text"
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Judgement(Base):
    """What one person says of one finding: real or a false alarm, and whether to mask what the machine only points at."""

    __tablename__ = "judgement"
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), primary_key=True)
    finding: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    real: Mapped[bool]
    hide: Mapped[bool]
    at: Mapped[str] = mapped_column(String(20))


class DraftOpinion(Base):
    """A half-filled form, kept on the server only."""

    __tablename__ = "draft_opinion"
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[str] = mapped_column(String(20))


class CaseEvent(Base):
    """One action on one case. Append-only by trigger; the audit chain holds the SHA-256 of `body`."""

    __tablename__ = "case_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), index=True)
    actor: Mapped[str] = mapped_column(String(32), index=True)
    role: Mapped[str] = mapped_column(String(30))
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AuditEvent(Base):
    """One link of the audit chain. Append-only by trigger; holds no words of documents and no opinions."""

    __tablename__ = "audit_event"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(20), index=True)
    actor: Mapped[str] = mapped_column(String(32), index=True)
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Publication(Base):
    """A package for the web site, and the proof that it was re-scanned."""

    __tablename__ = "publication"
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), primary_key=True)
    package: Mapped[str] = mapped_column(String(36))
    content: Mapped[str] = mapped_column(String(64))
    masked: Mapped[int]
    built_at: Mapped[str] = mapped_column(String(20))
    published_at: Mapped[str | None] = mapped_column(String(20))


class ShadowOpinion(Base):
    """What a candidate model said of a new case beside the active one. Shown to nobody who decides; moves nothing."""

    __tablename__ = "shadow_opinion"
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), primary_key=True)
    model: Mapped[str] = mapped_column(String(50), primary_key=True)
    attribute: Mapped[str] = mapped_column(String(12))
    confidence: Mapped[float] = mapped_column(Float)
    made_at: Mapped[str] = mapped_column(String(20))


class LabelSuspect(Base):
    """A signed attribute that may be an error, as the last training saw it. For people to look at; changes nothing."""

    __tablename__ = "label_suspect"
    case_no: Mapped[str] = mapped_column(ForeignKey("review_case.no"), primary_key=True)
    rank: Mapped[int]
    given: Mapped[str] = mapped_column(String(12))
    suggested: Mapped[str] = mapped_column(String(12))
    given_share: Mapped[float] = mapped_column(Float)
    given_mean: Mapped[float] = mapped_column(Float)
    suggested_share: Mapped[float] = mapped_column(Float)
    suggested_mean: Mapped[float] = mapped_column(Float)
    found_at: Mapped[str] = mapped_column(String(20))


class FrozenSet(Base):
    """Papers of an archive's batch that came to the desk together. What is in it never changes; its digest says so."""

    __tablename__ = "frozen_set"
    __table_args__ = (CheckConstraint("purpose in ('doubtful','changed','sample')", name="purpose"),)
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 over purpose and items: the same list sent twice is the same set."""
    size: Mapped[int]
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[str] = mapped_column(String(20))


class FrozenItem(Base):
    """One paper of a set, by content. `case_no` once its file has been brought in; `left_out` says why it never will be."""

    __tablename__ = "frozen_item"
    set_id: Mapped[str] = mapped_column(ForeignKey("frozen_set.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64))
    machine: Mapped[str | None] = mapped_column(String(12))
    case_no: Mapped[str | None] = mapped_column(ForeignKey("review_case.no"), unique=True)
    left_out: Mapped[str | None] = mapped_column(String(20))


class FrozenLabel(Base):
    """What a person says of one paper of a sample. Append-only by trigger; of two labels of one paper the later counts."""

    __tablename__ = "frozen_label"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[str] = mapped_column(ForeignKey("frozen_set.id"), index=True)
    number: Mapped[int]
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    said: Mapped[str] = mapped_column(String(12))
    """An attribute, or `secret`: it looks like a state secret."""
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(20))
