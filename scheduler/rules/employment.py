"""Work only between the first and the last day of employment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenDay, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, unknown
from scheduler.rules.shared.pairs import people_of
from scheduler.rules.shared.worked import in_horizon

ALWAYS = 1 << 40


@dataclass(frozen=True)
class Employment:
    """No shift begins before the day a person starts or after the last day employed.

    **Source:** ``starts_on`` and ``leaves_on`` in agents.csv; an empty one sets no bound.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "employment"
    words: ClassVar[str] = "Everyone works only on days they are employed."
    example: ClassVar[str] = "Somebody who starts on 1 March has a shift on 29 February: a breach."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon outside the days employed."""
        if facts.people is None:
            yield unknown(
                self, facts, "Not checked: no list of people with their days of employment was given."
            )
            return
        shifts, spans = rota.duties, [_span(person) for person in people_of(rota, facts)]
        first, last = (np.array([span[k] for span in spans], dtype=np.int64)[shifts.agent] for k in (0, 1))
        outside = (shifts.day < first) | (shifts.day > last)
        for k in np.flatnonzero(in_horizon(rota, facts) & outside):
            bound = (
                f"starts on {date_of(first[k])}"
                if shifts.day[k] < first[k]
                else f"was last employed on {date_of(last[k])}"
            )
            words = f"has a shift on {date_of(shifts.day[k])} but {bound}."
            window = int(shifts.start[k]), int(shifts.end[k])
            yield breach(
                self, rota.agent_ids[shifts.agent[k]], window, window[1] - window[0], 0, "minutes", words
            )

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Each day of the horizon on which the person is not employed."""
        first, last = _span(person)
        for day in range(facts.first_day, facts.end_day):
            if not first <= day <= last:
                yield ForbiddenDay(day)


def _span(person: Person | None) -> tuple[int, int]:
    """First and last day employed; far away where there is no bound."""
    first = person.starts_on if person else None
    last = person.leaves_on if person else None
    return -ALWAYS if first is None else first, ALWAYS if last is None else last
