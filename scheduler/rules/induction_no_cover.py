"""No cover by somebody in induction."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenDay, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, unknown
from scheduler.rules.shared.starters import SERVES, in_stage, is_training_day, rows_in_stage
from scheduler.rules.shared.worked import Rows


@dataclass(frozen=True)
class InductionNoCover:
    """Nobody serves a queue on a day of their induction, nor in a shift that is a training day.

    A stage is left by a recorded pass; where none is recorded, on the day after the exam that is planned.

    **Source:** stage in agents.csv and passes.csv; company policy P10.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "induction-no-cover"
    words: ClassVar[str] = "Nobody in induction serves a queue."
    example: ClassVar[str] = (
        "Induction from Monday to Wednesday; an hour of calls on Wednesday is a breach of 60 min."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every day of induction, and every training day, with time at a queue."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their stages was given.")
            return
        told = set[tuple[str, int]]()
        for person, day, here in rows_in_stage(rota, facts, "induction"):
            told.add((person.agent_id, day))
            when = f"on {date_of(day)}, in induction"
            yield self._breach(rota, person.agent_id, np.flatnonzero(here), when)
        days = np.array([is_training_day(name) for name in rota.shift_names], dtype=bool)
        rows = np.flatnonzero(
            rota.is_kind(*SERVES) & (rota.day >= facts.first_day) & (rota.day < facts.end_day)
        )
        rows = rows[days[rota.shift[rows]]] if len(rows) else rows
        for agent, day in np.unique(np.column_stack([rota.agent[rows], rota.day[rows]]), axis=0).tolist():
            if (rota.agent_ids[agent], day) not in told:
                mine = rows[(rota.agent[rows] == agent) & (rota.day[rows] == day)]
                yield self._breach(rota, rota.agent_ids[agent], mine, f"on {date_of(day)}, a training day")

    def _breach(self, rota: Rota, agent_id: str, rows: Rows, when: str) -> Violation:
        minutes = int((rota.end[rows] - rota.start[rows]).sum())
        words = f"serves queues for {minutes} min {when}; none are allowed."
        window = int(rota.start[rows].min()), int(rota.end[rows].max())
        return breach(self, agent_id, window, minutes, 0, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Each day of induction in the horizon."""
        for day in range(facts.first_day, facts.end_day) if person.stages else ():
            if in_stage(person, "induction", day):
                yield ForbiddenDay(day)
