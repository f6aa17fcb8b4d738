"""Jobs as they are kept: taken by one worker at a time, finished once.

Each taking of a job has a number, its attempt, and a lease. Whatever a worker writes names its attempt, so that one that was stopped and
goes on after another has taken over writes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, true, update

from api.store import blobs, notices
from api.store.centres import get as get_centre
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound, Stale
from api.store.ids import new_id
from api.store.tables import job, job_event, job_file

ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Job:
    """A piece of work: what it is of (``args``, ids only), how far it is, how it ended."""

    id: str
    kind: str
    centre_id: str
    centre_revision: int
    member_id: str
    args: dict[str, Any]
    state: str
    attempt: int
    lease_owner: str | None
    lease_until: datetime | None
    progress: dict[str, Any] | None
    problem: dict[str, Any] | None
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Event:
    """Something that was told of a job; ``seq`` counts them from 1."""

    seq: int
    at: datetime
    kind: str
    data: dict[str, Any]


def create(
    transaction: Transaction, kind: str, centre_id: str, centre_revision: int, args: dict[str, Any]
) -> Job:
    """A new job of whoever asks, queued."""
    get_centre(transaction, centre_id)
    now, member_id = transaction.now, transaction.scope.member_id
    made = Job(
        new_id(), kind, centre_id, centre_revision, member_id, args, "queued", 0, None, None, None, None, None, now, None, None
    )  # fmt: skip
    transaction.connection.execute(insert(job).values(**vars(made)))
    _tell(transaction, made.id, [("queued", {})])
    transaction.log("job.create", f"job/{made.id}", kind=kind, centre=centre_id, revision=centre_revision)
    return made


def claim(transaction: Transaction, job_id: str, owner: str, lease: timedelta) -> Job | None:
    """Take a job that waits, or that a worker left with its lease run out; None where there is nothing to take."""
    left = and_(job.c.state == "running", job.c.lease_until <= transaction.now)
    free = and_(job.c.id == job_id, or_(job.c.state == "queued", left))
    values = {
        "state": "running",
        "attempt": job.c.attempt + 1,
        "lease_owner": owner,
        "lease_until": transaction.now + lease,
    }
    started = func.coalesce(job.c.started_at, transaction.now)
    taken = transaction.connection.execute(update(job).where(free).values(values | {"started_at": started}))
    if taken.rowcount != 1:
        return None
    found = get(transaction, job_id)
    _tell(transaction, job_id, [("started", {"attempt": found.attempt})])
    return found


def keep(transaction: Transaction, job_id: str, attempt: int, lease: timedelta) -> None:
    """Renew a lease: the worker is alive.

    Raises
    ------
    Stale
        where the job was cancelled, or is another worker's by now: stop.
    """
    _held(transaction, job_id, attempt, {"lease_until": transaction.now + lease})


def report(
    transaction: Transaction,
    job_id: str,
    attempt: int,
    progress: dict[str, Any] | None,
    events: Iterable[tuple[str, dict[str, Any]]] = (),
) -> None:
    """Keep how far a job is, and what is to be told of it (kind and data); raises `Stale` as `keep` does."""
    _held(transaction, job_id, attempt, {} if progress is None else {"progress": progress})
    told = list(events) if progress is None else [*events, ("progress", progress)]
    _tell(transaction, job_id, told)


def finish(
    transaction: Transaction,
    job_id: str,
    attempt: int,
    *,
    result: dict[str, Any] | None = None,
    problem: dict[str, Any] | None = None,
    files: Mapping[str, bytes] | None = None,
    digests: Mapping[str, str] | None = None,
) -> None:
    """End a job, once: done with a result and files, or failed with a problem. What else belongs to it is written in the same transaction.

    Parameters
    ----------
    digests : of files whose contents are kept already, by name

    Raises
    ------
    Stale
        where the job was cancelled, or is another worker's by now: nothing may be written for it.
    """
    state = "done" if problem is None else "failed"
    _held(
        transaction,
        job_id,
        attempt,
        {"state": state, "result": result, "problem": problem} | _ended(transaction),
    )
    told = {name: blobs.put(transaction, each) for name, each in (files or {}).items()} | dict(digests or {})
    rows = [{"job_id": job_id, "name": name, "digest": digest} for name, digest in told.items()]
    if rows:
        transaction.connection.execute(insert(job_file), rows)
    _tell(transaction, job_id, [(state, problem or {})])
    transaction.log(f"job.{state}", f"job/{job_id}", attempt=attempt)
    if problem is not None:
        ended = get(transaction, job_id)
        notices.tell(
            transaction, "job.failed", ended.centre_id, f"job/{job_id}", {},
            owner_id=ended.member_id, work=ended.kind, code=int(problem.get("code", 0)),
        )  # fmt: skip


def release(transaction: Transaction, job_id: str, attempt: int) -> None:
    """Give a job back, to be taken by whoever comes; raises `Stale` as `keep` does."""
    _held(transaction, job_id, attempt, {"state": "queued", "lease_owner": None, "lease_until": None})
    _tell(transaction, job_id, [("given_back", {"attempt": attempt})])


def cancel(transaction: Transaction, job_id: str) -> Job:
    """Cancel a job that has not ended: from here on its worker can write nothing.

    Raises
    ------
    Conflict
        where it is done or failed; a job that is cancelled already stays so.
    """
    get(transaction, job_id)
    open_ = and_(job.c.id == job_id, job.c.state.in_(("queued", "running")))
    changed = transaction.connection.execute(
        update(job).where(open_).values({"state": "cancelled"} | _ended(transaction))
    )
    found = get(transaction, job_id)
    if changed.rowcount == 1:
        _tell(transaction, job_id, [("cancelled", {})])
        transaction.log("job.cancel", f"job/{job_id}")
    elif found.state != "cancelled":
        raise Conflict(f"the job is {found.state}: there is nothing left to cancel")
    return found


def orphans(transaction: Transaction) -> list[Job]:
    """Running jobs whose lease has run out: their worker is dead, or cut off."""
    wanted = (
        select(job).where(job.c.state == "running", job.c.lease_until <= transaction.now).order_by(job.c.id)
    )
    return [Job(**row._mapping) for row in transaction.connection.execute(wanted)]


def waiting(transaction: Transaction, since: datetime) -> list[Job]:
    """Queued jobs that were made before an instant, oldest first."""
    wanted = select(job).where(job.c.state == "queued", job.c.created_at < since).order_by(job.c.id)
    return [Job(**row._mapping) for row in transaction.connection.execute(wanted)]


def states(transaction: Transaction, job_ids: Iterable[str]) -> dict[str, tuple[str, int]]:
    """State and attempt of jobs, by id."""
    wanted = select(job.c.id, job.c.state, job.c.attempt).where(job.c.id.in_(tuple(job_ids)))
    return {row.id: (row.state, row.attempt) for row in transaction.connection.execute(wanted)}


def get(transaction: Transaction, job_id: str) -> Job:
    """One job; raises `NotFound`, also where it does not exist for whoever asks."""
    row = transaction.connection.execute(
        select(job).where(job.c.id == job_id, _seen(transaction))
    ).one_or_none()
    if row is None:
        raise NotFound("job")
    return Job(**row._mapping)


def find(
    transaction: Transaction,
    *,
    centre_id: str | None = None,
    states: Iterable[str] = (),
    kind: str | None = None,
    before: str | None = None,
    limit: int = 100,
    member_id: str | None = None,
) -> list[Job]:
    """Jobs that exist for whoever asks, newest first, from the one before ``before`` on."""
    wanted = select(job).where(_seen(transaction)).order_by(job.c.id.desc()).limit(limit)
    states = tuple(states)
    if centre_id is not None:
        wanted = wanted.where(job.c.centre_id == centre_id)
    if states:
        wanted = wanted.where(job.c.state.in_(states))
    if kind is not None:
        wanted = wanted.where(job.c.kind == kind)
    if member_id is not None:
        wanted = wanted.where(job.c.member_id == member_id)
    if before is not None:
        wanted = wanted.where(job.c.id < before)
    return [Job(**row._mapping) for row in transaction.connection.execute(wanted)]


def count_open(transaction: Transaction, member_id: str) -> dict[str, int]:
    """How many jobs a member has queued and running."""
    mine = and_(job.c.member_id == member_id, job.c.state.in_(("queued", "running")))
    rows = transaction.connection.execute(
        select(job.c.state, func.count().label("jobs")).where(mine).group_by(job.c.state)
    )
    return {"queued": 0, "running": 0} | {row.state: row.jobs for row in rows}


def events(transaction: Transaction, job_id: str, *, after: int = 0, limit: int = 1000) -> list[Event]:
    """What was told of a job, from the event after ``after`` on."""
    get(transaction, job_id)
    columns = [job_event.c[name] for name in Event.__annotations__]
    wanted = select(*columns).where(job_event.c.job_id == job_id, job_event.c.seq > after)
    return [
        Event(**row._mapping)
        for row in transaction.connection.execute(wanted.order_by(job_event.c.seq).limit(limit))
    ]


def files(transaction: Transaction, job_id: str) -> dict[str, str]:
    """SHA-256 by the name of each file of a job's result."""
    get(transaction, job_id)
    wanted = (
        select(job_file.c.name, job_file.c.digest)
        .where(job_file.c.job_id == job_id)
        .order_by(job_file.c.name)
    )
    return {row.name: row.digest for row in transaction.connection.execute(wanted)}


