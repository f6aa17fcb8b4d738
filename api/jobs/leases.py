"""The jobs that a worker holds: their leases renewed while it lives, and each told at once when it is no longer its own."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from api.access.scope import Scope
from api.store import jobs
from api.store.engine import Store
from api.store.errors import Stale, StoreUnavailable
from api.store.jobs import Job

T = TypeVar("T")
LOOK_SECONDS = 0.5
"""How soon a cancelled job is seen."""
BEATS = 3
"""Signs of life in the length of a lease."""


class Lost(Exception):
    """A job is no longer this worker's: cancelled, another's, or given back since the worker stops."""


@dataclass
class Held:
    """A job that this worker works, with the attempt that it is; ``over`` is set once it is no longer its own."""

    job: Job
    over: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise `Lost` where the job is no longer this worker's."""
        if self.over.is_set():
            raise Lost(self.job.id)


class Leases:
    """Takes, keeps and gives back jobs for one worker.

    Parameters
    ----------
    owner : the worker's name, unlike that of any other process
    lease_seconds : how long the worker is thought alive after its last sign of life
    """

    def __init__(self, store: Store, scope: Scope, owner: str, lease_seconds: float) -> None:
        self.store, self.scope, self.owner = store, scope, owner
        self.length = timedelta(seconds=lease_seconds)
        self.stopping = threading.Event()
        self._held: dict[str, Held] = {}

    def start(self) -> None:
        """Watch over what is held from now on."""
        threading.Thread(target=self._watch, name="leases", daemon=True).start()

    def take(self, job_id: str) -> Held:
        """Take a job, waiting while another holds it; raises `Lost` where it has ended or this worker stops."""
        while not self.stopping.is_set():
            job = self.patiently(lambda: self._claimed(job_id))
            if isinstance(job, Job):
                self._held[job_id] = held = Held(job)
                return held
            if job == "ended":
                break
            self.stopping.wait(LOOK_SECONDS)
        raise Lost(job_id)

    def _claimed(self, job_id: str) -> Job | str:
        with self.store.write(self.scope) as transaction:
            job = jobs.claim(transaction, job_id, self.owner, self.length)
            return job or ("ended" if jobs.get(transaction, job_id).state in jobs.ENDED else "held")

    def held(self) -> list[Held]:
        """The jobs that this worker works now."""
        return list(self._held.values())

    def drop(self, held: Held) -> None:
        """Hold a job no longer."""
        self._held.pop(held.job.id, None)

    def give_back(self, held: Held) -> None:
        """Give a job back, so that another need not wait for its lease to run out."""
        held.over.set()
        self.drop(held)
        try:
            with self.store.write(self.scope) as transaction:
                jobs.release(transaction, held.job.id, held.job.attempt)
        except (Stale, StoreUnavailable):  # another's by now, or soon: its lease runs out
            return

    def say_nothing_if_stopping(self) -> None:
        """Wait for the end of the process where this worker stops; otherwise return at once."""
        while self.stopping.is_set():
            time.sleep(LOOK_SECONDS)

    def patiently(self, work: Callable[[], T], held: Held | None = None) -> T:
        """The result of work on the store, tried until the store can be used; raises `Lost` where the job is lost before."""
        pause = 0.2
        while True:
            if held is not None:
                held.check()
            try:
                return work()
            except Stale:
                if held is not None:
                    held.over.set()
                raise Lost from None
            except StoreUnavailable:
                if self.stopping.wait(pause):
                    raise Lost from None
                pause = min(2 * pause, 3.0)

    def _watch(self) -> None:
        beat_at = 0.0
        while not self.stopping.wait(LOOK_SECONDS):
            try:
                self._look()
                if time.monotonic() >= beat_at:
                    self._beat()
                    beat_at = time.monotonic() + self.length.total_seconds() / BEATS
            except StoreUnavailable:
                continue

    def _look(self) -> None:
        """See which jobs have been cancelled, or taken over."""
        held = dict(self._held)
        if not held:
            return
        with self.store.read(self.scope) as transaction:
            found = jobs.states(transaction, held)
        for job_id, each in held.items():
            if found.get(job_id) != ("running", each.job.attempt):
                each.over.set()

    def _beat(self) -> None:
        for each in list(self._held.values()):
            try:
                with self.store.write(self.scope) as transaction:
                    jobs.keep(transaction, each.job.id, each.job.attempt, self.length)
            except Stale:
                each.over.set()
