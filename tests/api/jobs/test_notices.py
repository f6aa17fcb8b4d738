"""A worker sends notices; what it was sending when it was killed arrives from the next, under the same id."""

import threading
from pathlib import Path

import pytest

from api.access.scope import Role
from api.store import centres
from tests.api.jobs.conftest import PLANNER, service_over, wait
from tests.api.notices.conftest import Desk, Receiver, receiver  # noqa: F401


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_worker_that_is_killed_while_it_sends(
    database: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    receiver: Receiver,  # noqa: F811
) -> None:
    with service_over(database, request, tmp_path, allow_private_webhooks=True) as service:
        with service.store.read(PLANNER) as transaction:
            desk = Desk(service.store, centres.get(transaction, service.centre_id))
        hook, answered = desk.hook(receiver.url, role=Role.PLANNER), threading.Event()
        receiver.replies = [lambda handler: answered.wait(60)]
        job_id = service.nap(fail=True)
        killed = service.worker()
        wait(lambda: receiver.requests)
        killed.kill()
        killed.wait()
        answered.set()
        desk.later(minutes=6)
        service.worker()
        wait(lambda: desk.deliveries(hook)[0].delivered_at)
        (delivery,) = desk.deliveries(hook)
    assert (delivery.attempts, delivery.last_status) == (2, "200")
    assert [each.headers["webhook-id"] for each in receiver.requests] == [delivery.id] * 2
    assert receiver.requests[1].json["data"]["object"] == f"job/{job_id}"
