"""A day's or a week's service target met at least cost: price late contacts, solve, recount, correct the price, at most three rounds.

Prices come from shortage curves (`scheduler.service_prices`), the verdict from code that knows neither them nor the solver
(`scenarios.service_judged`). Where skills pool, the verdict is a simulation, and it moves the curves to what it saw.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.folder import Centre
from scenarios.service_judged import Judge, judge_of
from scenarios.service_told import MET, Round, ServiceTarget
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import BoundedSum
from scheduler.service_prices import (
    ServiceCurves,
    budgets,
    by_group,
    cheapest,
    corrected,
    cover_prices,
    groups_of,
    periods_of,
    service_curves,
)
from scheduler.solution import Limits, Solution

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS = 3
ROUNDING = 1e-4
"""Agents fewer than a floor by less than this are at it."""
SLACK = 0.005
"""A period served better than its target by more than this share could do with less, where hours can be saved at all."""
LOWER, HIGHER = 1 / 3, 4.0
"""From one round to the next a price moves by at most these factors."""
HALF_WAY = 0.5
"""Where skills pool, curves and prices are moved half the way: an agent whom one queue gives up is missed by others too."""
SAVING = 0.005
"""Where less than this share of pay is left to save, a target met by more than it asks for stays so."""


class Solve(Protocol):
    """The engine."""

    def __call__(self, problem: RotaProblem, limits: Limits) -> Solution:
        """Make a rota."""


class Progress(Protocol):
    """Is told each step."""

    def __call__(self, words: str, /) -> object:
        """Take note."""


def solve_to_target(
    centre: Centre, problem: RotaProblem, requirement: pd.DataFrame, forecast: pd.DataFrame | None,
    limits: Limits, solve: Solve, progress: Progress,
) -> tuple[Solution, ServiceTarget]:  # fmt: skip
    """The cheapest rota found that meets each queue's target over the periods that the objective's ``service`` names.

    The work of ``limits`` is shared out evenly over the rounds that there may be.

    Parameters
    ----------
    problem : priced by interval; its minimum, people and rules stay as they are
    forecast : columns of ``forecast.csv``, for simulation where skills pool; None: formulas judge
    """
    seconds = None if limits.seconds is None else limits.seconds / ROUNDS
    part = replace(limits, effort=max(1, limits.effort // ROUNDS), seconds=seconds)
    search, first_days = _search_of(centre, problem, requirement, forecast, limits.seed)
    rounds: list[Round] = []
    while len(rounds) < ROUNDS and (not rounds or search.worth_another(rounds[-1])):
        search = search.corrected(rounds[-1]) if rounds else search
        progress(
            f"service over each {centre.settings.objective.service}: round {len(rounds) + 1} of at most {ROUNDS}"
        )
        rounds.append(search.round(solve, part))
    kept = min(range(len(rounds)), key=lambda k: rounds[k].rank)
    told = ServiceTarget(
        centre.settings.objective.service, centre.settings.objective.interval_floor_share, search.judge.name,
        problem.queues, first_days, search.target, search.contacts, tuple(rounds), kept,
    )  # fmt: skip
    solutions = [each.solution for each in rounds]
    return replace(
        solutions[kept],
        seconds=sum(each.seconds for each in solutions),
        reproducible=all(each.reproducible for each in solutions),
    ), told


def _search_of(
    centre: Centre, problem: RotaProblem, requirement: pd.DataFrame, forecast: pd.DataFrame | None, seed: int
) -> tuple["_Search", tuple[int, ...]]:
    """The first round's search, and the days on which its periods begin."""
    settings, grid = centre.settings, problem.grid
    period, first_days = periods_of(grid, settings)
    curves = service_curves(requirement, settings, grid)
    waiting = [np.nan if queue.deferred else queue.target_share for queue in settings.queue]
    shape = len(settings.queue), len(first_days)
    group = groups_of(curves, period, shape[1])
    budget = budgets(curves, group, shape, waiting)
    contacts = by_group(group, curves.contacts, shape)
    judge = judge_of(centre, requirement, forecast, grid, period, seed)
    hour = price_of_an_hour(problem)
    slope = cheapest(curves, group, aimed_at(budget, contacts).ravel()).slope.reshape(shape)
    price = np.divide(hour * grid.interval_minutes / 60, slope, out=np.zeros(shape), where=slope > 0)
    return _Search(problem, judge, curves, group, np.array(waiting), contacts, budget, price), first_days


