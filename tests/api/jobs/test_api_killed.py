"""The API's process killed (``kill -9``) while clients ask it for jobs over HTTP: no job that was accepted is lost, none is there twice."""

import random
import time
from collections import Counter

import pytest

from api.store import jobs
from tests.api.jobs.clients import Clients
from tests.api.jobs.conftest import PLANNER, service_over, wait
from tests.api.test_cli_serve import answers, free_port

KILLS = 5
MANY = {"jobs_running": 4, "worker_jobs": 4, "jobs_queued": 1000, "requests_a_minute": 100_000}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_job_that_was_accepted_is_there_after_the_api_was_killed_and_each_is_worked_once(
    kind, request, tmp_path
):
    luck, port = random.Random(20261123), free_port()
    with service_over(kind, request, tmp_path, **MANY, port=port) as service:
        service.worker()
        clients = Clients(service, service.client(), lambda: 0.0, lambda: time.sleep(luck.uniform(0.0, 0.1)))
        with clients.asking(3):
            for _ in range(KILLS):
                before, api = len(clients.accepted), service.api()
                wait(lambda before=before: len(clients.accepted) > before)
                time.sleep(luck.uniform(0.0, 0.1))
                api.kill()
                api.wait()
            service.api()
            wait(lambda: answers(port))
        assert clients.cut, "no request was cut off: the kills came between them"
        told = dict(clients.accepted)
        for key, job_id in told.items():
            assert clients.client.get(f"jobs/{job_id}").status_code == 200
            assert clients.ask(key, 0.0) == job_id
        with service.store.read(PLANNER) as transaction:
            kept = [job.id for job in jobs.find(transaction, limit=1000)]
        assert Counter(kept) == Counter(told.values())
        for each in kept:
            service.ended(each)
        assert Counter(service.logged("job.done")) == Counter(kept)
        assert Counter(service.logged("job.create")) == Counter(kept)
        assert answers(port)
