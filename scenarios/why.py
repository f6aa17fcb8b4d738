"""Why an interval needs as many agents as it does, as plain data: the working behind one row of the requirement.

`Working` does the requirement's calculation again and keeps what is behind it; `why` tells one interval of one queue.
Teams that answer at once are told by `scenarios.why_team`, work that may wait by `scenarios.why_deferred`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from centre.calendar import CalendarRow
from centre.instants import Grid, format_instant
from centre.model import Queue, Settings, Shrinkage
from scenarios.demand import open_rows
from scheduler.staffing.backlog import works_of
from scheduler.staffing.demand import Demand, demand
from scheduler.staffing.flows import flows_from, own_demand, pushed
from scheduler.staffing.shrinkage import agents_to_roster, headcount, planned_loss, unplanned_loss
from scheduler.staffing.staffed import ANY_AHT, Staffed, staffed

Facts = dict[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class Working:
    """Demand and staffing of every queue over the grid of a forecast."""

    settings: Settings
    demand: Demand
    staffed: dict[str, Staffed]

    @classmethod
    def of(
        cls,
        forecast: pd.DataFrame,
        settings: Settings,
        holidays: dict[int, str],
        backlog: pd.DataFrame | None,
        calendar: Sequence[CalendarRow] = (),
    ) -> "Working":
        """The working of `scenarios.demand.requirement_of` with the same arguments; raises `BadInput` as it does."""
        is_open = open_rows(forecast, settings, holidays, calendar)
        asked = demand(forecast, settings, is_open, holidays, calendar)
        return cls(settings, asked, staffed(asked, settings, works_of(backlog, asked.grid)))

    @property
    def grid(self) -> Grid:
        """The intervals."""
        return self.demand.grid

    def queue(self, name: str) -> Queue:
        """A queue of the centre."""
        return next(queue for queue in self.settings.queue if queue.name == name)


def inputs(working: Working, name: str, interval: int) -> Facts:
    """What reaches the agents of a queue, from the forecast on."""
    queue, own, reach = working.queue(name), working.demand.queues[name], working.staffed[name]
    forecast, aht = float(own.offered[interval]), float(own.aht_seconds[interval])
    left = forecast * (1.0 - queue.containment_share)
    mine = float(own_demand(queue, [forecast], [aht])[0][0])
    return {
        "forecast_contacts": forecast,
        "forecast_aht_seconds": aht,
        "aht_assumed": bool(own.assumed[interval]),
        "told": bool(own.told[interval]),
        "contained_contacts": forecast - left,
        "containment_aht_factor": queue.containment_aht_factor if queue.containment_share else 1.0,
        "repeat_factor": mine / left if left > 0 else 1.0,
        "own_contacts": mine,
        "from_queues": [
            each for sender in working.settings.queue for each in _sent(working, sender, name, interval)
        ],
        "contacts": float(reach.offered[interval]),
        "aht_seconds": handle_seconds(reach, interval),
    }


def handle_seconds(found: Staffed, interval: int) -> float:
    """Handle time of a queue's contacts, or the one that stands in where nothing depends on it."""
    aht = float(found.aht_seconds[interval])
    return ANY_AHT if np.isnan(aht) else aht


def _sent(working: Working, sender: Queue, name: str, interval: int) -> list[Facts]:
    """What one queue sends to another in an interval, and how."""
    ways = [flow for flow in flows_from(working.settings, sender.name) if flow.to == name]
    if not ways:
        return []
    service = working.staffed[sender.name].service
    masks = {queue: each.open for queue, each in working.demand.queues.items()}
    came = pushed(working.settings, sender.name, service.answered, masks, service.callbacks)[name]
    return [
        {
            "queue": sender.name,
            "contacts": float(came.contacts[interval]),
            "answered": float(service.answered[interval]),
            "callbacks": float(service.callbacks[interval]),
            "ways": [
                {
                    "share": way.share,
                    "after_minutes": way.after_minutes,
                    "of": "callbacks" if way.of_callbacks else "answered",
                }
                for way in ways
            ],
        }
    ]


def limits(queue: Queue) -> Facts:
    """What a queue promises and allows; what is None limits nothing."""
    names = (
        *("target_share", "target_seconds", "target_hours", "due_by_day_end", "service_level_definition"),
        *("max_occupancy", "max_asa_seconds", "max_abandonment", "minimum_agents", "patience_seconds"),
    )
    told = asdict(queue)
    return {name: told[name] for name in names}


def shrinkage(working: Working, agents: float, interval: int) -> Facts:
    """Shrinkage of an interval cause by cause, agents to roster, and people on the books as a side figure."""
    grid = working.grid
    day = int(grid.local_days()[interval])
    one = Grid(grid.zone, day, 1, grid.interval_minutes)
    place = interval - int(np.searchsorted(grid.starts, one.start))
    told = working.settings.shrinkage
    lost, away = float(unplanned_loss(told, one)[place]), float(planned_loss(told, one)[place])
    unplanned = {
        name: float(unplanned_loss(Shrinkage(unplanned={name: loss}), one)[place])
        for name, loss in told.unplanned.items()
    }
    planned = {
        name: float(planned_loss(Shrinkage(planned={name: loss}), one)[place])
        for name, loss in told.planned.items()
    }
    return {
        "unplanned": unplanned,
        "unplanned_together": lost,
        "planned": planned,
        "planned_together": away,
        "agents_to_roster": int(agents_to_roster(agents, lost)),
        "headcount": int(headcount(agents, away, lost)),
    }


def when(working: Working, interval: int) -> str:
    """The start of an interval as files have it; intervals after the grid too."""
    return format_instant(working.grid.start + interval * working.grid.interval_minutes)
