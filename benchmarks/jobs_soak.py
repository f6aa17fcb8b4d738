"""Jobs under fire: workers and the API are killed (``kill -9``) at random while jobs are asked for over HTTP and are worked.

python benchmarks/jobs_soak.py sqlite|postgres [--kills 50] [--seed 1]

Three workers of two jobs each with the settings as they come; two clients that ask for naps of 1 to 4 s, each request again with its
key until it is answered. Every fourth kill is of the API's process, the others of a worker; whoever is killed is started again. Told:
jobs lost and done twice, how long a killed worker's jobs waited for another, how soon a cancelled job's process is gone.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from api.jobs.kinds import KINDS
from api.settings import ServiceSettings
from api.store import jobs, schema
from api.store.engine import open_engine
from tests.api.jobs.clients import Clients
from tests.api.jobs.conftest import PLANNER, Service, service_at, wait
from tests.api.jobs.worker_process import NAP
from tests.api.test_cli_serve import free_port
from tests.databases import running

CANCELS, WAITING = 20, 12
SETTINGS = {
    "lease_seconds": ServiceSettings.model_fields["lease_seconds"].default,
    "jobs_running": 100, "jobs_queued": 1000, "requests_a_minute": 100_000,
}  # fmt: skip
Process = subprocess.Popen[bytes]


def main() -> None:
    """Soak, cancel, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", choices=("sqlite", "postgres"))
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    KINDS["nap"] = NAP
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paiban-soak-")))
        url = f"sqlite:///{folder / 'paiban.sqlite'}"
        if args.database == "postgres":
            url = stack.enter_context(running(durable=True)).create()
        engine = open_engine(url)
        schema.upgrade(engine)
        engine.dispose()
        service = stack.enter_context(service_at(url, folder, **SETTINGS, port=free_port()))
        took = soak(service, random.Random(args.seed), args.kills)
        told = cancelled(service)
    print(f"{args.database}: take-over of {len(took)} jobs: median {np.median(took):.1f} s, p95 {np.quantile(took, 0.95):.1f} s, "
          f"at most {max(took):.1f} s")  # fmt: skip
    print(
        f"{args.database}: cancel of {len(told)}: median {np.median(told):.2f} s, at most {max(told):.2f} s"
    )


def soak(service: Service, luck: random.Random, kills: int) -> list[float]:
    """Kill and count; the seconds that each killed worker's jobs waited for another."""
    workers, apis = [service.worker() for _ in range(3)], [service.api()]
    clients = Clients(
        service, service.client(), lambda: round(luck.uniform(1.0, 4.0), 2), lambda: _until_few_wait(service)
    )
    with clients.asking(2):
        wait(lambda: clients.accepted)
        dead = _killed(service, luck, kills, workers, apis)
    _count(service, kills, clients)
    return [_taken_over(service, *each) for each in dead]


def _killed(
    service: Service, luck: random.Random, kills: int, workers: list[Process], apis: list[Process]
) -> list[tuple[str, int, datetime]]:
    """Kill and start again; the jobs that killed workers had, with their attempt and the instant."""
    dead = list[tuple[str, int, datetime]]()
    for n in range(kills):
        time.sleep(luck.uniform(2.0, 6.0))
        if n % 4 == 3:
            apis[-1].kill()
            apis[-1].wait()  # so that its port is free
            apis.append(service.api())
            continue
        place = luck.randrange(3)
        name, at = f"-{workers[place].pid}-", datetime.now(UTC)
        workers[place].kill()
        workers[place].wait()
        dead += [(job.id, job.attempt, at) for job in _running(service) if name in (job.lease_owner or "")]
        workers[place] = service.worker()
    return dead


def _count(service: Service, kills: int, clients: Clients) -> None:
    """Wait until all has ended, and count."""
    accepted = [*clients.accepted.values()]
    with service.store.read(PLANNER) as transaction:
        every = [job.id for job in jobs.find(transaction, limit=100_000)]
    for each in every:
        wait(lambda each=each: service.get(each).state in jobs.ENDED, 300)
    done = service.logged("job.done")
    lost = [each for each in {*accepted, *every} if each not in done]
    print(f"{kills} kills, {len(accepted)} jobs accepted, {len(every)} kept, {clients.cut} requests cut off: {len(lost)} lost, "
          f"{len(done) - len(set(done))} done twice, {sum(service.get(each).attempt > 1 for each in every)} begun again")  # fmt: skip
    assert not lost
    assert len(done) == len(set(done))
    assert sorted(accepted) == sorted(every), "a request that was sent again made a second job"


def _until_few_wait(service: Service) -> None:
    """A client's pause: while a dozen jobs wait there is enough to do."""
    time.sleep(0.2)
    while _waiting(service) >= WAITING:
        time.sleep(0.2)


def _waiting(service: Service) -> int:
    with service.store.read(PLANNER) as transaction:
        return len(jobs.find(transaction, states=("queued",), limit=1000))


def _running(service: Service) -> list[jobs.Job]:
    with service.store.read(PLANNER) as transaction:
        return jobs.find(transaction, states=("running",), limit=1000)


def _taken_over(service: Service, job_id: str, attempt: int, at: datetime) -> float:
    """Seconds until the next attempt of a job."""
    events = service.jobs.events(PLANNER, job_id)
    began = [e.at for e in events if e.kind == "started" and e.data["attempt"] == attempt + 1]
    return (began[0] - at).total_seconds() if began else 0.0


def cancelled(service: Service) -> list[float]:
    """Seconds from asking for a job to be cancelled until its process is gone."""
    told = []
    for _ in range(CANCELS):
        job_id = service.nap(60)
        wait(lambda job_id=job_id: _process(service, job_id) is not None)
        process, began = _process(service, job_id), time.monotonic()
        service.jobs.cancel(PLANNER, job_id)
        wait(lambda process=process: not Path(f"/proc/{process}").exists())
        told.append(time.monotonic() - began)
    return told


def _process(service: Service, job_id: str) -> int | None:
    for event in service.jobs.events(PLANNER, job_id):
        step = str(event.data.get("step", ""))
        if step.startswith("process "):
            return int(step.removeprefix("process "))
    return None


if __name__ == "__main__":
    main()
