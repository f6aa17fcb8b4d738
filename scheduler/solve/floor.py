"""What a shift is worth given who else is there: cover per queue and interval, its price, and where breaks hurt least.

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
def best_queue(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, interval: int,
    minutes: float,
) -> tuple[int, float]:  # fmt: skip
    """The queue in which ``minutes`` of this person lower the price most, and the change of price, that of duty rows with it.

    ``speeds`` has shape (rows,): a queue's speed (0: not their skill), and behind them what the person adds to each duty row. Without
    skills the queue is -1.
    """
    chosen, change, duty = -1, np.inf, 0.0
    for row in range(len(speeds)):
        if speeds[row] != 0:
            now = cover[row, interval]
            then = now + minutes * speeds[row]
            gain = price(levels, rates, surplus, wanted, row, interval, then) - price(
                levels, rates, surplus, wanted, row, interval, now
            )
            if row >= queues:
                duty += gain
            elif gain < change:
                chosen, change = row, gain
    return chosen, duty + (change if chosen >= 0 else 0.0)


@compiled_bare
def overlap(start: int, end: int, interval: int, length: int) -> int:
    """Minutes that ``[start, end)`` shares with an interval."""
    return max(0, min(end, (interval + 1) * length) - max(start, interval * length))


@compiled_bare
def span(start: int, end: int, length: int, intervals: int) -> tuple[int, int]:
    """First and last+1 interval that ``[start, end)`` touches; what lies outside the grid is left out."""
    return max(start // length, 0), min(-(-end // length), intervals)


@compiled_bare
def place(
    floor: Floor, cover: Floats, speeds: Floats, shift: int, minutes: Floats, gains: Floats, out: Ints
) -> float:
    """Change of price when this person works ``shift`` with its breaks where they hurt least, one after another.

    Writes minutes of work per touched interval to ``minutes`` and break starts to ``out``; ``gains`` is scratch of the same length.
    """
    length, levels, rates, breaks = floor.interval_minutes, floor.levels, floor.rates, floor.breaks
    surplus, wanted, queues = floor.surplus, floor.wanted, floor.queues
    start, end = floor.shift_start[shift], floor.shift_start[shift] + floor.shift_length[shift]
    first, last = span(start, end, length, cover.shape[1])
    total = 0.0
    for t in range(first, last):
        minutes[t - first] = overlap(start, end, t, length)
        gains[t - first] = best_queue(
            levels, rates, surplus, wanted, queues, cover, speeds, t, minutes[t - first]
        )[1]
        total += gains[t - first]
    for k in range(floor.first_break[shift], floor.first_break[shift + 1]):
        pause = breaks[k, 0]
        best, chosen = np.inf, start + breaks[k, 1]
        for at in range(start + breaks[k, 1], start + breaks[k, 2] + 1, breaks[k, 3]):
            change = 0.0
            for t in range(max(at // length, first), min(-((-at - pause) // length), last)):
                left = minutes[t - first] - overlap(at, at + pause, t, length)
                change += (
                    best_queue(levels, rates, surplus, wanted, queues, cover, speeds, t, left)[1]
                    - gains[t - first]
                )
            if change < best - 1e-9:
                best, chosen = change, at
        out[k - floor.first_break[shift]] = chosen
        total += best
        for t in range(max(chosen // length, first), min(-((-chosen - pause) // length), last)):
            minutes[t - first] -= overlap(chosen, chosen + pause, t, length)
            gains[t - first] = best_queue(
                levels, rates, surplus, wanted, queues, cover, speeds, t, minutes[t - first]
            )[1]
    return total


@compiled_bare
def whole_gains(
    floor: Floor, cover: Floats, speeds: Floats, gains: Floats, sums: Floats, savings: Floats
) -> None:
    """What this person changes by working whole intervals, and by not working a break inside them.

    Fills ``gains`` (intervals,), their running sum ``sums`` (intervals + 1,) and ``savings`` (pauses, atoms): the change of price when a
    break of that length starts at that atom of a stretch of whole intervals.
    """
    length, count = floor.interval_minutes, cover.shape[1]
    levels, rates, surplus = floor.levels, floor.rates, floor.surplus
    wanted, queues = floor.wanted, floor.queues
    sums[0] = 0.0
    for t in range(count):
        gains[t] = best_queue(levels, rates, surplus, wanted, queues, cover, speeds, t, length)[1]
        sums[t + 1] = sums[t] + gains[t]
    for pause in range(len(floor.pauses)):
        minutes = floor.pauses[pause]
        for atom in range(savings.shape[1]):
            at, change = atom * floor.atom, 0.0
            for t in range(at // length, min(-((-at - minutes) // length), count)):
                left = float(length - overlap(at, at + minutes, t, length))
                change += (
                    best_queue(levels, rates, surplus, wanted, queues, cover, speeds, t, left)[1] - gains[t]
                )
            savings[pause, atom] = change


@compiled_bare
def worth(
    floor: Floor,
    cover: Floats,
    speeds: Floats,
    shifts: Ints,
    gains: Floats,
    sums: Floats,
    savings: Floats,
    value: Floats,
) -> None:
    """Add to ``value`` what each of ``shifts`` would change, from `whole_gains`; two breaks in one interval are taken as if apart."""
    length, levels, rates, surplus = floor.interval_minutes, floor.levels, floor.rates, floor.surplus
    wanted, queues, breaks, atom = floor.wanted, floor.queues, floor.breaks, floor.atom
    starts, lengths, first_break = floor.shift_start, floor.shift_length, floor.first_break
    for shift in shifts:
        start, end = starts[shift], starts[shift] + lengths[shift]
        first, last = span(start, end, length, cover.shape[1])
        if last <= first:
            continue
        total = sums[last] - sums[first]
        for t in (first, last - 1):
            inside = overlap(start, end, t, length)
            if inside < length and (t == first or last - 1 > first):
                total += (
                    best_queue(levels, rates, surplus, wanted, queues, cover, speeds, t, float(inside))[1]
                    - gains[t]
                )
        for k in range(first_break[shift], first_break[shift + 1]):
            best = np.inf
            for at in range(start + breaks[k, 1], start + breaks[k, 2] + 1, breaks[k, 3]):
                if at // atom < savings.shape[1]:
                    best = min(best, savings[breaks[k, 4], at // atom])
            if best < np.inf:
                total += best
        value[shift] += total
