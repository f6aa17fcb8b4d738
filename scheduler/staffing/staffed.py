"""Agents for every queue: team by team, in the order in which contacts flow from one queue to the next.

What one queue answers may come to another (transfers, follow-ups, call-backs), and work that may wait fills what other teams leave
idle, so that each is staffed after those it hangs on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

import numpy as np

from centre.model import Queue, Settings
from scheduler.staffing.checks import Floats
from scheduler.staffing.deferred import Work, WorkedOff, levelled
from scheduler.staffing.demand import Demand
from scheduler.staffing.flows import flows_from, own_demand, pushed
from scheduler.staffing.service import Service, deferred_service, spare, take, team_service, work_of
from scheduler.staffing.teams import Team, shared_out, teams_of

ANY_AHT = 1.0  # stands in where nothing is offered and no handle time is known: nothing depends on it


@dataclass(frozen=True, eq=False, slots=True)
class Staffed:
    """One queue over the grid: what reaches its agents, how many it needs, what they give; arrays of shape (intervals,).

    ``work`` and ``done`` are there for work that may wait.
    """

    offered: Floats
    aht_seconds: Floats
    agents: Floats
    service: Service
    work: Work | None = None
    done: WorkedOff | None = None


def staffed(
    demand: Demand,
    settings: Settings,
    backlog: Mapping[str, Work] | None = None,
    at_most: Mapping[str, Floats] | None = None,
) -> dict[str, Staffed]:
    """Every queue of the centre with the fewest agents that meet its targets, its stated minimum included.

    Parameters
    ----------
    backlog : work left from before the grid, by deferred queue
    at_most : agents who are there, by queue, shape (intervals,); what they leave waiting is staffed for in the intervals that follow
    """
    nothing = {queue.name: np.zeros(len(demand.grid.starts)) for queue in settings.queue}
    floor = _Floor(demand, settings, backlog or {}, at_most or {}, nothing)
    found: dict[str, Staffed] = {}
    for unit in order(settings):
        found |= floor.team(unit) if isinstance(unit, Team) else floor.deferred(unit)
    return found


def order(settings: Settings) -> Iterator[Team | Queue]:
    """Teams and deferred queues, each after those that feed it or whose idle time it fills.

    `centre.queue_checks` tells circles when settings are read; here one raises `graphlib.CycleError`.
    """
    units: list[Team | Queue] = [*teams_of(settings.queue), *(q for q in settings.queue if q.deferred)]
    place = {name: k for k, unit in enumerate(units) for name in names_of(unit)}
    before: dict[int, set[int]] = {k: set() for k in range(len(units))}
    for queue in settings.queue:
        for flow in flows_from(settings, queue.name):
            before[place[flow.to]].add(place[queue.name])
        before[place[queue.name]] |= {place[name] for name in queue.fills_idle_of}
    yield from (units[k] for k in TopologicalSorter(before).static_order())


def names_of(unit: Team | Queue) -> list[str]:
    """Names of a team's queues, or of one queue."""
    return [queue.name for queue in unit.queues] if isinstance(unit, Team) else [unit.name]


@dataclass(eq=False)
class _Floor:
    """The floor while it is being staffed: what has come to each queue so far and what its agents leave idle."""

    demand: Demand
    settings: Settings
    backlog: Mapping[str, Work]
    at_most: Mapping[str, Floats]
    inflow: dict[str, Floats]
    idle_minutes: dict[str, Floats] = field(default_factory=dict)
    agent_minutes: dict[str, Floats] = field(default_factory=dict)

    def team(self, team: Team) -> dict[str, Staffed]:
        """The queues of a team, with the fewest agents that serve all of them."""
        step = self.settings.centre.interval_minutes
        offered, aht = (
            np.array(each) for each in zip(*(self._demand_of(q) for q in team.queues), strict=True)
        )
        handle = np.where(np.isnan(aht), ANY_AHT, aht)
        minimum = np.array([self.demand.queues[q.name].open * q.minimum_agents for q in team.queues])
        needed = team.required(offered * (60.0 / step), handle)
        cap = self.at_most.get(team.queues[0].name)
        if cap is not None and team.is_plain:
            opens = self.demand.queues[team.queues[0].name].open
            begins = opens & ~np.append(False, opens[:-1])
            needed = np.maximum(
                needed, team.required_after(offered * (60.0 / step), handle, cap, step, begins)
            )
        together = np.maximum(needed, minimum.sum(axis=0))
        agents = shared_out(together, offered * handle, minimum).astype(float)
        services = team_service(team, offered, handle, agents, step)
        for queue, service, n in zip(team.queues, services, agents, strict=True):
            self._push(queue, service)
            self.idle_minutes[queue.name], self.agent_minutes[queue.name] = service.idle_minutes, n * step
        parts = zip(offered, aht, agents, services, strict=True)
        return {queue.name: Staffed(*each) for queue, each in zip(team.queues, parts, strict=True)}

    def deferred(self, queue: Queue) -> dict[str, Staffed]:
        """A queue whose work may wait: the flattest staffing that finishes it in time, after others' idle minutes."""
        step, open_now = self.settings.centre.interval_minutes, self.demand.workable(queue.name)
        offered, aht = self._demand_of(queue)
        work = work_of(queue, self.demand.grid, offered, aht, self.backlog.get(queue.name))
        others = spare(queue, self.idle_minutes, self.agent_minutes, len(offered)) * open_now
        plan = levelled(work, open_now, others, step, queue.max_occupancy or 1.0, queue.minimum_agents)
        agents = plan.agents.astype(float)
        service, taken, done = deferred_service(queue, work, offered, agents, others, step)
        take(queue, taken, self.idle_minutes, self.agent_minutes)
        self._push(queue, service)
        return {queue.name: Staffed(offered, aht, agents, service, work, done)}

    def _demand_of(self, queue: Queue) -> tuple[Floats, Floats]:
        """Contacts that reach a queue's agents and their handle time."""
        own = self.demand.queues[queue.name]
        offered, aht = own_demand(queue, own.offered, own.aht_seconds)
        return offered + self.inflow[queue.name], aht

    def _push(self, queue: Queue, service: Service) -> None:
        masks = {name: each.open for name, each in self.demand.queues.items()}
        for to, sent in pushed(self.settings, queue.name, service.answered, masks, service.callbacks).items():
            self.inflow[to] = self.inflow[to] + sent.contacts
