"""The database full, locked or gone, over HTTP: 503 with Retry-After, nothing half done, and the same request works afterwards."""

import sqlite3
from contextlib import closing
from pathlib import Path

from httpx import Response
from sqlalchemy import event, text

from api.access.scope import machine
from api.store import audit_log, schema
from tests.api.http.service import FILES, ZIP, Api, serving, zipped
from tests.databases import opened, running

TESTS = machine("tests")


def import_centre(api: Api) -> Response:
    """The same request each time."""
    return api.send("POST", "centres", zipped(FILES), ZIP, headers={"Idempotency-Key": "the one import"})


def assert_not_now(answer: Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["type"].endswith("/unavailable")


def assert_whole(api: Api, number: int) -> None:
    """The database has no fault, its audit log is whole, and so many centres are there."""
    with api.store.read(TESTS) as transaction:
        if api.store.engine.dialect.name == "sqlite":
            assert transaction.connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        verified = audit_log.verify(transaction.connection)
        made = [line for line in audit_log.lines(transaction.connection) if line.action == "centre.create"]
    assert verified.broken_at is None
    assert len(api.get("centres").json()["items"]) == len(made) == number


def assert_works_again(api: Api) -> None:
    assert_whole(api, 0)
    one, two = import_centre(api), import_centre(api)
    assert (one.status_code, two.status_code) == (201, 201), one.text
    assert one.json() == two.json()
    assert_whole(api, 1)


def test_a_full_disk(sqlite_api: Api) -> None:
    engine = sqlite_api.store.engine
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    def limit(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    engine.dispose()
    event.listen(engine, "connect", limit)
    for _ in range(3):
        assert_not_now(import_centre(sqlite_api))
    assert sqlite_api.get("centres").json()["items"] == []
    event.remove(engine, "connect", limit)
    engine.dispose()
    assert_works_again(sqlite_api)


def test_a_locked_database(sqlite_api: Api, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "paiban.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert_not_now(import_centre(sqlite_api))
        assert_not_now(sqlite_api.get("centres"))
        assert_not_now(sqlite_api.get("/readyz"))
        assert sqlite_api.get("/healthz").status_code == 200
        other.execute("ROLLBACK")
    assert_works_again(sqlite_api)


def test_a_database_server_that_is_stopped_and_started(tmp_path: Path) -> None:
    with running(durable=True) as server, opened(server.create(), tmp_path, wait_seconds=0.3) as store:
        schema.upgrade(store.engine)
        with serving(store) as api:
            server.stop()
            assert_not_now(import_centre(api))
            assert_not_now(api.get("centres"))
            assert_not_now(api.get("/readyz"))
            server.start()
            assert api.get("/readyz").status_code == 200
            assert_works_again(api)
