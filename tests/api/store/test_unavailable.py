"""A database that is locked, full or gone: one kind of error, nothing stored half, and all as before once it is well again."""

import resource
import subprocess
import sys

import pytest
from sqlalchemy import text

from api.store import audit_log, blobs, centres, schema
from api.store.centre_files import prepare
from api.store.engine import open_engine, writing
from api.store.errors import StoreUnavailable
from centre.errors import BadInput
from tests.api.store.conftest import ADMIN
from tests.databases import opened, running


def whole(store):
    with store.read(ADMIN) as transaction:
        if store.engine.dialect.name == "sqlite":
            assert transaction.connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert audit_log.verify(transaction.connection).broken_at is None
        return len(centres.find(transaction))


def test_a_full_sqlite_database_stores_nothing_half_and_goes_on_when_there_is_room(
    sqlite_url, tmp_path, files
):
    prepared = prepare(files)
    with opened(sqlite_url, tmp_path) as store:
        with store.write(ADMIN) as transaction:
            centres.create(transaction, prepared)
        store.engine.dispose()
        with store.write(ADMIN) as transaction:
            pages = transaction.connection.execute(text("PRAGMA page_count")).scalar_one()
            transaction.connection.execute(text(f"PRAGMA max_page_count = {pages + 5}"))
        with pytest.raises(StoreUnavailable, match="full"), store.write(ADMIN) as transaction:
            blobs.put(transaction, bytes(100_000))
        assert whole(store) == 1
        store.engine.dispose()
        with store.write(ADMIN) as transaction:
            centres.create(transaction, prepared)
        assert whole(store) == 2


LIMITED = """
import resource, signal, sys
from pathlib import Path
from tests.databases import opened
from api.store import blobs
from api.store.errors import StoreUnavailable
from api.access.scope import machine
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
with opened(sys.argv[1], Path(sys.argv[2])) as store:
    try:
        with store.write(machine("test")) as transaction:
            for k in range(100):
                blobs.put(transaction, bytes([k]) * 20_000)
    except StoreUnavailable as error:
        print("unavailable:", error)
"""


def test_a_disk_that_ends_in_mid_write_leaves_the_database_whole(sqlite_url, tmp_path, files):
    with opened(sqlite_url, tmp_path) as store:
        with store.write(ADMIN) as transaction:
            centres.create(transaction, prepare(files))
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, sqlite_url, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert (
            done.stdout.startswith("unavailable: the database cannot be used now: disk I/O error")
            or "full" in done.stdout
        )
        assert whole(store) == 1
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_locked_sqlite_database_is_unavailable_to_writers_until_it_is_free(sqlite_url, tmp_path):
    with opened(sqlite_url, tmp_path, wait_seconds=0.05) as store, opened(sqlite_url, tmp_path) as other:
        with other.write(ADMIN) as transaction:
            blobs.put(transaction, b"one")
            with pytest.raises(StoreUnavailable, match="locked"), store.write(ADMIN):
                pass
            assert whole(store) == 0
        with store.write(ADMIN) as transaction:
            blobs.put(transaction, b"two")


def test_a_locked_row_of_postgresql_is_unavailable(postgres_url, tmp_path, files):
    with opened(postgres_url, tmp_path, wait_seconds=0.1) as store:
        with store.write(ADMIN) as transaction:
            made = centres.create(transaction, prepare(files))
        with store.write(ADMIN) as first:
            centres.archive(first, made.id, 1)
            with pytest.raises(StoreUnavailable, match="LockNotAvailable"), store.write(ADMIN) as second:
                centres.archive(second, made.id, 1)
        assert whole(store) == 0


def test_postgresql_stopped_and_started_is_unavailable_and_then_well(tmp_path, files):
    prepared = prepare(files)
    with running(durable=True) as server, opened(server.create(), tmp_path) as store:
        schema.upgrade(store.engine)
        with store.write(ADMIN) as transaction:
            centres.create(transaction, prepared)

        def write_while_it_stops():
            with store.write(ADMIN) as transaction:
                blobs.put(transaction, b"lost")
                server.stop("immediate")
                blobs.put(transaction, b"lost too")

        with pytest.raises(StoreUnavailable):
            write_while_it_stops()
        with pytest.raises(StoreUnavailable), store.read(ADMIN) as transaction:
            centres.find(transaction)
        server.start()
        assert whole(store) == 1
        with store.write(ADMIN) as transaction:
            centres.create(transaction, prepared)
        assert whole(store) == 2


def test_every_connection_in_use_is_unavailable(database_url, tmp_path):
    engine = open_engine(database_url, wait_seconds=0.05, connections=1)
    store = opened(database_url, tmp_path)
    with store as it:
        small = type(it)(engine, it.vault, it.folder)
        with small.read(ADMIN), pytest.raises(StoreUnavailable, match="in use"), small.read(ADMIN):
            pass
    engine.dispose()


def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    (tmp_path / "paiban.sqlite").write_bytes(b"no database" * 1000)
    with (
        opened(f"sqlite:///{tmp_path / 'paiban.sqlite'}", tmp_path) as store,
        pytest.raises(StoreUnavailable, match="not a database"),
    ):
        whole(store)


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite", "postgresql+nothing://x", "://"])
def test_a_url_of_no_database_that_we_know_is_bad_input(url):
    with pytest.raises(BadInput, match="the URL of a database"):
        open_engine(url)


def test_sqlite_is_set_as_the_decision_says(sqlite_url, tmp_path):
    with opened(sqlite_url, tmp_path) as store, writing(store.engine).begin() as connection:
        told = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert told == {
        "journal_mode": "delete",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }
