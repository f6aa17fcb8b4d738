"""From a centre to a capacity problem: hours to roster of each week from the centre's own chain, people counted from the agents file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from centre.errors import BadInput, Fault
from centre.folder import Centre
from centre.instants import Grid, day_number, day_of, from_timestamps, week_of
from centre.model import Contract
from centre.people import Agent
from centre.toml_words import WEEKDAYS
from scenarios.capacity_settings import CapacitySettings, ClassSettings, ScenarioSettings, Skills
from scenarios.demand import holidays_of, horizon
from scenarios.forecasting import Demand, forecast_of, moved_paths
from scenarios.inputs import Inputs
from scheduler.capacity import (
    SEASONED,
    Attrition,
    BackupHours,
    Budget,
    CapacityProblem,
    Cohort,
    Floats,
    HiringClass,
    Ints,
    StaffGroup,
)  # fmt: skip

MOST_WEEKS = 160
DAYS_A_YEAR, WEEKS_A_QUARTER = 365.25, 13
SAMPLES = 200
MOST_SAMPLED = 20_000_000  # intervals times samples held at once
Key = tuple[str, Skills]


@dataclass(frozen=True, eq=False, slots=True)
class Capacity:
    """A problem with the calendar that it is told in.

    Parameters
    ----------
    starts : first local day of each week
    contacts : expected by week and queue in each scenario, shape (scenarios, weeks, queues)
    notes : what the planner should know
    """

    problem: CapacityProblem
    starts: tuple[date, ...]
    contacts: Floats
    notes: tuple[str, ...]


def capacity_of(centre: Centre, asked: CapacitySettings, start: date, weeks: int, seed: int) -> Capacity:
    """The capacity problem of a centre's ``weeks`` from ``start``; raises `BadInput` as the forecaster does, and of a wrong start."""
    _check(centre, start, weeks)
    grid = horizon(centre.settings, start, 7 * weeks, 7 * MOST_WEEKS)
    demand = forecast_of(centre, grid, holidays_of(centre, grid))
    hours, contacts = _hours(centre, asked, grid, demand, seed)
    groups, classes = _staff(centre, asked, grid)
    places = {queue.name: k for k, queue in enumerate(centre.settings.queue)}
    price = asked.shortage_price
    problem = CapacityProblem(
        weeks, tuple(places), tuple(groups.values()), classes,
        tuple(BackupHours(p.name, tuple(places[q] for q in p.queues), p.weekly_hours, p.hourly_cost) for p in asked.pools),
        tuple(each.name for each in asked.scenarios), _weights(asked.scenarios), hours,
        np.full(len(places), centre.settings.objective.shortage_per_agent_hour if price is None else price, dtype=np.float64),
        asked.allowed_shortage, tuple(_budgets(asked, start, weeks)), asked.worst_share, asked.most_hires,
        asked.beyond_factor,
    )  # fmt: skip
    starts = tuple(start + timedelta(days=7 * week) for week in range(weeks))
    notes = (*demand.report.warnings, *_notes(problem, centre.agents))
    return Capacity(problem, starts, contacts, notes)


def _check(centre: Centre, start: date, weeks: int) -> None:
    first = centre.settings.centre.week_start
    faults = []
    if not 1 <= weeks <= MOST_WEEKS:
        faults.append(Fault("--weeks", f"a whole number of weeks from 1 to {MOST_WEEKS}", str(weeks)))
    if start.weekday() != first:
        begins = day_of(week_of(day_number(start), first)).isoformat()
        expected = (
            f"the first day of a week, which begins on {WEEKDAYS[first]} (week_start), such as {begins}"
        )
        faults.append(Fault("--start", expected, start.isoformat()))
    if faults:
        raise BadInput(faults)


def _weights(scenarios: Sequence[ScenarioSettings]) -> Floats:
    weights = np.array([each.weight for each in scenarios], dtype=np.float64)
    return np.asarray(weights / weights.sum())


