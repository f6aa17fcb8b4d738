"""Cover per queue and interval and its price, as arrays for compiled code.

Everything here is minutes of effective work (people x speed x minutes inside an interval), so that a 15-minute break in a 30-minute
interval counts as the half it is. The price of an interval is convex and piecewise linear in its cover; below the minimum it is so
high that no rota falls short that need not. Innermost functions take bare arrays: unpacking a tuple of arrays costs more than they do.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled_bare
from scheduler.problem import Floats, RotaProblem

Ints = NDArray[np.int64]


class Floor(NamedTuple):
    """The problem's cover side as arrays for compiled code; instants are minutes after the grid's start.

    Rows are the queues and behind them the duty rows, which everybody on duty adds to whatever queue they serve.

    Parameters
    ----------
    levels : minutes of effective work below which more is missing, shape (rows, intervals, pieces), the highest first
    rates : by how much the price of a further minute missing rises below each level, of the same shape
    surplus : price of each minute above the highest level, shape (rows, intervals)
    wanted : where the price is nothing, shape (rows, intervals)
    queues : how many of the rows are queues
    first_break : breaks of shift s are rows ``first_break[s]:first_break[s + 1]`` of ``breaks``
    breaks : length, earliest, latest, step, index of the length in ``pauses``
    shift_day : day of the horizon that each shift belongs to, from 0
    atom : every shift and break starts on a multiple of these minutes
    grain : and every one starts and ends on a multiple of these
    """

    interval_minutes: int
    levels: Floats
    rates: Floats
    surplus: Floats
    wanted: Floats
    queues: int
    shift_start: Ints
    shift_length: Ints
    shift_day: Ints
    first_break: Ints
    breaks: Ints
    pauses: Ints
    atom: int
    grain: int


def floor_of(problem: RotaProblem) -> Floor:
    """The arrays of a problem."""
    length, origin = problem.grid.interval_minutes, problem.grid.start
    starts = np.array([s.start - origin for s in problem.shifts], dtype=np.int64)
    templates = [s.template for s in problem.shifts]
    pauses = sorted({b.minutes for t in templates for b in t.breaks})
    rows = [
        (b.minutes, b.earliest_minutes, b.latest_minutes, b.step_minutes, pauses.index(b.minutes))
        for t in templates
        for b in t.breaks
    ]
    breaks = np.array(rows, dtype=np.int64).reshape(-1, 5)
    lengths = np.array([t.duration_minutes for t in templates], dtype=np.int64)
    atom = int(np.gcd.reduce(np.concatenate([starts, breaks[:, 1], breaks[:, 3], [length]])))
    levels, rates, surplus, wanted = _prices(problem)
    return Floor(
        length, levels, rates, surplus, wanted, len(problem.queues),
        starts, lengths, np.array([s.day - problem.grid.first_day for s in problem.shifts], dtype=np.int64),
        np.cumsum([0, *(len(t.breaks) for t in templates)]).astype(np.int64), breaks,
        np.array(pauses, dtype=np.int64), atom, int(np.gcd.reduce(np.concatenate([lengths, breaks[:, 0], [atom]]))),
    )  # fmt: skip


def _prices(problem: RotaProblem) -> tuple[Floats, Floats, Floats, Floats]:
    """Levels, rates, surplus and what is wanted, as in `Floor`."""
    prices, length = problem.cover_prices(), problem.grid.interval_minutes
    levels = np.concatenate([prices.levels, problem.minimum[None]])
    rates = np.concatenate([prices.rates, np.full((1, *problem.minimum.shape), below_minimum_rate(problem))])
    surplus = np.concatenate([prices.surplus, np.zeros((len(problem.duty), levels.shape[2]))])
    if problem.duty:
        needed = np.stack([duty.needed for duty in problem.duty])
        worth = np.zeros((len(rates), *needed.shape))
        worth[0] = np.array([duty.price_per_hour for duty in problem.duty])[:, None]
        levels = np.concatenate([levels, np.broadcast_to(needed, worth.shape)], axis=1)
        rates = np.concatenate([rates, worth], axis=1)
    wanted = levels[0].copy()
    rates[0] += surplus
    order = np.argsort(-levels, axis=0, kind="stable")
    by_interval = [np.moveaxis(np.take_along_axis(a, order, axis=0), 0, 2) for a in (levels, rates)]
    return (
        np.ascontiguousarray(by_interval[0] * length), np.ascontiguousarray(by_interval[1] / 60),
        surplus / 60, wanted * length,
    )  # fmt: skip


def below_minimum_rate(problem: RotaProblem) -> float:
    """Price of an agent-hour below the minimum."""
    return problem.objective.shortage_per_agent_hour * problem.objective.below_minimum_factor


@compiled_bare
def price(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, row: int, interval: int, cover: float
) -> float:
    """Price of one interval of one row at this cover."""
    total = (cover - wanted[row, interval]) * surplus[row, interval]
    for piece in range(levels.shape[2]):
        missing = levels[row, interval, piece] - cover
        if missing <= 0:
            break
        total += missing * rates[row, interval, piece]
    return float(total)


@compiled_bare
def total_price(floor: Floor, cover: Floats) -> float:
    """Price of all cover, shape (rows, intervals)."""
    total = 0.0
    for row in range(cover.shape[0]):
        for interval in range(cover.shape[1]):
            total += price(
                floor.levels, floor.rates, floor.surplus, floor.wanted, row, interval, cover[row, interval]
            )
    return total


@compiled_bare
def overlap(start: int, end: int, interval: int, length: int) -> int:
    """Minutes that ``[start, end)`` shares with an interval."""
    return max(0, min(end, (interval + 1) * length) - max(start, interval * length))


@compiled_bare
def span(start: int, end: int, length: int, intervals: int) -> tuple[int, int]:
    """First and last+1 interval that ``[start, end)`` touches; what lies outside the grid is left out."""
    return max(start // length, 0), min(-(-end // length), intervals)
