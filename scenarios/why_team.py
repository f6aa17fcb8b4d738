"""Why a team that answers at once needs its agents: the numbers beside, what decided, the formula written out."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from centre.model import ASSUMED_CONCURRENCY_SLOWDOWN, Queue
from scenarios.why import Facts, Working, handle_seconds
from scheduler.staffing.by_hand import written_out
from scheduler.staffing.checks import Floats
from scheduler.staffing.requirement import team_alternatives
from scheduler.staffing.side_by_side import side_by_side
from scheduler.staffing.teams import Team, mean_handle_seconds, slowdown, teams_of

LIMITS = {
    "service_level": "target_share", "asa_seconds": "max_asa_seconds", "abandonment": "max_abandonment",
    "occupancy": "max_occupancy", "minimum_agents": "minimum_agents",
}  # fmt: skip


class Case:
    """A team in one interval."""

    def __init__(self, working: Working, name: str, interval: int) -> None:
        self.step = working.settings.centre.interval_minutes
        team = next(
            team for team in teams_of(working.settings.queue) if any(q.name == name for q in team.queues)
        )
        is_open = {q.name: bool(working.demand.queues[q.name].open[interval]) for q in team.queues}
        minimums = (q.minimum_agents * is_open[q.name] for q in team.queues)
        self.team = Team(
            tuple(replace(q, minimum_agents=n) for q, n in zip(team.queues, minimums, strict=True))
        )
        found = [working.staffed[q.name] for q in team.queues]
        self.place = next(k for k, q in enumerate(team.queues) if q.name == name)
        self.contacts = np.array([float(each.offered[interval]) for each in found])
        self.aht = np.array([handle_seconds(each, interval) for each in found])
        self.own_agents = [int(each.agents[interval]) for each in found]
        self.agents = sum(self.own_agents)

    @property
    def queue(self) -> Queue:
        """The queue that is asked about."""
        return self.team.queues[self.place]

    @property
    def loads(self) -> Floats:
        """Erlangs of each queue."""
        return np.asarray(self.contacts * self.aht / (60.0 * self.step))

    def beside(self, span: int) -> pd.DataFrame:
        """Every queue's figures with ``span`` agents fewer to as many more."""
        return team_alternatives(self.team, self.contacts, self.aht, self.step, self.agents, span)

    def facts(self, span: int, compare: bool) -> Facts:
        """Everything about it as data."""
        table, slower = self.beside(max(span, 1)), self._slower()
        busy = float(self.loads.sum()) * slower
        rates = self.contacts[:, None] * (60.0 / self.step)
        at = rates, self.aht[:, None], np.array([float(self.agents)])
        attempts = self.team.with_redials(*at)[:, 0] * (self.step / 60.0)
        back = self.team.callbacks_per_hour(*at)[:, 0] * (self.step / 60.0)
        guess = math.ceil(busy + math.sqrt(busy))
        told: Facts = {
            "kind": "immediate",
            "erlangs": float(self.loads[self.place]),
            "team_formula": self.team.formula,
            "first_guess": {"load": busy, "slowdown": slower, "agents": guess},
            "team": {
                "agents": self.agents,
                "queues": [self._of_queue(k, attempts, back) for k in range(len(self.team.queues))],
            },
            "alternatives": table[table["agents"].between(self.agents - span, self.agents + span)],
            "decided_by": self._decided(table),
            "steps": written_out(self.team, attempts.tolist(), self.aht.tolist(), self.agents, self.step),
            "notes": self._notes(),
        }  # fmt: skip
        if compare and self.contacts[self.place] > 0:
            told["compare"] = side_by_side(
                self.team, self.queue, self.contacts, self.aht, self.agents, self.step
            )
        return told

    def _of_queue(self, k: int, attempts: Floats, callbacks: Floats) -> Facts:
        """The part of one queue of the team."""
        return {
            "queue": self.team.queues[k].name,
            "agents": self.own_agents[k],
            "erlangs": float(self.loads[k]),
            "contacts": float(self.contacts[k]),
            "contacts_with_redials": float(attempts[k]),
            "callbacks": float(callbacks[k]),
        }

    def _slower(self) -> float:
        """Agents' time that a contact takes with every chat taken, in handle times."""
        held = self.queue.concurrency
        return (1.0 + slowdown(self.queue) * (held - 1.0)) / held if held > 1 else 1.0

    def _decided(self, table: pd.DataFrame) -> list[Facts]:
        """The limits that one agent fewer does not meet."""
        found = []
        for row in table[table["agents"] == self.agents - 1].to_dict("records"):
            queue = next(q for q in self.team.queues if q.name == row["queue"])
            for name in filter(None, row["misses"].split(", ")):
                is_minimum = name == "minimum_agents"
                if is_minimum and queue is not self.team.queues[0]:
                    continue  # the team's minimum, told once
                limit = (
                    sum(q.minimum_agents for q in self.team.queues)
                    if is_minimum
                    else getattr(queue, LIMITS[name])
                )
                value = self.agents - 1 if is_minimum else row[name]
                found.append({"queue": queue.name, "limit": name, "value": value, "wanted": limit})
        return found

    def _notes(self) -> list[str]:
        """Approximations that this number rests on."""
        notes, queue = [], self.queue
        some = np.flatnonzero(self.contacts > 0)
        if len(some) > 1 and np.ptp(self.aht[some]) > 1e-9:
            mean = float(mean_handle_seconds(self.contacts[:, None], self.aht[:, None])[0])
            each = ", ".join(f"{self.team.queues[k].name} {self.aht[k]:g} s" for k in some)
            notes.append(
                f"approximation: the team's queues differ in handle time ({each}); the exact formula by priority takes the mean of all "
                f"contacts, {mean:.2f} s, for each; --compare simulates them as they are"
            )
        if queue.concurrency > 1 and queue.concurrency_slowdown is None:
            notes.append(
                f"assumption: each further chat makes all an agent's chats {ASSUMED_CONCURRENCY_SLOWDOWN:.0%} longer; "
                "concurrency_slowdown is not set"
            )
        if any(q.redial_share for q in self.team.queues):
            notes.append(
                "approximation: redials are taken to come within the same interval, as many as those who abandon then bring"
            )
        if queue.overflow_to:
            notes.append(
                f"not counted: help of {queue.overflow_to} after {queue.overflow_seconds:g} s; `paiban simulate` has it"
            )
        return notes