def _hours(
    centre: Centre, asked: CapacitySettings, grid: Grid, demand: Demand, seed: int
) -> tuple[Floats, Floats]:
    """Hours to roster and contacts, each of shape (scenarios, weeks, queues): every scenario through the requirement of its own demand."""
    names = [queue.name for queue in centre.settings.queue]
    percentiles = sorted({each.percentile for each in asked.scenarios if each.percentile is not None})
    factors = _percentile_factors(demand, grid, names, percentiles, seed)
    years = (7 * np.arange(grid.days // 7) + 3.5) / DAYS_A_YEAR
    hours, contacts = [], []
    place = _place(demand.table, grid, names)
    for each in asked.scenarios:
        growth = asked.growth_per_year if each.growth_per_year is None else each.growth_per_year
        factor = factors[each.percentile] * each.demand * ((1 + growth) ** years)[:, None]
        table = demand.table.assign(offered=demand.table["offered"].to_numpy() * factor[place])
        needed = Inputs(centre, grid, table).requirement()
        at = _place(needed, grid, names)
        rostered = needed["agents_to_roster"].to_numpy(dtype=np.float64) * grid.interval_minutes / 60
        hours.append(_summed(at, rostered, factor.shape))
        contacts.append(_summed(at, needed["offered"].to_numpy(dtype=np.float64), factor.shape))
    return np.array(hours), np.array(contacts)


def _place(table: pd.DataFrame, grid: Grid, names: list[str]) -> tuple[Ints, Ints]:
    """Week and queue of each row."""
    interval = (from_timestamps(table["interval_start"]) - grid.start) // grid.interval_minutes
    week = (grid.local_days()[interval] - grid.first_day) // 7
    return week, pd.Index(names).get_indexer(pd.Index(table["queue"].astype(str)))


def _summed(place: tuple[Ints, Ints], values: Floats, shape: tuple[int, ...]) -> Floats:
    found = np.zeros(shape)
    np.add.at(found, place, values)
    return found


def _percentile_factors(
    demand: Demand, grid: Grid, names: list[str], percentiles: Sequence[float], seed: int
) -> dict[float | None, Floats]:
    """What each percentile of a week's total is to its mean, shape (weeks, queues); 1 under None, the mean itself."""
    shape = (grid.days // 7, len(names))
    found: dict[float | None, Floats] = {None: np.ones(shape)}
    found |= {each: np.ones(shape) for each in percentiles}
    if not percentiles:
        return found
    samples = int(np.clip(MOST_SAMPLED // max(len(demand.table), 1), 50, SAMPLES))
    for name, paths in moved_paths(demand, samples, seed).items():
        rows = demand.table[demand.table["queue"] == name]
        week, _ = _place(rows, grid, names)
        totals = np.array([np.bincount(week, path, shape[0]) for path in paths])
        mean, column = totals.mean(axis=0), names.index(name)
        for each in percentiles:
            at = np.percentile(totals, each, axis=0)
            found[each][:, column] = np.divide(at, mean, out=np.ones_like(at), where=mean > 0)
    return found


def _staff(
    centre: Centre, asked: CapacitySettings, grid: Grid
) -> tuple[dict[Key, StaffGroup], tuple[HiringClass, ...]]:
    """Groups with the people in them, and classes that join them; a class whose group has nobody makes one."""
    contracts = {contract.name: contract for contract in centre.settings.contract}
    people: dict[Key, list[Agent]] = {}
    for agent in centre.agents:
        if agent.contract in contracts and agent.skills:
            people.setdefault((agent.contract, tuple(sorted(agent.skills))), []).append(agent)
    ramps: dict[Key, tuple[float, ...]] = {}
    for kind in asked.classes:
        people.setdefault((kind.contract, kind.skills), [])
        ramps.setdefault((kind.contract, kind.skills), kind.ramp)
    order = sorted(people, key=lambda key: (list(contracts).index(key[0]), key[1]))
    groups = {
        key: _group(centre, asked, contracts[key[0]], key[1], people[key], ramps.get(key, ()), grid)
        for key in order
    }
    classes = tuple(
        HiringClass(
            kind.name, order.index((kind.contract, kind.skills)), tuple(_starts(kind, grid)), kind.smallest, kind.largest,
            kind.lead_weeks, kind.training_weeks, kind.ramp, kind.cost_per_hire, kind.most_at_once,
        )
        for kind in asked.classes
    )  # fmt: skip
    return groups, classes


def _group(
    centre: Centre, asked: CapacitySettings, contract: Contract, skills: Skills, people: Sequence[Agent],
    ramp: tuple[float, ...], grid: Grid,
) -> StaffGroup:  # fmt: skip
    queues = [queue.name for queue in centre.settings.queue]
    turnover, most = asked.turnover_of.get(contract.name, asked.turnover), contract.weekly_minutes_max
    attrition = Attrition(
        _weekly(turnover.yearly), _weekly(turnover.newcomer_yearly), turnover.newcomer_weeks
    )
    told = ";".join(name if speed == 1 else f"{name}:{speed:g}" for name, speed in skills)
    return StaffGroup(
        f"{contract.name} ({told})", contract.name, tuple((queues.index(name), speed) for name, speed in skills),
        most / 60, contract.hourly_cost, asked.usable_share, 1 - _leave(asked, grid),
        tuple(_cohorts(people, max(len(ramp), turnover.newcomer_weeks), grid)), ramp, attrition,
        contract.overtime.weekly_minutes / most if asked.overtime_share is None else asked.overtime_share,
        contract.overtime.multiplier if asked.overtime_factor is None else asked.overtime_factor,
    )  # fmt: skip


def _weekly(yearly: float) -> float:
    """The share that leaves in a week where so many leave in a year.

    Examples
    --------
    >>> round(_weekly(0.5), 5), _weekly(0.0)
    (0.0132, 0.0)
    """
    return 1.0 - float((1.0 - yearly) ** (7 / DAYS_A_YEAR))


def _leave(asked: CapacitySettings, grid: Grid) -> Floats:
    """Share of people away in each week, by the months that its days lie in."""
    months = [day_of(grid.first_day + day).month - 1 for day in range(grid.days)]
    return np.asarray(np.array(asked.leave_by_month)[months].reshape(-1, 7).mean(axis=1))


def _cohorts(people: Sequence[Agent], recent_weeks: int, grid: Grid) -> Iterator[Cohort]:
    """People alike together: who started within ``recent_weeks`` or starts later, by week; who leaves, by day."""
    alike: dict[tuple[int, int, int], int] = {}
    end = grid.first_day + grid.days
    for agent in people:
        start = grid.first_day if agent.starts_on is None else agent.starts_on
        leave = end if agent.leaves_on is None else min(end, agent.leaves_on + 1)
        week = SEASONED if agent.starts_on is None else (start - grid.first_day) // 7
        if leave > max(start, grid.first_day) and start < end:
            key = (SEASONED if week < -recent_weeks else week, max(start, grid.first_day), leave)
            alike[key] = alike.get(key, 0) + 1
    days = grid.first_day + np.arange(grid.days)
    for (week, start, leave), number in sorted(alike.items()):
        employed = ((days >= start) & (days < leave)).reshape(-1, 7).mean(axis=1)
        yield Cohort(number, week, employed, on_notice=leave < end)


def _starts(kind: ClassSettings, grid: Grid) -> Iterator[int]:
    """Weeks in which a class may start: decided on within the plan, and none of those closed to it."""
    anchor = None
    for week in range(grid.days // 7):
        day = day_of(grid.first_day + 7 * week)
        if kind.first_start is not None and day < kind.first_start:
            continue
        anchor = week if anchor is None else anchor
        late = kind.last_start is not None and day > kind.last_start
        shut = any(first <= day <= last for first, last in kind.closed)
        if week >= kind.lead_weeks and (week - anchor) % kind.every_weeks == 0 and not late and not shut:
            yield week


def _budgets(asked: CapacitySettings, start: date, weeks: int) -> Iterator[Budget]:
    """The whole plan's budget, and each calendar quarter's, in proportion to its weeks where the plan holds a part of it."""
    if asked.budget is not None:
        yield Budget("total", tuple(range(weeks)), asked.budget)
    if asked.budget_per_quarter is None:
        return
    quarters: dict[str, list[int]] = {}
    for week in range(weeks):
        day = start + timedelta(days=7 * week)
        quarters.setdefault(f"{day.year}-Q{(day.month + 2) // 3}", []).append(week)
    for name, inside in quarters.items():
        share = min(1.0, len(inside) / WEEKS_A_QUARTER)
        yield Budget(name, tuple(inside), asked.budget_per_quarter * share)


def _notes(problem: CapacityProblem, agents: Sequence[Agent]) -> Iterator[str]:
    idle = sum(not agent.skills for agent in agents)
    if idle:
        yield f"{idle} people of the agents file have no skills and are not counted"
    able = {queue for group in problem.groups for queue, _ in group.skills}
    able |= {queue for pool in problem.pools for queue in pool.queues}
    for number in np.flatnonzero(problem.hours.sum(axis=(0, 1)) > 0).tolist():
        if number not in able:
            yield f"queue {problem.queues[number]}: nobody employed, to hire or in a backup pool works it"
    for kind in problem.classes:
        if not kind.starts:
            yield f"class {kind.name}: no week of the plan in which it may start, after its lead time"