@dataclass(frozen=True, eq=False)
class _Search:
    """What a round is solved with.

    Parameters
    ----------
    group : queue and period of each curve as one number, shape (curves,)
    target : share in time that each queue asks for, NaN for work that may wait, shape (queues,)
    contacts, budget : expected, and how many of them may be late, shape (queues, periods)
    late_price : price of a late contact, shape (queues, periods)
    """

    problem: RotaProblem
    judge: Judge
    curves: ServiceCurves
    group: Ints
    target: Floats
    contacts: Floats
    budget: Floats
    late_price: Floats

    def round(self, solve: Solve, limits: Limits) -> Round:
        """Solve at these prices and judge the rota."""
        prices = cover_prices(self.problem, self.curves, self.late_price.ravel()[self.group])
        solution = solve(replace(self.problem, prices=prices), limits)
        judged = self.judge(solution.rota)
        agents = judged.agents[self.curves.queue, self.curves.interval]
        envelope = by_group(self.group, self.curves.late_with(agents), self.budget.shape)
        late = np.nan_to_num(self.contacts * (1.0 - judged.share))
        missed = (self.contacts > 0) & (judged.high < self.target[:, None] - MET)
        beyond = float((late - self.budget)[missed].sum())
        below = int(((agents < self.curves.least - ROUNDING) & (self.curves.contacts > 0)).sum())
        told = self.late_price, solution, judged, envelope, late
        return Round(*told, below, beyond, not missed.any())

    def worth_another(self, last: Round) -> bool:
        """Whether a target is missed, or one is met by more than it asks for and there are hours to save."""
        solution = last.solution
        saving = solution.cost["pay"] * (1 - SAVING) > solution.fixed_cost
        over = last.judged.share > self.target[:, None] + SLACK
        return not last.met or (saving and bool(over[self.late_price > 0].any()))

    def corrected(self, last: Round) -> "_Search":
        """The search with prices, and where skills pool curves, moved by what the last round showed.

        How many are late tells what an agent's time was worth in the rota; the price moves by what it is worth where as many are late
        as may be. A period that is met without much to spare keeps its price.
        """
        curves, at = self.curves, (self.curves.queue, self.curves.interval)
        pooled, aim = self.judge.name == "simulated", aimed_at(self.budget, self.contacts)
        if pooled:
            curves = corrected(curves, last.judged.agents[at], last.judged.late[at], HALF_WAY)
        seen, wanted = (cheapest(curves, self.group, late.ravel()).slope for late in (last.late, aim))
        factor = np.divide(seen, wanted, out=np.ones(seen.shape), where=(seen > 0) & (wanted > 0))
        factor = factor.reshape(aim.shape) ** (HALF_WAY if pooled else 1.0)
        missed = last.late > self.budget
        beyond = np.divide(last.late, self.budget, out=np.ones(aim.shape), where=self.budget > 0)
        factor = np.where(missed, np.maximum(factor, beyond), np.minimum(factor, 1.0))
        spare = last.judged.share > self.target[:, None] + SLACK
        factor = np.where(missed | spare, np.clip(factor, LOWER, HIGHER), 1.0)
        return replace(self, curves=curves, late_price=self.late_price * factor)


def aimed_at(budget: Floats, contacts: Floats) -> Floats:
    """Late contacts to aim at: a little fewer than may be, since a rota is made of whole people."""
    return np.asarray(np.maximum(budget - contacts * SLACK / 2, 0.0))


def price_of_an_hour(problem: RotaProblem) -> float:
    """What an hour at work costs: the mean pay of those whose hours are not fixed, breaks paid; where nobody is paid by the hour, the
    objective's price of one that is missing.
    """
    paid = [person.cost_per_minute * 60 for person in problem.people if not _hours_fixed(person)]
    if not any(paid):
        return problem.objective.shortage_per_agent_hour
    shifts = {shift.template for shift in problem.shifts}
    at_work = sum(t.duration_minutes - sum(b.minutes for b in t.breaks) for t in shifts)
    breaks = sum(t.paid_minutes for t in shifts) / at_work if at_work else 1.0
    return sum(paid) / len(paid) * breaks


def _hours_fixed(person: PlannedPerson) -> bool:
    return any(
        isinstance(p, BoundedSum) and p.measure == "paid_minutes" and p.low is not None and p.low == p.high
        for p in person.primitives
    )
