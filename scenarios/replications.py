"""A rota and its backup pools played against a forecast many times, told replication by replication."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from centre.folder import Centre
from centre.instants import Grid
from centre.model import Queue
from scenarios.demand import holidays_of, open_rows, requirement_of
from scenarios.onboarding import by_phases
from scenarios.peak_contacts import at_peaks
from scenarios.peak_settings import settings_of_table
from scenarios.simulated_backup import BackupFacts, backup_facts
from scenarios.simulated_floor import NamedFloor, named_floor, simulated_queues
from scheduler.rota import Rota
from scheduler.staffing.checks import Floats
from scheduler.staffing.demand import demand
from scheduler.staffing.simulation import SimulationResult, simulate


@dataclass(frozen=True, eq=False)
class Replications:
    """What happened in each replication, with what is needed to read it."""

    result: SimulationResult
    floor: NamedFloor
    grid: Grid
    queues: tuple[Queue, ...]
    facts: BackupFacts
    target_share: Floats
    """The share in time that each queue asks for, shape (queues, intervals), by the settings in force."""

    def in_time(self) -> tuple[Floats, Floats]:
        """Contacts in time and those they are divided by, by each queue's definition of service level; shape (replications, queues,
        intervals). ``virtual`` is taken as ``offered``.
        """
        above, below = self.result.count("within").copy(), self.result.count("offered").copy()
        for q, queue in enumerate(self.queues):
            if queue.service_level_definition == "exit":
                above[:, q] += self.result.count("abandoned_within")[:, q]
            elif queue.service_level_definition == "answered":
                below[:, q] = self.result.count("answered")[:, q]
            elif queue.service_level_definition == "exclshort":
                below[:, q] -= self.result.count("abandoned_within")[:, q]
        return above, below


def play(
    centre: Centre,
    rota: Rota,
    forecast: pd.DataFrame,
    times: int,
    seed: int = 1,
    workers: int | None = None,
    requirement: pd.DataFrame | None = None,
) -> Replications:
    """Play all days of a forecast; the same seed has the same customers whatever the rota.

    Parameters
    ----------
    forecast : columns of ``forecast.csv``, ``interval_start`` aware
    requirement : that of the forecast, where it is known already
    """
    settings, in_force = centre.settings, settings_of_table(centre, forecast)
    holidays = holidays_of(centre, in_force.grid)
    if requirement is None:
        requirement = requirement_of(
            forecast, settings, holidays, centre.backlog, calendar=centre.calendar, in_force=in_force
        )
    is_open = open_rows(forecast, settings, holidays, centre.calendar)
    asked = at_peaks(demand(forecast, settings, is_open, holidays, centre.calendar), in_force)
    facts = backup_facts(centre, requirement)
    by_day, people = by_phases(centre, rota)
    floor = named_floor(by_day, asked, settings, people, centre.backlog, facts)
    result = simulate(floor.floor, times, seed, workers)
    queues = simulated_queues(settings)
    targets = np.zeros((len(queues), len(asked.grid.starts)))
    for variant, holds in in_force.variants:
        targets[:, holds] = [[queue.target_share] for queue in simulated_queues(variant)]
    return Replications(result, floor, asked.grid, queues, facts, targets)
