"""Third revision: papers of an archive's batch as frozen sets, labels of samples, and lanes that put people's work first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "third"
down_revision = "second"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("review_case", sa.Column("lane", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("lane", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "frozen_set",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("purpose in ('doubtful','changed','sample')", name="ck_frozen_set_purpose"),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name="fk_frozen_set_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_frozen_set"),
        sa.UniqueConstraint("digest", name="uq_frozen_set_digest"),
    )
    op.create_index("ix_frozen_set_owner_id", "frozen_set", ["owner_id"])
    op.create_table(
        "frozen_item",
        sa.Column("set_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("machine", sa.String(length=12), nullable=True),
        sa.Column("case_no", sa.String(length=16), nullable=True),
        sa.Column("left_out", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["set_id"], ["frozen_set.id"], name="fk_frozen_item_set_id"),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_frozen_item_case_no"),
        sa.PrimaryKeyConstraint("set_id", "number", name="pk_frozen_item"),
        sa.UniqueConstraint("case_no", name="uq_frozen_item_case_no"),
    )
    op.create_table(
        "frozen_label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("said", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["frozen_set.id"], name="fk_frozen_label_set_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_frozen_label_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_frozen_label"),
    )
    op.create_index("ix_frozen_label_set_id", "frozen_label", ["set_id"])
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER frozen_label_no_{verb.lower()} BEFORE {verb} ON frozen_label "
            "BEGIN SELECT RAISE(ABORT, 'frozen_label is append-only'); END"
        )


def downgrade() -> None:
    """Take back."""
    for table in ("frozen_label", "frozen_item", "frozen_set"):
        op.drop_table(table)
    op.drop_column("job", "lane")
    op.drop_column("review_case", "lane")
