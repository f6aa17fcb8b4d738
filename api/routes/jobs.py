"""Jobs: listed, watched, cancelled, run again; their files."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.access.errors import Forbidden
from api.asking import (
    ROOT,
    Answer,
    Asked,
    Asking,
    Door,
    Known,
    answer,
    does,
    unless_known,
)
from api.documentation import file_answer
from api.downloads import safe_csv
from api.routes.centres import attachment
from api.routes.judged import result_without_reasons, table_without_reasons, tells_reasons
from api.routes.team_jobs import BY_PERSON, BY_QUEUE, theirs
from api.schemas.common import PLAIN, AfterId, IdInPath, Limit, Page, page
from api.schemas.jobs import Job, JobEvent, JobFile, JobFiles, State
from api.store import jobs
from api.store.engine import Transaction
from api.store.errors import NotFound
from api.store.jobs import ENDED

router = APIRouter(prefix=f"{ROOT}/jobs", tags=["jobs"], route_class=Door)
ONE = "/{job_id}"
POLL_SECONDS, LONGEST_SECONDS = 0.5, 600.0
FINDINGS, HOURS = "violations.csv", "hours.csv"
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json", "html": "text/html; charset=utf-8"}
FileName = Annotated[str, Path(max_length=200, pattern=PLAIN, examples=["rota.csv"])]


@router.get("", response_model=Page[Job], **does("job.read"))
def list_jobs(
    asking: Asked, limit: Limit = 100, after: AfterId = "",
    centre_id: Annotated[str | None, Query(max_length=36)] = None,
    state: Annotated[list[State], Query(max_length=5, examples=[["running"]])] = [],  # noqa: B006
    kind: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[Job]:  # fmt: skip
    """Jobs that you may see, newest first."""
    with asking.read() as transaction:
        found = jobs.find(
            transaction, centre_id=centre_id, states=state, kind=kind, before=after or None, limit=limit + 1,
            member_id=asking.member.id if asking.only_own("job.read") else None,
        )  # fmt: skip
    return page(found, limit, lambda each: told_job(asking, each), lambda each: each.id)


@router.get(ONE, response_model=Job, **does("job.read"))
def get_job(asking: Asked, job_id: IdInPath) -> Job:
    """A job and how it stands."""
    return told_job(asking, seen_job(asking, job_id))


@router.post(ONE + "/cancel", response_model=Job, **does("job.cancel"))
def cancel_job(asking: Asked, job_id: IdInPath) -> Response:
    """Cancel a job: from here on nothing is published of it, and whoever works it stops within seconds."""
    found = seen_job(asking, job_id)
    asking.need("job.cancel", owner_id=found.member_id)

    def make(transaction: Transaction) -> Answer:
        return answer(told_job(asking, jobs.cancel(transaction, job_id)))

    told = asking.change(make)
    asking.service.jobs.take_out(job_id)
    return told


@router.post(ONE + "/rerun", response_model=Job, status_code=202, **does("job.cancel"))
def rerun_job(asking: Asked, job_id: IdInPath) -> Response:
    """Accept a job like one that has ended; it begins with the best that the earlier one had."""
    found = seen_job(asking, job_id)
    asking.need("job.cancel", owner_id=found.member_id)
    accepted: list[jobs.Job] = []

    def make(transaction: Transaction) -> Answer:
        accepted[:] = [asking.service.jobs.accept_again(transaction, job_id)]
        return answer(Job.of(accepted[0]), 202, Location=f"{ROOT}/jobs/{accepted[0].id}")

    told = asking.change(make)
    for each in accepted:
        asking.service.jobs.put(each)
    return told


@router.get(ONE + "/files", response_model=JobFiles, **does("job.read"))
def list_job_files(asking: Asked, job_id: IdInPath) -> JobFiles:
    """The files that a job made, those of them that you may read."""
    mine = theirs(asking, seen_job(asking, job_id).centre_id)
    with asking.read() as transaction:
        told = jobs.files(transaction, job_id)
    return JobFiles(
        items=[
            JobFile(name=name, digest=digest)
            for name, digest in told.items()
            if mine is None or name in (*BY_PERSON, *BY_QUEUE)
        ]
    )


@router.get(ONE + "/files/{name:path}", **does("job.read"), **file_answer("text/csv", "application/json"))
def get_job_file(asking: Asked, job_id: IdInPath, name: FileName, known: Known = None) -> Response:
    """A file that a job made."""
    content = shown_file(asking, job_id, name)
    suffix = name.rpartition(".")[2]
    media = MEDIA.get(suffix, "application/octet-stream")
    shown = safe_csv(content) if suffix == "csv" else content
    tag = unless_known(known, f'"{hashlib.sha256(shown).hexdigest()}"')
    told = attachment(
        shown, media, name.rpartition("/")[2].encode("ascii", "replace").decode().replace('"', "_")
    )
    told.headers["etag"] = tag
    return told


async def _followed(asking: Asked, job_id: IdInPath) -> jobs.Job:
    return await run_in_threadpool(seen_job, asking, job_id)


@router.get(ONE + "/events", response_class=EventSourceResponse, **does("job.read"))
async def follow_job(
    request: Request,
    asking: Asked,
    found: Annotated[jobs.Job, Depends(_followed)],
    last_event_id: Annotated[int, Header(ge=0, le=2**31 - 1, examples=[0])] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """What is told of a job as server-sent events, until it has ended; Last-Event-ID goes on behind an event.

    A stream ends after ten minutes at the latest: browsers then ask again by themselves.
    """
    after, until = last_event_id, time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until and not await request.is_disconnected():
        ended, told = await run_in_threadpool(_news, asking, found.id, after)
        for each in told:
            after = each.seq
            yield ServerSentEvent(data=each.model_dump(mode="json"), event=each.kind, id=str(each.seq))
        if ended and not told:
            return
        if not told:
            await asyncio.sleep(POLL_SECONDS)


def seen_job(asking: Asking, job_id: str) -> jobs.Job:
    """A job that whoever asks may see; raises `NotFound`."""
    with asking.read() as transaction:
        found = jobs.get(transaction, job_id)
    if asking.only_own("job.read") and found.member_id != asking.member.id:
        raise NotFound("job")
    return found


def file_of(asking: Asking, job_id: str, name: str) -> bytes:
    """A file of a job that whoever asks may see; raises `NotFound`, and `Forbidden` for hours by pay class."""
    if seen_job(asking, job_id).kind == "close" and name == HOURS:
        asking.need("payroll.export")
    with asking.read() as transaction:
        return jobs.file(transaction, job_id, name)


def told_job(asking: Asking, found: jobs.Job) -> Job:
    """A job as whoever asks may see it: why laws protect people is told to few."""
    told, mine = Job.of(found), theirs(asking, found.centre_id)
    if mine is not None:
        own = {"result": mine.result(told.result), "problem": mine.problem(told.problem)}
        return told.model_copy(update=own)
    if asking.may("leave.reasons"):
        return told
    return told.model_copy(update={"result": result_without_reasons(told.result)})


def shown_file(asking: Asking, job_id: str, name: str) -> bytes:
    """A file of a job as whoever asks may see it.

    Raises
    ------
    Forbidden
        for a page, a workbook or the like that would tell why a law protects somebody.
    """
    content = file_of(asking, job_id, name)
    mine = theirs(asking, seen_job(asking, job_id).centre_id)
    if mine is not None:
        return table_without_reasons(mine.table(name, content))
    if asking.may("leave.reasons"):
        return content
    if name.endswith(".csv"):
        return table_without_reasons(content)
    with asking.read() as transaction:
        findings = (
            jobs.file(transaction, job_id, FINDINGS) if FINDINGS in jobs.files(transaction, job_id) else b""
        )
    if tells_reasons(findings):
        raise Forbidden(
            f"this file tells why a law protects somebody; {FINDINGS} has the findings without that"
        )
    return content


def _news(asking: Asking, job_id: str, after: int) -> tuple[bool, list[JobEvent]]:
    with asking.read() as transaction:
        ended = jobs.get(transaction, job_id).state in ENDED
        return ended, [JobEvent.of(each) for each in jobs.events(transaction, job_id, after=after)]
