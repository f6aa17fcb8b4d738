"""Peaks where contacts are simulated one by one: the demand that a bot leaves at a peak, and what is simulated as on other days."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from centre.model import Queue
from centre.peak_days import changes_of
from scenarios.peak_settings import SettingsInForce
from scheduler.staffing.demand import Demand

SIMULATED = ("containment_share", "containment_aht_factor", "minimum_agents", "max_occupancy")
"""What a peak may change and a simulation needs no more of: the demand has it, or the rota."""


def at_peaks(asked: Demand, in_force: SettingsInForce) -> Demand:
    """A demand from which the centre's usual settings make the contacts that reach agents by the settings in force.

    What a bot keeps away at a peak in place of usually is taken off the contacts offered, and handle times are as much longer as those
    left over are then.

    Parameters
    ----------
    asked : on the grid of ``in_force``
    """
    queues, changed = {queue.name: queue for queue in in_force.settings.queue}, dict(asked.queues)
    for settings, holds in in_force.variants:
        for queue in settings.queue:
            usual, own = queues[queue.name], changed[queue.name]
            left = (1.0 - queue.containment_share) / (1.0 - usual.containment_share)
            longer = _factor(queue) / _factor(usual)
            if (left, longer) != (1.0, 1.0):
                offered = np.where(holds, own.offered * left, own.offered)
                aht = np.where(holds, own.aht_seconds * longer, own.aht_seconds)
                changed[queue.name] = replace(own, offered=offered, aht_seconds=aht)
    return replace(asked, queues=changed)


def simulated_as_usual(in_force: SettingsInForce) -> Iterator[str]:
    """Sentences on settings of peaks that a simulation leaves as they are on other days."""
    queues = in_force.settings.queue
    for name, times in in_force.times.items():
        told = {setting for queue in queues for setting in changes_of(times.peak, queue)} - set(SIMULATED)
        if times.peak.enabled and times.intervals.any() and told:
            yield f"peak {name}: simulated with {', '.join(sorted(told))} as on other days"


def _factor(queue: Queue) -> float:
    return queue.containment_aht_factor if queue.containment_share > 0 else 1.0
