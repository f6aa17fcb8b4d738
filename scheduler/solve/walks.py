"""How each primitive that speaks of hours is followed along one person's line, and which walk follows which primitive.

States are kept as small as what can still matter: a count is forgotten after the last day it speaks of.
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
from scheduler.solve.day_walks import (
    AfterNightsWalk,
    DaysWalk,
    ExchangeWalk,
    NightRunWalk,
    NightsWalk,
    RunWalk,
)
from scheduler.solve.preference_walks import OffTogetherWalk, StartsWalk
from scheduler.solve.walk import AT_ONCE, Ahead, State, Walk, Ways, on
from scheduler.terms import DaysOffTogether, ForwardRotation, OvertimePay, Preference, SameStart

NO_STRETCH = -1


@dataclass(frozen=True)
class RestWalk:
    """No state: after a shift nothing starts before its rest is over."""

    rule: MinimumRest

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Nothing worked before that is not in the rules already."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """The rest begins when the shift ends."""
        return on(0) if shift is None else on(0, 0.0, shift.end + self.rule.minutes)


@dataclass(frozen=True)
class SumWalk:
    """State: the sum so far inside the window of days; no further than its lower limit where it has no upper one."""

    rule: BoundedSum

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Nothing yet."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """The sum stays under its upper limit; on the window's last day it has reached its lower one."""
        assert isinstance(state, int)
        rule = self.rule
        if not rule.first_day <= day <= rule.last_day:
            return on(state)
        if shift is not None:
            state += 1 if rule.measure == "shifts" else int(getattr(shift, rule.measure))
        if rule.high is not None and state > rule.high and shift is not None:
            return ()
        if day == rule.last_day:
            return on(0) if rule.low is None or state >= rule.low else ()
        return on(state if rule.high is not None else min(state, rule.low or 0))


@dataclass(frozen=True)
class GapWalk:
    """State: whether the window's gap has been had, or is being had."""

    rule: GapInWindow
    ahead: Ahead

    def starts(self) -> tuple[tuple[State, int], ...]:
        """The gap may lie before the first shift."""
        free_from = self.rule.start + self.rule.minutes
        if free_from > self.rule.end:
            return ((0, AT_ONCE),)
        if free_from <= self.ahead.first_start:
            return ((1, AT_ONCE),)
        return ((0, AT_ONCE), (1, free_from))

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """The gap begins when this shift ends, or after a later one if there is still time."""
        if state == 1:
            return on(1)
        later = self.ahead.after(day)
        ways: Ways = on(0) if later + self.rule.minutes < self.rule.end else ()
        if shift is not None:
            free_from = max(shift.end, self.rule.start) + self.rule.minutes
            if free_from <= min(later, self.rule.end):
                return on(1)
            if free_from <= self.rule.end:
                ways += on(1, 0.0, free_from)
        return ways


@dataclass(frozen=True)
class AnyGapWalk:
    """State: start of the stretch since the last long enough gap, or NO_STRETCH."""

    rule: GapInAnyWindow
    ahead: Ahead

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Free before the horizon."""
        return ((NO_STRETCH, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """A stretch between two gaps is at most the window less both gaps: else some window holds neither whole."""
        assert isinstance(state, int)
        if shift is None:
            return on(state)
        longest = self.rule.window_minutes - 2 * self.rule.minutes
        begin = shift.start if state == NO_STRETCH else state
        if shift.end - begin > longest:
            return ()
        free_from = shift.end + self.rule.minutes
        if self.ahead.last_end - begin <= longest or free_from <= self.ahead.after(day):
            return on(NO_STRETCH)
        return (*on(begin), *on(NO_STRETCH, 0.0, free_from))


@dataclass(frozen=True)
class ShortRestWalk:
    """State: short rests so far."""

    rule: BoundedShortRests

    def starts(self) -> tuple[tuple[State, int], ...]:
        """None yet."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """The rest after a shift is a full one, or a short one that counts."""
        assert isinstance(state, int)
        if shift is None:
            return on(state)
        full = on(state, 0.0, shift.end + self.rule.minutes)
        if state >= self.rule.high:
            return full
        return (*full, *on(state + 1, 0.0, shift.end + self.rule.least_minutes))


@dataclass(frozen=True)
class OvertimeWalk:
    """State: paid minutes so far in the week, no further than the threshold; minutes beyond it cost more."""

    pay: OvertimePay

    def starts(self) -> tuple[tuple[State, int], ...]:
        """Nothing yet."""
        return ((0, AT_ONCE),)

    def step(self, state: State, day: int, shift: CandidateShift | None) -> Ways:
        """Never refuses; charges the part of this shift that lies beyond the threshold."""
        assert isinstance(state, int)
        total = state if shift is None else state + self.pay.counted(day, shift.paid_minutes)
        beyond = max(0, total - self.pay.threshold)
        following = 0 if day >= self.pay.last_day else min(total, self.pay.threshold)
        return on(following, beyond * self.pay.extra_per_minute)


def walk_of(told: Primitive | OvertimePay | Preference, ahead: Ahead) -> Walk | None:
    """The walk that follows what is told, or None for what is judged shift by shift (see `lines.allowed`)."""
    match told:
        case MinimumRest():
            return RestWalk(told)
        case BoundedSum():
            return SumWalk(told)
        case BoundedRun():
            return RunWalk(told)
        case GapInWindow():
            return GapWalk(told, ahead)
        case GapInAnyWindow():
            return AnyGapWalk(told, ahead)
        case BoundedShortRests():
            return ShortRestWalk(told)
        case BoundedDays():
            return DaysWalk(told)
        case FreeDayInExchange():
            return ExchangeWalk(told)
        case BoundedNights():
            return NightsWalk(told)
        case BoundedNightRun():
            return NightRunWalk(told)
        case RestAfterNights():
            return AfterNightsWalk(told)
        case OvertimePay():
            return OvertimeWalk(told)
        case SameStart() | ForwardRotation():
            return StartsWalk(told)
        case DaysOffTogether():
            return OffTogetherWalk(told)
        case _:
            return None
