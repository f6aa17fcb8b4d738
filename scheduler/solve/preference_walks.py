"""Walks of what a rota should rather be: they refuse nothing and charge."""

from dataclasses import dataclass

from centre.instants import MINUTES_A_DAY, from_minutes
from scheduler.shifts import CandidateShift
from scheduler.solve.walk import AT_ONCE, State, Ways, on
from scheduler.terms import DaysOffTogether, ForwardRotation, SameStart

NONE_YET = -1


@dataclass(frozen=True)
class StartsWalk:
    """State: clock time at which the last shift started, NONE_YET before the first."""

    wanted: SameStart | ForwardRotation

    def starts(self) -> tuple[tuple[State, int], ...]:
        """No shift yet."""
        return ((NONE_YET, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """Charge a start that has moved too far, or too far back."""
        assert isinstance(state, int)
        if shift is None:
            return on(state)
        at = from_minutes(shift.start, self.wanted.zone)
        minute = at.hour * 60 + at.minute
        moved = clock_difference(state, minute) if state != NONE_YET else 0
        far = -moved if isinstance(self.wanted, ForwardRotation) else abs(moved)
        return on(minute, self.wanted.price if far > self.wanted.tolerance_minutes else 0.0)


def clock_difference(before: int, after: int) -> int:
    """Minutes from one clock time to another, the short way round: from -720 to 719.

    Examples
    --------
    >>> clock_difference(23 * 60 + 30, 30), clock_difference(9 * 60, 8 * 60)
    (60, -60)
    """
    half = MINUTES_A_DAY // 2
    return (after - before + half) % MINUTES_A_DAY - half


@dataclass(frozen=True)
class OffTogetherWalk:
    """State: 1 after a day worked, 2 after one day off that follows it, 0 else."""

    wanted: DaysOffTogether

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Days outside the horizon count as off."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """Charge a day worked right after a single day off."""
        if shift is None:
            return on(2 if state == 1 else 0)
        return on(1, self.wanted.price if state == 2 else 0.0)
