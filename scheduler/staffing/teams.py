"""Which formula the agents of a queue follow, behind one contract: Erlang C or A, several chats at a time, call-backs, redials, and
queues that share one team by priority.

Everything that asks of immediate queues "how many agents?" or "with so many, how well?" asks here, so that requirement, coverage,
shortage curves and explanations cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from centre.errors import BadInput, Fault
from centre.model import ASSUMED_CONCURRENCY_SLOWDOWN, Definition, Queue
from scheduler.staffing.callback import callback_performance, required_agents_with_callbacks
from scheduler.staffing.carryover import required_agents_carried
from scheduler.staffing.chat import chat_performance, required_chat_agents
from scheduler.staffing.checks import Flags, Floats
from scheduler.staffing.erlang import Performance, performance
from scheduler.staffing.priority import priority_performance, required_agents_by_priority
from scheduler.staffing.redials import required_agents_with_redials, with_redials
from scheduler.staffing.targets import required_agents

Ints = NDArray[np.int64]
MEASURES = ("service_level", "asa_seconds", "abandonment", "occupancy")


class _Limits(TypedDict):
    """What every search for agents takes beside the service target."""

    patience_seconds: float | None
    definition: Definition
    max_occupancy: float | None
    max_asa_seconds: float | None
    max_abandonment: float | None


@dataclass(frozen=True, slots=True)
class Team:
    """Immediate queues whose contacts the same agents answer: one queue, or all those of a pool.

    Rates (contacts an hour, fresh ones) and handle times have shape (queues, intervals), agents (intervals,), fractions allowed.
    In a pool the exact formulas want equal handle times: where they differ, the mean of all contacts stands for each.
    """

    queues: tuple[Queue, ...]

    def performance(self, calls_per_hour: Floats, aht_seconds: Floats, agents: Floats) -> list[Performance]:
        """How each queue fares, in the order of ``queues``."""
        return self._once(self.with_redials(calls_per_hour, aht_seconds, agents), aht_seconds, agents)

    def required(self, calls_per_hour: Floats, aht_seconds: Floats) -> Ints:
        """Fewest agents with which every queue meets its limits, shape (intervals,); stated minimums are not looked at."""
        agents = self._required_once(calls_per_hour, aht_seconds)
        if any(queue.redial_share for queue in self.queues):
            while not (met := self.meets(calls_per_hour, aht_seconds, agents)).all():
                agents = agents + ~met
        return agents

    def required_after(
        self,
        calls_per_hour: Floats,
        aht_seconds: Floats,
        at_most: Floats,
        interval_minutes: int,
        begins: Flags,
    ) -> Ints:
        """Fewest agents given what is still waiting where at most so many are there, shape (intervals,); for plain teams.

        Where ``begins`` is true nobody waits yet.
        """
        queue = self.queues[0]
        return required_agents_carried(
            calls_per_hour[0], aht_seconds[0], queue.target_share, seconds_of(queue), **_limits(queue),
            interval_minutes=interval_minutes, at_most=at_most, resets=begins,
        )  # fmt: skip

    def meets(self, calls_per_hour: Floats, aht_seconds: Floats, agents: Floats | Ints) -> Flags:
        """Whether so many agents meet every limit of every queue, shape (intervals,)."""
        found = self.performance(calls_per_hour, aht_seconds, np.asarray(agents, dtype=float))
        bad = [np.any(list(missed(q, p).values()), axis=0) for q, p in zip(self.queues, found, strict=True)]
        return np.asarray(~np.any(bad, axis=0))

    def with_redials(self, calls_per_hour: Floats, aht_seconds: Floats, agents: Floats) -> Floats:
        """Contacts an hour once those who abandoned and call again are counted in, shape (queues, intervals)."""
        shares = np.array([queue.redial_share for queue in self.queues])[:, None]
        if not shares.any():
            return calls_per_hour
        return with_redials(
            calls_per_hour,
            shares,
            lambda rates: np.array([found.p_abandon for found in self._once(rates, aht_seconds, agents)]),
        )

    def callbacks_per_hour(self, calls_per_hour: Floats, aht_seconds: Floats, agents: Floats) -> Floats:
        """Call-backs taken an hour, shape (queues, intervals)."""
        queue = self.queues[0]
        if not queue.callback_share:
            return np.zeros(calls_per_hour.shape)
        rates = self.with_redials(calls_per_hour, aht_seconds, agents)
        return callback_performance(
            rates, aht_seconds, agents, seconds_of(queue), queue.callback_share, queue.patience_seconds
        )[1]

    @property
    def is_plain(self) -> bool:
        """Whether it is one queue by Erlang C or A, where what waits can be carried from interval to interval."""
        queue = self.queues[0]
        return len(self.queues) == 1 and queue.concurrency == 1 and not queue.callback_share

    @property
    def formula(self) -> str:
        """The formula in words."""
        queue = self.queues[0]
        patience = (
            "nobody abandons"
            if queue.patience_seconds is None
            else f"mean patience {queue.patience_seconds:g} s"
        )
        told = f"Erlang {'C' if queue.patience_seconds is None else 'A'}, {patience}"
        if queue.concurrency > 1:
            told = (
                f"chain of chats in progress, up to {queue.concurrency} an agent, "
                f"each at 1 + {slowdown(queue):g} x (chats held - 1) times the handle time; {patience}"
            )
        if len(self.queues) > 1:
            ranked = " before ".join(" and ".join(q.name for q in rank) for rank in self._ranks())
            told = f"one team, {ranked}; {told}"
        if queue.callback_share:
            told += f"; {queue.callback_share:.0%} of those who would wait take a call-back"
        redialling = [f"{q.redial_share:.0%} of {q.name}" for q in self.queues if q.redial_share]
        return told + (f"; of those who abandon, {', '.join(redialling)} call again" if redialling else "")

    def _once(self, rates: Floats, aht_seconds: Floats, agents: Floats) -> list[Performance]:
        """Without further redials."""
        queue = self.queues[0]
        if len(self.queues) > 1:
            return [self._ranked(k, rates, aht_seconds, agents) for k in range(len(self.queues))]
        args = rates[0], aht_seconds[0], agents, seconds_of(queue)
        if queue.callback_share:
            return [callback_performance(*args, queue.callback_share, queue.patience_seconds)[0]]
        if queue.concurrency > 1:
            return [chat_performance(*args, queue.concurrency, slowdown(queue), queue.patience_seconds)]
        return [performance(*args, queue.patience_seconds)]

    def _required_once(self, rates: Floats, aht_seconds: Floats) -> Ints:
        if len(self.queues) > 1:
            each = [self._required_ranked(k, rates, aht_seconds) for k in range(len(self.queues))]
            return np.asarray(np.max(each, axis=0))
        queue = self.queues[0]
        promise = rates[0], aht_seconds[0], queue.target_share, seconds_of(queue)
        limits = _limits(queue)
        if queue.callback_share:
            return required_agents_with_callbacks(*promise, queue.callback_share, **limits)[0]
        if queue.concurrency > 1:
            return required_chat_agents(*promise, queue.concurrency, slowdown(queue), **limits)
        if queue.redial_share:
            return required_agents_with_redials(*promise, **limits, redial_share=queue.redial_share)[0]
        return required_agents(*promise, **limits)

    def _ranked(self, k: int, rates: Floats, aht_seconds: Floats, agents: Floats) -> Performance:
        """Queue ``k`` of a pool."""
        place, by_rank = self._by_rank(k, rates)
        mean = mean_handle_seconds(rates, aht_seconds)
        queue = self.queues[k]
        return priority_performance(by_rank, mean, agents, seconds_of(queue), queue.patience_seconds)[place]

    def _required_ranked(self, k: int, rates: Floats, aht_seconds: Floats) -> Ints:
        """Agents that queue ``k`` of a pool needs the team to have."""
        place, by_rank = self._by_rank(k, rates)
        queue, here = self.queues[k], np.arange(len(by_rank)) == place

        def only_here(limit: float | None, none: float) -> Floats:
            return np.where(here, none if limit is None else limit, none)[:, None]

        found = required_agents_by_priority(
            by_rank, mean_handle_seconds(rates, aht_seconds), only_here(queue.target_share, 0.0), seconds_of(queue),
            queue.patience_seconds, queue.service_level_definition, only_here(queue.max_occupancy, 1.0),
            only_here(queue.max_asa_seconds, np.inf), only_here(queue.max_abandonment, 1.0),
        )  # fmt: skip
        return np.where(rates[k] > 0, found, 0)

    def _ranks(self) -> list[list[Queue]]:
        """The queues by priority, the highest first."""
        levels = sorted({queue.priority for queue in self.queues}, reverse=True)
        return [[queue for queue in self.queues if queue.priority == level] for level in levels]

    def _by_rank(self, k: int, rates: Floats) -> tuple[int, Floats]:
        """Rank of queue ``k`` and the rates of all ranks, shape (ranks, intervals)."""
        ranks = self._ranks()
        sums = [sum(rates[self.queues.index(queue)] for queue in rank) for rank in ranks]
        return next(i for i, rank in enumerate(ranks) if self.queues[k] in rank), np.array(sums)


def _limits(queue: Queue) -> _Limits:
    return _Limits(
        patience_seconds=queue.patience_seconds, definition=queue.service_level_definition,
        max_occupancy=queue.max_occupancy, max_asa_seconds=queue.max_asa_seconds, max_abandonment=queue.max_abandonment,
    )  # fmt: skip


def teams_of(queues: Iterable[Queue]) -> list[Team]:
    """The immediate queues as teams: those of one pool together, every other by itself."""
    by_team: dict[tuple[str, str], list[Queue]] = {}
    for queue in queues:
        if not queue.deferred:
            by_team.setdefault(("pool", queue.pool) if queue.pool else ("queue", queue.name), []).append(
                queue
            )
    return [Team(tuple(together)) for together in by_team.values()]


def missed(queue: Queue, found: Performance) -> dict[str, Flags]:
    """Which limits of a queue these figures do not meet, by the names of `MEASURES`."""
    return {
        "service_level": found.service_level(queue.service_level_definition) < queue.target_share,
        "asa_seconds": found.asa_served_s > (queue.max_asa_seconds or np.inf),
        "abandonment": found.p_abandon > (queue.max_abandonment or 1.0),
        "occupancy": found.occupancy > (queue.max_occupancy or 1.0),
    }


def slowdown(queue: Queue) -> float:
    """How much each further chat slows an agent's chats; assumed where the centre does not say (its reader warns)."""
    return ASSUMED_CONCURRENCY_SLOWDOWN if queue.concurrency_slowdown is None else queue.concurrency_slowdown


