"""Today: contacts against the forecast, customers online against the triggers, whom to call and why not others; call and release."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from fastapi import APIRouter, Response

from api.asking import Asking
from api.judging import centre_of
from api.page.edits import findings_told
from api.page.forms import read
from api.page.peaks_charts import against_forecast, against_triggers
from api.page.screen import Screen, Visit, Visited, see
from api.peaks import Board, board, breaches_of_calls
from api.routes.call_outs import make_call_outs, release_call_out
from api.routes.judged import everything, own_findings
from api.routes.peaks import intervals, may_be_called, tell_online, triggers
from api.schemas.call_outs import CallOutMade
from api.schemas.peaks import OnlineNow
from api.store import centres
from api.store.errors import Conflict
from centre.errors import BadInput, Fault
from centre.instants import parse_instant
from scenarios.backup_now import Candidate, PoolNow
from scheduler.live import NEVER

router = APIRouter(route_class=Screen, include_in_schema=False)
SECONDS, LATEST, MUCH = 20, 12, 0.1
"""Seconds between two looks of the page; intervals that the table tells; the share over the forecast that is marked."""
COUNTS = ("customers_online", "waiting", "longest_wait_seconds")


@router.get("/centres/{centre_id}/peaks")
def show_peaks(visit: Visited, centre_id: str, at: str = "", told: str = "") -> Response:
    """The board now, or as it stood at an earlier local time of today."""
    return _show(visit, visit.asking("floor.read"), centre_id, at, told)


@router.post("/centres/{centre_id}/online")
def tell(visit: Visited, centre_id: str) -> Response:
    """Keep how many customers are online by queue; a queue of which nothing is said is left out."""
    fields, items = visit.form.fields, []
    for key, queue in fields.items():
        kind, _, k = key.partition(":")
        counts = {name: fields.get(f"{name}:{k}", "").strip() for name in COUNTS}
        if kind == "queue" and any(counts.values()):
            items.append({"queue": queue} | {name: value for name, value in counts.items() if value})
    if not items:
        raise BadInput([Fault("online", "customers online of one queue at least")])
    tell_online(visit.asking("floor.tell"), centre_id, read(OnlineNow, {"items": items}))
    return see(f"/centres/{centre_id}/peaks?told=online")


@router.post("/centres/{centre_id}/peaks/call")
def call(visit: Visited, centre_id: str) -> Response:
    """Call people who are to come at once; who may not be called any more is told on the board, and nobody is called."""
    asking, fields = visit.asking("call_out.make"), visit.form.fields
    try:
        people = json.loads(fields.get("agents", ""))
    except ValueError:
        raise BadInput([Fault("agents", "people to call")]) from None
    wanted = read(
        CallOutMade,
        {
            "pool": fields.get("pool", ""), "day": fields.get("day", ""), "agent_ids": people, "now": True,
            "accept_breaches": "accept" in fields,
        },
    )  # fmt: skip
    try:
        make_call_outs(asking, centre_id, wanted)
    except Conflict:
        return see(f"/centres/{centre_id}/peaks?told=refused")
    return see(f"/centres/{centre_id}/peaks?told=called")


@router.post("/centres/{centre_id}/peaks/release")
def release(visit: Visited, centre_id: str) -> Response:
    """Let somebody who was called go; one who went already is no fault."""
    asking = visit.asking("call_out.make")
    try:
        release_call_out(asking, centre_id, visit.form.fields.get("call_out", ""))
    except Conflict:
        return see(f"/centres/{centre_id}/peaks?told=gone")
    return see(f"/centres/{centre_id}/peaks?told=released")


def _show(visit: Visit, asking: Asking, centre_id: str, at: str, told: str) -> Response:
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    found = board(asking, centre_id, _instant(asking, centre_id, at) if at else None)
    zone = found.centre.settings.centre.timezone
    return visit.show(
        "peaks.html.jinja", centre=centre, told=told, at=at, zone=zone.key, day=found.day, now=_clock(found.now, zone),
        currency=found.centre.settings.centre.currency, queues=list(_queues(found, zone)), of=found.of, rota_known=found.rota is not None,
        pools=[_pool(visit, asking, centre_id, found, each) for each in found.pools], log=list(_log(found, zone)), seconds=SECONDS,
        names=found.names, here_now=not at, much=MUCH, imports=asking.may("history.change", centre_id=centre_id), counts=COUNTS,
        told_at={each: _last(found, each, zone) for each in found.queues},
    )  # fmt: skip


def _instant(asking: Asking, centre_id: str, at: str) -> datetime:
    """A local time of the last day; raises `BadInput`."""
    zone = centre_of(everything(asking, centre_id)[1]).settings.centre.timezone
    try:
        minutes = parse_instant(at, zone)
    except ValueError as error:
        raise BadInput([Fault("at", str(error), at[:40])]) from None
    return min(datetime.fromtimestamp(minutes * 60, UTC), datetime.now(UTC) + timedelta(minutes=1))


def _clock(minutes: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(minutes * 60, zone):%H:%M}"


def _queues(found: Board, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """By queue: the picture of the day, its sums, and the latest intervals."""
    minutes = found.centre.settings.centre.interval_minutes
    for queue, group in groupby(intervals(found), lambda each: each.queue):
        rows = list(group)
        over = [each for each in rows if each.offered is not None]
        both = [each for each in over if each.forecast is not None and each.passed_minutes >= minutes]
        planned = sum(each.forecast or 0.0 for each in both)
        yield {
            "name": queue, "picture": against_forecast(rows, found.now), "offered": sum(each.offered or 0.0 for each in over),
            "share": sum(each.offered or 0.0 for each in both) / planned - 1 if planned else None, "known": bool(over),
            "latest": [
                each.model_dump() | {"time": f"{each.interval_start.astimezone(zone):%H:%M}", "whole": each.passed_minutes >= minutes}
                for each in over[: -LATEST - 1 : -1]
            ],
        }  # fmt: skip


def _last(found: Board, queue: str, zone: ZoneInfo) -> dict[str, Any] | None:
    """What was last told of a queue."""
    states = found.today.states
    rows = states[states["queue"] == queue]
    if rows.empty:
        return None
    row = rows.iloc[-1]
    return {"time": _clock(float(row["at"]), zone)} | {
        name: None if pd.isna(row[name]) else float(row[name]) for name in COUNTS
    }


def _pool(visit: Visit, asking: Asking, centre_id: str, found: Board, now: PoolNow) -> dict[str, Any]:
    """A pool as the board shows it."""
    zone = found.centre.settings.centre.timezone
    free = may_be_called(found, now)
    broken = breaches_of_calls(found, now, free)
    calls = {
        each.agent_id: each
        for each in reversed(found.calls)
        if each.released_at is None and each.pool == now.pool.name
    }
    people = [each for each in now.people if each.agent_id in found.names]
    told = {
        each: findings_told(visit, found.names, own_findings(asking, centre_id, broken[each]), zone)
        for each in broken
    }
    suggested = [each for each in now.decision.people if each in found.names]
    clean = [each for each in suggested if each not in told]
    return {
        "pool": now.pool, "action": now.decision.action, "why": _why(now, found.now), "ready": _ready(now, found.now, zone),
        "triggers": triggers(now), "picture": against_triggers(found.today.states, now, found.now), "suggested": suggested,
        "agents": json.dumps(clean if now.decision.action == "call" else []), "callable": len(clean),
        "others": len(now.people) - len(people),
        "there": [_there(each, now, calls, zone) for each in people if each.helper.where != "off"],
        "people": [_person(each, told) for each in people if each.helper.where == "off"],
        "cost": sum(each.least_cost for each in people if each.agent_id in clean),
    }  # fmt: skip


def _why(now: PoolNow, at: int) -> str:
    """Which of the board's sentences tells why."""
    verdict, decision = now.decision.verdict, now.decision
    if decision.action in ("call", "release"):
        return decision.action
    if verdict.trigger is not None:
        coming = decision.state.who("coming")
        return "coming" if coming else "soon" if at < decision.ready < NEVER else "nobody"
    if verdict.over:
        return "over"
    unknown = any(now.measures[each.when].value is None for each in now.pool.triggers)
    return "unknown" if unknown else "below"


def _ready(now: PoolNow, at: int, zone: ZoneInfo) -> str:
    ready = now.decision.ready
    return _clock(ready, zone) if at < ready < NEVER else ""


def _there(each: Candidate, now: PoolNow, calls: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """Somebody who is there or on the way: since or from when, until when at the latest, and the call to release."""
    arrived = each.helper.calls[-1] + now.pool.lead_minutes
    call = calls.get(each.agent_id)
    return {
        "agent_id": each.agent_id, "where": each.helper.where, "from": _clock(arrived, zone),
        "until": _clock(arrived + now.pool.maximum_minutes, zone), "call": None if call is None else call.id,
    }  # fmt: skip


def _person(each: Candidate, broken: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    """Somebody of a pool who is not there."""
    return asdict(each) | {"hours": each.most_minutes / 60, "breaks": broken.get(each.agent_id, [])}


def _log(found: Board, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    for each in found.calls:
        called, gone = each.called_at.astimezone(zone), each.released_at
        yield {
            "agent_id": each.agent_id, "pool": each.pool, "day": called.date(), "at": f"{called:%H:%M}",
            "released": f"{gone.astimezone(zone):%H:%M}" if gone else "",
        }  # fmt: skip
