"""The judge of capacity plans: people counted week by week, cohort by cohort, and every hour and sum worked out again.

It shares with the solver the problem and the plan as data, nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from scheduler.capacity import CapacityPlan, CapacityProblem, Cohort, Floats

TOLERANCE = 1e-4  # of hours, and of a share of money


@dataclass(frozen=True, eq=False, slots=True)
class People:
    """Who is there in each week, the same in every scenario.

    Parameters
    ----------
    headcount, leavers, productive : people at the begin of a week, people lost at its end, hours, shape (weeks, groups)
    wages, wages_today, hiring : money, ``wages_today`` of those employed or hired before the plan, shape (weeks,)
    """

    headcount: Floats
    leavers: Floats
    productive: Floats
    wages: Floats
    wages_today: Floats
    hiring: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Counted:
    """A plan as it is counted.

    Parameters
    ----------
    overtime, backup, shortage : money, shortage at its price, shape (scenarios, weeks)
    breach : hours short beyond what is allowed, shape (scenarios, weeks, queues)
    objective : the cost that is weighed, without the wages of those employed today; ``plain`` the same where an hour beyond the limit
        counts as any other
    faults : what does not hold, in words; empty: the plan is as it says
    """

    people: People
    overtime: Floats
    backup: Floats
    shortage: Floats
    breach: Floats
    objective: float
    plain: float
    faults: tuple[str, ...]

    @property
    def money(self) -> Floats:
        """What is spent, shape (scenarios, weeks)."""
        return self.people.wages + self.people.hiring + self.overtime + self.backup


@dataclass(slots=True)
class _Crew:
    """People who started together: how many are left, and for how long they have been there."""

    group: int
    people: float
    start: int
    ramp: tuple[float, ...]
    cohort: Cohort | None = None

    def employed(self, week: int) -> float:
        return 1.0 if self.cohort is None else float(self.cohort.employed[week])


def count(problem: CapacityProblem, plan: CapacityPlan) -> Counted:
    """A plan counted anew."""
    people = _people(problem, plan)
    overtime_price = [g.hourly_cost * g.overtime_factor / g.usable_share for g in problem.groups]
    overtime = plan.overtime @ np.array(overtime_price, dtype=np.float64)
    backup = plan.backup.sum(axis=3) @ np.array(
        [each.hourly_cost for each in problem.pools], dtype=np.float64
    )
    shortage = plan.short @ problem.shortage_price
    breach = np.maximum(plan.short - problem.allowed_shortage * problem.hours, 0.0)
    priced = (overtime + backup + shortage).sum(axis=1)
    beyond = (breach @ problem.shortage_price).sum(axis=1) * (problem.beyond_factor - 1)
    own = (people.wages - people.wages_today + people.hiring).sum()
    plain, objective = (
        float(own + _dearest(costs, problem.weights, problem.worst_share))
        for costs in (priced, priced + beyond)
    )
    found = Counted(people, overtime, backup, shortage, breach, objective, plain, ())
    faults = (
        *_hiring_faults(problem, plan),
        *_hour_faults(problem, plan, people),
        *_money_faults(problem, plan, found),
    )
    return replace(found, faults=faults)


def _people(problem: CapacityProblem, plan: CapacityPlan) -> People:
    """Everybody who is there, from week to week."""
    groups, weeks = (problem.weeks, len(problem.groups)), problem.weeks
    found = People(*(np.zeros(groups) for _ in range(3)), *(np.zeros(weeks) for _ in range(3)))
    crews = [
        _Crew(g, each.people, each.start_week, group.ramp, each)
        for g, group in enumerate(problem.groups)
        for each in group.cohorts
    ]
    for week in range(weeks):
        for c, kind in enumerate(problem.classes):
            if plan.hires[c, week]:
                crews.append(_Crew(kind.group, float(plan.hires[c, week]), week, kind.ramp))
                found.hiring[week] += kind.cost_per_hire * plan.hires[c, week]
        for crew in crews:
            if crew.start <= week:
                _work(problem, crew, week, found)
                found.leavers[week, crew.group] += _leave(problem, crew, week)
    return found


def _work(problem: CapacityProblem, crew: _Crew, week: int, found: People) -> None:
    """Add a crew's week: who is there, what they are paid, the hours that they are worth."""
    group, tenure = problem.groups[crew.group], week - crew.start
    there = crew.people * crew.employed(week)
    speed = crew.ramp[tenure] if tenure < len(crew.ramp) else 1.0
    paid_hours = there * group.weekly_hours
    found.headcount[week, crew.group] += there
    found.wages[week] += paid_hours * group.hourly_cost
    found.wages_today[week] += paid_hours * group.hourly_cost if crew.cohort is not None else 0.0
    found.productive[week, crew.group] += (
        paid_hours * speed * group.usable_share * float(group.present_share[week])
    )


