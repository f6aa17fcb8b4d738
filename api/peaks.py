"""The day under way at an instant: contacts against the forecast, customers online against the triggers, who may be called."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pandas as pd

from api.access.scope import machine
from api.any_rota import AnyRota
from api.asking import Asking
from api.judging import Files, centre_of, judge
from api.routes.judged import everything
from api.store import blobs, call_outs, floor, jobs, people, rotas
from api.store.call_outs import CallOut
from api.store.engine import Transaction
from api.stretches import Days, Stretch, days_of, rota_of
from centre.actuals_file import Today, local_day, today_so_far
from centre.folder import Centre, read_forecast, read_requirement
from centre.instants import day_number, from_minutes, to_minutes
from centre.model import Backup
from scenarios.backup_calls import Call, state_of
from scenarios.backup_now import PoolNow, pools_now
from scheduler.rules.rule import Violation

A_FORTNIGHT = timedelta(days=14)
STATES = ("at", "queue", "customers_online", "waiting", "longest_wait_seconds")
PLANNED = ("interval_start", "queue", "offered", "agents_to_roster")
EVERY = 1_000_000
NOT_PLANNED = pd.DataFrame(
    {"interval_start": pd.DatetimeIndex([], tz="UTC"), "queue": pd.Series([], dtype=object)}
    | dict.fromkeys(PLANNED[2:], pd.Series([], dtype=float))
)
Source = Literal["rota", "forecast", ""]


@dataclass(frozen=True, eq=False)
class Board:
    """A centre at an instant of its day.

    Parameters
    ----------
    now : UTC minutes
    planned : columns `PLANNED` of the day, NaN where it is not known; of the published rota's requirement, else of the newest forecast
    of : where ``planned`` is from: ``rota``, ``forecast`` or nothing
    rota : what published rotas say of the days about this one; None where none is of this day
    calls : the day's and of the 24 hours before, newest first, of people who exist for whoever asks
    names : of these people
    queues : those that these people answer
    """

    files: Files
    centre: Centre
    now: int
    day: date
    today: Today
    planned: pd.DataFrame
    of: Source
    rota: Days | None
    pools: list[PoolNow]
    calls: list[CallOut]
    names: Mapping[str, str]
    queues: Sequence[str]


def board(asking: Asking, centre_id: str, at: datetime | None = None) -> Board:
    """The board of a centre that exists for whoever asks, now or as it stood at an earlier instant."""
    _, files = everything(asking, centre_id)
    centre = centre_of(files)
    info = centre.settings.centre
    instant = datetime.now(UTC) if at is None else at
    now = to_minutes(instant)
    start, end = local_day(now, info.timezone)
    day = from_minutes(now, info.timezone).date()
    with asking.read() as transaction:
        names = {each.agent_id: each.name for each in people.find(transaction, centre_id, limit=EVERY)}
        own = {each.id for each in _calls(transaction, centre_id, day, now)}
        visible = people.visible(transaction, centre_id)
    with asking.service.store.read(machine("peaks")) as transaction:
        calls = _calls(transaction, centre_id, day, now)
        days, needed = _published(transaction, centre_id, day)
        planned, of = _planned(transaction, centre_id, centre, needed, (start, end))
        told = floor.find(transaction, centre_id, from_minutes(start), instant)
    history = centre.history
    of_day = (history["interval_start"] >= from_minutes(start)) & (
        history["interval_start"] < from_minutes(end)
    )
    today = today_so_far(history[of_day], now, info.timezone, info.interval_minutes)
    states = pd.DataFrame([_state_row(each) for each in told], columns=list(STATES))
    states = states.drop_duplicates(["at", "queue"], keep="last")
    today = replace(today, states=states.astype(dict.fromkeys(STATES[2:], float)))
    known = None if days is None else rota_of(days)
    pool_states = {
        pool.name: state_of(_as_calls(calls, pool.name, info.timezone), start)
        for pool in centre.settings.backup
    }
    pools = pools_now(
        centre, today, pool_states, known, planned.dropna(subset="agents_to_roster") if of == "rota" else None
    )
    recent = from_minutes(now) - timedelta(1)
    mine = [each for each in calls if each.id in own and (each.day == day or each.called_at > recent)]
    queues = _queues_of(centre, visible)
    pools = [
        each
        for each in pools
        if {*each.pool.queues} & {*queues} or {one.agent_id for one in each.people} & {*names}
    ]
    return Board(files, centre, now, day, today, planned, of, days, pools, mine, names, queues)


def _queues_of(centre: Centre, agents: Set[str] | None) -> list[str]:
    """The queues that people answer, in the centre's order; all where all people exist for whoever asks."""
    answered = {
        queue
        for each in centre.agents
        if agents is None or each.agent_id in agents
        for queue, _ in each.skills
    }
    return [each.name for each in centre.settings.queue if agents is None or each.name in answered]


def _state_row(told: floor.FloorState) -> tuple[object, ...]:
    """A row of `centre.actuals_file.Today.states`."""
    return to_minutes(told.at), told.queue, told.customers_online, told.waiting, told.longest_wait_seconds


