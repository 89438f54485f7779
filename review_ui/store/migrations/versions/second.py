"""Second revision: what a candidate model says beside the active one, and decisions whose attribute may be an error."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "second"
down_revision = "first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "shadow_opinion",
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=50), nullable=False),
        sa.Column("attribute", sa.String(length=12), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_shadow_opinion_case_no"),
        sa.PrimaryKeyConstraint("case_no", "model", name="pk_shadow_opinion"),
    )
    op.create_table(
        "label_suspect",
        sa.Column("case_no", sa.String(length=16), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("given", sa.String(length=12), nullable=False),
        sa.Column("suggested", sa.String(length=12), nullable=False),
        sa.Column("given_share", sa.Float(), nullable=False),
        sa.Column("given_mean", sa.Float(), nullable=False),
        sa.Column("suggested_share", sa.Float(), nullable=False),
        sa.Column("suggested_mean", sa.Float(), nullable=False),
        sa.Column("found_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["review_case.no"], name="fk_label_suspect_case_no"),
        sa.PrimaryKeyConstraint("case_no", name="pk_label_suspect"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("label_suspect")
    op.drop_table("shadow_opinion")
