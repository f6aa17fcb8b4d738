"""What docs/jobs.md promises, clause by clause, with workers that are killed, stopped and cut off."""

import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from api.access.scope import Role, Scope
from api.jobs.client import TooManyJobs
from api.jobs.queue import SCHEMA, open_queue
from api.store import blobs, jobs, kept
from api.store.errors import StoreUnavailable
from tests.api.conftest import START
from tests.api.jobs.conftest import PLANNER, Service, service_at, service_over, wait
from tests.databases import running

KILLS = 5


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_jobs_whose_workers_are_killed_are_all_done_and_each_once(kind, request, tmp_path):
    luck = random.Random(20260302)
    with service_over(kind, request, tmp_path, jobs_running=4, lease_seconds=1.0) as service:
        service.worker(), service.worker()
        naps = [service.nap(luck.uniform(0.2, 1.0)) for _ in range(8)]
        for _ in range(KILLS):
            wait(lambda: any(service.get(each).state == "running" for each in naps))
            time.sleep(luck.uniform(0.0, 0.4))
            service.workers[0].kill()
            service.workers.pop(0).wait()
            service.worker()
        found = [service.ended(each) for each in naps]
        assert any(job.attempt > 1 for job in found)
        assert all(service.told(each).count("done") == 1 for each in naps)
        assert sorted(service.logged("job.done")) == sorted(naps)
        assert all(service.files(each).keys() == {"nap.txt"} for each in naps)


def test_a_plan_whose_worker_is_killed_comes_to_the_same_rota_and_no_name_is_in_anything_kept(
    request, tmp_path, week
):
    with service_over("sqlite", request, tmp_path, lease_seconds=1.0) as service:
        worker = service.worker()
        asked = {"options": {"start": START, "days": 7, "effort": 1, "workers": 1}}
        plan = service.jobs.submit(PLANNER, "plan", service.centre_id, 1, asked)
        service.running(plan.id)
        worker.kill()
        service.worker()
        assert service.ended(plan.id).attempt > 1
        files = service.files(plan.id)
        assert files["rota.csv"] == (week[1] / "rota.csv").read_bytes()
        service.stop()  # so that no journal comes or goes while the files are read
        kept_files = {path.name: path.read_bytes() for path in tmp_path.glob("*.sqlite*")}
        rows = (tmp_path / "centre" / "agents.csv").read_bytes().splitlines()
        names = [row.split(b",")[rows[0].split(b",").index(b"name")] for row in rows[1:]]
        assert kept_files.keys() >= {"paiban.sqlite", "jobs.sqlite"}
        assert all(names)
        searched = [*files.values(), *kept_files.values()]
        assert not any(name in content for name in names for content in searched)


def test_a_worker_that_was_stopped_and_goes_on_after_another_took_over_writes_nothing(service: Service):
    first = service.worker()
    job_id, gone = service.nap(2.5), service.nap(60)
    service.running(job_id), service.running(gone)
    _stop_between_transactions(service, first)
    wait(lambda: _cancelled(service, gone))
    second = service.worker()
    wait(lambda: service.get(job_id).attempt > 1)
    first.send_signal(signal.SIGCONT)
    assert service.ended(job_id).result["worker"] == second.pid
    second.kill()
    after = service.nap()  # the first is well again: it works what comes
    assert service.ended(after).result["worker"] == first.pid
    assert service.told(job_id).count("done") == 1
    assert service.told(job_id)[-1] == "done"
    assert service.logged("job.done") == [job_id, after]
    assert service.get(gone).state == "cancelled"
    assert service.told(gone)[-1] == "cancelled"
    assert service.files(gone) == {}


def _stop_between_transactions(service: Service, worker: "subprocess.Popen[bytes]") -> None:
    """Stop a worker that holds no lock: what it holds in SQLite, nobody can take from it (PostgreSQL ends what is idle)."""
    worker.send_signal(signal.SIGSTOP)
    while not all(_is_free(file) for file in service.settings.data.glob("*.sqlite")):
        worker.send_signal(signal.SIGCONT)
        time.sleep(0.01)
        worker.send_signal(signal.SIGSTOP)


def _is_free(database: Path) -> bool:
    with closing(sqlite3.connect(database, timeout=0.5, isolation_level=None)) as other:
        try:
            other.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        other.execute("ROLLBACK")
        return True


def _cancelled(service: Service, job_id: str) -> bool:
    try:
        return service.jobs.cancel(PLANNER, job_id).state == "cancelled"
    except StoreUnavailable:  # stopped in a transaction that the server ends after a while
        return False


def test_a_job_that_was_accepted_but_never_put_into_the_queue_is_worked(service: Service):
    with service.store.write(PLANNER) as transaction:  # here the process dies
        job = service.jobs.accept(transaction, "nap", service.centre_id, 1, {})
    service.worker()
    service.ended(job.id)


def test_a_job_is_accepted_before_a_worker_has_ever_made_the_queues_tables(request, tmp_path):
    with service_over("postgres", request, tmp_path) as service:
        with service.store.write(PLANNER) as transaction:
            transaction.connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        job_id = service.nap()
        service.worker()
        service.ended(job_id)


