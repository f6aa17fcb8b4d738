"""What a country's calendar does not know: years whose notice is not out, festivals at estimated dates; and
queues that stay shut on make-up workdays.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from centre.calendar import CalendarRow, country_calendar, rows_for
from centre.calendar_blocks import noticed_years
from centre.calendar_days import special_days
from centre.instants import day_number, day_of
from centre.model import Queue
from centre.opening import weekday_kept

EXCHANGES = ("makeup", "bridged")


def known_until(country: str | None, table: Sequence[CalendarRow] = ()) -> int:
    """Day number of the last day whose days off and make-up workdays are known; later ones are as the law alone
    has them.

    Parameters
    ----------
    country : as for `centre.calendar.public_holidays`; None: the last day that there is
    table : the centre's own rows; a year in which they tell make-up workdays or bridged days is known, if the
        years before it are

    Raises
    ------
    ValueError
        where the country is not known.

    Examples
    --------
    >>> day_of(known_until("DE")).year
    2100
    """
    if country is None:
        return day_number(date.max)
    calendar = country_calendar(country, 2024, 2024)
    noticed = noticed_years(country)
    last = max(noticed, default=int(calendar.end_year))
    told = {day_of(row.day).year for row in rows_for(table, None) if row.day_class in EXCHANGES}
    while last + 1 in told:
        last += 1
    return day_number(date(last, 12, 31))


def calendar_warnings(
    country: str | None, first_day: int, last_day: int, table: Sequence[CalendarRow] = ()
) -> list[str]:
    """Sentences on what is not known of the days from ``first_day`` to ``last_day``: what a report should say
    rather than be silent.

    Examples
    --------
    >>> first = day_number(date(2098, 1, 1))
    >>> calendar_warnings("CN", first, first + 364)[0]
    'the calendar of 2098 is not published yet for CN: make-up workdays unknown; put them in calendar.csv'
    """
    if country is None or last_day < first_day:
        return []
    calendar = country_calendar(country, 2024, 2024)
    years = range(day_of(first_day).year, day_of(last_day).year + 1)
    return [
        *_unpublished(country, years, noticed_years(country), day_of(known_until(country, table)).year),
        *_outside(country, years, calendar),
        *_estimated(country, first_day, last_day, {row.day for row in table}),
    ]


def makeup_days_shut(
    queues: Iterable[Queue],
    country: str | None,
    first_day: int,
    last_day: int,
    table: Sequence[CalendarRow] = (),
) -> list[str]:
    """Sentences on queues that keep to the calendar (they shut on holidays) and yet have no hours on make-up
    workdays: their ``makeup_hours`` say so, or they work on no day from Monday to Friday.
    """
    said = []
    for queue in queues:
        if queue.closed_holidays == "none":
            continue
        told = {row.day for row in rows_for(table, queue.name) if row.opens is not None}
        open_on = {weekday for hours in queue.opening for weekday in hours.days}
        special = special_days(country, first_day, last_day, table, queue.name)
        shut = [
            str(day_of(day))
            for day, it in special.items()
            if it.day_class == "makeup" and weekday_kept(queue, day, True) not in open_on and day not in told
        ]
        if shut:
            words = "is taken as shut on the make-up workdays"
            said.append(
                f"queue {queue.name} {words} {', '.join(shut)}: tell its hours in calendar.csv if it works"
            )
    return said


def _unpublished(country: str, years: range, noticed: list[int], last: int) -> list[str]:
    if not noticed:
        return []
    late = [year for year in years if year > last]
    early = [year for year in years if year < min(noticed)]
    words = "make-up workdays unknown; put them in calendar.csv"
    return [
        *([f"the calendar of {_span(late)} is not published yet for {country}: {words}"] if late else []),
        *([f"the calendar of {_span(early)} is not known for {country}: {words}"] if early else []),
    ]


def _outside(country: str, years: range, calendar: Any) -> list[str]:
    first, last = int(calendar.start_year), int(calendar.end_year)
    out = [year for year in years if not first <= year <= last]
    words = f"holidays of {country} are known from {first} to {last}, not in {_span(out)}: put them in calendar.csv"
    return [words] if out else []


def _estimated(country: str, first_day: int, last_day: int, told: set[int]) -> list[str]:
    calendar = country_calendar(country, day_of(first_day).year, day_of(last_day).year)
    found = [
        f"{name} ({day})"
        for day, name in sorted(calendar.items())
        if "estimated" in name and first_day <= day_number(day) <= last_day and day_number(day) not in told
    ]
    names = ", ".join(item.replace(" (estimated)", "").replace(", estimated)", ")") for item in found)
    return [f"dates that {country} announces late are estimated: {names}"] if found else []


def _span(years: Sequence[int]) -> str:
    return "" if not years else str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
