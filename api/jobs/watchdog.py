"""The watchdog: of all processes that run one, one at a time looks after jobs that nobody does.

It never ends or changes a job that is well: it looks at the job's row and at the queue, and has a job begun again whose worker is dead,
puts into the queue what was accepted and is not there, and fails what the queue has ended though nothing was published.
"""

import logging
import threading
from datetime import UTC, datetime, timedelta

from api.access.scope import Scope
from api.command_line import failure_of
from api.jobs.queue import Entry, Queue
from api.store import jobs, leases
from api.store.engine import Store
from api.store.errors import Stale, StoreUnavailable
from api.store.jobs import Job

LOOK_SECONDS, LEAST_GRACE_SECONDS = 1.0, 1.5
LEASE = "watchdog"
log = logging.getLogger("paiban.watchdog")


class Watchdog:
    """Looks every second while this process is the one that does.

    Parameters
    ----------
    owner : this process's name
    lease_seconds : of workers. A quarter of it is the watchdog's own, and how long a job may take from the store into the queue,
        and from there to a worker; at least a second and a half
    """

    def __init__(self, store: Store, queue: Queue, scope: Scope, owner: str, lease_seconds: float) -> None:
        self.store, self.queue, self.scope, self.owner = store, queue, scope, owner
        self.grace = timedelta(seconds=max(LEAST_GRACE_SECONDS, lease_seconds / 4))

    def watch(self, stop: threading.Event) -> None:
        """Look until told to stop; a database that cannot be used is tried again."""
        while not stop.wait(LOOK_SECONDS):
            try:
                if self._leads():
                    self.look()
            except StoreUnavailable as error:
                log.warning("the watchdog cannot look now: %s", error)
            except Exception as error:  # whatever it is, the next look may go well, and nobody else looks
                log.error("the watchdog failed: %s", failure_of(error)[1])

    def _leads(self) -> bool:
        with self.store.write(self.scope) as transaction:
            return leases.take(transaction, LEASE, self.owner, self.grace)

    def look(self) -> int:
        """Mend what is to be mended; how many jobs that was."""
        with self.store.read(self.scope) as transaction:
            left = jobs.orphans(transaction)
            waiting = jobs.waiting(transaction, transaction.now - self.grace)
        entries = self.queue.entries(each.id for each in [*left, *waiting])
        return sum(self._mended(job, entries.get(job.id)) for job in [*left, *waiting])

    def _mended(self, job: Job, entry: Entry | None) -> bool:
        if entry is None:
            self.queue.put(job.id, job.member_id)
        elif entry.state in ("SUCCESS", "ERROR"):
            self._fail(job, entry)
        elif entry.state == "PENDING" and datetime.now(UTC) - entry.changed_at < self.grace:
            return False  # somebody has just taken it, or is about to
        elif entry.state != "ENQUEUED":
            self.queue.put_back(job.id)
        else:
            return False
        return True

    def _fail(self, job: Job, entry: Entry) -> None:
        """End a job that the queue will never hand out again."""
        detail = f"the queue has ended the job ({entry.state.lower()}) before anything was published"
        try:
            with self.store.write(self.scope) as transaction:
                taken = jobs.claim(transaction, job.id, self.owner, self.grace)
                if taken is not None:
                    problem = {"code": 3, "detail": detail, "faults": []}
                    jobs.finish(transaction, job.id, taken.attempt, problem=problem)
        except Stale:
            return
