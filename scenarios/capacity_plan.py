"""A capacity plan made, counted anew by a judge, set beside hiring nobody, each start of a class weighed; what gives where limits clash."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from scenarios.capacity import Capacity
from scheduler.capacity import CapacityPlan, CapacityProblem, Floats
from scheduler.capacity_judge import Counted, count
from scheduler.solution import Limits
from scheduler.solve.capacity import nobody_hired, plan_capacity, without_each

LEAST_HOURS = 0.05  # of a week: less is a rounding, not an effect
WITHIN = 1e-3


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """A plan and what the judge counts of it."""

    plan: CapacityPlan
    counted: Counted

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, as a share of its cost where hours beyond the limit count as any other."""
        return max(0.0, self.plan.objective - self.plan.bound) / max(abs(self.counted.plain), 1e-9)


@dataclass(frozen=True, slots=True)
class Worth:
    """What one start of a class is for: expected change, were it left out and all else kept.

    Parameters
    ----------
    saves : money and priced shortage that its people save, after what they cost; below 0: they cost more than they save
    overtime, backup, short, beyond : hours over the plan that would be more, ``beyond`` of them short beyond what is allowed
    first_week, last_week : in which any of these would be more; None where none would
    """

    class_number: int
    week: int
    people: int
    saves: float
    overtime: float
    backup: float
    short: float
    beyond: float
    first_week: int | None
    last_week: int | None


@dataclass(frozen=True, slots=True)
class WayOut:
    """Where no plan keeps the limits: what would have to give.

    Parameters
    ----------
    hours : short beyond what is allowed, expected over the plan
    weeks : those in which any scenario breaks the limit
    most_hours : of any scenario and week
    allowed_share : of a week's hours, at which this plan would keep the limit
    unpaid : what the budgets lack to pay those employed today, by name
    hours_without_budget, money_without_budget : the same were money no limit, and what would be spent more; None without budgets
    """

    hours: float
    weeks: tuple[int, ...]
    most_hours: float
    allowed_share: float
    unpaid: dict[str, float]
    hours_without_budget: float | None = None
    money_without_budget: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Planned:
    """All that is told of a capacity plan; ``way_out`` is None where every limit holds."""

    capacity: Capacity
    best: Judged
    nobody: Judged
    worths: tuple[Worth, ...]
    way_out: WayOut | None

    @property
    def problem(self) -> CapacityProblem:
        """What was planned."""
        return self.capacity.problem


def planned(capacity: Capacity, limits: Limits, tell: Callable[[str], None]) -> Planned:
    """The plan of a capacity problem; ``tell`` is told what is being done."""
    problem = capacity.problem
    tell(f"hires of {problem.weeks} weeks in {len(problem.scenarios)} scenarios")
    best = _judged(problem, plan_capacity(problem, limits))
    tell("the same with nobody hired, and without each class")
    nobody = _judged(problem, nobody_hired(problem, limits))
    worths = tuple(_worths(problem, best))
    return Planned(capacity, best, nobody, worths, _way_out(problem, best, limits))


def _judged(problem: CapacityProblem, plan: CapacityPlan) -> Judged:
    return Judged(plan, count(problem, plan))


def expected(problem: CapacityProblem, values: Floats) -> Floats:
    """The mean over scenarios, the first axis."""
    return np.asarray(np.tensordot(problem.weights, values, 1))


def _worths(problem: CapacityProblem, best: Judged) -> Iterator[Worth]:
    for (c, week), other in without_each(problem, best.plan).items():
        counted = count(problem, other)
        more = [
            expected(problem, change)
            for change in (
                (other.overtime - best.plan.overtime).sum(axis=2),
                (other.backup - best.plan.backup).sum(axis=(2, 3)),
                (other.short - best.plan.short).sum(axis=2),
                (counted.breach - best.counted.breach).sum(axis=2),
            )
        ]
        felt = np.flatnonzero(sum(more[:3]) > LEAST_HOURS)
        overtime, backup, short, beyond = (float(hours.sum()) for hours in more)
        yield Worth(
            c, week, int(best.plan.hires[c, week]), counted.plain - best.counted.plain,
            overtime, backup, short, beyond,
            int(felt[0]) if len(felt) else None, int(felt[-1]) if len(felt) else None,
        )  # fmt: skip


def _way_out(problem: CapacityProblem, best: Judged, limits: Limits) -> WayOut | None:
    breach, today = best.counted.breach, best.counted.people.wages_today
    unpaid = {each.name: float(today[list(each.weeks)].sum()) - each.amount for each in problem.budgets}
    unpaid = {name: lacking for name, lacking in unpaid.items() if lacking > WITHIN * abs(lacking) + WITHIN}
    hours = float(expected(problem, breach).sum())
    if hours <= WITHIN and not unpaid:
        return None
    weeks = tuple(np.flatnonzero((breach > LEAST_HOURS).any(axis=(0, 2))).tolist())
    needed = problem.hours > 0
    share = np.divide(best.plan.short, problem.hours, out=np.zeros_like(problem.hours), where=needed).max(initial=0.0)  # fmt: skip
    worst, share = float(breach.sum(axis=2).max(initial=0.0)), float(share)
    if not problem.budgets:
        return WayOut(hours, weeks, worst, share, unpaid)
    free = _judged(problem, plan_capacity(problem.without_budgets(), limits))
    more = float(expected(problem, free.counted.money - best.counted.money).sum())
    return WayOut(
        hours, weeks, worst, share, unpaid, float(expected(problem, free.counted.breach).sum()), more
    )
