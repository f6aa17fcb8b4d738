"""The floor that is simulated: queues over intervals, agents with skills and hours, rules of routing, as plain arrays.

Nothing here has a name, only codes: queue q, agent a, interval k count from 0, seconds count from the floor's start. Where an
array may be given for every queue, one number holds for all. `scheduler.staffing.simulation.simulate` runs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from centre.peaks import Trigger, TriggerKind

Service = Literal["exponential", "lognormal", "deterministic"]
AgentChoice = Literal["longest_idle", "least_occupied"]
Decides = Literal["agent", "contact", "both"]
SERVICES: tuple[Service, ...] = ("exponential", "lognormal", "deterministic")
TRIGGERS: tuple[TriggerKind, ...] = get_args(TriggerKind)
"""Kinds of triggers; a place here is the trigger's code in `CALL_OUT`."""
BY_TIME: tuple[TriggerKind, ...] = ("agents_short", "service_level")
"""Triggers whose measure time alone changes, or the backup itself: somebody has to look every now and then."""
WITH_BACKUP_SKILLS = -2
"""In place of a stretch's queue: all skills of the agent and those that it has as backup."""
ELSEWHERE = -3
"""In place of a stretch's queue: none of the floor's."""
DAY_SECONDS = 86400.0


@dataclass(frozen=True, eq=False, slots=True)
class Stretches:
    """When agents work: one entry a stretch; gaps are breaks, and whoever is in a contact then finishes it first.

    Parameters
    ----------
    agent, start_s, end_s : who works from when until when (shape (stretches,)); stretches of an agent do not overlap; what lies
        before the floor's start or beyond its end is cut
    queue : the only queue served in it, -1 where all skills of the agent count, or `WITH_BACKUP_SKILLS` where those count
        too that the agent has as backup (`BackupPool.speed`): a planned call-out; `ELSEWHERE` where the agent serves none, and may
        be called from there to support
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
class Windows:
    """When people may be at work in a call-out: one entry a window; the windows of an agent do not overlap.

    Parameters
    ----------
    agent, from_s, to_s : who may from when until when (shape (windows,)), -inf and inf allowed; who has none is never called
    """

    agent: ArrayLike
    from_s: ArrayLike
    to_s: ArrayLike


@dataclass(frozen=True, eq=False, slots=True)
class BackupPool:
    """Agents who come when a trigger fires, and go when all triggers are over.

    *Looking.* At the floor's ``check_seconds``, 2 ``check_seconds``, ... somebody looks; with 0 at every moment. Nobody is
    called or sent home at another. At one instant those
    whose time has come arrive or go first, then somebody looks, then customers come.

    *Measures*, of the pool's queues: ``customers_online``, those waiting or in service, wrap-up apart; ``online_per_agent``,
    the same per agent at work who by the rota serves one of the queues (planned call-outs are of the rota, people called here are not;
    with nobody at work one customer is enough); ``waiting``; ``wait_seconds``, how long the longest waiting one has waited;
    ``agents_short``, the sum of ``Floor.agents_required`` in the present interval less all at work who serve one of the queues,
    people called here too once they are there; ``service_level``, of the contacts that came in since the whole minute half an hour ago,
    and were answered, gave up or have waited longer than the target, the share that was answered within it (1 where there is none).

    *Holding and over.* A trigger holds at or above its threshold and is over below its release; ``service_level`` holds at or
    below its threshold and is over above its release. Between the two it is neither.

    *Call.* People are called at a look if one trigger or another held at every look for the last ``sustained_seconds``, counted
    from the last arrival at the earliest, nobody of the pool is on the way, and nobody of it has gone in the last
    ``cool_down_seconds``. Called are ``batch`` people, or all, or as many as may come: those with the fewest call-outs so far
    first, then in the order of ``agents``. May come who is neither called nor there, has been called fewer than ``calls_a_day`` times
    since the last of the floor's days began and fewer than ``calls_at_most`` times in all, arrives ``rest_seconds`` or
    more after the last call-out ended, and has a window that holds the time from the arrival to ``minimum_seconds`` later.
    They arrive ``lead_seconds`` after the call, even if all triggers are over by then.

    *Going.* At a look at which all triggers have been over at every look for the last ``hold_seconds``, all those go who have
    been there for ``minimum_seconds``. Where ``batch`` is told, of these only those called last; the others in the same way,
    each time after another ``hold_seconds``. Besides, everyone goes after ``maximum_seconds``, or at the window's end if
    that is sooner. Who goes finishes the contact at hand.

    Parameters
    ----------
    agents : who comes; in one pool only. Who has stretches too (planned call-outs, or work of their own) needs windows that do
        not overlap them
    queues : what they serve, as far as they have the skills, and what the triggers look at
    threshold, trigger, release : the first trigger; None: its release is the threshold
    also : more triggers; the first one that holds is told as what called
    calls_before : call-outs that each of the agents had before the floor began
    windows : None: always
    speed : shape (agents of the pool, queues); holds in call-outs, and in stretches `WITH_BACKUP_SKILLS`, where ``Floor.speed`` is 0
    support : people of other teams, with stretches of their own: they are called only while in one of them, and serve
        the pool's queues besides what they do. A call-out goes on over breaks and ends with the shift at the latest
    """

    agents: Sequence[int]
    queues: Sequence[int]
    threshold: float
    trigger: TriggerKind = "customers_online"
    lead_seconds: float = 900.0
    minimum_seconds: float = 3600.0
    release: float | None = None
    also: Sequence[Trigger] = ()
    maximum_seconds: float = np.inf
    batch: int = 0
    check_seconds: float = 0.0
    sustained_seconds: float = 0.0
    hold_seconds: float = 0.0
    cool_down_seconds: float = 0.0
    calls_a_day: int | None = None
    calls_at_most: int | None = None
    calls_before: ArrayLike = 0
    rest_seconds: float = 0.0
    windows: Windows | None = None
    speed: ArrayLike | None = None
    support: bool = False

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """All triggers with their release."""
        release = self.threshold if self.release is None else self.release
        return (Trigger(self.trigger, self.threshold, release), *self.also)


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
    arrivals : mean contacts of each interval, shape (queues, intervals); Poisson, at a constant rate inside an interval. Of shape
        (paths, queues, intervals) where demand is uncertain: replication r has path r modulo paths
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
    agents_required : agents to roster, shapes as of ``aht_seconds``, for the trigger ``agents_short``
    day_starts_s : when the floor's days begin, for `BackupPool.calls_a_day`; None: every 86,400 seconds
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
    agents_required: ArrayLike = 0.0
    day_starts_s: ArrayLike | None = None
    trace: Trace | None = None
