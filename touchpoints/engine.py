"""Opens the database, SQLite or PostgreSQL, and brings its tables up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

READ_ONLY: Final = "sportello_read_only"
_BUSY_S: Final = 30
_MIGRATION_LOCK: Final = 7_305_921_118


def open_engine(url: str) -> Engine:
    """An engine over a SQLAlchemy address (`sqlite:////path` or `postgresql+psycopg://…`); makes SQLite's folder.

    On SQLite a transaction takes the write lock when it begins, so that reading and then writing never fails half-way;
    `reading` opens one that doesn't. Errors don't show parameters: customers' words would end up in logs.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql" and address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, hide_parameters=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": _BUSY_S}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database and neither waits for writers nor makes them wait."""
    options = {READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"postgresql_readonly": True}
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.execution_options(**options).connect() as connection:
        yield connection


def migrate(engine: Engine) -> None:
    """Brings the tables to the newest version; two processes starting at once take turns."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def checkpoint(engine: Engine) -> None:
    """Empties SQLite's journal into the database, so that what was erased is in neither; PostgreSQL needs nothing."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()  # outside any transaction, which a checkpoint needs
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver's guess
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
