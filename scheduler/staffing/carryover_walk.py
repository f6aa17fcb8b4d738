"""The floor of one queue from interval to interval: figures of given agents, and the fewest agents that are enough."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from centre.errors import BadInput, Fault
from centre.model import Definition
from scheduler.staffing import carryover_exact, carryover_fast
from scheduler.staffing.carryover_exact import Horizon
from scheduler.staffing.carryover_measures import FIGURES, measures
from scheduler.staffing.checks import Floats

Method: TypeAlias = Literal["exact", "fast"]
Ints: TypeAlias = NDArray[np.int64]
METHODS: tuple[Method, ...] = get_args(Method)
MOST_AGENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What an interval has to meet; arrays of shape (intervals,)."""

    definition: Definition
    share: Floats
    occupancy: Floats
    asa: Floats
    abandonment: Floats

    def met(self, i: int, figures: Floats, arrivals: float) -> bool:
        """Whether interval ``i`` meets every limit; without contacts there is nothing to meet."""
        if arrivals == 0.0:
            return True
        found = measures(figures[:, None], np.array([arrivals]))
        return bool(
            found[f"sl_{self.definition}"][0] >= self.share[i]
            and found["occupancy"][0] <= self.occupancy[i]
            and found["asa_served_s"][0] <= self.asa[i]
            and found["p_abandon"][0] <= self.abandonment[i]
        )


def fewest_agents(horizon: Horizon, limits: Limits, alone: Ints, cap: Floats, method: Method) -> Ints:
    """Interval by interval, up from the agents that each needs ``alone``: doubled steps until its limits hold or
    ``cap`` is reached, then halved ones.
    """
    chosen, floor = np.zeros(len(alone), dtype=np.int64), _before(method, horizon.start)
    for i, most in enumerate(np.floor(np.minimum(cap, MOST_AGENTS)).astype(int).tolist()):
        before = _before(method, 0) if horizon.resets[i] else floor
        agents, fails, step = min(int(alone[i]), most), -1, 1
        figures, floor = _alone(method, horizon, i, agents, before)
        met = limits.met(i, figures, horizon.arrivals[i])
        while agents < most and not met:
            agents, fails, step = min(agents + step, most), agents, 2 * step
            figures, floor = _alone(method, horizon, i, agents, before)
            met = limits.met(i, figures, horizon.arrivals[i])
        if not met and most == MOST_AGENTS:
            _raise_out_of_reach(i)
        while met and fails >= 0 and agents - fails > 1:
            middle = (agents + fails) // 2
            figures, between = _alone(method, horizon, i, middle, before)
            if limits.met(i, figures, horizon.arrivals[i]):
                agents, floor = middle, between
            else:
                fails = middle
        chosen[i] = agents
    return chosen


def _before(method: Method, start: int) -> Any:
    """The floor before the first interval, nobody there yet to take whom waits."""
    return carryover_exact.start(start) if method == "exact" else (start, np.ones(1), 0.0)


def _alone(method: Method, horizon: Horizon, i: int, agents: int, floor: Any) -> tuple[Floats, Any]:
    """Figures of interval ``i`` with so many agents as if its rates stayed, and the floor at its end."""
    if method == "fast":
        later = float(agents), horizon.service[i], horizon.patience[i], 0.0
        return _fast_interval(horizon, i, float(agents), floor, later)
    h, at = horizon, slice(i, i + 1)
    one = Horizon(
        h.arrivals[at], h.service[at], h.patience[at], np.array([float(agents)]), h.target_seconds[at],
        np.zeros(1, dtype=bool), h.seconds,
    )  # fmt: skip
    return carryover_exact.exact_interval(one, floor)


def _fast_interval(
    horizon: Horizon, i: int, agents: float, floor: Any, later: tuple[float, float, float, float]
) -> tuple[Floats, Any]:
    figures, (base, now, before) = np.zeros(len(FIGURES)), floor
    rates = horizon.arrivals[i], horizon.service[i], horizon.patience[i]
    after = carryover_fast.floor_after(
        now, base, before, agents, *rates, horizon.target_seconds[i], horizon.seconds, later, figures
    )
    return figures, after


def fast_figures(horizon: Horizon) -> Floats:
    """Figures of every interval, shape (FIGURES, intervals), the fast way; as `carryover_exact.exact`."""
    found, floor = np.zeros((len(FIGURES), len(horizon.agents))), _before("fast", horizon.start)
    for i, agents in enumerate(horizon.agents.tolist()):
        floor = _before("fast", 0) if horizon.resets[i] else floor
        found[:, i], floor = _fast_interval(horizon, i, agents, floor, _later(horizon, i))
    return found


def _later(horizon: Horizon, i: int) -> tuple[float, float, float, float]:
    """Agents, service and patience rate of the next interval in which who waits is answered or gives up, and the
    seconds until it begins; -1 agents where the queue starts anew before.
    """
    k, last = i + 1, len(horizon.agents) - 1
    while k < last and not horizon.resets[k] and horizon.agents[k] == horizon.patience[k] == 0.0:
        k += 1
    k = min(k, last)
    agents = -1.0 if k > i and horizon.resets[k] else float(horizon.agents[k])
    return agents, horizon.service[k], horizon.patience[k], max(k - i - 1, 0) * horizon.seconds


def _raise_out_of_reach(i: int) -> None:
    raise BadInput(
        [Fault("required_agents_carried", f"limits that {MOST_AGENTS:,} agents meet", f"none at index {i}")]
    )
