"""What a walk is: one restriction or price followed along one person's line of work, and what may still come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scheduler.shifts import CandidateShift

NEVER = 1 << 60
FREE = -1
State = int | tuple[int, int]
Step = tuple[State, float] | None


class Walk(Protocol):
    """One restriction or price along a line."""

    @property
    def start(self) -> State:
        """The state before the first day."""

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """The next state and what the step costs, or None where the choice is not allowed."""


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
