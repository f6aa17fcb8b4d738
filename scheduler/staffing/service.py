"""What given agents give: the service of a team's queues, and of work that may wait.

Requirement and coverage both ask here, the first with the agents that targets need, the second with those of a rota.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from centre.instants import Grid
from centre.model import Queue
from scheduler.staffing.carryover import carried_performance
from scheduler.staffing.checks import Flags, Floats
from scheduler.staffing.deferred import Work, WorkedOff, due_of, worked_off
from scheduler.staffing.erlang import Performance
from scheduler.staffing.teams import Team, seconds_of


@dataclass(frozen=True, eq=False, slots=True)
class Service:
    """What agents give one queue, interval by interval; arrays of shape (intervals,).

    Parameters
    ----------
    service_level : by the queue's own definition; of work that may wait, the share of what comes in an interval that is done by
        its due time
    asa_seconds : mean wait of those answered; of work that may wait, mean time until it is done, inf where that is after the
        horizon
    attempts : all who come, redials too, without those who take a call-back
    answered : contacts taken up in each interval (of work that may wait: done)
    callbacks : contacts that take a call-back
    idle_minutes : agents' minutes without a contact
    """

    service_level: Floats
    asa_seconds: Floats
    abandonment: Floats
    occupancy: Floats
    attempts: Floats
    answered: Floats
    callbacks: Floats
    idle_minutes: Floats

    @property
    def late(self) -> Floats:
        """Contacts outside the service target."""
        return np.asarray(self.attempts * (1.0 - self.service_level))


def team_service(
    team: Team,
    offered: Floats,
    aht_seconds: Floats,
    agents: Floats,
    interval_minutes: int,
    carry: Flags | None = None,
) -> list[Service]:
    """Service of each queue of a team.

    Parameters
    ----------
    offered, aht_seconds : shape (queues, intervals)
    agents : of each queue, fractions allowed, shape (queues, intervals); the team is their sum
    carry : None for the steady state of every interval by itself; else intervals are taken one after another, what waits at the end
        of one is carried into the next, and the queue starts empty where this is true. Holds for queues without pool, chats at a time
        and call-backs; of the others each interval stays by itself
    """
    per_hour, together = 60.0 / interval_minutes, agents.sum(axis=0)
    rates = offered * per_hour
    everyone = team.with_redials(rates, aht_seconds, together)
    back = team.callbacks_per_hour(rates, aht_seconds, together)
    queue = team.queues[0]
    found: list[Performance]
    if carry is not None and team.is_plain:
        calls = everyone[0], aht_seconds[0], together, seconds_of(queue)
        found = [carried_performance(*calls, queue.patience_seconds, interval_minutes, "fast", resets=carry)]
    else:
        found = team.performance(rates, aht_seconds, together)
    services = []
    for k, (each, seen) in enumerate(zip(team.queues, found, strict=True)):
        attempts = (everyone[k] - back[k]) / per_hour
        level = seen.service_level(each.service_level_definition)
        idle = agents[k] * interval_minutes * (1.0 - seen.occupancy)
        answered = attempts * (1.0 - seen.p_abandon)
        services.append(
            Service(
                level,
                seen.asa_served_s,
                seen.p_abandon,
                seen.occupancy,
                attempts,
                answered,
                back[k] / per_hour,
                idle,
            )
        )
    return services


def work_of(queue: Queue, grid: Grid, offered: Floats, aht_seconds: Floats, backlog: Work | None) -> Work:
    """The work that comes to a deferred queue, interval by interval, and what is left from before."""
    release = np.flatnonzero(offered > 0)
    minutes = offered[release] * aht_seconds[release] / 60.0
    own = Work(release, due_of(queue, grid, release), offered[release], minutes)
    return own if backlog is None else own.and_also(backlog)


def deferred_service(
    queue: Queue, work: Work, offered: Floats, agents: Floats, spare_minutes: Floats, interval_minutes: int
) -> tuple[Service, Floats, WorkedOff]:
    """Service of work that may wait, by own agents and in the spare minutes of others; what it takes of those, shape (intervals,).

    Work from before the horizon is done too but counts in no interval's service. Work that is due after the horizon counts as in
    time.
    """
    own = agents * interval_minutes * (queue.max_occupancy or 1.0)
    done = worked_off(work, own + spare_minutes)
    taken, count = np.minimum(done.minutes, spare_minutes), len(offered)
    here = work.release >= 0
    late = np.bincount(work.release[here], done.late[here], minlength=count)
    level = 1.0 - np.divide(late, offered, out=np.zeros(count), where=offered > 0)
    wait = np.zeros(count)
    wait[work.release[here]] = done.waits[here] * interval_minutes * 60.0
    nobody, time = np.zeros(count), agents * interval_minutes
    occupancy = np.divide(done.minutes - taken, time, out=np.zeros(count), where=time > 0)
    found = Service(level, wait, nobody, occupancy, offered, done.finished, nobody, nobody)
    return found, taken, done


def spare(
    queue: Queue, idle_minutes: Mapping[str, Floats], agent_minutes: Mapping[str, Floats], count: int
) -> Floats:
    """Minutes that deferred work may use of other queues' agents: their idle time up to the queue's occupancy limit, shape (intervals,)."""
    limit, total = queue.max_occupancy or 1.0, np.zeros(count)
    for name in queue.fills_idle_of:
        total += np.maximum(idle_minutes[name] - (1.0 - limit) * agent_minutes[name], 0.0)
    return total


def take(
    queue: Queue, taken: Floats, idle_minutes: dict[str, Floats], agent_minutes: Mapping[str, Floats]
) -> None:
    """Take used minutes off the idle minutes of others, in the order in which the queue names them."""
    limit, left = queue.max_occupancy or 1.0, taken
    for name in queue.fills_idle_of:
        here = np.minimum(left, np.maximum(idle_minutes[name] - (1.0 - limit) * agent_minutes[name], 0.0))
        idle_minutes[name] = idle_minutes[name] - here
        left = left - here