def test_a_job_that_is_put_into_the_queue_twice_is_worked_once(request, tmp_path):
    with service_over("postgres", request, tmp_path) as service:
        job_id = service.nap(0.2)
        service.jobs.queue.put(job_id, PLANNER.member_id)
        service.worker()
        service.ended(job_id)
        service.jobs.queue.put(job_id, PLANNER.member_id)
        service.ended(service.nap())
        assert service.logged("job.done").count(job_id) == 1


def test_a_job_that_the_queue_ended_unpublished_is_failed_and_not_forgotten(request, tmp_path):
    with service_over("sqlite", request, tmp_path) as service:
        service.worker()
        with service.store.write(PLANNER) as transaction:
            lost = jobs.create(transaction, "nap", service.centre_id, 1, {})
        _end_in_queue(service, lost.id)
        assert "queue has ended" in service.ended(lost.id, "failed").problem["detail"]


def _end_in_queue(service: Service, job_id: str) -> None:
    """Put something into the queue under a job's id that no worker can begin."""
    with open_queue(service.settings) as queue:
        queue._client.enqueue(
            {"workflow_name": "job", "queue_name": "jobs", "workflow_id": job_id, "app_version": "1",
             "queue_partition_key": "x"}
        )  # fmt: skip


def test_a_worker_that_is_told_to_stop_gives_its_jobs_back(request, tmp_path):
    with service_over("postgres", request, tmp_path, lease_seconds=60) as service:
        first, job_id = service.worker(), service.nap(5.0)
        service.running(job_id)
        second = service.worker()
        time.sleep(1.5)  # so that it takes jobs
        first.terminate()
        assert first.wait(20) == 0
        found = service.ended(job_id)
        assert (found.attempt, found.result["worker"]) == (2, second.pid)
        assert "given_back" in service.told(job_id)


def test_what_was_kept_is_where_the_next_run_begins(request, tmp_path):
    with service_over("sqlite", request, tmp_path, lease_seconds=1.0) as service:
        first, job_id = service.worker(), service.nap(1.5)
        wait(lambda: _kept(service, job_id))
        first.kill()
        service.worker()
        assert int(service.ended(job_id).result["before"]) > 0
        assert not _kept(service, job_id)


def _kept(service: Service, job_id: str) -> dict[str, bytes]:
    with service.store.read(PLANNER) as transaction:
        return kept.get(transaction, job_id)


def test_a_member_has_only_so_many_jobs_at_once_and_others_are_not_held_up(request, tmp_path):
    with service_over("postgres", request, tmp_path, jobs_running=1, worker_jobs=3, jobs_queued=3) as service:
        greedy = Scope("greedy", Role.PLANNER)
        naps = [service.nap(1.0, greedy) for _ in range(3)]
        with pytest.raises(TooManyJobs):
            service.nap(1.0, greedy)
        other = service.nap(0.0)
        service.worker()
        ended = {each: service.ended(each) for each in [*naps, other]}
        spans = sorted((ended[each].started_at, ended[each].ended_at) for each in naps)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert ended[other].ended_at < spans[-1][1]


def test_a_locked_database_refuses_jobs_whole_and_those_at_work_are_finished_after(request, tmp_path):
    with service_over("sqlite", request, tmp_path, wait_seconds=0.2, lease_seconds=1.0) as service:
        service.worker()
        job_id = service.nap(1.0)
        service.running(job_id)
        with closing(sqlite3.connect(tmp_path / "paiban.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StoreUnavailable):
                service.nap()
            time.sleep(1.8)  # longer than the job and its lease
            other.execute("ROLLBACK")
        service.ended(job_id)
        with service.store.read(PLANNER) as transaction:
            assert [job.id for job in jobs.find(transaction)] == [job_id]


@pytest.fixture
def own_server(empty_sqlite) -> Iterator[object]:
    """A PostgreSQL server of one test, that it may stop."""
    with running(durable=True) as server:
        yield server


def test_a_database_server_that_is_stopped_and_started_in_mid_sweep_loses_nothing(own_server, tmp_path):
    from api.store import schema
    from api.store.engine import open_engine

    url = own_server.create()
    engine = open_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    with service_at(url, tmp_path) as service:
        service.worker()
        with service.store.write(PLANNER) as transaction:
            digest = blobs.put(transaction, SWEEP)
        sweep = service.jobs.submit(PLANNER, "sweep", service.centre_id, 1, {"files": {"": digest}})
        nap = service.nap(3.0)
        waiting = [service.nap() for _ in range(3)]
        service.running(sweep.id), service.running(nap)
        own_server.stop()
        with pytest.raises(StoreUnavailable):
            service.nap()
        time.sleep(1.0)
        own_server.start()
        for each in [sweep.id, nap, *waiting]:
            service.ended(each)
        assert service.files(sweep.id)["scenarios.csv"].count(b"\n") == 12
        with service.store.read(PLANNER) as transaction:
            assert len(jobs.find(transaction)) == 5


SWEEP = b"""centre = "centre"
start = 2026-02-23
days = 7
level = "staffing"
[[axis]]
name = "volume"
change = "volume={+}%"
values = [-10, -8, -6, -4, -2, 2, 4, 6, 8, 10]
"""
