"""Nobody works who is too young."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt, Le

from centre.instants import day_of
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenDay, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.scoped import birthday
from scheduler.rules.shared.findings import breach, not_checked
from scheduler.rules.shared.worked import in_horizon, runs


@dataclass(frozen=True)
class MinimumAge:
    """Nobody has a shift before the birthday on which they complete ``years`` years.

    A shift counts for the day to which it belongs; who was born on 29 February completes a year on 1 March
    where there is no such day. What minors may work is for other rules under a scope of age.

    **Source:** wherever a preset sets it: Labour Law of the PRC art. 15 (16 years); Directive 94/33/EC art. 4
    (15 years, and no longer in compulsory school). The first was read in November 2026, the second is recalled.
    """

    years: Annotated[int, Gt(0), Le(99)]
    source: str
    preset: str = ""
    name: ClassVar[str] = "minimum-age"
    words: ClassVar[str] = "Nobody works below a minimum age."
    example: ClassVar[str] = (
        "With 16 years: born on 2 March 2010, a shift of 1 March 2026 is a day too soon, one of 2 March is lawful."
    )
    tighter: ClassVar[dict[str, int]] = {"years": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Everyone with shifts of the horizon while too young, each person once."""
        shifts, people = rota.duties, facts.people or {}
        rows = np.flatnonzero(in_horizon(rota, facts))
        heads, tails = runs(np.diff(shifts.agent[rows], prepend=-1) != 0)
        unknown = 0
        for head, tail in zip(rows[heads], rows[tails], strict=True):
            agent_id = rota.agent_ids[shifts.agent[head]]
            person = people.get(agent_id)
            if person is None or person.born_on is None:
                unknown += 1
            elif shifts.day[head] < (from_day := birthday(person.born_on, self.years)):
                own = np.arange(head, tail + 1)
                yield self._breach(rota, agent_id, own[shifts.day[own] < from_day], person.born_on)
        yield from not_checked(self, facts, unknown, "their birth date is not known.")

    def _breach(self, rota: Rota, agent_id: str, early: np.ndarray, born_on: int) -> Violation:
        shifts = rota.duties
        window = int(shifts.start[early[0]]), int(shifts.end[early].max())
        first = int(shifts.day[early[0]])
        age = day_of(first).year - day_of(born_on).year
        age -= birthday(born_on, age) > first
        words = (
            f"has {len(early)} shift(s) below the minimum age, the first at {age} years; "
            f"at least {self.years} years are required."
        )
        return breach(self, agent_id, window, age, self.years, "years", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The days before the birthday; nothing where it is not known."""
        if person.born_on is not None:
            until = min(facts.end_day, birthday(person.born_on, self.years))
            yield from (ForbiddenDay(day) for day in range(facts.first_day, until))
