"""Demands, times and limits in words."""

from collections.abc import Iterable, Sequence
from typing import assert_never
from zoneinfo import ZoneInfo

from centre.instants import Grid, day_number, day_of, day_start, from_minutes
from scheduler.problem import RotaProblem
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
from scheduler.solve.explain_demands import Demand

Cell = tuple[int, int]
DAY = "Sat 2026-03-07"
SHOWN = 6
MEASURES = {"paid_minutes": "paid", "worked_minutes": "of work", "elapsed_minutes": "from start to end"}


def hours(minutes: int) -> str:
    """Minutes as hours and minutes.

    Examples
    --------
    >>> hours(660), hours(645), hours(30), hours(0)
    ('11 h', '10 h 45 min', '30 min', '0 h')
    """
    whole, rest = divmod(minutes, 60)
    return " ".join(([f"{whole} h"] if whole or not rest else []) + ([f"{rest} min"] if rest else []))


def day_words(day: int) -> str:
    """A day number as a date with its weekday."""
    return f"{day_of(day):%a %Y-%m-%d}"


def days_words(first: int, last: int) -> str:
    """Days from first to last, both counted."""
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"


def span_words(start: int, end: int, zone: ZoneInfo) -> str:
    """A span of UTC minutes in local time; midnight at the end is 24:00, and a night on which clocks change is said to be one."""
    begins, ends = from_minutes(start, zone), from_minutes(end, zone)
    last = from_minutes(end - 1, zone)
    told = "24:00" if (ends.hour, ends.minute) == (0, 0) else f"{ends:%H:%M}"
    day = (
        ""
        if last.date() == begins.date()
        else f"{last:%a %Y-%m-%d} "
        if told == "24:00"
        else f"{ends:%a %Y-%m-%d} "
    )
    change = " (clocks change)" if begins.utcoffset() != ends.utcoffset() else ""
    return f"{begins:%a %Y-%m-%d %H:%M}–{day}{told}{change}"


def people_words(agents: Sequence[str], shown: int = SHOWN) -> str:
    """The first of some people, and how many more."""
    names = list(agents[:shown])
    if len(agents) > shown:
        return f"{', '.join(names)} and {len(agents) - shown} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def demand_words(demand: Demand, grid: Grid) -> str:
    """A rule and what it asks, with what stems from work before the horizon said to."""
    first = demand.primitives[0]
    carried = False
    match first:
        case ForbiddenTime(start):
            carried = start <= grid.start and ("rest" in demand.rule or demand.rule == "overlap")
        case BoundedSum(first_day, last_day, _, _, high):
            carried = high is not None and first_day == grid.first_day and last_day - first_day not in (0, 6)
        case _:
            pass
    note = ", work before counted in" if carried else ""
    return f"{demand.rule} ({asks(demand.primitives, grid.zone)}{note})"


def listed(words: Iterable[str]) -> str:
    """Words in a row with a last "and"."""
    told = list(words)
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def asks(primitives: Sequence[Primitive], zone: ZoneInfo) -> str:
    """What a demand asks, to follow the name of its rule: "at least 11 h from shift to shift"."""
    match primitives[0]:
        case ForbiddenDay(first):
            return f"no work on {days_words(first, max(p.day for p in primitives if isinstance(p, ForbiddenDay)))}"
        case ForbiddenTime(start):
            return f"no work {forbidden_words(start, max(p.end for p in primitives if isinstance(p, ForbiddenTime)), zone)}"
        case primitive:
            return _asks(primitive, zone)


def forbidden_words(start: int, end: int, zone: ZoneInfo) -> str:
    """A time without work: whole days as days."""
    first, last = (from_minutes(minutes, zone).date() for minutes in (start, end - 1))
    numbers = [(day - day_of(0)).days for day in (first, last)]
    if (day_start(zone, numbers[0]), day_start(zone, numbers[1] + 1)) == (start, end):
        return f"on {days_words(*numbers)}"
    return f"in {span_words(start, end, zone)}"


