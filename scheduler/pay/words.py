"""Sentences of pay: the figures behind a rate, and what could not be checked."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from centre.instants import Minutes, day_of
from scheduler.pay.paid_time import PaidTime
from scheduler.rota import Flags
from scheduler.rules.facts import Facts
from scheduler.rules.shared.findings import date_of

NO_CALENDAR = (
    "No calendar is known: whether a day is a public holiday was not checked, and none is paid as one."
)


def over(total: int, limit: int, what: str) -> str:
    """Figures of a sum beyond its limit.

    Examples
    --------
    >>> over(2460, 2400, "the week from 2026-03-02")
    '2,460 paid min counted in the week from 2026-03-02; 60 beyond 2,400'
    """
    return f"{total:,} paid min counted in {what}; {total - limit:,} beyond {limit:,}"


@lru_cache(maxsize=4096)
def day_words(day: int) -> str:
    """``the day 2026-03-02``."""
    return f"the day {date_of(int(day))}"


@lru_cache(maxsize=4096)
def week_words(week: int) -> str:
    """``the week from 2026-03-02``."""
    return f"the week from {date_of(int(week))}"


def month_of(days: Minutes) -> Minutes:
    """Months since 1970-01 of day numbers, shape of ``days``."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def month_start(month: int) -> int:
    """Day number of the first day of a month since 1970-01."""
    return int(np.datetime64(int(month), "M").astype("datetime64[D]").astype(np.int64))


def month_words(month: int) -> str:
    """``the month 2026-03``."""
    return f"the month {day_of(month_start(month)):%Y-%m}"


def people_words(count: int) -> str:
    """``1 person`` or ``3 people``."""
    return f"{count} {'person' if count == 1 else 'people'}"


def unknown_before(
    time: PaidTime, facts: Facts, since: int, what: str, among: Flags | None = None
) -> Iterator[str]:
    """That sums which began on day ``since`` are known only in part, for the people concerned.

    ``among`` marks the stretches that the sums hold; people employed only later have nothing unknown.
    """
    known = known_since(time, facts)
    if since >= known:
        return
    people = facts.people or {}
    inside = time.judged & time.work if among is None else time.judged & time.work & among
    codes = np.unique(time.agent[inside])
    starts = [people[time.agent_ids[k]].starts_on if time.agent_ids[k] in people else None for k in codes]
    count = sum(start is None or start < known for start in starts)
    if count:
        yield (
            f"Not checked for {people_words(count)}: what was worked from {date_of(since)} to {date_of(known - 1)} is "
            f"not known, so {what} may be more than is told here."
        )


def known_since(time: PaidTime, facts: Facts) -> int:
    """The first day whose work is known: of the earliest paid time told, or the horizon's first."""
    return min(facts.first_day, int(time.day.min())) if len(time) else facts.first_day


def unknown_week(time: PaidTime, facts: Facts, what: str = "overtime") -> Iterator[str]:
    """`unknown_before` for the week in which the horizon begins."""
    for week in facts.weeks()[:1]:
        yield from unknown_before(time, facts, week, f"{what} of that week", time.day < week + 7)
