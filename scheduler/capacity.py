"""A capacity problem and its plan as plain data: staff, hiring classes, demand by scenario, what buffers cost; nothing here solves.

Weeks are counted from 0. Within a week: who starts joins, all who are there work and are paid, then a share of them leaves. Hires are
whole people; attrition takes the expected fraction of a headcount, so that headcounts have decimals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Status = Literal["optimal", "feasible", "fallback"]
SEASONED = -100_000
"""Start week of people whose start is long past or not told."""


@dataclass(frozen=True, slots=True)
class Attrition:
    """Expected share of a headcount that leaves at the end of each week: ``newcomer`` in the first ``newcomer_weeks``, then ``usual``."""

    usual: float = 0.0
    newcomer: float = 0.0
    newcomer_weeks: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Cohort:
    """People of a group employed today, or already hired, who are alike.

    Parameters
    ----------
    people : how many
    start_week : the week in which they start or started; negative before the plan
    employed : share of each week's days on which they are employed, shape (weeks,)
    on_notice : their last day is known, so that no attrition is expected of them
    """

    people: int
    start_week: int
    employed: Floats
    on_notice: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class StaffGroup:
    """People with one contract and one set of skills.

    Parameters
    ----------
    skills : (number of the queue, speed) pairs; speed 1.0 is usual
    weekly_hours : paid hours of a person and week
    hourly_cost : of a paid hour
    usable_share : share of paid hours, leave apart, that stand where work needs them
    present_share : 1 less the share away on leave, shape (weeks,)
    ramp : share of full speed in each week after a person's start, 1 thereafter
    overtime_share : most overtime, as a share of the productive hours of the week
    overtime_factor : an hour of overtime costs so many usual ones
    """

    name: str
    contract: str
    skills: tuple[tuple[int, float], ...]
    weekly_hours: float
    hourly_cost: float
    usable_share: float
    present_share: Floats
    cohorts: tuple[Cohort, ...] = ()
    ramp: tuple[float, ...] = ()
    attrition: Attrition = Attrition()
    overtime_share: float = 0.0
    overtime_factor: float = 1.5


@dataclass(frozen=True, slots=True)
class HiringClass:
    """A kind of class that may be hired.

    Parameters
    ----------
    group : number of the group that its people join
    starts : weeks in which one may start
    smallest, largest : people in one class
    ramp : share of full speed in each week after the start, the training weeks (0) first
    training_weeks : weeks in which a class occupies its trainers
    most_at_once : most classes of this kind in training in one week, and starting in one
    """

    name: str
    group: int
    starts: tuple[int, ...]
    smallest: int
    largest: int
    lead_weeks: int
    training_weeks: int
    ramp: tuple[float, ...]
    cost_per_hire: float
    most_at_once: int = 1


@dataclass(frozen=True, slots=True)
class BackupHours:
    """A pool that may be called: its queues, hours a week at most, cost of an hour."""

    name: str
    queues: tuple[int, ...]
    weekly_hours: float
    hourly_cost: float


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent at most on some weeks."""

    name: str
    weeks: tuple[int, ...]
    amount: float


@dataclass(frozen=True, eq=False, slots=True)
class CapacityProblem:
    """All that a capacity plan depends on.

    Parameters
    ----------
    hours : hours to roster, shape (scenarios, weeks, queues)
    weights : of the scenarios, adding up to 1
    shortage_price : of an hour of work that nobody does, shape (queues,)
    allowed_shortage : share of a week's hours of a queue that may go short; more breaks a limit
    worst_share : the plan is for the mean cost over this share of the scenarios, the dearest: 1 is the expected cost
    most_hires : over the whole plan; None: no limit
    beyond_factor : what an hour short beyond what is allowed counts, in hours allowed

    A budget that does not pay even those employed today is taken to pay them and no more: whoever is there is not let go.
    The limit on shortage gives way at a price, as minimum cover does: an hour beyond it counts ``beyond_factor`` times.
    """

    weeks: int
    queues: tuple[str, ...]
    groups: tuple[StaffGroup, ...]
    classes: tuple[HiringClass, ...]
    pools: tuple[BackupHours, ...]
    scenarios: tuple[str, ...]
    weights: Floats
    hours: Floats
    shortage_price: Floats
    allowed_shortage: float = 1.0
    budgets: tuple[Budget, ...] = ()
    worst_share: float = 1.0
    most_hires: int | None = None
    beyond_factor: float = 10.0

    def without_classes(self) -> "CapacityProblem":
        """The same where nobody may be hired."""
        return replace(self, classes=tuple(replace(each, starts=()) for each in self.classes))

    def without_budgets(self) -> "CapacityProblem":
        """The same where money has no limit."""
        return replace(self, budgets=())


