"""When to hire how many: a mixed-integer programme whose hires hold in every scenario, whose buffers are chosen in each.

Hires are decided before it is known which scenario comes (here and now); overtime, backup, who works which queue and what goes short
are decided after (recourse). **Source:** two-stage stochastic programmes, Birge and Louveaux 2011, ch. 2; mean of the dearest cases
as a linear programme: Rockafellar and Uryasev 2000. The limit on shortage gives way at a price, so that there is
always an answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.capacity import CapacityPlan, CapacityProblem, Floats, HiringClass, hire_curves, staffed
from scheduler.solution import Limits

Terms = list[mathopt.LinearTypes]
NODES_A_UNIT = 200  # of branch and bound, for a unit of work
SOLVERS = (mathopt.SolverType.HIGHS, mathopt.SolverType.GSCIP)


def plan_capacity(problem: CapacityProblem, limits: Limits) -> CapacityPlan:
    """The plan of least cost found within the limits, with a bound on any.

    Where every solver fails, the plan that hires nobody, with a bound of 0 and the status ``fallback``.
    """
    model = _Model(problem)
    for solver in SOLVERS:
        result = _result(model.model, solver, limits)
        if result is not None:
            return model.plan(result, solver)
    return _fallback(problem, limits)


def nobody_hired(problem: CapacityProblem, limits: Limits) -> CapacityPlan:
    """The plan where nobody is hired: buffers at their best with the people there are."""
    return plan_capacity(problem.without_classes(), limits)


def _fallback(problem: CapacityProblem, limits: Limits) -> CapacityPlan:
    """Nobody is hired, which a linear programme settles."""
    model = _Model(problem.without_classes())
    result = mathopt.solve(model.model, mathopt.SolverType.GLOP)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise RuntimeError(f"the plan without hires ended as {result.termination.reason.name}")
    plan = model.plan(result, mathopt.SolverType.GLOP)
    return replace(plan, status="fallback", bound=0.0, reproducible=limits.seconds is None)


def _result(model: mathopt.Model, solver: mathopt.SolverType, limits: Limits) -> mathopt.SolveResult | None:
    """What one solver finds; None where it finds nothing or breaks down."""
    params = mathopt.SolveParameters(
        relative_gap_tolerance=limits.gap, absolute_gap_tolerance=1e-6, node_limit=NODES_A_UNIT * limits.effort,
        random_seed=limits.seed,
        time_limit=None if limits.seconds is None else timedelta(seconds=limits.seconds),
    )  # fmt: skip
    try:
        result = mathopt.solve(model, solver, params=params)
    except (RuntimeError, ValueError):  # how MathOpt says that a solver broke down
        return None
    return result if result.has_primal_feasible_solution() else None


class _Model:
    """The programme: hires by class and week, then each scenario's weeks."""

    def __init__(self, problem: CapacityProblem) -> None:
        self.problem, self.model = problem, mathopt.Model()
        self.hires: dict[tuple[int, int], mathopt.Variable] = {}
        self.counts: dict[tuple[int, int], mathopt.Variable] = {}
        self.overtime: dict[tuple[int, int, int], mathopt.Variable] = {}
        self.served: dict[tuple[int, int, int, int], mathopt.Variable] = {}
        self.backup: dict[tuple[int, int, int, int], mathopt.Variable] = {}
        self.short: dict[tuple[int, int, int], list[mathopt.Variable]] = {}
        self.curves = {
            (c, w): hire_curves(problem, kind, w)
            for c, kind in enumerate(problem.classes)
            for w in kind.starts
        }
        for c, kind in enumerate(problem.classes):
            self._hiring(c, kind)
        if problem.most_hires is not None:
            self.model.add_linear_constraint(mathopt.fast_sum(self.hires.values()) <= problem.most_hires)
        there = [staffed(group, problem.weeks) for group in problem.groups]
        self.wages = np.zeros(problem.weeks)  # of those employed today
        for group, (paid, _) in zip(problem.groups, there, strict=True):
            self.wages += group.weekly_hours * group.hourly_cost * paid
        self.spent = [self._spent(week) for week in range(problem.weeks)]
        self.supply = [
            [self._supply(g, week, float(hours[week])) for week in range(problem.weeks)]
            for g, (_, hours) in enumerate(there)
        ]
        weighed = self._weighed([self._scenario(s) for s in range(len(problem.scenarios))])
        self.model.minimize(mathopt.fast_sum(self.spent) + weighed)

    def _hiring(self, c: int, kind: HiringClass) -> None:
        """People and classes of one kind in each week in which it may start."""
        for week in kind.starts:
            self.hires[c, week] = people = self.model.add_integer_variable(
                lb=0, ub=kind.largest * kind.most_at_once
            )
            self.counts[c, week] = count = self.model.add_integer_variable(lb=0, ub=kind.most_at_once)
            self.model.add_linear_constraint(people <= kind.largest * count)
            self.model.add_linear_constraint(people >= kind.smallest * count)
        self._at_once(c, kind.starts, max(kind.training_weeks, 1), kind.most_at_once)

    def _at_once(self, c: int, starts: tuple[int, ...], length: int, most: int) -> None:
        """In no week more classes of a kind in training than there may be."""
        for week in starts:
            together = [self.counts[c, other] for other in starts if week - length < other <= week]
            if len(together) > 1:
                self.model.add_linear_constraint(mathopt.fast_sum(together) <= most)

    def _hired(self, week: int) -> Iterator[tuple[int, int, mathopt.Variable]]:
        """Hires until a week: class, start, people."""
        return ((c, start, people) for (c, start), people in self.hires.items() if start <= week)

    def _spent(self, week: int) -> mathopt.Variable:
        """What hires cost in a week, whatever the scenario: hiring them, and their wages."""
        terms: Terms = []
        for c, start, people in self._hired(week):
            kind = self.problem.classes[c]
            group = self.problem.groups[kind.group]
            wage = group.weekly_hours * group.hourly_cost * float(self.curves[c, start][0][week])
            terms.append((wage + kind.cost_per_hire * (start == week)) * people)
        return self._tied(terms, 0.0)

    def _supply(self, g: int, week: int, there: float) -> mathopt.Variable:
        """Productive hours of a group in a week."""
        hired = ((c, s, people) for c, s, people in self._hired(week) if self.problem.classes[c].group == g)
        return self._tied([float(self.curves[c, s][1][week]) * people for c, s, people in hired], there)

    def _tied(self, terms: Terms, constant: float) -> mathopt.Variable:
        """A variable equal to a sum, so that the sum stands in the model once."""
        variable = self.model.add_variable(lb=0.0)
        self.model.add_linear_constraint(variable == mathopt.fast_sum(terms) + constant)
        return variable

    def _scenario(self, s: int) -> mathopt.LinearTypes:
        """Everything of one scenario but its hires; what it costs."""
        bought = [self._tied(list(self._buffers(s, week)), 0.0) for week in range(self.problem.weeks)]
        priced = [term for week in range(self.problem.weeks) for term in self._cover(s, week)]
        for budget in self.problem.budgets:
            weeks = list(budget.weeks)
            own = [each[week] for week in weeks for each in (self.spent, bought)]
            room = max(0.0, budget.amount - float(self.wages[weeks].sum()))
            self.model.add_linear_constraint(mathopt.fast_sum(own) <= room)
        return mathopt.fast_sum([*bought, *priced])

    def _buffers(self, s: int, week: int) -> Iterator[mathopt.LinearTypes]:
        """Overtime and backup of a week, and who works where; what they cost."""
        for g, group in enumerate(self.problem.groups):
            hours = self.supply[g][week]
            parts = []
            for queue, _ in group.skills:
                self.served[s, week, g, queue] = part = self.model.add_variable(lb=0.0)
                parts.append(part)
            if group.overtime_share > 0:
                extra = self.overtime[s, week, g] = self.model.add_variable(lb=0.0)
                self.model.add_linear_constraint(extra <= group.overtime_share * hours)
                hours = hours + extra
                yield group.hourly_cost * group.overtime_factor / group.usable_share * extra
            self.model.add_linear_constraint(mathopt.fast_sum(parts) <= hours)
        for p, pool in enumerate(self.problem.pools):
            calls = {queue: self.model.add_variable(lb=0.0) for queue in pool.queues}
            self.backup.update({(s, week, p, queue): call for queue, call in calls.items()})
            self.model.add_linear_constraint(mathopt.fast_sum(calls.values()) <= pool.weekly_hours)
            yield pool.hourly_cost * mathopt.fast_sum(calls.values())

    def _cover(self, s: int, week: int) -> Iterator[mathopt.LinearTypes]:
        """Hours of every queue are worked or go short; what that is priced at."""
        for queue in range(len(self.problem.queues)):
            needed, price = (
                float(self.problem.hours[s, week, queue]),
                float(self.problem.shortage_price[queue]),
            )
            allowed = self.model.add_variable(lb=0.0, ub=self.problem.allowed_shortage * needed)
            beyond = self.model.add_variable(lb=0.0)
            worked = [
                speed * self.served[s, week, g, queue]
                for g, group in enumerate(self.problem.groups) for skill, speed in group.skills if skill == queue
            ]  # fmt: skip
            worked += [self.backup[s, week, p, queue] for p, pool in enumerate(self.problem.pools) if queue in pool.queues]  # fmt: skip
            self.model.add_linear_constraint(mathopt.fast_sum([*worked, allowed, beyond]) >= needed)
            self.short[s, week, queue] = [allowed, beyond]
            yield price * allowed + self.problem.beyond_factor * price * beyond

    def _weighed(self, costs: list[mathopt.LinearTypes]) -> mathopt.LinearTypes:
        """The mean over the dearest scenarios, those of `worst_share` together."""
        weights, share = self.problem.weights, self.problem.worst_share
        if share >= 1:
            return mathopt.fast_sum([float(w) * cost for w, cost in zip(weights, costs, strict=True)])
        threshold = self.model.add_variable()
        above: Terms = []
        for weight, cost in zip(weights, costs, strict=True):
            excess = self.model.add_variable(lb=0.0)
            self.model.add_linear_constraint(excess >= cost - threshold)
            above.append(float(weight) / share * excess)
        return mathopt.fast_sum([threshold, *above])

    def plan(self, result: mathopt.SolveResult, solver: mathopt.SolverType) -> CapacityPlan:
        """A result as plain data."""
        values, problem = result.variable_values(), self.problem
        shape, queues = (len(problem.scenarios), problem.weeks), len(problem.queues)
        classes = (len(problem.classes), problem.weeks)
        end = result.termination
        return CapacityPlan(
            "optimal" if end.reason == mathopt.TerminationReason.OPTIMAL else "feasible",
            _table(classes, self.hires, values).round().astype(np.int64),
            _table(classes, self.counts, values).round().astype(np.int64),
            _table((*shape, len(problem.groups)), self.overtime, values),
            _table((*shape, len(problem.groups), queues), self.served, values),
            _table((*shape, len(problem.pools), queues), self.backup, values),
            self._short(shape, values),
            result.objective_value(), end.objective_bounds.dual_bound, solver.name,
            end.limit != mathopt.Limit.TIME,
        )  # fmt: skip

    def _short(self, shape: tuple[int, int], values: Mapping[mathopt.Variable, float]) -> Floats:
        """Hours short, those allowed and those beyond together."""
        tables = [
            _table((*shape, len(self.problem.queues)), {key: parts[k] for key, parts in self.short.items()}, values)
            for k in (0, 1)
        ]  # fmt: skip
        return tables[0] + tables[1]


