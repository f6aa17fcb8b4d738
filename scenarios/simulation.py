"""A rota tried out contact by contact against a forecast: service, waits and occupancy with intervals, beside what formulas say."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import BadInput, Faults
from centre.folder import Centre
from centre.instants import Grid, Minutes, day_of, to_timestamps
from centre.model import Backup, Queue
from scenarios.demand import holidays_of, requirement_of
from scenarios.figures import known
from scenarios.onboarding import by_phases
from scenarios.peak_contacts import simulated_as_usual
from scenarios.peak_settings import settings_of_table
from scenarios.replications import play
from scenarios.simulated_backup import PAID, BackupFacts, call_outs, paid_for
from scenarios.simulated_floor import AT_WORK, FILE, NamedFloor, check_people
from scheduler.coverage import coverage
from scheduler.rota import Rota
from scheduler.staffing.simulation import SimulationResult
from scheduler.staffing.simulation_results import Estimate, Measures, mean

REPLICATIONS = 100
ESTIMATED = ("service_level", "asa_seconds", "abandonment", "occupancy")
ENDS = {name: name.removesuffix("_seconds") for name in ESTIMATED}
CALCULATED = {name: f"calculated_{name}" for name in ESTIMATED}
DECIMALS = {
    **{"offered": 4, "answered": 4, "abandoned": 4, "asa": 2},
    **{"activations": 4, "people_called": 4, "hours": 2, "cost": 2},
}
SHARE_DECIMALS = 6
COLUMNS = (
    *("interval_start", "queue", "offered", "answered"),
    *(column for name, end in ENDS.items() for column in (name, f"{end}_low", f"{end}_high")),
    *CALCULATED.values(),
)


class Played(NamedTuple):
    """What `played` tells."""

    table: pd.DataFrame
    totals: dict[str, Any]
    calls: pd.DataFrame


def simulated(
    centre: Centre,
    rota: Rota,
    forecast: pd.DataFrame,
    replications: int = REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Table and totals of `played`."""
    found = played(centre, rota, forecast, replications, seed, workers)
    return found.table, found.totals


def played(
    centre: Centre,
    rota: Rota,
    forecast: pd.DataFrame,
    replications: int = REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
) -> Played:
    """What customers meet who come as forecast while people work by a rota, on the local days that both tell of.

    Parameters
    ----------
    forecast : columns of ``forecast.csv``, ``interval_start`` aware
    replications, seed, workers : as of `scheduler.staffing.simulation.simulate`: the same seed has the same customers, whatever
        rota or settings they meet

    Returns
    -------
    table : columns of ``simulation.csv``, by interval and queue. Contacts count in the interval in which they come, transfers and
        redials too; ``_low`` and ``_high`` bound the 95 % interval of the mean over replications; blank where there is nothing to
        divide by. ``calculated_`` is what `scheduler.coverage` says of the same rota
    totals : the same over all intervals, for each of ``queues`` and for ``all``; of each ``backup`` pool how often it was called
        (``activations``), in which share of replications at all, people called, their hours at work and what they cost;
        ``first_day`` and ``last_day``; hours of work ``not_simulated`` by queue; ``warnings`` in sentences
    calls : every call-out of backup, see `call_outs`

    Raises
    ------
    BadInput
        naming everything that is wrong with rota and forecast.
    """
    settings, faults = centre.settings, Faults()
    check_people(rota, centre.agents, settings, faults, centre.backup)
    days, forecast = _on_days_of_both(
        rota, forecast, settings.centre.timezone, settings.centre.interval_minutes, faults
    )
    holidays = holidays_of(centre, days)
    try:
        in_force = settings_of_table(centre, forecast)
        needed = requirement_of(
            forecast, settings, holidays, centre.backlog, calendar=centre.calendar, in_force=in_force
        )
    except BadInput as error:
        raise BadInput([*faults, *error.faults]) from None
    faults.raise_if_any()
    stage = play(centre, rota, forecast, replications, seed, workers, needed)
    by_day, people = by_phases(centre, rota)
    result, floor, queues = stage.result, stage.floor, stage.queues
    given = in_force.rows(lambda by: coverage(by_day, needed, by, people, centre.backlog)).sort_index()
    table = _table(result, queues, stage.grid, given)
    totals = {
        "first_day": day_of(days.first_day).isoformat(),
        "last_day": day_of(days.first_day + days.days - 1).isoformat(),
        "replications": replications,
        "seed": seed,
        "queues": _by_queue(result, queues, given),
        "all": _altogether(result, queues, given),
        "backup": _of_backup(result, settings.backup, floor, stage.facts),
        "not_simulated": _not_simulated(needed, queues),
        "warnings": [
            *faults.warnings,
            *floor.otherwise,
            *simulated_as_usual(in_force),
            *_nobody_there(result, queues),
        ],
    }
    calls = call_outs(result, floor.pools, floor.people, stage.grid)
    return Played(table, totals, calls)


