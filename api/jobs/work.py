"""A job from taking to publishing, as a DBOS workflow of two steps: work it, publish it.

A step is done at least once: who takes a job over goes on after the last step that was noted as done. Its effect is there exactly once:
whatever is written names the attempt in the same transaction, so that of a job that was cancelled, or that another has taken over,
nothing is written any more.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from dbos import DBOS

from api.command_line import failure_of
from api.jobs.kinds import FOLDER_PREFIX, kind_of
from api.jobs.leases import Held, Leases, Lost
from api.jobs.queue import WORKFLOW
from api.jobs.running import Said, fill, results, started
from api.store import blobs, jobs, kept
from api.store.errors import Stale, StoreError, StoreUnavailable
from api.store.jobs import Job
from centre.errors import BadInput

T = TypeVar("T")
MOST_ATTEMPTS = 20
"""A job that this many workers have died or stopped over fails: it may be what they die of."""
_leases: list[Leases] = []


def work_for(leases: Leases) -> None:
    """Have workflows of this process take their jobs here."""
    _leases[:] = [leases]


@DBOS.workflow(name=WORKFLOW)
def job(job_id: str) -> str:
    """Work one job; how it ended, for whoever looks into the queue."""
    leases = _leases[0]
    try:
        held = leases.take(job_id)
        with _giving_back(leases, held):
            ended = DBOS.run_step({"name": "work"}, _noted, leases, lambda: worked(leases, held))
            DBOS.run_step({"name": "publish"}, _noted, leases, lambda: published(leases, held, ended))
    except Lost:
        leases.say_nothing_if_stopping()
        return "left"  # it is cancelled, ended or another's
    return "ended"


def _noted(leases: Leases, step: Callable[[], T]) -> T:
    """A step's result, noted by the queue as a loss is; of a job that is given back nothing is noted: another works the step anew."""
    try:
        return step()
    except Lost:
        leases.say_nothing_if_stopping()
        raise


@contextmanager
def _giving_back(leases: Leases, held: Held) -> Iterator[None]:
    """Hold a job for the length of a block; one that is left in its midst is given back at once."""
    try:
        yield
    except BaseException:
        leases.give_back(held)
        raise
    finally:
        leases.drop(held)


def worked(leases: Leases, held: Held) -> Said:
    """The first step: run the command and keep what it wrote. Digests of its ``result`` and ``files``, or its ``problem``."""
    if held.job.attempt > MOST_ATTEMPTS:
        detail = f"{MOST_ATTEMPTS} workers ended while they worked this job"
        return {"problem": {"code": 3, "detail": detail, "faults": []}}
    kind = kind_of(held.job.kind)
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True) as place:
        folder = Path(place)
        try:
            words = leases.patiently(lambda: _filled(leases, held.job, folder), held)
        except (StoreError, BadInput, OSError) as error:
            code, detail, faults = failure_of(error)
            return {"problem": {"code": code, "detail": detail, "faults": [asdict(each) for each in faults]}}
        with started(kind, words, folder) as running:
            said = running.outcome(
                held,
                kind.kept,
                lambda news: _tell(leases, held, news),
                lambda new: _keep(leases, held, new),
            )
        if "problem" in said:
            return said
        files = {name: _stored(leases, held, each) for name, each in results(folder, kind).items()}
        result = _stored(leases, held, json.dumps(said["result"], ensure_ascii=False).encode())
    return {"result": result, "files": files}


def published(leases: Leases, held: Held, ended: Said) -> None:
    """The last step: end the job with what was worked, in one transaction, if it still is this attempt's."""

    def publish() -> None:
        with leases.store.write(leases.scope) as transaction:
            job_id, attempt = held.job.id, held.job.attempt
            if "problem" in ended:
                jobs.finish(transaction, job_id, attempt, problem=ended["problem"])
                return
            result = json.loads(blobs.get(transaction, ended["result"]))
            jobs.finish(transaction, job_id, attempt, result=result, digests=ended["files"])
            kept.drop(transaction, job_id)

    leases.patiently(publish, held)


def _filled(leases: Leases, job: Job, folder: Path) -> list[str]:
    with leases.store.read(leases.scope) as transaction:
        return fill(transaction, job, kind_of(job.kind), folder)


def _tell(leases: Leases, held: Held, news: list[Said]) -> None:
    """Tell progress; what the store cannot take now is not told."""
    if not news:
        return
    try:
        _report(leases, held, news[-1], [("progress", each) for each in news[:-1]])
    except StoreUnavailable:
        return
    except Stale:
        held.over.set()


def _report(leases: Leases, held: Held, last: Said, events: list[tuple[str, Said]]) -> None:
    with leases.store.write(leases.scope) as transaction:
        jobs.report(transaction, held.job.id, held.job.attempt, last, events)


def _keep(leases: Leases, held: Held, new: Mapping[str, bytes]) -> None:
    def put() -> None:
        with leases.store.write(leases.scope) as transaction:
            kept.put(transaction, held.job.id, held.job.attempt, new)

    leases.patiently(put, held)


def _stored(leases: Leases, held: Held, content: bytes) -> str:
    def put() -> str:
        with leases.store.write(leases.scope) as transaction:
            jobs.keep(transaction, held.job.id, held.job.attempt, leases.length)
            return blobs.put(transaction, content)

    return leases.patiently(put, held)
