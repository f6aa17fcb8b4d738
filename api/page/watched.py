"""A planner's job watched, and the page that it made, shown in a frame that may run no script and load nothing."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.access.errors import Forbidden
from api.asking import Asking
from api.page.plans import plans
from api.page.screen import THEME, THEMES, Screen, Visit, Visited, see
from api.routes.jobs import seen_job, shown_file
from api.store import centres, jobs
from api.store.errors import NotFound
from centre.errors import BadInput, Fault

router = APIRouter(route_class=Screen, include_in_schema=False)
PAGES = {"forecast": "forecast.html", "whatif": "comparison.html"}
"""The page that a kind of job makes."""
FRAMED = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox",
    "x-frame-options": "SAMEORIGIN",
}
"""A page of ours has its style inside; the sandbox keeps it from all else."""
MOST_DAYS = 366


@router.get("/work/{job_id}")
def show_work(visit: Visited, job_id: str) -> Response:
    """How a job stands, and once it is done its page; for a script how it stands as JSON."""
    asking = visit.asking("job.read")
    job = seen_job(asking, job_id)
    if visit.request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"state": job.state, "step": (job.progress or {}).get("step", "")})
    if job.kind not in PAGES:
        return see(f"/jobs/{job_id}")
    with asking.read() as transaction:
        centre = centres.get(transaction, job.centre_id)
    cancels = asking.may("job.cancel", owner_id=job.member_id)
    return visit.show(
        "work.html.jinja",
        centre=centre,
        job=job,
        back=BACK[job.kind],
        cancels=cancels,
        problem=job.problem or {},
    )


BACK = {"forecast": "demand", "whatif": "scenarios"}


@router.get("/work/{job_id}/page")
def framed_page(visit: Visited, job_id: str) -> Response:
    """The page that a job made."""
    asking = visit.asking("job.read")
    job = seen_job(asking, job_id)
    if job.kind not in PAGES or job.state != "done":
        raise NotFound("page")
    content = shown_file(asking, job_id, PAGES[job.kind])
    theme = visit.request.cookies.get(THEME, "")
    if theme in THEMES[1:]:
        content = content.replace(b"<html ", f'<html data-theme="{theme}" '.encode(), 1)
    return HTMLResponse(content, headers=FRAMED)


@router.post("/work/{job_id}/cancel")
def cancel_work(visit: Visited, job_id: str) -> Response:
    """Stop a job."""
    asking = visit.asking("job.cancel")
    found = seen_job(asking, job_id)
    asking.need("job.cancel", owner_id=found.member_id)
    asking.service.jobs.cancel(asking.member.scope, job_id)
    return see(f"/work/{job_id}")


def accept(visit: Visit, action: str, kind: str, centre_id: str, options: dict[str, Any]) -> Response:
    """Accept a job of a planner and watch it."""
    asking = visit.asking(action)
    if not plans(asking, centre_id):
        raise Forbidden("it works on everybody of the centre, not on some teams")
    with asking.read() as transaction:
        revision = centres.get(transaction, centre_id).revision
    args = {"options": {**options, "lang": visit.language}, "files": {}}
    job = asking.service.jobs.submit(asking.member.scope, kind, centre_id, revision, args)
    return see(f"/work/{job.id}")


def horizon(visit: Visit) -> dict[str, Any]:
    """First day and days of a form; raises `BadInput` with both faults."""
    fields, faults = visit.form.fields, list[Fault]()
    start, days = fields.get("start", ""), fields.get("days", "")
    try:
        start = date.fromisoformat(start).isoformat()
    except ValueError:
        faults.append(Fault("start", "a date such as 2026-03-02", start[:20]))
    if not (days.isascii() and days.isdigit() and 1 <= int(days) <= MOST_DAYS):
        faults.append(Fault("days", f"a number of days from 1 to {MOST_DAYS}", days[:20]))
    if faults:
        raise BadInput(faults)
    return {"start": start, "days": int(days)}


def latest(asking: Asking, centre_id: str, kind: str) -> tuple[jobs.Job | None, list[jobs.Job]]:
    """The newest job of a kind that is done, and those that have ended or go on since, newest first."""
    own = asking.member.id if asking.only_own("job.read") else None
    with asking.read() as transaction:
        found = jobs.find(transaction, centre_id=centre_id, kind=kind, limit=20, member_id=own)
    done = next((job for job in found if job.state == "done"), None)
    return done, [job for job in found if job is not done]
