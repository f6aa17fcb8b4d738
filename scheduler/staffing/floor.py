"""The floor that is simulated: queues over intervals, agents with skills and hours, rules of routing, as plain arrays.

Nothing here has a name, only codes: queue q, agent a, interval k count from 0, seconds count from the floor's start. Where an
array may be given for every queue, one number holds for all. `scheduler.staffing.simulation.simulate` runs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

Service = Literal["exponential", "lognormal", "deterministic"]
Trigger = Literal["customers_online", "online_per_agent", "waiting", "wait_seconds"]
AgentChoice = Literal["longest_idle", "least_occupied"]
Decides = Literal["agent", "contact", "both"]
SERVICES: tuple[Service, ...] = ("exponential", "lognormal", "deterministic")
TRIGGERS: tuple[Trigger, ...] = ("customers_online", "online_per_agent", "waiting", "wait_seconds")


@dataclass(frozen=True, eq=False, slots=True)
class Stretches:
    """When agents work: one entry a stretch; gaps are breaks, and whoever is in a contact then finishes it first.

    Parameters
    ----------
    agent, start_s, end_s : who works from when until when (shape (stretches,)); stretches of an agent do not overlap; what lies
        before the floor's start or beyond its end is cut
    queue : the only queue served in it, or -1 where all skills of the agent count
    shift : code of the shift that a stretch belongs to, for absences, which are for a whole shift; None: a gap of
        `SHIFT_GAP_SECONDS` or more begins a new shift
    """

    agent: ArrayLike
    start_s: ArrayLike
    end_s: ArrayLike
    queue: ArrayLike = -1
    shift: ArrayLike | None = None

    @classmethod
    def throughout(cls, agents: int, seconds: float) -> "Stretches":
        """Agents 0 to ``agents - 1`` at work from the start for ``seconds``, without a break, with all their skills."""
        return cls(np.arange(agents), np.zeros(agents), np.full(agents, seconds))


SHIFT_GAP_SECONDS = 5 * 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class BackupPool:
    """Agents who come when a trigger fires: all of them ``lead_seconds`` later, for ``minimum_seconds`` and then for as long as the
    trigger still holds.

    Parameters
    ----------
    agents : who comes; they have skills on the floor but no stretches, and are in one pool only
    queues : what they serve, as far as they have the skills, and what the trigger looks at
    trigger : fires at or above ``threshold`` of: customers waiting or in service (``customers_online``), the same per agent at work
        for these queues, backup apart (``online_per_agent``), customers ``waiting``, seconds that the longest waiting one has
        waited (``wait_seconds``)
    """

    agents: Sequence[int]
    queues: Sequence[int]
    threshold: float
    trigger: Trigger = "customers_online"
    lead_seconds: float = 900.0
    minimum_seconds: float = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """Contacts as they came, in place of drawn ones; arrays of shape (contacts,), in any order.

    Parameters
    ----------
    queue, arrival_s : where and when
    work_s : seconds of an agent at usual speed, wrap-up included
    patience_s : seconds after which the customer gives up, inf for never
    """

    queue: ArrayLike
    arrival_s: ArrayLike
    work_s: ArrayLike
    patience_s: ArrayLike


@dataclass(frozen=True, eq=False, slots=True)
class Floor:
    """Everything that the simulation may know.

    Parameters
    ----------
    interval_seconds : length of an interval; the floor ends after the last one
    arrivals : mean contacts of each interval, shape (queues, intervals); Poisson, at a constant rate inside an interval
    aht_seconds : mean work of a contact at usual speed, by the interval it arrives in where told so; shape (queues, intervals),
        (queues,) or a number
    speed : agents x queues, 1 usual, 0.5 half as fast, 0 no skill
    work : who works when
    patience_seconds : mean of the exponential patience, inf where nobody gives up; shapes as of ``aht_seconds``
    target_seconds : the threshold that "within target" means, by queue
    service : distribution of the work by queue; ``service_cv`` is the lognormal's standard deviation over its mean
    priority : by queue, higher first
    concurrency, slowdown : contacts of the queue that an agent may hold at a time; with j held, each goes on at
        1 / (1 + slowdown (j - 1)) of its speed. A queue of concurrency 1 is served alone
    wrap_up_seconds : the mean part of ``aht_seconds`` after the customer has gone (of each contact the same share)
    transfer_share, transfer_to : of those answered, who go on to another queue when the agent lets them go
    redial_share, redial_seconds : of those who give up, who come again, after an exponential time of this mean
    overflow_to, overflow_seconds : after waiting so long, agents who serve queue ``overflow_to`` may answer too (-1: none)
    preference : agents x queues, lower first: whose contact an agent takes, and which agent gets a contact, before time decides;
        ``preference_decides`` narrows this to one of the two. Priority goes before it
    agent_choice : among free agents alike, the one idle longest or the one with the least share of time busy so far; agents with
        fewer contacts at hand always go first
    absence_share : probability that an agent is absent for a whole shift, one number or one a stretch (the shift's first counts)
    busyness_cv : standard deviation of a gamma factor of mean 1 on all arrivals of a replication; 0 for none
    backup : pools of extra agents
    trace : contacts in place of drawn ones; ``arrivals`` then only tells the numbers of queues and intervals

    Next contact for an agent: the highest priority, then the lowest preference, then the longest waiting.

    Examples
    --------
    Fifty agents, an hour of 2,880 contacts of a minute, patience two minutes:

    >>> floor = Floor(3600, [[2880]], 60, np.ones((50, 1)), Stretches.throughout(50, 3600), patience_seconds=120)
    """

    interval_seconds: float
    arrivals: ArrayLike
    aht_seconds: ArrayLike
    speed: ArrayLike
    work: Stretches
    patience_seconds: ArrayLike = np.inf
    target_seconds: ArrayLike = 20.0
    service: Service | Sequence[Service] = "exponential"
    service_cv: ArrayLike = 1.0
    priority: ArrayLike = 0
    concurrency: ArrayLike = 1
    slowdown: ArrayLike = 0.0
    wrap_up_seconds: ArrayLike = 0.0
    transfer_share: ArrayLike = 0.0
    transfer_to: ArrayLike = -1
    redial_share: ArrayLike = 0.0
    redial_seconds: ArrayLike = 600.0
    overflow_to: ArrayLike = -1
    overflow_seconds: ArrayLike = 0.0
    preference: ArrayLike | None = None
    preference_decides: Decides = "both"
    agent_choice: AgentChoice = "longest_idle"
    absence_share: ArrayLike = 0.0
    busyness_cv: float = 0.0
    backup: Sequence[BackupPool] = field(default=())
    trace: Trace | None = None
