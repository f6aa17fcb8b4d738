"""Hours on the queue and contacts of each person in a plan, beside what is asked (policy P8)."""

import pandas as pd

from scenarios.plan import Plan
from scheduler.online import online_figures


def online_of(plan: Plan) -> pd.DataFrame:
    """The table of ``online.csv``: planned hours, and the contacts expected to be answered."""
    served = plan.coverage["expected_contacts"] * (1 - plan.coverage["abandonment"].fillna(0.0))
    expected = plan.coverage[["interval_start", "queue"]].assign(
        contacts=served.to_numpy(), aht_seconds=plan.requirement["aht_seconds"].to_numpy()
    )
    settings = plan.centre.settings
    agents = [agent for agent in plan.centre.agents if not _is_outside(plan, agent.agent_id)]
    return online_figures(plan.rota, expected, settings.online, agents, settings.centre.interval_minutes)


def _is_outside(plan: Plan, agent_id: str) -> bool:
    person = (plan.facts.people or {}).get(agent_id)
    return person is not None and person.outside
