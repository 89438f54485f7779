"""The schema: what the migrations build is what the models say, and it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from review_ui.store.migrate import configure, migrate
from review_ui.store.tables import Base


def test_head_equals_models(bureau) -> None:
    """No difference between the migrated database and the tables in code."""
    with bureau.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing_and_down_leaves_nothing(bureau) -> None:
    """A second start finds the schema in place; downgrade removes every table."""
    migrate(bureau.place, bureau.database)
    config = configure()
    with bureau.database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]


def test_the_database_is_strict(bureau) -> None:
    """WAL, full durability, foreign keys, erased space, and a file nobody else can read."""
    with bureau.database.engine.connect() as connection:
        values = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                  ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")}  # fmt: skip
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "temp_store": 2}
    assert bureau.place.database.stat().st_mode & 0o777 == 0o600
    assert bureau.place.data.stat().st_mode & 0o777 == 0o700