def _on_days_of_both(
    rota: Rota, forecast: pd.DataFrame, zone: ZoneInfo, step: int, faults: Faults
) -> tuple[Grid, pd.DataFrame]:
    """The local days from the first to the last that rota and forecast both tell of, and the forecast's rows there."""
    stamps = pd.DatetimeIndex(forecast["interval_start"]).tz_convert(zone).tz_localize(None)
    day: Minutes = stamps.values.astype("datetime64[D]").astype(np.int64)
    worked = rota.day[rota.is_kind(*AT_WORK)]
    whole = Grid(zone, int(day.min()), int(day.max() - day.min()) + 1, step)
    span = f"{day_of(day.min())} to {day_of(day.max())}"
    first, last = (max(day.min(), worked.min()), min(day.max(), worked.max())) if len(worked) else (0, -1)
    if first > last:
        found = f"{day_of(worked.min())} to {day_of(worked.max())}" if len(worked) else "none"
        faults.add(FILE, f"work on days of the forecast, {span}", found=found, column="day")
        return whole, forecast
    for what, days, other in (("the forecast's", day, "rota"), ("the rota's", worked, "forecast")):
        left = np.unique(days[(days < first) | (days > last)])
        if len(left):
            faults.warn(
                f"{what} days from {day_of(left[0])} to {day_of(left[-1])} that the {other} does not tell of are not simulated"
            )
    inside = (day >= first) & (day <= last)
    return Grid(zone, int(first), int(last - first) + 1, step), forecast[inside]


def _table(
    result: SimulationResult, queues: Sequence[Queue], grid: Grid, given: pd.DataFrame
) -> pd.DataFrame:
    """The rows of ``simulation.csv``: where the coverage has one, or somebody came."""
    measures = result.by_queue_and_interval()
    by_name = _estimates(measures, queues)
    starts, parts = pd.Series(to_timestamps(grid.starts)), []
    for q, queue in enumerate(queues):
        columns: dict[str, Any] = {"interval_start": starts, "queue": queue.name}
        columns |= {"offered": measures.offered.mean[q], "answered": measures.answered.mean[q]}
        for name in ESTIMATED:
            found, end = by_name[name], ENDS[name]
            told = {name: found.mean[q], f"{end}_low": found.low[q], f"{end}_high": found.high[q]}
            columns |= {column: _possible(name, values) for column, values in told.items()}
        beside = given[given["queue"] == queue.name].rename(columns=CALCULATED)
        part = pd.DataFrame(columns).merge(
            beside[["interval_start", *CALCULATED.values()]], on="interval_start", how="left", indicator=True
        )
        parts.append(part[(part["_merge"] == "both") | (part["offered"] > 0)])
    table = pd.concat(parts).sort_values(["interval_start", "queue"], kind="stable", ignore_index=True)
    return table[list(COLUMNS)].round({name: _decimals(name) for name in COLUMNS[2:]}).replace(np.inf, np.nan)


def _estimates(measures: Measures, queues: Sequence[Queue]) -> dict[str, Estimate]:
    """Estimates by the names of ours, queues along the first axis; service by each queue's own definition."""
    levels = [getattr(measures, f"sl_{queue.service_level_definition}") for queue in queues]
    service = Estimate(
        *(
            np.array([getattr(level, part)[q] for q, level in enumerate(levels)])
            for part in ("mean", "half_width")
        )
    )
    return _named(measures, service)


def _named(measures: Measures, service: Estimate) -> dict[str, Estimate]:
    found = (service, measures.asa_served_s, measures.p_abandon, measures.occupancy)
    return dict(zip(ESTIMATED, found, strict=True))


def _by_queue(result: SimulationResult, queues: Sequence[Queue], given: pd.DataFrame) -> dict[str, Any]:
    """Totals of every queue."""
    measures = result.by_queue()
    by_name = _counts(measures) | _estimates(measures, queues)
    return {
        queue.name: {name: _told(name, one, q) for name, one in by_name.items()}
        | {"calculated": _calculated(given[given["queue"] == queue.name])}
        for q, queue in enumerate(queues)
    }


