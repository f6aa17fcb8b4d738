"""Public holidays of the centre's country, and the rows of ``calendar.csv`` that override them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import holidays

from centre.instants import day_number, day_of, weekday_of

DayClass = Literal["statutory", "rest", "bridged", "makeup", "half_day", "closed"]
"""What kind of special day it is.

statutory : the legal holiday itself (in China what is paid 300 %); elsewhere any public holiday
rest : a weekend day inside a holiday block, a substitute ("observed") day off, a holiday that was extended
bridged : an ordinary weekday made a day off in exchange for a make-up workday
makeup : a weekend day that is worked in exchange
half_day : half a day off, by public custom or the company's choice
closed : the company is closed
"""
NO_HOLIDAY = ("makeup", "workday")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One row of ``calendar.csv``: what a day is in this centre, whatever the country's calendar says.

    Parameters
    ----------
    day : day number (`centre.instants.day_number`)
    day_class : ``workday``: an ordinary day after all; empty: the day's class stays, only its hours change
    festival : whose holiday it belongs to; empty: as the calendar has it, else ``name``
    queues : the queues it holds for; empty: all
    opens, closes : hours of that day, minutes after local midnight; None: the usual ones
    row : line of the file, 0 where there is none
    """

    day: int
    name: str
    day_class: DayClass | Literal["workday", ""] = "statutory"
    festival: str = ""
    queues: tuple[str, ...] = ()
    opens: int | None = None
    closes: int | None = None
    row: int = 0


def rows_for(table: Sequence[CalendarRow], queue: str | None) -> list[CalendarRow]:
    """The rows that hold for this queue, those of all queues first; None: only those of all queues."""
    return sorted((row for row in table if not row.queues or queue in row.queues), key=_is_narrow)


def _is_narrow(row: CalendarRow) -> bool:
    return bool(row.queues)


def public_holidays(
    country: str | None, first_day: int, last_day: int, table: Sequence[CalendarRow] = ()
) -> dict[int, str]:
    """Public holidays from ``first_day`` to ``last_day``, both counted, as day number -> name; observed days
    count, make-up workdays and half days do not.

    Parameters
    ----------
    country : ISO 3166 code such as ``CN``, with a part after a hyphen where one is meant (``US-CA``); None:
        no holidays
    first_day, last_day : day numbers (`centre.instants.day_number`)
    table : the centre's own rows: a day off of theirs is one, a workday of theirs is none

    Raises
    ------
    ValueError
        where the country is not known.

    **Source:** the ``holidays`` package.

    Examples
    --------
    >>> from datetime import date
    >>> list(public_holidays("US", day_number(date(2003, 7, 1)), day_number(date(2003, 7, 31))).values())
    ['Independence Day']
    """
    numbered: dict[int, str] = {}
    if country is not None and first_day <= last_day:
        found = country_calendar(country, day_of(first_day).year, day_of(last_day).year)
        numbered = {day_number(day): name for day, name in found.items()}
    for row in rows_for(table, None):
        if row.day_class in NO_HOLIDAY:
            numbered.pop(row.day, None)
        elif row.day_class in ("statutory", "bridged") or (
            row.day_class == "rest" and not is_weekend(country, row.day)
        ):
            numbered[row.day] = row.name
    return {day: name for day, name in sorted(numbered.items()) if first_day <= day <= last_day}


@lru_cache(maxsize=64)
def country_calendar(
    country: str, first_year: int, last_year: int, category: str = "public"
) -> holidays.HolidayBase:
    """The package's calendar of a country for these years, with English names where it has them: never in
    the language of the machine. ``category`` is one that the package has for the country; callers change
    nothing in what they get.

    Raises
    ------
    ValueError
        where the country is not known.
    """
    code, _, part = country.partition("-")
    parts = holidays.list_supported_countries().get(code)
    if parts is None or (part and part not in parts):
        raise ValueError("a country code such as CN, US or DE")
    kind = getattr(holidays, code)
    language = "en_US" if "en_US" in kind.supported_languages else kind.default_language
    found: holidays.HolidayBase = holidays.country_holidays(
        code,
        subdiv=part or None,
        years=range(first_year, last_year + 1),
        language=language,
        categories=(category,),
        expand=False,
    )
    return found


def is_weekend(country: str | None, day: int) -> bool:
    """Whether a day number is one of the country's weekly days of rest: Saturday and Sunday where none is told."""
    if country is None:
        return weekday_of(day) > 4
    year = day_of(day).year
    return bool(country_calendar(country, year, year).is_weekend(day_of(day)))


def is_holiday_named(name: str, wanted: str) -> bool:
    """Whether the holiday ``name`` is the ``wanted`` one: the whole of it, one of several on a day, or the
    part before a bracket.

    Examples
    --------
    >>> is_holiday_named("Labor Day (observed)", "Labor Day")
    True
    """
    return any(wanted in (part, part.partition(" (")[0]) for part in name.split("; "))
