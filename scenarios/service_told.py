"""How a day's or a week's service target was met, told: the rounds, their prices and figures, what is missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from centre.instants import day_of
from scenarios.figures import known
from scenarios.service_judged import Judged
from scheduler.solution import Solution

Floats = NDArray[np.float64]
MET = 1e-9  # shares this near to a target meet it
BOUND_IN_WORDS = (
    "of the lower convex envelopes of the shortage curves, at the prices of the round that was kept"
)


@dataclass(frozen=True, eq=False)
class Round:
    """One solve at given prices and what its rota gives.

    Parameters
    ----------
    late_price : price of a late contact, shape (queues, periods)
    envelope_late : late contacts that the envelopes say of the same agents, shape (queues, periods)
    late : late contacts by the judge, same shape
    below_floor : intervals of a queue that have fewer agents than their floor
    missing : contacts late beyond what targets allow, over all periods
    met : whether no target is shown to be missed
    """

    late_price: Floats
    solution: Solution
    judged: Judged
    envelope_late: Floats
    late: Floats
    below_floor: int
    missing: float
    met: bool

    @property
    def rank(self) -> tuple[bool, float, float]:
        """Less is better: first whether targets are missed and by how many contacts, then what is paid and refused."""
        cost = sum(
            amount for term, amount in self.solution.cost.items() if term not in ("shortage", "surplus")
        )
        return not self.met, 0.0 if self.met else self.missing, cost

    @property
    def agent_hours(self) -> float:
        """Hours at work, breaks and meals left out."""
        return float(self.solution.rota.duties.worked.sum()) / 60

    @property
    def paid_hours(self) -> float:
        """Hours paid."""
        return float(self.solution.rota.duties.paid.sum()) / 60


@dataclass(frozen=True, eq=False)
class ServiceTarget:
    """How a target over days or weeks was met.

    Parameters
    ----------
    over : ``day`` or ``week``
    first_days : day number on which each period begins
    target : share in time that each queue asks for, NaN for work that may wait, shape (queues,)
    contacts : expected, shape (queues, periods)
    rounds : in the order in which they were solved; ``kept`` is the place of the one whose rota is the plan's
    """

    over: str
    floor_share: float
    judged_by: str
    queues: tuple[str, ...]
    first_days: tuple[int, ...]
    target: Floats
    contacts: Floats
    rounds: tuple[Round, ...]
    kept: int

    @property
    def missed(self) -> list[tuple[str, int, float]]:
        """Queue, first day and share in time of every period that misses its target."""
        found = self.rounds[self.kept].judged
        low = found.high < self.target[:, None] - MET
        return [
            (self.queues[q], self.first_days[p], float(found.share[q, p]))
            for q, p in np.argwhere(low & (self.contacts > 0))
        ]


def target_json(told: ServiceTarget) -> dict[str, Any]:
    """What ``plan.json`` holds of it."""
    return {
        "over": told.over,
        "interval_floor_share": told.floor_share,
        "judged_by": told.judged_by,
        "bound": BOUND_IN_WORDS,
        "kept_round": told.kept + 1,
        "met": told.rounds[told.kept].met,
        "rounds": [_round_json(told, each) for each in told.rounds],
    }


def _round_json(told: ServiceTarget, each: Round) -> dict[str, Any]:
    solution = each.solution
    return {
        "agent_hours": round(each.agent_hours, 2),
        "paid_hours": round(each.paid_hours, 2),
        "objective": known(solution.objective),
        "bound_of_envelope": known(solution.bound),
        "met": each.met,
        "intervals_below_floor": each.below_floor,
        "service": [
            {
                "from": day_of(told.first_days[p]).isoformat(),
                "queue": told.queues[q],
                "target_share": known(told.target[q]),
                "share": known(each.judged.share[q, p]),
                "low": known(each.judged.low[q, p]),
                "high": known(each.judged.high[q, p]),
                "contacts": known(told.contacts[q, p], 2),
                "late": known(each.late[q, p], 2),
                "late_by_envelope": known(each.envelope_late[q, p], 2),
                "price_of_a_late_contact": known(each.late_price[q, p], 4),
            }
            for p, q in np.argwhere(told.contacts.T > 0)
        ],
    }


def target_sentences(told: ServiceTarget) -> Iterator[str]:
    """What a planner must know: targets that are missed."""
    for queue, day, share in told.missed:
        target = told.target[told.queues.index(queue)]
        yield (
            f"queue {queue}: {share:.1%} in time over the {told.over} from {day_of(day).isoformat()} "
            f"({told.judged_by}), {target:.0%} wanted"
        )
