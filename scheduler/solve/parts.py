"""Teams that share nobody are problems of their own: told apart here, solved side by side, and put together again."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd

from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rota import Rota
from scheduler.solution import Limits, Solution, Status
from scheduler.solve.run import gap_of
from scheduler.terms import CoverPrices

Solve = Callable[[RotaProblem, Limits], Solution]
WORST_FIRST: tuple[Status, ...] = ("clash", "stopped", "feasible", "optimal")


def parts_of(problem: RotaProblem) -> tuple[RotaProblem, ...]:
    """The problem as problems that share no person, queue or duty row; itself alone where it does not fall apart."""
    team = _teams(problem)
    names = list(dict.fromkeys(team[len(problem.queues) :]))
    if len(names) < 2:
        return (problem,)
    home = names[0]  # of queues that nobody serves, and of duty rows that nobody counts in
    queue_team = [name if name in names else home for name in team[: len(problem.queues)]]
    return tuple(_part(problem, name, queue_team, team[len(problem.queues) :], home) for name in names)


def _teams(problem: RotaProblem) -> list[int]:
    """A number for each queue and then each person, the same for all that hang together."""
    queues, people = len(problem.queues), len(problem.people)
    root = list(range(queues + people))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for number, person in enumerate(problem.people):
        for queue, _ in person.skills:
            root[find(queues + number)] = find(queue)
    for row in problem.duty:
        counted = np.flatnonzero(row.weights).tolist()
        for one in counted[1:]:
            root[find(queues + one)] = find(queues + counted[0])
    idle = [queues + k for k, person in enumerate(problem.people) if not person.skills]
    for one in idle[1:]:
        root[find(one)] = find(idle[0])
    return [find(one) for one in range(queues + people)]


def _part(
    problem: RotaProblem, name: int, queue_team: Sequence[int], person_team: Sequence[int], home: int
) -> RotaProblem:
    """One team's problem."""
    queues = [k for k, team in enumerate(queue_team) if team == name]
    people = [k for k, team in enumerate(person_team) if team == name]
    number = {queue: k for k, queue in enumerate(queues)}
    prices = problem.prices
    mine = [
        row
        for row in problem.duty
        if _counts(row.weights, people) or (name == home and not row.weights.any())
    ]
    return replace(
        problem,
        queues=tuple(problem.queues[k] for k in queues),
        required=problem.required[queues],
        minimum=problem.minimum[queues],
        people=tuple(_renumbered(problem.people[k], number) for k in people),
        prices=None
        if prices is None
        else CoverPrices(prices.levels[:, queues], prices.rates[:, queues], prices.surplus[queues]),
        duty=tuple(replace(row, weights=row.weights[people]) for row in mine),
    )


def _counts(weights: np.typing.NDArray[np.float64], people: Sequence[int]) -> bool:
    """Whether any of these people count in a duty row."""
    return bool(weights[list(people)].any())


def _renumbered(person: PlannedPerson, number: dict[int, int]) -> PlannedPerson:
    """The person with the part's numbers of queues."""
    return replace(person, skills=tuple((number[queue], speed) for queue, speed in person.skills))


def solve_parts(
    parts: Sequence[RotaProblem], solve: Solve, limits: Limits, executor: Executor | None = None
) -> Solution:
    """Solve each part with its share of the work, and put the answers together.

    Parameters
    ----------
    executor : where the parts are solved; None: threads of this process, as many as ``limits.workers``
    """
    begun = time.monotonic()
    shares = [_share(limits, len(part.people), sum(len(p.people) for p in parts)) for part in parts]
    if executor is None:
        with ThreadPoolExecutor(limits.workers) as threads:
            solutions = list(threads.map(solve, parts, shares))
    else:
        solutions = list(executor.map(solve, parts, shares))
    return _together(solutions, time.monotonic() - begun)


def _share(limits: Limits, people: int, everybody: int) -> Limits:
    """A part's share: effort by its people, one worker, and the clock as far as the parts before it leave some."""
    share = people / max(1, everybody)
    seconds = None if limits.seconds is None else limits.seconds * min(1.0, limits.workers * share)
    return replace(limits, effort=max(1, round(limits.effort * share)), seconds=seconds, workers=1)


def _together(solutions: Sequence[Solution], seconds: float) -> Solution:
    """One answer: what adds up is added up, and it is no better proven than its worst part."""
    cost: dict[str, float] = {}
    for solution in solutions:
        for term, amount in solution.cost.items():
            cost[term] = cost.get(term, 0.0) + amount
    objective, bound, fixed = (
        sum(getattr(s, name) for s in solutions) for name in ("objective", "bound", "fixed_cost")
    )
    tables = [s.rota.to_frame() for s in solutions]
    return Solution(
        min((s.status for s in solutions), key=WORST_FIRST.index),
        Rota.from_frame(pd.concat(tables, ignore_index=True)), cost, objective, bound, fixed,
        gap_of(objective, bound, fixed), all(s.reproducible for s in solutions), seconds,
        tuple(clash for s in solutions for clash in s.clashes),
    )  # fmt: skip
