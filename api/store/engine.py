"""The database and its transactions: short, whole, and every failure of the database told as one kind of error."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.access.scope import Scope
from api.store import audit_log
from api.store.errors import Conflict, StoreUnavailable
from api.store.vault import Vault
from centre.errors import BadInput, Fault

_PSYCOPG = "postgresql+psycopg"
DRIVERS = {"sqlite": "sqlite", "postgresql": _PSYCOPG, "postgres": _PSYCOPG, _PSYCOPG: _PSYCOPG}
"""The driver of each kind of URL."""
PRAGMAS = ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""No write-ahead log: before SQLite 3.51.3 it can corrupt a database. **Source:** sqlite.org/wal.html, "The WAL-reset bug"."""


@dataclass
class Transaction:
    """One transaction on behalf of somebody: what functions of the store take.

    Parameters
    ----------
    connection : where statements go
    scope : who asks, and what exists for them
    folder : see `Store`
    now : the one instant at which all of the transaction happens
    """

    connection: Connection
    scope: Scope
    vault: Vault
    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    entries: list[audit_log.Entry] = field(default_factory=list)

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An insert that can say what happens where the row is there already."""
        if self.connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)

    def log(self, action: str, object_: str, **detail: Any) -> None:
        """Note for the audit log, in which it stands once the transaction is committed. ``detail`` holds ids and figures, never names."""
        self.entries.append(audit_log.Entry(self.now, self.scope.member_id, action, object_, detail))


@dataclass(frozen=True)
class Store:
    """All that the service keeps.

    Parameters
    ----------
    engine : the database, see `open_engine`
    vault : seals names
    folder : what stands beside the database: the list of erasures, that no backup may undo
    """

    engine: Engine
    vault: Vault
    folder: Path

    @contextmanager
    def read(self, scope: Scope) -> Iterator[Transaction]:
        """A transaction that reads one state of the database and changes nothing."""
        with unavailable(), _reading(self.engine).begin() as connection:
            transaction = Transaction(connection, scope, self.vault, self.folder)
            yield transaction
            if transaction.entries:
                raise RuntimeError("a transaction that only reads has nothing to log: use write")

    @contextmanager
    def write(self, scope: Scope) -> Iterator[Transaction]:
        """A transaction that is committed whole, with its lines of the audit log, or not at all.

        Raises
        ------
        StoreUnavailable
            where the database is locked, full or gone; nothing was changed.
        """
        with unavailable(), writing(self.engine).begin() as connection:
            transaction = Transaction(connection, scope, self.vault, self.folder)
            yield transaction
            audit_log.append(connection, transaction.entries)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_engine(url: str, *, wait_seconds: float = 5.0, connections: int = 10) -> Engine:
    """The database of a URL such as ``sqlite:///paiban-data/paiban.sqlite`` or ``postgresql://user:password@host/paiban``.

    Parameters
    ----------
    wait_seconds : how long a transaction waits for another's lock, and a connection for the server
    connections : the most that are open at once

    Raises
    ------
    BadInput
        where the URL is none of a database that Paiban knows.
    """
    target = _checked(url)
    if target.get_backend_name() == "sqlite":
        options: dict[str, Any] = {"connect_args": {"timeout": wait_seconds, "check_same_thread": False}}
    else:
        waits = f"-c lock_timeout={round(wait_seconds * 1000)} -c idle_in_transaction_session_timeout=5000"
        options = {
            "connect_args": {"connect_timeout": max(2, round(wait_seconds)), "options": waits},
            "pool_pre_ping": True,
        }
    engine = create_engine(
        target,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=wait_seconds,
        json_serializer=audit_log.canonical,
        **options,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
    return engine


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None where the URL is of another."""
    target = _checked(url)
    return Path(target.database or "") if target.get_backend_name() == "sqlite" else None


def has_schema(url: str, name: str) -> bool:
    """Whether a database is there and, of PostgreSQL, has a schema of this name."""
    file = sqlite_file(url)
    if file is not None:
        return file.exists()
    engine = open_engine(url)
    try:
        with unavailable():
            return name in inspect(engine).get_schema_names()
    finally:
        engine.dispose()


def writing(engine: Engine) -> Engine:
    """The same database for transactions that change it."""
    return engine.execution_options(paiban_writes=True)


def _reading(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def unavailable() -> Iterator[None]:
    """Tell what the database says in errors of ours, without what the statement held."""
    try:
        yield
    except PoolTimeout:
        raise StoreUnavailable("every connection to the database is in use; try again") from None
    except IntegrityError as error:
        if not _is_there(error):
            raise
        raise Conflict("somebody else has just made the same") from None
    except DataError:
        raise BadInput(
            [Fault("request", "text without NUL characters, and numbers that a database can hold")]
        ) from None
    except DBAPIError as error:
        broken = isinstance(error, OperationalError) or error.connection_invalidated
        if not (broken or _is_full(error) or _is_not_made(error)):
            raise
        raise StoreUnavailable(f"the database cannot be used now: {_reason(error)}") from None


def _is_there(error: IntegrityError) -> bool:
    """Whether a unique key was taken; any other constraint is an error of ours."""
    name, state = getattr(error.orig, "sqlite_errorname", ""), getattr(error.orig, "sqlstate", "")
    return name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY") or state == "23505"


def _is_not_made(error: DBAPIError) -> bool:
    """Whether PostgreSQL has no such table or schema: those of the queue are made by a worker, which may not have started yet."""
    return getattr(error.orig, "sqlstate", "") in ("42P01", "3F000")


def _is_full(error: DBAPIError) -> bool:
    return isinstance(error.orig, sqlite3.DatabaseError) and getattr(error.orig, "sqlite_errorname", "") in (
        "SQLITE_CORRUPT",
        "SQLITE_NOTADB",
        "SQLITE_FULL",
    )


def _reason(error: DBAPIError) -> str:
    """What the database said, in one line without values: SQLite's message, or the name of PostgreSQL's condition."""
    if isinstance(error.orig, sqlite3.Error):
        return str(error.orig)
    return type(error.orig).__name__ if getattr(error.orig, "sqlstate", None) else "no connection"


def _checked(url: str) -> URL:
    expected = "the URL of a database, sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    try:
        target = make_url(url)
        return target.set(drivername=DRIVERS[target.drivername])
    except (ArgumentError, NoSuchModuleError, KeyError):
        raise BadInput([Fault("settings", expected, column="database")]) from None


def _sqlite_connected(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get("paiban_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
