"""The one database, SQLite or PostgreSQL: where it is, its transactions, and what the two do differently."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, DateTime, Dialect, Engine, TypeDecorator, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker


class Base(DeclarativeBase):
    """The base of all tables."""


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, which SQLite would forget."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


_sessions = sessionmaker()


@contextmanager
def transaction() -> Iterator[Session]:
    """A transaction: committed at the end, taken back if anything raises."""
    with _sessions.begin() as session:
        yield session


def connect(url: str) -> None:
    """Use the database at `url` from now on."""
    address = _with_driver(make_url(url))
    if _sessions.kw["bind"] is not None:
        engine().dispose()
    if address.get_backend_name() == "sqlite":
        _sessions.configure(bind=_sqlite_engine(address))
    else:
        _sessions.configure(bind=create_engine(address, pool_pre_ping=True))


def create_tables() -> None:
    """Make the tables that are missing; to change those that are there, bring a migration tool such as Alembic."""
    Base.metadata.create_all(engine())


def engine() -> Engine:
    """The database in use."""
    bound = _sessions.kw["bind"]
    if not isinstance(bound, Engine):
        raise RuntimeError("The shop is not open: call shop.open_at(url) first.")
    return bound


def _with_driver(url: URL) -> URL:
    is_postgres = url.get_backend_name() in ("postgres", "postgresql")
    return url.set(drivername="postgresql+psycopg") if is_postgres else url


@event.listens_for(Engine, "connect")
def _teach_older_sqlite(connection: Any, record: Any) -> None:
    """Give SQLite before 3.42, such as Debian 12's, what DBOS asks it for from Python 3.12 on: `unixepoch('subsec')`.

    DBOS has engines of its own, so all are meant.
    """
    if isinstance(connection, sqlite3.Connection) and sqlite3.sqlite_version_info < (3, 42):
        connection.create_function("unixepoch", 1, lambda _: round(time.time(), 3))


def _sqlite_engine(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # a transaction that writes locks at its first write and waits for its turn, instead of failing half way
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
