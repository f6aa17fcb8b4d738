"""The same restrictions in fewer primitives: of those that differ only in their limit, the tightest.

Several presets say the same with other figures; a solver need follow each thing once.
"""

from collections.abc import Iterable
from dataclasses import replace

from scheduler.rules.primitives import (
    AllowedShifts,
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedShortRests,
    BoundedSum,
    GapInWindow,
    MinimumRest,
    Primitive,
    RestAfterNights,
    ShiftLength,
    UnbrokenWork,
)


def tightest(primitives: Iterable[Primitive]) -> tuple[Primitive, ...]:
    """Primitives that accept the same lines of work, none made needless by another of its kind.

    Examples
    --------
    >>> tightest([MinimumRest(0), BoundedRun(6), MinimumRest(660), BoundedRun(5)])
    (MinimumRest(minutes=660), BoundedRun(days=5))
    """
    kept: dict[object, Primitive] = {}
    for primitive in primitives:
        key = _what(primitive)
        kept[key] = _both(kept[key], primitive) if key in kept else primitive
    return tuple(kept.values())


def _what(primitive: Primitive) -> object:
    """What a primitive restricts, its limit left out."""
    match primitive:
        case MinimumRest() | BoundedRun() | AllowedShifts():
            return type(primitive)
        case BoundedSum(first_day, last_day, measure):
            return BoundedSum, first_day, last_day, measure
        case GapInWindow(_, start, end):
            return GapInWindow, start, end
        case ShiftLength(measure):
            return ShiftLength, measure
        case UnbrokenWork(_, part_minutes):
            return UnbrokenWork, part_minutes
        case BoundedShortRests(minutes):
            return BoundedShortRests, minutes
        case BoundedDays(days):
            return BoundedDays, days
        case BoundedNights():
            return replace(primitive, high=0)
        case BoundedNightRun():
            return replace(primitive, days=0)
        case RestAfterNights():
            return replace(primitive, minutes=0)
        case _:
            return primitive


def _both(one: Primitive, other: Primitive) -> Primitive:
    """One primitive that says what two on the same thing say."""
    match one, other:
        case MinimumRest(a), MinimumRest(b):
            return MinimumRest(max(a, b))
        case BoundedRun(a), BoundedRun(b):
            return BoundedRun(min(a, b))
        case AllowedShifts(names), AllowedShifts(others):
            return AllowedShifts(names & others)
        case BoundedSum(first, last, measure, low, high), BoundedSum(_, _, _, lower, higher):
            lows = [bound for bound in (low, lower) if bound is not None]
            highs = [bound for bound in (high, higher) if bound is not None]
            return BoundedSum(first, last, measure, max(lows, default=None), min(highs, default=None))
        case GapInWindow(a, start, end), GapInWindow(b, _, _):
            return GapInWindow(max(a, b), start, end)
        case ShiftLength(measure, a), ShiftLength(_, b):
            return ShiftLength(measure, min(a, b))
        case UnbrokenWork(a, part_minutes), UnbrokenWork(b, _):
            return UnbrokenWork(min(a, b), part_minutes)
        case BoundedShortRests(minutes, a, high), BoundedShortRests(_, b, higher):
            return BoundedShortRests(minutes, max(a, b), min(high, higher))
        case BoundedDays(days, a), BoundedDays(_, b):
            return BoundedDays(days, min(a, b))
        case BoundedNights(high=a), BoundedNights(high=b):
            return replace(one, high=min(a, b))
        case BoundedNightRun(days=a), BoundedNightRun(days=b):
            return replace(one, days=min(a, b))
        case RestAfterNights(minutes=a), RestAfterNights(minutes=b):
            return replace(one, minutes=max(a, b))
        case _:
            return one
