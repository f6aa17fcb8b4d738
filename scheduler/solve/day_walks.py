"""Walks of primitives that count days and night shifts."""

from dataclasses import dataclass

from scheduler.rules.primitives import (
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    FreeDayInExchange,
    RestAfterNights,
)
from scheduler.shifts import CandidateShift
from scheduler.solve.walk import FREE, Ahead, State, Step


@dataclass(frozen=True)
class DaysWalk:
    """State: how many of the days had a shift."""

    rule: BoundedDays
    start: State = 0

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """The count stays under its limit; after the last of the days it no longer matters."""
        assert isinstance(state, int)
        if shift is not None and day in self.rule.days:
            if state >= self.rule.high:
                return None
            state += 1
        return (0 if day >= self.rule.days[-1] else state), 0.0


@dataclass(frozen=True)
class ExchangeWalk:
    """State: 0 nothing decided, 1 the day is worked and a free day still to come, 2 settled."""

    rule: FreeDayInExchange
    start: State = 0

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """Settled by a free day among those that count, or by a free day itself."""
        if state == 2:
            return 2, 0.0
        rule = self.rule
        if shift is None and (day in rule.among or day == rule.day):
            return 2, 0.0
        if day == rule.day:
            state = 1
        last = max((*rule.among, rule.day))
        return None if state == 1 and day >= last else (state, 0.0)


@dataclass(frozen=True)
class NightsWalk:
    """State: night shifts so far in the window of days."""

    rule: BoundedNights
    start: State = 0

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """The count stays under its limit; after the window it no longer matters."""
        assert isinstance(state, int)
        rule = self.rule
        inside = rule.first_day <= day <= rule.last_day
        if inside and shift is not None and rule.nights.holds(shift.start, shift.end):
            if state >= rule.high:
                return None
            state += 1
        return (0 if day >= rule.last_day else state), 0.0


@dataclass(frozen=True)
class NightRunWalk:
    """State: days in a row with a night shift."""

    rule: BoundedNightRun

    @property
    def start(self) -> State:
        """What was worked before."""
        return self.rule.carried

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """Anything but a night shift starts the count again."""
        assert isinstance(state, int)
        if shift is None or not self.rule.nights.holds(shift.start, shift.end):
            return 0, 0.0
        return (state + 1, 0.0) if state < self.rule.days else None


@dataclass(frozen=True)
class AfterNightsWalk:
    """State: (days in a row with a night shift, instant before which nothing but the next night may start)."""

    rule: RestAfterNights
    ahead: Ahead

    @property
    def start(self) -> State:
        """What was worked before."""
        rule = self.rule
        return rule.carried, self._until(rule.carried, rule.last_end)

    def _until(self, run: int, end: int) -> int:
        return end + self.rule.minutes if run >= self.rule.run else FREE

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """The next night of the row may follow at once, everything else waits."""
        assert isinstance(state, tuple)
        run, until = state
        if shift is None:
            return (0, until if until > self.ahead.after(day) else FREE), 0.0
        night = self.rule.nights.holds(shift.start, shift.end)
        if shift.start < until and not (night and run):
            return None
        if not night:
            return (0, FREE), 0.0
        run = min(run + 1, self.rule.run)
        return (run, self._until(run, shift.end)), 0.0
