"""Who serves what, certified: in each interval the minutes of people with several skills are shared out where they cost least.

While a rota is in the making, minutes are shared out as `serve` does, nearly at the least cost. Those of a finished rota are divided
exactly, each counted once: a linear programme a day over skill sets, intervals and queues.
"""

from collections.abc import Iterator

import numpy as np
from ortools.math_opt.python import mathopt

from centre.instants import MINUTES_A_DAY
from scheduler.problem import Floats
from scheduler.solve.floor import Floor
from scheduler.solve.roster import Crew, Roster

WHOLE = 1e-6


def shared_cover(floor: Floor, crew: Crew, roster: Roster) -> Floats:
    """Minutes of effective work and duty where everybody serves at least cost, shape (rows, intervals)."""
    return _shared(floor, crew, roster)[0]


def shared_roster(floor: Floor, crew: Crew, roster: Roster) -> Roster:
    """The roster with everybody serving at least cost, to whole minutes."""
    cover, shares = _shared(floor, crew, roster)
    pools, known = np.floor(shares + WHOLE), (crew.pool_speeds[:, : floor.queues] > 0).astype(np.float64)
    t, pool = np.indices(pools.shape[:2])
    pools[t, pool, (shares - pools).argmax(axis=2)] += np.round(shares.sum(axis=2) - pools.sum(axis=2))
    cover[: floor.queues] = np.einsum("tpq,pq->qt", pools, crew.pool_speeds[:, : floor.queues])
    reach = np.einsum("tpo,pi->toi", pools, known) * (1 - np.eye(floor.queues))
    return roster._replace(cover=cover, pools=pools.astype(np.int32), reach=reach)


def _shared(floor: Floor, crew: Crew, roster: Roster) -> tuple[Floats, Floats]:
    """Cover, and minutes of each set of skills in each queue, shape (intervals, pools, queues)."""
    speeds, minutes, queues = crew.pool_speeds, roster.pools.sum(axis=2).T.astype(np.float64), floor.queues
    skills = speeds[:, :queues] > 0
    several = skills.sum(axis=1) > 1
    cover = roster.cover.copy()  # of duty as it is
    cover[:queues] = np.einsum("sq,st->qt", speeds[~several][:, :queues], minutes[~several])
    shares = np.einsum("st,sq->tsq", minutes * ~several[:, None], skills)
    for intervals in _days(floor, minutes[several]):
        _share(floor, speeds[:, :queues], minutes * several[:, None], intervals, cover, shares)
    return cover, shares


def _days(floor: Floor, minutes: Floats) -> Iterator[list[int]]:
    """Intervals with anything to share, a day at a time."""
    length = max(1, MINUTES_A_DAY // floor.interval_minutes)
    busy = np.flatnonzero(minutes.any(axis=0))
    for day in np.unique(busy // length).tolist():
        yield busy[busy // length == day].tolist()


def _share(
    floor: Floor, speeds: Floats, minutes: Floats, intervals: list[int], cover: Floats, shares: Floats
) -> None:
    """Add to ``cover`` and ``shares`` what people of several skills serve in these intervals, where it costs least."""
    model = mathopt.Model()
    served: dict[tuple[int, int], list[mathopt.LinearTypes]] = {}
    parts: list[tuple[int, int, int, mathopt.Variable]] = []
    price: list[mathopt.LinearTypes] = []
    for t in intervals:
        for skills in np.flatnonzero(minutes[:, t]).tolist():
            mine = []
            for queue in np.flatnonzero(speeds[skills]).tolist():
                share = model.add_variable(lb=0.0)
                mine.append(share)
                parts.append((skills, queue, t, share))
                served.setdefault((queue, t), []).append(float(speeds[skills, queue]) * share)
            model.add_linear_constraint(mathopt.fast_sum(mine) == float(minutes[skills, t]))
    for (queue, t), terms in served.items():
        total, there = mathopt.fast_sum(terms), float(cover[queue, t])
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
    for skills, queue, t, share in parts:
        cover[queue, t] += float(speeds[skills, queue]) * values[share]
        shares[t, skills, queue] = values[share]
