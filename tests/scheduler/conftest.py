"""Builders of small rotas, and an interpreter of primitives that shares no code with rules or solvers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.instants import day_number, from_minutes, to_minutes
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.facts import Facts
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
    Nights,
    Primitive,
    RestAfterNights,
    ShiftBreak,
    ShiftLength,
    ShiftsOfDay,
    UnbrokenWork,
)
from scheduler.rules.rule import Rule
from tests.effort import search_little

moment = cache(from_minutes)  # thousands of lines of work begin and end at the same few times


@dataclass(frozen=True)
class Shift:
    """A shift in UTC minutes with breaks as (offset, minutes, paid, kind)."""

    agent: str
    day: int
    start: int
    end: int
    breaks: tuple[tuple[int, int, bool, str], ...] = ()
    name: str = "day"

    @property
    def worked(self) -> int:
        return self.end - self.start - sum(minutes for _, minutes, _, _ in self.breaks)

    @property
    def paid(self) -> int:
        return self.end - self.start - sum(minutes for _, minutes, paid, _ in self.breaks if not paid)

    def rows(self) -> Iterable[tuple[object, ...]]:
        cursor = self.start
        for offset, minutes, paid, kind in self.breaks:
            pause = self.start + offset
            if pause > cursor:
                yield self.row(cursor, pause, "work:*", True)
            yield self.row(pause, pause + minutes, kind, paid)
            cursor = pause + minutes
        if self.end > cursor:
            yield self.row(cursor, self.end, "work:*", True)

    def row(self, start: int, end: int, activity: str, paid: bool) -> tuple[object, ...]:
        day = date(1970, 1, 1) + timedelta(days=self.day)
        return self.agent, day, moment(start), moment(end), activity, self.name, paid


def local_shift(
    zone: ZoneInfo,
    agent: str,
    start: str,
    minutes: int,
    breaks: Sequence[tuple[int, int, bool, str]] = (),
    name: str = "day",
    day: str | None = None,
) -> Shift:
    """A shift from a local time such as ``2024-03-30T22:00``, ``minutes`` of elapsed time long."""
    moment = datetime.fromisoformat(start)
    begin = to_minutes(moment.replace(tzinfo=zone))
    belongs = date.fromisoformat(day) if day else moment.date()
    return Shift(agent, day_number(belongs), begin, begin + minutes, tuple(breaks), name)


def rota_of(shifts: Iterable[Shift], extra: Iterable[tuple[object, ...]] = ()) -> Rota:
    rows = [row for shift in shifts for row in shift.rows()] + list(extra)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return Rota.from_frame(frame.astype({"paid": bool}))


def longest_gap(line: Sequence[Shift], start: int, end: int) -> int:
    """The longest stretch of [start, end) that no shift touches."""
    best, free = 0, start
    for shift in sorted(line, key=lambda s: s.start):
        best = max(best, min(shift.start, end) - free)
        free = max(free, min(shift.end, end))
    return max(best, end - free)


def honours(primitive: Primitive, line: Sequence[Shift]) -> bool:
    """Whether one person's shifts of the horizon honour a primitive, taken at its word."""
    line = sorted(line, key=lambda s: s.start)
    match primitive:
        case MinimumRest(minutes):
            return all(b.start - a.end >= minutes for a, b in pairwise(line))
        case BoundedSum(first, last, measure, low, high):
            inside = [s for s in line if first <= s.day <= last]
            values = {"shifts": len(inside), "paid_minutes": sum(s.paid for s in inside)}
            values["worked_minutes"] = sum(s.worked for s in inside)
            return (low is None or values[measure] >= low) and (high is None or values[measure] <= high)
        case BoundedRun(days):
            worked = {s.day for s in line}
            return not any(all(day + k in worked for k in range(days + 1)) for day in worked)
        case GapInWindow(minutes, start, end):
            return longest_gap(line, start, end) >= minutes
        case GapInAnyWindow(minutes, window):
            begins = [s.start - minutes + 0.5 for s in line]  # just too late for the rest before a shift
            doubled = [Shift(s.agent, s.day, 2 * s.start, 2 * s.end) for s in line]
            return all(longest_gap(doubled, int(2 * t), int(2 * (t + window))) >= 2 * minutes for t in begins)
        case ForbiddenTime(start, end):
            return all(s.end <= start or s.start >= end for s in line)
        case ForbiddenDay(day):
            return all(s.day != day for s in line)
        case AllowedShifts(names):
            return all(s.name in names for s in line)
        case ShiftsOfDay(day, name, start):
            return all(s.name == name and start in (None, s.start) for s in line if s.day == day)
        case ShiftLength(measure, high):
            name = {"paid_minutes": "paid", "worked_minutes": "worked"}.get(measure)
            return all((getattr(s, name) if name else s.end - s.start) <= high for s in line)
        case ShiftBreak(after, minutes, part):
            return all(
                s.worked <= after or sum(b[1] for b in s.breaks if b[1] >= part) >= minutes for s in line
            )
        case UnbrokenWork(minutes, part):
            return all(longest_work(s, part) <= minutes for s in line)
        case BoundedShortRests(minutes, least, high):
            rests = [b.start - a.end for a, b in pairwise(line)]
            return all(r >= least for r in rests) and sum(r < minutes for r in rests) <= high
        case BoundedDays(days, high):
            return len({s.day for s in line} & set(days)) <= high
        case FreeDayInExchange(day, among):
            worked = {s.day for s in line}
            return day not in worked or any(other not in worked for other in among)
        case BoundedNights(nights, first, last, high):
            return sum(first <= s.day <= last for s in line if is_night(s, nights)) <= high
        case BoundedNightRun(nights, days, carried):
            return longest_row(line, nights, carried) <= days
        case RestAfterNights(nights, run, minutes, carried, last_end):
            return rested_after_nights(line, nights, run, minutes, (carried, last_end))
    raise AssertionError(primitive)


