"""Planning from the page: the days asked for, and on to the rota that was made."""

from datetime import date, timedelta

import pandas as pd
from fastapi import APIRouter, Response

from api.asking import Asking, etag
from api.judging import centre_of
from api.page.forms import read
from api.page.screen import Screen, Visited, see
from api.page.watched import begin
from api.routes.job_results import draft_of_job
from api.routes.jobs import seen_job
from api.routes.judged import everything
from api.schemas.jobs import PlanAsked
from api.store import jobs, rotas
from api.store.centre_history import table
from centre.instants import day_number, day_of, week_of

router = APIRouter(route_class=Screen, include_in_schema=False)
A_WEEK, SECONDS = 7, (20, 60, 300, 1800)
DAYS = (7, 14, 28)


@router.post("/centres/{centre_id}/plans")
def ask_plan(visit: Visited, centre_id: str) -> Response:
    """Accept a plan of days."""
    asking = visit.asking("plan.run")
    asking.need("plan.run", centre_id=centre_id)
    told = {name: visit.form.fields.get(name, "") for name in ("start", "days", "seconds")}
    return begin(asking, centre_id, "plan", read(PlanAsked, told | {"lang": visit.language}))


@router.post("/jobs/{job_id}/rota")
def keep_rota(visit: Visited, job_id: str) -> Response:
    """Keep the rota that a job made as a draft, and open its board."""
    asking = visit.asking("rota.publish")
    rota_id, tag = planned_beside(asking, seen_job(asking, job_id))
    kept = draft_of_job(asking, job_id, "", rota_id, tag)
    return see(f"/rotas/{kept.headers['location'].rpartition('/')[2]}?view=week")


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
