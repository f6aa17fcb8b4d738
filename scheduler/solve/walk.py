"""What a walk is: one restriction or price followed along one person's line of work, and what may still come.

A walk sees the days in order and on each day a shift or none. It answers with what may follow: for each way on, its next state, what the
step costs and the instant before which no further shift may start. Rests are such instants and never states, so that lines which differ
only in when their last shift ended meet again as soon as both may start; where a rest serves two ends (short or not, the week's long
one or not), each is a way on of its own. A way that asks for less than its line has is never the better one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scheduler.shifts import CandidateShift

NEVER = 1 << 60
AT_ONCE = -NEVER
State = int | tuple[int, ...]
Way = tuple[State, float, int]
Ways = tuple[Way, ...]


class Walk(Protocol):
    """One restriction or price along a line."""

    def starts(self) -> tuple[tuple[State, int], ...]:
        """States before the first day, each with the instant before which no shift may start."""

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """What may follow this choice: (next state, cost, instant before which no shift may start); nothing where it is not allowed."""


def on(state: State, cost: float = 0.0, free_from: int = AT_ONCE) -> Ways:
    """The only way on."""
    return ((state, cost, free_from),)


@dataclass(frozen=True)
class Ahead:
    """What may still come: the earliest start after each day of the horizon, the first start and the last end of all."""

    next_start: dict[int, int]
    first_start: int
    last_end: int

    @classmethod
    def of(cls, shifts: Iterable[CandidateShift], days: Sequence[int]) -> "Ahead":
        """Look ahead over the candidate shifts of ``days``."""
        first: dict[int, int] = {}
        last_end = 0
        for shift in shifts:
            first[shift.day] = min(first.get(shift.day, NEVER), shift.start)
            last_end = max(last_end, shift.end)
        next_start, soonest = {}, NEVER
        for day in reversed(days):
            next_start[day] = soonest
            soonest = min(soonest, first.get(day, NEVER))
        return cls(next_start, soonest, last_end)

    def after(self, day: int) -> int:
        """Earliest start of any candidate after ``day``."""
        return self.next_start.get(day, self.first_start)
