"""Backups: one state of all tables in one file, the same for SQLite and PostgreSQL, and back into an empty database.

The file is a zip: ``manifest.json`` (format, tables' version, rows of each table), ``TABLE.jsonl`` with a row a line, and ``blob/DIGEST``.
It holds what the database holds, so names are sealed; the master key is not in it.
"""

import base64
import json
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import JSON, Connection, Date, LargeBinary, Table, delete, insert, select

from api.access.scope import machine
from api.store import audit_log, people, schema
from api.store.blobs import digest_of
from api.store.engine import Store, Transaction, open_engine, unavailable
from api.store.errors import Conflict, Tampered
from api.store.tables import Utc, audit_head, blob, erasure, metadata

FORMAT = "paiban-backup-1"
_ROWS = 500


@dataclass(frozen=True)
class Restored:
    """What was restored: rows of each table, lines of the audit log that were verified, and how many people were erased again."""

    rows: dict[str, int]
    log_lines: int
    erased_again: int


def backup(store: Store, out: IO[bytes]) -> dict[str, int]:
    """Write one state of the store while others go on writing; how many rows of each table there are."""
    counts: dict[str, int] = {}
    with _frozen(store) as connection, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in metadata.sorted_tables:
            write = _write_blobs if table is blob else _write_rows
            counts[table.name] = write(archive, connection, table)
        version = schema.version(connection).found
        manifest = {"format": FORMAT, "tables": version, "rows": counts}
        archive.writestr("manifest.json", audit_log.canonical(manifest))
    return counts


def restore(store: Store, source: IO[bytes]) -> Restored:
    """Fill an empty store from a backup, check all of it, and erase again whoever was erased since.

    Raises
    ------
    Conflict
        where the store is not empty.
    Tampered
        where the file is not a whole backup, a content is not what its digest says, the audit log's chain is broken, or its names
        were sealed with another master key.
    SchemaError
        where the backup is of another version of the tables.
    """
    with _archive(source) as archive, store.write(machine("restore")) as transaction:
        manifest = _manifest(archive)
        schema.check_same(transaction.connection, manifest["tables"])
        _check_empty(transaction.connection)
        transaction.connection.execute(delete(audit_head))
        for table in metadata.sorted_tables:
            rows = _read_blobs(archive) if table is blob else _read_rows(archive, table)
            found = _insert(transaction.connection, table, rows)
            if found != manifest["rows"].get(table.name):
                raise Tampered(
                    f"the backup should have {manifest['rows'].get(table.name)} rows of {table.name}; it has {found}"
                )
        verdict = audit_log.verify(transaction.connection)
        if verdict.broken_at is not None:
            raise Tampered(f"the backup's audit log is broken at line {verdict.broken_at}: {verdict.reason}")
        people.check_master_key(transaction)
        again = _erase_again(transaction, store.folder)
        transaction.log("store.restore", "store", erased_again=again)
    return Restored(dict(manifest["rows"]), verdict.lines, again)


@contextmanager
def _frozen(store: Store) -> Iterator[Connection]:
    """One state of the database: PostgreSQL keeps it for as long as it is read, of SQLite a copy is made, so that nobody waits."""
    if store.engine.dialect.name == "postgresql":
        with store.read(machine("backup")) as transaction:
            yield transaction.connection
        return
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=store.folder) as folder:
        path = Path(folder) / "copy.sqlite"
        with unavailable(), store.engine.connect() as connection:
            source = connection.connection.dbapi_connection
            assert isinstance(source, sqlite3.Connection)
            copy = sqlite3.connect(path)
            try:
                source.backup(copy)
            finally:
                copy.close()
        engine = open_engine(f"sqlite:///{path}")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _write_rows(archive: zipfile.ZipFile, connection: Connection, table: Table) -> int:
    count = 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        ordered = select(table).order_by(*table.primary_key.columns)
        for row in connection.execution_options(yield_per=_ROWS).execute(ordered):
            told = {column.name: _plain(value) for column, value in zip(table.columns, row, strict=True)}
            out.write(audit_log.canonical(told).encode() + b"\n")
            count += 1
    return count


def _write_blobs(archive: zipfile.ZipFile, connection: Connection, table: Table) -> int:
    digests = connection.execute(select(blob.c.digest).order_by(blob.c.digest)).scalars().all()
    for digest in digests:
        content = connection.execute(select(blob.c.content).where(blob.c.digest == digest)).scalar_one()
        archive.writestr(f"blob/{digest}", content)
    return len(digests)


def _read_rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    with archive.open(f"{table.name}.jsonl") as source:
        for line in source:
            told = json.loads(line)
            yield {column.name: _typed(told[column.name], column.type) for column in table.columns}


def _read_blobs(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    for name in sorted(each for each in archive.namelist() if each.startswith("blob/")):
        content, digest = archive.read(name), name.removeprefix("blob/")
        if digest_of(content) != digest:
            raise Tampered(f"the content {digest} of the backup is not what was written")
        yield {"digest": digest, "content": content, "size": len(content)}


def _insert(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    count, page = 0, list[dict[str, Any]]()
    most = 1 if table is blob else _ROWS
    for row in rows:
        page.append(row)
        count += 1
        if len(page) >= most:
            connection.execute(insert(table), page)
            page = []
    if page:
        connection.execute(insert(table), page)
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _typed(value: Any, kind: Any) -> Any:
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, Utc):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _check_empty(connection: Connection) -> None:
    full = [
        table.name
        for table in metadata.sorted_tables
        if table is not audit_head and _has_rows(connection, table)
    ]
    if full:
        raise Conflict(f"a backup is restored into an empty database; this one has rows of {', '.join(full)}")


def _has_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table).limit(1)).first() is not None


def _erase_again(transaction: Transaction, folder: Path) -> int:
    """Erase whom the backup's own list and the list beside the database name, where they are back; how many."""
    rows = transaction.connection.execute(select(erasure.c.centre_id, erasure.c.agent_id)).all()
    beside = people.erasures_beside(folder)
    gone = beside - {(row.centre_id, row.agent_id) for row in rows}
    count = 0
    for centre_id, agent_id in sorted(gone):
        if people.is_there(transaction, centre_id, agent_id):
            people.erase_now(transaction, centre_id, agent_id)
            count += 1
    return count


@contextmanager
def _archive(source: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, json.JSONDecodeError):
        raise Tampered("this is not a whole backup of Paiban") from None


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    told = json.loads(archive.read("manifest.json"))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Tampered("this is not a backup of Paiban, or one of a newer release")
    return told
