"""Shortage curves of queues that share agents, by simulation: what an agent more or fewer on one queue changes, interval by interval.

Where people with several skills go wherever customers wait, no formula knows a queue's curve. So the floor of a rota is simulated as
it is, and again with one, two, ... agents more and fewer on one queue in all intervals at once, every time for the same customers:
differences are those of the agents. Near what the rota gives such curves tell more than formulas; far away they say nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from centre.errors import Fault
from centre.model import Queue
from scheduler.staffing.checks import NOT_NEGATIVE, Floats, checked
from scheduler.staffing.curves import COLUMNS
from scheduler.staffing.envelope import lower_envelope
from scheduler.staffing.floor import Floor, Stretches
from scheduler.staffing.floor_checks import Checked, checked_floor
from scheduler.staffing.simulation import simulate
from scheduler.staffing.simulation_results import SimulationResult

Ints = NDArray[np.int64]
HALF = 0.5  # of an interval: who is there for less is not taken away
SIMULATED = (*COLUMNS, "late_low", "late_high", "late_everywhere")


def simulated_curves(
    floor: Floor,
    queues: Sequence[Queue],
    starts: Sequence[object] | pd.Index,
    agents: ArrayLike,
    span: int = 2,
    replications: int = 100,
    seed: int = 1,
    workers: int | None = None,
) -> pd.DataFrame:
    """Curves of every queue about the agents that a floor has.

    Parameters
    ----------
    floor : the floor of a rota
    queues, starts : its queues and the starts of its intervals, as they are to be told
    agents : how many its people count as on each queue (see ``agents_effective`` of `scheduler.coverage`), where a curve has its
        middle; shape (queues, intervals)
    span : agents more and fewer. One more has usual speed and this skill only; one fewer is, in each interval, somebody at work who
        serves the queue, those with the fewest skills first. Where fewer are there, the curve has fewer points
    replications, seed, workers : as of `simulate`; 1 + 2 x span x queues floors are simulated

    Returns
    -------
    DataFrame
        columns of ``curves.csv``, those of the queue's own contacts, and ``late_low``, ``late_high`` (the 95 % interval of
        ``expected_late``) and ``late_everywhere``, contacts late on all queues together: what one queue's agents leave to others
        counts there. ``envelope_late`` begins at the first point

    Raises
    ------
    BadInput
        naming what is wrong with the floor, or arguments whose shapes do not belong together.
    """
    shape = np.shape(floor.arrivals)
    base = _checked(agents, shape, len(queues), len(starts), span)
    middle = _measured(simulate(floor, replications, seed, workers), queues)
    tables = []
    for q, queue in enumerate(queues):
        points = []
        for more in range(-span, span + 1):
            changed, added = _changed(floor, q, more)
            found = middle if more == 0 else _measured(simulate(changed, replications, seed, workers), queues)
            points.append([np.maximum(base[q] + added, 0.0), *found[:, q], found[0].sum(axis=0)])
        tables.append(_table(np.array(points), queue.name, pd.Index(starts)))
    return pd.concat(tables).sort_values(list(COLUMNS[:3]), ignore_index=True)


def _checked(agents: ArrayLike, shape: tuple[int, ...], queues: int, starts: int, span: int) -> Floats:
    given = {"queues": (queues, *shape[1:]), "starts": (*shape[:1], starts), "agents": np.shape(agents)}
    faults = [
        Fault("simulated_curves", f"shape {shape}, queues x intervals of the floor", str(found), column=name)
        for name, found in given.items()
        if found != shape
    ]
    if span < 0 or span != int(span):
        faults.append(Fault("simulated_curves", "a whole number of at least 0", str(span), column="span"))
    (base,) = checked("simulated_curves", {"agents": (agents, NOT_NEGATIVE)}, *faults)
    return base


def _measured(result: SimulationResult, queues: Sequence[Queue]) -> Floats:
    """Contacts late, their 95 % interval, contacts abandoned; shape (4, queues, intervals), 0 where nobody came."""
    found = result.by_queue_and_interval()
    levels = [getattr(found, f"sl_{queue.service_level_definition}") for queue in queues]
    level, half = (
        np.array([getattr(e, end)[q] for q, e in enumerate(levels)]) for end in ("mean", "half_width")
    )
    late = (
        np.array([1.0 - level, np.maximum(1.0 - level - half, 0.0), 1.0 - level + half]) * found.offered.mean
    )
    return np.asarray(np.nan_to_num(np.concatenate([late, found.abandoned.mean[None]])))


def _table(points: Floats, queue: str, starts: pd.Index) -> pd.DataFrame:
    """One queue's curves from points of shape (points, measures, intervals), in the order of agents."""
    agents, late, low, high, lost, everywhere = points.transpose(1, 2, 0)
    falling = np.minimum.accumulate(late, axis=1)  # noise aside it is so
    envelope = lower_envelope(agents, falling, agents[:, 0])
    told = np.ones(agents.shape, dtype=bool)
    told[:, :-1] = np.diff(agents, axis=1) > 0  # of alike points the last: nearest to what the rota gives
    t, p = np.nonzero(told)
    columns = starts[t], queue, *(a[t, p] for a in (agents, late, lost, envelope, low, high, everywhere))
    return pd.DataFrame(dict(zip(SIMULATED, columns, strict=True)))