def _leave(problem: CapacityProblem, crew: _Crew, week: int) -> float:
    """Take from a crew those who leave at the end of a week; how many people are lost, those whose last day is known among them."""
    attrition = problem.groups[crew.group].attrition
    new = week - crew.start < attrition.newcomer_weeks
    share = (
        0.0
        if crew.cohort is not None and crew.cohort.on_notice
        else attrition.newcomer
        if new
        else attrition.usual
    )
    lost = crew.people * share
    gone = lost * crew.employed(week)
    if week + 1 < problem.weeks:
        gone += (crew.people - lost) * max(0.0, crew.employed(week) - crew.employed(week + 1))
    crew.people -= lost
    return gone


def _dearest(costs: Floats, weights: Floats, share: float) -> float:
    """The mean of the dearest cases, ``share`` of the weight in all."""
    left, total = share, 0.0
    for k in np.argsort(-costs):
        taken = min(left, float(weights[k]))
        total, left = total + taken * float(costs[k]), left - taken
    return total / share


def _hiring_faults(problem: CapacityProblem, plan: CapacityPlan) -> Iterator[str]:
    for c, kind in enumerate(problem.classes):
        for week in range(problem.weeks):
            people, classes = int(plan.hires[c, week]), int(plan.class_count[c, week])
            where = f"class {kind.name}, week {week + 1}"
            if (people or classes) and week not in kind.starts:
                yield f"{where}: none may start"
            if not kind.smallest * classes <= people <= kind.largest * classes:
                yield f"{where}: {people} people in {classes} classes of {kind.smallest} to {kind.largest}"
            first = max(0, week - max(kind.training_weeks, 1) + 1)
            if plan.class_count[c, first : week + 1].sum() > kind.most_at_once:
                yield f"{where}: more than {kind.most_at_once} classes at once"
    if problem.most_hires is not None and plan.hires.sum() > problem.most_hires:
        yield f"{plan.hires.sum()} hires, above {problem.most_hires}"


def _hour_faults(problem: CapacityProblem, plan: CapacityPlan, found: People) -> Iterator[str]:
    """Hours worked that nobody has, and hours required that are neither worked nor told to be short."""
    for s, name in enumerate(problem.scenarios):
        for week in range(problem.weeks):
            where, covered = f"scenario {name}, week {week + 1}", plan.short[s, week].copy()
            for g, group in enumerate(problem.groups):
                hours, extra, served = (
                    found.productive[week, g],
                    plan.overtime[s, week, g],
                    plan.served[s, week, g],
                )
                if extra > group.overtime_share * hours + TOLERANCE:
                    yield f"{where}: overtime of {group.name} above its limit"
                if served.sum() > hours + extra + TOLERANCE:
                    yield f"{where}: {group.name} works more hours than it has"
                able = dict(group.skills)
                if any(served[q] > TOLERANCE and q not in able for q in range(len(problem.queues))):
                    yield f"{where}: {group.name} works a queue it has no skill for"
                for queue, speed in group.skills:
                    covered[queue] += speed * served[queue]
            for p, pool in enumerate(problem.pools):
                calls = plan.backup[s, week, p]
                if calls.sum() > pool.weekly_hours + TOLERANCE or calls.sum() > calls[list(pool.queues)].sum() + TOLERANCE:  # fmt: skip
                    yield f"{where}: backup {pool.name} above its limit"
                covered += calls
            for q in np.flatnonzero(covered < problem.hours[s, week] - TOLERANCE):
                yield f"{where}: hours of {problem.queues[q]} neither worked nor told to be short"


def _money_faults(problem: CapacityProblem, plan: CapacityPlan, found: Counted) -> Iterator[str]:
    """A budget passed by more than those employed today cost, and figures that are not the plan's."""
    for budget in problem.budgets:
        weeks = list(budget.weeks)
        room = max(budget.amount, float(found.people.wages_today[weeks].sum()))
        if (found.money[:, weeks].sum(axis=1) > room * (1 + TOLERANCE) + TOLERANCE).any():
            yield f"budget {budget.name}: more spent than it holds"
    if abs(found.objective - plan.objective) > TOLERANCE * max(1.0, abs(found.objective)):
        yield f"cost {plan.objective:.2f} told, {found.objective:.2f} counted"
