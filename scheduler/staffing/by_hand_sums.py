"""The sums behind a team's formula, term by term as a spreadsheet would hold them; `scheduler.staffing.by_hand` tells them."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from centre.model import Queue
from scheduler.staffing.checks import Floats
from scheduler.staffing.teams import Ints, slowdown

TERMS = 4096  # of a sum to begin with; doubled until what is left out no longer counts


@dataclass(frozen=True)
class Sums:
    """A team in one interval; loads in erlangs, rates in contacts a handle time.

    Parameters
    ----------
    queue : the queue, or any of a pool: what is read here they have in common
    load : of all contacts
    aht : their mean handle time
    agents : of the team
    """

    queue: Queue
    load: float
    aht: float
    agents: int

    @property
    def joining(self) -> float:
        """Load of those who wait rather than take a call-back."""
        return self.load * (1.0 - self.queue.callback_share)

    @property
    def full(self) -> float:
        """Contacts that all agents finish in a handle time while all are busy."""
        held = self.queue.concurrency
        return (
            self.agents * held / (1.0 + slowdown(self.queue) * (held - 1.0))
            if held > 1
            else float(self.agents)
        )

    @property
    def impatience(self) -> float:
        """Handle time over patience, 0 where nobody abandons."""
        return 0.0 if self.queue.patience_seconds is None else self.aht / self.queue.patience_seconds

    @property
    def endless(self) -> bool:
        """Whether waits grow without end."""
        return not self.impatience and self.joining >= self.full

    @cached_property
    def waiting(self) -> Floats:
        """Weights q_k of k = 1, 2, ... waiting, relative to all busy and nobody waiting."""
        return self.waiting_of(self.joining)

    def waiting_of(self, load: float) -> Floats:
        """Terms q_k = Π load / (full + i h), i = 1 .. k."""
        count = TERMS
        while True:
            q = np.asarray(np.cumprod(load / self.rates(count)), dtype=np.float64)
            if not np.isfinite(q[-1]) or q[-1] * count <= 1e-17 * (1.0 + q.sum()):
                return q
            count *= 2

    def rates(self, count: int) -> Floats:
        """``full + i h`` of i = 1 .. count."""
        return np.asarray(self.full + self.impatience * np.arange(1, count + 1), dtype=np.float64)

    @cached_property
    def busy(self) -> float:
        """Weight of all busy, Q."""
        return 1.0 + float(self.waiting.sum())

    @cached_property
    def idle(self) -> float:
        """Weight of an agent (or a chat) free, I."""
        return self.chats[0] if self.queue.concurrency > 1 else inverse_b(self.agents, self.load) - 1.0

    @cached_property
    def chats(self) -> tuple[float, float]:
        """Weight of the states with a chat free, and the mean chats held in them."""
        n, slower = self.agents, slowdown(self.queue)
        chats = np.arange(n * self.queue.concurrency, 0, -1)
        level, over = np.divmod(chats, n)

        def pace(held: Ints) -> Floats:
            return np.where(held > 0, held / (1.0 + slower * (held - 1.0)), 0.0)

        weights = np.cumprod(((n - over) * pace(level) + over * pace(level + 1)) / self.load)
        return float(weights.sum()), float((weights * (chats - 1)).sum() / weights.sum())

    def answered_wait(self, served: float) -> float:
        """Mean wait of those answered, whose weight is ``served``."""
        harmonic = np.cumsum(1.0 / self.rates(len(self.waiting)))
        return self.aht * self.full / self.joining * float((self.waiting * harmonic).sum()) / served

    def fading(self, threshold: float) -> tuple[float, float, float]:
        """Share who would still wait after the threshold, Q_T and f of the service level."""
        patience = self.queue.patience_seconds or math.inf
        still = math.exp(-threshold / patience)
        later = 1.0 + float(self.waiting_of(self.joining * still).sum())
        thinned = self.joining / self.impatience * (1.0 - still) - self.full * threshold / self.aht
        return still, later, float(np.exp(thinned))


def inverse_b(agents: int, load: float) -> float:
    """``1/B`` by the recursion that planners know."""
    inverse = 1.0
    for k in range(1, agents + 1):
        inverse = 1.0 + k / load * inverse
    return inverse