def _altogether(result: SimulationResult, queues: Sequence[Queue], given: pd.DataFrame) -> dict[str, Any]:
    """Totals of all queues together; their service only where all define it alike."""
    measures = result.total()
    definitions = {queue.service_level_definition for queue in queues}
    service = getattr(measures, f"sl_{next(iter(definitions))}")
    by_name = _counts(measures) | _named(measures, service)
    calculated = _calculated(given[given["queue"].isin([queue.name for queue in queues])])
    if len(definitions) > 1:
        del by_name["service_level"]
        calculated["service_level"] = None
    return {name: _told(name, one) for name, one in by_name.items()} | {"calculated": calculated}


def _counts(measures: Measures) -> dict[str, Estimate]:
    return {name: getattr(measures, name) for name in ("offered", "answered", "abandoned")}


def _calculated(given: pd.DataFrame) -> dict[str, float | None]:
    """What the coverage says over all its intervals: by contacts, waits by those answered, occupancy by agents."""
    contacts, gone = (
        given["expected_contacts"].to_numpy(dtype=float),
        given["abandonment"].to_numpy(dtype=float),
    )
    weights = (contacts, contacts * (1.0 - gone), contacts, given["agents_effective"].to_numpy(dtype=float))
    found = {"offered": known(contacts.sum(), DECIMALS["offered"])}
    for name, weight in zip(ESTIMATED, weights, strict=True):
        here = weight > 0
        value = (
            np.average(given[name].to_numpy(dtype=float)[here], weights=weight[here])
            if here.any()
            else np.nan
        )
        found[name] = known(value, _decimals(name))
    return found


def _told(name: str, estimate: Estimate, place: int | tuple[()] = ()) -> dict[str, float | None]:
    """Mean and interval of one estimate as plain numbers."""
    parts = {part: np.asarray(getattr(estimate, part))[place] for part in ("mean", "low", "high")}
    return {part: known(float(_possible(name, value)), _decimals(name)) for part, value in parts.items()}


def _possible(name: str, values: Any) -> Any:
    """Values within what the measure can be: the ends of an interval may lie beyond."""
    return np.clip(values, 0.0, np.inf if _decimals(name) < SHARE_DECIMALS else 1.0)


def _decimals(column: str) -> int:
    return next((digits for name, digits in DECIMALS.items() if name in column), SHARE_DECIMALS)


def _of_backup(
    result: SimulationResult, pools: Sequence[Backup], floor: NamedFloor, facts: BackupFacts
) -> dict[str, Any]:
    """Calls, people, hours and cost of each pool over all days, and in which share of replications it was called at all."""
    paid = paid_for(result, pools, floor.people, floor.pools, facts)
    found: dict[str, Any] = {}
    for pool in pools:
        calls = np.zeros(len(result.counts))
        if pool.name in floor.pools:
            calls = result.backup_activations[:, floor.pools.index(pool.name)].sum(axis=1)
        counted = {"activations": calls, **paid.get(pool.name, dict.fromkeys(PAID, np.zeros_like(calls)))}
        found[pool.name] = {name: _told(name, mean(each[:, None]), 0) for name, each in counted.items()}
        found[pool.name]["share_of_replications"] = known(float((calls > 0).mean()))
    return found


def _not_simulated(needed: pd.DataFrame, queues: Sequence[Queue]) -> dict[str, float]:
    """Hours of work that may wait, by queue."""
    waiting = needed[~needed["queue"].isin([queue.name for queue in queues])]
    hours = (
        (waiting["offered"] * waiting["aht_seconds"].fillna(0.0) / 3600.0)
        .groupby(waiting["queue"], sort=False)
        .sum()
    )
    return {str(name): round(float(value), 2) for name, value in hours.items()}


def _nobody_there(result: SimulationResult, queues: Sequence[Queue]) -> Iterator[str]:
    """Queues to which customers come while nobody who answers them is at work."""
    staffed = np.einsum("gi,gq->qi", result.staffed_by_group_s.sum(axis=0), result.serves.astype(float))
    alone: NDArray[np.bool_] = (staffed == 0) & (result.count("offered").sum(axis=0) > 0)
    for queue, count in zip(queues, alone.sum(axis=1).tolist(), strict=True):
        if count:
            yield f"queue {queue.name}: intervals in which customers come and nobody who answers them is at work: {count}"
