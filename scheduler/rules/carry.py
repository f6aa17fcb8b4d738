"""One person's work before the horizon, which rules compile into their primitives."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from centre.instants import Minutes
from scheduler.rota import running_end
from scheduler.rules.facts import Facts, Person


@dataclass(frozen=True, eq=False)
class Carry:
    """Shifts that one person worked before the horizon, arrays of shape (shifts,) sorted by start."""

    day: Minutes
    start: Minutes
    end: Minutes
    worked: Minutes
    paid: Minutes

    def __len__(self) -> int:
        return len(self.day)

    @property
    def last_end(self) -> int | None:
        """UTC minutes at which the last work ended; None where there was none."""
        return int(self.end.max()) if len(self) else None

    def total(self, measure: str, first_day: int, last_day: int) -> int:
        """The measure summed over ``first_day..last_day``, both counted."""
        inside = (self.day >= first_day) & (self.day <= last_day)
        if measure == "shifts":
            return len(np.unique(self.day[inside]))
        return int((self.paid if measure == "paid_minutes" else self.worked)[inside].sum())

    def gaps(self) -> tuple[Minutes, Minutes]:
        """Starts and ends of the times without work between the shifts."""
        until = running_end(np.zeros(len(self), dtype=np.int32), self.end)[:-1]
        free = self.start[1:] > until
        return until[free], self.start[1:][free]


def carry_in(person: Person, facts: Facts) -> Carry:
    """What ``person`` worked before the horizon, as far as it is known."""
    empty = np.zeros(0, dtype=np.int64)
    before = facts.before
    if before is None:
        return Carry(empty, empty, empty, empty, empty)
    code = bisect_left(before.agent_ids, person.agent_id)
    if code == len(before.agent_ids) or before.agent_ids[code] != person.agent_id:
        return Carry(empty, empty, empty, empty, empty)
    shifts = before.duties
    rows = np.arange(*np.searchsorted(shifts.agent, [code, code + 1]))
    rows = rows[shifts.day[rows] < facts.first_day]
    return Carry(
        shifts.day[rows], shifts.start[rows], shifts.end[rows], shifts.worked[rows], shifts.paid[rows]
    )
