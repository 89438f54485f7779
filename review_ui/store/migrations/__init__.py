"""Schema revisions, run by Alembic through `store.migrate`."""