def _asks(primitive: Primitive, zone: ZoneInfo) -> str:
    """What one primitive asks."""
    match primitive:
        case MinimumRest(minutes):
            return f"at least {hours(minutes)} between shifts" if minutes else "no two shifts at once"
        case BoundedSum(first, last, measure, low, high):
            span = days_words(first, last)
            bounds = [
                f"{word} {amount(measure, v)}"
                for word, v in (("at least", low), ("at most", high))
                if v is not None
            ]
            return f"{' and '.join(bounds)} in {span}"
        case BoundedRun(days):
            return f"at most {count(days, 'day')} in a row"
        case GapInWindow(minutes, start, end):
            return f"{hours(minutes)} free in a row within {span_words(start, end, zone)}"
        case GapInAnyWindow(minutes, window):
            return f"{hours(minutes)} free in a row in any {hours(window)}"
        case AllowedShifts(names):
            return f"only the shifts {', '.join(sorted(names))}" if names else "no shift at all"
        case ShiftsOfDay(day, name, start):
            since = "" if start is None else f" from {from_minutes(start, zone):%H:%M}"
            return f"only the shift {name}{since} on {day_words(day)}"
        case ShiftLength(measure, high):
            return f"shifts of at most {hours(high)} {MEASURES[measure]}"
        case ShiftBreak(after, minutes, part):
            parts = f" in parts of {part} min or more" if part else ""
            return f"{minutes} min of breaks{parts} in shifts of over {hours(after)} of work"
        case UnbrokenWork(minutes):
            return f"at most {hours(minutes)} of work without a break"
        case BoundedShortRests(minutes, least, high):
            return (
                f"at least {hours(least)} between shifts, and less than {hours(minutes)} at most {high} times"
            )
        case ForbiddenDay() | ForbiddenTime():
            return asks([primitive], zone)
        case _:
            return _asks_of_days(primitive)


def _asks_of_days(
    primitive: BoundedDays | FreeDayInExchange | BoundedNights | BoundedNightRun | RestAfterNights,
) -> str:
    """What a primitive that counts days or nights asks."""
    match primitive:
        case BoundedDays(days, high):
            return f"at most {high} of the days {listed(map(day_words, days))}"
        case FreeDayInExchange(day, among):
            return f"for work on {day_words(day)} one of {listed(map(day_words, among))} free"
        case BoundedNights(_, first, last, high):
            return f"at most {count(high, 'night shift')} in {days_words(first, last)}"
        case BoundedNightRun(_, days, carried):
            return f"night shifts on at most {count(days, 'day')} in a row{_before(carried)}"
        case RestAfterNights(_, run, minutes, carried):
            return f"{hours(minutes)} free after {count(run, 'night shift')} in a row{_before(carried)}"
        case _:
            assert_never(primitive)


def _before(carried: int) -> str:
    return f" ({carried} worked before)" if carried else ""


def amount(measure: str, value: int) -> str:
    """A sum with its unit."""
    return count(value, "shift") if measure == "shifts" else f"{hours(value)} {MEASURES[measure]}"


def count(number: float, what: str, several: str = "") -> str:
    """A number of things."""
    return f"{number:g} {what}" if number == 1 else f"{number:g} {several or what + 's'}"


def runs(problem: RotaProblem, cells: Iterable[Cell]) -> list[list[Cell]]:
    """Cells of a queue that follow one another and have the same minimum, by queue and time."""
    found: list[list[Cell]] = []
    for queue, t in sorted(set(cells)):
        before = (queue, t - 1)
        if found and found[-1][-1] == before and problem.minimum[before] == problem.minimum[queue, t]:
            found[-1].append((queue, t))
        else:
            found.append([(queue, t)])
    return found


def cells_words(problem: RotaProblem, cells: Iterable[Cell]) -> str:
    """Queues with the spans of time that cells of theirs make up, the same times of days in a row said once."""
    grid = problem.grid
    by_queue: dict[int, list[tuple[int, int]]] = {}
    for run in runs(problem, cells):
        start, end = (grid.start + t * grid.interval_minutes for t in (run[0][1], run[-1][1] + 1))
        mine = by_queue.setdefault(run[0][0], [])
        if mine and mine[-1][1] == start:
            start = mine.pop()[0]
        mine.append((start, end))
    told = []
    for queue, mine in by_queue.items():
        words = _days_in_a_row(mine, grid.zone)
        more = f" and {len(words) - SHOWN} more times" if len(words) > SHOWN else ""
        told.append(f"{problem.queues[queue]} {', '.join(words[:SHOWN])}{more}")
    return "; ".join(told)


def _days_in_a_row(spans: Sequence[tuple[int, int]], zone: ZoneInfo) -> list[str]:
    """Spans in words, those of the same times on days that follow one another as one."""
    groups: list[tuple[str, int, int]] = []
    for start, end in spans:
        day, clock = day_number(from_minutes(start, zone).date()), span_words(start, end, zone)[len(DAY) :]
        if groups and groups[-1][0] == clock and groups[-1][2] == day - 1:
            groups[-1] = (clock, groups[-1][1], day)
        else:
            groups.append((clock, day, day))
    return [f"{days_words(first, last)}{clock}" for clock, first, last in groups]
