"""What a day's service target saves against every interval's: agent-hours needed by curves, and hours that the engine rosters.

    python benchmarks/day_target.py                    # agents needed, whole agents at their desks
    python benchmarks/day_target.py --rosters          # and rotas of people who are paid by the hour

Agents needed: the fewest whole agents at their desks in every interval, with which each interval meets its target (`requirement`),
beside those that meet each queue's target over each day with no interval below half of it (`cheapest` on the curves, aimed so that
the recount with what waits carried over meets the target). Both are recounted and simulated. Shifts play no part.

Rosters: contracts keep their shifts, days and most hours, but no least: whoever is rostered is paid by the hour, so that fewer hours
are cheaper; a missing agent costs ten times what the example says, so that hours are bought until the target is met. On `anonbank`
everybody is there twice, since its 24 people cannot give every interval what it needs. `us-bank` is run with its occupancy limit of
88 %, which holds in every interval whatever the target, and without it. Needs no peers.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.folder import Centre, read_centre
from centre.model import Queue, Shrinkage
from scenarios.demand import holidays_of, horizon, open_rows, requirement_of
from scenarios.forecasting import forecast_of
from scenarios.plan import Plan, rota_plan
from scenarios.service_judged import members, over_periods
from scenarios.simulated_floor import floor_of
from scheduler.rota import COLUMNS, Rota
from scheduler.service_prices import budgets, by_group, cheapest, groups_of, periods_of, service_curves
from scheduler.solution import Limits
from scheduler.staffing.demand import demand
from scheduler.staffing.requirement import expected_service
from scheduler.staffing.simulation import simulate

Floats = NDArray[np.float64]
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
DAYS, REPLICATIONS, HALVINGS, DEARER = 7, 100, 14, 10.0


@dataclass(frozen=True, slots=True)
class Case:
    """One example and what is changed in it."""

    name: str
    folder: str
    start: date
    change: Callable[[Queue], Queue]
    crews: int = 1


def as_it_is(queue: Queue) -> Queue:
    """No change."""
    return queue


CASES = (
    Case("us-bank", "us-bank", date(2003, 10, 6), as_it_is),
    Case(
        "us-bank, no occupancy limit", "us-bank", date(2003, 10, 6), lambda q: replace(q, max_occupancy=None)
    ),
    Case("anonbank", "anonbank", date(1999, 2, 21), as_it_is, crews=2),
)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rosters", action="store_true")
    parser.add_argument(
        "--effort", type=int, default=30, help="work of each solve; a day's target has up to three"
    )
    parser.add_argument("--case", nargs="*", type=int, default=range(len(CASES)))
    args = parser.parse_args()
    for case in (CASES[k] for k in args.case):
        centre, forecast = _read(case)
        print(f"{case.name}, {DAYS} days from {case.start}")
        needed(centre, forecast, case.start)
        if args.rosters:
            rostered(centre, forecast, case, args.effort)


def _read(case: Case) -> tuple[Centre, pd.DataFrame]:
    """The centre changed, and the forecast of its week."""
    whole = read_centre(EXAMPLES / case.folder)
    settings = replace(whole.settings, queue=tuple(case.change(queue) for queue in whole.settings.queue))
    centre = replace(whole, settings=settings)
    grid = horizon(settings, case.start, DAYS)
    return centre, forecast_of(centre, grid, holidays_of(centre, grid)).table


def needed(centre: Centre, forecast: pd.DataFrame, start: date) -> None:
    """Agents at their desks, whole, both ways."""
    bare = replace(
        centre.settings, shrinkage=Shrinkage(), objective=replace(centre.settings.objective, service="day")
    )
    of = replace(centre, settings=bare)
    grid = horizon(bare, start, DAYS)
    table = requirement_of(forecast, bare, holidays_of(of, grid), calendar=of.calendar)
    every = table["agents_required"].to_numpy(dtype=float)
    day = day_levels(of, table, start)
    hours = grid.interval_minutes / 60
    for name, agents in (("every interval", every), ("the day", day)):
        served = expected_service(table, agents, bare, carry_over=True)
        print(f"  needed for {name}: {agents.sum() * hours:,.1f} agent-hours")
        _tell(
            of,
            table,
            served["expected_late"].to_numpy(dtype=float),
            _crew(table, agents, grid.interval_minutes),
            forecast,
        )
    print(f"  saving {1 - day.sum() / every.sum():.1%}")


def day_levels(centre: Centre, table: pd.DataFrame, start: date) -> Floats:
    """Whole agents of each row that meet every queue's day by the recount, what waits carried over; aims found by halving."""
    settings, grid = centre.settings, horizon(centre.settings, start, DAYS)
    curves = service_curves(table, settings, grid)
    period, first = periods_of(grid, settings)
    shape = len(settings.queue), len(first)
    group = groups_of(curves, period, len(first))
    budget = budgets(curves, group, shape, [queue.target_share for queue in settings.queue])
    starts = pd.DatetimeIndex((grid.starts[curves.interval] * 60).astype("datetime64[s]"), tz="UTC")
    keys = pd.DataFrame({"interval_start": starts, "queue": [settings.queue[k].name for k in curves.queue]})
    rows = keys.reset_index().merge(table.reset_index(), on=["interval_start", "queue"])
    curve, row = rows["index_x"].to_numpy(), rows["index_y"].to_numpy()

    def at(aim: Floats) -> tuple[Floats, Floats]:
        exact = cheapest(curves, group, (budget * aim).ravel()).agents
        agents = np.zeros(len(table))
        agents[row] = np.maximum(np.rint(exact), np.ceil(curves.least - 1e-9))[curve]
        late = expected_service(table, agents, settings, carry_over=True)["expected_late"].to_numpy(
            dtype=float
        )
        of_curve = np.zeros(len(keys))
        of_curve[curve] = late[row]
        return agents, by_group(group, of_curve, shape)

    low, high = np.full(shape, 0.25), np.full(shape, 2.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = at(middle)[1] <= budget
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return at(low)[0]


def _crew(table: pd.DataFrame, agents: Floats, step: int) -> Rota:
    """So many people at work for each row, one more whenever one more is needed, each in one queue."""
    rows = []
    for queue, part in table.assign(agents=agents).groupby("queue"):
        for start, count in zip(part["interval_start"], part["agents"], strict=True):
            end = start + pd.Timedelta(minutes=step)
            rows += [
                (f"{queue} {k}", start.date(), start, end, f"work:{queue}", "any", True)
                for k in range(int(count))
            ]
    return Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)))


