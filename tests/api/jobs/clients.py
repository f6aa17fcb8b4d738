"""Clients of the API that ask for naps and do not give up: each request has a key of its own and is sent again until it is answered."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.api.jobs.conftest import Service

AGAIN_SECONDS = 0.05


@dataclass
class Clients:
    """Several that ask at the same time.

    Parameters
    ----------
    seconds : the length of the next nap
    pause : waits before a client asks for its next nap
    """

    service: Service
    client: httpx.Client
    seconds: Callable[[], float]
    pause: Callable[[], None]
    accepted: dict[str, str] = field(default_factory=dict)
    """The job of each key, of every 202."""
    cut: int = 0
    """Requests that went out and whose answer never came."""

    @contextmanager
    def asking(self, number: int) -> Iterator[None]:
        """So many clients for the length of a block; at its end each has an answer."""
        stop = threading.Event()
        threads = [threading.Thread(target=self._ask, args=(k, stop)) for k in range(number)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            stop.set()
            for each in threads:
                each.join()

    def _ask(self, number: int, stop: threading.Event) -> None:
        asked = 0
        while not stop.is_set():
            self.ask(f"client-{number}-{asked}", self.seconds())
            asked += 1
            self.pause()

    def ask(self, key: str, seconds: float) -> str:
        """The job of a nap, however often it must be asked for."""
        path, headers = f"centres/{self.service.centre_id}/naps", {"Idempotency-Key": key}
        while True:
            try:
                answer = self.client.post(path, json={"seconds": seconds}, headers=headers)
            except httpx.TransportError as error:
                self.cut += not isinstance(error, httpx.ConnectError)
            else:
                if answer.status_code == 202:
                    self.accepted[key] = job_id = str(answer.json()["id"])
                    return job_id
                assert answer.status_code == 503, answer.text
            time.sleep(AGAIN_SECONDS)
