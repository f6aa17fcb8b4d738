"""Reference periods: calendar weeks, blocks of weeks, months, quarters, half years, years."""

from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np

from centre.instants import Minutes, day_number, day_of, week_of
from scheduler.rules.facts import Facts
from scheduler.rules.shared.worked import weeks_of

Period = Literal["week", "two_weeks", "four_weeks", "month", "quarter", "half_year", "year"]
WEEKS = {"week": 1, "two_weeks": 2, "four_weeks": 4}
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def period_numbers(days: Minutes, period: Period, week_start: int) -> Minutes:
    """Number of the period that each day lies in, counted from that of 1970-01-01; shape of ``days``.

    Blocks of weeks are counted from the week with 1970-01-01 in it, so that they are the same in every rota.
    """
    if period in WEEKS:
        weeks = (weeks_of(days, week_start) - week_of(0, week_start)) // 7
        return np.asarray(weeks // WEEKS[period], dtype=np.int64)
    months = np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months // MONTHS[period], dtype=np.int64)


def first_day_of(number: int, period: Period, week_start: int) -> int:
    """Day number on which the period of that number begins."""
    if period in WEEKS:
        return week_of(0, week_start) + 7 * WEEKS[period] * number
    return int(np.datetime64(number * MONTHS[period], "M").astype("datetime64[D]").astype(np.int64))


def periods_of(facts: Facts, period: Period) -> list[tuple[int, int]]:
    """First and last day of each period that touches the horizon, both counted."""
    ends = np.array([facts.first_day, facts.end_day - 1], dtype=np.int64)
    first, last = period_numbers(ends, period, facts.week_start).tolist()
    starts = [first_day_of(number, period, facts.week_start) for number in range(first, last + 2)]
    return [(begin, following - 1) for begin, following in pairwise(starts)]


def period_name(first_day: int, period: Period) -> str:
    """The period begun on a day as the ledger names it: 2026-03, 2026-Q1, 2026-H1, 2026; a week by its first day.

    Examples
    --------
    >>> from datetime import date
    >>> from centre.instants import day_number
    >>> [period_name(day_number(date(2026, 7, 1)), kind) for kind in ("month", "quarter", "half_year")]
    ['2026-07', '2026-Q3', '2026-H2']
    """
    day = day_of(first_day)
    match period:
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "half_year":
            return f"{day.year}-H{1 if day.month < 7 else 2}"
        case "year":
            return f"{day.year}"
        case _:
            return day.isoformat()


def first_day_named(name: str, period: Period) -> int:
    """Day number on which the period of that name begins, as `period_name` names it.

    Raises
    ------
    ValueError
        where no such period has that name.

    Examples
    --------
    >>> from datetime import date
    >>> first_day_named("2026-Q3", "quarter") == day_number(date(2026, 7, 1))
    True
    """
    match period:
        case "month":
            begin = date.fromisoformat(f"{name}-01")
        case "quarter" | "half_year":
            year, _, part = name.partition("Q" if period == "quarter" else "H")
            begin = date(int(year.rstrip("-")), (int(part) - 1) * MONTHS[period] + 1, 1)
        case "year":
            begin = date(int(name), 1, 1)
        case _:
            begin = date.fromisoformat(name)
    if period_name(day_number(begin), period) != name:
        raise ValueError(f"a {period} such as {period_name(0, period)}")
    return day_number(begin)