def _table(
    shape: tuple[int, ...], of: Mapping[Any, mathopt.Variable], values: Mapping[mathopt.Variable, float]
) -> Floats:
    """The values of variables where their keys say, 0 elsewhere and never below."""
    table = np.zeros(shape)
    for key, variable in of.items():
        table[key] = max(0.0, values[variable])
    return table


def without_each(problem: CapacityProblem, plan: CapacityPlan) -> dict[tuple[int, int], CapacityPlan]:
    """What the buffers do where one start of a class is left out and all others stay, by class and week: a linear programme each."""
    model, found = _Model(problem), {}
    starts = {key for key in model.hires if plan.hires[key]}
    for key, people in model.hires.items():
        people.lower_bound = people.upper_bound = int(plan.hires[key])
        model.counts[key].lower_bound = model.counts[key].upper_bound = int(plan.class_count[key])
    solver = mathopt.IncrementalSolver(model.model, mathopt.SolverType.HIGHS)
    for key in sorted(starts):
        for variable in (model.hires[key], model.counts[key]):
            variable.lower_bound = variable.upper_bound = 0
        result = solver.solve()
        if result.has_primal_feasible_solution():
            found[key] = model.plan(result, mathopt.SolverType.HIGHS)
        for variable, table in ((model.hires[key], plan.hires), (model.counts[key], plan.class_count)):
            variable.lower_bound = variable.upper_bound = int(table[key])
    return found
