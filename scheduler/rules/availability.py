"""No work outside the hours in which somebody can work."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from centre.availability import times_outside
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local, unknown
from scheduler.rules.shared.pairs import people_of
from scheduler.rules.shared.times import at_work_within


@dataclass(frozen=True)
class Availability:
    """No shift, its breaks included, lies outside the hours of the week in which the person can work.

    Hours are on the person's own clock; who tells none can work at any hour.

    **Source:** column ``available`` of agents.csv.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "availability"
    words: ClassVar[str] = "Nobody works outside the hours in which they can."
    example: ClassVar[str] = "Available mon-fri 08:00-18:00; a shift to 18:30 lies 30 min outside."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every stretch of a shift of the horizon outside a person's hours."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their hours was given.")
            return
        times = [self._times(person, facts) if person else [] for person in people_of(rota, facts)]
        for agent_id, window in at_work_within(rota, facts, times):
            minutes = window[1] - window[0]
            words = (
                f"works from {local(window[0], facts)} to {local(window[1], facts)}, outside the hours in which they can "
                f"({minutes} min; none are allowed)."
            )
            yield breach(self, agent_id, window, minutes, 0, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The times outside the person's hours."""
        yield from (ForbiddenTime(start, end) for start, end in self._times(person, facts))

    def _times(self, person: Person, facts: Facts) -> list[tuple[int, int]]:
        """When the person cannot work, from the day before the horizon to the day after it."""
        if not person.available:
            return []
        clock = person.zone or facts.zone
        return list(times_outside(person.available, clock, facts.first_day - 1, facts.end_day + 1))