def _changed(floor: Floor, q: int, more: int) -> tuple[Floor, Floats]:
    """The floor with so many agents more (fewer, below 0) on queue q, and how many there are more in each interval."""
    checked_ = checked_floor(floor)
    return _with(checked_, q, more) if more >= 0 else _without(checked_, q, -more)


def _with(checked_: Checked, q: int, more: int) -> tuple[Floor, Floats]:
    """With agents who serve queue q only, from beginning to end."""
    was, (queues, intervals) = checked_.stretches, checked_.arrivals.shape
    helpers = np.zeros((more, queues))
    helpers[:, q] = 1.0
    numbers, end = np.arange(more), float(checked_.floor.interval_seconds) * intervals
    added = {
        "agent": len(checked_.speed) + numbers,
        "start_s": 0.0,
        "end_s": end,
        "queue": -1,
        "absence_share": 0.0,
    }
    added["shift"] = was["shift"].max(initial=0.0) + 1.0 + numbers
    work = {
        name: np.concatenate([was[name], np.broadcast_to(values, more)]) for name, values in added.items()
    }
    speed, preference = np.vstack([checked_.speed, helpers]), np.vstack([checked_.preference, 0.0 * helpers])
    return _at_work(checked_, work, speed, preference), np.full(intervals, float(more))


def _without(checked_: Checked, q: int, fewer: int) -> tuple[Floor, Floats]:
    """Without those who serve queue q and have the fewest skills, as many as there are; of alike ones the last."""
    speed, intervals, step = (
        checked_.speed,
        checked_.arrivals.shape[1],
        float(checked_.floor.interval_seconds),
    )
    pieces, t = _by_interval(checked_.stretches, intervals, step)
    agent = pieces["agent"].astype(int)
    serves = (speed[agent, q] > 0) & np.isin(pieces["queue"], (-1, q))
    present = np.zeros((len(speed), intervals))
    np.add.at(present, (agent[serves], t[serves]), (pieces["end_s"] - pieces["start_s"])[serves] / step)
    order = np.lexsort((-np.arange(len(speed)), (speed > 0).sum(axis=1)))
    there = present[order] >= HALF
    gone = np.zeros(present.shape, dtype=bool)
    gone[order] = there & (np.cumsum(there, axis=0) <= fewer)
    away = gone[agent, t]
    lost = np.zeros(intervals)
    share = (pieces["end_s"] - pieces["start_s"]) / step * (1.0 - pieces["absence_share"]) * speed[agent, q]
    np.add.at(lost, t[away & serves], share[away & serves])
    work = {name: values[~away] for name, values in pieces.items()}
    return _at_work(checked_, work, speed, checked_.preference), -lost


def _by_interval(stretches: dict[str, Floats], intervals: int, step: float) -> tuple[dict[str, Floats], Ints]:
    """Stretches cut at the edges of intervals, and the interval of each piece."""
    start, end = (np.clip(stretches[name], 0.0, intervals * step) for name in ("start_s", "end_s"))
    first = np.floor(start / step).astype(np.int64)
    count = np.where(end > start, np.ceil(end / step).astype(np.int64) - first, 0)
    row = np.repeat(np.arange(len(start)), count)
    t = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    pieces = {name: values[row] for name, values in stretches.items()}
    pieces["start_s"], pieces["end_s"] = (
        np.maximum(start[row], t * step),
        np.minimum(end[row], (t + 1) * step),
    )
    return pieces, t


def _at_work(checked_: Checked, work: dict[str, Floats], speed: Floats, preference: Floats) -> Floor:
    """The floor with other people at work."""
    stretches = Stretches(*(work[name] for name in ("agent", "start_s", "end_s", "queue", "shift")))
    return replace(
        checked_.floor,
        speed=speed,
        preference=preference,
        work=stretches,
        absence_share=work["absence_share"],
    )
