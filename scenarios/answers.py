"""What a scenario comes to, at the level of answer that is asked for: staffing alone, a bound on any rota, a rota, or one simulated."""

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from centre.instants import from_timestamps
from scenarios.inputs import Inputs
from scenarios.levers import hourly_cost
from scheduler.solution import Limits

Level = Literal["staffing", "bound", "rota", "simulated"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Each level answers what those before it do, and takes longer."""
REPLICATIONS = 100


@dataclass(frozen=True, eq=False)
class Answer:
    """What one scenario comes to.

    Parameters
    ----------
    level : how it was found
    figures : numbers of the whole horizon by name, units in the names; in the order in which they are told
    by_interval : columns of ``requirement.csv``; from a rota on, those of ``coverage.csv`` with it
    notes : sentences that the reader should see
    """

    level: Level
    figures: dict[str, float]
    by_interval: pd.DataFrame
    notes: tuple[str, ...] = ()
    samples: dict[str, tuple[float, ...]] = field(default_factory=dict)
    """Figures of every replication, in the order of the replications, where a rota is simulated."""


def answer(inputs: Inputs, level: Level, limits: Limits, replications: int = REPLICATIONS) -> Answer:
    """What the inputs come to; raises `BadInput` as the steps of the chain do.

    Parameters
    ----------
    limits : of the rota, where one is made; its seed is that of the customers too
    replications : how often a rota is played
    """
    if level == "staffing":
        return staffing(inputs)
    from scenarios import answers_rota  # loads the solver, which staffing alone does without

    match level:
        case "bound":
            return answers_rota.bound(inputs)
        case "rota":
            return answers_rota.rota(inputs, limits)
        case "simulated":
            return answers_rota.simulated(inputs, limits, replications)


def staffing(inputs: Inputs) -> Answer:
    """Agents required and the service that they give; nobody is rostered, so people and their hours are told beside."""
    centre, grid = inputs.centre, inputs.grid
    needed = inputs.requirement()
    hours = grid.interval_minutes / 60
    figures = service_figures(needed, needed["offered"], needed["agents_required"]) | {
        "required_hours": float(needed["agents_required"].sum() * hours),
        "to_roster_hours": float(needed["agents_to_roster"].sum() * hours),
        "most_agents_required": _most_at_once(needed),
        **people_figures(inputs),
    }
    figures["staffing_cost"] = figures["to_roster_hours"] * hourly_cost(centre)
    return Answer("staffing", figures, needed)


def _most_at_once(needed: pd.DataFrame) -> float:
    """Agents required of all queues together in the interval that requires most."""
    if not len(needed):
        return 0.0
    _, interval = np.unique(from_timestamps(needed["interval_start"]), return_inverse=True)
    return float(np.bincount(interval, needed["agents_required"].to_numpy(dtype=float)).max())


def service_figures(
    table: pd.DataFrame, contacts: "pd.Series[float]", agents: "pd.Series[float]"
) -> dict[str, float]:
    """Contacts, and service level, wait, abandonment and occupancy over all of them.

    Service, wait and abandonment are means by contact, occupancy by agent; rows without a figure are left out.
    """
    figures = {"contacts": float(contacts.sum())}
    weights = {
        "service_level": contacts,
        "asa_seconds": contacts,
        "abandonment": contacts,
        "occupancy": agents,
    }
    for name, weight in weights.items():
        values, weights_ = table[name].to_numpy(dtype=float), weight.to_numpy(dtype=float)
        known = np.isfinite(values)
        total = float(weights_[known].sum())
        figures[name] = float(values[known] @ weights_[known]) / total if total > 0 else float("nan")
    return figures


def people_figures(inputs: Inputs) -> dict[str, float]:
    """People, and the hours that their contracts have at most over the horizon."""
    settings, weeks = inputs.centre.settings, inputs.grid.days / 7
    most = {contract.name: contract.weekly_minutes_max for contract in settings.contract}
    minutes = sum(most.get(agent.contract, 0) for agent in inputs.centre.agents) * weeks
    return {"people": float(len(inputs.centre.agents)), "contract_hours": minutes / 60}
