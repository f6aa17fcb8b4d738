"""A job watched: how far it is, and once it is done the rota or the page that it made."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.asking import Asking
from api.page.screen import THEME, THEMES, Screen, Visited, see
from api.routes.jobs import seen_job, shown_file, told_job
from api.routes.work import accept
from api.schemas.jobs import Asked, Job
from api.store import centres, jobs
from api.store.errors import NotFound

router = APIRouter(route_class=Screen, include_in_schema=False)
PAGES = {
    "forecast": "forecast.html", "whatif": "comparison.html", "sweep": "sweep.html", "capacity": "capacity.html",
}  # fmt: skip
"""The page that a kind of job makes."""
DRAFTED = ("plan", "rota", "robust")
"""Kinds whose rota is kept as a draft of its own."""
BACK = {
    "forecast": "demand", "backtest": "demand", "whatif": "scenarios", "sweep": "sweeps", "robust": "sweeps",
    "capacity": "capacity",
}  # fmt: skip
"""The screen on which a kind of job is asked for; the centre's own for every other kind."""
FRAMED = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox",
    "x-frame-options": "SAMEORIGIN",
}
"""A page of ours has its style inside; the sandbox keeps it from all else: no script runs and nothing is loaded."""


@router.get("/jobs/{job_id}")
def show_job(visit: Visited, job_id: str) -> Response:
    """How a job stands; for a script as JSON."""
    asking = visit.asking("job.read")
    job = seen_job(asking, job_id)
    told = _told(told_job(asking, job))
    if visit.request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse(told)
    with asking.read() as transaction:
        centre = centres.get(transaction, job.centre_id)
    return visit.show(
        "job.html.jinja", job=job, options=dict.fromkeys(("start", "days", "change"), "") | job.args["options"], centre=centre,
        told=told, back=BACK.get(job.kind), framed=job.kind in PAGES,
        cancels=asking.may("job.cancel", owner_id=job.member_id), drafts=job.kind in DRAFTED and asking.may("rota.publish"),
    )  # fmt: skip


@router.get("/jobs/{job_id}/page")
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


@router.post("/jobs/{job_id}/cancel")
def cancel_job(visit: Visited, job_id: str) -> Response:
    """Stop a job."""
    asking = visit.asking("job.cancel")
    found = seen_job(asking, job_id)
    asking.need("job.cancel", owner_id=found.member_id)
    asking.service.jobs.cancel(asking.member.scope, job_id)
    return see(f"/jobs/{job_id}")


def begin(asking: Asking, centre_id: str, kind: str, wanted: Asked) -> Response:
    """Accept a job, which goes on whether or not it is watched, and watch it."""
    accepted = accept(asking, centre_id, kind, wanted)
    return see(f"/jobs/{accepted.headers['location'].rpartition('/')[2]}")


def latest(asking: Asking, centre_id: str, kind: str) -> tuple[jobs.Job | None, list[jobs.Job]]:
    """The newest job of a kind that is done, and those that have ended or go on since, newest first."""
    own = asking.member.id if asking.only_own("job.read") else None
    with asking.read() as transaction:
        found = jobs.find(transaction, centre_id=centre_id, kind=kind, limit=20, member_id=own)
    done = next((job for job in found if job.state == "done"), None)
    return done, [job for job in found if job is not done]


def _told(job: Job) -> dict[str, Any]:
    return {
        "state": job.state, "progress": job.progress or {}, "problem": job.problem or {},
        "seconds": (job.args.get("options") or {}).get("seconds"),
        "since": None if job.started_at is None else round(job.started_at.timestamp() * 1000),
    }  # fmt: skip
