"""Whether so many agents of each skill group serve every queue within its limits: a steady interval, simulated.

Every vector of agents meets the same contacts (common random numbers), first a short while, and longer as long as some limit lies
inside its interval of confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from centre.model import Queue, Routing
from scheduler.staffing.checks import Flags, Floats
from scheduler.staffing.floor import Floor, Stretches
from scheduler.staffing.simulation import simulate
from scheduler.staffing.simulation_results import Estimate, Measures
from scheduler.staffing.teams import MEASURES, seconds_of, slowdown

Ints = NDArray[np.int64]
Round = tuple[int, float]
ROUNDS: tuple[Round, ...] = ((10, 1 / 16), (20, 1 / 4), (20, 1.0))
"""Replications and their share of the contacts to simulate: one round after another as long as a limit is not decided."""
WARM_UP = 10  # mean handle times (and patiences) from an empty floor to a steady one; twice as many where nobody abandons


@dataclass(frozen=True, eq=False, slots=True)
class Verdict:
    """How the queues fare with one vector of agents.

    Parameters
    ----------
    found : estimates of `MEASURES`, each of shape (queues,)
    kept, broken : limits that the whole interval of confidence keeps or breaks, shape (measures, queues); neither is undecided
    sure : every limit is kept also by an interval `SURE` times as wide
    missing : by how much the pessimistic ends miss limits, all together
    """

    found: tuple[Estimate, ...]
    kept: Flags
    broken: Flags
    sure: bool
    missing: float

    @property
    def met(self) -> bool:
        """Whether every limit is kept, with confidence."""
        return bool(self.kept.all())


@dataclass(eq=False)
class Judge:
    """Simulates vectors of agents, each once.

    Parameters
    ----------
    rates, aht_seconds : contacts an hour and handle time, shape (queues,)
    speeds : groups x queues
    contacts : to simulate for one vector at most
    specialists_first : whether among free agents those with fewer skills get a contact
    """

    queues: Sequence[Queue]
    rates: Floats
    aht_seconds: Floats
    speeds: Floats
    routing: Routing
    contacts: float
    seed: int
    specialists_first: bool = False
    verdicts: dict[tuple[int, ...], Verdict] = field(default_factory=dict)

    def verdict(self, agents: Ints) -> Verdict:
        """The verdict on so many agents of each group, as soon as it is sure."""
        key = tuple(agents.tolist())
        if key not in self.verdicts:
            self.verdicts[key] = self.simulated(_groups(agents))
        return self.verdicts[key]

    def confirmed(self, agents: Ints) -> Verdict:
        """The verdict from all contacts that may be simulated."""
        found = self.verdicts[tuple(agents.tolist())] = self.simulated(_groups(agents), rounds=ROUNDS[-1:])
        return found

    def simulated(self, group: Ints, only: Ints | None = None, rounds: Sequence[Round] = ROUNDS) -> Verdict:
        """The verdict on agents of such groups, shape (agents,), each for the queue ``only`` where it is given."""
        for replications, part in rounds:
            verdict = self._weighed(self._measured(group, only, replications, part * self.contacts))
            if verdict.sure or verdict.broken.any():
                break
        return verdict

    def _measured(self, group: Ints, only: Ints | None, replications: int, contacts: float) -> Measures:
        """A steady interval long enough for so many contacts over all replications."""
        patience = [
            np.inf if queue.patience_seconds is None else queue.patience_seconds for queue in self.queues
        ]
        slowest = max(self.aht_seconds.max(), *(p for p in patience if p < np.inf), 1.0)
        warm_up = slowest * WARM_UP * (2 if np.inf in patience else 1)
        intervals = max(1, int(np.ceil(contacts / replications / (self.rates.sum() / 3600.0) / warm_up)))
        longer = 1 + intervals // 20  # few long intervals rather than many short ones
        seconds, count = warm_up * longer, 1 + -(-intervals // longer)
        names = [queue.name for queue in self.queues]
        skills = (self.speeds > 0).sum(axis=1, keepdims=True)
        floor = Floor(
            seconds,
            np.repeat(self.rates[:, None] * seconds / 3600.0, count, axis=1),
            self.aht_seconds[:, None],
            self.speeds[group],
            Stretches(
                np.arange(len(group)),
                np.zeros(len(group)),
                np.full(len(group), seconds * count),
                -1 if only is None else only,
            ),
            patience_seconds=np.array(patience)[:, None],
            target_seconds=[seconds_of(queue) for queue in self.queues],
            priority=[queue.priority for queue in self.queues],
            concurrency=[queue.concurrency for queue in self.queues],
            slowdown=[slowdown(queue) for queue in self.queues],
            redial_share=[queue.redial_share for queue in self.queues],
            overflow_to=[
                names.index(queue.overflow_to) if queue.overflow_to in names else -1 for queue in self.queues
            ],
            overflow_seconds=[queue.overflow_seconds for queue in self.queues],
            preference=np.broadcast_to(skills, self.speeds.shape)[group] if self.specialists_first else None,
            preference_decides="agent",
            agent_choice=self.routing.agent,
        )
        return simulate(floor, replications, self.seed, warm_up_seconds=seconds).by_queue()

    def _weighed(self, measures: Measures) -> Verdict:
        """Estimates beside limits; a queue without contacts keeps them all."""
        levels = [getattr(measures, f"sl_{queue.service_level_definition}") for queue in self.queues]
        service = (
            np.array([getattr(each, end)[q] for q, each in enumerate(levels)])
            for end in ("mean", "half_width")
        )
        found = Estimate(*service), measures.asa_served_s, measures.p_abandon, measures.occupancy
        mean, half = (np.array([getattr(each, end) for each in found]) for end in ("mean", "half_width"))
        limits, idle = limits_of(self.queues), self.rates == 0
        margin = np.where(SERVICE_FIRST, mean - limits, limits - mean) / np.where(
            ASA_SECOND, np.minimum(limits, LONGEST), 1.0
        )
        half = half / np.where(ASA_SECOND, np.minimum(limits, LONGEST), 1.0)
        kept = (margin >= half) | np.isinf(limits) | idle
        broken = (margin < -half) & ~idle
        sure = bool((kept & ((margin >= SURE * half) | np.isinf(limits) | idle)).all())
        return Verdict(found, kept, broken, sure, float(np.nansum(np.minimum(half - margin, WORST)[~kept])))


def _groups(agents: Ints) -> Ints:
    """The group of every agent."""
    return np.repeat(np.arange(len(agents)), agents)


SERVICE_FIRST, ASA_SECOND = (
    np.array([name == wanted for name in MEASURES])[:, None] for wanted in ("service_level", "asa_seconds")
)
SURE = 1.5
LONGEST = 3600.0  # waits are told against their limit
WORST = 10.0  # more than this is missed no worse


def limits_of(queues: Sequence[Queue]) -> Floats:
    """The limits of queues in the order of `MEASURES`, shape (measures, queues); inf where there is none."""
    limits = [(q.target_share, q.max_asa_seconds, q.max_abandonment, q.max_occupancy) for q in queues]
    return np.array([[np.inf if limit is None else limit for limit in each] for each in limits]).T
