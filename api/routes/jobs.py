"""Jobs: listed, watched, cancelled, run again; their files, and drafts of the rotas among these."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

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
    Expected,
    Known,
    answer,
    does,
    etag,
    expected_version,
    unless_known,
)
from api.documentation import file_answer
from api.downloads import safe_csv
from api.jobs.kinds import ROLLED
from api.routes.centres import attachment
from api.routes.files import change_files
from api.routes.judged import result_without_reasons, table_without_reasons, tells_reasons
from api.routes.team_jobs import BY_PERSON, BY_QUEUE, theirs
from api.schemas.centres import ChangedCentre
from api.schemas.common import PLAIN, AfterId, IdInPath, Limit, NoteAsked, Page, page
from api.schemas.jobs import Job, JobEvent, JobFile, JobFiles, State
from api.schemas.rotas import Rota
from api.store import centres, jobs, people, rotas
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound
from api.store.jobs import ENDED

router = APIRouter(prefix=f"{ROOT}/jobs", tags=["jobs"], route_class=Door)
ONE = "/{job_id}"
POLL_SECONDS, LONGEST_SECONDS = 0.5, 600.0
FINDINGS, HOURS = "violations.csv", "hours.csv"
REPLAN = "replan.json"
MARKS = ("plan.json", "bids.json", "robust.json", REPLAN)
OF_ROTA = ("rota.csv", "requirement.csv", *MARKS)
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


@router.post(ONE + "/rota", response_model=Rota, status_code=201, **does("rota.publish"))
def draft_of_job(
    asking: Asked,
    job_id: IdInPath,
    note: NoteAsked = "",
    rota_id: Annotated[str | None, Query(max_length=36, description="a rota of these days: its next version")] = None,
    if_match: Annotated[str | None, Header(max_length=100, description="with rota_id: that rota's ETag")] = None,
) -> Response:  # fmt: skip
    """Keep the rota that a job made as a draft, with the requirement that it was made for; or, with `rota_id`, as a version of that rota.

    That version names the rota's ETag as If-Match. Team leads keep the rows of their people; everybody else's stay as they are.
    """
    found = seen_job(asking, job_id)
    with asking.read() as transaction:
        told = {
            name: jobs.file(transaction, job_id, name)
            for name in jobs.files(transaction, job_id)
            if name in OF_ROTA
        }
        agents = people.visible(transaction, found.centre_id)
    of = next((name for name in MARKS if name in told), "")
    if found.state != "done" or not of or "rota.csv" not in told or (of == REPLAN and rota_id is None):
        raise Conflict(
            "only a plan, rota or bidding that is done has a rota; a repaired one is a version of the rota that it repairs"
        )
    planned: dict[str, Any] = json.loads(told[of])
    start, days = date.fromisoformat(planned["start"]), int(planned["days"])
    rows = told["rota.csv"]
    if agents is not None:
        rows = CsvRows.of(rows).where("agent_id", agents.__contains__).bytes()
    expected = None if rota_id is None else expected_version(if_match)

    def make(transaction: Transaction) -> Answer:
        if rota_id is None or expected is None:
            made = rotas.create(
                transaction, found.centre_id, start, days, rows,
                centre_revision=found.centre_revision, requirement=told.get("requirement.csv"), note=note,
            )  # fmt: skip
            return answer(Rota.of(made), 201, Location=f"{ROOT}/rotas/{made.id}", ETag=etag(1))
        _check_base(rotas.get_at(transaction, rota_id, expected), transaction, found, start, days)
        made = rotas.edit(
            transaction, rota_id, expected, rows, centre_revision=found.centre_revision, note=note
        )
        return answer(Rota.of(made), 201, Location=f"{ROOT}/rotas/{made.id}", ETag=etag(made.version))

    return asking.change(make)


def _check_base(rota: rotas.Rota, transaction: Transaction, found: jobs.Job, start: date, days: int) -> None:
    """Raise `Conflict` where a job's rota is none of these days, or went out from rows that have been changed since."""
    if (rota.centre_id, rota.start, rota.days) != (found.centre_id, start, days) and found.kind != "replan":
        raise Conflict("the job's rota is of other days")
    files, options = found.args.get("files", {}), found.args.get("options", {})
    base = (
        files.get("rota")
        if found.kind in ("replan", "bid")
        else files.get("keep")
        if options.get("team")
        else None
    )
    if base is not None and base != rotas.version(transaction, rota.id, rota.version).digest:
        raise Conflict("the job went out from other rows than this rota has now: run it again")


@router.post(ONE + "/apply", response_model=ChangedCentre, **does("ledger.change"))
def apply_closing(asking: Asked, job_id: IdInPath, expected: Expected, note: NoteAsked = "") -> Response:
    """Keep what closing days came to, ledger and rota before, as a new revision of the centre; If-Match names the centre's ETag."""
    found = seen_job(asking, job_id)
    if found.state != "done" or found.kind != "close":
        raise Conflict("only a closing that is done is applied")
    with asking.read() as transaction:
        made: dict[str, bytes | None] = {name: jobs.file(transaction, job_id, name) for name in ROLLED}
        then = centres.digests(transaction, found.centre_id, found.centre_revision)
        now = centres.digests(transaction, found.centre_id)
        before = centres.export(transaction, found.centre_id, names=False, reasons=False)
    if any(then.get(name) != now.get(name) for name in ROLLED):
        raise Conflict(
            "the ledger or the rota before was changed since the job read them: close the days again"
        )
    if (
        max(CsvRows.of(before.get("rota_before.csv", b"")).column("day"), default="")
        >= (found.result or {})["first_day"]
    ):
        raise Conflict("days from the first one on are in rota_before.csv: they were closed already")
    return change_files(asking, found.centre_id, expected, made, note)


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