def longest_work(shift: Shift, part: int) -> int:
    """The longest stretch of a shift between pauses of at least ``part`` minutes."""
    edges = [0]
    for offset, minutes, _, _ in shift.breaks:
        edges += [offset, offset + minutes] if minutes >= part else []
    edges.append(shift.end - shift.start)
    return max(edges[k + 1] - edges[k] for k in range(0, len(edges), 2))


def is_night(shift: Shift, nights: Nights) -> bool:
    """Minute by minute: whether so many minutes of the shift lie inside one window."""
    return _is_night(shift.start, shift.end, nights)


@cache
def _is_night(start: int, end: int, nights: Nights) -> bool:
    span = set(range(start, end))
    return any(len(span & set(range(*window))) >= nights.minutes for window in nights.windows)


def longest_row(line: Sequence[Shift], nights: Nights, carried: int) -> int:
    """Most days in a row with a night shift, days before the first of the nights' windows told by ``carried``."""
    days = {s.day for s in line if is_night(s, nights)}
    first = FIRST_DAY_OF_TESTS.get(nights, min(days, default=0))
    days |= {first - 1 - k for k in range(carried)}
    return max((next(k for k in range(99) if day + k not in days) for day in days), default=0)


FIRST_DAY_OF_TESTS: dict[Nights, int] = {}
"""First day of the horizon that the windows of nights were made for, where work was carried in."""


def rested_after_nights(
    line: Sequence[Shift], nights: Nights, run: int, minutes: int, before: tuple[int, int]
) -> bool:
    """Whether each shift after a row of nights is the next of the row or waits long enough."""
    carried, last_end = before
    first = FIRST_DAY_OF_TESTS.get(nights, 0)
    row, day, end = carried, first - 1, last_end
    for shift in line:
        night = is_night(shift, nights)
        goes_on = night and row > 0 and shift.day == day + 1
        if row >= run and not goes_on and shift.start - end < minutes:
            return False
        if night:
            row = row + 1 if goes_on else 1
            day, end = shift.day, shift.end
        else:
            row = 0
    return True


@pytest.fixture(scope="session", autouse=True)
def little_search() -> None:
    """See `tests.effort`."""
    search_little()


@pytest.fixture(name="honours", scope="session")
def honours_fixture() -> Callable[[Primitive, Sequence[Shift]], bool]:
    return honours


@pytest.fixture(name="rota_of", scope="session")
def rota_of_fixture() -> Callable[..., Rota]:
    return rota_of


@pytest.fixture(name="local_shift", scope="session")
def local_shift_fixture() -> Callable[..., Shift]:
    return local_shift


@pytest.fixture(name="breaches", scope="session")
def breaches_fixture() -> Callable[..., list[tuple[object, ...]]]:
    """(agent, found, limit) of every breach of a rule."""

    def breaches(rule: Rule, rota: Rota, facts: Facts) -> list[tuple[object, ...]]:
        found = [v for v in rule.violations(rota, facts) if v.verdict == "breach"]
        assert all(v.explanation.startswith(v.agent_id) and v.explanation.endswith(".") for v in found)
        return [(v.agent_id, v.found, v.limit) for v in found]

    return breaches


@pytest.fixture(name="not_checked", scope="session")
def not_checked_fixture() -> Callable[..., list[str]]:
    """The sentences of what a rule could not check; never about one person."""

    def not_checked(rule: Rule, rota: Rota, facts: Facts) -> list[str]:
        found = [v for v in rule.violations(rota, facts) if v.verdict == "not_checked"]
        assert all(v.agent_id == "" and v.found is None for v in found)
        return [v.explanation for v in found]

    return not_checked


@pytest.fixture(name="shift_class", scope="session")
def shift_class_fixture() -> type[Shift]:
    """The shifts that lines of work are made of."""
    return Shift


@pytest.fixture(name="first_day_of", scope="session")
def first_day_of_fixture() -> dict[Nights, int]:
    """See `FIRST_DAY_OF_TESTS`."""
    return FIRST_DAY_OF_TESTS
