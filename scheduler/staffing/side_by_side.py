"""Erlang C, Erlang A, the team's own formula and a simulation beside one another: what each asks for, and what each sees.

A formula and a simulator check one another. The simulation is a floor of this team alone in a steady state: Poisson arrivals,
exponential handle times of each queue's own mean, priorities, several chats at a time, redials; no call-backs.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import pandas as pd

from centre.model import Queue
from scheduler.staffing.checks import Floats
from scheduler.staffing.erlang import Performance
from scheduler.staffing.floor import Floor, Stretches
from scheduler.staffing.simulation import simulate
from scheduler.staffing.simulation_results import Measures
from scheduler.staffing.targets import required_agents
from scheduler.staffing.teams import Team, mean_handle_seconds, missed, seconds_of, slowdown

ASSUMED_PATIENCE_SECONDS = 120.0
"""What Erlang A takes where a queue has no patience of its own."""
REPLICATIONS, SEED = 20, 1
CONTACTS = 1_000_000  # simulated for each number of agents, warm-up aside
REDIAL_SECONDS = 600.0
COLUMNS = ("method", "note", "agents_needed", "service_level", "asa_seconds", "abandonment", "occupancy")
WIDTHS = ("service_level_half_width", "asa_half_width", "abandonment_half_width", "occupancy_half_width")


def side_by_side(
    team: Team, queue: Queue, contacts: Floats, aht_seconds: Floats, agents: int, interval_minutes: int
) -> pd.DataFrame:
    """One row a method.

    Parameters
    ----------
    team, queue : the team and the one of its queues whose service is told
    contacts, aht_seconds : of each queue of the team in the interval, redials not included; some contacts of ``queue``
    agents : of the team, at least one

    Returns
    -------
    DataFrame
        ``method`` (``erlang_c``, ``erlang_a``, ``own``, ``simulation``) and ``note`` on what it leaves out, ``agents_needed`` by
        every limit (of the one queue for the first two, of all queues of the team for the others; NaN where it has no answer),
        ``service_level``, ``asa_seconds``, ``abandonment`` and ``occupancy`` with ``agents``, and for the simulation half the width of
        the 95 % interval of each (``*_half_width``)
    """
    case = _Case(
        team,
        queue,
        np.asarray(contacts, float) * (60.0 / interval_minutes),
        np.asarray(aht_seconds, float),
        agents,
    )
    rows = [case.textbook(None), case.textbook(queue.patience_seconds or ASSUMED_PATIENCE_SECONDS)]
    if not team.is_plain or queue.redial_share:
        rows.append(case.own())
    if not queue.callback_share:
        rows.append(case.simulated())
    return pd.DataFrame(rows).reindex(columns=[*COLUMNS, *WIDTHS])


@dataclass(frozen=True, eq=False)
class _Case:
    team: Team
    queue: Queue
    rates: Floats
    aht: Floats
    agents: int

    def textbook(self, patience: float | None) -> dict[str, object]:
        """Erlang C or A for all contacts of the team as one queue with the targets of ``queue``."""
        queue = self.queue
        aht = float(mean_handle_seconds(self.rates[:, None], self.aht[:, None])[0]) / queue.concurrency
        one = Queue(queue.name, target_seconds=seconds_of(queue), patience_seconds=patience)
        found = Team((one,)).performance(
            self.rates.sum()[None, None], np.array([[aht]]), np.array([float(self.agents)])
        )[0]
        needed = required_agents(
            self.rates.sum(), aht, queue.target_share, seconds_of(queue), patience, queue.service_level_definition,
            queue.max_occupancy, queue.max_asa_seconds, None if patience is None else queue.max_abandonment,
        )  # fmt: skip
        return {
            "method": "erlang_c" if patience is None else "erlang_a",
            "note": self._left_out(patience),
            "agents_needed": int(needed),
            "service_level": float(found.service_level(queue.service_level_definition)[0]),
            "asa_seconds": float(found.asa_served_s[0]),
            "abandonment": float(found.p_abandon[0]),
            "occupancy": float(found.occupancy[0]),
        }

    def own(self) -> dict[str, object]:
        """The formula that the team is staffed by."""
        place = self.team.queues.index(self.queue)
        rates, aht = self.rates[:, None], self.aht[:, None]
        found = self.team.performance(rates, aht, np.array([float(self.agents)]))[place]
        return {
            "method": "own",
            "note": self.team.formula,
            "agents_needed": int(self.team.required(rates, aht)[0]),
            "service_level": float(found.service_level(self.queue.service_level_definition)[0]),
            "asa_seconds": float(found.asa_served_s[0]),
            "abandonment": float(found.p_abandon[0]),
            "occupancy": float(found.occupancy[0]),
        }

    def simulated(self) -> dict[str, object]:
        """The simulation; it asks for the fewest agents whose estimates meet every limit of every queue."""
        place, first = (
            self.team.queues.index(self.queue),
            int(self.team.required(self.rates[:, None], self.aht[:, None])[0]),
        )
        measures, told = cache(self._measures), f"{REPLICATIONS} replications, seed {SEED}, 95 % interval"
        needed = _fewest(lambda n: self._meets(measures, n), first)
        row: dict[str, object] = {"method": "simulation", "note": told, "agents_needed": needed}
        if not self._steady(self.agents):
            return row | {"note": "no steady state"}
        found = measures(self.agents)
        level = f"sl_{self.queue.service_level_definition}"
        for name, measure, width in zip(
            COLUMNS[3:], (level, "asa_served_s", "p_abandon", "occupancy"), WIDTHS, strict=True
        ):
            estimate = getattr(found, measure)
            row |= {name: float(estimate.mean[place]), width: float(estimate.half_width[place])}
        if self.queue.concurrency > 1:
            row["note"] = f"{told}; occupied: agents with a chat, not chats of those possible"
        return row

    def _left_out(self, patience: float | None) -> str:
        notes = []
        if patience is None and self.queue.patience_seconds is not None:
            notes.append("as if nobody abandoned")
        if patience is not None:
            whose = "" if self.queue.patience_seconds is not None else " assumed"
            notes.append(f"mean patience{whose} {patience:g} s")
        if len(self.team.queues) > 1:
            notes.append("all queues as one, without priorities")
        if self.queue.concurrency > 1:
            notes.append(f"handle time / {self.queue.concurrency}, as if chats did not slow one another")
        if self.queue.redial_share:
            notes.append("no redials")
        if self.queue.callback_share:
            notes.append("no call-backs")
        return "; ".join(notes)

    def _steady(self, agents: int) -> bool:
        """Whether waits end."""
        held = self.queue.concurrency
        full = agents * held / (1.0 + slowdown(self.queue) * (held - 1.0))
        return agents > 0 and (
            self.queue.patience_seconds is not None or float(self.rates @ self.aht) / 3600.0 < full
        )

    def _meets(self, measures: Callable[[int], Measures], agents: int) -> bool:
        if not self._steady(agents):
            return False
        found = measures(agents)
        return not any(
            bad[k] and not (name == "occupancy" and queue.concurrency > 1)
            for k, queue in enumerate(self.team.queues)
            for name, bad in missed(queue, _means(found)).items()
        )

    def _measures(self, agents: int) -> Measures:
        floor, warm_up = self._floor(agents)
        return simulate(floor, REPLICATIONS, SEED, warm_up_seconds=warm_up).by_queue()

    def _floor(self, agents: int) -> tuple[Floor, float]:
        """The team in a steady state, and how long it takes to get there."""
        queues = self.team.queues
        settling = self._settling_seconds(agents)
        spans = 1 + math.ceil(CONTACTS / REPLICATIONS / (self.rates.sum() / 3600.0 * settling))
        floor = Floor(
            interval_seconds=settling,
            arrivals=np.repeat(self.rates[:, None] / 3600.0 * settling, spans, axis=1),
            aht_seconds=self.aht[:, None],
            speed=np.ones((agents, len(queues))),
            work=Stretches.throughout(agents, spans * settling),
            patience_seconds=np.array([[q.patience_seconds or math.inf] for q in queues]),
            target_seconds=np.array([seconds_of(q) for q in queues]),
            priority=np.array([q.priority for q in queues]),
            concurrency=np.array([q.concurrency for q in queues]),
            slowdown=np.array([slowdown(q) if q.concurrency > 1 else 0.0 for q in queues]),
            redial_share=np.array([q.redial_share for q in queues]),
            redial_seconds=REDIAL_SECONDS,
        )
        return floor, settling

    def _settling_seconds(self, agents: int) -> float:
        """Long enough to forget an empty start: ten handle times and patiences, many more where nobody abandons and agents are busy."""
        aht = float(self.aht.max()) * (1.0 + slowdown(self.queue) * (self.queue.concurrency - 1.0))
        times = aht + (self.queue.patience_seconds or 0.0) + REDIAL_SECONDS * bool(self.queue.redial_share)
        if self.queue.patience_seconds is None:
            busy = min(
                float(self.rates @ self.aht)
                / 3600.0
                / agents
                * aht
                / float(self.aht.max())
                / self.queue.concurrency,
                1.0,
            )
            times += aht / max((1.0 - math.sqrt(busy)) ** 2 * agents, 0.01)
        return math.ceil(10.0 * times)


def _means(found: Measures) -> Performance:
    """The means of estimates."""
    return Performance(*(np.asarray(getattr(found, field.name).mean) for field in fields(Performance)))


def _fewest(enough: Callable[[int], bool], first: int) -> int:
    """Smallest number from 1 on that is enough, looked for about ``first`` in doubling steps."""
    low, high, step = 0, max(first, 1), 1
    while not enough(high):
        low, high, step = high, high + step, 2 * step
    step = 1
    while high - low > 1:
        middle = max(high - step, low + 1) if low == 0 else (low + high) // 2
        if enough(middle):
            high, step = middle, 2 * step
        else:
            low = middle
    return high
