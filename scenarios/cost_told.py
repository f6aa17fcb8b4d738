"""What a plan's rota costs, as it is told: term by term, how often each happened, and every mix on its own."""

from dataclasses import dataclass

from scenarios.plan import Plan
from scenarios.report_data import CostTerm
from scheduler.cost import MONEY
from scheduler.duty import duty_rows
from scheduler.recount import missing_on_duty, mix_price

NAMES = {"requests": "refused_requests"}
"""The report's names of terms, where they differ from the solver's."""
COUNTED = ("start_change", "backward_rotation", "single_day_off", "change")
"""Terms whose amount is a number of times their price in ``[objective]``."""


@dataclass(frozen=True, slots=True)
class MixTold:
    """How a rota keeps a mix.

    Parameters
    ----------
    intervals : in how many intervals it asks for something
    short : in how many of them somebody is missing
    hours_missing : people missing times hours
    amount : what that costs
    """

    name: str
    price_per_hour: float
    intervals: int
    short: int
    hours_missing: float
    amount: float


def mixes_told(plan: Plan) -> tuple[MixTold, ...]:
    """Every mix that has a price, recounted from the finished rota and the settings alone."""
    people = sorted(plan.centre.agents, key=lambda agent: agent.agent_id)
    centre, grid = plan.centre, plan.grid
    told = []
    for row in duty_rows(centre.settings, people, grid, plan.facts.holidays, centre.calendar):
        missing = missing_on_duty(row, [agent.agent_id for agent in people], plan.rota, grid)
        told.append(
            MixTold(
                row.name, row.price_per_hour, int((row.needed >= 0).sum()), int((missing > 1e-6).sum()),
                float(missing.sum()) * grid.interval_minutes / 60, mix_price(row, missing, grid),
            )
        )  # fmt: skip
    return tuple(told)


def mix_sentence(mix: MixTold) -> str:
    """How a mix is kept, in words.

    Examples
    --------
    >>> mix_sentence(MixTold("one lead", 6000.0, 98, 0, 0.0, 0.0))
    'Mix one lead: kept in all 98 intervals'
    >>> mix_sentence(MixTold("one lead", 6000.0, 98, 3, 1.25, 7500.0))
    'Mix one lead: short in 3 of 98 intervals, 1.2 h of people missing'
    """
    if not mix.short:
        return f"Mix {mix.name}: kept in all {mix.intervals} intervals"
    return (
        f"Mix {mix.name}: short in {mix.short} of {mix.intervals} intervals, "
        f"{mix.hours_missing:.1f} h of people missing"
    )


def cost_told(plan: Plan) -> tuple[CostTerm, ...]:
    """The terms of a plan's cost as its report shows them; they sum to the objective."""
    objective, terms = plan.centre.settings.objective, []
    for name, amount in plan.solution.cost.items():
        if name == "mix":
            terms += [
                CostTerm(f"mix:{mix.name}", mix.amount, False, mix.hours_missing, "hours")
                for mix in mixes_told(plan)
            ]
            continue
        times = amount / getattr(objective, name) if name in COUNTED else None
        told = NAMES.get(name, name)
        terms.append(CostTerm(told, amount, name in MONEY, times, "" if times is None else "times"))
    return tuple(terms)
