"""The SQLite connection: durable, strict, and one writer at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from review_ui.store.place import Place

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA synchronous = FULL",  # an approval that was answered "saved" survives a power cut
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # no temporary file with document text beside the database
)


@dataclass(frozen=True, slots=True)
class Database:
    """Two ways in: `reading` never takes the write lock, `writing` takes it at once (so it never fails half way)."""

    engine: Engine
    reading: sessionmaker[Session]
    writing: sessionmaker[Session]


def open_database(place: Place) -> Database:
    """The database of an installation; the schema is the business of `store.migrate`."""
    engine = create_engine(f"sqlite:///{place.database}")
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    writer = engine.execution_options(mishen_write=True)
    return Database(
        engine=engine,
        reading=sessionmaker(engine, expire_on_commit=False),
        writing=sessionmaker(writer, expire_on_commit=False),
    )


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection, typed by nobody
    connection.isolation_level = None  # the driver must not begin transactions by itself; _begin does
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("mishen_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
