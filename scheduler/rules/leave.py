"""No work during leave."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from centre.instants import day_start
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local, unknown
from scheduler.rules.shared.pairs import people_of
from scheduler.rules.shared.times import at_work_within
from scheduler.rules.shared.worked import LONGEST_SHIFT_MINUTES


@dataclass(frozen=True)
class Leave:
    """No shift, its breaks included, overlaps a person's leave.

    **Source:** leave.csv.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "leave"
    words: ClassVar[str] = "Nobody works during their leave."
    example: ClassVar[str] = "Leave ends at noon; a shift from 11:30 on that day lies 30 min inside it."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that overlaps a leave, with the minutes that overlap."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their leave was given.")
            return
        times = [person.leave if person else () for person in people_of(rota, facts)]
        for agent_id, window in at_work_within(rota, facts, times):
            minutes = window[1] - window[0]
            words = (
                f"works from {local(window[0], facts)} to {local(window[1], facts)} during leave "
                f"({minutes} min; none are allowed)."
            )
            yield breach(self, agent_id, window, minutes, 0, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The leaves that shifts of the horizon could touch."""
        begins = day_start(facts.zone, facts.first_day)
        ends = day_start(facts.zone, facts.end_day) + LONGEST_SHIFT_MINUTES
        for start, end in person.leave:
            if start < ends and end > begins:
                yield ForbiddenTime(start, end)
