"""Jobs for the process that accepts them: submit, cancel, rerun, and what is told of them. It works none.

A job is accepted when its row is committed. Should the process die before the job is in the queue, or the queue not be reachable, the
watchdog puts it there.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from api.access.scope import Scope
from api.jobs.kinds import kind_of
from api.jobs.queue import Queue, open_queue
from api.settings import ServiceSettings
from api.store import jobs
from api.store.engine import Store, Transaction
from api.store.errors import Conflict, StoreUnavailable
from api.store.jobs import ENDED, Event, Job

FOLLOW_SECONDS = 0.5


class TooManyJobs(Conflict):
    """A member has as many jobs waiting as they may (HTTP 429)."""


@dataclass(frozen=True)
class Jobs:
    """What the API does with jobs.

    Parameters
    ----------
    most_queued : jobs of one member that may wait
    """

    store: Store
    queue: Queue
    most_queued: int

    def submit(self, scope: Scope, kind: str, centre_id: str, revision: int, args: dict[str, Any]) -> Job:
        """Accept a job: it is durable when this returns, and in the queue, or will be put there by the watchdog.

        Parameters
        ----------
        args : ``options`` by name and ``files`` as digests of contents that are kept, see `api.jobs.kinds`; ids, never names

        Raises
        ------
        BadInput
            with everything in ``args`` that the kind of job does not take.
        TooManyJobs
            where the member has too many that wait.
        """
        with self.store.write(scope) as transaction:
            job = self.accept(transaction, kind, centre_id, revision, args)
        self.put(job)
        return job

    def accept(
        self,
        transaction: Transaction,
        kind: str,
        centre_id: str,
        revision: int,
        args: dict[str, Any],
        *,
        rerun_of: str | None = None,
    ) -> Job:
        """As `submit`, as part of a transaction; after its commit, `put` the job."""
        kind_of(kind).check(args)
        waiting = jobs.count_open(transaction, transaction.scope.member_id)["queued"]
        if waiting >= self.most_queued:
            raise TooManyJobs(
                f"{waiting} of your jobs wait already, {self.most_queued} may: let some end first"
            )
        args = args if rerun_of is None else args | {"rerun_of": rerun_of}
        return jobs.create(transaction, kind, centre_id, revision, args)

    def put(self, job: Job) -> None:
        """Put an accepted job into the queue; where it cannot be reached, the watchdog does so later."""
        try:
            self.queue.put(job.id, job.member_id)
        except StoreUnavailable:
            return

    def rerun(self, scope: Scope, job_id: str) -> Job:
        """Accept a job like one that has ended; it begins with the best that the earlier run had so far."""
        with self.store.write(scope) as transaction:
            job = self.accept_again(transaction, job_id)
        self.put(job)
        return job

    def accept_again(self, transaction: Transaction, job_id: str) -> Job:
        """As `rerun`, as part of a transaction; after its commit, `put` the job."""
        earlier = jobs.get(transaction, job_id)
        if earlier.state not in ENDED:
            raise Conflict(f"the job is {earlier.state}: it can be run again once it has ended")
        args = {name: value for name, value in earlier.args.items() if name != "rerun_of"}
        return self.accept(
            transaction, earlier.kind, earlier.centre_id, earlier.centre_revision, args, rerun_of=job_id
        )

    def cancel(self, scope: Scope, job_id: str) -> Job:
        """Cancel a job: from here on nothing is published of it; whoever works it stops within 2 s."""
        with self.store.write(scope) as transaction:
            job = jobs.cancel(transaction, job_id)
        self.take_out(job_id)
        return job

    def take_out(self, job_id: str) -> None:
        """Take a cancelled job out of the queue; where it cannot be reached, a worker that meets the job finds it cancelled."""
        try:
            self.queue.take_out(job_id)
        except StoreUnavailable:
            return

    def events(self, scope: Scope, job_id: str, after: int = 0) -> list[Event]:
        """What was told of a job, from the event after ``after`` on."""
        with self.store.read(scope) as transaction:
            return jobs.events(transaction, job_id, after=after)

    def follow(self, scope: Scope, job_id: str, after: int = 0) -> Iterator[Event | None]:
        """What is told of a job, as it is told, until it has ended; None where nothing was for a while."""
        while True:
            with self.store.read(scope) as transaction:
                told = jobs.events(transaction, job_id, after=after)
                ended = jobs.get(transaction, job_id).state in ENDED
            yield from told
            after = told[-1].seq if told else after
            if ended and not told:
                return
            if not told:
                yield None
                time.sleep(FOLLOW_SECONDS)


@contextmanager
def open_jobs(settings: ServiceSettings, store: Store) -> Iterator[Jobs]:
    """Jobs for the length of a block."""
    with open_queue(settings) as queue:
        yield Jobs(store, queue, settings.jobs_queued)
