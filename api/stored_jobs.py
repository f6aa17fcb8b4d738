"""Jobs that are kept and wait for a worker elsewhere."""

from typing import Any

from api.access.scope import Scope
from api.store import jobs
from api.store.engine import Store, Transaction
from api.store.errors import Conflict
from api.store.jobs import Job


class StoredJobs:
    """Jobs as the store keeps them; no queue is told."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def accept(
        self, transaction: Transaction, kind: str, centre_id: str, revision: int, args: dict[str, Any]
    ) -> Job:
        """Keep a job as part of a transaction."""
        return jobs.create(transaction, kind, centre_id, revision, args)

    def put(self, job: Job) -> None:
        """Nothing: whoever works jobs finds it where it is kept."""

    def rerun(self, scope: Scope, job_id: str) -> Job:
        """Keep a job like one that has ended."""
        with self.store.write(scope) as transaction:
            earlier = jobs.get(transaction, job_id)
            if earlier.state not in jobs.ENDED:
                raise Conflict(f"the job is {earlier.state}: it can be run again once it has ended")
            args = earlier.args | {"rerun_of": job_id}
            return jobs.create(transaction, earlier.kind, earlier.centre_id, earlier.centre_revision, args)

    def cancel(self, scope: Scope, job_id: str) -> Job:
        """Cancel a job."""
        with self.store.write(scope) as transaction:
            return jobs.cancel(transaction, job_id)
