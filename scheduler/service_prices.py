"""What service costs where a day's or a week's target counts instead of every interval's: prices of cover from shortage curves.

A contact served late is worth the same whenever it comes. So each queue has one price for a late contact over a period (a day, a
week), and the agents of every interval are worth what their lower convex envelope (`scheduler.staffing.envelope`) says that they
avoid at that price. Which price meets a period's target at least cost follows from the curves alone: agents are added where they
avoid most, until few enough contacts are late. For curves that add up and are convex nothing is cheaper. A rota cannot follow every
interval, so its own result corrects the price (`scenarios.service_target`).

**Source:** Gross, A class of discrete-type minimization problems (1956), for the greedy choice; Everett, Generalized Lagrange
multiplier method (1963), for the price of a late contact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Grid, from_timestamps, week_of
from centre.model import Settings
from scheduler.problem import RotaProblem
from scheduler.staffing.curves import least_agents, pieces_of, shortage_curves
from scheduler.staffing.shrinkage import unplanned_loss
from scheduler.terms import CoverPrices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FLOOR_FACTOR = 10.0
"""An agent missing to an interval's floor costs so many times what the deepest shortage costs, by curve or by setting."""


@dataclass(frozen=True, eq=False, slots=True)
class ServiceCurves:
    """The envelopes of all queues in which customers wait, one an entry, in agents on the rota (before unplanned shrinkage).

    Parameters
    ----------
    queue, interval : the curve's place in the problem, shape (curves,)
    agents, late : corners of each envelope, agents rising, shape (curves, corners); the last corner fills the row
    least : agents below which the interval's service falls under its floor, shape (curves,)
    contacts : expected in the interval, shape (curves,)
    """

    queue: Ints
    interval: Ints
    agents: Floats
    late: Floats
    least: Floats
    contacts: Floats

    @property
    def slopes(self) -> Floats:
        """Late contacts that an agent avoids between two corners, shape (curves, corners - 1); along a row never more than before."""
        width, drop = np.diff(self.agents), -np.diff(self.late)
        gain = np.divide(drop, width, out=np.zeros(width.shape), where=width > 0)
        return np.minimum.accumulate(gain, axis=1)

    def late_with(self, agents: Floats) -> Floats:
        """The envelopes' values at so many agents, shape (curves,); below its first corner each goes on as steeply as it begins."""
        beyond = agents - self.agents[:, 0]
        used = np.clip(agents[:, None] - self.agents[:, :-1], 0.0, np.diff(self.agents))
        used[:, :1] += np.minimum(beyond, 0.0)[:, None]
        return np.asarray(self.late[:, 0] - (used * self.slopes).sum(axis=1))


@dataclass(frozen=True, eq=False, slots=True)
class Cheapest:
    """The fewest agent-intervals that meet every group's budget of late contacts.

    Parameters
    ----------
    agents : of each curve, fractions allowed, shape (curves,)
    late : late contacts with them, shape (groups,)
    slope : late contacts that the last agent added avoids, shape (groups,): where the floors are enough, those of the first one that
        is not needed; 0 where no agent avoids any
    """

    agents: Floats
    late: Floats
    slope: Floats


def service_curves(requirement: pd.DataFrame, settings: Settings, grid: Grid) -> ServiceCurves:
    """The envelopes of a requirement's immediate queues within a grid, above the floor that the objective's settings ask for.

    Raises
    ------
    BadInput
        as `scheduler.staffing.curves.shortage_curves`.
    """
    place = (from_timestamps(requirement["interval_start"]) - grid.start) // grid.interval_minutes
    inside = requirement[(place >= 0) & (place < len(grid.starts))]
    keys, pieces = pieces_of(shortage_curves(inside, settings))
    none = np.zeros((len(keys), 1))
    beyond = np.cumsum(np.hstack([none, pieces.agents]), axis=1)
    avoided = np.cumsum(np.hstack([none, pieces.agents * pieces.avoided]), axis=1)
    floors = least_agents(inside, settings, settings.objective.interval_floor_share)
    keys = keys.merge(floors, on=["interval_start", "queue"], how="left")
    keys = keys.merge(inside[["interval_start", "queue", "offered"]], on=["interval_start", "queue"])
    names = {queue.name: k for k, queue in enumerate(settings.queue)}
    interval = (from_timestamps(keys["interval_start"]) - grid.start) // grid.interval_minutes
    there = (1.0 - unplanned_loss(settings.shrinkage, grid))[interval]
    return ServiceCurves(
        np.asarray(keys["queue"].map(names).to_numpy(dtype=np.int64)),
        np.asarray(interval, dtype=np.int64),
        (pieces.floor[:, None] + beyond) / there[:, None],
        pieces.late_at_floor[:, None] - avoided,
        keys["agents"].to_numpy(dtype=float) / there,
        keys["offered"].to_numpy(dtype=float),
    )


def periods_of(grid: Grid, settings: Settings) -> tuple[Ints, tuple[int, ...]]:
    """The period over which a target counts of each interval, as a place among their first days; both in order of time.

    A day, or a calendar week from the centre's ``week_start``, as the objective says; weeks that the horizon cuts count for the part
    that lies in it.
    """
    days = grid.local_days()
    if settings.objective.service == "week":
        days = np.array([week_of(int(day), settings.centre.week_start) for day in days])
    first, place = np.unique(days, return_inverse=True)
    return np.asarray(place, dtype=np.int64), tuple(int(day) for day in first)


