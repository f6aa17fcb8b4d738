"""Days off in a longer period, fixed or rolling."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from centre.instants import Minutes, day_start, week_of
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, GapInAnyWindow, GapInWindow, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import Carry, carry_in
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.free_time import DayOff, days_off, free_times
from scheduler.rules.shared.terms import at_work
from scheduler.rules.shared.worked import known_bounds, known_work, newcomers


@dataclass(frozen=True)
class DaysOffInPeriod:
    """Each ``period_days`` days hold at least ``days`` days off.

    A day off is ``unbroken_minutes`` without work in a row, so that one rest of 48 hours is two days off of
    24; with ``whole_days`` it is a local day from midnight to midnight instead. Fewer than ``together`` in a
    row count for none. Periods follow one another, counted from the week with 1970-01-01 in it and moved
    on by ``offset_days``; with ``rolling`` any ``period_days`` days in a row are one, and of neighbouring
    periods that lack days off the worst is told. Only what lies inside the period counts, in elapsed time.
    What was lost before the horizon alone is a finding of the rota before.

    A solver is told more than the rule asks (``exact`` is False): the period is cut into equal parts with
    one day off each (or ``together`` of them), as many as it still needs.

    **Source:** Working Time Regulations 1998 reg. 11(2): two rests of 24 hours, or one of 48, in each 14 days in place
    of the weekly one; Labour Standards Act (Japan) art. 35(2): four days off in four weeks, days of the calendar
    by the ministry's reading of 1948, for which work rules name the first day. Both
    articles were read in November 2026, the British one in its Northern Irish twin; the ministry's reading is recalled.
    """

    days: Annotated[int, Gt(0)]
    source: str
    period_days: Annotated[int, Gt(0)] = 28
    rolling: bool = False
    unbroken_minutes: Annotated[int, Gt(0)] = 1440
    whole_days: bool = False
    together: Annotated[int, Gt(0)] = 1
    offset_days: Annotated[int, Ge(0)] = 0
    preset: str = ""
    name: ClassVar[str] = "days-off-in-period"
    words: ClassVar[str] = "A period of so many days holds a minimum of days off."
    example: ClassVar[str] = (
        "With 2 days off in 14: rests of 24 h and of 23 h 59 min, all others shorter, are one day off too few."
    )
    tighter: ClassVar[dict[str, int]] = {"days": 1, "unbroken_minutes": 1, "together": 1}
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and period with too few days off, whatever lies outside the known days."""
        work, off = known_work(rota, facts), self._off(facts)
        first = np.array(self._first_days(facts), dtype=np.int64)
        starts, ends = self._bounds(facts, first)
        people, known = len(work.agent_ids), known_bounds(facts)
        free = free_times(work, off.least)
        found = days_off(free, people, starts, ends, off)
        early = np.flatnonzero(starts < day_start(facts.zone, facts.first_day))
        possible = np.ones_like(found, dtype=bool)
        past = free_times(work, off.least, among=~work.judged)
        possible[:, early] = days_off(past, people, starts[early], ends[early], off) >= self.days
        lacking = found < self.days
        broken = lacking & possible
        for k, column, number in self._told(broken, found):
            yield self._breach(work.agent_ids[k], facts, int(first[column]), int(found[k, column]), number)
        open_start, open_end = starts < known[0], (ends > known[1]) & (not self.rolling)
        partly = np.flatnonzero(open_start | open_end)
        inner = np.maximum(starts[partly], known[0]), np.minimum(ends[partly], known[1])
        doubtful = days_off(free, people, *inner, off) < self.days
        doubtful &= possible[:, partly] & ~broken[:, partly]
        doubtful &= open_end[partly] | ~newcomers(work, facts)[:, None]
        reason = "a period reaches outside the known days, and the known part holds too few days off."
        yield from not_checked(self, facts, int((doubtful.any(axis=1) & at_work(work)).sum()), reason)

    def _off(self, facts: Facts) -> DayOff:
        return DayOff(self.unbroken_minutes, self.whole_days, self.together, facts.zone)

    def _first_days(self, facts: Facts) -> range:
        """First days of the periods that touch the horizon."""
        if self.rolling:
            return range(facts.first_day - self.period_days + 1, facts.end_day)
        origin = week_of(0, facts.week_start) + self.offset_days
        behind = (facts.first_day - origin) % self.period_days
        return range(facts.first_day - behind, facts.end_day, self.period_days)

    def _bounds(self, facts: Facts, first: Minutes) -> tuple[Minutes, Minutes]:
        """UTC minutes at which periods begin and end."""
        bounds = ([day_start(facts.zone, int(day) + k) for day in first] for k in (0, self.period_days))
        starts, ends = (np.array(bound, dtype=np.int64) for bound in bounds)
        return starts, ends

    def _told(self, broken: Flags, found: Minutes) -> Iterator[tuple[int, int, int]]:
        """(person, period, how many neighbouring ones) of what is told; of rolling periods in a row the worst."""
        who, column = np.nonzero(broken)
        if not self.rolling:
            yield from zip(who.tolist(), column.tolist(), [1] * len(who), strict=True)
            return
        new = np.ones(len(who), dtype=bool)
        new[1:] = (who[1:] != who[:-1]) | (column[1:] != column[:-1] + 1)
        heads = np.append(np.flatnonzero(new), len(who))
        for head, tail in zip(heads[:-1].tolist(), heads[1:].tolist(), strict=True):
            worst = head + int(np.argmin(found[who[head], column[head:tail]]))
            yield int(who[head]), int(column[worst]), tail - head

    def _breach(self, agent_id: str, facts: Facts, first: int, found: int, number: int) -> Violation:
        kind = "whole days" if self.whole_days else f"{self.unbroken_minutes} min in a row"
        others = f" ({number - 1} neighbouring period(s) also lack some)" if number > 1 else ""
        least = f", counted from {self.together} together" if self.together > 1 else ""
        words = (
            f"had {found} day(s) off ({kind}{least}) in the {self.period_days} days from {date_of(first)}; "
            f"at least {self.days} are required{others}."
        )
        window = day_start(facts.zone, first), day_start(facts.zone, first + self.period_days)
        return breach(self, agent_id, window, found, self.days, "days", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A gap in each part of a period; with rolling periods, in any span as long as a part."""
        carry, edge = carry_in(person, facts), day_start(facts.zone, facts.first_day)
        gaps: set[Primitive] = set()
        for start, end in zip(*self._bounds(facts, np.array(self._first_days(facts))), strict=True):
            if not self.rolling or start < edge:
                gaps.update(self._parts(carry, facts, (int(start), int(end))))
        yield from sorted((gap for gap in gaps if not _implied(gap, gaps)), key=repr)
        if self.rolling:
            parts = -(-self.days // self.together)
            part_minutes = (self.period_days * 1440 - 60) // parts
            yield GapInAnyWindow(self._off(facts).surely(self.together), part_minutes)

    def _parts(self, carry: Carry, facts: Facts, window: tuple[int, int]) -> Iterator[Primitive]:
        """What one period still needs after the work before; nothing where it has all or can have it no more."""
        off, edge = self._off(facts), day_start(facts.zone, facts.first_day)
        start, had = _free_from(carry, window, off)
        left, end = self.days - had, window[1]
        if left <= 0 or int(off.count(np.array([start]), np.array([end]))[0]) < left:
            return
        parts, minutes = -(-left // self.together), off.surely(self.together)
        if (end - start) // parts < minutes:
            yield ForbiddenTime(max(start, edge), end)
            return
        cuts = [start + k * (end - start) // parts for k in range(parts + 1)]
        for begin, until in pairwise(cuts):
            if min(until, edge) - begin < minutes:
                yield GapInWindow(minutes, begin, until)


def _free_from(carry: Carry, window: tuple[int, int], off: DayOff) -> tuple[int, int]:
    """When the last work before the horizon ended inside the window, and the days off had before it."""
    start, end = window
    if carry.last_end is None or carry.last_end <= start:
        return start, 0
    ended, began = carry.gaps()
    begin = np.maximum(np.append(start, ended), start)
    until = np.minimum(np.append(int(carry.start[0]), began), end)
    inside = until > begin
    return min(carry.last_end, end), int(off.count(begin[inside], until[inside]).sum())


def _implied(gap: Primitive, gaps: set[Primitive]) -> bool:
    """Whether another gap of the set, in a window inside its own, says more."""
    match gap:
        case GapInWindow(minutes, start, end):
            inside = (g for g in gaps if isinstance(g, GapInWindow) and g != gap and g.minutes >= minutes)
            return any(start <= g.start and g.end <= end for g in inside)
        case _:
            return False
