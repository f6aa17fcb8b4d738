"""Planning from the page: ask for it, watch it, stop it, and go on to the rota."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.access.errors import Forbidden
from api.asking import Asking, etag
from api.judging import centre_of
from api.page.screen import Screen, Visit, Visited, see
from api.routes.jobs import draft_of_job, seen_job, told_job
from api.routes.judged import everything
from api.routes.work import accept
from api.schemas.jobs import Job, PlanAsked
from api.store import jobs, rotas
from api.store.centre_history import table
from centre.errors import BadInput, Fault
from centre.instants import day_number, day_of, week_of

router = APIRouter(route_class=Screen, include_in_schema=False)
A_WEEK, SECONDS = 7, (20, 60, 300, 1800)
DAYS = (7, 14, 28)


@router.post("/centres/{centre_id}/plans")
def ask_plan(visit: Visited, centre_id: str) -> Response:
    """Accept a plan of days; it goes on whether or not the page is watched."""
    asking = visit.asking("plan.run")
    if not plans(asking, centre_id):
        raise Forbidden("your role may not plan this centre")
    options = _options(visit)
    wanted = PlanAsked.model_validate(options | {"start": date.fromisoformat(options["start"])})
    accepted = accept(asking, centre_id, "plan", wanted)
    return see(f"/jobs/{accepted.headers['location'].rpartition('/')[2]}")


@router.get("/jobs/{job_id}")
def show_job(visit: Visited, job_id: str) -> Response:
    """How a job stands; for a script as JSON."""
    asking = visit.asking("job.read")
    job = seen_job(asking, job_id)
    if visit.request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse(_told(told_job(asking, job)))
    cancels = asking.may("job.cancel", owner_id=job.member_id)
    return visit.show(
        "job.html.jinja",
        job=job,
        told=_told(told_job(asking, job)),
        cancels=cancels,
        drafts=asking.may("rota.publish"),
    )


@router.post("/jobs/{job_id}/cancel")
def cancel_job(visit: Visited, job_id: str) -> Response:
    """Stop a job."""
    asking = visit.asking("job.cancel")
    found = seen_job(asking, job_id)
    asking.need("job.cancel", owner_id=found.member_id)
    asking.service.jobs.cancel(asking.member.scope, job_id)
    return see(f"/jobs/{job_id}")


@router.post("/jobs/{job_id}/rota")
def keep_rota(visit: Visited, job_id: str) -> Response:
    """Keep the rota that a job made as a draft, and open its board."""
    asking = visit.asking("rota.publish")
    rota_id, tag = planned_beside(asking, seen_job(asking, job_id))
    kept = draft_of_job(asking, job_id, "", rota_id, tag)
    return see(f"/rotas/{kept.headers['location'].rpartition('/')[2]}?view=week")


def plans(asking: Asking, centre_id: str) -> bool:
    """Whether whoever asks may plan: everybody, or for team leads their people beside everybody else's rows."""
    return asking.may("plan.run", centre_id=centre_id)


def planned_beside(asking: Asking, job: jobs.Job) -> tuple[str | None, str | None]:
    """The rota whose other rows a job kept, and its ETag; None where that has other rows by now, or there was none."""
    kept = job.args.get("files", {}).get("keep") if job.args.get("options", {}).get("team") else None
    after, found = "", None
    with asking.read() as transaction:
        while kept and (some := rotas.find(transaction, job.centre_id, after=after)):
            after = some[-1].id
            for each in some:
                if rotas.version(transaction, each.id, each.version).digest == kept:
                    found = each
    return (None, None) if found is None else (found.id, etag(found.version))


def next_week(asking: Asking, centre_id: str) -> date | None:
    """The first week that begins after the history's end; None where there is no history."""
    _, files = everything(asking, centre_id)
    if not files.get("history.csv"):
        return None
    info = centre_of(files).settings.centre
    last = pd.Timestamp(table(files)["interval_start"].max()).tz_convert(info.timezone).date()
    return day_of(week_of(day_number(last + timedelta(A_WEEK)), info.week_start))


def _options(visit: Visit) -> dict[str, Any]:
    fields, faults = visit.form.fields, list[Fault]()
    try:
        start = date.fromisoformat(fields.get("start", "")).isoformat()
    except ValueError:
        start = ""
        faults.append(Fault("start", "a date such as 2026-03-02", fields.get("start", "")[:20]))
    told: dict[str, Any] = {"start": start, "lang": visit.language}
    for name, known in (("days", DAYS), ("seconds", SECONDS)):
        if fields.get(name, "") not in map(str, known):
            faults.append(Fault(name, f"one of {', '.join(map(str, known))}", fields.get(name, "")[:20]))
        else:
            told[name] = int(fields[name])
    if faults:
        raise BadInput(faults)
    return told


def _told(job: Job) -> dict[str, Any]:
    return {
        "state": job.state, "progress": job.progress or {}, "problem": job.problem or {},
        "seconds": (job.args.get("options") or {}).get("seconds"),
        "since": None if job.started_at is None else round(job.started_at.timestamp() * 1000),
    }  # fmt: skip
