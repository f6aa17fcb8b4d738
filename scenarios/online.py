"""Hours on the queue and contacts of each person in a plan, beside what is asked (policy P8); also of what was worked."""

import pandas as pd

from centre.folder import Centre
from centre.instants import day_start, from_timestamps
from scenarios.plan import Plan
from scheduler.online import online_figures
from scheduler.rota import Rota

CONTACTS = ("interval_start", "queue", "contacts", "aht_seconds")


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


def online_worked(centre: Centre, worked: Rota, first_day: int, end_day: int) -> pd.DataFrame:
    """The same of what was worked on ``first_day..end_day - 1``; contacts are those handled by the history, else those offered."""
    zone, history = centre.settings.centre.timezone, centre.history
    at = from_timestamps(history["interval_start"])
    inside = history[(at >= day_start(zone, first_day)) & (at < day_start(zone, end_day))]
    handled = inside["handled"] if "handled" in inside else pd.Series(float("nan"), index=inside.index)
    usual = {queue.name: queue.aht_seconds for queue in centre.settings.queue}
    told = inside[["interval_start", "queue"]].assign(
        contacts=handled.fillna(inside["offered"]),
        aht_seconds=inside["aht_seconds"].fillna(inside["queue"].map(usual).astype(float)),
    )
    step = centre.settings.centre.interval_minutes
    return online_figures(worked, told[list(CONTACTS)], centre.settings.online, centre.agents, step)
