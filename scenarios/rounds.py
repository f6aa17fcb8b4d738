"""Rounds of planning and playing, as they are told: what each rota costs and how it serves, and which is gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass

ROUNDS, TIMES = 3, 50
"""At most so many rounds, each played so many times."""
SERVICE_LOST = 0.005
"""How much of the share in time a cheaper round may lose against the first."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round: what the rota costs to pay, what calls by triggers add, the share in time of all days, people called by triggers."""

    planned_cost: float
    live_cost: float
    in_time: float
    live_call_outs: float
    chosen: bool = False

    @property
    def cost(self) -> float:
        """What is paid in all, expected."""
        return self.planned_cost + self.live_cost


def best_of(rounds: Sequence[Round]) -> int:
    """Place of the cheapest round that serves as well as the first.

    Examples
    --------
    >>> best_of([Round(100, 20, 0.9, 4), Round(95, 20, 0.899, 4), Round(60, 30, 0.8, 6)])
    1
    """
    kept = [k for k, each in enumerate(rounds) if each.in_time >= rounds[0].in_time - SERVICE_LOST]
    return min(kept, key=lambda k: rounds[k].cost)
