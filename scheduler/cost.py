"""What a rota costs, term by term, recounted from the rota itself with nothing of the solver's."""

import numpy as np

from scheduler.problem import Floats, RotaProblem
from scheduler.rota import Rota


def cost_terms(problem: RotaProblem, rota: Rota, cover: Floats) -> dict[str, float]:
    """Price by term in the centre's currency.

    Parameters
    ----------
    cover : minutes of effective work by queue and interval, shape (queues, intervals)

    Returns
    -------
    ``pay`` (at the usual rate), ``overtime`` (the extra for it), ``shortage``, ``surplus``, ``requests`` (refused wishes),
    ``below_minimum`` (a price that no rota pays unless it must).
    """
    return _people(problem, rota) | _cover(problem, cover)


def _people(problem: RotaProblem, rota: Rota) -> dict[str, float]:
    """Pay, overtime and refused wishes."""
    duties, terms = rota.duties, dict.fromkeys(("pay", "overtime", "requests"), 0.0)
    worked: dict[str, list[int]] = {agent_id: [] for agent_id in rota.agent_ids}
    for k in range(len(duties)):
        worked[rota.agent_ids[duties.agent[k]]].append(k)
    for person in problem.people:
        mine = worked.get(person.agent_id, [])
        day, paid = duties.day[mine], duties.paid[mine]
        terms["pay"] += person.cost_per_minute * float(paid.sum())
        for week in person.overtime:
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
    deep = problem.required * (1 - objective.deep_shortage_share)
    short = np.maximum(0, problem.required - agents).sum()
    deeper = np.maximum(0, deep - agents).sum() * (objective.deep_shortage_factor - 1)
    below = np.maximum(0, problem.minimum - agents).sum()
    return {
        "shortage": float((short + deeper) * hours * objective.shortage_per_agent_hour),
        "surplus": float(
            np.maximum(0, agents - problem.required).sum() * hours * objective.surplus_per_agent_hour
        ),
        "below_minimum": float(
            below * hours * objective.shortage_per_agent_hour * objective.below_minimum_factor
        ),
    }
