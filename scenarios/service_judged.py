"""The service that a rota gives over days or weeks, judged without the solver: by formulas, or by simulation where skills pool."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.folder import Centre
from centre.instants import Grid, from_timestamps
from centre.model import Settings
from centre.people import Agent
from scenarios.demand import holidays_of, open_rows
from scenarios.peak_contacts import at_peaks
from scenarios.peak_settings import settings_of_table
from scenarios.simulated_backup import backup_facts
from scenarios.simulated_floor import floor_of, simulated_queues
from scheduler.coverage import coverage
from scheduler.rota import Rota
from scheduler.staffing.demand import Demand, demand
from scheduler.staffing.simulation import SimulationResult, simulate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REPLICATIONS = 100


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """The service of one rota.

    Parameters
    ----------
    agents : agents rostered that each interval of each queue is counted, weighed by speed, shape (queues, intervals)
    late : expected contacts outside the target there, same shape
    share, low, high : of contacts, served in time over each period, with the ends of its 95 % interval (alike where formulas judge),
        shape (queues, periods); NaN where nobody comes
    """

    agents: Floats
    late: Floats
    share: Floats
    low: Floats
    high: Floats


class Judge(Protocol):
    """Tells the service that a rota gives."""

    @property
    def name(self) -> str:
        """``expected`` or ``simulated``."""

    def __call__(self, rota: Rota) -> Judged:
        """The service of a rota."""


def skills_pool(settings: Settings, agents: Sequence[Agent]) -> bool:
    """Whether somebody serves queues of more than one team, so that no formula knows a queue's service."""
    team = {queue.name: queue.pool or f" {queue.name}" for queue in settings.queue if not queue.deferred}
    return any(len({team[name] for name, _ in agent.skills if name in team}) > 1 for agent in agents)


def judge_of(
    centre: Centre,
    requirement: pd.DataFrame,
    forecast: pd.DataFrame | None,
    grid: Grid,
    period: Ints,
    seed: int = 1,
) -> Judge:
    """The judge of a centre's rotas: simulation where skills pool and a forecast is known, else formulas.

    Parameters
    ----------
    requirement : columns of ``requirement.csv``
    forecast : columns of ``forecast.csv``; None where a plan begins with its requirement
    period : the period that each interval of ``grid`` counts for, shape (intervals,)
    """
    by_formula = Expected(centre, requirement, grid, period)
    if forecast is None or not skills_pool(centre.settings, centre.agents):
        return by_formula
    holidays = holidays_of(centre, grid)
    is_open = open_rows(forecast, centre.settings, holidays, centre.calendar)
    asked = demand(forecast, centre.settings, is_open, holidays, centre.calendar)
    return Simulated(by_formula, at_peaks(asked, settings_of_table(centre, forecast)), seed)


@dataclass(frozen=True, eq=False)
class Expected:
    """Judges by formulas, what waits at the end of an interval carried into the next (`scheduler.coverage`)."""

    centre: Centre
    requirement: pd.DataFrame
    grid: Grid
    period: Ints
    name: str = "expected"

    def __call__(self, rota: Rota) -> Judged:
        """The service of a rota."""
        settings, grid = self.centre.settings, self.grid
        table = coverage(rota, self.requirement, settings, self.centre.agents, self.centre.backlog)
        place = (from_timestamps(table["interval_start"]) - grid.start) // grid.interval_minutes
        row = (
            table["queue"]
            .map({queue.name: k for k, queue in enumerate(settings.queue)})
            .to_numpy(dtype=np.int64)
        )
        inside = (place >= 0) & (place < len(grid.starts))
        found = np.zeros((3, len(settings.queue), len(grid.starts)))
        for k, name in enumerate(("agents_effective", "expected_late", "expected_contacts")):
            found[k, row[inside], place[inside]] = table[name].to_numpy(dtype=float)[inside]
        agents, late, contacts = found
        belongs = members(self.period, int(self.period.max()) + 1)
        came, missed = contacts @ belongs, late @ belongs
        share = 1.0 - np.divide(missed, came, out=np.full(came.shape, np.nan), where=came > 0)
        return Judged(agents, late, share, share, share)


@dataclass(frozen=True, eq=False)
class Simulated:
    """Judges contact by contact, the same customers every time; agents are counted as `Expected` counts them."""

    expected: Expected
    asked: Demand
    seed: int
    name: str = "simulated"

    def __call__(self, rota: Rota) -> Judged:
        """The service of a rota."""
        centre, judged = self.expected.centre, self.expected(rota)
        settings, grid = centre.settings, self.expected.grid
        facts = backup_facts(centre, self.expected.requirement)
        floor, _ = floor_of(rota, self.asked, settings, centre.agents, centre.backlog, facts)
        result = simulate(floor, REPLICATIONS, self.seed)
        queues, of_settings = simulated_queues(settings), [queue.name for queue in settings.queue]
        place = (self.asked.grid.starts - grid.start) // grid.interval_minutes
        inside = (place >= 0) & (place < len(grid.starts))
        at, late, ends = place[inside], judged.late.copy(), np.array([judged.share, judged.low, judged.high])
        belongs = np.zeros((len(place), ends.shape[2]))
        belongs[inside] = members(self.expected.period[at], ends.shape[2])
        by_interval = result.by_queue_and_interval()
        by_time = over_periods(result, belongs).by_queue_and_interval()
        for q, queue in enumerate(queues):
            k, level = of_settings.index(queue.name), f"sl_{queue.service_level_definition}"
            missed = (1.0 - getattr(by_interval, level).mean[q]) * by_interval.offered.mean[q]
            late[k, at] = np.nan_to_num(missed[inside])
            found = getattr(by_time, level)
            ends[:, k] = found.mean[q], np.maximum(found.low[q], 0.0), np.minimum(found.high[q], 1.0)
        return Judged(judged.agents, late, *ends)


def members(period: Ints, periods: int) -> Floats:
    """Which interval belongs to which period, 1 or 0, shape (intervals, periods)."""
    return np.asarray(period[:, None] == np.arange(periods), dtype=np.float64)


def over_periods(result: SimulationResult, belongs: Floats) -> SimulationResult:
    """A result whose intervals are added up to periods; ``belongs`` as of `members`, 0 throughout for intervals left out.

    Each queue's patience is taken to be that of its first interval.
    """
    patience = result.patience_seconds
    return replace(
        result,
        warm_up_intervals=0,
        patience_seconds=None if patience is None else np.repeat(patience[:, :1], belongs.shape[1], axis=1),
        counts=np.einsum("rqic,ip->rqpc", result.counts, belongs),
        busy_by_group_s=result.busy_by_group_s @ belongs,
        staffed_by_group_s=result.staffed_by_group_s @ belongs,
        backup_activations=result.backup_activations @ belongs,
    )
