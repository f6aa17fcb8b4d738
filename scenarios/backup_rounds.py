"""Triggers judged while planning: whether backup will be called depends on who is rostered, so a rota is played, and planned again.

quick rota -> played with triggers live -> backup to expect by interval -> quick rota that reckons with it -> played again -> the rest of
the work goes into the problem of the round that did best
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from centre.folder import Centre
from scenarios.replications import Replications, play
from scenarios.rounds import ROUNDS, TIMES, Round, best_of
from scenarios.simulated_backup import paid_for
from scheduler.backup import as_call_outs
from scheduler.cost import MONEY
from scheduler.problem import RotaProblem
from scheduler.rota import Rota
from scheduler.solution import Limits, Solution
from scheduler.solve import solve
from scheduler.staffing.checks import Floats

ROUND_SHARE = 0.1
"""Of the work allowed, what the rota of a round gets."""
FEW_AGENTS = 0.25
"""Backup to expect of fewer agents than this in every interval changes no rota."""


def judged_by_triggers(
    centre: Centre,
    problem: RotaProblem,
    forecast: pd.DataFrame,
    requirement: pd.DataFrame,
    limits: Limits,
    start: Rota | None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[RotaProblem, Rota, Limits, tuple[Round, ...]]:
    """The problem to solve, a rota to start from, what is left of the limits, and the rounds.

    A round takes from what each interval requires the backup that triggers bring there on the mean, as the rota before was played. Rounds
    end where triggers bring next to nobody, nothing becomes cheaper, or after `ROUNDS`; the cheapest that serves as well as the first
    is gone on with.

    Parameters
    ----------
    start : a rota to begin with
    """
    quick = shared_limits(limits, ROUND_SHARE)
    asked, rounds, found = problem, list[Round](), list[tuple[RotaProblem, Rota]]()
    while len(rounds) < ROUNDS:
        solution = solve(asked, quick, progress, start=start)
        start = solution.rota
        rota = as_call_outs(start)
        played = play(centre, rota, forecast, TIMES, limits.seed, limits.workers, requirement)
        rounds.append(_round(centre, solution, played))
        found.append((asked, start))
        expected = expected_backup(played, centre, problem)
        cheaper = len(rounds) == 1 or rounds[-1].cost < min(each.cost for each in rounds[:-1])
        if expected.max(initial=0.0) < FEW_AGENTS or not cheaper:
            break
        asked = replace(problem, required=np.maximum(0.0, problem.required - expected))
    best = best_of(rounds)
    told = tuple(replace(each, chosen=k == best) for k, each in enumerate(rounds))
    return *found[best], shared_limits(limits, 1 - ROUND_SHARE * len(rounds)), told


def shared_limits(limits: Limits, share: float) -> Limits:
    """A share of the work allowed.

    Examples
    --------
    >>> shared_limits(Limits(effort=60), 0.1).effort, shared_limits(Limits(effort=1, seconds=20.0), 0.7).seconds
    (6, 14.0)
    """
    seconds = None if limits.seconds is None else share * limits.seconds
    return replace(limits, effort=max(1, round(share * limits.effort)), seconds=seconds)


def _round(centre: Centre, solution: Solution, played: Replications) -> Round:
    within, offered = played.in_time()
    paid = paid_for(
        played.result, centre.settings.backup, played.floor.people, played.floor.pools, played.facts
    )
    live, people = (
        float(sum(of_pool[part].mean() for of_pool in paid.values())) for part in ("cost", "people_called")
    )
    planned = sum(solution.cost.get(term, 0.0) for term in MONEY)
    return Round(planned, live, float(within.sum() / max(offered.sum(), 1.0)), people)


def expected_backup(played: Replications, centre: Centre, problem: RotaProblem) -> Floats:
    """Agents that triggers bring on the mean, at the pool's usual speed, shape (queues of the problem, intervals).

    Whoever is there is shared out over the queues of their pool in proportion to what these require.
    """
    log, times = played.result.call_outs, len(played.result.counts)
    step = 60.0 * problem.grid.interval_minutes
    count = problem.required.shape[1]
    edges = step * np.arange(count + 1)
    found = np.zeros(problem.required.shape)
    for b, name in enumerate(played.floor.pools):
        pool = next(each for each in centre.settings.backup if each.name == name)
        mine = (log["pool"] == b) & np.isfinite(log["arrived_s"])
        arrived = log["arrived_s"][mine]
        left = np.where(np.isfinite(log["left_s"][mine]), log["left_s"][mine], edges[-1])
        there = _seconds_until(edges, arrived) - _seconds_until(edges, left)
        agents = pool.speed * np.diff(there) / step / times
        rows = [problem.queues.index(queue) for queue in pool.queues]
        asked = problem.required[rows]
        total = asked.sum(axis=0)
        shares = np.divide(asked, total, out=np.full(asked.shape, 1 / len(rows)), where=total > 0)
        found[rows] += shares * agents
    return found


def _seconds_until(edges: Floats, begun: Floats) -> Floats:
    """Seconds gone by at each edge since each instant of ``begun``, added up; shape of ``edges``."""
    order = np.sort(begun)
    place = np.searchsorted(order, edges)
    mass = np.append(0.0, np.cumsum(order))
    return np.asarray(edges * place - mass[place])