def rostered(centre: Centre, forecast: pd.DataFrame, case: Case, effort: int) -> None:
    """Rotas of people paid by the hour, both ways."""
    contracts = tuple(replace(c, weekly_minutes_min=0, days_min=0) for c in centre.settings.contract)
    agents = tuple(
        replace(agent, agent_id=f"{agent.agent_id}{chr(97 + k)}" if k else agent.agent_id)
        for k in range(case.crews)
        for agent in centre.agents
    )
    for service in ("interval", "day"):
        objective = replace(
            centre.settings.objective,
            service=service,
            shortage_per_agent_hour=DEARER * centre.settings.objective.shortage_per_agent_hour,
            surplus_per_agent_hour=0.0,
        )
        of = replace(
            centre, agents=agents, settings=replace(centre.settings, contract=contracts, objective=objective)
        )
        grid = horizon(of.settings, case.start, DAYS)
        table = requirement_of(forecast, of.settings, holidays_of(of, grid), calendar=of.calendar)
        rounds = 3 if service == "day" else 1
        began = time.perf_counter()
        made = rota_plan(of, table, case.start, DAYS, Limits(effort=rounds * effort), forecast=forecast)
        print(f"  rostered for {service}: {_hours(made)}, {time.perf_counter() - began:.0f} s")
        given = made.coverage["expected_late"].to_numpy(dtype=float)
        _tell(of, table, given, made.rota, forecast)
        if made.service:
            for k, each in enumerate(made.service.rounds):
                print(
                    f"    round {k + 1}: {each.paid_hours:,.0f} paid hours, met {each.met}, judged {made.service.judged_by}"
                )


def _hours(made: Plan) -> str:
    solution, missing = made.solution, np.maximum(-made.coverage["net_staffing"].to_numpy(dtype=float), 0.0)
    hours = made.grid.interval_minutes / 60
    return (
        f"{solution.rota.duties.paid.sum() / 60:,.1f} paid hours, {solution.rota.duties.worked.sum() / 60:,.1f} at work, "
        f"{missing.sum() * hours:,.1f} missing to every interval's, gap {solution.gap:.2%}, breaches {len(made.breaches)}"
    )


def _tell(centre: Centre, table: pd.DataFrame, late: Floats, rota: Rota, forecast: pd.DataFrame) -> None:
    """Service of each queue by day: recounted, and simulated with its interval."""
    recount = table.assign(
        late=late, day=table["interval_start"].dt.tz_convert(centre.settings.centre.timezone).dt.date
    )
    simulated = dict(_simulated(centre, rota, forecast))
    for queue in centre.settings.queue:
        sums = recount[recount["queue"] == queue.name].groupby("day")[["offered", "late"]].sum()
        days = " ".join(f"{share:.3f}" for share in 1 - sums["late"] / sums["offered"])
        print(
            f"    {queue.name} of {queue.target_share:.0%}: expected {days}; simulated {simulated[queue.name]}"
        )


def _simulated(centre: Centre, rota: Rota, forecast: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Service of each queue by day, with half the width of its 95 % interval."""
    settings, grid = centre.settings, horizon(centre.settings, forecast["interval_start"].min().date(), DAYS)
    holidays = holidays_of(centre, grid)
    asked = demand(
        forecast,
        settings,
        open_rows(forecast, settings, holidays, centre.calendar),
        holidays,
        centre.calendar,
    )
    people = centre.agents
    if not set(rota.agent_ids) <= {agent.agent_id for agent in people}:  # crews made for one queue
        any_of = people[0]
        people = tuple(
            replace(any_of, agent_id=name, skills=((name.rsplit(" ", 1)[0], 1.0),)) for name in rota.agent_ids
        )
    floor, _ = floor_of(rota, asked, centre.settings, people)
    result = simulate(floor, REPLICATIONS, 1)
    days = asked.grid.local_days()
    by_day = over_periods(result, members(days - days[0], asked.grid.days)).by_queue_and_interval()
    for q, queue in enumerate(centre.settings.queue):
        level = getattr(by_day, f"sl_{queue.service_level_definition}")
        told = ~np.isnan(level.mean[q])
        pairs = zip(level.mean[q][told], level.half_width[q][told], strict=True)
        yield queue.name, " ".join(f"{mean:.3f}±{half:.3f}" for mean, half in pairs)


if __name__ == "__main__":
    main()
