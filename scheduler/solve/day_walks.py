"""Walks of primitives that count days and night shifts."""

from dataclasses import dataclass

from scheduler.rules.primitives import (
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    FreeDayInExchange,
    RestAfterNights,
)
from scheduler.shifts import CandidateShift
from scheduler.solve.walk import AT_ONCE, State, Ways, on

STOPPED = -1


@dataclass(frozen=True)
class RunWalk:
    """State: days worked in a row."""

    rule: BoundedRun

    def starts(self) -> tuple[tuple[State, int], ...]:
        """What was worked before is in the rules already."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """A day off starts the count again."""
        assert isinstance(state, int)
        if shift is None:
            return on(0)
        return on(state + 1) if state < self.rule.days else ()


@dataclass(frozen=True)
class DaysWalk:
    """State: how many of the days had a shift."""

    rule: BoundedDays

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Nothing yet."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """The count stays under its limit; after the last of the days it no longer matters."""
        assert isinstance(state, int)
        if shift is not None and day in self.rule.days:
            if state >= self.rule.high:
                return ()
            state += 1
        return on(0 if day >= self.rule.days[-1] else state)


@dataclass(frozen=True)
class ExchangeWalk:
    """State: 0 nothing decided, 1 the day is worked and a free day still to come, 2 settled."""

    rule: FreeDayInExchange

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Nothing yet."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """Settled by a free day among those that count, or by a free day itself."""
        if state == 2:
            return on(2)
        rule = self.rule
        if shift is None and (day in rule.among or day == rule.day):
            return on(2)
        if day == rule.day:
            state = 1
        last = max((*rule.among, rule.day))
        return () if state == 1 and day >= last else on(state)


@dataclass(frozen=True)
class NightsWalk:
    """State: night shifts so far in the window of days."""

    rule: BoundedNights

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Nothing yet."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """The count stays under its limit; after the window it no longer matters."""
        assert isinstance(state, int)
        rule = self.rule
        inside = rule.first_day <= day <= rule.last_day
        if inside and shift is not None and rule.nights.holds(shift.start, shift.end):
            if state >= rule.high:
                return ()
            state += 1
        return on(0 if day >= rule.last_day else state)


@dataclass(frozen=True)
class NightRunWalk:
    """State: days in a row with a night shift."""

    rule: BoundedNightRun

    def starts(self) -> tuple[tuple[State, int], ...]:
        """What was worked before."""
        return ((self.rule.carried, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """Anything but a night shift starts the count again."""
        assert isinstance(state, int)
        if shift is None or not self.rule.nights.holds(shift.start, shift.end):
            return on(0)
        return on(state + 1) if state < self.rule.days else ()


@dataclass(frozen=True)
class AfterNightsWalk:
    """State: nights in a row so far, no further than what asks for a rest; there, either the next night must follow at once, or the
    rest has begun (STOPPED)."""

    rule: RestAfterNights

    def starts(self) -> tuple[tuple[State, int], ...]:
        """What was worked before."""
        rule = self.rule
        if rule.carried < rule.run:
            return ((rule.carried, AT_ONCE),)
        return ((rule.run, AT_ONCE), (STOPPED, rule.last_end + rule.minutes))

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """The next night of the row may follow at once, everything else waits."""
        assert isinstance(state, int)
        rule = self.rule
        if shift is None or not rule.nights.holds(shift.start, shift.end):
            return () if state == rule.run else on(0)
        run = rule.run if state == STOPPED else min(state + 1, rule.run)
        if run < rule.run:
            return on(run)
        return (*on(run), *on(STOPPED, 0.0, shift.end + rule.minutes))
