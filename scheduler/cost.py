"""What a rota costs, term by term, recounted from the rota itself with nothing of the solver's."""

import numpy as np

from scheduler.backup import of_employees
from scheduler.pay.lines import ADDED_PAY, pay_lines
from scheduler.pay.priced import PayTerms
from scheduler.problem import Floats, RotaProblem
from scheduler.recount import further_terms
from scheduler.rota import Rota

PAY_TERMS = {
    "public_holiday": ("holiday", "special", "may_day"),
    "rest_day": ("rest_day",),
    "overtime": ("overtime", "double_time"),
    "night": ("night",),
    "missed_breaks": ("missed",),
}
"""Terms of cost that a pay law may bring, and what the names of their pay classes hold; the first that fits."""
MONEY = ("pay", "backup", "call_out", *PAY_TERMS)
"""Terms of cost that somebody is paid; the others weigh."""


def cost_terms(problem: RotaProblem, rota: Rota, cover: Floats) -> dict[str, float]:
    """Price by term in the centre's currency.

    Parameters
    ----------
    cover : minutes of effective work by queue and interval, shape (queues, intervals)

    Returns
    -------
    ``pay`` (at the usual rate), ``overtime`` (the extra for it), ``requests`` (refused wishes), ``shortage``, ``surplus``,
    ``below_minimum`` (a price that no rota pays unless it must); ``backup``, the hours of people from outside, where there are any. Where a
    pay law is in force, the extra is that of the law, by `PAY_TERMS`. Where the problem asks for them, those of `scheduler.recount`
    too. They sum to the objective.
    """
    by_law = (
        {} if problem.pay is None else _by_law(problem, problem.pay, of_employees(rota, problem.pay.facts))
    )
    return _people(problem, rota) | by_law | further_terms(problem, rota) | _cover(problem, cover)


def term_of(pay_class: str) -> str:
    """The term of `PAY_TERMS` that the extra of a pay class or premium belongs to.

    Examples
    --------
    >>> term_of("regular_holiday_overtime"), term_of("overtime_over_60h"), term_of("missed_meal")
    ('public_holiday', 'overtime', 'missed_breaks')
    """
    return next(term for term, marks in PAY_TERMS.items() if any(mark in pay_class for mark in marks))


def _by_law(problem: RotaProblem, pay: PayTerms, rota: Rota) -> dict[str, float]:
    """What the law adds to pay, by term."""
    lines = pay_lines(rota, pay.facts, pay.law).lines
    per_minute = {person.agent_id: person.cost_per_minute for person in problem.people}
    cost = lines["minutes"].to_numpy() * lines["agent_id"].map(per_minute).fillna(0.0).to_numpy(dtype=float)
    of_class = np.where(lines["kind"] == ADDED_PAY, lines["multiplier"], lines["class_multiplier"] - 1) * cost
    of_premium = (lines["multiplier"] - lines["class_multiplier"]) * cost
    terms = dict.fromkeys(PAY_TERMS, 0.0)
    for names, amounts in ((lines["pay_class"], of_class), (lines["premium"], of_premium)):
        for name in names.unique():
            amount = float(amounts[(names == name).to_numpy()].sum())
            if amount:
                terms[term_of(name)] += amount
    return {term: amount for term, amount in terms.items() if amount or term == "overtime"}


def _people(problem: RotaProblem, rota: Rota) -> dict[str, float]:
    """Pay, hours of backup, overtime and refused wishes."""
    duties, terms = rota.duties, dict.fromkeys(("pay", "overtime", "requests"), 0.0)
    worked: dict[str, list[int]] = {agent_id: [] for agent_id in rota.agent_ids}
    for k in range(len(duties)):
        worked[rota.agent_ids[duties.agent[k]]].append(k)
    for person in problem.people:
        mine = worked.get(person.agent_id, [])
        day, paid = duties.day[mine], duties.paid[mine]
        kind = "backup" if person.outside else "pay"
        terms[kind] = terms.get(kind, 0.0) + person.cost_per_minute * float(paid.sum())
        for week in person.overtime if problem.pay is None else ():
            total = int(paid[(day >= week.first_day) & (day <= week.last_day)].sum())
            terms["overtime"] += max(0, total - week.threshold) * week.extra_per_minute
        names = {int(d): rota.shift_names[s] for d, s in zip(day, duties.shift[mine], strict=True)}
        for wish in person.wishes:
            granted = wish.day in names and wish.shift in ("", names[wish.day])
            terms["requests"] += wish.price if granted == (wish.kind == "off") else 0.0
    return terms


def _cover(problem: RotaProblem, cover: Floats) -> dict[str, float]:
    """Shortage, surplus and what is missing to the minimum; here prices are per agent-hour."""
    objective, length = problem.objective, problem.grid.interval_minutes
    agents = cover / length
    hours = length / 60
    short, above = _service(problem, agents)
    below = np.maximum(0, problem.minimum - agents).sum()
    return {
        "shortage": float(short * hours),
        "surplus": float(above * hours),
        "below_minimum": float(
            below * hours * objective.shortage_per_agent_hour * objective.below_minimum_factor
        ),
    }


def _service(problem: RotaProblem, agents: Floats) -> tuple[float, float]:
    """Price per hour of the agents missing and of those too many."""
    objective, prices = problem.objective, problem.prices
    if prices is not None:
        short = sum(
            float((np.maximum(0, level - agents) * rate).sum())
            for level, rate in zip(prices.levels, prices.rates, strict=True)
        )
        return short, float((np.maximum(0, agents - prices.levels[0]) * prices.surplus).sum())
    deep = problem.required * (1 - objective.deep_shortage_share)
    missing = np.maximum(0, problem.required - agents).sum()
    deeper = np.maximum(0, deep - agents).sum() * (objective.deep_shortage_factor - 1)
    above = np.maximum(0, agents - problem.required).sum()
    return float((missing + deeper) * objective.shortage_per_agent_hour), float(
        above * objective.surplus_per_agent_hour
    )
