"""Primitives on rests, gaps and nights, written on the booleans of one person's line."""

from collections.abc import Iterator
from itertools import combinations

from scheduler.rules.primitives import BoundedShortRests, GapInAnyWindow, GapInWindow, Nights, RestAfterNights
from scheduler.solve.exact_line import Bool, Line, Sum, crowds, total


def minimum_rest(line: Line, minutes: int) -> None:
    """No two shifts of different days less than ``minutes`` apart; shifts that do not follow one another are farther apart still."""
    for _, _, crowd in _crowded(line, minutes):
        line.model.add_at_most_one(line.works[k] for k in crowd)


def _crowded(line: Line, minutes: int) -> Iterator[tuple[int, int, list[int]]]:
    """Two days, and shifts of theirs any two of which lie less than ``minutes`` apart (see `crowds`)."""
    for day, later in combinations(sorted(line.by_day), 2):
        for crowd in crowds(line, line.by_day[day], line.by_day[later], minutes):
            yield day, later, crowd


def short_rests(line: Line, rule: BoundedShortRests) -> None:
    """A day whose shift comes less than ``minutes`` after another uses up a short rest."""
    minimum_rest(line, rule.least_minutes)
    short: dict[int, Bool] = {}
    for _, later, crowd in _crowded(line, rule.minutes):
        if later not in short:
            short[later] = line.model.new_bool_var("")
        line.model.add(line.sum_of(crowd) <= 1 + short[later])
    line.model.add(total(short.values()) <= rule.high)


def window_holds_a_gap(line: Line, rule: GapInWindow) -> None:
    """One of the gaps that begin with the window or with the end of a shift is free of work."""
    begins = {rule.start, *(max(rule.start, line.shifts[k].end) for k in line.works)}
    gaps = []
    for begin in sorted(b for b in begins if b + rule.minutes <= rule.end):
        gaps.append(line.model.new_bool_var(""))
        for numbers in line.by_day.values():
            touching = [
                k
                for k in numbers
                if line.shifts[k].start < begin + rule.minutes and line.shifts[k].end > begin
            ]
            if touching:
                line.model.add_at_most_one(gaps[-1], *(line.works[k] for k in touching))
    line.model.add_bool_or(gaps)


def any_window_holds_a_gap(line: Line, rule: GapInAnyWindow) -> None:
    """Work with no gap of ``minutes`` in it lasts at most the window less two such gaps.

    For the window that begins just too late for the whole gap before that work, and ends just too soon for the one after it, holds
    no gap. ``since`` is when such work began: no later than the shift of the day, and carried on from a shift that is too near.
    """
    longest = rule.window_minutes - 2 * rule.minutes
    if not line.works:
        return
    origin = min(line.shifts[k].start for k in line.works)
    latest = max(line.shifts[k].start for k in line.works) - origin
    since: dict[int, Bool] = {}
    for day, numbers in line.by_day.items():
        since[day] = line.model.new_int_var(0, latest, "")
        for k in numbers:
            shift, works = line.shifts[k], line.works[k]
            line.model.add(since[day] <= shift.start - origin).only_enforce_if(works)
            line.model.add(since[day] >= shift.end - origin - longest).only_enforce_if(works)
    near: dict[tuple[int, int], Bool] = {}
    for day, later, crowd in _crowded(line, rule.minutes):
        if (day, later) not in near:
            near[day, later] = line.model.new_bool_var("")
            line.model.add(since[later] <= since[day]).only_enforce_if(near[day, later])
        line.model.add(line.sum_of(crowd) <= 1 + near[day, later])


def night_sum(line: Line, nights: Nights, day: int) -> Sum:
    """Whether the shift of a day is a night shift."""
    return line.sum_of(_nights_of(line, nights, day))


def _nights_of(line: Line, nights: Nights, day: int) -> list[int]:
    """Night shifts that the person may work on a day, by number."""
    return [k for k in line.on_day(day) if nights.holds(line.shifts[k].start, line.shifts[k].end)]


def rest_after_nights(line: Line, rule: RestAfterNights) -> None:
    """After a row that is long enough, what is not its next night keeps away from its last one."""
    for day in line.days:
        nights, row = _nights_of(line, rule.nights, day), _is_row(line, rule, day)
        if row is None:
            continue
        for later in (d for d in line.by_day if d > day):
            goes_on, others = _goes_on(line, rule, day, later)
            for crowd in crowds(line, nights, others, rule.minutes):
                line.model.add(line.sum_of(crowd) + row <= 2 + goes_on)
    if rule.carried >= rule.run:
        for later in line.by_day:
            goes_on, others = _goes_on(line, rule, line.days[0] - 1, later)
            soon = [k for k in others if line.shifts[k].start < rule.last_end + rule.minutes]
            line.model.add(line.sum_of(soon) <= goes_on)


def _goes_on(line: Line, rule: RestAfterNights, day: int, later: int) -> tuple[Sum, list[int]]:
    """What lets the shifts of a later day off waiting for the night of ``day``, and which of them it may have to let off."""
    numbers = line.on_day(later)
    if later == day + 1:
        nights = _nights_of(line, rule.nights, later)
        return total(()), [k for k in numbers if k not in nights]
    return night_sum(line, rule.nights, day + 1), numbers


def _is_row(line: Line, rule: RestAfterNights, day: int) -> Bool | None:
    """A boolean that is true where nights on ``run`` days in a row end with ``day``, None where they cannot."""
    row = range(day - rule.run + 1, day + 1)
    inside = [d for d in row if d in line.days]
    if line.days[0] - row[0] > rule.carried:
        return None
    held = line.model.new_bool_var("")
    line.model.add(total(night_sum(line, rule.nights, d) for d in inside) <= len(inside) - 1 + held)
    return held
