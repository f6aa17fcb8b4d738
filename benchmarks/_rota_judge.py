"""What a rota of `_rota_weeks` is worth, whoever made it: nothing here knows how it came about.

Cost by `scheduler.cost.cost_terms`, cover by a linear programme of its own that lets people with several skills serve where the
price falls most, breaches by the rules' audit, late contacts by `scheduler.coverage`.
"""

from collections import Counter
from dataclasses import asdict, dataclass

import numpy as np
from _rota_weeks import Floats, Week
from ortools.math_opt.python import mathopt

from scheduler.audit import audit
from scheduler.cost import cost_terms
from scheduler.coverage import coverage, working_groups
from scheduler.problem import RotaProblem
from scheduler.rota import Rota
from scheduler.terms import CoverPrices

REST_RULES = ("rest-between-shifts", "weekly-rest", "weekly-day-off")


@dataclass(frozen=True)
class Verdict:
    """Figures of one rota.

    Parameters
    ----------
    objective : the price of everything, in the centre's currency
    required_hours, short_hours, surplus_hours : agent-hours to roster, missing to them and beyond them
    late_share : of contacts, those expected outside their target
    shifts : shifts worked
    breaches : findings of the audit by rule
    rest_breaches, people_in_breach : of these, by `REST_RULES`; people whom any of them names
    """

    objective: float
    cost: dict[str, float]
    required_hours: float
    short_hours: float
    surplus_hours: float
    late_share: float
    shifts: int
    breaches: dict[str, int]
    rest_breaches: int
    people_in_breach: int

    def as_dict(self) -> dict[str, object]:
        """For a line of JSON."""
        return asdict(self)


def judge(week: Week, rota: Rota) -> Verdict:
    """All figures of a rota."""
    problem, length = week.problem, week.problem.grid.interval_minutes
    cover = best_cover(week, rota)
    cost = cost_terms(problem, rota, cover)
    net = cover / length - problem.required
    found = [v for v in audit(rota, week.rules, week.facts) if v.verdict == "breach"]
    breaches = Counter(v.rule for v in found)
    served = coverage(rota, week.requirement, week.settings, week.agents)
    return Verdict(
        sum(cost.values()),
        cost,
        float(problem.required.sum()) * length / 60,
        float(np.maximum(-net, 0).sum()) * length / 60,
        float(np.maximum(net, 0).sum()) * length / 60,
        float(served["expected_late"].sum() / served["expected_contacts"].sum()),
        len(rota.duties),
        dict(breaches),
        sum(breaches[rule] for rule in REST_RULES),
        len({v.agent_id for v in found}),
    )


def best_cover(week: Week, rota: Rota) -> Floats:
    """Minutes of effective work by queue and interval at the least price, shape (queues, intervals).

    One linear programme: minutes of each group of people alike go to queues that they can serve, all of them; each interval's
    price is that of `RotaProblem.cover_prices` and of the minimum.
    """
    problem, length = week.problem, week.problem.grid.interval_minutes
    speeds, at_work = working_groups(rota, list(problem.queues), week.agents, problem.grid.starts, length)
    model = mathopt.Model()
    served: dict[tuple[int, int], list[mathopt.LinearTerm]] = {}
    for t in range(at_work.shape[1]):
        for group in np.flatnonzero(at_work[:, t]):
            flows = []
            for queue in np.flatnonzero(speeds[group]):
                flow = model.add_variable(lb=0.0)
                flows.append(flow)
                served.setdefault((int(queue), t), []).append(float(speeds[group, queue]) * flow)
            model.add_linear_constraint(mathopt.fast_sum(flows) == float(at_work[group, t]) * length)
    prices = problem.cover_prices()
    price = [_priced(model, problem, prices, key, terms) for key, terms in served.items()]
    model.minimize(mathopt.fast_sum(price))
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise RuntimeError(f"the programme of cover ended as {result.termination.reason.name}")
    values = result.variable_values()
    cover = np.zeros(problem.required.shape)
    for (queue, t), terms in served.items():
        cover[queue, t] = sum(term.coefficient * values[term.variable] for term in terms)
    return cover


def _priced(
    model: mathopt.Model,
    problem: RotaProblem,
    prices: CoverPrices,
    at: tuple[int, int],
    terms: list[mathopt.LinearTerm],
) -> mathopt.LinearBase:
    """The price of one queue's cover in one interval."""
    length, objective = problem.grid.interval_minutes, problem.objective
    below = objective.shortage_per_agent_hour * objective.below_minimum_factor
    levels = [
        (float(level[at]), float(rate[at])) for level, rate in zip(prices.levels, prices.rates, strict=True)
    ]
    cover = mathopt.fast_sum(terms)
    price = []
    for level, rate in [*levels, (float(problem.minimum[at]), below)]:
        if level > 0 and rate > 0:
            short = model.add_variable(lb=0.0)
            model.add_linear_constraint(short + cover >= level * length)
            price.append(rate / 60 * short)
    over = model.add_variable(lb=0.0)
    model.add_linear_constraint(over - cover >= -levels[0][0] * length)
    return mathopt.fast_sum([*price, float(prices.surplus[at]) / 60 * over])
