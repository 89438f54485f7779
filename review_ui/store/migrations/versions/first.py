"""First revision: all tables, and the triggers that make the trail append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "first"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("case_event", "audit_event")


def upgrade() -> None:
    """Apply."""
    _accounts()
    _cases()
    _work()
    _opinions()
    _trail()
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    """Take back: in reverse order, because of the foreign keys."""
    for table in _TABLES[::-1]:
        op.drop_table(table)


def _accounts() -> None:
    """People, roles, logins."""
    op.create_table(
        "user",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.UniqueConstraint("login", name="uq_user_login"),
    )
    op.create_table(
        "role_grant",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("granted_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_role_grant_user_id"),
        sa.PrimaryKeyConstraint("user_id", "role", name="pk_role_grant"),
    )
    op.create_table(
        "user_session",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_user_session_user_id"),
        sa.PrimaryKeyConstraint("token", name="pk_user_session"),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"], unique=False)
    op.create_table(
        "activation",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_activation_user_id"),
        sa.PrimaryKeyConstraint("code", name="pk_activation"),
    )
    op.create_index("ix_activation_user_id", "activation", ["user_id"], unique=False)
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fails", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_login_throttle"),
    )


def _cases() -> None:
    """Cases and what the machine said."""
    op.create_table(
        "review_case",
        sa.Column("no", sa.String(length=16), nullable=False),
        sa.Column("uploader_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("attribute", sa.String(length=12), nullable=True),
        sa.Column("machine", sa.String(length=12), nullable=True),
        sa.Column("route", sa.String(length=12), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("doc_no", sa.Text(), nullable=True),
        sa.Column("original", sa.String(length=36), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["uploader_id"], ["user.id"], name="fk_review_case_uploader_id"),
        sa.PrimaryKeyConstraint("no", name="pk_review_case"),
    )
    op.create_index("ix_review_case_created_at", "review_case", ["created_at"], unique=False)
    op.create_index("ix_review_case_stage", "review_case", ["stage"], unique=False)
    op.create_index("ix_review_case_uploader_id", "review_case", ["uploader_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_assessment_case_no"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
    op.create_index("ix_assessment_case_no", "assessment", ["case_no"], unique=False)
    op.create_table(
        "document_text",
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_document_text_case_no"),
        sa.PrimaryKeyConstraint("case_no", name="pk_document_text"),
    )


def _work() -> None:
    """Work for the worker, and files it stopped."""
    op.create_table(
        "incident",
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("found_at", sa.String(length=20), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_incident_case_no"),
        sa.PrimaryKeyConstraint("case_no", name="pk_incident"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.String(length=20), nullable=True),
        sa.Column("incoming", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind in ('assess','package')", name="ck_job_kind"),
        sa.CheckConstraint("state in ('queued','running','done','failed','dead')", name="ck_job_state"),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_job_case_no"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_case_no", "job", ["case_no"], unique=False)
    op.create_index("ix_job_state_lease", "job", ["state", "lease_until"], unique=False)


def _opinions() -> None:
    """What people said, and what was published."""
    op.create_table(
        "judgement",
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("real", sa.Boolean(), nullable=False),
        sa.Column("hide", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_judgement_case_no"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_judgement_user_id"),
        sa.PrimaryKeyConstraint("case_no", "finding", "user_id", name="pk_judgement"),
    )
    op.create_table(
        "draft_opinion",
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_draft_opinion_case_no"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_draft_opinion_user_id"),
        sa.PrimaryKeyConstraint("case_no", "user_id", name="pk_draft_opinion"),
    )
    op.create_table(
        "publication",
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("package", sa.String(length=36), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_publication_case_no"),
        sa.PrimaryKeyConstraint("case_no", name="pk_publication"),
    )


def _trail() -> None:
    """The two append-only tables."""
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_case_event_case_no"),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        sa.UniqueConstraint("digest", name="uq_case_event_digest"),
    )
    op.create_index("ix_case_event_actor", "case_event", ["actor"], unique=False)
    op.create_index("ix_case_event_case_no", "case_event", ["case_no"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_event"),
        sa.UniqueConstraint("hash", name="uq_audit_event_hash"),
    )
    op.create_index("ix_audit_event_actor", "audit_event", ["actor"], unique=False)
    op.create_index("ix_audit_event_at", "audit_event", ["at"], unique=False)
    op.create_index("ix_audit_event_object", "audit_event", ["object"], unique=False)


_TABLES = (
    "user",
    "role_grant",
    "user_session",
    "activation",
    "login_throttle",
    "review_case",
    "assessment",
    "document_text",
    "incident",
    "job",
    "judgement",
    "draft_opinion",
    "publication",
    "case_event",
    "audit_event",
)
