"""Days worked in a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from centre.instants import day_start
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedRun, BoundedSum, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.worked import known_from, known_work, newcomers, runs


@dataclass(frozen=True)
class DaysInARow:
    """Nobody works more than ``days`` days in a row, days on which a shift begins.

    **Source:** a company rule wherever a centre sets it; no preset has it yet.
    """

    days: Annotated[int, Gt(0)]
    source: str
    preset: str = ""
    name: ClassVar[str] = "days-in-a-row"
    words: ClassVar[str] = "No more than so many days in a row have a shift."
    example: ClassVar[str] = (
        "With six days: shifts on seven days in a row, Monday to Sunday, are one day too many."
    )
    tighter: ClassVar[dict[str, int]] = {"days": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every run of days that is too long and reaches into the horizon."""
        work = known_work(rota, facts)
        agent, day = work.agent[work.fresh_day], work.day[work.fresh_day]
        new = np.ones(len(agent), dtype=bool)
        new[1:] = (agent[1:] != agent[:-1]) | (day[1:] != day[:-1] + 1)
        heads, tails = runs(new)
        length = tails - heads + 1
        reaches = day[tails] >= facts.first_day
        broken = reaches & (length > self.days)
        for head, tail, found in zip(heads[broken], tails[broken], length[broken], strict=True):
            first, last = int(day[head]), int(day[tail])
            span = f"from {date_of(first)} to {date_of(last)}"
            words = f"works {found} days in a row {span}; at most {self.days} are allowed."
            window = day_start(facts.zone, first), day_start(facts.zone, last + 1)
            yield breach(self, work.agent_ids[agent[head]], window, found, self.days, "days", words)
        in_doubt = (
            reaches & ~broken & (day[heads] == known_from(facts)) & ~newcomers(work, facts)[agent[heads]]
        )
        reason = "they work from the first known day on, and whether they worked before it is not known."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The run, and what is left of one that began before the horizon."""
        yield BoundedRun(self.days)
        worked, run = set(carry_in(person, facts).day.tolist()), 0
        while facts.first_day - 1 - run in worked:
            run += 1
        left = max(0, self.days - run)
        if run and facts.first_day + left < facts.end_day:
            yield BoundedSum(facts.first_day, facts.first_day + left, "shifts", high=left)
