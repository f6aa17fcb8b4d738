"""Backup pools of a centre at a moment of the day: what is measured, what to do, whom to call, what it costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from centre.actuals_file import Today
from centre.backup_file import BackupMember
from centre.calendar_days import makeup_days
from centre.folder import Centre
from centre.instants import Grid, day_number, day_start, from_minutes
from centre.model import Backup
from scheduler.backup_windows import backup_windows
from scheduler.live import (
    Decision,
    Helper,
    Measures,
    Person,
    PoolState,
    decide,
    moved,
    noted,
    refusal,
    window_end,
)
from scheduler.live_measures import Floor, all_skills, measured, moments
from scheduler.live_words import reason
from scheduler.rota import NO_WORK, Rota
from scheduler.rules.backup_call_outs import ACCOUNT


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of a pool, before anything is done now.

    Parameters
    ----------
    helper : where they stand
    calls : their call-outs this month
    refused : why they may not be called now, one of `scheduler.live.REFUSALS`; empty where they may
    most_minutes : how long they could stay if called now; 0 where they may not be
    least_cost : of calling them: the call, and the shortest time at work
    """

    agent_id: str
    helper: Helper
    calls: float
    refused: str
    most_minutes: float
    least_cost: float


@dataclass(frozen=True, slots=True)
class PoolNow:
    """One pool at the moment.

    Parameters
    ----------
    measures : what its triggers look at
    reason : why the decision is so
    least_cost : of those called: the calls, and their hours at work at the least; 0 where nobody is
    people : everybody of the pool: who may be called first, in the order in which they would be
    """

    pool: Backup
    decision: Decision
    measures: Measures
    reason: str
    least_cost: float
    people: tuple[Candidate, ...]


def pools_now(
    centre: Centre,
    today: Today,
    states: Mapping[str, PoolState],
    rota: Rota | None = None,
    required: pd.DataFrame | None = None,
) -> list[PoolNow]:
    """What to do with each pool now.

    Parameters
    ----------
    states : pools as the last look left them; those without are as if nobody had been called
    rota, required : what was planned; without them what hangs on them is not known
    """
    zone, minutes = centre.settings.centre.timezone, centre.settings.centre.interval_minutes
    people = [(agent.agent_id, agent.skills) for agent in centre.agents]
    skills = all_skills([*people, *((member.agent_id, member.skills) for member in centre.backup)])
    floor = Floor(today, minutes, skills, rota, required)
    pools = centre.settings.backup
    found = []
    here = {
        name
        for pool in pools
        for name in moved(pool, states.get(pool.name, PoolState({})), today.now).who("here")
    }
    for pool in pools:
        members = [member for member in centre.backup if member.pool == pool.name]
        known = {member.agent_id for member in members}
        state = states.get(pool.name, PoolState({}))
        state = PoolState(
            {name: each for name, each in state.helpers.items() if name in known},
            state.held,
            state.over,
            state.looked,
        )
        for at in moments(floor, pool.queues, state.looked):
            state = noted(pool, state, measured(pool, floor, at, here), at)
        measures = measured(pool, floor, today.now, here)
        who = _people(centre, pool, members, state, today, rota)
        decision = decide(pool, state, measures, today.now, who, today.start)
        standing = _candidates(pool, members, moved(pool, state, today.now), who, today)
        cost = sum(each.least_cost for each in standing if each.agent_id in _called(decision))
        found.append(
            PoolNow(pool, decision, measures, reason(pool, decision, measures, zone), cost, standing)
        )
    return found


def _people(
    centre: Centre,
    pool: Backup,
    members: list[BackupMember],
    state: PoolState,
    today: Today,
    rota: Rota | None,
) -> list[Person]:
    """What is known of a pool's people."""
    zone = centre.settings.centre.timezone
    first = day_number(from_minutes(today.now, zone).date())
    grid = Grid(zone, first, 1, centre.settings.centre.interval_minutes)
    names = [member.agent_id for member in members]
    before = None if centre.rota_before is None else Rota.from_frame(centre.rota_before)
    worked = makeup_days(centre.calendar)
    windows = backup_windows(pool, names, grid, rota, before, centre.leave, centre.agents, worked)
    working, had = _on_shift(rota, today.now), _had(centre, state, rota, first)
    return [Person(name, tuple(windows[name]), had.get(name, 0.0), name in working) for name in names]


def _on_shift(rota: Rota | None, now: int) -> set[str]:
    """Everybody in a shift of the rota now."""
    if rota is None:
        return set()
    rows = (rota.start <= now) & (rota.end > now) & ~rota.is_kind(*NO_WORK, "backup")
    return {rota.agent_ids[agent] for agent in np.unique(rota.agent[rows]).tolist()}


def _had(centre: Centre, state: PoolState, rota: Rota | None, day: int) -> dict[str, float]:
    """Call-outs of the month beside the calls of ``state``: the ledger's and those the rota plans, less calls that the ledger knows."""
    zone = centre.settings.centre.timezone
    month = from_minutes(day_start(zone, day), zone).date().replace(day=1)
    begins, period = day_start(zone, day_number(month)), f"{month:%Y-%m}"
    had = {name: -float(sum(at < begins for at in each.calls)) for name, each in state.helpers.items()}
    ledger = centre.ledger
    rows = ledger[(ledger["account"] == ACCOUNT) & (ledger["period"] == period)] if len(ledger) else ledger
    for row in rows.to_dict("records"):
        name, until = row["agent_id"], day_start(zone, day_number(row["as_of"]) + 1)
        calls = state.helpers[name].calls if name in state.helpers else ()
        told = sum(begins <= at < until for at in calls)
        had[name] = had.get(name, 0.0) + float(row["amount"]) - told
    for name in _planned(rota, begins):
        had[name] = had.get(name, 0.0) + 1.0
    return had


def _planned(rota: Rota | None, begins: int) -> Iterator[str]:
    """Whose call-outs a rota plans from an instant on, once for each."""
    if rota is None:
        return
    duties = rota.duties
    backup = rota.is_kind("backup")[duties.first]
    for agent in duties.agent[backup & (duties.start >= begins)].tolist():
        yield rota.agent_ids[agent]


def _candidates(
    pool: Backup, members: list[BackupMember], state: PoolState, people: list[Person], today: Today
) -> tuple[Candidate, ...]:
    """Everybody of a pool as they stand now, in the order of `PoolNow.people`."""
    arrival, found = today.now + pool.lead_minutes, []
    for member, person in zip(members, people, strict=True):
        helper = state.helpers.get(person.agent_id, Helper())
        refused = refusal(pool, helper, person, today.now, today.start)
        until = None if refused else window_end(person, arrival, pool.minimum_minutes)
        stays = 0.0 if until is None else min(until - arrival, pool.maximum_minutes)
        calls = person.calls_before + len(helper.calls)
        cost = pool.call_out_cost + pool.minimum_minutes / 60 * (member.hourly_cost or 0.0)
        found.append(Candidate(person.agent_id, helper, calls, refused, stays, cost))
    return tuple(
        sorted(found, key=lambda each: (each.refused != "", each.calls if not each.refused else 0.0))
    )


def _called(decision: Decision) -> tuple[str, ...]:
    """Those whom a decision calls."""
    return decision.people if decision.action == "call" else ()
