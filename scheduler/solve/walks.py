"""How each primitive is followed along one person's line: a small state that each day's choice moves on or refuses.

A walk sees the days in order and on each day a shift or none. Its state is kept as small as what can still matter: a state that no
candidate shift of a later day can tell from "free" is turned into "free", so that lines which differ only in what is past meet again.
"""

from dataclasses import dataclass

from scheduler.rules.primitives import (
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedShortRests,
    BoundedSum,
    FreeDayInExchange,
    GapInAnyWindow,
    GapInWindow,
    MinimumRest,
    Primitive,
    RestAfterNights,
)
from scheduler.shifts import CandidateShift
from scheduler.solve.day_walks import AfterNightsWalk, DaysWalk, ExchangeWalk, NightRunWalk, NightsWalk
from scheduler.solve.walk import FREE, Ahead, State, Step, Walk
from scheduler.terms import OvertimePay


@dataclass(frozen=True)
class RestWalk:
    """State: the instant before which no shift may start."""

    rule: MinimumRest
    ahead: Ahead
    start: State = FREE

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """A shift must start at or after the state."""
        assert isinstance(state, int)
        if shift is not None:
            if shift.start < state:
                return None
            state = shift.end + self.rule.minutes
        return (state if state > self.ahead.after(day) else FREE), 0.0


@dataclass(frozen=True)
class SumWalk:
    """State: the sum so far inside the window of days."""

    rule: BoundedSum
    start: State = 0

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """The sum stays under its upper limit; on the window's last day it has reached its lower one."""
        assert isinstance(state, int)
        rule = self.rule
        if not rule.first_day <= day <= rule.last_day:
            return state, 0.0
        if shift is not None:
            state += 1 if rule.measure == "shifts" else int(getattr(shift, rule.measure))
        if rule.high is not None and state > rule.high and shift is not None:
            return None
        if day == rule.last_day:
            return (0, 0.0) if rule.low is None or state >= rule.low else None
        return state, 0.0


@dataclass(frozen=True)
class RunWalk:
    """State: days worked in a row."""

    rule: BoundedRun
    start: State = 0

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """A day off starts the count again."""
        assert isinstance(state, int)
        if shift is None:
            return 0, 0.0
        return (state + 1, 0.0) if state < self.rule.days else None


@dataclass(frozen=True)
class GapWalk:
    """State: free since which instant inside the window, FREE once the gap has been had."""

    rule: GapInWindow
    ahead: Ahead

    @property
    def start(self) -> State:
        """Free since the window's start."""
        return self.rule.start

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """The gap lies before this shift, or is certain before the next one, or can still come."""
        assert isinstance(state, int)
        rule = self.rule
        if state == FREE:
            return FREE, 0.0
        if shift is not None:
            if min(shift.start, rule.end) - state >= rule.minutes:
                return FREE, 0.0
            state = max(state, shift.end)
        soonest = min(self.ahead.after(day), rule.end)
        if soonest - state >= rule.minutes:
            return FREE, 0.0
        return (state, 0.0) if rule.end - state >= rule.minutes else None


@dataclass(frozen=True)
class AnyGapWalk:
    """State: (start of the stretch since the last long enough gap, end of its last shift), or FREE."""

    rule: GapInAnyWindow
    ahead: Ahead
    start: State = FREE

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """A stretch between two gaps is at most the window less both gaps: else some window holds neither whole."""
        rule = self.rule
        longest = rule.window_minutes - 2 * rule.minutes
        if shift is not None:
            begin = shift.start
            if isinstance(state, tuple) and shift.start - state[1] < rule.minutes:
                begin = state[0]
            if shift.end - begin > longest:
                return None
            state = (begin, shift.end)
        if isinstance(state, tuple):
            rested = self.ahead.after(day) - state[1] >= rule.minutes
            if rested or self.ahead.last_end - state[0] <= longest:
                state = FREE
        return state, 0.0


@dataclass(frozen=True)
class ShortRestWalk:
    """State: (instant after which a rest would not be short, short rests so far)."""

    rule: BoundedShortRests
    ahead: Ahead
    start: State = (FREE, 0)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """A shift that starts sooner uses up one short rest, if it is not shorter than the least."""
        assert isinstance(state, tuple)
        rested, used = state
        if shift is not None:
            if rested != FREE and shift.start < rested:
                used += 1
                if (
                    used > self.rule.high
                    or rested - shift.start > self.rule.minutes - self.rule.least_minutes
                ):
                    return None
            rested = shift.end + self.rule.minutes
        return (rested if rested > self.ahead.after(day) else FREE, used), 0.0


@dataclass(frozen=True)
class OvertimeWalk:
    """State: paid minutes so far in the week; minutes beyond the threshold cost more."""

    pay: OvertimePay
    start: State = 0

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Step:
        """Never refuses; charges the part of this shift that lies beyond the threshold."""
        assert isinstance(state, int)
        if not self.pay.first_day <= day <= self.pay.last_day or shift is None:
            return (0 if day >= self.pay.last_day else state), 0.0
        total = state + self.pay.counted(day, shift.paid_minutes)
        beyond = max(0, total - self.pay.threshold) - max(0, state - self.pay.threshold)
        return (0 if day >= self.pay.last_day else total), beyond * self.pay.extra_per_minute


def walk_of(primitive: Primitive | OvertimePay, ahead: Ahead) -> Walk | None:
    """The walk that follows a primitive, or None for one that is judged shift by shift (see `lines.allowed`)."""
    match primitive:
        case MinimumRest():
            return RestWalk(primitive, ahead)
        case BoundedSum():
            return SumWalk(primitive)
        case BoundedRun():
            return RunWalk(primitive)
        case GapInWindow():
            return GapWalk(primitive, ahead)
        case GapInAnyWindow():
            return AnyGapWalk(primitive, ahead)
        case BoundedShortRests():
            return ShortRestWalk(primitive, ahead)
        case BoundedDays():
            return DaysWalk(primitive)
        case FreeDayInExchange():
            return ExchangeWalk(primitive)
        case BoundedNights():
            return NightsWalk(primitive)
        case BoundedNightRun():
            return NightRunWalk(primitive)
        case RestAfterNights():
            return AfterNightsWalk(primitive, ahead)
        case OvertimePay():
            return OvertimeWalk(primitive)
        case _:
            return None
