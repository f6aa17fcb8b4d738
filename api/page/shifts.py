"""What an agent sees of their own: shifts of published rotas, and wishes."""

import json
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.access.errors import Forbidden
from api.asking import Asking
from api.judging import centre_of
from api.page.edits import known
from api.page.persons import drawn, rests
from api.page.screen import Screen, Visit, Visited, see
from api.routes.centres import attachment
from api.routes.judged import everything
from api.routes.rows import add_request, list_requests, withdraw_request
from api.schemas.rows import Request
from api.store import centres, rotas
from api.stretches import Stretch, rota_of
from centre.errors import BadInput, Fault
from centre.instants import day_number, from_minutes
from scenarios.calendar_feeds import AGENTS, Wanted, calendar_feeds

router = APIRouter(route_class=Screen, include_in_schema=False)
MOST_ROTAS, MOST_WISHES = 6, 200


@router.get("/me")
def show_mine(visit: Visited) -> Response:
    """My shifts and wishes."""
    asking, centre_id, agent_id = own(visit, "rota.read")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
        found = rotas.find(transaction, centre_id, limit=500)[-MOST_ROTAS:][::-1]
    told = []
    for rota in found:
        now = known(asking, rota.id)
        gaps = list(rests(now.told.judged.rota, agent_id))
        shifts = [
            (
                day,
                _span(each, now.told.zone),
                ", ".join(dict.fromkeys(part.activity for part in each)),
                _hours(each),
            )
            for (who, day), each in sorted(now.days.items())
            if who == agent_id
        ]
        told.append((rota, now.told.zone.key, shifts, list(drawn(now, agent_id, gaps))))
    wishes = list_requests(
        Asking(visit.service, asking.member, "request.read"), centre_id, MOST_WISHES, "", agent_id
    )
    return visit.show("mine.html.jinja", centre=centre, agent_id=agent_id, rotas=told, wishes=wishes.items)


@router.get("/me/shifts-{rota_id}.ics")
def my_calendar(visit: Visited, rota_id: str) -> Response:
    """My shifts of a published rota for a calendar."""
    asking, centre_id, agent_id = own(visit, "rota.read")
    now = known(asking, rota_id)
    centre = centre_of(everything(asking, centre_id)[1])
    mine = rota_of({key: told for key, told in now.days.items() if key[0] == agent_id})
    language = "zh" if visit.language == "zh" else "en"
    alone = replace(centre, agents=tuple(each for each in centre.agents if each.agent_id == agent_id))
    wanted = Wanted(int(time.time() // 60), language, agents=(agent_id,))
    feeds = calendar_feeds(alone, mine, (day_number(now.rota.start), now.rota.days), wanted)
    (content,) = [each for name, each in feeds.files.items() if name.startswith(f"{AGENTS}/")]
    return attachment(content, "text/calendar; charset=utf-8", "shifts.ics")


@router.post("/me/wishes")
def add_wish(visit: Visited) -> Response:
    """Wish for a day off, or on."""
    asking, centre_id, agent_id = own(visit, "request.change")
    add_request(asking, centre_id, _wish(visit, agent_id))
    return see("/me")


@router.post("/me/wishes/withdrawal")
def withdraw_wish(visit: Visited) -> Response:
    """Take a wish back."""
    asking, centre_id, agent_id = own(visit, "request.change")
    withdraw_request(asking, centre_id, _wish(visit, agent_id))
    return see("/me")


def own(visit: Visit, action: str) -> tuple[Asking, str, str]:
    """The request of somebody about themselves, their centre and agent id; raises `Forbidden` for who is in no rota."""
    asking = visit.asking(action)
    centre_id, agent_id = asking.member.centre_id, asking.member.agent_id
    if centre_id is None or not agent_id:
        raise Forbidden("this page is of somebody who is in a rota")
    return asking, centre_id, agent_id


def _wish(visit: Visit, agent_id: str) -> Request:
    told = {name: visit.form.fields.get(name, "") for name in ("date", "kind", "shift")}
    try:
        weight = float(visit.form.fields.get("weight", "1"))
        return Request.model_validate_json(json.dumps(told | {"agent_id": agent_id, "weight": weight}))
    except ValueError:  # pydantic's are of this kind
        raise BadInput([Fault("wish", "a day, and off or on", told["date"][:20])]) from None


def _span(stretches: list[Stretch], zone: ZoneInfo) -> str:
    """The shift from its start to its end by the centre's clock."""
    start, end = min(each.start for each in stretches), max(each.end for each in stretches)
    return f"{from_minutes(start, zone):%H:%M}–{from_minutes(end, zone):%H:%M}"


def _hours(stretches: list[Stretch]) -> float:
    return sum(each.end - each.start for each in stretches if each.paid) / 60
