"""The queue as DBOS keeps it: its names, which must stay as they are, its serialiser, and a client of it.

Of a job it holds the id alone. The id is also the workflow's, so that putting a job into the queue twice is once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from api.settings import ServiceSettings
from api.store.engine import has_schema, unavailable

APPLICATION, QUEUE, WORKFLOW, SCHEMA = "paiban", "jobs", "job", "paiban_jobs"
VERSION = "1"
"""Of the workflow's steps, not of Paiban: it changes only when they do, and then the queue is drained first."""
POLL_SECONDS = 0.5
OVER, AT_ONCE = ("SUCCESS", "ERROR", "CANCELLED"), 500
SERIALIZER = DBOSPortableJSONSerializer()
"""JSON: what a queue holds is data, never code to load, as pickle would be."""


@dataclass(frozen=True)
class Entry:
    """A job as the queue knows it: its state in DBOS's words, and when it was last changed."""

    state: str
    changed_at: datetime


class Queue:
    """A client of the queue; it works nothing. What it cannot reach is told as `StoreUnavailable`."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    def put(self, job_id: str, member_id: str) -> None:
        """Put a job in, once; of a member's jobs a set number runs at the same time."""
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=QUEUE,
            workflow_id=job_id,
            app_version=VERSION,
            queue_partition_key=member_id,
        )
        with unavailable():
            self._client.enqueue(options, job_id)

    def put_back(self, job_id: str) -> None:
        """Have a job that somebody began, or that was taken out, begun by whoever comes; whoever still works it owns it no longer."""
        with unavailable():
            self._client.resume_workflow(job_id, queue_name=QUEUE)

    def take_out(self, job_id: str) -> None:
        """Take a job out."""
        with unavailable():
            self._client.cancel_workflow(job_id)

    def entries(self, job_ids: Iterable[str]) -> dict[str, Entry]:
        """What the queue knows of jobs, by id; nothing of those that were never put in."""
        wanted = list(job_ids)
        if not wanted:
            return {}
        with unavailable():
            found = self._client.list_workflows(workflow_ids=wanted, load_input=False, load_output=False)
        return {each.workflow_id: Entry(each.status, _instant(each.updated_at)) for each in found}

    def forget(self, before: datetime, *, dry: bool = False) -> int:
        """Delete, or only count, entries of jobs that ended before an instant; how many they were."""
        gone = 0
        while True:
            with unavailable():
                found = self._client.list_workflows(
                    status=list(OVER), completed_before=before.isoformat(), limit=AT_ONCE,
                    offset=gone if dry else 0, load_input=False, load_output=False,
                )  # fmt: skip
                ids = [each.workflow_id for each in found]
                if ids and not dry:
                    self._client.delete_workflows(ids)
            gone += len(ids)
            if len(ids) < AT_ONCE:
                return gone


def is_there(settings: ServiceSettings) -> bool:
    """Whether the queue's tables have been made: the first worker does so."""
    return has_schema(settings.jobs_database_url, SCHEMA)


def _instant(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)


def prepare(settings: ServiceSettings) -> None:
    """Make the queue's tables, or bring them to what this DBOS needs, and set the queue's limits."""
    with unavailable():
        DBOS.migrate(settings.jobs_database_url, schema=SCHEMA)
        with open_queue(settings) as queue:
            queue._client.register_queue(
                QUEUE,
                worker_concurrency=settings.worker_jobs,
                partition_concurrency=settings.jobs_running,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
                application_name=APPLICATION,
            )


@contextmanager
def open_queue(settings: ServiceSettings) -> Iterator[Queue]:
    """A client for the length of a block; the queue need not be reachable yet."""
    client = DBOSClient(
        system_database_url=settings.jobs_database_url,
        dbos_system_schema=SCHEMA,
        serializer=SERIALIZER,
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )
    try:
        yield Queue(client)
    finally:
        client.destroy()
