"""Who serves what, certified: in each interval the minutes of people with several skills are shared out where they cost least.

While a rota is in the making, minutes are shared out as `serve` does, nearly at the least cost. Those of a finished rota are divided
exactly, each counted once: a linear programme a day over skill sets, intervals and queues.
"""

from collections.abc import Iterator

import numpy as np
from ortools.math_opt.python import mathopt

from centre.instants import MINUTES_A_DAY
from scheduler.problem import Floats
from scheduler.solve.floor import Floor, overlap, span
from scheduler.solve.roster import Crew, Roster


def shared_cover(floor: Floor, crew: Crew, roster: Roster) -> Floats:
    """Minutes of effective work and duty where everybody serves at least cost, shape (rows, intervals)."""
    speeds, minutes = _at_work(floor, crew, roster)
    queues = floor.queues
    several = (speeds[:, :queues] > 0).sum(axis=1) > 1
    cover: Floats = np.einsum("sr,st->rt", speeds[~several], minutes[~several])
    cover[queues:] += np.einsum("sr,st->rt", speeds[several][:, queues:], minutes[several])
    for intervals in _days(floor, minutes[several]):
        _share(floor, speeds[several][:, :queues], minutes[several], intervals, cover)
    return cover


def _days(floor: Floor, minutes: Floats) -> Iterator[list[int]]:
    """Intervals with anything to share, a day at a time."""
    length = max(1, MINUTES_A_DAY // floor.interval_minutes)
    busy = np.flatnonzero(minutes.any(axis=0))
    for day in np.unique(busy // length).tolist():
        yield busy[busy // length == day].tolist()


def _at_work(floor: Floor, crew: Crew, roster: Roster) -> tuple[Floats, Floats]:
    """The distinct skill sets, and the minutes that people of each are at work, shape (skill sets, intervals)."""
    length, intervals = floor.interval_minutes, roster.cover.shape[1]
    speeds, number = np.unique(crew.speeds, axis=0, return_inverse=True)
    minutes = np.zeros((len(speeds), intervals))
    for person, day in zip(*np.nonzero(roster.line >= 0), strict=True):
        shift = roster.line[person, day]
        start, end = int(floor.shift_start[shift]), int(floor.shift_start[shift] + floor.shift_length[shift])
        breaks = floor.breaks[floor.first_break[shift] : floor.first_break[shift + 1], 0].tolist()
        stretches = [(start, end, 1)]
        stretches += [
            (at, at + b, -1) for at, b in zip(roster.pauses[person, day].tolist(), breaks, strict=False)
        ]
        mine = minutes[int(number.ravel()[person])]
        for begin, stop, sign in stretches:
            first, last = span(begin, stop, length, intervals)
            for t in range(first, last):
                mine[t] += sign * overlap(begin, stop, t, length)
    return speeds, minutes


def _share(floor: Floor, speeds: Floats, minutes: Floats, intervals: list[int], cover: Floats) -> None:
    """Add to ``cover`` what people of several skills serve in these intervals, where it costs least."""
    model = mathopt.Model()
    served: dict[tuple[int, int], list[mathopt.LinearTypes]] = {}
    shares: list[tuple[int, int, float, mathopt.Variable]] = []
    price: list[mathopt.LinearTypes] = []
    for t in intervals:
        for skills in np.flatnonzero(minutes[:, t]).tolist():
            mine = []
            for queue in np.flatnonzero(speeds[skills]).tolist():
                share = model.add_variable(lb=0.0)
                mine.append(share)
                shares.append((queue, t, float(speeds[skills, queue]), share))
                served.setdefault((queue, t), []).append(float(speeds[skills, queue]) * share)
            model.add_linear_constraint(mathopt.fast_sum(mine) == float(minutes[skills, t]))
    for (queue, t), parts in served.items():
        total, there = mathopt.fast_sum(parts), float(cover[queue, t])
        price.append(float(floor.surplus[queue, t]) * total)
        for level, rate in zip(floor.levels[queue, t].tolist(), floor.rates[queue, t].tolist(), strict=True):
            if level > there and rate > 0:
                missing = model.add_variable(lb=0.0)
                model.add_linear_constraint(missing + total >= level - there)
                price.append(rate * missing)
    model.minimize(mathopt.fast_sum(price))
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise RuntimeError(f"sharing out of minutes ended as {result.termination.reason.name}")
    values = result.variable_values()
    for queue, t, speed, share in shares:
        cover[queue, t] += speed * values[share]