def breaches_of_calls(found: Board, pool: PoolNow, agent_ids: Iterable[str]) -> dict[str, list[Violation]]:
    """Rules that a call-out of the shortest length, made now, would break, by person, beside the published rota and the day's calls."""
    agents = {*agent_ids}
    if not agents:
        return {}
    first = day_number(found.day - A_FORTNIGHT)
    before = {key: told for key, told in (found.rota or {}).items() if key[0] in agents}
    for call in found.calls:
        if call.agent_id in agents and not _is_ahead(call, found.centre.settings.centre.timezone):
            _add(before, call.day, call.agent_id, _called_for(found, call))
    after = {key: list(told) for key, told in before.items()}
    arrival = found.now + int(pool.pool.lead_minutes)
    for agent in agents:
        _add(after, found.day, agent, _stretch(found, pool.pool, arrival))
    span = first, 2 * A_FORTNIGHT.days + 1
    was, now = (judge(found.files, AnyRota(rota_of(days), span), *span).findings for days in (before, after))
    known = Counter(_key(each) for each in was)
    told = dict[str, list[Violation]]()
    for each in now:
        if each.verdict != "breach" or each.agent_id not in agents:
            continue
        if known[_key(each)]:
            known[_key(each)] -= 1
        else:
            told.setdefault(each.agent_id, []).append(each)
    return told


def _key(found: Violation) -> tuple[str, str, str]:
    return found.rule, found.agent_id, found.verdict


def _add(days: Days, day: date, agent: str, stretch: Stretch | None) -> None:
    if stretch is not None:
        key = agent, day.isoformat()
        days[key] = sorted([*days.get(key, []), stretch])


def _called_for(found: Board, call: CallOut) -> Stretch | None:
    """The work of a call that was made; None where it ended before it began, or its pool is there no longer."""
    pool = next((each for each in found.centre.settings.backup if each.name == call.pool), None)
    if pool is None:
        return None
    stretch = _stretch(found, pool, to_minutes(call.called_at) + int(pool.lead_minutes))
    if call.released_at is None:
        return stretch
    end = to_minutes(call.released_at)
    return stretch._replace(end=end) if end > stretch.start else None


def _stretch(found: Board, pool: Backup, arrival: int) -> Stretch:
    length = max(int(pool.minimum_minutes), found.centre.settings.centre.interval_minutes)
    return Stretch(arrival, arrival + length, "backup", f"backup:{pool.name}:{length}", True)


def _is_ahead(call: CallOut, zone: ZoneInfo) -> bool:
    """Whether somebody was called before the day began: when they are to come is not known."""
    return call.called_at.astimezone(zone).date() != call.day


def _calls(transaction: Transaction, centre_id: str, day: date, now: int) -> list[CallOut]:
    """Calls of the month and of yesterday made up to now, for days up to this one; a release that came later is not known yet."""
    since = min(day.replace(day=1), day - timedelta(1))
    found = call_outs.find(transaction, centre_id, since=since, until=day + timedelta(1), limit=EVERY)
    return [
        replace(each, released_at=None) if each.released_at and to_minutes(each.released_at) > now else each
        for each in found
        if to_minutes(each.called_at) <= now
    ]


def _as_calls(calls: Sequence[CallOut], pool: str, zone: ZoneInfo) -> list[Call]:
    """Calls of a pool; whoever was called before the day began has had a call and is not on the way."""
    return [
        Call(
            each.agent_id, to_minutes(each.called_at), None if each.released_at is None else to_minutes(each.released_at),
            ahead=_is_ahead(each, zone),
        )
        for each in calls
        if each.pool == pool
    ]  # fmt: skip


def _published(transaction: Transaction, centre_id: str, day: date) -> tuple[Days | None, bytes | None]:
    """The rows of published rotas about a day, and what the day's was made for; None where no rota is of it."""
    days, needed, there = Days(), None, False
    for each in rotas.published(transaction, centre_id, day - A_FORTNIGHT, day + A_FORTNIGHT):
        version = rotas.version(transaction, each.id, each.published_version or 0)
        days |= days_of(rotas.content(transaction, each.id, version.version))
        if each.start <= day < each.start + timedelta(each.days):
            there = True
            needed = (
                blobs.get(transaction, version.requirement_digest) if version.requirement_digest else needed
            )
    return (days, needed) if there else (None, None)


def _planned(
    transaction: Transaction, centre_id: str, centre: Centre, needed: bytes | None, span: tuple[int, int]
) -> tuple[pd.DataFrame, Source]:
    """Contacts and agents that the day was planned for, and where that is from."""
    zone = centre.settings.centre.timezone
    of: Source = "rota" if needed is not None else "forecast"
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / "planned.csv"
        content = _forecast(transaction, centre_id, span, zone) if needed is None else needed
        if content is None:
            return NOT_PLANNED, ""
        path.write_bytes(content)
        table = read_requirement(path, zone) if of == "rota" else read_forecast(path, zone)
    within = (table["interval_start"] >= from_minutes(span[0])) & (
        table["interval_start"] < from_minutes(span[1])
    )
    return table[within].reindex(columns=list(PLANNED)).reset_index(drop=True), of


def _forecast(
    transaction: Transaction, centre_id: str, span: tuple[int, int], zone: ZoneInfo
) -> bytes | None:
    """The newest forecast of a day; None where there is none."""
    first = from_minutes(span[0], zone).date()
    for job in jobs.find(transaction, centre_id=centre_id, kind="forecast", limit=20):
        start = date.fromisoformat(str(job.args["options"]["start"]))
        if job.state == "done" and start <= first < start + timedelta(int(job.args["options"]["days"])):
            return jobs.file(transaction, job.id, "forecast.csv")
    return None
