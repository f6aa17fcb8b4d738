"""A rotation pattern is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from centre.instants import from_minutes, local_instant
from centre.patterns import ANY, OFF, shift_and_start
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenDay, Primitive, ShiftsOfDay
from scheduler.rules.rule import Violation
from scheduler.rules.shared.call_outs import is_call_out
from scheduler.rules.shared.findings import breach, date_of, unknown
from scheduler.rules.shared.pairs import people_of
from scheduler.rules.shared.worked import in_horizon


@dataclass(frozen=True)
class RotationPattern:
    """On each day no other shift than the person's rotation pattern has, and none on its days off.

    A day of the pattern that is not worked (leave, sickness, hours that are full) is no breach; call-outs are not looked at.

    **Source:** ``[[pattern]]`` in centre.toml.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "rotation-pattern"
    words: ClassVar[str] = (
        "Whoever has a rotation pattern works the shifts and has the days off that it says."
    )
    example: ClassVar[str] = (
        "Pattern early, early, off: work on the third day is a breach, and so is a late shift on the first."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that is not its day's in the pattern."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their patterns was given.")
            return
        shifts, people = rota.duties, people_of(rota, facts)
        has = np.array([person is not None and person.pattern is not None for person in people], dtype=bool)
        for k in np.flatnonzero(in_horizon(rota, facts) & has[shifts.agent]).tolist():
            person, day, name = people[shifts.agent[k]], int(shifts.day[k]), rota.shift_names[shifts.shift[k]]
            assert person is not None
            assert person.pattern is not None
            asked = self._asked(person, day, facts)
            start, end = int(shifts.start[k]), int(shifts.end[k])
            began = from_minutes(start, facts.zone)
            entry, at = shift_and_start(asked)
            kept = entry == ANY or (name == entry and at in (None, began.hour * 60 + began.minute))
            if is_call_out(name) or kept:
                continue
            found = f"works the shift {name!r} from {began:%H:%M}"
            words = (
                f"{found} on {date_of(day)}, for which the pattern {person.pattern.name!r} says {asked!r}."
            )
            yield breach(self, rota.agent_ids[shifts.agent[k]], (start, end), None, None, "", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The shift of each day, or that there is none."""
        if person.pattern is None:
            return
        clock = person.zone or facts.zone
        for day in range(facts.first_day, facts.end_day):
            name, at = shift_and_start(self._asked(person, day, facts))
            if name == OFF:
                yield ForbiddenDay(day)
            elif name != ANY:
                start = None if at is None else local_instant(clock, day, at)
                yield ForbiddenDay(day) if at is not None and start is None else ShiftsOfDay(day, name, start)

    def _asked(self, person: Person, day: int, facts: Facts) -> str:
        assert person.pattern is not None
        return person.pattern.on(day, person.pattern_ahead, facts.week_start)
