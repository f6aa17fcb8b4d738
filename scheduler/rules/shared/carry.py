"""One person's work before the horizon, which rules compile into their primitives."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from centre.instants import Minutes
from scheduler.rota import Codes, Rota, running_end
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
    before = facts.before
    if before is None or (code := _code(before, person.agent_id)) is None:
        empty = np.zeros(0, dtype=np.int64)
        return Carry(empty, empty, empty, empty, empty)
    shifts = before.duties
    rows = _rows_of(shifts.agent, code)
    rows = rows[shifts.day[rows] < facts.first_day]
    return Carry(
        shifts.day[rows], shifts.start[rows], shifts.end[rows], shifts.worked[rows], shifts.paid[rows]
    )


def leave_before(person: Person, facts: Facts) -> list[tuple[int, int]]:
    """Start and end of the rows of leave that the rota before the horizon holds for ``person``."""
    before = facts.before
    if before is None or (code := _code(before, person.agent_id)) is None:
        return []
    rows = _rows_of(before.agent, code)
    rows = rows[before.on_leave[rows]]
    return list(zip(before.start[rows].tolist(), before.end[rows].tolist(), strict=True))


def rows_of(rota: Rota, agent_id: str) -> Minutes:
    """Indices of one person's rows in a rota, whatever their activity."""
    code = _code(rota, agent_id)
    return np.zeros(0, dtype=np.int64) if code is None else _rows_of(rota.agent, code)


def _rows_of(agents: Codes, code: int) -> Minutes:
    """Rows of one agent code among sorted ones; the code in their own type, which spares a copy of them all."""
    return np.arange(*np.searchsorted(agents, np.array([code, code + 1], dtype=agents.dtype)))


def _code(rota: Rota, agent_id: str) -> int | None:
    """The person's code in the rota, None where it does not know them."""
    code = bisect_left(rota.agent_ids, agent_id)
    return code if code < len(rota.agent_ids) and rota.agent_ids[code] == agent_id else None
