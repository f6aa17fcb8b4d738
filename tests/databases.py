"""The databases that tests of the service run over: a SQLite file, and a PostgreSQL server of the tests' own, both with our tables.

A server is started from Debian's binaries when the first test of a process asks for it: 1 to 2 s, on a socket in a folder of its own,
as user postgres where we are root (PostgreSQL refuses root). ``fsync`` is off, so tests of durability start a server with ``durable=True``.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api.store import schema
from api.store.engine import Store, open_engine
from api.store.vault import Vault

POSTGRES = "needs PostgreSQL: apt-get install postgresql (as root; on Debian and Ubuntu)"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SMALL = (
    "listen_addresses=",
    "shared_buffers=16MB",
    "max_connections=50",
    "max_wal_size=64MB",
    "autovacuum=off",
    "log_statement=none",
)
MASTER_KEY = bytes(range(32))


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL's programs, or None."""
    there = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return there[-1].parent if there else None


def in_memory() -> str | None:
    """A folder that is in memory, where there is one with room for a server; three times as quick as a disk that others use."""
    there = Path("/dev/shm")
    return str(there) if there.is_dir() and shutil.disk_usage(there).free > 2 * 1024**3 else None


class Server:
    """A PostgreSQL server in a folder of its own."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self.programs, self.settings = programs, (*SMALL, *(() if durable else QUICK))
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="paiban-pg-", dir=None if durable else in_memory()))
        self.data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run(
            "initdb",
            "--pgdata",
            self.data,
            "--auth=trust",
            "--username=paiban",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = " ".join(
            f"-c {each}" for each in (*self.settings, f"unix_socket_directories={self.folder}")
        )
        self._run(
            "pg_ctl", "start", "--pgdata", self.data, "--wait", "--log", self.folder / "log", "-o", options
        )

    def stop(self, how: str = "immediate") -> None:
        """Stop; ``immediate`` is what a crash of the machine is to it."""
        self._run("pg_ctl", "stop", "--pgdata", self.data, "--wait", "--mode", how)

    def url(self, name: str = "postgres") -> str:
        """Where a database of it is."""
        return f"postgresql://paiban@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """A new database, a copy of another; its URL."""
        name = f"t{secrets.token_hex(6)}"
        self._say(f'CREATE DATABASE {name} TEMPLATE "{template}" STRATEGY wal_log')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Away with a database that `create` made, whoever is still connected."""
        self._say(f"DROP DATABASE {url.partition('?')[0].rpartition('/')[2]} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def _run(self, program: str, *words: object) -> None:
        command = [str(self.programs / program), *map(str, words)]
        done = subprocess.run(
            command,
            user=self.user,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode()


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server for the length of a block; the test is skipped where PostgreSQL is not installed."""
    programs = binaries()
    if programs is None:
        pytest.skip(POSTGRES)
    server = Server(programs, durable=durable)
    try:
        server.start()
        yield server
    finally:
        if (server.data / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(server.folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of this process."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our tables and nothing in them, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite"
    _with_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def empty_postgres(postgres: Server) -> str:
    """The name of a PostgreSQL database with our tables and nothing in them, to copy."""
    url = postgres.create()
    _with_tables(url)
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def sqlite_url(tmp_path: Path, empty_sqlite: Path) -> str:
    """The URL of a SQLite database with our tables, of this test alone."""
    return f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'paiban.sqlite')}"


@pytest.fixture
def postgres_url(postgres: Server, empty_postgres: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with our tables, of this test alone."""
    url = postgres.create(empty_postgres)
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with our tables, of this test alone: each test runs once over SQLite and once over PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store with nothing in it, over SQLite and over PostgreSQL."""
    with opened(database_url, tmp_path) as it:
        yield it


@contextmanager
def opened(url: str, folder: Path, *, wait_seconds: float = 5.0) -> Iterator[Store]:
    """The store of a database that has our tables; its master key is `MASTER_KEY`."""
    store = Store(open_engine(url, wait_seconds=wait_seconds), Vault(MASTER_KEY), folder)
    try:
        yield store
    finally:
        store.close()


def _with_tables(url: str) -> None:
    engine = open_engine(url)
    schema.upgrade(engine)
    engine.dispose()
