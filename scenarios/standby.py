"""Who stands by when: demand that may go many ways, as windows in which backup people can be reached, with chance and price.

forecast paths -> agents missing on each path beside the rota -> what one more person standing by is worth -> windows of people
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from centre.instants import Grid, day_of, from_timestamps, to_timestamps
from centre.model import Backup, Settings, ShiftTemplate
from scenarios.demand import holidays_of, requirement_of
from scenarios.onboarding import by_phases
from scenarios.peak_settings import settings_in_force
from scheduler.coverage import coverage
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rota import Rota
from scheduler.rules.backup_call_outs import calls_had
from scheduler.rules.primitives import BoundedSum, ForbiddenTime, Primitive
from scheduler.rules.shared.day_counts import spans_of
from scheduler.shifts import candidate_shifts
from scheduler.solution import Limits
from scheduler.solve import solve
from scheduler.staffing.checks import Floats
from scheduler.terms import CoverPrices

if TYPE_CHECKING:
    from scenarios.plan import Plan

SHORTEST, LONGEST = 240, 480
"""Minutes of a window of standing by."""
DECIMALS = 4
WINDOWS = ("pool", "agent_id", "day", "start", "end", "chance_of_call", "standby_cost", "expected_call_cost")
INTERVALS = ("interval_start", "pool", "standing_by", "chance_of_call", "expected_called", "chance_too_few")


@dataclass(frozen=True, eq=False)
class Standby:
    """A plan of standing by.

    Parameters
    ----------
    windows : columns `WINDOWS`, a row a person and window; a person is called in it where, on a path, more are missing than people before
        them stand by
    intervals : columns `INTERVALS`: how many stand by, the chance that anybody is called, how many are on the mean, the chance that
        more are missing than stand by
    paths : how many ways demand was let go
    cost : of standing by and of calls to expect
    saved : agents no longer missing, to expect, at the price of shortage
    """

    windows: pd.DataFrame
    intervals: pd.DataFrame
    paths: int
    cost: float
    saved: float


def standby(plan: "Plan", paths: pd.DataFrame, limits: Limits) -> Standby:
    """Windows for every pool whose people come from outside, worth more than they cost.

    Parameters
    ----------
    plan : a finished plan; whom it calls out already does not stand by beside
    paths : sampled contacts, columns ``interval_start``, ``queue``, ``path_1`` ... (`forecasts.forecast.Forecast.path_table`)
    limits : of the solve of each pool

    Notes
    -----
    On each path the requirement is worked out anew and what the rota gives is taken away: so many agents are missing in the pool's
    queues, at the pool's usual speed. The k-th person standing by in an interval is worth (chance that k or more are missing) x (price of
    a missing agent - price of an hour called, the call-out spread over the shortest call-out). That is a convex price of cover, which the
    engine of rotas meets with windows of `SHORTEST` to `LONGEST` minutes at ``standby_hourly_cost``.
    """
    missing = _missing(plan, paths)
    parts = [
        _of_pool(plan, pool, missing, limits)
        for pool in plan.centre.settings.backup
        if pool.kind != "support"
    ]
    windows = pd.concat([part[0] for part in parts]) if parts else pd.DataFrame(columns=list(WINDOWS))
    intervals = pd.concat([part[1] for part in parts]) if parts else pd.DataFrame(columns=list(INTERVALS))
    saved = sum(part[2] for part in parts)
    cost = float(windows["standby_cost"].sum() + windows["expected_call_cost"].sum())
    count = len(next(iter(missing.values()))) if missing else 0
    return Standby(windows.reset_index(drop=True), intervals.reset_index(drop=True), count, cost, saved)


def _missing(plan: "Plan", paths: pd.DataFrame) -> dict[str, Floats]:
    """Agents missing on each path by queue, shape (paths, intervals)."""
    centre, grid = plan.centre, plan.grid
    names = [name for name in paths if str(name).startswith("path_")]
    rows = plan.forecast[["interval_start", "queue"]].merge(paths, on=["interval_start", "queue"], how="left")
    queues = {queue.name: q for q, queue in enumerate(centre.settings.queue)}
    found = {name: np.zeros((len(names), len(grid.starts))) for name in queues}
    holidays, in_force = holidays_of(centre, grid), settings_in_force(centre, grid)
    for p, name in enumerate(names):
        table = plan.forecast.assign(offered=rows[name].fillna(0.0).to_numpy(dtype=float))
        needed = requirement_of(
            table, centre.settings, holidays, centre.backlog, calendar=centre.calendar, in_force=in_force
        )
        given = in_force.rows(partial(_covered, plan, needed)).sort_index()
        short = (needed["agents_to_roster"] - given["agents_effective"]).clip(lower=0.0)
        at = (from_timestamps(needed["interval_start"]) - grid.start) // grid.interval_minutes
        for queue in queues:
            mine = (needed["queue"] == queue).to_numpy()
            found[queue][p, at[mine]] = short.to_numpy()[mine]
    return found


def _covered(plan: "Plan", needed: pd.DataFrame, by: Settings) -> pd.DataFrame:
    """What the rota gives by some settings."""
    rota, people = by_phases(plan.centre, plan.rota, plan.onboarding.starters)
    return coverage(rota, needed, by, people, plan.centre.backlog)


def _of_pool(
    plan: "Plan", pool: Backup, missing: dict[str, Floats], limits: Limits
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Windows and intervals of one pool, and what is saved."""
    people = list(_people(plan, pool))
    short = np.ceil(sum(missing[name] for name in pool.queues) / pool.speed - 1e-6)
    chances = np.array([(short >= k).mean(axis=0) for k in range(1, len(people) + 1)]).reshape(
        len(people), -1
    )
    price = plan.centre.settings.objective.shortage_per_agent_hour * pool.speed
    called = pool.hourly_cost + pool.call_out_cost / max(pool.minimum_minutes / 60, 1.0)
    worth = chances * max(0.0, price - called)
    problem = _problem(plan, pool, people, worth)
    rota = solve(problem, limits).rota if people and problem.shifts else None
    if rota is None or not len(rota):
        return pd.DataFrame(columns=list(WINDOWS)), pd.DataFrame(columns=list(INTERVALS)), 0.0
    there = _standing_by(rota, plan.grid)
    return (
        pd.DataFrame(_windows(rota, plan.grid, pool, short), columns=list(WINDOWS)),
        _intervals(plan.grid, pool, short, there),
        float(
            sum(chances[:k, t].sum() for t, k in enumerate(there)) * price * plan.grid.interval_minutes / 60
        ),
    )


