"""Bringing the schema up to date: one process at a time, before anything else opens the database."""

from __future__ import annotations

import fcntl
from pathlib import Path

from alembic import command
from alembic.config import Config

from review_ui.store.engine import Database
from review_ui.store.place import Place

SCRIPTS = Path(__file__).resolve().parent / "migrations"


def configure() -> Config:
    """Alembic's settings, without a file: the scripts lie inside the package."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def migrate(place: Place, database: Database) -> None:
    """Upgrade to the newest revision, holding the lock of the installation."""
    with place.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        config = configure()
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    place.database.chmod(0o600)
