"""What a solver may know of pay: premiums that a shift brings by itself, and weekly overtime; never more than is due.

A solver's price is a lower bound of what the law makes of the finished rota: what depends on a whole line of work and is no
weekly sum (the seventh day, the sixth day of a five-day contract, 60 hours of overtime a month, missed rests) is left to
the recount, so that the proven bound stays one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np

from scheduler.pay.cn_labour import ChinaPay
from scheduler.pay.law import Asked, PayLaw
from scheduler.pay.paid_time import paid_time
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.shared.carry import carry_in
from scheduler.shifts import CandidateShift, break_starts

MOST_PLACES = 400
"""Ways in which a shift's unpaid breaks may lie; beyond them its premium is left to the recount."""
MISSED_MEAL = "missed_meal"
Row = tuple[int, int, int, str, bool]


@dataclass(frozen=True, eq=False)
class PayTerms:
    """The pay law in force, and the facts that it counts by."""

    law: PayLaw
    facts: Facts


@dataclass(frozen=True, slots=True)
class WeekPrice:
    """Paid minutes beyond ``threshold`` in the week from ``week`` on cost ``extra`` of the usual rate more.

    ``day_minutes``: of one shift at most so many count; None: all. ``left_out``: days whose shifts do not count.
    """

    week: int
    threshold: int
    extra: float
    day_minutes: int | None
    left_out: tuple[int, ...]


def shift_premiums(terms: PayTerms, shifts: Sequence[CandidateShift], zone: ZoneInfo) -> tuple[float, ...]:
    """Minutes at the usual rate that each shift costs beyond its paid minutes, wherever its breaks lie; by shift.

    Each shift is paid by the law as the only one of a person of that clock, in every way that its unpaid breaks may lie;
    the cheapest counts.
    """
    places = [list(_places(shift)) for shift in shifts]
    owner = np.repeat(np.arange(len(shifts)), [len(ways) for ways in places])
    rows = [row for ways in places for row in ways]
    if not rows:
        return (0.0,) * len(shifts)
    facts = replace(terms.facts, zone=zone, people=None, before=None)
    rota = _alone(rows, len(owner))
    rated = terms.law.rated(paid_time(rota, facts), Asked(rota, facts, frozenset()))
    extra = np.bincount(
        rated.time.agent, weights=(rated.multiplier - 1) * rated.time.minutes, minlength=len(owner)
    )
    for added in rated.added:
        if added.pay_class == MISSED_MEAL:
            extra[int(added.agent_id)] += added.minutes
    cheapest = np.full(len(shifts), np.inf)
    np.minimum.at(cheapest, owner, extra)
    return tuple(np.where(np.isfinite(cheapest), np.round(cheapest, 6), 0.0).tolist())


def week_prices(terms: PayTerms, person: Person) -> Iterator[WeekPrice]:
    """Weekly overtime of a person, what was worked before the horizon taken from the threshold."""
    law, facts, contract = terms.law, terms.facts, person.contract
    steps = law.weekly(contract)
    most = contract.weekly_minutes_max + contract.overtime.weekly_minutes if contract else None
    steps = tuple(step for step in steps if step.extra > 0 and (most is None or most > step.minutes))
    if not steps:
        return
    apart, carry = _apart(terms), carry_in(person, facts)
    for week in facts.weeks():
        days = range(week, week + 7)
        before = [k for k in range(len(carry)) if carry.day[k] in days and carry.day[k] not in apart]
        past = sum(min(int(carry.paid[k]), law.daily_minutes or 1440) for k in before)
        out = tuple(day for day in days if day in apart)
        for step in steps:
            yield WeekPrice(week, max(0, step.minutes - past), step.extra, law.daily_minutes, out)


def _apart(terms: PayTerms) -> frozenset[int]:
    """Days whose shifts the law may count elsewhere: on a holiday or a day off, or partly in the week after."""
    law, facts = terms.law, terms.facts
    statutory = {day for day, kind in (facts.special_days or {}).items() if kind == "statutory"}
    apart = set[int]()
    if law.holidays_apart:
        apart |= statutory | {day - 1 for day in statutory}
    if isinstance(law, ChinaPay):
        weeks = facts.weeks()
        apart |= law.off_and_made_up(facts, range(weeks[0], weeks[-1] + 7))
    if law.weeks_by_minute:
        apart |= {week + 6 for week in (facts.weeks()[0] - 7, *facts.weeks())}
    return frozenset(apart)


def _places(shift: CandidateShift) -> Iterator[list[Row]]:
    """The rows of the shift for every way in which its unpaid breaks may lie, paid ones as early as they may."""
    pauses = shift.template.breaks
    ways = [
        list(break_starts(shift, k)) if not pause.paid else [break_starts(shift, k).start]
        for k, pause in enumerate(pauses)
    ]
    count = int(np.prod([len(way) for way in ways])) if ways else 1
    if count > MOST_PLACES:
        return
    for starts in product(*ways):
        rows: list[Row] = []
        at = shift.start
        for start, pause in sorted(zip(starts, pauses, strict=True), key=lambda pair: pair[0]):
            rows.append((at, start, shift.day, "work:*", True))
            rows.append((start, start + pause.minutes, shift.day, pause.kind, pause.paid))
            at = start + pause.minutes
        rows.append((at, shift.end, shift.day, "work:*", True))
        yield [row for row in rows if row[1] > row[0]]


def _alone(ways: Sequence[Sequence[Row]], count: int) -> Rota:
    """A rota in which every way is worked by a person of its own, whose id is its number."""
    kinds = ("break", "meal", "split", "work:*")
    flat = [(k, *row) for k, rows in enumerate(ways) for row in rows]
    digits = len(str(len(ways)))
    columns = [np.array([row[k] for row in flat], dtype=np.int64) for k in (0, 1, 2, 3)]
    return Rota(
        tuple(f"{k:0{digits}d}" for k in range(count)), ("",), kinds,
        columns[0].astype(np.int32), columns[3], columns[1], columns[2],
        np.array([kinds.index(row[4]) for row in flat], dtype=np.int32), np.zeros(len(flat), dtype=np.int32),
        np.array([row[5] for row in flat], dtype=bool),
    )  # fmt: skip