def _people(plan: "Plan", pool: Backup) -> Iterator[PlannedPerson]:
    """The pool's people as the engine takes them: a window a day, none beside a call-out that is planned, calls of the month left."""
    facts, duties = plan.facts, plan.rota.duties
    for agent_id, person in sorted((facts.people or {}).items()):
        if person.backup is None or person.backup.name != pool.name:
            continue
        rules: list[Primitive] = []
        code = plan.rota.agent_ids.index(agent_id) if agent_id in plan.rota.agent_ids else -1
        for k in np.flatnonzero(duties.agent == code):
            rules.append(
                ForbiddenTime(
                    int(duties.start[k]) - pool.rest_minutes, int(duties.end[k]) + pool.rest_minutes
                )
            )
        rules += [ForbiddenTime(start, end) for start, end in person.leave]
        for span in spans_of(facts, "month", 1) if pool.calls_a_month is not None else ():
            inside = [(duties.agent == code) & (duties.day >= span[0]) & (duties.day <= span[1])]
            left = (pool.calls_a_month or 0) - calls_had(person, span, facts) - int(np.sum(inside))
            low, high = max(span[0], facts.first_day), min(span[1], facts.end_day - 1)
            rules.append(BoundedSum(low, high, "shifts", high=max(0, left)))
        yield PlannedPerson(agent_id, ((0, 1.0),), tuple(rules), pool.standby_hourly_cost / 60)


def _problem(plan: "Plan", pool: Backup, people: Sequence[PlannedPerson], worth: Floats) -> RotaProblem:
    """Standing by as a rota: one queue, cover that is worth less with each person more."""
    grid, levels = plan.grid, np.arange(len(people), 0, -1.0)
    step = max(grid.interval_minutes, 60)
    templates = [
        ShiftTemplate(f"{length}:{place}", hours.opens, latest, length, step, hours.days)
        for place, hours in enumerate(pool.hours)
        for length in range(SHORTEST, LONGEST + 1, 120)
        if (latest := hours.opens + (min(hours.closes - length, 1439) - hours.opens) // step * step)
        >= hours.opens
    ]
    steps = worth - np.vstack([worth[1:], np.zeros((1, worth.shape[1]))]) if len(people) else worth
    shape = (1, len(grid.starts))
    prices = CoverPrices(
        np.repeat(levels[:, None, None], shape[1], axis=2), steps[::-1][:, None, :], np.zeros(shape)
    )
    none = np.zeros(shape)
    return RotaProblem(
        grid, (pool.name,), none, none,
        tuple(candidate_shifts(templates, grid, plan.facts.makeup_days)), tuple(people),
        plan.centre.settings.objective, prices=prices,
    )  # fmt: skip


def _standing_by(rota: Rota, grid: Grid) -> list[int]:
    """People standing by throughout each interval."""
    starts = grid.starts
    inside = (rota.start[:, None] <= starts) & (rota.end[:, None] >= starts + grid.interval_minutes)
    return [int(count) for count in inside.sum(axis=0)]


def _windows(rota: Rota, grid: Grid, pool: Backup, short: Floats) -> Iterator[tuple[object, ...]]:
    """Rows of `WINDOWS`; in each interval people are called in the order of the rota."""
    starts, before = grid.starts, np.zeros(len(grid.starts), dtype=int)
    hours = grid.interval_minutes / 60
    for k in np.lexsort((rota.agent, rota.start)).tolist():
        own = (rota.start[k] <= starts) & (rota.end[k] >= starts + grid.interval_minutes)
        called = short[:, own] > before[own]
        before = before + own
        chance = float(called.any(axis=1).mean())
        length = (int(rota.end[k]) - int(rota.start[k])) / 60
        at_work = float(called.sum(axis=1).mean()) * hours
        stamps = to_timestamps(np.array([rota.start[k], rota.end[k]]))
        yield (
            pool.name, rota.agent_ids[rota.agent[k]], day_of(int(rota.day[k])), stamps[0], stamps[1],
            round(chance, DECIMALS), round(length * pool.standby_hourly_cost, 2),
            round(chance * pool.call_out_cost + max(at_work, chance * pool.minimum_minutes / 60) * pool.hourly_cost, 2),
        )  # fmt: skip


def _intervals(grid: Grid, pool: Backup, short: Floats, there: Sequence[int]) -> pd.DataFrame:
    """Rows of `INTERVALS` with anybody standing by."""
    count = np.array(there)
    kept = np.flatnonzero(count)
    called = np.minimum(short, count)
    return pd.DataFrame(
        {
            "interval_start": to_timestamps(grid.starts[kept]),
            "pool": pool.name,
            "standing_by": count[kept],
            "chance_of_call": (called > 0).mean(axis=0)[kept].round(DECIMALS),
            "expected_called": called.mean(axis=0)[kept].round(DECIMALS),
            "chance_too_few": (short > count).mean(axis=0)[kept].round(DECIMALS),
        },
        columns=list(INTERVALS),
    )
