"""A rota as files: CSV, Excel, calendars of teams."""

import time
from dataclasses import replace

from fastapi import APIRouter, Response

from api.downloads import SPREADSHEET, safe_csv, workbook, zipped
from api.judging import centre_of
from api.page.screen import Screen, Visited
from api.routes.centres import attachment
from api.routes.judged import everything
from api.store import people, rotas
from api.stretches import days_of, rota_of
from api.uploads import CSV, ZIP
from centre.instants import day_number
from scenarios.calendar_feeds import TEAMS, Wanted, calendar_feeds

router = APIRouter(route_class=Screen, include_in_schema=False)


@router.get("/rotas/{rota_id}/rota.csv")
def as_csv(visit: Visited, rota_id: str) -> Response:
    """The newest version's rows."""
    return attachment(safe_csv(_rows(visit, rota_id)), f"{CSV}; charset=utf-8", "rota.csv")


@router.get("/rotas/{rota_id}/rota.xlsx")
def as_workbook(visit: Visited, rota_id: str) -> Response:
    """The newest version's rows as a workbook."""
    return attachment(workbook({"rota.csv": _rows(visit, rota_id)}), SPREADSHEET, "rota.xlsx")


@router.get("/rotas/{rota_id}/calendars.zip")
def as_calendars(visit: Visited, rota_id: str) -> Response:
    """The newest version's shifts as an iCalendar file a team, of the people who exist for whoever asks; nobody is named."""
    asking = visit.asking("rota.read")
    rows = rota_of(days_of(_rows(visit, rota_id)))
    with asking.read() as transaction:
        found = rotas.get(transaction, rota_id)
        visible = people.visible(transaction, found.centre_id)
    centre = centre_of(everything(asking, found.centre_id)[1])
    theirs = tuple(each for each in centre.agents if visible is None or each.agent_id in visible)
    span = day_number(found.start), found.days
    feeds = calendar_feeds(
        replace(centre, agents=theirs), rows, span, Wanted(int(time.time() // 60), visit.language)
    )
    teams = {name: each for name, each in feeds.files.items() if name.startswith(f"{TEAMS}/")}
    return attachment(zipped(teams), ZIP, "calendars.zip")


def _rows(visit: Visited, rota_id: str) -> bytes:
    asking = visit.asking("rota.read")
    with asking.read() as transaction:
        newest = rotas.versions(transaction, rota_id, limit=1)[0].version
        return rotas.content(transaction, rota_id, newest)