def seconds_of(queue: Queue) -> float:
    """The threshold of an immediate queue.

    Raises
    ------
    BadInput
        where it is not set.
    """
    if queue.target_seconds is None:
        expected = "the seconds within which target_share of contacts are served"
        raise BadInput([Fault("centre.toml", expected, column=f"queue.{queue.name}.target_seconds")])
    return queue.target_seconds


def mean_handle_seconds(rates: Floats, aht_seconds: Floats) -> Floats:
    """Mean handle time of all contacts of a team, shape (intervals,); the plain mean where there are none."""
    total = rates.sum(axis=0)
    weights = np.where(total > 0, rates / np.where(total > 0, total, 1.0), 1.0 / len(rates))
    return np.asarray((weights * aht_seconds).sum(axis=0))


def shared_out(total: Ints, weights: Floats, minimum: Ints) -> Ints:
    """A team's agents told queue by queue: its minimum each, the rest by load, whole agents whose sum is the team.

    Parameters
    ----------
    total : agents of the team, shape (intervals,), at least the sum of minimums
    weights, minimum : shape (queues, intervals)

    Examples
    --------
    >>> shared_out(np.array([7]), np.array([[1.0], [3.0]]), np.array([[1], [0]])).ravel().tolist()
    [2, 5]
    """
    sums = weights.sum(axis=0)
    even = np.full(weights.shape, 1.0 / len(weights))
    share = np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), even)
    ideal = np.maximum(share * total, minimum)
    spare = total - minimum.sum(axis=0)
    over = ideal - minimum
    scale = np.where(over.sum(axis=0) > 0, spare / np.where(over.sum(axis=0) > 0, over.sum(axis=0), 1.0), 0.0)
    exact = minimum + over * scale
    whole = np.floor(exact + 1e-9).astype(np.int64)
    left = total - whole.sum(axis=0)
    rank = np.argsort(np.argsort(whole - exact, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(whole + (rank < left))
