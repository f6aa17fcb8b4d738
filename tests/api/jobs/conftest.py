"""A service over SQLite and over PostgreSQL, whose workers and API are processes that tests start, stop and kill."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.access import keys
from api.access.scope import Role, Scope, machine
from api.jobs import queue
from api.jobs.client import Jobs, open_jobs
from api.jobs.kinds import KINDS
from api.settings import ServiceSettings
from api.store import audit_log, centres, jobs, members
from api.store.centre_files import prepare
from api.store.engine import Store
from api.store.jobs import Job
from tests.api.conftest import make_folder
from tests.api.jobs.worker_process import NAP
from tests.databases import (  # noqa: F401
    Server,
    empty_postgres,
    empty_sqlite,
    opened,
    postgres,
)

PLANNER = machine("test")
WAIT_SECONDS = 60.0
Process = subprocess.Popen[bytes]


@pytest.fixture(scope="session", autouse=True)
def napping() -> Iterator[None]:
    """The kind of job that only tests have."""
    KINDS["nap"] = NAP
    yield
    del KINDS["nap"]


@dataclass
class Service:
    """A store with one centre, its queue, and whatever workers a test starts."""

    settings: ServiceSettings
    store: Store
    jobs: Jobs
    centre_id: str
    workers: list[Process] = field(default_factory=list)
    apis: list[Process] = field(default_factory=list)
    clients: list[httpx.Client] = field(default_factory=list)

    def worker(self) -> Process:
        """One more worker."""
        self.workers.append(self._process("tests.api.jobs.worker_process"))
        return self.workers[-1]

    def api(self) -> Process:
        """The API in a process, at the port of the settings; it may not answer yet."""
        self.apis.append(self._process("tests.api.jobs.api_process"))
        return self.apis[-1]

    def _process(self, module: str) -> Process:
        told = {
            f"PAIBAN_{name.upper()}": str(value) for name, value in self.settings if value not in ("", ())
        }
        told["PAIBAN_OIDC_ALGORITHMS"] = "RS256"
        environment = os.environ | told | {"PYTHONPATH": str(Path.cwd())}
        return subprocess.Popen(
            [sys.executable, "-m", module],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def client(self) -> httpx.Client:
        """A client of the API, with a key of a planner."""
        with self.store.write(PLANNER) as transaction:
            member = members.create(transaction, Role.PLANNER, kind="service")
            key, _ = keys.create(transaction, member.id)
        base = f"http://127.0.0.1:{self.settings.port}/api/v1/"
        self.clients.append(
            httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        )
        return self.clients[-1]

    def nap(self, seconds: float = 0.0, scope: Scope = PLANNER, **options: Any) -> str:
        """The id of a new job that sleeps."""
        asked = {"options": {"seconds": seconds} | options}
        return self.jobs.submit(scope, "nap", self.centre_id, 1, asked).id

    def get(self, job_id: str) -> Job:
        with self.store.read(PLANNER) as transaction:
            return jobs.get(transaction, job_id)

    def files(self, job_id: str) -> dict[str, bytes]:
        with self.store.read(PLANNER) as transaction:
            return {name: jobs.file(transaction, job_id, name) for name in jobs.files(transaction, job_id)}

    def told(self, job_id: str) -> list[str]:
        return [event.kind for event in self.jobs.events(PLANNER, job_id)]

    def logged(self, action: str) -> list[str]:
        """The jobs of lines of the audit log."""
        with self.store.read(PLANNER) as transaction:
            lines = audit_log.lines(transaction.connection)
            return [line.object.removeprefix("job/") for line in lines if line.action == action]

    def ended(self, job_id: str, state: str = "done") -> Job:
        """The job once it has ended, as it should."""
        wait(lambda: self.get(job_id).state in jobs.ENDED)
        found = self.get(job_id)
        assert found.state == state, found.problem
        return found

    def running(self, job_id: str) -> Job:
        """The job once its command is at work."""
        wait(lambda: self.get(job_id).state == "running" and self.get(job_id).progress is not None)
        return self.get(job_id)

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        for process in [*self.workers, *self.apis]:
            process.kill()
            process.wait()


def wait(until: Callable[[], Any], seconds: float = WAIT_SECONDS) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@contextmanager
def service_at(url: str, folder: Path, **settings: Any) -> Iterator[Service]:
    """A service over a database that has our tables; its workers end with the block."""
    told = ServiceSettings(data=folder, database=url, **{"lease_seconds": 2.0, "worker_jobs": 2} | settings)
    (folder / "master.key").write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    centre = make_folder(folder / "centre")
    with ExitStack() as stack:
        store = stack.enter_context(opened(url, folder))
        with store.write(PLANNER) as transaction:
            files = {path.name: path.read_bytes() for path in centre.iterdir()}
            made = centres.create(transaction, prepare(files))
        queue.prepare(told)
        found = Service(told, store, stack.enter_context(open_jobs(told, store)), made.id)
        stack.callback(found.stop)
        yield found


@contextmanager
def service_over(
    kind: str, request: pytest.FixtureRequest, folder: Path, **settings: Any
) -> Iterator[Service]:
    """A service over a new database of a kind."""
    if kind == "sqlite":
        file = shutil.copy(request.getfixturevalue("empty_sqlite"), folder / "paiban.sqlite")
        with service_at(f"sqlite:///{file}", folder, **settings) as found:
            yield found
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("empty_postgres"))
    try:
        with service_at(url, folder, **settings) as found:
            yield found
    finally:
        server.drop(url)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with one worker, for all tests of a module."""
    with service_over(request.param, request, tmp_path_factory.mktemp("served")) as found:
        found.worker()
        yield found


@pytest.fixture(params=["sqlite", "postgres"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """A service without workers, of one test alone."""
    with service_over(request.param, request, tmp_path) as found:
        yield found