def file(transaction: Transaction, job_id: str, name: str) -> bytes:
    """One file of a job's result; raises `NotFound`."""
    digest = files(transaction, job_id).get(name)
    if digest is None:
        raise NotFound("file of the job")
    return blobs.get(transaction, digest)


def _held(transaction: Transaction, job_id: str, attempt: int, values: dict[str, Any]) -> None:
    """Change a job that runs with this attempt; the row stays locked, so that of two writers one comes after the other."""
    mine = and_(job.c.id == job_id, job.c.state == "running", job.c.attempt == attempt)
    changed = transaction.connection.execute(update(job).where(mine).values({"attempt": attempt} | values))
    if changed.rowcount != 1:
        raise Stale("job", attempt)


def _tell(transaction: Transaction, job_id: str, told: Iterable[tuple[str, dict[str, Any]]]) -> None:
    last = select(func.coalesce(func.max(job_event.c.seq), 0)).where(job_event.c.job_id == job_id)
    seq = transaction.connection.execute(last).scalar_one()
    rows = [
        {"job_id": job_id, "seq": seq + k, "at": transaction.now, "kind": kind, "data": data}
        for k, (kind, data) in enumerate(told, start=1)
    ]
    if rows:
        transaction.connection.execute(insert(job_event), rows)


def _ended(transaction: Transaction) -> dict[str, Any]:
    return {"ended_at": transaction.now, "lease_owner": None, "lease_until": None}


def _seen(transaction: Transaction) -> ColumnElement[bool]:
    """Whoever has one centre knows that centre's jobs; whoever has teams or is an agent, their own."""
    scope = transaction.scope
    if scope.teams is not None or scope.agent_id is not None:
        return job.c.member_id == scope.member_id
    return true() if scope.centre_id is None else job.c.centre_id == scope.centre_id
