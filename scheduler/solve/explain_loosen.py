"""Demands loosened step by step, each limit in its own unit: 11 h of rest to 10 h 45 min, one day more, a leave a day shorter."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from zoneinfo import ZoneInfo

from centre.instants import MINUTES_A_DAY, day_number, day_start, from_minutes
from scheduler.rules.primitives import (
    AllowedShifts,
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedShortRests,
    BoundedSum,
    ForbiddenDay,
    ForbiddenTime,
    FreeDayInExchange,
    GapInAnyWindow,
    GapInWindow,
    MinimumRest,
    Primitive,
    RestAfterNights,
    ShiftBreak,
    ShiftLength,
    ShiftsOfDay,
    UnbrokenWork,
)
from scheduler.solve.explain_demands import FACTS, Demand
from scheduler.solve.explain_words import amount, count, days_words, forbidden_words, hours

Primitives = tuple[Primitive, ...]
STEP_MINUTES = 15
DAYS_OFF_AT_MOST = 7


@dataclass(frozen=True, slots=True)
class Step:
    """A milder form of a demand: what it asks then (nothing: no longer in force), how much of it is given up, in words.

    ``change`` is the share of the limit that is given up; for facts it is 1 more.
    """

    demand: Demand
    primitives: Primitives
    change: float
    words: str


Ladder = Sequence[Step]


def ladders(demand: Demand, templates: Sequence[str], zone: ZoneInfo) -> Iterator[Ladder]:
    """Ways to loosen a demand, each from the least step to the most; ``templates`` names all shifts there are."""
    first = demand.primitives[0]
    told: Iterable[Iterable[tuple[float, Primitives, str]]]
    match first:
        case ForbiddenDay() | ForbiddenTime():
            yield from _times_given_up(demand, zone)
            return
        case AllowedShifts(names):
            others = sorted(set(templates) - names)
            told = [[(1 / len(others), (AllowedShifts(names | {n}),), f"also the shift {n}")] for n in others]
        case FreeDayInExchange() | ShiftsOfDay():
            told = [[(1.0, (), "not asked")]]
        case _:
            told = [((share, (milder,), words) for share, milder, words in _milder(first))]
    for ladder in told:
        fact = float(demand.rule in FACTS)
        yield [Step(demand, p, fact + share, f"{demand.rule}: {words}") for share, p, words in ladder]


def least_step(ladder: Ladder, works: Callable[[Step], bool]) -> Step | None:
    """The first step of a ladder that works, None where even the last does not; what works stays so further up."""
    if not ladder or not works(ladder[-1]):
        return None
    low, high = 0, len(ladder) - 1
    while low < high:
        middle = (low + high) // 2
        if works(ladder[middle]):
            high = middle
        else:
            low = middle + 1
    return ladder[high]


def loosened(
    demands: Sequence[Demand],
    templates: Sequence[str],
    zone: ZoneInfo,
    works: Callable[[Mapping[Demand, Primitives]], bool],
) -> list[Step] | None:
    """How little each of some demands must be loosened, one after another, the later ones as if not in force until their turn.

    ``works`` tells whether the demands do with what each is replaced by. None where no step of some demand helps.
    """
    now: dict[Demand, Primitives] = dict.fromkeys(demands, ())
    steps = []
    for demand in demands:

        def with_step(step: Step, demand: Demand = demand) -> bool:
            return works({**now, demand: step.primitives})

        found = [
            step for ladder in ladders(demand, templates, zone) if (step := least_step(ladder, with_step))
        ]
        if not found:
            return None
        best = min(found, key=lambda step: step.change)
        now[demand] = best.primitives
        steps.append(best)
    return steps


def _times_given_up(demand: Demand, zone: ZoneInfo) -> Iterator[Ladder]:
    """A stretch of forbidden days or times freed from its end, from its start, and of whole days any one in between."""
    by_day = isinstance(demand.primitives[0], ForbiddenDay)
    if by_day:
        pieces = sorted((p.day, p.day + 1) for p in demand.primitives if isinstance(p, ForbiddenDay))
    else:
        spans = [(p.start, p.end) for p in demand.primitives if isinstance(p, ForbiddenTime)]
        start, end = min(s for s, _ in spans), max(e for _, e in spans)
        pieces = list(pairwise([start, *_cuts(start, end, zone), end]))
    count = len(pieces)
    freed = [[range(count - k, count) for k in range(1, count + 1)], [range(k) for k in range(1, count + 1)]]
    if by_day or pieces[0][1] - pieces[0][0] > STEP_MINUTES:
        freed += [[range(k, k + 1)] for k in range(1, count - 1)]
    for ladder in freed:
        yield [_freed(demand, pieces, some, zone) for some in ladder]


def _freed(demand: Demand, pieces: Sequence[tuple[int, int]], some: range, zone: ZoneInfo) -> Step:
    """The step that frees some pieces of a stretch."""
    start, end = pieces[some[0]][0], pieces[some[-1]][1]
    share = (end - start) / (pieces[-1][1] - pieces[0][0])
    if isinstance(demand.primitives[0], ForbiddenDay):
        kept: Primitives = tuple(ForbiddenDay(day) for day, _ in pieces if not start <= day < end)
        words = f"on {days_words(start, end - 1)}"
    else:
        sides = (pieces[0][0], start), (end, pieces[-1][1])
        kept = tuple(ForbiddenTime(*side) for side in sides if side[0] < side[1])
        words = forbidden_words(start, end, zone)
    return Step(demand, kept, float(demand.rule in FACTS) + share, f"{demand.rule}: work allowed {words}")


def _cuts(start: int, end: int, zone: ZoneInfo) -> list[int]:
    """Local midnights inside a span; of one within a day, quarters of an hour, but a whole day is kept whole."""
    first, last = (day_number(from_minutes(minutes, zone).date()) for minutes in (start, end - 1))
    if first < last or (start, end) == (day_start(zone, first), day_start(zone, first + 1)):
        return [day_start(zone, day) for day in range(first + 1, last + 1)]
    return list(range(start - start % STEP_MINUTES + STEP_MINUTES, end, STEP_MINUTES))


def _milder(primitive: Primitive) -> Iterator[tuple[float, Primitive, str]]:
    """A limit with each of its milder values: share given up, the primitive, "11 h to 10 h"."""
    match primitive:
        case (
            MinimumRest(minutes)
            | GapInWindow(minutes)
            | GapInAnyWindow(minutes)
            | RestAfterNights(minutes=minutes)
        ):
            for value in _down(minutes):
                yield (
                    (minutes - value) / minutes,
                    replace(primitive, minutes=value),
                    f"{hours(minutes)} to {hours(value)}",
                )
        case ShiftBreak(_, minutes):
            for value in _down(minutes, 5):
                yield (
                    (minutes - value) / minutes,
                    replace(primitive, minutes=value),
                    f"{minutes} min to {value} min",
                )
        case BoundedShortRests(minutes, least, high):
            for more in range(1, DAYS_OFF_AT_MOST + 1):
                words = f"{high} to {count(high + more, 'rest')} of {hours(least)} to {hours(minutes)}"
                yield more / (high + 1), replace(primitive, high=high + more), words
            for value in _down(least):
                share, words = (
                    (least - value) / least,
                    f"{hours(least)} to {hours(value)}, as often as needed",
                )
                yield DAYS_OFF_AT_MOST + share, BoundedShortRests(minutes, value, 1 << 20), words
        case ShiftLength(_, high):
            for value in range(high + STEP_MINUTES, MINUTES_A_DAY + 1, STEP_MINUTES):
                yield (
                    (value - high) / high,
                    replace(primitive, high=value),
                    f"{hours(high)} to {hours(value)}",
                )
        case UnbrokenWork(minutes):
            for value in range(minutes + STEP_MINUTES, MINUTES_A_DAY + 1, STEP_MINUTES):
                yield (
                    (value - minutes) / minutes,
                    replace(primitive, minutes=value),
                    f"{hours(minutes)} to {hours(value)}",
                )
        case BoundedRun(days) | BoundedNightRun(days=days):
            for value in range(days + 1, days + 1 + 2 * DAYS_OFF_AT_MOST):
                words = f"{days} to {count(value, 'day')} in a row"
                yield (value - days) / max(1, days), replace(primitive, days=value), words
        case BoundedDays(days_, high):
            for value in range(high + 1, len(days_) + 1):
                yield (
                    (value - high) / max(1, high),
                    replace(primitive, high=value),
                    f"{high} to {value} of these days",
                )
        case BoundedNights(_, first, last, high):
            for value in range(high + 1, last - first + 2):
                yield (
                    (value - high) / max(1, high),
                    replace(primitive, high=value),
                    f"{high} to {count(value, 'night shift')}",
                )
        case BoundedSum():
            yield from _other_sums(primitive)


def _other_sums(bounded: BoundedSum) -> Iterator[tuple[float, Primitive, str]]:
    """A sum with lower minimum or higher maximum."""
    step = 1 if bounded.measure == "shifts" else STEP_MINUTES
    if bounded.low is not None:
        for value in _down(bounded.low, step):
            words = f"at least {amount(bounded.measure, bounded.low)} to {amount(bounded.measure, value)}"
            yield (bounded.low - value) / bounded.low, replace(bounded, low=value or None), words
    elif bounded.high is not None:
        days = bounded.last_day - bounded.first_day + 1
        most = days if step == 1 else days * MINUTES_A_DAY
        for value in range(bounded.high + step - bounded.high % step, most + step, step):
            words = f"at most {amount(bounded.measure, bounded.high)} to {amount(bounded.measure, value)}"
            yield (value - bounded.high) / max(step, bounded.high), replace(bounded, high=value), words


def _down(limit: int, step: int = STEP_MINUTES) -> Iterator[int]:
    """Values below a limit in full steps, down to 0."""
    return iter(range((limit - 1) // step * step, -1, -step))