@dataclass(frozen=True, eq=False, slots=True)
class CapacityPlan:
    """Who is hired when, and what is done each week in each scenario.

    Parameters
    ----------
    hires : people, shape (classes, weeks); ``class_count`` the classes that they start in, same shape
    overtime : productive hours, shape (scenarios, weeks, groups)
    served : hours of each group in each queue, before speed, shape (scenarios, weeks, groups, queues)
    backup : hours of each pool in each queue, shape (scenarios, weeks, pools, queues)
    short : hours that nobody works, shape (scenarios, weeks, queues)
    objective, bound : of the cost that is weighed: hires and their wages, buffers, shortage at its price, beyond the limit at
        ``beyond_factor`` times that; wages of those employed today left out
    reproducible : false where a clock ended the search
    """

    status: Status
    hires: Ints
    class_count: Ints
    overtime: Floats
    served: Floats
    backup: Floats
    short: Floats
    objective: float
    bound: float
    solver: str
    reproducible: bool = True


def survival(attrition: Attrition, tenure: Sequence[int] | Ints) -> Floats:
    """Share of people still there at the begin of each week of ``tenure``, weeks since their start in order.

    Examples
    --------
    >>> survival(Attrition(usual=0.1, newcomer=0.5, newcomer_weeks=1), [0, 1, 2]).round(3).tolist()
    [1.0, 0.5, 0.45]
    """
    weeks = np.asarray(tenure, dtype=np.int64)
    rates = np.where(weeks < attrition.newcomer_weeks, attrition.newcomer, attrition.usual)
    return np.concatenate([[1.0], np.cumprod(1 - rates)[:-1]])[: len(weeks)]


def speeds(ramp: Sequence[float], tenure: Sequence[int] | Ints) -> Floats:
    """Share of full speed in each week of ``tenure``.

    Examples
    --------
    >>> speeds([0, 0.5], [-1, 0, 1, 2]).tolist()
    [0.0, 0.0, 0.5, 1.0]
    """
    weeks, table = np.asarray(tenure, dtype=np.int64), np.append(np.asarray(ramp, dtype=np.float64), 1.0)
    return np.where(weeks < 0, 0.0, table[np.clip(weeks, 0, len(ramp))])


def staffed(group: StaffGroup, weeks: int) -> tuple[Floats, Floats]:
    """Headcount paid and productive hours of those employed today or already hired, each of shape (weeks,)."""
    paid, hours, all_weeks = np.zeros(weeks), np.zeros(weeks), np.arange(weeks)
    for cohort in group.cohorts:
        tenure, first = all_weeks - cohort.start_week, max(cohort.start_week, 0)
        there = np.where(all_weeks < first, 0.0, 1.0)
        if not cohort.on_notice and first < weeks:
            there[first:] = survival(group.attrition, tenure[first:])
        paid += cohort.people * cohort.employed * there
        hours += cohort.people * cohort.employed * there * speeds(group.ramp, tenure)
    return paid, hours * group.weekly_hours * group.usable_share * group.present_share


def hire_curves(problem: CapacityProblem, kind: HiringClass, start: int) -> tuple[Floats, Floats]:
    """Headcount paid and productive hours of one hire of a class that starts in a week, each of shape (weeks,)."""
    group, tenure = problem.groups[kind.group], np.arange(problem.weeks - start)
    paid = np.concatenate([np.zeros(start), survival(group.attrition, tenure)])
    ramp = np.concatenate([np.zeros(start), speeds(kind.ramp, tenure)])
    return paid, paid * ramp * group.weekly_hours * group.usable_share * group.present_share
