"""A database that the first version made, with jobs that wait and one whose worker was killed: upgraded, all are done.

`tests/data/tables-0001` are dumps of it, the queue's tables among them, made by the code of commit 9740124: a centre, a published rota, a
member with a key, a nap whose worker was killed, two that wait. Keys in it open nothing else.
"""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.access import keys
from api.access.scope import Role
from api.jobs import queue
from api.jobs.client import open_jobs
from api.settings import ServiceSettings
from api.store import audit_log, centres, rotas, schema
from tests.api.conftest import make_folder
from tests.api.jobs.conftest import PLANNER, Service
from tests.api.store.test_rotas import FIRST
from tests.databases import Server, opened

DUMPS = Path(__file__).parents[2] / "data" / "tables-0001"
MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_jobs_of_an_older_database_are_done_after_its_upgrade(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    told: dict[str, Any] = json.loads((DUMPS / "told.json").read_text(encoding="utf-8"))[kind]
    with _older(kind, request, tmp_path) as url, _upgraded(url, tmp_path, told["centre"]) as service:
        every = [told["left"], *told["waiting"]]
        assert [service.get(each).state for each in every] == ["running", "queued", "queued"]
        service.worker()
        for each in every:
            service.ended(each)
        assert service.get(told["left"]).attempt == 2
        assert sorted(service.logged("job.done")) == sorted(every)
        with service.store.read(PLANNER) as transaction:
            assert rotas.get(transaction, told["rota"]).published_version is not None
            assert rotas.content(transaction, told["rota"], 1) == FIRST
            files = centres.export(transaction, service.centre_id, names=True, reasons=True)
            assert audit_log.verify(transaction.connection).broken_at is None
        assert files["agents.csv"] == (make_folder(tmp_path / "centre") / "agents.csv").read_bytes()
        assert keys.holder(service.store, told["key"]).role is Role.PLANNER


@contextmanager
def _upgraded(url: str, folder: Path, centre_id: str) -> Iterator[Service]:
    """The service over an older database, upgraded as `paiban serve` does."""
    told = ServiceSettings(data=folder, database=url, lease_seconds=2.0, worker_jobs=2)
    (folder / "master.key").write_text(MASTER_KEY)
    with opened(url, folder) as store:
        assert schema.upgrade(store.engine).found == "0001"
        queue.prepare(told)
        with open_jobs(told, store) as jobs:
            service = Service(told, store, jobs, centre_id)
            try:
                yield service
            finally:
                service.stop()


@contextmanager
def _older(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a database as the first version left it."""
    if kind == "sqlite":
        for name in ("paiban", "jobs"):
            with closing(sqlite3.connect(folder / f"{name}.sqlite")) as made:
                made.executescript(_read(f"{name}.sqlite.sql.gz"))
        yield f"sqlite:///{folder / 'paiban.sqlite'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_read("postgres.sql.gz").encode())
    try:
        yield url
    finally:
        server.drop(url)


def _read(name: str) -> str:
    return gzip.decompress((DUMPS / name).read_bytes()).decode()