def cheapest(curves: ServiceCurves, group: Ints, budget: Floats) -> Cheapest:
    """The fewest agent-intervals by the curves alone.

    Parameters
    ----------
    group : which budget each curve counts towards, shape (curves,)
    budget : most late contacts of each group, shape (groups,)

    Examples
    --------
    >>> one = ServiceCurves(*np.zeros((2, 1), dtype=int), np.array([[1.0, 2.0, 4.0]]), np.array([[9.0, 4.0, 2.0]]), *np.ones((2, 1)))
    >>> found = cheapest(one, np.array([0]), np.array([3.0]))
    >>> found.agents.tolist(), found.slope.tolist()
    ([3.0], [1.0])
    """
    base = np.maximum(curves.least, curves.agents[:, 0])
    low, high = np.maximum(curves.agents[:, :-1], base[:, None]), curves.agents[:, 1:]
    width, slopes = np.maximum(high - low, 0.0), curves.slopes
    agents, at_base = base.copy(), curves.late_with(base)
    late, slope = np.zeros(len(budget)), np.zeros(len(budget))
    for g in range(len(budget)):
        rows = np.flatnonzero(group == g)
        late[g], slope[g] = _filled(rows, width, slopes, agents, at_base, budget[g])
    return Cheapest(agents, late, slope)


def _filled(
    rows: Ints, width: Floats, slopes: Floats, agents: Floats, at_base: Floats, budget: float
) -> tuple[float, float]:
    """Add to ``agents`` of some rows what their budget needs; late contacts left, and what the last agent avoids."""
    late = float(at_base[rows].sum())
    row, piece = np.nonzero((width[rows] > 0) & (slopes[rows] > 0))
    gain, length = slopes[rows][row, piece], width[rows][row, piece]
    order = np.argsort(-gain, kind="stable")
    if not len(order):
        return late, 0.0
    gain, length = gain[order], length[order]
    before = late - np.concatenate([[0.0], np.cumsum(gain * length)])[:-1]  # late before each piece is added
    used = np.clip((before - budget) / gain, 0.0, length)
    np.add.at(agents, rows[row[order]], used)
    last = max(int(np.count_nonzero(used)) - 1, 0)
    return late - float((used * gain).sum()), float(gain[last])


def cover_prices(problem: RotaProblem, curves: ServiceCurves, late_price: Floats) -> CoverPrices:
    """What cover is worth where late contacts have a price.

    Below its floor an interval costs far more than any late contact. Queues without curves (work that may wait) are priced as
    the objective says. Rows of pieces are sorted by level; those that say nothing have a rate of 0.

    Parameters
    ----------
    late_price : price of one late contact, shape (curves,)
    """
    usual, hours = problem.cover_prices(), problem.grid.interval_minutes / 60
    at = curves.queue, curves.interval
    priced = curves.slopes * (late_price / hours)[:, None]
    steps = priced - np.column_stack([priced[:, 1:], np.zeros(len(priced))])
    floor = FLOOR_FACTOR * max(float(usual.rates.sum(axis=0).max()), float(priced.max(initial=0.0)))
    count = max(len(usual.levels), curves.agents.shape[1])
    levels, rates = np.zeros((2, count, *usual.surplus.shape))
    levels[: len(usual.levels)], rates[: len(usual.levels)] = usual.levels, usual.rates
    own = (
        np.column_stack([curves.agents[:, 1:], curves.least]),
        np.column_stack([steps, np.full(len(steps), floor)]),
    )
    order = np.argsort(-own[0], axis=1, kind="stable")
    for filled, values in zip((levels, rates), own, strict=True):
        filled[:, at[0], at[1]] = 0.0
        filled[: values.shape[1], at[0], at[1]] = np.take_along_axis(values, order, axis=1).T
    return CoverPrices(levels, rates, usual.surplus)


def corrected(curves: ServiceCurves, agents: Floats, late: Floats, part: float = 1.0) -> ServiceCurves:
    """Curves moved along the agents so that each passes through what was seen: so many late with so many agents.

    Where skills pool, the agents that a queue is counted are helped by others, or help them: each curve is moved by the agents that
    this is worth, by at most half of those there and never less than two.

    Parameters
    ----------
    agents, late : agents on the rota that each interval was counted, and its late contacts by simulation, shape (curves,)
    part : how far of the way each is moved
    """
    worth = np.array([_agents_at(*rows) for rows in zip(curves.agents, curves.late, late, strict=True)])
    most = np.maximum(2.0, agents / 2)
    moved = part * np.clip(worth - agents, -most, most)
    moved = np.where(curves.contacts > 0, moved, 0.0)
    return replace(
        curves,
        agents=np.maximum(curves.agents - moved[:, None], 0.0),
        least=np.maximum(curves.least - moved, 0.0),
    )


def _agents_at(agents: Floats, late: Floats, value: float) -> float:
    """Agents at which a falling curve has a value; its first or last corner where it never has."""
    return float(np.interp(-value, -late, agents))


def groups_of(curves: ServiceCurves, period: Ints, periods: int) -> Ints:
    """The group of each curve: its queue and period, in that order, shape (curves,)."""
    return np.asarray(curves.queue * periods + period[curves.interval], dtype=np.int64)


def by_group(group: Ints, values: Floats, shape: tuple[int, ...]) -> Floats:
    """Sums of the curves' values over each group, as queues x periods: ``shape``."""
    return np.bincount(group, values, minlength=int(np.prod(shape))).astype(np.float64).reshape(shape)


def budgets(curves: ServiceCurves, group: Ints, shape: tuple[int, int], target: Sequence[float]) -> Floats:
    """Most late contacts of every queue and period, of ``shape``; ``target`` is the share in time that each queue asks for."""
    return by_group(group, curves.contacts * (1.0 - np.array(target))[curves.queue], shape)
