"""Alembic's entry: runs inside the connection that `store.migrate` hands over. There is no offline mode."""

from __future__ import annotations

from alembic import context

from review_ui.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
